#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole-server benchmarks: our CSE beside a yardstick on the same core, the load on the other one.

Every figure is a ratio taken in one run: nginx with a fixed answer of the same size for RETRIEVE, a bare SQLite
loop for durable CREATE, our own smaller store for growth. Figures are medians of interleaved rounds."""
import argparse
import http.client
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER_CORE, LOAD_CORE = "0", "1"
ORIGINATOR = "Cbench"
HEADERS = {"X-M2M-Origin": ORIGINATOR, "X-M2M-RI": "1", "X-M2M-RVI": "3"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def say(text):
    print(text, flush=True)


class Server:
    """antipolisd on one core, with a store that outlives it."""

    def __init__(self, build, store, core=SERVER_CORE):
        self.program = pathlib.Path(build) / "src/app/antipolisd"
        self.store, self.core = store, core
        self.process = None

    def start(self):
        self.port = free_port()
        begun = time.monotonic()
        self.process = subprocess.Popen(
            ["taskset", "-c", self.core, str(self.program), "--config", str(ROOT / "examples/config/conformance.yaml"),
             "--store", str(self.store), "--set", f"listeners.0.address=127.0.0.1:{self.port}",
             "--set", "log.level=warn"], stderr=subprocess.PIPE)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                break
            except OSError:
                if self.process.poll() is not None:
                    sys.exit("antipolisd did not start: " + self.process.stderr.read().decode())
                time.sleep(0.002)
        self.start_seconds = time.monotonic() - begun
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        return self

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def resident_mib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024

    def request(self, method, path, body=None, ty=None):
        headers = dict(HEADERS)
        if body is not None:
            headers["Content-Type"] = "application/json" + (f";ty={ty}" if ty else "")
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = self.connection.getresponse()
        data = response.read()
        code = int(response.getheader("X-M2M-RSC", "0"))
        if code >= 4000 or code == 0:
            sys.exit(f"{method} {path}: {code} {data[:300]!r}")
        return data


class Nginx:
    """One worker, a fixed answer, no access log."""

    def __init__(self, body, directory):
        self.port = free_port()
        answer = pathlib.Path(directory) / "answer"
        answer.mkdir()
        (answer / "fixed").write_bytes(body)
        text = f"""
worker_processes 1; daemon off; pid {directory}/nginx.pid; error_log /dev/null;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000; default_type application/json;
  client_body_temp_path {directory}/b; proxy_temp_path {directory}/p; fastcgi_temp_path {directory}/f;
  uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
  server {{
    listen 127.0.0.1:{self.port};
    location / {{ add_header X-M2M-RSC 2000; add_header X-M2M-RI 1; add_header X-M2M-RVI 3;
                  return 200 '{body.decode().replace("'", "")}'; }}
  }}
}}"""
        configuration = pathlib.Path(directory) / "nginx.conf"
        configuration.write_text(text)
        self.process = subprocess.Popen(["taskset", "-c", SERVER_CORE, "nginx", "-c", str(configuration), "-e", "/dev/null"],
                                        stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.01)
        sys.exit("nginx did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def wrk(url, seconds, connections=64, script=None):
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    for name, value in HEADERS.items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    out = subprocess.run(command + [url], capture_output=True, text=True, check=True).stdout
    if re.search(r"Non-2xx or 3xx responses: [1-9]", out) or re.search(r"Socket errors: .*[1-9]", out):
        say("  warning: " + " ".join(line.strip() for line in out.splitlines() if "rror" in line or "Non" in line))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def median_of(rounds, *measures):
    """Interleaved rounds; the median of each measure."""
    results = [[] for _ in measures]
    for _ in range(rounds):
        for i, measure in enumerate(measures):
            results[i].append(measure())
    return [statistics.median(values) for values in results]


def register(server):
    server.request("POST", "/cse-in", {"m2m:ae": {"rn": "bench", "api": "Nbench", "rr": False, "srv": ["3"]}}, 2)
    everything = {"acr": [{"acor": [ORIGINATOR], "acop": 63}]}
    server.request("POST", "/cse-in/bench", {"m2m:acp": {"rn": "policy", "pv": everything, "pvs": everything}}, 1)


def container(server, name, parent="bench", **more):
    body = {"rn": name, "acpi": ["cse-in/bench/policy"], **more}
    server.request("POST", f"/cse-in/{parent}", {"m2m:cnt": body}, 3)


POST_SCRIPT = """
local body = '{"m2m:cin":{"con":"%s"}}'
local headers = {["Content-Type"]="application/json;ty=4",["X-M2M-Origin"]="Cbench",["X-M2M-RI"]="1",["X-M2M-RVI"]="3"}
math.randomseed(7)
request = function()
  return wrk.format("POST", "/cse-in/bench/%s" .. %s, headers, body)
end
"""


def post_script(directory, name, prefix, suffix):
    path = pathlib.Path(directory) / f"{name}.lua"
    path.write_text(POST_SCRIPT % ("x" * 100, prefix, suffix))
    return path


def retrieve(build, args):
    with tempfile.TemporaryDirectory() as directory:
        server = Server(build, f"{directory}/store").start()
        register(server)
        container(server, "c", lbl=["room:4"])
        body = server.request("GET", "/cse-in/bench/c")
        nginx = Nginx(body, directory)
        ours, theirs = median_of(args.rounds,
                                 lambda: wrk(f"http://127.0.0.1:{server.port}/cse-in/bench/c", args.seconds),
                                 lambda: wrk(f"http://127.0.0.1:{nginx.port}/cse-in/bench/c", args.seconds))
        say(f"RETRIEVE of a container through an ACP, {len(body)} octets, 64 connections")
        say(f"  ours {ours:9.0f}/s   nginx {theirs:9.0f}/s   ratio {ours / theirs:.2f}   (at least 0.45)")
        nginx.stop()
        server.stop()


def bare_sqlite(build, directory, seconds):
    program = pathlib.Path(build) / "tests/bench/store_bench"
    out = subprocess.run(["taskset", "-c", SERVER_CORE, str(program), "bare", str(directory), str(seconds)], capture_output=True,
                         text=True, check=True).stdout
    return float(re.search(r"([\d.]+) rows/s", out).group(1))


def create(build, args):
    with tempfile.TemporaryDirectory() as directory:
        server = Server(build, f"{directory}/store").start()
        register(server)
        for i in range(args.parents):
            container(server, f"c{i}")
        script = post_script(directory, "create", "c", f"math.random(0,{args.parents - 1})")
        url = f"http://127.0.0.1:{server.port}/"
        wrk(url, 1, script=script)
        ours, bare = median_of(args.rounds, lambda: wrk(url, args.seconds, script=script),
                               lambda: bare_sqlite(build, directory, args.seconds))
        say(f"durable CREATE of a 100-octet contentInstance below {args.parents} random containers, 64 connections")
        say(f"  ours {ours:9.0f}/s   bare SQLite {bare:9.0f} rows/s   ratio {ours / bare:.2f}   (at least 0.35)")
        server.stop()


def fill(server, directory, name, count):
    """Instances below one container, by wrk in slices until there are count."""
    script = post_script(directory, name, name, '""')
    while True:
        have = json.loads(server.request("GET", f"/cse-in/bench/{name}"))["m2m:cnt"]["cni"]
        if have >= count:
            return have
        wrk(f"http://127.0.0.1:{server.port}/", max(1, min(10, (count - have) // 30000)), script=script)


def growth(build, args):
    with tempfile.TemporaryDirectory() as directory:
        server = Server(build, f"{directory}/store").start()
        register(server)
        say(f"resident memory at start {server.resident_mib():.1f} MiB   (under 25)")
        container(server, "small")
        container(server, "large")
        fill(server, directory, "small", 1000)
        have = fill(server, directory, "large", args.million)
        url = f"http://127.0.0.1:{server.port}"
        la_small, la_large = median_of(args.rounds, lambda: wrk(f"{url}/cse-in/bench/small/la", args.seconds),
                                       lambda: wrk(f"{url}/cse-in/bench/large/la", args.seconds))
        small = post_script(directory, "small", "small", '""')
        large = post_script(directory, "large", "large", '""')
        c_small, c_large = median_of(args.rounds, lambda: wrk(url, args.seconds, script=small),
                                     lambda: wrk(url, args.seconds, script=large))
        say(f"la at {have} instances {la_large:.0f}/s, at a thousand {la_small:.0f}/s: "
            f"cost ratio {la_small / la_large:.2f}   (at most 1.25)")
        say(f"CREATE at {have} instances {c_large:.0f}/s, at a thousand and growing {c_small:.0f}/s: "
            f"cost ratio {c_small / c_large:.2f}   (at most 1.25)")
        say(f"resident memory, warm, {have} instances {server.resident_mib():.1f} MiB   (under 150)")
        server.stop()
        server.start()
        say(f"start with that store {server.start_seconds * 1000:.0f} ms   (under 1000)")
        server.stop()


def discovery(build, args):
    with tempfile.TemporaryDirectory() as directory:
        server = Server(build, f"{directory}/store").start()
        register(server)
        for i in range(args.parents):
            container(server, f"c{i}", lbl=["wanted" if i % (args.parents // 100) == 0 else "other"])
        url = f"http://127.0.0.1:{server.port}"
        find = f"{url}/cse-in/bench?fu=1&lbl=wanted"
        hits = len(json.loads(server.request("GET", "/cse-in/bench?fu=1&lbl=wanted"))["m2m:uril"])
        one, many = median_of(args.rounds, lambda: wrk(f"{url}/cse-in/bench/c1", args.seconds, 8),
                              lambda: wrk(find, args.seconds, 8))
        say(f"discovery of {hits} hits among {args.parents} containers {many:.0f}/s, one RETRIEVE {one:.0f}/s: "
            f"cost ratio {one / many:.1f}   (at most 20)")
        container(server, "large")
        have = fill(server, directory, "large", args.million)
        [more] = median_of(args.rounds, lambda: wrk(find, args.seconds, 8))
        say(f"the same among {have + args.parents} resources {more:.0f}/s: cost ratio {many / more:.2f}   (at most 2)")
        server.stop()


BENCHMARKS = {"retrieve": retrieve, "create": create, "growth": growth, "discovery": discovery}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], default=[])
    parser.add_argument("--build", default=str(ROOT / "build/release"))
    parser.add_argument("--seconds", type=int, default=4, help="of one measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parents", type=int, default=10000)
    parser.add_argument("--million", type=int, default=1000000)
    args = parser.parse_args()
    for tool in ("wrk", "nginx", "taskset"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: ./dev setup")
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    processor = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    say(f"{processor.group(1) if processor else platform.machine()}, {os.cpu_count()} cores, "
        f"commit {commit.stdout.strip()}, medians of {args.rounds} rounds of {args.seconds} s")
    for name in args.names or BENCHMARKS:
        BENCHMARKS[name](args.build, args)


if __name__ == "__main__":
    main()

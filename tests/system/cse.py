# SPDX-License-Identifier: Apache-2.0
"""What system tests share: a daemon with its own store and port, and requests to it."""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Refused(Exception):
    """The daemon did not start; its output."""


class Daemon:
    """antipolisd with examples/config/conformance.yaml, on a free port, with a store of its own."""

    def __init__(self, program, store=None, settings=(), config=None):
        self.program = program
        self.directory = tempfile.TemporaryDirectory(prefix="antipolis-test-")
        self.store = store or os.path.join(self.directory.name, "store")
        self.log = os.path.join(self.directory.name, "log")
        self.port = free_port()
        self.settings = list(settings)
        self.config = config or str(ROOT / "examples/config/conformance.yaml")
        self.process = None

    def start(self):
        command = [self.program, "--config", self.config, "--store", self.store,
                   "--set", f"listeners.0.address=127.0.0.1:{self.port}"]
        for setting in self.settings:
            command += ["--set", setting]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    raise Refused(self.output()) from None
                time.sleep(0.005)
        raise Refused("no answer in 30 s\n" + self.output())

    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM; the exit status must be 0 (a sanitizer's finding is not)."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        if status != 0:
            raise AssertionError(f"antipolisd ended with {status}\n" + self.output()[-8000:])

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            if kind is None:
                self.stop()
            else:
                self.kill()
                print(self.output()[-4000:], file=sys.stderr)
        self.directory.cleanup()


class Answer:
    def __init__(self, rsc, content, headers, status):
        self.rsc, self.content, self.headers, self.status = rsc, content, headers, status

    def __repr__(self):
        return f"{self.rsc} {self.content}"

    @property
    def resource(self):
        """The only member of the content."""
        [value] = self.content.values()
        return value


class Client:
    """Requests of one originator over one keep-alive connection."""

    def __init__(self, port, originator, timeout=20):
        self.originator, self.count = originator, 0
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def close(self):
        self.connection.close()

    def request(self, method, path, content=None, ty=None, headers=None):
        self.count += 1
        fields = {"X-M2M-RI": str(self.count), "X-M2M-RVI": "3", "Accept": "application/json"}
        if self.originator is not None:
            fields["X-M2M-Origin"] = self.originator
        body = None
        if content is not None:
            body = json.dumps(content)
            fields["Content-Type"] = "application/json" + (f";ty={ty}" if ty is not None else "")
        fields.update(headers or {})
        self.connection.request(method, path, body, fields)
        response = self.connection.getresponse()
        data = response.read()
        parsed = json.loads(data) if data else None
        return Answer(int(response.getheader("X-M2M-RSC", "0")), parsed, response.headers, response.status)

    def create(self, parent, ty, member, **attributes):
        return self.request("POST", "/" + parent, {member: attributes}, ty)

    def retrieve(self, target, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return self.request("GET", "/" + target + ("?" + text if text else ""))

    def update(self, target, member, **attributes):
        return self.request("PUT", "/" + target, {member: attributes})

    def delete(self, target):
        return self.request("DELETE", "/" + target)


def expect(answer, rsc):
    if answer.rsc != rsc:
        raise AssertionError(f"{rsc} expected, got {answer}")
    return answer


def register(client, name):
    """An AE for the client's originator."""
    return expect(client.create("cse-in", 2, "m2m:ae", rn=name, api="N" + name, rr=False, srv=["3"]), 2001)


def run(cases):
    """Runs functions named case_*, prints TAP, exits non-zero when one failed."""
    failed = 0
    print(f"1..{len(cases)}", flush=True)
    for number, case in enumerate(cases, 1):
        try:
            case()
            print(f"ok {number} - {case.__name__}", flush=True)
        except Exception as error:  # every failure is a failed case
            failed += 1
            import traceback
            traceback.print_exc()
            print(f"not ok {number} - {case.__name__}: {error}".splitlines()[0], flush=True)
    sys.exit(1 if failed else 0)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The daemon for its operator: start-up refusals, the socket, metrics, draining; and the tool antipolis."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

from cse import Client, Daemon, ROOT, expect, free_port, register, run

antipolisd = antipolis = daemon = None


def start(*arguments, config="listeners: []\n"):
    """Runs the daemon on a configuration of its own; for starts that must fail or only print."""
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "c.yaml"
        path.write_text(config)
        return subprocess.run([antipolisd, "--config", str(path), "--store", directory + "/store", *arguments],
                              capture_output=True, text=True, timeout=30)


def tool(*arguments, originator=None, text=None):
    environment = dict(os.environ, ANTIPOLIS_URL=f"http://127.0.0.1:{daemon.port}",
                       ANTIPOLIS_SOCKET=daemon.store + "/operator.sock")
    if originator:
        environment["ANTIPOLIS_AS"] = originator
    return subprocess.run([antipolis, *arguments], capture_output=True, text=True, timeout=30, env=environment,
                          input=text)


def ask(line):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(daemon.store + "/operator.sock")
        s.sendall(line + b"\n")
        data = b""
        while not data.endswith(b"\n"):
            more = s.recv(65536)
            if not more:
                break
            data += more
        return json.loads(data)


def case_configuration_errors_are_told_with_their_line():
    result = start("--check-config", config="cse:\n  id: /x\n  speed: 9\nlisteners:\n  - address: nowhere\n")
    assert result.returncode == 2 and ":3: no key is called cse.speed" in result.stderr, result
    assert ":5: address" in result.stderr, result
    assert start("--check-config").returncode == 0
    assert "--config FILE is missing" in subprocess.run([antipolisd], capture_output=True, text=True).stderr


def case_nothing_unprotected_opens_beyond_loopback():
    port = free_port()
    result = start(config=f"listeners:\n  - address: 0.0.0.0:{port}\n    allow-unassociated: true\n")
    assert result.returncode == 2 and "beyond loopback" in result.stderr, result
    override = start("--set", f"listeners.0.address=0.0.0.0:{port}",
                     config="listeners:\n  - address: 127.0.0.1:1\n    allow-unassociated: true\n")
    assert override.returncode == 2 and "beyond loopback" in override.stderr, override


def case_a_listener_without_association_refuses_everybody():
    with Daemon(antipolisd, settings=["listeners.0.allow-unassociated=false", "log.level=warn"]) as other:
        expect(Client(other.port, "CAdmin").retrieve("cse-in"), 4107)
        expect(Client(other.port, "Cx").create("cse-in", 2, "m2m:ae", api="Nx", rr=False, srv=["3"]), 4107)


def case_a_second_daemon_cannot_open_the_store():
    result = subprocess.run([antipolisd, "--config", daemon.config, "--store", daemon.store, "--set",
                             f"listeners.0.address=127.0.0.1:{free_port()}"], capture_output=True, text=True, timeout=30)
    assert result.returncode == 1 and "another process" in result.stderr.lower(), result


def case_a_taken_port_is_told():
    with tempfile.TemporaryDirectory() as directory:
        result = subprocess.run([antipolisd, "--config", daemon.config, "--store", directory, "--set",
                                 f"listeners.0.address=127.0.0.1:{daemon.port}"], capture_output=True, text=True, timeout=30)
        assert result.returncode == 1 and "in use" in result.stderr, result


def case_the_socket_answers_and_only_its_owner_may_ask():
    assert ask(b'{"do":"status"}')["result"]["cse-id"] == "/id-in"
    assert ask(b'{"do":"nothing"}')["ok"] is False
    assert ask(b"garbage")["ok"] is False
    assert ask(b'{"do":"explain","originator":"Cx"}')["ok"] is False
    assert os.stat(daemon.store + "/operator.sock").st_mode & 0o777 == 0o600


def case_the_store_is_its_owners_alone():
    for name in os.listdir(daemon.store):
        assert os.stat(os.path.join(daemon.store, name)).st_mode & 0o077 == 0, name


def case_explain_names_the_predicate():
    c = Client(daemon.port, "Cexp")
    register(c, "exp")
    me = {"acor": ["Cexp"], "acop": 63}
    window = {"acor": ["Cother"], "acop": 2, "acco": [{"actw": ["* * * * * * 2001"]}]}
    other = {"acor": ["Celse"], "acop": 63}
    expect(c.create("cse-in/exp", 1, "m2m:acp", rn="acp", pv={"acr": [me, window, other]}, pvs={"acr": [me]}), 2001)
    expect(c.create("cse-in/exp", 3, "m2m:cnt", rn="box", acpi=["cse-in/exp/acp"]), 2001)
    denied = tool("explain", "Cother", "RETRIEVE", "cse-in/exp/box", "--raw")
    assert denied.returncode == 0 and "deny" in denied.stdout and "contexts" in denied.stdout.lower(), denied
    opened = tool("explain", "Cother", "RETRIEVE", "cse-in/exp/box", "--raw", "--time", "20010101T000000")
    assert '"verdict":"permit"' in opened.stdout, opened
    assert '"verdict":"permit"' in tool("explain", "Cexp", "DELETE", "cse-in/exp/box", "--raw").stdout
    assert tool("explain", "Cexp", "DELETE", "cse-in/none").returncode != 0
    answer = Client(daemon.port, "Cexp2")
    register(answer, "exp2")
    refused = expect(answer.retrieve("cse-in/exp/box"), 4103)
    assert "acp" not in json.dumps(refused.content), "a peer must not learn of policies"


def case_the_tool_and_its_exit_codes():
    made = tool("create", "cse-in", "AE", "--name", "tool", "api=Ntool", "rr=false", 'srv=["3"]', originator="Ctool")
    assert made.returncode == 0, made
    assert tool("create", "cse-in/tool", "cnt", "--name", "box", "-", originator="Ctool",
                text='{"mni":5,"lbl":["t"]}').returncode == 0
    assert tool("create", "cse-in/tool/box", "4", "con=hello", originator="Ctool").returncode == 0
    got = tool("--raw", "get", "cse-in/tool/box/la", originator="Ctool")
    assert json.loads(got.stdout)["m2m:cin"]["con"] == "hello", got
    assert "box" in tool("ls", "cse-in/tool", originator="Ctool").stdout
    drawn = tool("tree", "cse-in/tool", originator="Ctool").stdout
    assert "└── box" in drawn, drawn
    assert tool("update", "cse-in/tool/box", "mni=7", originator="Ctool").returncode == 0
    assert "cse-in/tool/box" in tool("discover", "cse-in/tool", "--label", "t", originator="Ctool").stdout
    assert tool("get", "cse-in/tool/none", originator="Ctool").returncode == 4
    assert tool("create", "cse-in/tool", "cnt", "--name", "box", originator="Ctool").returncode == 6
    register(Client(daemon.port, "Ctool2"), "tool2")
    assert tool("get", "cse-in/tool/box", originator="Ctool2").returncode == 3
    assert tool("get").returncode == 2 and tool("nonsense").returncode == 2 and tool("--bad", "ls", "x").returncode == 2
    assert tool("--url", f"http://127.0.0.1:{free_port()}", "get", "cse-in", originator="Ctool").returncode == 5
    assert tool("status").returncode == 0 and tool("status", "--socket", "/nowhere").returncode == 5
    assert "maxNrOfInstances" in tool("types", "container").stdout
    for command in ("get", "watch", "explain", "bench"):
        assert f"usage: antipolis {command}" in tool(command, "--help").stdout
    bench = tool("bench", "cse-in/tool/box", "create", "--count", "50", "--parallel", "4", originator="Ctool")
    assert bench.returncode == 0 and "/s" in bench.stdout, bench
    assert tool("delete", "cse-in/tool/box", originator="Ctool").returncode == 0


def case_metrics_and_health():
    address = f"http://127.0.0.1:{metrics_port}"
    assert urllib.request.urlopen(address + "/healthz", timeout=10).read() == b"ok\n"
    text = urllib.request.urlopen(address + "/metrics", timeout=10).read().decode()
    assert 'antipolis_requests_total{operation="CREATE"}' in text, text
    assert int(text.split('antipolis_requests_total{operation="CREATE"} ')[1].split()[0]) > 0
    try:
        urllib.request.urlopen(address + "/secret", timeout=10)
        raise AssertionError("only two paths are served")
    except urllib.error.HTTPError as error:
        assert error.code == 404


def case_audit_and_request_lines():
    log = daemon.output()
    assert "audit.decision" in log and " request " in log
    assert "verdict=deny" in log and "verdict=permit" in log


def case_every_shipped_configuration_is_sound():
    for path in sorted((ROOT / "examples/config").glob("*.yaml")):
        result = subprocess.run([antipolisd, "--config", str(path), "--check-config"], capture_output=True, text=True)
        assert result.returncode == 0, f"{path}: {result.stderr}"


if __name__ == "__main__":
    antipolisd, antipolis = sys.argv[1], sys.argv[2]
    metrics_port = free_port()
    with Daemon(antipolisd, settings=[f"operator.listen=127.0.0.1:{metrics_port}"]) as daemon:
        run([value for name, value in list(globals().items()) if name.startswith("case_")])

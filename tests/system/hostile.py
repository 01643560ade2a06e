#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A hostile peer and a hostile registered AE: what they must not learn, hold up or fill."""
import http.server
import json
import socket
import sys
import threading
import time

from cse import Client, Daemon, expect, register, run

PROGRAM = sys.argv[1]
ALL = 63
RETRIEVE, DISCOVERY = 2, 32


def policy(client, parent, name, rules):
    """An ACP below parent: (originator, operations) pairs; its own rules are the client's."""
    own = {"acr": [{"acor": [client.originator], "acop": ALL}]}
    listed = {"acr": [{"acor": [who], "acop": operations} for who, operations in rules]}
    expect(client.create(parent, 1, "m2m:acp", rn=name, pv=listed, pvs=own), 2001)
    return f"{parent}/{name}"


def container(client, parent, name, **attributes):
    return expect(client.create(parent, 3, "m2m:cnt", rn=name, **attributes), 2001)


def two(daemon):
    """An owner and a stranger, both registered."""
    owner, other = Client(daemon.port, "Cowner", 60), Client(daemon.port, "Cother", 60)
    register(owner, "owner")
    register(other, "other")
    return owner, other


def seconds(action):
    begin = time.monotonic()
    answer = action()
    return answer, time.monotonic() - begin


class Listener:
    """A notification target that answers as told and keeps what came."""

    def __init__(self, status=200, **headers):
        kept = self.kept = []
        self.seen = threading.Semaphore(0)
        seen = self.seen

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kept.append((self.path, self.headers, json.loads(body)))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()
                seen.release()

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/n"

    def next(self, timeout=10):
        assert self.seen.acquire(timeout=timeout), "no notification"
        return self.kept[-1][2]["m2m:sgn"]

    def silent(self, timeout=1.0):
        assert not self.seen.acquire(timeout=timeout), self.kept[-1]


# ---- what somebody without the right must not learn ----

def case_conditions_on_relatives_are_no_oracle():
    """TS-0004 7.3.3.17: parent and child conditions tell nothing of resources one may not see."""
    with Daemon(PROGRAM) as daemon:
        owner, other = two(daemon)
        nobody = policy(owner, "cse-in/owner", "nobody", [("Cowner", ALL)])
        shown = policy(owner, "cse-in/owner", "shown", [("Cowner", ALL), ("Cother", DISCOVERY)])
        container(owner, "cse-in/owner", "secret", lbl=["plan9"], acpi=[nobody])
        container(owner, "cse-in/owner/secret", "seen", acpi=[shown])
        container(owner, "cse-in/owner", "open", acpi=[shown])
        container(owner, "cse-in/owner/open", "hidden", lbl=["plan8"], acpi=[nobody])
        for condition, hit in (("palb=plan9", "seen"), ("p.rn=sec*", "seen"), ("clbl=plan8", "open"),
                               ("c.rn=hid*", "open")):
            path = f"/cse-in/owner?fu=1&{condition}"
            found = expect(owner.request("GET", path), 2000).content["m2m:uril"]
            assert any(uri.endswith(hit) for uri in found), (condition, found)
            found = expect(other.request("GET", path), 2000).content["m2m:uril"]
            assert found == [], (condition, found)
        plain = expect(other.request("GET", "/cse-in/owner?fu=1&ty=3"), 2000).content["m2m:uril"]
        assert len(plain) == 2, plain


def case_notifications_show_what_may_be_retrieved():
    """TS-0001 9.6.8: a subscription rests on RETRIEVE; no other right comes with it."""
    with Daemon(PROGRAM) as daemon:
        owner, other = two(daemon)
        listener = Listener()
        nobody = policy(owner, "cse-in/owner", "nobody", [("Cowner", ALL)])
        read = policy(owner, "cse-in/owner", "read", [("Cowner", ALL), ("Cother", 1 + RETRIEVE)])
        container(owner, "cse-in/owner", "c", acpi=[read])
        expect(other.create("cse-in/owner/c", 23, "m2m:sub", nu=[listener.url],
                            enc={"net": [1, 3, 4]}), 2001)
        container(owner, "cse-in/owner/c", "shown", acpi=[read])
        assert listener.next()["nev"]["rep"]["m2m:cnt"]["rn"] == "shown"
        container(owner, "cse-in/owner/c", "hidden", lbl=["plan9"], acpi=[nobody])
        assert list(listener.next()["nev"]["rep"]) == ["m2m:uri"]
        expect(owner.create("cse-in/owner/c", 23, "m2m:sub", nu=["http://127.0.0.1:1/"],
                            enc={"net": [3]}), 2001)
        assert list(listener.next()["nev"]["rep"]) == ["m2m:uri"]
        expect(owner.delete("cse-in/owner/c/hidden"), 2002)
        assert list(listener.next()["nev"]["rep"]) == ["m2m:uri"]
        # the right is taken away: so is the voice
        expect(owner.update("cse-in/owner/read", "m2m:acp",
                            pv={"acr": [{"acor": ["Cowner"], "acop": ALL}]}), 2004)
        expect(owner.create("cse-in/owner/c", 4, "m2m:cin", con="x"), 2001)
        expect(owner.update("cse-in/owner/c", "m2m:cnt", lbl=["x"]), 2004)
        listener.silent()


def case_a_group_past_its_time_grants_nothing():
    """TS-0001 9.6.1.3.1: what has expired is gone, also from decisions that were kept."""
    with Daemon(PROGRAM, settings=["cse.expiry-interval-ms=60000"]) as daemon:
        owner, other = two(daemon)
        end = time.time() + 3
        expect(owner.create("cse-in/owner", 9, "m2m:grp", rn="g", mt=0, mnm=5, mid=["Cother"],
                            et=time.strftime("%Y%m%dT%H%M%S", time.gmtime(end))), 2001)
        rule = policy(owner, "cse-in/owner", "p", [("Cowner", ALL), ("cse-in/owner/g", RETRIEVE)])
        container(owner, "cse-in/owner", "c", acpi=[rule])
        expect(other.retrieve("cse-in/owner/c"), 2000)
        time.sleep(end - time.time() + 0.1)
        expect(owner.retrieve("cse-in/owner/g"), 4004)
        expect(other.retrieve("cse-in/owner/c"), 4103)


def case_an_empty_container_looks_like_a_full_one():
    with Daemon(PROGRAM) as daemon:
        owner, other = two(daemon)
        container(owner, "cse-in/owner", "c")
        for is_full in (False, True):
            if is_full:
                expect(owner.create("cse-in/owner/c", 4, "m2m:cin", con="x"), 2001)
            for name in ("la", "ol"):
                expect(other.retrieve(f"cse-in/owner/c/{name}"), 4103)
                expect(other.delete(f"cse-in/owner/c/{name}"), 4103)
        expect(owner.delete("cse-in/owner/c/la"), 2002)
        expect(owner.retrieve("cse-in/owner/c/la"), 4004)


def case_hidden_existence_is_hidden_from_every_request():
    with Daemon(PROGRAM, settings=["access.hide-existence=true"]) as daemon:
        owner, other = two(daemon)
        stranger = Client(daemon.port, "Cstranger")
        container(owner, "cse-in/owner", "c")
        container(owner, "cse-in/owner", "full")
        expect(owner.create("cse-in/owner/full", 4, "m2m:cin", rn="i", con="x"), 2001)
        for name in ("absent", "c", "full", "full/i"):
            base = f"/cse-in/owner/{name}"
            answers = [
                other.request("GET", base), other.request("GET", base + "?fu=1"),
                other.request("GET", base + "/la"), other.request("GET", base + "/fopt"),
                other.request("PUT", base, {"m2m:cin": {"lbl": ["x"]}}),
                other.request("PUT", base + "/la", {"m2m:cin": {"lbl": ["x"]}}),
                other.request("DELETE", base), other.request("DELETE", base + "/ol"),
                other.request("POST", base, {"m2m:cin": {"con": "x"}}, 4),
                other.request("POST", base, {"m2m:sgn": {"vrq": True}}),
                other.request("POST", base, {"m2m:ae": {"api": "Nx", "rr": False, "srv": ["3"]}}, 2),
                stranger.request("POST", base, {"m2m:ae": {"api": "Nx", "rr": False, "srv": ["3"]}}, 2),
            ]
            assert {answer.rsc for answer in answers} == {4103}, (name, answers)


def case_records_are_never_lost_for_their_length():
    with Daemon(PROGRAM) as daemon:
        _, other = two(daemon)
        other.request("GET", "/cse-in/owner", headers={"X-M2M-RI": "marked" + "r" * 9000})
        lines = [line for line in daemon.output().splitlines() if "marked" in line]
        assert any("audit.decision" in line and "deny" in line for line in lines), lines
        assert any(" request " in line and "rsc=4103" in line for line in lines), lines
        assert all(len(line) < 3000 for line in lines)


# ---- what one must not hold up ----

def case_patterns_of_a_filter_cost_what_they_are_long():
    with Daemon(PROGRAM) as daemon:
        owner, _ = two(daemon)
        container(owner, "cse-in/owner", "c")
        expect(owner.create("cse-in/owner/c", 4, "m2m:cin", con="a" * 400000), 2001)
        pattern = "*" + "a" * 4000 + "b"
        answer, took = seconds(lambda: owner.request("GET", "/cse-in/owner?fu=1&con=" + pattern))
        assert answer.rsc == 2000 and answer.content["m2m:uril"] == []
        assert took < 3, took
        found = expect(owner.request("GET", "/cse-in/owner?fu=1&con=*aaa*a"), 2000)
        assert len(found.content["m2m:uril"]) == 1


def case_patterns_of_a_policy_cost_what_they_are_long():
    with Daemon(PROGRAM) as daemon:
        owner, _ = two(daemon)
        victim = Client(daemon.port, "C" + "a" * 200, 60)
        register(victim, "victim")
        rules = [("C*" + "a" * 120 + "b", ALL)]
        own = {"acr": [{"acor": ["Cowner"], "acop": ALL}]}
        many = {"acr": [{"acor": [rules[0][0]] * 250, "acop": ALL} for _ in range(24)]}
        expect(owner.create("cse-in/owner", 1, "m2m:acp", rn="p", pv=many, pvs=own), 2001)
        container(owner, "cse-in/owner", "c", acpi=["cse-in/owner/p"])
        expect(victim.retrieve("cse-in/owner/c"), 4103)
        answer, took = seconds(lambda: victim.retrieve("cse-in/owner/c"))
        assert answer.rsc == 4103 and took < 0.5, took


def case_a_discovery_looks_at_so_much_and_no_more():
    """Neither at what it might list nor at the children that its conditions ask about."""
    with Daemon(PROGRAM, settings=["log.level=warn"]) as daemon:
        owner, _ = two(daemon)
        container(owner, "cse-in/owner", "c")
        for _ in range(80):
            expect(owner.create("cse-in/owner/c", 4, "m2m:cin", con="a" * 900000), 2001)
        for query in ("con=*b*", "ty=3&c.con=b"):
            answer, took = seconds(lambda: owner.request("GET", "/cse-in/owner?fu=1&" + query))
            assert answer.rsc == 2000 and answer.headers["X-M2M-CTS"] == "1", (query, answer)
            assert took < 10, took


def case_long_polls_leave_room_for_others():
    """Pipelined polls of one AE must not use up requests-in-flight."""
    with Daemon(PROGRAM, settings=["limits.requests-in-flight=64"]) as daemon:
        owner, other = two(daemon)
        expect(owner.create("cse-in/owner", 15, "m2m:pch", rn="p"), 2001)
        poll = ("GET /cse-in/owner/p/pcu HTTP/1.1\r\nHost: x\r\nX-M2M-Origin: Cowner\r\nX-M2M-RI: 1\r\n"
                "X-M2M-RVI: 3\r\nX-M2M-RET: 20990101T000000\r\n\r\n").encode()
        lines = []
        for _ in range(4):
            line = socket.create_connection(("127.0.0.1", daemon.port))
            line.sendall(poll * 30)
            lines.append(line)
        time.sleep(1)
        expect(other.retrieve("cse-in/other"), 2000)
        for line in lines:
            line.close()


def case_no_blocking_request_waits_for_years():
    with Daemon(PROGRAM) as daemon:
        owner, _ = two(daemon)
        expect(owner.request("GET", "/cse-in/owner", headers={"X-M2M-OET": "20270101T000000"}), 4000)
        expect(owner.request("GET", "/cse-in/owner", headers={"X-M2M-OET": "200"}), 2000)


def case_sleeping_requests_take_nobodys_place():
    """Non-blocking requests for next year, more than may be in flight; the daemon still stops."""
    with Daemon(PROGRAM, settings=["limits.requests-in-flight=40"]) as daemon:
        owner, other = two(daemon)
        for _ in range(60):
            expect(owner.request("GET", "/cse-in/owner?rt=1",
                                 headers={"X-M2M-OET": "20270101T000000"}), 1001)
        expect(other.retrieve("cse-in/other"), 2000)
        begin = time.monotonic()
        daemon.stop()
        assert time.monotonic() - begin < 10


def case_request_resources_are_shared():
    with Daemon(PROGRAM, settings=["limits.request-resources=40"]) as daemon:
        owner, other = two(daemon)
        codes = [other.request("GET", "/cse-in/other?rt=1").rsc for _ in range(50)]
        assert codes.count(1001) == 5 and codes[-1] == 5000, codes
        first = expect(owner.request("GET", "/cse-in/owner?rt=1"), 1001).content["m2m:uri"]
        for _ in range(4):
            expect(owner.request("GET", "/cse-in/owner?rt=1"), 1001)
        expect(owner.request("GET", "/cse-in/owner?rt=1"), 5000)
        expect(owner.delete(first), 2002)
        expect(owner.request("GET", "/cse-in/owner?rt=1"), 1001)


def case_who_has_gone_keeps_no_place():
    """Notifications to an AE that never polls, whose senders hang up at once."""
    with Daemon(PROGRAM, settings=["limits.requests-in-flight=40"]) as daemon:
        owner, other = two(daemon)
        expect(owner.create("cse-in/owner", 15, "m2m:pch", rn="p"), 2001)
        body = '{"m2m:sgn":{"sud":true,"sur":"/id-in/x"}}'
        notify = ("POST /cse-in/owner HTTP/1.1\r\nHost: x\r\nX-M2M-Origin: Cowner\r\nX-M2M-RI: 1\r\n"
                  "X-M2M-RVI: 3\r\nX-M2M-RET: 20990101T000000\r\nContent-Type: application/json\r\n"
                  f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        lines = []
        for _ in range(60):
            line = socket.create_connection(("127.0.0.1", daemon.port))
            line.sendall(notify)
            lines.append(line)
        time.sleep(0.5)
        expect(other.retrieve("cse-in/other"), 5000)
        for line in lines:
            line.close()
        time.sleep(0.5)
        expect(other.retrieve("cse-in/other"), 2000)


def case_large_instances_do_not_hide_others():
    """What does not fit into one answer is told in parts: TS-0004 7.5.2 (contentStatus)."""
    with Daemon(PROGRAM, settings=["log.level=warn"]) as daemon:
        owner, _ = two(daemon)
        container(owner, "cse-in/owner", "c")
        for _ in range(20):
            expect(owner.create("cse-in/owner/c", 4, "m2m:cin", con="a" * 900000), 2001)
        for rcn in (4, 6, 8):
            names, offset = set(), 1
            while offset:
                answer = expect(owner.retrieve("cse-in/owner/c", rcn=rcn, ofst=offset), 2000)
                content = answer.resource
                listed = content.get("m2m:cin") or content.get("rrf") or []
                names |= {one.get("rn") or one.get("nm") for one in listed}
                assert listed
                offset = int(answer.headers.get("X-M2M-CTO") or 0)
            assert len(names) == 20, (rcn, len(names))


def case_subscribers_do_not_stop_the_one_who_writes():
    """Many subscriptions with many targets: a large instance is stored all the same."""
    with Daemon(PROGRAM, settings=["log.level=warn"]) as daemon:
        owner, other = two(daemon)
        rule = policy(owner, "cse-in/owner", "p", [("Cowner", ALL), ("Cother", 1 + RETRIEVE)])
        container(owner, "cse-in/owner", "c", acpi=[rule])
        for number in range(8):
            targets = [f"http://127.0.0.1:1/{number}/{i}" for i in range(16)]
            expect(other.create("cse-in/owner/c", 23, "m2m:sub", nu=targets, enc={"net": [3]}), 2001)
        expect(owner.create("cse-in/owner/c", 4, "m2m:cin", con="a" * 900000), 2001)
        expect(owner.create("cse-in/owner/c", 4, "m2m:cin", con="a" * 90000), 2001)


# ---- where notifications may go ----

def case_no_line_is_added_to_what_is_sent():
    with Daemon(PROGRAM) as daemon:
        owner, _ = two(daemon)
        for uri in ("http://127.0.0.1:1/\r\nX-M2M-Origin: CAdmin", "http://127.0.0.1:1/ HTTP/1.1",
                    "http://127.0.0.1:1\n/", "http://127.0.0.1:1/\u0000"):
            answer = owner.create("cse-in/owner", 23, "m2m:sub", nu=[uri], enc={"net": [3]})
            expect(answer, 4000)


def case_redirections_are_not_followed():
    """A target must not send the CSE, which stands behind the firewall, somewhere else."""
    with Daemon(PROGRAM) as daemon:
        owner, _ = two(daemon)
        inner = Listener()
        outer = Listener(status=307, Location=inner.url)
        expect(owner.create("cse-in/owner", 23, "m2m:sub", nu=[outer.url], enc={"net": [3]}), 2001)
        container(owner, "cse-in/owner", "c")
        outer.next()
        inner.silent()


def case_a_notification_knocks_at_few_doors():
    """Points of access are no port scanner."""
    with Daemon(PROGRAM) as daemon:
        owner, other = two(daemon)
        last = Listener()
        points = ["http://127.0.0.1:1/"] * 200 + [last.url]
        expect(other.update("cse-in/other", "m2m:ae", poa=points, rr=True), 2004)
        expect(other.request("POST", "/cse-in/other", {"m2m:sgn": {"sud": True, "sur": "x"}}), 5103)
        last.silent(0.5)


def case_what_comes_back_to_us_is_nobodys():
    """A notification to our own listener says that it is from us: it is not believed."""
    with Daemon(PROGRAM) as daemon:
        owner, _ = two(daemon)
        url = f"http://127.0.0.1:{daemon.port}/cse-in/owner"
        expect(owner.create("cse-in/owner", 23, "m2m:sub", nu=[url], enc={"net": [3]}), 2001)
        container(owner, "cse-in/owner", "c")
        deadline = time.monotonic() + 10
        while "From is this CSE itself" not in daemon.output() and time.monotonic() < deadline:
            time.sleep(0.05)
        refused = [line for line in daemon.output().splitlines() if "from=/id-in" in line]
        assert refused and all("rsc=4106" in line for line in refused), refused


if __name__ == "__main__":
    run([value for name, value in sorted(globals().items()) if name.startswith("case_")])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Subscriptions, groups, polling channels and non-blocking requests over HTTP.
TS-0004 7.3.2.2-7.3.2.5, 7.4.8, 7.4.12-7.4.14, 7.4.21, 7.4.22, 7.5.1.2."""
import http.server
import json
import queue
import sys
import threading
import time

from cse import Client, Daemon, expect, register, run

daemon = None


def client(originator):
    return Client(daemon.port, originator)


class Target:
    """A notification target that answers as told and keeps what it gets."""

    def __init__(self):
        self.got = queue.Queue()
        self.answers = []  # RSCs to answer with, then 2000

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
                rsc = self.answers.pop(0) if self.answers else 2000
                self.got.put((json.loads(body), dict(handler.headers), handler.path))
                handler.send_response(200 if rsc < 4000 else 403 if rsc < 5000 else 500)
                handler.send_header("X-M2M-RSC", str(rsc))
                handler.send_header("X-M2M-RI", handler.headers.get("X-M2M-RI", ""))
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            def log_message(handler, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"

    def next(self, seconds=10):
        return self.got.get(timeout=seconds)[0]

    def silent(self, seconds=0.7):
        try:
            got = self.got.get(timeout=seconds)
        except queue.Empty:
            return True
        raise AssertionError(f"nothing was due, got {got}")


def setup(name):
    owner = client("C" + name)
    register(owner, name)
    expect(owner.create("cse-in/" + name, 3, "m2m:cnt", rn="box"), 2001)
    return owner, f"cse-in/{name}/box", Target()


def subscribe(owner, box, target, rn="sub", **more):
    body = {"rn": rn, "nu": [target.url], **more}
    return expect(owner.create(box, 23, "m2m:sub", **body), 2001).resource


def case_update_create_delete_events():
    owner, box, target = setup("evt")
    made = subscribe(owner, box, target, enc={"net": [1, 2, 3, 4]}, nct=1, su=target.url)
    expect(owner.update(box, "m2m:cnt", lbl=["x"]), 2004)
    event = target.next()["m2m:sgn"]
    assert event["nev"]["net"] == 1 and event["nev"]["rep"]["m2m:cnt"]["lbl"] == ["x"], event
    assert event["sur"].endswith(made["ri"]) or event["sur"].endswith(box + "/sub"), event
    expect(owner.create(box, 4, "m2m:cin", rn="i", con="1"), 2001)
    assert target.next()["m2m:sgn"]["nev"]["rep"]["m2m:cin"]["con"] == "1"
    expect(owner.delete(box + "/i"), 2002)
    assert target.next()["m2m:sgn"]["nev"]["net"] == 4
    expect(owner.delete(box), 2002)
    last = [target.next()["m2m:sgn"], target.next()["m2m:sgn"]]
    assert any(sgn.get("nev", {}).get("net") == 2 for sgn in last), last
    assert any(sgn.get("sud") is True for sgn in last), last


def case_notification_content_types():
    owner, box, target = setup("nct")
    subscribe(owner, box, target, rn="all", nct=1)
    expect(owner.update(box, "m2m:cnt", mni=5), 2004)
    assert "ct" in target.next()["m2m:sgn"]["nev"]["rep"]["m2m:cnt"]
    expect(owner.delete(box + "/all"), 2002)
    subscribe(owner, box, target, rn="changed", nct=2)
    expect(owner.update(box, "m2m:cnt", mni=6), 2004)
    changed = target.next()["m2m:sgn"]["nev"]["rep"]["m2m:cnt"]
    assert changed["mni"] == 6 and "ct" not in changed, changed
    expect(owner.delete(box + "/changed"), 2002)
    subscribe(owner, box, target, rn="address", nct=3)
    expect(owner.update(box, "m2m:cnt", mni=7), 2004)
    assert "m2m:uri" in target.next()["m2m:sgn"]["nev"]["rep"]


def case_criteria_choose():
    owner, box, target = setup("enc")
    subscribe(owner, box, target, enc={"net": [3], "chty": [3]})
    subscribe(owner, box, target, rn="atr", enc={"net": [1], "atr": ["mni"]})
    expect(owner.create(box, 4, "m2m:cin", con="1"), 2001)
    expect(owner.update(box, "m2m:cnt", lbl=["x"]), 2004)
    assert target.silent()
    expect(owner.create(box, 3, "m2m:cnt", rn="inner"), 2001)
    assert "m2m:cnt" in target.next()["m2m:sgn"]["nev"]["rep"]
    expect(owner.update(box, "m2m:cnt", mni=2), 2004)
    assert target.next()["m2m:sgn"]["nev"]["net"] == 1


def case_refused_subscriptions():
    owner, box, target = setup("ref")
    stranger = client("Cref2")
    register(stranger, "ref2")
    expect(stranger.create(box, 23, "m2m:sub", rn="s", nu=[target.url]), 4103)
    expect(owner.create(box, 23, "m2m:sub", rn="s"), 4000)
    expect(owner.create(box, 23, "m2m:sub", rn="s", nu=[target.url], nct=9), 4000)
    expect(owner.create(box, 23, "m2m:sub", rn="s", nu=[target.url], enc={"net": [3]}, nct=2), 4000)
    expect(owner.create(box, 23, "m2m:sub", rn="s", nu=[target.url], enc={"net": [3], "chty": [2]}), 4000)
    expect(owner.create(box, 4, "m2m:cin", rn="i", con="1"), 2001)
    expect(owner.create(box + "/i", 23, "m2m:sub", rn="s", nu=[target.url]), 5203)
    expect(owner.create(box, 23, "m2m:sub", rn="s", nu=["cse-in/nowhere"]), 5204)


def case_expiration_counter_ends_the_subscription():
    owner, box, target = setup("exc")
    subscribe(owner, box, target, enc={"net": [3]}, exc=2)
    for i in range(4):
        expect(owner.create(box, 4, "m2m:cin", con=str(i)), 2001)
    assert [target.next()["m2m:sgn"]["nev"]["rep"]["m2m:cin"]["con"] for _ in range(2)] == ["0", "1"]
    for _ in range(50):
        if owner.retrieve(box + "/sub").rsc == 4004:
            break
        time.sleep(0.1)
    expect(owner.retrieve(box + "/sub"), 4004)


def case_batches():
    owner, box, target = setup("bat")
    subscribe(owner, box, target, enc={"net": [3]}, bn={"num": 3, "dur": "PT30S"})
    for i in range(3):
        expect(owner.create(box, 4, "m2m:cin", con=str(i)), 2001)
    batch = target.next()["m2m:agn"]
    events = batch.get("sgn", batch.get("m2m:sgn"))
    assert [event["nev"]["rep"]["m2m:cin"]["con"] for event in events] == ["0", "1", "2"], batch
    expect(owner.delete(box + "/sub"), 2002)
    subscribe(owner, box, target, rn="timed", enc={"net": [3]}, bn={"num": 100, "dur": "PT1S"})
    expect(owner.create(box, 4, "m2m:cin", con="late"), 2001)
    batch = target.next()["m2m:agn"]
    assert len(batch.get("sgn", batch.get("m2m:sgn"))) == 1


def case_order_and_retry():
    owner, box, target = setup("ord")
    target.answers = [5103, 5000]
    subscribe(owner, box, target, enc={"net": [3]})
    for i in range(5):
        expect(owner.create(box, 4, "m2m:cin", con=str(i)), 2001)
    got = [target.next(15)["m2m:sgn"]["nev"]["rep"]["m2m:cin"]["con"] for _ in range(7)]
    assert got == ["0", "0", "0", "1", "2", "3", "4"] or sorted(set(got)) == ["0", "1", "2", "3", "4"], got
    first = [got.index(str(i)) for i in range(5)]
    assert first == sorted(first), got


def case_notification_survives_a_kill():
    owner, box, target = setup("srv")
    target.answers = [5000]
    subscribe(owner, box, target, enc={"net": [3]})
    expect(owner.create(box, 4, "m2m:cin", con="kept"), 2001)
    target.next()
    daemon.kill()
    daemon.start()
    assert target.next(20)["m2m:sgn"]["nev"]["rep"]["m2m:cin"]["con"] == "kept"


def case_targets_named_by_resource():
    owner, box, target = setup("ae")
    other = client("Cae2")
    everyone = {"acr": [{"acor": ["all"], "acop": 63}]}
    expect(other.create("cse-in", 2, "m2m:ae", rn="ae2", api="Nae2", rr=True, srv=["3"], poa=[target.url]), 2001)
    expect(owner.create("cse-in/ae", 1, "m2m:acp", rn="acp", pv=everyone, pvs=everyone), 2001)
    expect(other.update("cse-in/ae2", "m2m:ae", acpi=["cse-in/ae/acp"]), 2004)
    expect(owner.create(box, 23, "m2m:sub", rn="sub", nu=["cse-in/ae2"], enc={"net": [3]}), 2001)
    verification = target.next()["m2m:sgn"]
    assert verification["vrq"] is True and "sur" in verification, verification
    expect(owner.create(box, 4, "m2m:cin", con="1"), 2001)
    assert target.next()["m2m:sgn"]["nev"]["net"] == 3
    target.answers = [4101]
    expect(owner.create(box, 23, "m2m:sub", rn="no", nu=["cse-in/ae2"]), 5204)


def case_polling_channel():
    owner, box, _ = setup("pch")
    made = expect(owner.create("cse-in/pch", 15, "m2m:pch", rn="poll"), 2001)
    assert made.resource["ty"] == 15
    expect(client("CAdmin").retrieve("cse-in/pch/poll/pcu"), 4103)
    expect(owner.request("GET", "/cse-in/pch/poll/pcu", headers={"X-M2M-RET": "400"}), 4008)
    expect(owner.create(box, 23, "m2m:sub", rn="sub", nu=["cse-in/pch"], enc={"net": [3]}), 2001)
    result = {}

    def poll():
        result["answer"] = client("Cpch").request("GET", "/cse-in/pch/poll/pcu", headers={"X-M2M-RET": "10000"})

    thread = threading.Thread(target=poll)
    thread.start()
    time.sleep(0.3)
    expect(owner.create(box, 4, "m2m:cin", con="polled"), 2001)
    thread.join(15)
    request = expect(result["answer"], 2000).content["m2m:rqp"]
    assert request["op"] == 5 and request["pc"]["m2m:sgn"]["nev"]["rep"]["m2m:cin"]["con"] == "polled", request
    answer = {"m2m:rsp": {"rsc": 2000, "rqi": request["rqi"], "rvi": "3"}}
    expect(owner.request("POST", "/cse-in/pch/poll/pcu", answer), 2000)
    expect(owner.request("GET", "/cse-in/pch/poll/pcu", headers={"X-M2M-RET": "700"}), 4008)


def case_group_and_fan_out():
    owner, box, _ = setup("grp")
    for i in range(3):
        expect(owner.create("cse-in/grp", 3, "m2m:cnt", rn=f"m{i}"), 2001)
    members = [f"cse-in/grp/m{i}" for i in range(3)]
    made = expect(owner.create("cse-in/grp", 9, "m2m:grp", rn="all", mt=3, mnm=5, mid=members + members[:1]), 2001)
    assert made.resource["cnm"] == 3 and made.resource["mtv"] is True, made
    fanned = expect(owner.create("cse-in/grp/all/fopt", 4, "m2m:cin", con="to all"), 2000).content["m2m:agr"]
    assert sorted(r["rsc"] for r in fanned["m2m:rsp"]) == [2001] * 3, fanned
    latest = expect(owner.retrieve("cse-in/grp/all/fopt/la"), 2000).content["m2m:agr"]["m2m:rsp"]
    assert [r["pc"]["m2m:cin"]["con"] for r in latest] == ["to all"] * 3, latest
    stranger = client("Cgrp2")
    register(stranger, "grp2")
    expect(stranger.retrieve("cse-in/grp/all/fopt"), 4103)
    expect(owner.create("cse-in/grp", 9, "m2m:grp", rn="few", mt=3, mnm=2, mid=members), 6010)
    expect(owner.create("cse-in/grp", 9, "m2m:grp", rn="mix", mt=3, mnm=9, csy=2, mid=members + ["cse-in/grp"]), 4110)
    dropped = owner.create("cse-in/grp", 9, "m2m:grp", rn="drop", mt=3, mnm=9, csy=1, mid=members + ["cse-in/grp"])
    assert expect(dropped, 2001).resource["cnm"] == 3
    empty = owner.create("cse-in/grp", 9, "m2m:grp", rn="none", mt=3, mnm=9, mid=[])
    if empty.rsc == 2001:
        expect(owner.retrieve("cse-in/grp/none/fopt"), 4109)


def case_fan_out_authorizes_each_member():
    owner, _, _ = setup("fan")
    other = client("Cfan2")
    register(other, "fan2")
    everyone = {"acr": [{"acor": ["all"], "acop": 63}]}
    expect(owner.create("cse-in/fan", 1, "m2m:acp", rn="acp", pv=everyone, pvs=everyone), 2001)
    expect(owner.create("cse-in/fan", 3, "m2m:cnt", rn="open", acpi=["cse-in/fan/acp"]), 2001)
    expect(owner.create("cse-in/fan", 3, "m2m:cnt", rn="shut"), 2001)
    expect(owner.create("cse-in/fan", 9, "m2m:grp", rn="both", mt=3, mnm=5, acpi=["cse-in/fan/acp"],
                        mid=["cse-in/fan/open", "cse-in/fan/shut"]), 2001)
    answers = expect(other.retrieve("cse-in/fan/both/fopt"), 2000).content["m2m:agr"]["m2m:rsp"]
    assert sorted(r["rsc"] for r in answers) == [2000, 4103], answers


def case_non_blocking_requests():
    owner, box, target = setup("nbl")
    accepted = owner.request("GET", f"/{box}?rt=1")
    reference = expect(accepted, 1001).content["m2m:uri"]
    assert accepted.status == 202
    for _ in range(50):
        request = expect(owner.retrieve(reference), 2000).resource
        if request["rs"] == 1:
            break
        time.sleep(0.05)
    assert request["rs"] == 1 and request["ors"]["rsc"] == 2000, request
    assert request["ors"]["pc"]["m2m:cnt"]["rn"] == "box", request
    expect(client("CAdmin").retrieve(reference), 4103)
    later = owner.request("POST", f"/{box}?rt=2", {"m2m:cin": {"con": "async"}}, 4, {"X-M2M-RTU": target.url})
    expect(later, 1002)
    answer = target.next()["m2m:rsp"]
    assert answer["rsc"] == 2001 and answer["pc"]["m2m:cin"]["con"] == "async", answer
    failed = expect(owner.request("GET", "/cse-in/nbl/nothing?rt=1"), 1001).content["m2m:uri"]
    for _ in range(50):
        request = expect(owner.retrieve(failed), 2000).resource
        if request["rs"] != 3:
            break
        time.sleep(0.05)
    assert request["ors"]["rsc"] == 4004, request
    expect(client("CAdmin").create("cse-in", 17, "m2m:req", rn="mine"), 4005)
    expect(owner.delete(reference), 2002)


def case_blocking_update():
    owner, box, target = setup("blk")
    listener = client("Cblk2")
    everyone = {"acr": [{"acor": ["all"], "acop": 63}]}
    expect(listener.create("cse-in", 2, "m2m:ae", rn="blk2", api="Nb", rr=True, srv=["3"], poa=[target.url]), 2001)
    expect(owner.create("cse-in/blk", 1, "m2m:acp", rn="acp", pv=everyone, pvs=everyone), 2001)
    expect(listener.update("cse-in/blk2", "m2m:ae", acpi=["cse-in/blk/acp"]), 2004)
    expect(owner.update(box, "m2m:cnt", acpi=["cse-in/blk/acp"]), 2004)
    made = owner.create(box, 23, "m2m:sub", rn="block", nu=["cse-in/blk2"], enc={"net": [7]})
    expect(made, 2001)
    while not target.got.empty():
        target.next()
    expect(owner.update(box, "m2m:cnt", lbl=["agreed"]), 2004)
    assert target.next()["m2m:sgn"]["nev"]["net"] == 7
    target.answers = [4005]
    expect(owner.update(box, "m2m:cnt", lbl=["denied"]), 4127)
    assert expect(owner.retrieve(box), 2000).resource["lbl"] == ["agreed"]
    expect(owner.create(box, 23, "m2m:sub", rn="second", nu=["cse-in/blk2"], enc={"net": [7]}), 4124)


def case_serialization_of_a_url():
    """TS-0009 6.2.1, 6.4.1, 6.4.3, 6.6: straight to the next hop, whose Host it is; no ty= with a NOTIFY."""
    owner, box, target = setup("ser")
    expect(owner.create(box, 23, "m2m:sub", rn="sub", nu=[target.url + "?ct=json"], enc={"net": [3]}), 2001)
    expect(owner.create(box, 4, "m2m:cin", con="1"), 2001)
    content, headers, path = target.got.get(timeout=10)
    assert path == "/in" and "json" in headers["Content-Type"], (headers, path)
    assert headers["X-M2M-Origin"] == "/id-in" and headers["X-M2M-RI"], headers
    assert headers["Host"] == target.url.split("/")[2], headers
    assert headers["X-M2M-RVI"] == "3" and "ty=" not in headers["Content-Type"], headers


if __name__ == "__main__":
    with Daemon(sys.argv[1], settings=["log.level=warn"]) as daemon:
        run([value for name, value in list(globals().items()) if name.startswith("case_")])

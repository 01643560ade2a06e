#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Resources over HTTP: registration, addressing, the four operations, containers, result contents, discovery.
TS-0001 9.6, 10.1; TS-0004 6.2, 7.3.3, 7.4.2-7.4.7, 7.5.2."""
import sys
import time

from cse import Client, Daemon, expect, register, run

daemon = None


def client(originator="Capp"):
    return Client(daemon.port, originator)


def policy(originator, operations=63):
    return {"acr": [{"acor": [originator], "acop": operations}]}


def case_registration_and_its_refusals():
    c = client("Creg")
    ae = register(c, "reg")
    assert ae.resource["ri"] == ae.resource["aei"] == "Creg", ae
    expect(c.create("cse-in", 2, "m2m:ae", rn="again", api="Nx", rr=False, srv=["3"]), 4117)
    expect(client("Cx1").create("cse-in", 2, "m2m:ae", rn="x1", api="Xbad", rr=False, srv=["3"]), 4000)
    expect(client("Cx2").create("cse-in", 2, "m2m:ae", rn="x2", rr=False, srv=["3"]), 4000)
    expect(client("Cx3").create("cse-in", 2, "m2m:ae", rn="reg", api="Nx", rr=False, srv=["3"]), 4105)
    chosen = expect(client("C").create("cse-in", 2, "m2m:ae", api="Nx", rr=False, srv=["3"]), 2001).resource
    assert chosen["aei"].startswith("C") and len(chosen["aei"]) > 1
    absent = expect(client(None).create("cse-in", 2, "m2m:ae", api="Nx", rr=False, srv=["3"]), 2001).resource
    assert absent["aei"][0] in "CS" and absent["ri"] == absent["aei"]
    given = expect(client("S").create("cse-in", 2, "m2m:ae", api="Nx", rr=False, srv=["3"]), 2001).resource
    assert given["aei"].startswith("S") and len(given["aei"]) > 1
    expect(c.delete("cse-in/reg"), 2002)
    expect(c.retrieve("cse-in"), 4106)


def case_nobody_becomes_the_administrator():
    admin = client("CAdmin")
    expect(admin.create("cse-in", 2, "m2m:ae", rn="second", api="Nx", rr=False, srv=["3"]), 4117)
    expect(admin.delete("cse-in/CAdmin"), 2002)
    expect(admin.retrieve("cse-in"), 4106)
    expect(client("CAdmin").create("cse-in", 2, "m2m:ae", rn="mine", api="Nx", rr=False, srv=["3"]), 4117)
    daemon.stop()
    daemon.start()  # the next start registers it again
    expect(client("CAdmin").retrieve("cse-in"), 2000)


def case_originators():
    expect(client(None).retrieve("cse-in"), 4000)
    expect(client("Cnobody").retrieve("cse-in"), 4106)
    expect(client("/id-other").retrieve("cse-in"), 4107)
    expect(client("/id-in").retrieve("cse-in"), 4106)
    expect(client("Cad*").retrieve("cse-in"), 4000)
    assert client("CAdmin").retrieve("cse-in").rsc == 2000


def case_every_addressing_form():
    c = client("Caddr")
    register(c, "addr")
    made = expect(c.create("cse-in/addr", 3, "m2m:cnt", rn="box"), 2001).resource
    forms = ["cse-in/addr/box", "-/addr/box", made["ri"], "~/id-in/cse-in/addr/box", "~/id-in/-/addr/box",
             "~/id-in/" + made["ri"], "_/antipolis.example/id-in/cse-in/addr/box",
             "_/antipolis.example/id-in/" + made["ri"], "cse-in/addr/box/", "Caddr/box"]
    for form in forms:
        assert expect(c.retrieve(form), 2000).resource["ri"] == made["ri"], form
    expect(c.retrieve("cse-in/addr/nothing"), 4004)
    expect(c.retrieve("~/id-else/cse-in"), 4004)
    expect(c.retrieve("_/other.example/id-in/cse-in"), 4004)
    base = expect(client("CAdmin").retrieve("~/id-in"), 2000).resource
    assert base["csi"] == "/id-in" and base["pi"] == "" and base["ty"] == 5 and base["cst"] == 1
    assert set(base["csz"]) == {"json", "cbor", "xml"}, base  # TS-0004 6.3.3, m2m:serializations


def case_create_update_delete():
    c = client("Ccud")
    register(c, "cud")
    made = expect(c.create("cse-in/cud", 3, "m2m:cnt", rn="box", lbl=["a", "b"], mni=3, cr=None), 2001).resource
    assert made["cr"] == "Ccud" and made["cni"] == 0 and made["cbs"] == 0 and made["st"] == 0
    assert made["ct"] == made["lt"] and made["et"] > made["ct"] and made["pi"] == "Ccud"
    expect(c.create("cse-in/cud", 3, "m2m:cnt", rn="box"), 4105)
    expect(c.create("cse-in/cud", 3, "m2m:cnt", rn="bad name"), 4000)
    expect(c.create("cse-in/cud", 3, "m2m:cnt", nonsense=1), 4000)
    expect(c.create("cse-in/cud", 3, "m2m:cnt", mni=-1), 4000)
    expect(c.create("cse-in/cud", 3, "m2m:cnt", mni="3"), 4000)
    expect(c.create("cse-in/cud", 3, "m2m:cnt", ri="mine"), 4000)
    expect(c.create("cse-in/cud", 3, "m2m:cnt", cr="Cother"), 4000)
    expect(c.create("cse-in/cud", 3, "m2m:cnt", et="20010101T000000"), 4000)
    expect(c.create("cse-in/cud", 3, "m2m:ae", rn="x"), 4000)
    expect(c.create("cse-in/cud", 5, "m2m:cb"), 4005)
    expect(c.create("cse-in/cud", 28, "m2m:fcnt", cnd="x"), 5001)
    expect(c.create("cse-in/cud", 4, "m2m:cin", con="x"), 4108)
    expect(c.create("cse-in/cud", 9999, "m2m:xx"), 4000)
    changed = expect(c.update("cse-in/cud/box", "m2m:cnt", lbl=None, mni=9), 2004).resource
    assert "lbl" not in changed and changed["mni"] == 9 and changed["st"] == 1
    expect(c.update("cse-in/cud/box", "m2m:cnt", cr="x"), 4000)
    expect(c.update("cse-in/cud/box", "m2m:cnt", rn="x"), 4000)
    expect(c.update("cse-in/cud/box", "m2m:cnt", et=None, mni=1, acpi=["x"]), 4000)
    expect(c.update("cse-in", "m2m:cb", lbl=["x"]), 4005)
    expect(c.delete("cse-in"), 4005)
    expect(c.create("cse-in/cud/box", 3, "m2m:cnt", rn="inner"), 2001)
    expect(c.delete("cse-in/cud/box"), 2002)
    expect(c.retrieve("cse-in/cud/box/inner"), 4004)


def case_container_rules():
    c = client("Ccin")
    register(c, "cin")
    expect(c.create("cse-in/cin", 3, "m2m:cnt", rn="box", mni=3, mbs=10), 2001)
    box = "cse-in/cin/box"
    expect(c.retrieve(box + "/la"), 4004)
    names = [expect(c.create(box, 4, "m2m:cin", con=str(i) * 3), 2001).resource["rn"] for i in range(4)]
    state = expect(c.retrieve(box), 2000).resource
    assert state["cni"] == 3 and state["cbs"] == 9 and state["st"] == 4, state
    assert expect(c.retrieve(box + "/la"), 2000).resource["con"] == "333"
    assert expect(c.retrieve(box + "/ol"), 2000).resource["con"] == "111"
    expect(c.retrieve(f"{box}/{names[0]}"), 4004)
    expect(c.create(box, 4, "m2m:cin", con="x" * 11), 5207)
    expect(c.create(box, 4, "m2m:cin", con="12345678"), 2001)
    assert expect(c.retrieve(box), 2000).resource["cni"] == 1
    expect(c.create(box, 4, "m2m:cin"), 4000)
    expect(c.create(box, 4, "m2m:cin", con="x", cnf="text/plain:7"), 4000)
    expect(c.update(box + "/la", "m2m:cin", con="y"), 4005)
    latest = expect(c.retrieve(box + "/la"), 2000).resource
    expect(c.update(box + "/" + latest["rn"], "m2m:cin", con="y"), 4005)
    expect(c.delete(box + "/la"), 2002)
    assert expect(c.retrieve(box), 2000).resource["cni"] == 0
    expect(c.update(box, "m2m:cnt", disr=True), 2004)
    named = expect(c.create(box, 4, "m2m:cin", rn="mine", con="1"), 2001)
    expect(c.retrieve(box + "/la"), 4005)
    expect(c.delete(box + "/ol"), 4005)
    assert named.resource["cs"] == 1
    expect(c.create(box, 4, "m2m:cin", rn="mine", con="1"), 4105)
    expect(c.retrieve(box + "/mine"), 4005)


def case_result_contents():
    c = client("Crcn")
    register(c, "rcn")
    expect(c.create("cse-in/rcn", 3, "m2m:cnt", rn="box", lbl=["x"]), 2001)
    for i in range(3):
        expect(c.create("cse-in/rcn/box", 4, "m2m:cin", rn=f"i{i}", con=str(i)), 2001)
    expect(c.create("cse-in/rcn/box", 3, "m2m:cnt", rn="sub"), 2001)
    box = "cse-in/rcn/box"
    nested = expect(c.retrieve(box, rcn=4), 2000).resource
    assert [i["rn"] for i in nested["m2m:cin"]] == ["i0", "i1", "i2"] and nested["m2m:cnt"][0]["rn"] == "sub"
    flat = expect(c.retrieve(box, rcn=5), 2000).resource
    assert {reference["val"] for reference in flat["ch"]} >= {box + "/i0", box + "/sub"} and flat["lbl"] == ["x"]
    references = expect(c.retrieve("cse-in/rcn", rcn=6, lvl=1), 2000).content["m2m:rrl"]["rrf"]
    assert [r["val"] for r in references] == [box], references
    children = expect(c.retrieve(box, rcn=8), 2000).resource
    assert "lbl" not in children and len(children["m2m:cin"]) == 3
    part = c.retrieve(box, rcn=4, lim=2)
    assert part.headers["X-M2M-CTS"] == "1" and int(part.headers["X-M2M-CTO"]) >= 2, part.headers
    rest = expect(c.retrieve(box, rcn=4, ofst=int(part.headers["X-M2M-CTO"])), 2000)
    assert rest.headers.get("X-M2M-CTS") in (None, "0")
    expect(c.retrieve(box, rcn=2), 4000)
    expect(c.retrieve(box, rcn=77), 4000)
    chosen = expect(c.retrieve(box, atrl="lbl+ri"), 2000).resource
    assert set(chosen) == {"lbl", "ri"}, chosen
    expect(c.retrieve(box, atrl="nonsense"), 4000)
    address = c.request("POST", f"/{box}?rcn=2", {"m2m:cin": {"con": "z"}}, 4)
    assert expect(address, 2001).content["m2m:uri"].startswith(box + "/")
    both = expect(c.request("POST", f"/{box}?rcn=3", {"m2m:cin": {"con": "z"}}, 4), 2001).content
    assert "uri" in both["m2m:rce"] and both["m2m:rce"]["m2m:cin"]["con"] == "z"
    nothing = c.request("POST", f"/{box}?rcn=0", {"m2m:cin": {"con": "z"}}, 4)
    assert nothing.rsc == 2001 and nothing.content is None
    changed = expect(c.request("PUT", f"/{box}?rcn=9", {"m2m:cnt": {"lbl": ["y"]}}), 2004)
    gone = expect(c.request("DELETE", f"/{box}?rcn=1"), 2002)
    assert gone.resource["lbl"] == ["y"], changed


def case_discovery():
    c = client("Cdis")
    register(c, "dis")
    for i in range(4):
        expect(c.create("cse-in/dis", 3, "m2m:cnt", rn=f"c{i}", lbl=[f"k:{i}", "all"], mni=i + 1), 2001)
    expect(c.create("cse-in/dis/c0", 3, "m2m:cnt", rn="deep", lbl=["all"]), 2001)
    expect(c.create("cse-in/dis/c0", 4, "m2m:cin", con="1", cnf="text/plain:0", lbl=["leaf"]), 2001)

    def find(target="cse-in/dis", **query):
        return sorted(expect(c.retrieve(target, fu=1, **query), 2000).content["m2m:uril"])

    everything = ["cse-in/dis/c0", "cse-in/dis/c0/deep", "cse-in/dis/c1", "cse-in/dis/c2", "cse-in/dis/c3"]
    assert find(lbl="all") == everything
    assert find(lbl="k:1+k:2") == ["cse-in/dis/c1", "cse-in/dis/c2"]
    assert find(lbl="all", lvl=1) == [name for name in everything if "deep" not in name]
    assert find(ty=3) == everything
    assert len(find(ty="4")) == 1 and len(find(lbl="leaf")) == 1
    assert find(lbl="k:1", mni=1) == []
    assert find(lbl="k:1", mni=1, fo=2) == ["cse-in/dis/c0", "cse-in/dis/c1"]
    assert find(rn="c*", ty=3) == ["cse-in/dis/c0", "cse-in/dis/c1", "cse-in/dis/c2", "cse-in/dis/c3"]
    assert len(find(lbl="all", lim=2)) == 2
    assert find(lbl="nothing") == []
    assert find(cty="text/plain") == find(lbl="leaf")
    assert find(sza=1, szb=2) == find(lbl="leaf")
    assert find(cra="20010101T000000", lbl="k:3") == ["cse-in/dis/c3"] and find(crb="20010101T000000") == []
    unstructured = expect(c.retrieve("cse-in/dis", fu=1, lbl="k:1", drt=2), 2000).content["m2m:uril"]
    assert "/" not in unstructured[0]
    assert find(lbl="k:0", arp="deep") == ["cse-in/dis/c0/deep"]
    listed = expect(c.retrieve("cse-in/dis", fu=1, rcn=6, lbl="k:1"), 2000).content["m2m:rrl"]["rrf"]
    assert listed[0]["nm"] == "c1" and listed[0]["typ"] == 3
    assert find(lbq="k%20EQ%202") == ["cse-in/dis/c2"]
    stranger = client("Cdis2")
    register(stranger, "dis2")
    assert expect(stranger.retrieve("cse-in/dis", fu=1, lbl="all"), 2000).content["m2m:uril"] == []
    expect(c.retrieve("cse-in/dis", fu=1, nonsense=3), 4000)
    expect(c.retrieve("cse-in/dis/none", fu=1), 4004)
    expect(c.retrieve("cse-in/dis/c1", lbl="k:9"), 4004)
    assert expect(c.retrieve("cse-in/dis/c1", lbl="k:1"), 2000).resource["rn"] == "c1"


def case_expiration():
    c = client("Cexp")
    register(c, "exp")
    soon = time.strftime("%Y%m%dT%H%M%S", time.gmtime(time.time() + 2))
    expect(c.create("cse-in/exp", 3, "m2m:cnt", rn="soon", et=soon), 2001)
    inner = expect(c.create("cse-in/exp/soon", 3, "m2m:cnt", rn="inner"), 2001).resource
    assert inner["et"][:15] <= soon, inner
    for _ in range(60):
        if c.retrieve("cse-in/exp/soon").rsc == 4004:
            break
        time.sleep(0.1)
    expect(c.retrieve("cse-in/exp/soon"), 4004)
    expect(c.retrieve("cse-in/exp/soon/inner"), 4004)


def case_nodes_and_management_objects():
    c = client("Cnod")
    register(c, "nod")
    admin = client("CAdmin")
    expect(admin.create("cse-in", 14, "m2m:nod", rn="node1", ni="urn:node:1"), 2001)
    expect(admin.create("cse-in", 14, "m2m:nod", rn="node2"), 4000)
    made = admin.create("cse-in/node1", 13, "m2m:bat", rn="battery", mgd=1006, btl=80, bts=1)
    assert expect(made, 2001).resource["btl"] == 80
    expect(admin.create("cse-in/node1", 13, "m2m:bat", rn="b2", mgd=1001, btl=80, bts=1), 4000)
    expect(admin.create("cse-in/node1", 13, "m2m:bat", rn="b3", mgd=1006, btl="full", bts=1), 4000)
    assert expect(admin.update("cse-in/node1/battery", "m2m:bat", btl=79), 2004).resource["btl"] == 79
    expect(admin.update("cse-in/node1/battery", "m2m:bat", mgd=1001), 4000)
    expect(admin.delete("cse-in/node1"), 2002)


def case_times_and_versions():
    c = client("Ctim")
    register(c, "tim")
    past = {"X-M2M-RET": "20010101T000000"}
    expect(c.request("GET", "/cse-in/tim", headers=past), 4008)
    expect(c.request("GET", "/cse-in/tim", headers={"X-M2M-RET": "5000"}), 2000)
    expect(c.request("GET", "/cse-in/tim", headers={"X-M2M-RET": "never"}), 4000)
    expect(c.request("GET", "/cse-in/tim", headers={"X-M2M-RVI": "9"}), 4001)
    echoed = c.request("GET", "/cse-in/tim", headers={"X-M2M-RVI": "2a", "X-M2M-VSI": "v"})
    assert expect(echoed, 2000).headers["X-M2M-RVI"] == "2a"


if __name__ == "__main__":
    with Daemon(sys.argv[1], settings=["log.level=warn"]) as daemon:
        run([value for name, value in list(globals().items()) if name.startswith("case_")])

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Access control over HTTP: which policy governs, what a rule grants, acpi and selfPrivileges, windows, changes at once.
TS-0003 7.1, TS-0001 9.6.1.3.2, 9.6.2."""
import sys
import time

from cse import Client, Daemon, expect, register, run

daemon = None


def client(originator):
    return Client(daemon.port, originator)


def rules(*entries):
    return {"acr": [{"acor": names, "acop": operations, **more} for names, operations, more in entries]}


def setup(prefix):
    owner, other = client("C" + prefix), client("C" + prefix + "2")
    register(owner, prefix)
    register(other, prefix + "2")
    me = (["C" + prefix], 63, {})
    expect(owner.create("cse-in/" + prefix, 1, "m2m:acp", rn="acp", pv=rules(me), pvs=rules(me)), 2001)
    expect(owner.create("cse-in/" + prefix, 3, "m2m:cnt", rn="box", acpi=[f"cse-in/{prefix}/acp"]), 2001)
    return owner, other, me


def case_creator_owns_what_has_no_policy():
    owner, other = client("Cown"), client("Cown2")
    register(owner, "own")
    register(other, "own2")
    expect(owner.create("cse-in/own", 3, "m2m:cnt", rn="box"), 2001)
    expect(owner.retrieve("cse-in/own/box"), 2000)
    expect(other.retrieve("cse-in/own/box"), 4103)
    expect(other.create("cse-in/own/box", 4, "m2m:cin", con="1"), 4103)
    expect(other.delete("cse-in/own"), 4103)
    expect(other.retrieve("cse-in/own/absent"), 4004)
    expect(client("CAdmin").retrieve("cse-in/own/box"), 4103)


def case_each_operation_needs_its_bit():
    owner, other, me = setup("bit")
    box = "cse-in/bit/box"
    tries = {1: lambda: other.create(box, 4, "m2m:cin", con="1"), 2: lambda: other.retrieve(box),
             4: lambda: other.update(box, "m2m:cnt", lbl=["x"])}
    for granted in (1, 2, 4, 32):
        expect(owner.update("cse-in/bit/acp", "m2m:acp", pv=rules(me, (["Cbit2"], granted, {}))), 2004)
        for bit, attempt in tries.items():
            answer = attempt()
            assert (answer.rsc < 4000) == (bit == granted), f"granted {granted}, tried {bit}: {answer}"
    found = expect(other.retrieve("cse-in/bit", fu=1, ty=3), 2000).content["m2m:uril"]
    assert found == [box], found
    expect(owner.update("cse-in/bit/acp", "m2m:acp", pv=rules(me)), 2004)
    assert expect(other.retrieve("cse-in/bit", fu=1, ty=3), 2000).content["m2m:uril"] == []


def case_a_policy_governs_itself():
    owner, other, me = setup("slf")
    expect(owner.update("cse-in/slf/acp", "m2m:acp", pv=rules((["all"], 63, {}))), 2004)
    expect(other.retrieve("cse-in/slf/box"), 2000)
    expect(other.retrieve("cse-in/slf/acp"), 4103)
    expect(other.update("cse-in/slf/acp", "m2m:acp", pv=rules(me)), 4103)
    expect(owner.update("cse-in/slf/acp", "m2m:acp", pvs={"acr": []}), 4000)
    expect(owner.create("cse-in/slf", 1, "m2m:acp", rn="empty", pv={"acr": []}, pvs={"acr": []}), 4000)
    expect(owner.create("cse-in/slf", 1, "m2m:acp", rn="nobody", pv={"acr": []}, pvs=rules(me)), 2001)
    expect(owner.create("cse-in/slf", 3, "m2m:cnt", rn="shut", acpi=["cse-in/slf/nobody"]), 2001)
    expect(owner.retrieve("cse-in/slf/shut"), 4103)


def case_acpi_changes_by_self_privileges_alone():
    owner, other, me = setup("chg")
    expect(owner.update("cse-in/chg/acp", "m2m:acp", pv=rules(me, (["Cchg2"], 63, {}))), 2004)
    box = "cse-in/chg/box"
    expect(other.update(box, "m2m:cnt", lbl=["mine"]), 2004)
    expect(other.update(box, "m2m:cnt", acpi=["cse-in/chg/acp"]), 4103)
    expect(owner.update(box, "m2m:cnt", acpi=["cse-in/chg/acp"], lbl=["x"]), 4000)
    expect(owner.update(box, "m2m:cnt", acpi=None), 2004)
    expect(other.retrieve(box), 4103)
    expect(owner.retrieve(box), 2000)
    expect(owner.update(box, "m2m:cnt", acpi=["cse-in/chg/acp"]), 2004)
    expect(other.retrieve(box), 2000)


def case_a_deleted_or_expired_policy_grants_nothing():
    owner, other, me = setup("del")
    soon = time.strftime("%Y%m%dT%H%M%S", time.gmtime(time.time() + 2))
    body = {"rn": "brief", "pv": rules(me, (["all"], 63, {})), "pvs": rules(me), "et": soon}
    expect(owner.create("cse-in/del", 1, "m2m:acp", **body), 2001)
    expect(owner.create("cse-in/del", 3, "m2m:cnt", rn="brief-box", acpi=["cse-in/del/brief"]), 2001)
    expect(other.retrieve("cse-in/del/brief-box"), 2000)
    time.sleep(2.6)
    expect(other.retrieve("cse-in/del/brief-box"), 4103)
    expect(owner.update("cse-in/del/acp", "m2m:acp", pv=rules(me, (["all"], 63, {}))), 2004)
    expect(other.retrieve("cse-in/del/box"), 2000)
    expect(owner.delete("cse-in/del/acp"), 2002)
    expect(other.retrieve("cse-in/del/box"), 4103)


def case_a_crafted_originator_never_widens_a_rule():
    owner, _, me = setup("pat")
    expect(owner.update("cse-in/pat/acp", "m2m:acp", pv=rules(me, (["Cpa*"], 2, {}))), 2004)
    other = client("Cpax")
    register(other, "pax")
    expect(other.retrieve("cse-in/pat/box"), 2000)
    expect(client("C*").create("cse-in", 2, "m2m:ae", rn="star", api="Nx", rr=False, srv=["3"]), 4000)
    expect(client("C*").retrieve("cse-in/pat/box"), 4000)


def case_rules_that_say_nothing_sensible_are_refused():
    owner, _, me = setup("bad")
    for entry in [(["Cbad"], 0, {}), (["Cbad"], 64, {}), (["Cbad"], 2, {"acco": [{"actw": ["* *"]}]}),
                  (["Cbad"], 2, {"acco": [{"acip": {"ipv4": ["1.2.3.4/33"]}}]}),
                  (["Cbad"], 2, {"acco": [{"aclr": {}}]}), (["Cbad"], 2, {"unknown": 1})]:
        answer = owner.update("cse-in/bad/acp", "m2m:acp", pv=rules(me, entry))
        assert answer.rsc == 4000, f"{entry}: {answer}"
    expect(owner.update("cse-in/bad/acp", "m2m:acp", pv=rules(me, (["Cbad"], 2, {"aca": ["con"]}))), 5001)


def case_contexts():
    owner, other, me = setup("ctx")
    here = {"acco": [{"acip": {"ipv4": ["127.0.0.0/8"]}}]}
    there = {"acco": [{"acip": {"ipv4": ["192.0.2.0/24"]}}]}
    somewhere = {"acco": [{"aclr": {"accc": ["AT"]}}]}
    never = {"acco": [{"actw": ["* * * * * * 2001"]}]}
    authenticated = {"acaf": True}
    for context, granted in [(here, True), (there, False), (somewhere, False), (never, False), (authenticated, False),
                             ({"acco": there["acco"] + here["acco"]}, True)]:
        expect(owner.update("cse-in/ctx/acp", "m2m:acp", pv=rules(me, (["Cctx2"], 2, context))), 2004)
        expect(other.retrieve("cse-in/ctx/box"), 2000 if granted else 4103)


def case_object_details_limit_what_is_created():
    owner, other, me = setup("obj")
    details = {"acod": [{"chty": [4]}]}
    expect(owner.update("cse-in/obj/acp", "m2m:acp", pv=rules(me, (["Cobj2"], 3, details))), 2004)
    expect(other.create("cse-in/obj/box", 4, "m2m:cin", con="1"), 2001)
    expect(other.create("cse-in/obj/box", 3, "m2m:cnt", rn="x"), 4103)
    expect(other.retrieve("cse-in/obj/box"), 2000)


def case_members_of_a_group():
    owner, other, me = setup("grp")
    expect(owner.create("cse-in/grp", 9, "m2m:grp", rn="friends", mt=0, mid=["cse-in/grp2"], mnm=5,
                        acpi=["cse-in/grp/acp"]), 2001)
    expect(owner.update("cse-in/grp/acp", "m2m:acp", pv=rules(me, (["cse-in/grp/friends"], 2, {}))), 2004)
    expect(other.retrieve("cse-in/grp/box"), 2000)
    expect(owner.update("cse-in/grp/friends", "m2m:grp", mid=["cse-in/grp"]), 2004)
    expect(other.retrieve("cse-in/grp/box"), 4103)
    expect(owner.delete("cse-in/grp/friends"), 2002)
    expect(other.retrieve("cse-in/grp/box"), 4103)


if __name__ == "__main__":
    with Daemon(sys.argv[1], settings=["log.level=warn"]) as daemon:
        run([value for name, value in list(globals().items()) if name.startswith("case_")])

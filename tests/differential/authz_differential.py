#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare the decisions of src/sec/authz with those of authz_oracle.py, pair by pair.

A pair is a set of rules and a request. Equal must be: whether the set is refused and how, the verdict,
the permitting rule, and for every rule the first predicate that is false. The counts at the end show that
every reason was met; a reason that was not fails the run. TS-0003 7.1.4, 7.1.5."""
import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter

import authz_cases
import authz_oracle as oracle

PREDICATES = {oracle.PERMIT: "permit", oracle.AUTHENTICATION: "authentication", oracle.ORIGINATORS: "originators",
              oracle.OPERATIONS: "operations", oracle.CONTEXTS: "contexts", oracle.OBJECT_DETAILS: "object details"}
PER_SET = 20
SPOILT = 0.25  # of the sets; they meet one request each
PER_BATCH = 100  # sets in one round trip: their answers fit into a pipe
REFUSALS = ("BAD_REQUEST", "NOT_IMPLEMENTED")


def wire_form(request):
    """A request as the driver reads it."""
    value = {"o": oracle.absolute(request["who"]), "a": int(request["authenticated"]), "op": request["operation"],
             "t": request["usec"], "ty": request["target"], "ch": request["child"]}
    if request["address"] is not None:
        version, number = request["address"]
        value["ip"] = f"{number:0{8 if version == 4 else 32}x}"
    if request["place"] is not None:
        value["loc"] = request["place"]
    if request["country"] is not None:
        value["cc"] = request["country"]
    if request["definition"] is not None:
        value["def"] = request["definition"]
    if request["roles"]:
        value["roles"] = request["roles"]
    if request["groups"]:
        value["groups"] = [(name, int(known), [oracle.absolute(who) for who in members])
                           for name, known, members in request["groups"]]
    return value


def oracle_form(request):
    seen = dict(request)
    seen["moment"] = oracle.moment(request["usec"])
    if request["address"] is not None:
        seen["address"] = oracle.address_key(*request["address"])
    return seen


def expected_answers(rules, requests, counts):
    try:
        policy = oracle.Policy(rules, authz_cases.HOME_SP, authz_cases.HOME_CSE)
    except oracle.Refused as refused:
        counts["refused " + refused.args[0]] += len(requests)
        return [f"E {refused.args[0]}"] * len(requests)
    answers = []
    for request in requests:
        reasons = policy.explain(oracle_form(request))
        for reason in reasons:
            counts["rule: " + PREDICATES[reason]] += 1
        digits = "".join(map(str, reasons))
        permitting = digits.find("0")
        if permitting >= 0:
            counts["verdict: permit"] += 1
            answers.append(f"1 {permitting} {digits}")
        else:
            counts["verdict: deny"] += 1
            # what stood between this request and a permit: the best rule's failing predicate
            counts["decided by: " + (PREDICATES[max(reasons)] if reasons else "no rule")] += 1
            answers.append(f"0 - {digits}")
    return answers


def batches(cases, pairs, counts):
    """(lines for the driver, answers expected, what they are about)"""
    while pairs > 0:
        lines, answers, about = [], [], []
        for _ in range(PER_BATCH):
            if pairs <= 0:
                break
            rules, witnesses = cases.rules()
            spoilt = rules.get("acr") and cases.random() < SPOILT
            rules = cases.spoil(rules) if spoilt else rules
            requests = [cases.request(witnesses) for _ in range(min(1 if spoilt else PER_SET, pairs))]
            forms = [wire_form(request) for request in requests]
            pairs -= len(requests)
            lines.append(json.dumps({"rules": rules, "requests": forms}))
            answers.extend(expected_answers(rules, requests, counts))
            about.extend((rules, form) for form in forms)
        yield lines, answers, about


def compare(driver, lines, answers, about, shown):
    """The number of differing answers in this batch."""
    driver.stdin.write("\n".join(lines) + "\n")
    driver.stdin.flush()
    differences = 0
    for answer, (rules, form) in zip(answers, about):
        got = driver.stdout.readline().rstrip("\n")
        if not got and driver.poll() is not None:
            raise SystemExit(f"the driver ended with {driver.returncode} at {json.dumps([rules, form])}")
        if got.strip() != answer.strip():
            differences += 1
            if shown + differences <= 5:
                print(f"DIFFERENCE oracle {answer!r} driver {got!r}\n  {json.dumps(rules)}\n  {json.dumps(form)}")
    return differences


def missing(counts):
    wanted = ["verdict: permit", "verdict: deny", "decided by: no rule"]
    wanted += [f"refused {status}" for status in REFUSALS]
    for reason, name in PREDICATES.items():
        wanted.append(f"rule: {name}")
        if reason != oracle.PERMIT:
            wanted.append(f"decided by: {name}")
    empty = [name for name in wanted if counts[name] == 0]
    decided = counts["verdict: permit"] + counts["verdict: deny"]
    if not 0.25 * decided < counts["verdict: permit"] < 0.75 * decided:
        empty.append("a balance of permits and denials")
    return empty


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/debug", help="build directory that holds the driver")
    parser.add_argument("--driver", help="the driver itself, instead of the one in the build directory")
    parser.add_argument("--pairs", type=int, default=1000000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    path = options.driver or os.path.join(options.build, "tests", "differential", "authz_driver")
    counts, differences, done, began = Counter(), 0, 0, time.monotonic()
    with subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as driver:
        for lines, answers, about in batches(authz_cases.Cases(options.seed), options.pairs, counts):
            differences += compare(driver, lines, answers, about, differences)
            done += len(answers)
        driver.stdin.close()
        rest = driver.stdout.read()
        status = driver.wait()
    for name, count in sorted(counts.items()):
        print(f"{count:9d}  {name}")
    print(f"{done} pairs, seed {options.seed}, {differences} differences, {time.monotonic() - began:.1f} s")
    empty = missing(counts)
    for name in empty:
        print("never met: " + name)
    if rest or status:
        print(f"the driver ended with {status} and said more: {rest[:200]!r}")
    return 1 if differences or empty or rest or status or done != options.pairs else 0


if __name__ == "__main__":
    sys.exit(main())

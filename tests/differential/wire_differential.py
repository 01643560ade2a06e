# SPDX-License-Identifier: Apache-2.0
"""Compares the room wire with Python's json, cbor2 and expat, document by document: both accept and
mean the same, or both refuse. Usage: wire_differential.py --driver PROGRAM [--count N] [--seed N]"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import cbor2

import wire_cases
import wire_oracle

ROOT = pathlib.Path(__file__).resolve().parents[2]
READERS = {"J": wire_oracle.from_json, "C": wire_oracle.from_cbor, "X": wire_oracle.from_xml}


def run_driver(driver, documents):
    """The driver's answers: a status, or (json, cbor, pretty json, xml)."""
    frames = b"".join(kind.encode() + len(document).to_bytes(4, "big") + document for kind, document in documents)
    with tempfile.TemporaryFile() as file:
        file.write(frames)
        file.seek(0)
        output = subprocess.run([driver], stdin=file, stdout=subprocess.PIPE, check=True).stdout
    at, answers = 0, []

    def take():
        nonlocal at
        length = int.from_bytes(output[at:at + 4], "big")
        at += 4 + length
        return output[at - length:at]
    for _ in documents:
        verdict = output[at:at + 1]
        at += 1
        answers.append(take().decode() if verdict == b"E" else (take(), take(), take(), take()))
    if at != len(output):
        raise SystemExit("the driver wrote more than it was asked for")
    return answers


def pairs(value):
    """Objects as lists of pairs, for XML's repeated names; empty ones stay objects."""
    return json.loads(value, object_pairs_hook=lambda p: [tuple(x) for x in p])


def difference(kind, document, answer):
    """None, or what differs."""
    try:
        expected = READERS[kind](document)
    except wire_oracle.Refused as error:
        return None if isinstance(answer, str) else f"accepted, but: {error}"
    if isinstance(answer, str):
        return f"refused with {answer}, but means {expected!r}"
    compact, binary, pretty, _xml = answer
    if kind == "X":
        return None if pairs(compact) == expected == pairs(pretty) else f"XML {compact!r} is not {expected!r}"
    for got in (json.loads(compact), cbor2.loads(binary), json.loads(pretty)):
        if not wire_oracle.same(got, expected):
            return f"{got!r} is not {expected!r}"
    if kind == "J" and b"\\" not in document and compact != json.dumps(
            json.loads(compact), ensure_ascii=False, separators=(",", ":")).encode() and not any(
                isinstance(x, float) for x in flat(expected)):
        return "not compact, or members out of order"
    return None


def flat(value):
    if isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from flat(item)
    else:
        yield value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("--count", type=int, default=30000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    documents = list(wire_cases.cases(ROOT, arguments.count, arguments.seed))
    answers = run_driver(arguments.driver, documents)
    differences, accepted = 0, 0
    for (kind, document), answer in zip(documents, answers):
        accepted += not isinstance(answer, str)
        found = difference(kind, document, answer)
        if found:
            differences += 1
            if differences <= 10:
                print(kind, document[:300], found[:600])
    print(f"{len(documents)} documents, {accepted} accepted, {differences} differences")
    if not len(documents) // 4 < accepted < len(documents):
        sys.exit("the documents do not exercise both verdicts")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()

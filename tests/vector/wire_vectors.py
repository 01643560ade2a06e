# SPDX-License-Identifier: Apache-2.0
"""Plays the known answers of the room wire. Usage: wire_vectors.py --driver PROGRAM FOLDER..."""
import argparse
import pathlib
import re
import subprocess
import sys

FENCE = re.compile(r"^```(\w+)(?: (in|out))?\n(.*?)\n?^```$", re.M | re.S)


def octets(kind, text):
    return bytes.fromhex("".join(text.split())) if kind == "cbor" else text.encode()


def cases(path):
    """(name, kind, document, {kind: octets} or status)"""
    for section in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        name, blocks = section.split("\n", 1)[0], FENCE.findall(section)
        inputs = [(kind, octets(kind, text)) for kind, way, text in blocks if way == "in"]
        outputs = {kind: octets(kind, text) for kind, way, text in blocks if way == "out"}
        refused = [text.strip() for kind, _, text in blocks if kind == "refused"]
        if not inputs or bool(outputs) == bool(refused):
            sys.exit(f"{path}: {name}: a case needs an input, and outputs or a refusal")
        for kind, document in inputs:
            yield name, kind, document, refused[0] if refused else outputs


def play(driver, kind, document):
    frame = {"json": b"J", "cbor": b"C", "xml": b"X"}[kind] + len(document).to_bytes(4, "big") + document
    output = subprocess.run([driver], input=frame, stdout=subprocess.PIPE, check=True).stdout
    parts, at = [], 1
    while at < len(output):
        length = int.from_bytes(output[at:at + 4], "big")
        parts.append(output[at + 4:at + 4 + length])
        at += 4 + length
    if output[:1] == b"E":
        return parts[0].decode()
    return {"json": parts[0], "cbor": parts[1], "xml": parts[3]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("folders", nargs="+")
    arguments = parser.parse_args()
    played, failed = 0, 0
    for path in sorted(p for folder in arguments.folders for p in pathlib.Path(folder).rglob("*.md")):
        for name, kind, document, expected in cases(path):
            got = play(arguments.driver, kind, document)
            played += 1
            wanted = got if isinstance(expected, str) or isinstance(got, str) else {k: got[k] for k in expected}
            if wanted != expected:
                failed += 1
                print(f"{path}: {name} ({kind}):\n  got      {wanted}\n  expected {expected}")
    print(f"{played} cases, {failed} failed")
    sys.exit(1 if failed or not played else 0)


if __name__ == "__main__":
    main()

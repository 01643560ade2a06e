# SPDX-License-Identifier: Apache-2.0
"""What a document means, by Python's json, cbor2 and expat, narrowed to what the room wire promises:
strict UTF-8, names that differ, integers of 64 bits, finite numbers, limits. Refused(text) when the
document has to be refused. RFC 8259, RFC 8949, TS-0004 8.3 to 8.5."""
import io
import json
import math
import struct
from xml.parsers import expat

import cbor2

DEPTH, MEMBERS, VALUES = 64, 4096, 65536


class Refused(Exception):
    pass


def unique(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Refused("repeated name")
    return value


def constant(name):
    raise Refused(name)


def check(value, depth=0):
    """Limits and ranges; returns how many values there are."""
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        if not -2**63 <= value < 2**64:
            raise Refused("integer")
        return 1
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused("not finite")
        return 1
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Refused("surrogate") from None
        return 1
    if not isinstance(value, (list, dict)):
        raise Refused(type(value).__name__)
    if depth >= DEPTH or len(value) > MEMBERS:
        raise Refused("limit")
    count = 1
    if isinstance(value, dict):
        for name in value:
            check(name)
    for item in value.values() if isinstance(value, dict) else value:
        count += check(item, depth + 1)
    return count


def bounded(value):
    if check(value) > VALUES:
        raise Refused("values")
    return value


def from_json(octets):
    try:
        value = json.loads(octets.decode("utf-8"), object_pairs_hook=unique, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from None
    return bounded(value)


def scan_cbor(octets, at, depth=0):
    """Walks one well-formed item, refusing what JSON has no word for; returns where it ends."""
    def need(n):
        if at + n > len(octets):
            raise Refused("short")
    need(1)
    first = octets[at]
    major, info = first >> 5, first & 31
    at += 1
    argument = info
    if 24 <= info <= 27:
        size = 1 << (info - 24)
        need(size)
        argument = int.from_bytes(octets[at:at + size], "big")
        at += size
    elif info in (28, 29, 30):
        raise Refused("reserved")
    indefinite = info == 31
    if major in (2, 6):
        raise Refused("byte string or tag")
    if major in (0, 1):
        if indefinite:
            raise Refused("integer")
        return at
    if major == 7:
        if info not in (20, 21, 22, 25, 26, 27):
            raise Refused("simple")
        return at
    if major == 3 and not indefinite:
        need(argument)
        text(octets[at:at + argument])
        return at + argument
    if major == 3:
        while True:
            need(1)
            if octets[at] == 0xFF:
                return at + 1
            if octets[at] >> 5 != 3 or octets[at] == 0x7F:
                raise Refused("chunk")
            at = scan_cbor(octets, at, depth)
    if depth >= DEPTH or (not indefinite and argument > MEMBERS):
        raise Refused("limit")
    count, names = 0, set()
    while indefinite or count < argument:
        need(1)
        if indefinite and octets[at] == 0xFF:
            return at + 1
        if major == 5:
            if octets[at] >> 5 != 3:
                raise Refused("name")
            end = scan_cbor(octets, at, depth)
            name = cbor2.loads(octets[at:end])
            if name in names:
                raise Refused("repeated name")
            names.add(name)
            at = end
        at = scan_cbor(octets, at, depth + 1)
        count += 1
    return at


def text(octets):
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("UTF-8") from None


def from_cbor(octets):
    if scan_cbor(octets, 0) != len(octets):
        raise Refused("trailing octets")
    return bounded(cbor2.load(io.BytesIO(octets)))


class XmlTree:
    """Expat again, from the other side: a tree of (name, value) pairs with repeated names."""

    def __init__(self):
        self.stack = [[None, [], False, ""]]  # name, members, has elements, text
        self.parser = expat.ParserCreate("UTF-8", "\n")
        self.parser.namespace_prefixes = True
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.add_text
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.ProcessingInstructionHandler = self.refuse
        self.parser.XmlDeclHandler = self.declaration

    @staticmethod
    def refuse(*_):
        raise Refused("doctype or instruction")

    @staticmethod
    def declaration(version, encoding, _standalone):
        if version not in (None, "1.0") or (encoding or "UTF-8").upper() != "UTF-8":
            raise Refused("declaration")

    @staticmethod
    def name(triplet):
        parts = triplet.split("\n")
        if len(parts) < 3:
            return parts[-1]
        return ("m2m" if parts[0] == "http://www.onem2m.org/xml/protocols" else parts[2]) + ":" + parts[1]

    def begin(self, triplet, attributes):
        parent = self.stack[-1]
        if parent[3].strip(" \t\r\n"):
            raise Refused("mixed")
        parent[2], parent[3] = True, ""
        if len(self.stack) >= DEPTH:
            raise Refused("depth")
        members = [(self.name(key), value) for key, value in attributes.items()
                   if not key.startswith("http://www.w3.org/2001/XMLSchema-instance\n")]
        self.stack.append([self.name(triplet), members, False, ""])

    def end(self, _triplet):
        name, members, has_elements, text_here = self.stack.pop()
        blank = not text_here.strip(" \t\r\n")
        if has_elements and not blank:
            raise Refused("mixed")
        if members or has_elements:
            if not has_elements and not blank:
                members.append(("val", text_here))
            value = members
        else:
            value = text_here or None
        if len(members) > MEMBERS:
            raise Refused("members")
        self.stack[-1][1].append((name, value))

    def add_text(self, data):
        self.stack[-1][3] += data


def from_xml(octets):
    """As a nest of lists of pairs."""
    text(octets)
    tree = XmlTree()
    try:
        tree.parser.Parse(octets, True)
    except expat.ExpatError as error:
        raise Refused(str(error)) from None
    return tree.stack[0][1]


def same(a, b):
    """Equal, types and the sign of zero included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return struct.pack(">d", a) == struct.pack(">d", b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return a == b

# SPDX-License-Identifier: Apache-2.0
"""Documents for the differential test of wire: generated ones, the fuzz corpora, and changes of both."""
import json
import pathlib
import random
import struct

import cbor2

NAMES = ["a", "b", "m2m:cin", "con", "rn", "ty", "val", "", "é", "naïve", "€", "😀", "x y", 'q"', "\\", "\n"]
WORDS = ["", "text", "21.5", "20260101T120000", "é€😀", "\u0000\u001f\u007f", '"\\/\b\f\n\r\t', "\u2028\ufffe\uffff",
         "a" * 40, "name", "//example.net/cse/-/c1", "\u0080\u009b", "\ud7ff\ue000"]
INTEGERS = [0, 1, -1, 23, 24, -24, -25, 255, 256, 65535, 65536, 2**31, 2**32 - 1, 2**32, 2**53, 2**53 + 1, 2**63 - 1, 2**63,
            2**64 - 1, -2**63]
REALS = [0.0, -0.0, 1.0, 0.1, 1.5, -2.25, 1e22, 1e23, 1e-7, 5e-324, 1.7976931348623157e308, 3.4028234663852886e38, 2.0**-24,
         65504.0, 123456789.125, 1e15, 1e16, 9007199254740992.0, 0.30000000000000004]


def any_real(rng):
    while True:
        value = struct.unpack(">d", rng.randbytes(8))[0] if rng.random() < 0.4 else round(rng.uniform(-1e4, 1e4), rng.randrange(6))
        if value == value and abs(value) != float("inf"):
            return float(value)


def any_text(rng):
    if rng.random() < 0.5:
        return rng.choice(WORDS)
    return "".join(chr(rng.choice([rng.randrange(0x20, 0x7f), rng.randrange(0xa0, 0xd800), rng.randrange(0x10000, 0x110000),
                                   rng.randrange(0x20)])) for _ in range(rng.randrange(12)))


def any_value(rng, depth=0):
    kind = rng.randrange(8 if depth < 5 else 6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice(INTEGERS) if rng.random() < 0.6 else rng.randrange(-2**63, 2**64)
    if kind == 2:
        return rng.choice(REALS) if rng.random() < 0.4 else any_real(rng)
    if kind < 6:
        return any_text(rng)
    count = rng.choice([0, 1, 2, 3, 5]) if rng.random() < 0.98 else rng.randrange(15, 80)
    if kind == 6:
        return [any_value(rng, depth + 1) for _ in range(count)]
    return {(rng.choice(NAMES) if rng.random() < 0.5 else any_text(rng)): any_value(rng, depth + 1) for _ in range(count)}


def as_json(rng, value):
    """The same value in one of the ways in which JSON can write it."""
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, None, 1]),
                      separators=rng.choice([(",", ":"), (", ", ": "), (" ,\t", "\r\n: ")]))
    if rng.random() < 0.2:
        text = rng.choice([" ", "\n", "\t\r\n"]) + text + rng.choice(["", " ", "\n"])
    return text.encode()


def head(rng, major, argument):
    """Sometimes longer than need be."""
    sizes = [size for size, most in ((0, 23), (1, 2**8 - 1), (2, 2**16 - 1), (4, 2**32 - 1), (8, 2**64 - 1)) if argument <= most]
    size = sizes[0] if rng.random() < 0.8 else rng.choice(sizes)
    if size == 0:
        return bytes([major << 5 | argument])
    return bytes([major << 5 | 23 + size.bit_length()]) + argument.to_bytes(size, "big")


def cbor_text(rng, text):
    octets = text.encode()
    if rng.random() < 0.9:
        return head(rng, 3, len(octets)) + octets
    cut = rng.randrange(len(text) + 1)
    return b"\x7f" + b"".join(head(rng, 3, len(p.encode())) + p.encode() for p in (text[:cut], text[cut:])) + b"\xff"


def as_cbor(rng, value):
    """The same value in one of the ways in which CBOR can write it."""
    if value is None or isinstance(value, bool):
        return cbor2.dumps(value)
    if isinstance(value, int):
        return head(rng, 0, value) if value >= 0 else head(rng, 1, -1 - value)
    if isinstance(value, float):
        return cbor2.dumps(value, canonical=rng.random() < 0.5)
    if isinstance(value, str):
        return cbor_text(rng, value)
    indefinite = rng.random() < 0.3
    if isinstance(value, list):
        body = b"".join(as_cbor(rng, item) for item in value)
        return b"\x9f" + body + b"\xff" if indefinite else head(rng, 4, len(value)) + body
    body = b"".join(cbor_text(rng, name) + as_cbor(rng, item) for name, item in value.items())
    return b"\xbf" + body + b"\xff" if indefinite else head(rng, 5, len(value)) + body


TELLING = {"J": [b'"', b"\\", b"{", b"}", b"[", b"]", b":", b",", b"\\u0061", b"\\ud800", b"0", b"e5", b".", b"-", b"true",
                 b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b'"a":1,', b"1e400", b"NaN", b"99999999999999999999"],
           "C": [b"\xff", b"\x9f", b"\xbf", b"\x7f", b"\x5f", b"\xf7", b"\xf6", b"\xf9\x7c\x00", b"\xc0", b"\x61a", b"\x1f",
                 b"\xa1", b"\x81", b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff", b"\x1b", b"\x40", b"\xe0", b"\xf8\x20"],
           "X": [b"<a>", b"</a>", b"<b/>", b"&amp;", b"&#0;", b"&#65;", b"&x;", b"<!DOCTYPE a>", b"<?p?>", b"<![CDATA[", b"]]>",
                 b"<!--", b"-->", b' x="1"', b"m2m:", b"text", b"\xff", b"\x01", b"\xef\xbf\xbe", b' xmlns="u"', b' xmlns:p="u"']}


def changed(rng, kind, octets):
    octets = bytearray(octets)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(octets) + 1)
        change = rng.randrange(5)
        if change == 0 and at < len(octets):
            octets[at] ^= 1 << rng.randrange(8)
        elif change == 1:
            octets[at:at] = rng.choice(TELLING[kind])
        elif change == 2:
            del octets[at:at + rng.randrange(1, 4)]
        elif change == 3 and at < len(octets):
            octets[at] = rng.randrange(256)
        elif rng.random() < 0.3:
            del octets[at:]
    return bytes(octets)


def any_xml(rng, depth=0):
    name = rng.choice(["a", "b", "m2m:cin", "con", "p:x", "é"])
    attributes = "".join(f' {n}="{rng.choice(["1", "", " x ", "&lt;&#10;"])}"'
                         for n in rng.sample(["rn", "nm", "val", "xml:lang", "m2m:t"], rng.choice([0, 0, 0, 1, 2])))
    if depth == 0:
        attributes += ' xmlns:m2m="http://www.onem2m.org/xml/protocols" xmlns:p="urn:p"' + rng.choice(["", ' xmlns="urn:d"'])
    kind = rng.randrange(4)
    if kind == 0:
        return f"<{name}{attributes}/>"
    if kind == 1 or depth > 4:
        body = rng.choice(["", " ", "text", "&amp;x&#x20ac;", "<![CDATA[<&]]>", "a<!-- c -->b", "\r\nx"])
    else:
        blank = rng.choice(["", "\n  "])
        body = blank + blank.join(any_xml(rng, depth + 1) for _ in range(rng.randrange(4))) + blank
    return f"<{name}{attributes}>{body}</{name}>"


def corpus(root):
    for kind, folder in (("J", "wire_json"), ("C", "wire_cbor"), ("X", "wire_xml")):
        for path in sorted(pathlib.Path(root, "tests/fuzz/corpus", folder).iterdir()):
            yield kind, path.read_bytes()


def cases(root, count, seed):
    """(kind, document) with kind J, C or X."""
    rng = random.Random(seed)
    seeds = list(corpus(root))
    yield from seeds
    for kind, document in seeds:
        for _ in range(60):
            yield kind, changed(rng, kind, document)
    for number in range(count):
        kind = "JCX"[number % 3]
        if kind == "X":
            document = any_xml(rng).encode()
        else:
            value = any_value(rng)
            document = as_json(rng, value) if kind == "J" else as_cbor(rng, value)
        yield kind, changed(rng, kind, document) if rng.random() < 0.5 else document

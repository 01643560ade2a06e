# SPDX-License-Identifier: Apache-2.0
"""Messages and their borders: pieces, pipelines, chunks, smuggling, garbage. RFC 9112, TS-0009 6.2.3.

After each hostile case the server still serves, on other connections and, where RFC 9112 lets it, on the same."""
import random
import socket
import struct
import sys
import time

from cse import run
from http_raw import Closed, Echo, equal, get, message, post, refused, wait_until

INSTANCE = {"m2m:cin": {"con": "21"}}
HEAD = b"POST /x HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
echo = None


def case_byte_by_byte():
    data = post("x?rcn=1", INSTANCE, ("X-M2M-Origin", "CAdmin"), ("X-M2M-RI", "r-1"))
    with echo.connect() as raw:
        for i in range(len(data)):
            raw.send(data[i:i + 1])
            if i % 16 == 0:
                time.sleep(0.001)
        found = raw.answer().primitive
        equal((found["fr"], found["rqi"], found["rcn"], found["pc"]), ("CAdmin", "r-1", 1, INSTANCE))


def case_every_split_in_two():
    data = post("x?rcn=1", INSTANCE, ("X-M2M-Origin", "CAdmin"), ("X-Long", "a" * 40))
    with echo.connect() as raw:
        raw.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(1, len(data)):
            raw.send(data[:i])
            time.sleep(0.0005)
            raw.send(data[i:])
            found = raw.answer().primitive
            equal((found["fr"], found["pc"], found["to"]), ("CAdmin", INSTANCE, "x"))


def case_keep_alive_and_close():
    with echo.connect() as raw:
        for i in range(20):
            raw.send(get(f"x/{i}"))
            equal(raw.answer().primitive["to"], f"x/{i}")
        raw.send(get("last", ("Connection", "close")))
        equal(raw.answer().headers["connection"], "close")
        equal(raw.is_closed(5), True)


def case_pipelined_answers_keep_their_order():
    with echo.connect() as raw:
        raw.send(get("slow/200") + get("a") + post("b", INSTANCE) + get("slow/50") + get("c") + message("DELETE", "/d"))
        raw.answer()
        equal(raw.answer().primitive["to"], "a")
        equal(raw.answer().primitive["to"], "b")
        raw.answer()
        equal(raw.answer().primitive["to"], "c")
        equal(raw.answer().primitive["op"], 4)


def case_changes_wait_for_what_was_asked_before():
    """RFC 9112 9.3.2: safe requests run side by side, others alone."""
    with echo.connect() as raw:
        begun = time.monotonic()
        raw.send(get("slow/300") * 4)
        for _ in range(4):
            raw.answer()
        if time.monotonic() - begun > 0.9:
            raise AssertionError("retrieves wait for each other")
        begun = time.monotonic()
        raw.send(message("DELETE", "/slow/100") * 4)
        for _ in range(4):
            raw.answer()
        if time.monotonic() - begun < 0.4:
            raise AssertionError("changes of one connection overtake each other")


def case_a_longer_pipeline_than_allowed_is_held_back():
    with Echo(sys.argv[1], pipelined_requests=4) as other:
        with other.connect() as raw:
            raw.send(get("slow/30") * 3 + b"".join(get(f"x/{i}") for i in range(500)))
            for _ in range(3):
                raw.answer()
            for i in range(500):
                equal(raw.answer().primitive["to"], f"x/{i}")
            raw.send(get("after"))
            equal(raw.answer().primitive["to"], "after")
        other.check_alive()


def case_chunks():
    """TS-0009 6.4.5: a body without Content-Length has a length all the same."""
    body = b'{"m2m:cin":{"con":"21"}}'
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    pieces = [b"%x\r\n%s\r\n" % (len(body), body), b"".join(b"1\r\n%c\r\n" % c for c in body),
              b"%X;ext=1\r\n%s\r\n" % (len(body), body), b"00%x\r\n%s\r\n" % (len(body), body)]
    with echo.connect() as raw:
        for piece in pieces:
            raw.send(head + piece + b"0\r\n\r\n")
            equal(raw.answer().primitive["pc"], INSTANCE)
        raw.send(head + pieces[0] + b"0\r\nX-M2M-Origin: CEvil\r\nX-M2M-RI: evil\r\n\r\n")
        found = raw.answer().primitive  # a trailer gives no parameter
        equal(("fr" in found, "rqi" in found), (False, False))


def case_broken_chunks():
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for bad in (b"x\r\n", b"-1\r\n", b"+1\r\na\r\n", b"ffffffffffffffffff\r\n", b"0x2\r\n{}\r\n", b"2\r\n{}x\r\n0\r\n\r\n",
                b"2 \r\n{}\r\n0\r\n\r\n", b"2\n{}\r\n0\r\n\r\n", b"\r\n", b";a\r\n", b"1\r\n{}\r\n0\r\n\r\n"):
        answer = echo.request(head + bad)
        equal((answer.status, answer.headers.get("connection")), (400, "close"))
    echo.check_alive()


def case_expect():
    body = b'{"m2m:cin":{"con":"21"}}'
    head = HEAD + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
    with echo.connect() as raw:
        for _ in range(2):
            raw.send(head)
            equal(raw.answer().status, 100)
            raw.send(body)
            equal(raw.answer().primitive["pc"], INSTANCE)
        raw.send(head + body)  # does not wait
        answer = raw.answer()
        if answer.status == 100:
            answer = raw.answer()
        equal(answer.status, 200)
    with echo.connect() as raw:  # 100 never overtakes the answer before it
        raw.send(get("slow/200") + head)
        equal(raw.answer().status, 200)
        equal(raw.answer().status, 100)
        raw.send(body)
        equal(raw.answer().status, 200)
    refused(echo.request(HEAD + b"Expect: 200-ok\r\nContent-Length: 1\r\n\r\n"), 417, 4000)
    answer = echo.request(b"POST /x HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nAccept: text/html\r\nContent-Length: 9\r\n\r\n")
    equal((answer.status, answer.headers["connection"]), (406, "close"))


SMUGGLING = {
    "length and chunked": HEAD + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
    "chunked and length": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nG",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    "two equal lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": HEAD + b"Content-Length: 2, 2\r\n\r\n{}",
    "length with a sign": HEAD + b"Content-Length: +2\r\n\r\n{}",
    "negative length": HEAD + b"Content-Length: -2\r\n\r\n{}",
    "length in hex": HEAD + b"Content-Length: 0x2\r\n\r\n{}",
    "huge length": HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n{}",
    "empty length": HEAD + b"Content-Length:\r\n\r\n{}",
    "chunked is not last": HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "two codings": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "blank before colon": HEAD + b"Content-Length : 2\r\n\r\n{}",
    "coding with blank before colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "folded coding": HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "folded field": b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin: CAE\r\n  CAdmin\r\n\r\n",
    "folded with tab": b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin: CAE\r\n\tCAdmin\r\n\r\n",
    "bare LF after request line": b"GET /x HTTP/1.1\nHost: t\r\n\r\n",
    "bare LF after field": b"GET /x HTTP/1.1\r\nHost: t\nX-M2M-Origin: CAdmin\r\n\r\n",
    "bare CR in a field": b"GET /x HTTP/1.1\r\nHost: t\r\nX-A: b\rX-M2M-Origin: CAdmin\r\n\r\n",
    "NUL in a value": b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin: C\0Admin\r\n\r\n",
    "NUL in a name": b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M\0Origin: C\r\n\r\n",
    "control in a value": b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin: C\x01\r\n\r\n",
    "no field name": b"GET /x HTTP/1.1\r\nHost: t\r\n: v\r\n\r\n",
    "field without colon": b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin\r\n\r\n",
    "blank before first field": b"GET /x HTTP/1.1\r\n Host: t\r\n\r\n",
    "no host": b"GET /x HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "NUL in target": b"GET /x\0y HTTP/1.1\r\nHost: t\r\n\r\n",
    "blank in target": b"GET /x y HTTP/1.1\r\nHost: t\r\n\r\n",
    "no version": b"GET /x\r\nHost: t\r\n\r\n",
    "lower case version": b"GET /x http/1.1\r\nHost: t\r\n\r\n",
    "version 1.0": b"GET /x HTTP/1.0\r\nHost: t\r\n\r\n",
    "version 2.0": b"GET /x HTTP/2.0\r\nHost: t\r\n\r\n",
    "version 1.10": b"GET /x HTTP/1.10\r\nHost: t\r\n\r\n",
    "http2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "unknown method": b"FOO /x HTTP/1.1\r\nHost: t\r\n\r\n",
    "lower case method": b"get /x HTTP/1.1\r\nHost: t\r\n\r\n",
    "tls client hello": bytes.fromhex("16030100c8010000c40303") + b"\x11" * 200,
    "garbage": b"\x00\x01\x02\x03" * 50 + b"\r\n\r\n",
    "text": b"hello\r\n\r\n",
    "bare LF at the end": b"GET /x HTTP/1.1\r\nHost: t\r\n\n",
    "bare LF twice": b"GET /x HTTP/1.1\r\nHost: t\n\n",
}


def case_smuggling_and_malformed():
    """TS-0009 6.2.3, 6.4.1, 6.4.5: one length, one Host, one version."""
    follower = get("smuggled")
    for name, data in SMUGGLING.items():
        with echo.connect() as raw:
            raw.send(data + follower)
            answer = raw.answer()
            if not (400 <= answer.status <= 505) or answer.rsc == 0 or b"smuggled" in answer.body:
                raise AssertionError(f"{name}: {answer}")
            if "host" in name:
                continue  # well framed: the connection may go on
            if answer.headers.get("connection") != "close":
                raise AssertionError(f"{name}: the connection stays open after {answer}")
            if not raw.is_closed(5) or raw.buffer:
                raise AssertionError(f"{name}: more came: {raw.buffer!r}")
        echo.check_alive()


def case_folded_lines_split_over_reads():
    for data in (b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin: CAE\r\n CAdmin\r\n\r\n",
                 b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin: CAE\r\n \t CAdmin\r\n\r\n",
                 b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin:\r\n CAdmin\r\n\r\n"):
        for i in range(20, len(data)):
            with echo.connect() as raw:
                raw.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                raw.send(data[:i])
                time.sleep(0.002)
                raw.send(data[i:])
                answer = raw.answer()
                if answer.status == 200 and "Admin" in answer.primitive.get("fr", ""):
                    raise AssertionError(f"folded at {i}: {answer}")


def case_upgrades_are_ignored():
    for fields in ((("Connection", "Upgrade"), ("Upgrade", "h2c")), (("Connection", "Upgrade, HTTP2-Settings"),
                   ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "x"))):
        with echo.connect() as raw:
            raw.send(get("x", *fields) + get("y"))
            equal(raw.answer().primitive["to"], "x")
            equal(raw.answer().primitive["to"], "y")


def case_truncated_requests():
    data = post("x", INSTANCE)
    before = echo.stats()
    for size in (1, 5, 20, 60, len(data) - 1):
        with echo.connect() as raw:
            raw.send(data[:size])
            raw.end()
            try:
                answer = raw.answer()
                raise AssertionError(f"answered {answer} to a part")
            except Closed:
                pass
    after = echo.stats()
    equal(after["served"], before["served"] + 1)  # the statistics themselves
    wait_until(lambda: echo.stats()["connections"] == 1)


def case_a_peer_that_leaves_cancels_its_calls():
    before = echo.stats()["cancelled"]
    with echo.connect() as raw:
        raw.send(get("never") + get("never"))
        wait_until(lambda: echo.stats()["in_flight"] == 3)
    wait_until(lambda: echo.stats()["cancelled"] == before + 2)
    with echo.connect() as raw:  # rudely
        raw.send(get("never", ("Connection", "close")))
        wait_until(lambda: echo.stats()["in_flight"] == 2)
        raw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: echo.stats()["cancelled"] == before + 3)
    wait_until(lambda: echo.stats()["in_flight"] == 1)


def case_large_answers_to_a_slow_reader():
    with echo.connect(60) as raw:
        raw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        raw.send(get("large/900000") * 8)
        time.sleep(0.3)
        for _ in range(8):
            equal(len(raw.answer().body), 900000 + len('{"m2m:cin":{"con":""}}'))
    equal(echo.request(get("large/1048577")).rsc, 5000)  # larger than a body may be
    echo.check_alive()


def case_random_bytes():
    source = random.Random(20260101)
    valid = [get("x"), post("x", INSTANCE), HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"]
    for _ in range(400):
        data = bytearray(b"".join(source.choice(valid) for _ in range(source.randint(1, 3))))
        for _ in range(source.randint(1, 6)):
            at = source.randrange(len(data))
            action = source.randrange(3)
            if action == 0:
                data[at] = source.randrange(256)
            elif action == 1:
                del data[at:at + source.randint(1, 8)]
            else:
                data[at:at] = bytes(source.randrange(256) for _ in range(source.randint(1, 8)))
            data = data or bytearray(b"x")
        with echo.connect() as raw:
            raw.send(bytes(data))
            raw.end()
            try:
                while True:
                    raw.answer()
            except Closed:
                pass
    echo.check_alive()
    wait_until(lambda: echo.stats()["in_flight"] == 1 and echo.stats()["connections"] == 1)


if __name__ == "__main__":
    with Echo(sys.argv[1]) as echo:
        run([value for name, value in list(globals().items()) if name.startswith("case_")])

# SPDX-License-Identifier: Apache-2.0
"""Each limit of the HTTP listener, by its configuration key: what a peer sees beyond it, and that others are
served meanwhile and afterwards."""
import socket
import sys
import time

from cse import run
from http_raw import Closed, Echo, equal, get, message, post, refused, wait_until


def limited(**limits):
    return Echo(sys.argv[1], **limits)


def case_header_size():
    with limited(header_size=1000) as echo:
        equal(echo.request(get("x", ("X-A", "a" * 900))).status, 200)
        for data in (get("x", ("X-A", "a" * 1000)), get("x" * 1000), get("x", ("A" * 1000, "b")),
                     get("x", *[("X-A", "a" * 90)] * 11), b"GET /" + b"x" * 5000):
            answer = refused(echo.request(data), 431, 4000)
            equal(answer.headers["connection"], "close")
        body = b"0\r\nX-T: " + b"t" * 1000 + b"\r\n\r\n"  # a trailer
        refused(echo.request(message("POST", "/x", [("Transfer-Encoding", "chunked")]) + body), 431, 4000)
        echo.check_alive()


def case_endless_head():
    """A head that never ends is cut off at its limit, not kept in memory."""
    with limited(header_size=16384) as echo:
        with echo.connect() as raw:
            try:
                raw.send(b"GET /x HTTP/1.1\r\nX-A: ")
                for _ in range(1000):
                    raw.send(b"a" * 65536)
            except OSError:
                pass
            else:
                raise AssertionError("64 MB of one head were taken")
        echo.check_alive()


def case_header_count():
    with limited(header_count=10) as echo:
        equal(echo.request(get("x", *[("X-A", "a")] * 9)).status, 200)  # and Host
        refused(echo.request(get("x", *[("X-A", "a")] * 10)), 431, 4000)
        echo.check_alive()


def case_body_size():
    """TS-0009 6.4.5."""
    with limited(body_size=1000) as echo:
        fits = b'{"m2m:cin":{"con":"' + b"x" * (1000 - 22) + b'"}}'
        equal(len(fits), 1000)
        answer = echo.request(post("empty", fits))
        equal(answer.status, 200)
        refused(echo.request(post("x", fits + b" ")), 413, 4000)
        head = message("POST", "/x", [("Content-Type", "application/json"), ("Content-Length", "1001")])
        answer = refused(echo.request(head), 413, 4000)  # before any of it came
        equal(answer.headers["connection"], "close")
        with echo.connect() as raw:  # nobody is asked to send what will not be taken
            raw.send(message("POST", "/x", [("Expect", "100-continue"), ("Content-Length", "1001")]))
            equal(raw.answer().status, 413)
        chunked = message("POST", "/x", [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
        refused(echo.request(chunked + b"1f4\r\n" + b" " * 500 + b"\r\n1f5\r\n" + b" " * 501), 413, 4000)
        refused(echo.request(chunked + b"fffffff\r\n" + b" " * 2000), 413, 4000)
        refused(echo.request(chunked + b"1;x=" + b"e" * 20000), 413, 4000)
        echo.check_alive()


def case_the_last_answer_reaches_a_peer_that_still_sends():
    with limited(body_size=1000) as echo:
        for _ in range(20):
            with echo.connect() as raw:
                try:
                    raw.send(message("POST", "/x", [("Content-Length", "900000")]) + b"x" * 300000)
                except OSError:
                    pass
                equal(raw.answer().status, 413)
        echo.check_alive()


def case_requests_in_flight():
    with limited(requests_in_flight=5) as echo:
        with echo.connect() as raw:
            raw.send(get("slow/600") * 5)
            time.sleep(0.2)
            with echo.connect() as other:
                other.send(get("x", ("X-M2M-RI", "7")))
                answer = refused(other.answer(), 503, 5000)
                equal((answer.headers["retry-after"], answer.headers["x-m2m-ri"]), ("1", "7"))
                for _ in range(5):
                    equal(raw.answer().status, 200)
                other.send(get("x"))  # the same connection is served afterwards
                equal(other.answer().status, 200)
        echo.check_alive()


def case_connections():
    with limited(connections=5) as echo:
        held = [echo.connect() for _ in range(5)]
        for raw in held:
            raw.send(get("x"))
            raw.answer()
        with echo.connect() as more:
            equal(more.is_closed(5), True)
        held[0].send(get("stats"))
        words = held[0].answer().json["m2m:dbg"].split()
        equal(words[words.index("refused") + 1], "1")
        for raw in held:
            raw.sock.close()
        wait_until(lambda: works(echo))


def works(echo):
    try:
        echo.check_alive()
        return True
    except (Closed, OSError):
        return False


def case_connections_per_address():
    with limited(connections_per_address=3) as echo:
        held = [echo.connect() for _ in range(3)]
        for raw in held:
            raw.send(get("x"))
            raw.answer()
        with echo.connect() as more:
            equal(more.is_closed(5), True)
        elsewhere = socket.socket()
        elsewhere.bind(("127.0.0.2", 0))
        elsewhere.settimeout(5)
        elsewhere.connect(("127.0.0.1", echo.port))
        elsewhere.sendall(get("x"))
        equal(elsewhere.recv(100)[:12], b"HTTP/1.1 200")
        elsewhere.close()
        held.pop().sock.close()
        wait_until(lambda: works(echo))
        for raw in held:
            raw.sock.close()


def case_idle_timeout():
    with limited(idle_timeout_ms=400, header_timeout_ms=60000) as echo:
        with echo.connect() as raw:
            raw.send(get("x"))
            raw.answer()
            begun = time.monotonic()
            equal(raw.is_closed(5), True)
            check_between(time.monotonic() - begun, 0.35, 2)
        with echo.connect() as raw:  # a call under way is not idle
            raw.send(get("slow/1500"))
            equal(raw.answer().status, 200)
        with echo.connect() as raw:  # nor is one who asks now and then
            for _ in range(8):
                raw.send(get("x"))
                equal(raw.answer().status, 200)
                time.sleep(0.15)
        echo.check_alive()


def check_between(value, low, high):
    if not low <= value <= high:
        raise AssertionError(f"{value} is not between {low} and {high}")


def case_header_timeout():
    with limited(header_timeout_ms=500) as echo:
        silent = echo.connect()
        blank = echo.connect()
        slow = echo.connect()
        begun = time.monotonic()
        data = get("x", ("X-A", "a" * 200))
        at, answered = 0, None
        while time.monotonic() - begun < 5 and answered is None:  # an octet now and then buys no time
            try:
                slow.send(data[at:at + 1])
                blank.send(b"\r\n")
            except OSError:
                pass
            at += 1
            time.sleep(0.05)
            slow.sock.setblocking(False)
            try:
                answered = slow.sock.recv(4096)
            except BlockingIOError:
                pass
            slow.sock.setblocking(True)
        check_between(time.monotonic() - begun, 0.45, 2)
        if b"HTTP/1.1 408 \r\n" not in answered or b"X-M2M-RSC: 4008\r\n" not in answered:
            raise AssertionError(f"{answered!r}")
        equal((silent.is_closed(2), blank.is_closed(2)), (True, True))
        for raw in (silent, blank, slow):
            raw.sock.close()
        with echo.connect() as raw:  # the second head of a connection
            raw.send(get("x"))
            raw.answer()
            raw.send(b"GET /x HTTP/1.1\r\n")
            refused(raw.answer(), 408, 4008)
        echo.check_alive()


def case_body_timeout():
    with limited(body_timeout_ms=500) as echo:
        for framing in (("Content-Length", "1000"), ("Transfer-Encoding", "chunked")):
            with echo.connect() as raw:
                begun = time.monotonic()
                raw.send(message("POST", "/x", [("Content-Type", "application/json"), framing]))
                refused(raw.answer(), 408, 4008)
                check_between(time.monotonic() - begun, 0.45, 2)
                equal(raw.is_closed(5), True)
        echo.check_alive()


def case_many_slow_senders_do_not_stop_others():
    with limited(header_timeout_ms=1000, connections_per_address=500) as echo:
        held = [echo.connect() for _ in range(300)]
        for raw in held:
            raw.send(b"GET /x HTTP/1.1\r\nHost: t\r\n")
        for _ in range(20):
            echo.check_alive()
        wait_until(lambda: echo.stats()["connections"] == 1)
        for raw in held:
            raw.sock.close()


def case_write_timeout():
    with limited(write_timeout_ms=500, idle_timeout_ms=60000) as echo:
        raw = echo.connect()
        raw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.send(get("large/1000000") * 8)
        begun = time.monotonic()
        wait_until(lambda: echo.stats()["connections"] == 1, 10)
        check_between(time.monotonic() - begun, 0.2, 5)
        raw.sock.close()
        echo.check_alive()


def case_pipelined_requests():
    """The ninth request of a connection is not even read while eight wait."""
    with limited(pipelined_requests=8, requests_in_flight=100) as echo:
        with echo.connect() as raw:
            raw.send(get("slow/500") * 30)
            time.sleep(0.25)
            equal(echo.stats()["in_flight"], 9)
            for _ in range(30):
                equal(raw.answer().status, 200)
        echo.check_alive()


def case_request_memory():
    with limited(request_memory=20000) as echo:
        equal(echo.request(post("empty", {"m2m:cin": {"con": "x" * 1000}})).status, 200)
        answer = echo.request(post("x", {"m2m:cin": {"lbl": ["x"] * 2000}}))
        equal((answer.status, answer.rsc), (500, 5000))
        answer = echo.request(get("large/50000"))  # no memory for the content
        equal(answer.status, 200)
        echo.check_alive()


def case_document_limits():
    with limited(wire_depth=5, wire_members=10, wire_values=100) as echo:
        equal(echo.request(post("x", {"m2m:cin": {"lbl": ["x"] * 9}})).status, 200)
        refused(echo.request(post("x", {"m2m:cin": {"lbl": ["x"] * 11}})), 400, 4000)
        refused(echo.request(post("x", {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}})), 400, 4000)
        refused(echo.request(post("x", {str(i): {str(j): 1 for j in range(10)} for i in range(10)})), 400, 4000)
        echo.check_alive()


def case_draining_finishes_what_is_under_way():
    with limited() as echo:
        import signal
        idle, busy = echo.connect(), echo.connect()
        idle.send(get("x"))
        idle.answer()
        busy.send(get("slow/700"))
        time.sleep(0.2)
        echo.process.send_signal(signal.SIGTERM)
        equal(idle.is_closed(3), True)
        answer = busy.answer()
        equal((answer.status, answer.headers["connection"]), (200, "close"))
        equal(busy.is_closed(3), True)
        equal(echo.process.wait(5), 0)
        idle.sock.close()
        busy.sock.close()


if __name__ == "__main__":
    run([value for name, value in list(globals().items()) if name.startswith("case_")])

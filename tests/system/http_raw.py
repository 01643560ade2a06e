# SPDX-License-Identifier: Apache-2.0
"""What the tests of the HTTP binding share: http_echo as a process, and raw bytes to it and back."""
import json
import signal
import socket
import ssl
import subprocess
import time


class Echo:
    """http_echo with some limits; it must end cleanly, sanitizers included."""

    def __init__(self, program, *arguments, **limits):
        command = [program, *arguments]
        for name, value in limits.items():
            command += ["--set", f"{name.replace('_', '-')}={value}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        if not line.startswith("port "):
            raise AssertionError("http_echo did not start: " + self.process.stderr.read().decode())
        self.port = int(line.split()[1])

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            _, errors = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise AssertionError("http_echo does not end") from None
        if kind is None and (self.process.returncode != 0 or errors):
            raise AssertionError(f"http_echo ended with {self.process.returncode}\n" + errors.decode()[-4000:])

    def connect(self, timeout=10):
        return Raw(socket.create_connection(("127.0.0.1", self.port), timeout))

    def stats(self):
        words = self.request(get("stats")).json["m2m:dbg"].split()
        return {name: int(value) for name, value in zip(words[::2], words[1::2])}

    def request(self, data):
        """One request on a connection of its own."""
        with self.connect() as raw:
            raw.send(data)
            return raw.answer()

    def check_alive(self):
        answer = self.request(get("alive"))
        if answer.status != 200 or answer.rsc != 2000 or answer.primitive["to"] != "alive":
            raise AssertionError(f"no longer serves: {answer}")


class Reply:
    def __init__(self, status, headers, body, line):
        self.status, self.headers, self.body, self.line = status, headers, body, line

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:200]!r}"

    @property
    def rsc(self):
        return int(self.headers.get("x-m2m-rsc", "0"))

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def primitive(self):
        """The request as it arrived at the link."""
        return self.json["m2m:rqp"]


class Closed(Exception):
    """The connection ended before an answer."""


class Raw:
    """A connection, byte by byte."""

    def __init__(self, sock):
        self.sock, self.buffer = sock, b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def more(self):
        try:
            data = self.sock.recv(65536)
        except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
            data = b""
        self.buffer += data
        return bool(data)

    def take(self, size):
        while len(self.buffer) < size:
            if not self.more():
                raise Closed(f"after {self.buffer!r}")
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def answer(self, head_only=False):
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                raise Closed(f"after {self.buffer!r}")
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        line, *fields = head.decode("latin-1").split("\r\n")
        version, status, reason = line.split(" ", 2)
        assert version == "HTTP/1.1" and reason == "", line
        headers = {}
        for field in fields:
            name, value = field.split(": ", 1)
            assert name.lower() not in headers, f"{name} twice"
            headers[name.lower()] = value
        if int(status) < 200:
            return Reply(int(status), headers, b"", line)
        size = 0 if head_only else int(headers.get("content-length", "0"))
        return Reply(int(status), headers, self.take(size), line)

    def is_closed(self, within):
        """Nothing more comes and the peer has ended, within so many seconds."""
        self.sock.settimeout(within)
        try:
            return not self.more()
        except (socket.timeout, TimeoutError):
            return False

    def end(self):
        self.sock.shutdown(socket.SHUT_WR)


def message(method, target, headers=(), body=b"", version="HTTP/1.1", host=True):
    lines = [f"{method} {target} {version}"]
    if host:
        lines.append("Host: test")
    lines += [f"{name}: {value}" for name, value in headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + body


def get(target, *headers):
    return message("GET", "/" + target, headers)


def post(target, content, *headers):
    headers = list(headers)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json;ty=4"))
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return message("POST", "/" + target, headers, body)


def equal(found, wanted):
    if found != wanted:
        raise AssertionError(f"{wanted!r} expected, found {found!r}")


def refused(answer, status, rsc):
    """An error of the binding: status, X-M2M-RSC and a text without internals."""
    equal((answer.status, answer.rsc), (status, rsc))
    if answer.body:
        text = answer.json["m2m:dbg"]
        if any(word in text for word in (".c:", "0x", "/work", "llhttp")):
            raise AssertionError(f"internals in {text!r}")
    return answer


def wait_until(condition, seconds=5):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("did not happen in time")

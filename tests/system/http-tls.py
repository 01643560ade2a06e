# SPDX-License-Identifier: Apache-2.0
"""The HTTPS listener against other implementations: OpenSSL (Python's ssl, s_client, curl) and GnuTLS.
TS-0003 10.2: TLS 1.2 and 1.3, forward secrecy; nothing older, nothing weaker, no renegotiation."""
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time

from cse import run
from http_raw import Closed, Echo, Raw, equal, get, post, wait_until

folder = tempfile.TemporaryDirectory(prefix="antipolis-tls-")
echo = None


def path(name):
    return os.path.join(folder.name, name)


def command(*words, stdin=b"", check=True, timeout=20):
    done = subprocess.run(words, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError(f"{words}: {done.stdout.decode(errors='replace')}")
    return done


def make_certificate(name, subject, *options):
    command("openssl", "req", "-x509", "-nodes", "-days", "2", "-keyout", path(name + ".key"), "-out", path(name + ".crt"),
            "-subj", "/CN=" + subject, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", *options)


def context(**changes):
    result = ssl.create_default_context(cafile=path("ec.crt"))
    result.set_ciphers("DEFAULT:@SECLEVEL=0")
    for name, value in changes.items():
        setattr(result, name, value)
    return result


def connect(tls=None, server=None, timeout=10):
    sock = socket.create_connection(("127.0.0.1", (server or echo).port), timeout)
    return Raw((tls or context()).wrap_socket(sock, server_hostname="127.0.0.1"))


def refused(attempt):
    try:
        with attempt() as raw:
            raw.send(get("x"))
            raw.answer()
    except (ssl.SSLError, OSError, Closed):
        return
    raise AssertionError("was not refused")


def check_alive():
    with connect() as raw:
        raw.send(get("alive"))
        equal(raw.answer().primitive["to"], "alive")


def case_versions():
    """TS-0009 7.2; TS-0003 10.2.1: TLS 1.2, and 1.3."""
    for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        with connect(context(minimum_version=version, maximum_version=version)) as raw:
            equal(raw.sock.version(), name)
            for i in range(3):
                raw.send(post(f"x/{i}", {"m2m:cin": {"con": "1"}}))
                equal(raw.answer().primitive["to"], f"x/{i}")


def case_old_versions_are_refused():
    """TS-0009 7.2; TS-0003 10.2.1."""
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            refused(lambda version=version: connect(context(minimum_version=version, maximum_version=version)))
    check_alive()


def case_weak_suites_are_refused():
    """TS-0003 10.2.3: ECDHE only, and what is authenticated."""
    for suite in ("AES128-SHA256", "AES256-GCM-SHA384", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA",
                  "ECDHE-ECDSA-AES128-SHA", "PSK-AES128-GCM-SHA256", "ADH-AES128-SHA", "NULL-SHA256"):
        tls = context(maximum_version=ssl.TLSVersion.TLSv1_2)
        try:
            tls.set_ciphers(suite + ":@SECLEVEL=0")
        except ssl.SSLError:
            continue  # OpenSSL itself has it no more
        for server in (echo, rsa_echo):
            tls.load_verify_locations(path("rsa.crt"))
            refused(lambda tls=tls, server=server: connect(tls, server))
    check_alive()


def case_keys_shared_before_are_not_offered():
    """TS-0003 10.2.2: nobody has such a key with this server, so no suite for one is agreed to."""
    for suite in ("PSK-AES128-CBC-SHA256", "ECDHE-PSK-AES128-CBC-SHA256", "PSK-AES128-GCM-SHA256", "PSK-AES128-CCM8"):
        done = command("openssl", "s_client", "-connect", f"127.0.0.1:{echo.port}", "-tls1_2", "-psk", "00" * 16,
                       "-psk_identity", "x", "-cipher", suite + ":@SECLEVEL=0", check=False)
        equal((done.returncode != 0, b"alert" in done.stdout), (True, True))
    check_alive()


def case_mandatory_suite():
    """TS-0003 10.2.3."""
    tls = context(maximum_version=ssl.TLSVersion.TLSv1_2)
    tls.set_ciphers("ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0")
    with connect(tls) as raw:
        raw.send(get("x"))
        equal(raw.answer().status, 200)


def case_rsa_certificate():
    with connect(ssl.create_default_context(cafile=path("rsa.crt")), rsa_echo) as raw:
        raw.send(get("x"))
        equal(raw.answer().status, 200)


def case_plain_bytes_on_the_tls_port():
    """TS-0009 7.2: there is no HTTP without TLS here."""
    for data in (get("x"), b"\x00" * 100, b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x01\xff\xff" + b"x" * 70000, b"\x15\x03\x03\x00\x02\x02\x28"):
        with Raw(socket.create_connection(("127.0.0.1", echo.port), 10)) as raw:
            try:
                raw.send(data)
            except OSError:
                pass
            equal(b"HTTP" in read_all(raw), False)
        check_alive()


def read_all(raw):
    try:
        while raw.more():
            pass
    except OSError:
        pass
    return raw.buffer


def case_random_records():
    import random
    source = random.Random(1)
    for _ in range(60):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = context().wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            pass
        hello = bytearray(outgoing.read())
        for _ in range(source.randint(1, 5)):
            hello[source.randrange(len(hello))] = source.randrange(256)
        with Raw(socket.create_connection(("127.0.0.1", echo.port), 10)) as raw:
            raw.send(bytes(hello[:source.randint(1, len(hello))]))
            raw.end()
            read_all(raw)
    check_alive()


def case_handshake_byte_by_byte():
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context().wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with Raw(socket.create_connection(("127.0.0.1", echo.port), 10)) as raw:
        raw.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def turn(step):
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    for octet in outgoing.read():
                        raw.send(bytes([octet]))
                    if not raw.more():
                        raise AssertionError("closed in the middle") from None
                    incoming.write(raw.buffer)
                    raw.buffer = b""

        turn(client.do_handshake)
        client.write(get("x"))
        equal(turn(lambda: client.read(12)), b"HTTP/1.1 200")


def case_large_bodies_both_ways():
    with connect(timeout=30) as raw:
        content = {"m2m:cin": {"con": "y" * 700000}}
        raw.send(post("x", content))
        equal(raw.answer().primitive["pc"], content)
        raw.send(get("large/1000000") * 4)
        for _ in range(4):
            equal(len(raw.answer().body), 1000022)


def case_session_tickets():
    tls = context(maximum_version=ssl.TLSVersion.TLSv1_2)
    with connect(tls) as raw:
        raw.send(get("x"))
        raw.answer()
        session = raw.sock.session
    sock = socket.create_connection(("127.0.0.1", echo.port), 10)
    with Raw(tls.wrap_socket(sock, server_hostname="127.0.0.1", session=session)) as raw:
        raw.send(get("x"))
        equal((raw.answer().status, raw.sock.session_reused), (200, True))


def case_close_notify():
    with connect() as raw:
        raw.send(get("x", ("Connection", "close")))
        raw.answer()
        equal(raw.sock.recv(10), b"")  # an orderly end, not a cut
    with connect() as raw:
        raw.send(get("x"))
        raw.answer()
        plain = raw.sock.unwrap()  # our close-notify is answered
        plain.close()


def case_handshake_timeout():
    with Echo(sys.argv[1], "--tls", path("ec.crt"), path("ec.key"), header_timeout_ms=500) as other:
        with Raw(socket.create_connection(("127.0.0.1", other.port), 10)) as raw:
            begun = time.monotonic()
            equal(raw.is_closed(5), True)
            if not 0.4 < time.monotonic() - begun < 3:
                raise AssertionError("no time-out of the handshake")


def case_no_renegotiation():
    done = command("openssl", "s_client", "-connect", f"127.0.0.1:{echo.port}", "-tls1_2", "-CAfile", path("ec.crt"),
                   "-quiet", stdin=b"GET /x HTTP/1.1\r\nHost: t\r\n", check=False)
    process = subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{echo.port}", "-tls1_2", "-CAfile",
                                path("ec.crt")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    time.sleep(0.7)
    process.stdin.write(b"R\n")
    process.stdin.flush()
    time.sleep(0.7)
    output, _ = process.communicate(timeout=10)
    if process.returncode == 0 and b"no renegotiation" not in output and b"alert" not in output:
        raise AssertionError(output.decode(errors="replace")[-600:])
    equal(done.returncode is not None, True)
    check_alive()


def case_curl_and_gnutls():
    url = f"https://127.0.0.1:{echo.port}/x"
    answer = command("curl", "-sS", "--cacert", path("ec.crt"), url).stdout
    equal(b'"to":"x"' in answer, True)
    equal(command("curl", "-sS", "--cacert", path("other.crt"), url, check=False).returncode, 60)
    process = subprocess.Popen(["gnutls-cli", "--x509cafile", path("ec.crt"), "-p", str(echo.port), "127.0.0.1"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    process.stdin.write(get("x", ("Connection", "close")))
    process.stdin.flush()
    time.sleep(1)
    output, _ = process.communicate(timeout=10)
    equal(b"HTTP/1.1 200" in output, True)


def case_bad_files_are_refused():
    for certificate, key in (("ec.crt", "rsa.key"), ("ec.key", "ec.crt"), ("absent", "ec.key"), ("ec.crt", "absent")):
        done = command(sys.argv[1], "--tls", path(certificate), path(key), check=False)
        equal((done.returncode, b"http_echo: tls" in done.stdout), (2, True))


def case_nothing_is_left_open():
    wait_until(lambda: stats()["connections"] == 1)


def stats():
    with connect() as raw:
        raw.send(get("stats"))
        words = raw.answer().json["m2m:dbg"].split()
    return {name: int(value) for name, value in zip(words[::2], words[1::2])}


if __name__ == "__main__":
    make_certificate("ec", "localhost", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    make_certificate("rsa", "localhost", "-newkey", "rsa:2048")
    make_certificate("other", "other", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    with Echo(sys.argv[1], "--tls", path("ec.crt"), path("ec.key")) as echo, \
         Echo(sys.argv[1], "--tls", path("rsa.crt"), path("rsa.key")) as rsa_echo:
        run([value for name, value in list(globals().items()) if name.startswith("case_")])

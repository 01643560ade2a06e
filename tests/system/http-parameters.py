# SPDX-License-Identifier: Apache-2.0
"""Request and response parameters in methods, paths, queries and header fields. TS-0009 6.2 to 6.5."""
import sys

from cse import run
from http_raw import Echo, equal, get, message, post, refused

INSTANCE = {"m2m:cin": {"con": "21"}}
echo = None


def case_methods():
    """TS-0009 6.2.1: POST is CREATE with a type and NOTIFY without."""
    json_type = ("Content-Type", "application/json")
    body = b'{"m2m:cnt":{"mni":1}}'
    equal(echo.request(post("x", INSTANCE)).primitive["op"], 1)
    equal(echo.request(get("x")).primitive["op"], 2)
    equal(echo.request(message("PUT", "/x", [json_type], body)).primitive["op"], 3)
    equal(echo.request(message("DELETE", "/x")).primitive["op"], 4)
    equal(echo.request(message("POST", "/x", [json_type], b'{"m2m:sgn":{}}')).primitive["op"], 5)
    ty = ("Content-Type", "application/json; ty=3")
    equal("ty" in echo.request(message("PUT", "/x", [ty], body)).primitive, False)


def case_other_methods_are_refused():
    for method in ("PATCH", "TRACE", "OPTIONS", "MKCOL", "CONNECT"):
        answer = refused(echo.request(message(method, "/x")), 405, 4005)
        equal(answer.headers["allow"], "GET, POST, PUT, DELETE")
    with echo.connect() as raw:  # HEAD has no body, and the connection goes on
        raw.send(message("HEAD", "/x"))
        answer = raw.answer(head_only=True)
        equal((answer.status, answer.rsc), (405, 4005))
        raw.send(get("x"))
        equal(raw.answer().status, 200)


def case_paths():
    """TS-0009 6.2.2.1; TS-0009 6.6 for the absolute form."""
    rows = {
        "/cse-in/ae/cnt": "cse-in/ae/cnt",
        "/cnt123": "cnt123",
        "/-": "-",
        "/-/ae": "-/ae",
        "/~/id-in/cse-in/ae": "/id-in/cse-in/ae",
        "/~/id-in": "/id-in",
        "/_/sp.example/id-in/-/x": "//sp.example/id-in/-/x",
        "/cse-in/": "cse-in",
        "/%7E/id-in/%63se": "/id-in/cse",
        "/a%20b": "a b",
        "/caf%C3%A9": "café",
        "http://test/cse-in/x": "cse-in/x",
        "HTTP://test:80/~/id-in/x": "/id-in/x",
    }
    for path, to in rows.items():
        equal(echo.request(message("GET", path)).primitive["to"], to)


def case_bad_paths():
    """TS-0009 6.2.2.1: what no To maps to, or more than one."""
    for path in ("/a//b", "//id-in/x", "/~", "/~/", "/_", "/%", "/%4", "/%zz", "/%00", "/a%0d%0aX:y",
                 "/%ff", "/%C3%28", "/~//x", "/~/%2Fx", "*", "http://test", "ftp://test/x", "/x%7f"):
        refused(echo.request(message("GET", path)), 400, 4000)
    for fragment in ("/x#y", "/x?rcn=1#y"):
        refused(echo.request(message("GET", fragment)), 400, 4000)


def case_query():
    """TS-0009 6.2.2.2, Table 6.2.2.2-1."""
    found = echo.request(get("x?rcn=4&drt=2&rt=3&rp=1000&fu=1&ty=2+3&ty=4&lbl=a&lbl=b+c&lvl=2&lim=9&ofst=2&fo=2"
                             "&crb=20260101T000000&sza=5&cty=text/plain&cr=Cabc&c.rn=kid&p.rn=x&rids=r1+r2"
                             "&tids=t1&da=true&ms=20250101T000000")).primitive
    equal((found["rcn"], found["drt"], found["rt"], found["rids"], found["da"]),
          (4, 2, {"rtv": 3}, ["r1", "r2"], True))
    wanted = {"fu": 1, "ty": [2, 3, 4], "lbl": ["a", "b", "c"], "lvl": 2, "lim": 9, "ofst": 2, "fo": 2,
              "crb": "20260101T000000", "sza": 5, "cty": ["text/plain"]}
    equal({name: found["fc"].get(name) for name in wanted}, wanted)
    equal(found["fc"]["atr"][0]["nm"], "cr")
    equal(found["fc"]["catr"][0]["nm"], "rn")
    equal(echo.request(get("x?lbl=%C3%A9%26%3D")).primitive["fc"]["lbl"], ["é&="])
    equal(echo.request(get("x?&&rcn=1&")).primitive["rcn"], 1)


def case_partial_retrieve():
    """TS-0009 6.5: an attribute list travels in the target, not in a body."""
    equal(echo.request(get("x?atrl=ri+rn+lbl")).primitive["pc"], {"m2m:atrl": ["ri", "rn", "lbl"]})
    equal(echo.request(get("x?atrl=ri")).primitive["pc"], {"m2m:atrl": ["ri"]})
    refused(echo.request(get("x?atrl=")), 400, 4000)
    refused(echo.request(message("DELETE", "/x?atrl=ri")), 400, 4000)


def case_bad_queries():
    for query in ("rcn=x", "rcn=99999999999999999999", "nosuchname=1", "rqi=1",
                  "ty=", "lim=-1", "=1", "rcn=%", "rcn=1%00", "lbl=%ff", "drt=9", "fu=x"):
        refused(echo.request(get("x?" + query)), 400, 4000)


def case_a_query_sets_no_header_parameter():
    found = echo.request(get("x?fr=CAdmin&to=/y&op=4", ("X-M2M-Origin", "CMe"))).primitive
    equal((found["fr"], found["to"], found["op"]), ("CMe", "x", 2))  # they are attribute conditions there


def case_host():
    """TS-0009 6.4.1: exactly one Host, whoever it names; the target alone says what is meant."""
    for host in ("t", "antipolis.example:8080", "[::1]:8080", "127.0.0.1"):
        raw = f"GET /x HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        equal(echo.request(raw).primitive["to"], "x")
    refused(echo.request(b"GET /x HTTP/1.1\r\n\r\n"), 400, 4000)
    refused(echo.request(b"GET /x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400, 4000)


def case_header_fields():
    """TS-0009 6.4.7, 6.4.8, 6.4.10 to 6.4.16, 6.4.19, 6.4.22, 6.4.23: each field is its parameter, whatever its case."""
    found = echo.request(post(
        "x?rt=2", INSTANCE, ("X-M2M-Origin", "CAdmin"), ("x-m2m-ri", "r-1"), ("X-M2M-RVI", "3"),
        ("X-M2M-GID", "g"), ("X-M2M-RTU", "http://a/x&http://b/y"), ("X-M2M-OT", "20260101T000000"),
        ("X-M2M-RST", "20300101T000000"), ("X-M2M-RET", "5000"), ("X-M2M-OET", "20260101T000001"),
        ("X-M2M-EC", "4"), ("X-M2M-VSI", "v 1"), ("Authorization", "a.b.c+ d.e.f"), ("X-Unknown", "y"))).primitive
    wanted = {"op": 1, "fr": "CAdmin", "rqi": "r-1", "rvi": "3", "gid": "g", "ty": 4, "ot": "20260101T000000",
              "rset": "20300101T000000", "rqet": "5000", "oet": "20260101T000001", "ec": 4, "vsi": "v 1",
              "rt": {"rtv": 2, "nu": ["http://a/x", "http://b/y"]}, "tkns": ["a.b.c", "d.e.f"], "pc": INSTANCE}
    equal({name: found.get(name) for name in wanted}, wanted)


def case_origin_absent_or_empty():
    """TS-0009 6.4.7."""
    equal("fr" in echo.request(get("x")).primitive, False)
    equal("fr" in echo.request(get("x", ("X-M2M-Origin", ""))).primitive, False)
    equal("fr" in echo.request(get("x", ("X-M2M-Origin", "   "))).primitive, False)


def case_bad_header_fields():
    """TS-0009 6.4.7, 6.4.8, 6.4.11 to 6.4.16, 6.4.22: values of the wrong type, fields that stand twice."""
    for field in (("X-M2M-EC", "many"), ("X-M2M-OT", "yesterday"), ("X-M2M-RET", "soon"), ("X-M2M-RST", "20261332T000000"),
                  ("X-M2M-OET", "1;2")):
        refused(echo.request(get("x", field)), 400, 4000)
    for name in ("X-M2M-Origin", "X-M2M-RI", "X-M2M-RVI", "Content-Type", "X-M2M-RTU", "Authorization"):
        refused(echo.request(get("x", (name, "a.b"), (name.upper(), "c.d"))), 400, 4000)
    raw = b"GET /x HTTP/1.1\r\nHost: t\r\nX-M2M-Origin: C\xff\xfe\r\n\r\n"
    refused(echo.request(raw), 400, 4000)


def case_credentials_of_other_schemes_are_no_tokens():
    """TS-0009 6.4.19, 7.1: HTTP credentials identify nobody."""
    for value in ("Basic dXNlcjpwYXNz", "Digest a=b, c=d", "Negotiate abc"):
        equal("tkns" in echo.request(get("x", ("Authorization", value))).primitive, False)
    equal(echo.request(get("x", ("Authorization", "Bearer a.b.c"))).primitive["tkns"], ["a.b.c"])


def case_content_types():
    """TS-0009 6.4.3."""
    import cbor2
    equal(echo.request(post("x", cbor2.dumps(INSTANCE), ("Content-Type", "application/cbor; ty=4"),
                            ("Accept", "application/json"))).primitive["pc"], INSTANCE)
    xml = b'<m2m:cin xmlns:m2m="http://www.onem2m.org/xml/protocols"><con>21</con></m2m:cin>'
    for media in ("application/xml", "application/vnd.onem2m-res+xml"):
        equal(echo.request(post("x", xml, ("Content-Type", media + ";ty=4"),
                                ("Accept", "application/json"))).primitive["pc"], INSTANCE)
    for media in ("application/json", "application/vnd.onem2m-res+json", "APPLICATION/JSON"):
        equal(echo.request(post("x", INSTANCE, ("Content-Type", media + " ; charset=utf-8; TY=4"))).primitive["pc"],
              INSTANCE)


def case_unknown_content_types():
    """TS-0009 6.4.3, TS-0004 7.3.3.1."""
    for media in ("text/plain", "application/x-www-form-urlencoded", "", "nonsense", "application/jsonx;ty=4"):
        refused(echo.request(post("x", INSTANCE, ("Content-Type", media))), 415, 4015)
    refused(echo.request(message("POST", "/x", [], b"{}")), 415, 4015)
    for ty in ("x", "", "-1", "4x", "99999999999999999999"):
        refused(echo.request(post("x", INSTANCE, ("Content-Type", "application/json;ty=" + ty))), 400, 4000)
    refused(echo.request(post("x", INSTANCE, ("Content-Type", "application/json;ty=4;ty=5"))), 400, 4000)


def case_bodies_that_do_not_parse():
    for body in (b"{", b'{"a":1', b'{"a":1}x', b"\xff", b'{"m2m:cin":{"con":"\xff"}}', b"[" * 100, b"[1]", b"1"):
        refused(echo.request(post("x", body)), 400, 4000)
    refused(echo.request(message("GET", "/x", [("Content-Type", "application/json")], b"{}")), 400, 4000)
    refused(echo.request(message("DELETE", "/x", [("Content-Type", "application/json")], b"{}")), 400, 4000)
    echo.check_alive()


def case_accept():
    """TS-0009 6.4.2, 6.4.3."""
    rows = {
        "application/json": "application/json",
        "application/xml": "application/xml",
        "application/cbor": "application/cbor",
        "application/vnd.onem2m-res+json": "application/vnd.onem2m-preq+json",
        "application/vnd.onem2m-prsp+cbor": "application/vnd.onem2m-preq+cbor",
        "text/html, application/xml;q=0.5, application/cbor;q=0.9": "application/cbor",
        "application/xml;q=0.9, application/json;q=0.9": "application/xml",
        "*/*": "application/json",
        "application/*": "application/json",
        "application/xml, */*": "application/xml",
        "application/xml;q=0.1, */*": "application/json",
        "text/html, */*;q=0.1": "application/json",
        "application/json;q=0, application/cbor": "application/cbor",
    }
    for accept, media in rows.items():
        answer = echo.request(get("x", ("Accept", accept)))
        equal((answer.status, answer.headers["content-type"]), (200, media))
    equal(echo.request(get("x")).headers["content-type"], "application/json")
    answer = echo.request(message("PUT", "/x", [("Content-Type", "application/cbor")], b"\xa1ga1234:a\x01"[:1] + b"\x61a\x01"))
    equal(answer.headers["content-type"], "application/cbor")  # no Accept: as the request came
    answer = echo.request(get("x", ("Accept", "text/html"), ("Accept", "application/cbor")))
    equal(answer.headers["content-type"], "application/cbor")


def case_nothing_acceptable():
    """TS-0009 6.4.2, TS-0004 7.3.3.1."""
    for accept in ("text/html", "application/json;q=0", "", "application/json;q=x", "*/*;q=0"):
        answer = echo.request(get("x", ("Accept", accept)))
        equal((answer.status, answer.rsc, answer.body), (406, 5207, b""))


def case_statuses():
    """TS-0009 6.3.2, the whole of Table 6.3.2-1, and codes that it does not list; TS-0009 6.4.17: the code itself.
    TS-0009 6.3.3: http_raw insists on an empty reason phrase in every answer."""
    listed = {
        200: (2000, 2002, 2004), 201: (2001,), 202: (1000, 1001, 1002),
        400: (4000, 4102, 4110, 4120, 4122, 4123, 4143, 6010, 6022, 6023, 6024),
        403: (4101, 4103, 4106, 4107, 4108, 4109, 4111, 4112, 4113, 4114, 4115, 4116, 4117, 4126, 4127, 5105, 5203, 5205,
              5208, 5214, 5215, 5218, 5222),
        404: (4004, 4118, 4119, 4121, 5103, 5107, 6003, 6005), 405: (4005,), 406: (5207,),
        409: (4104, 4105, 4124, 5106, 5219, 5220, 6028, 6029), 415: (4015,),
        500: (5000, 5204, 5209, 5210, 5211, 5212, 5216, 5217, 5221, 6020, 6021, 6025, 6026),
        501: (4001, 4125, 5001, 5206), 504: (4008, 6030, 6031),
    }
    rows = {rsc: status for status, codes in listed.items() for rsc in codes}
    rows |= {4128: 403, 4999: 400, 5999: 500, 6999: 500}
    for rsc, status in rows.items():
        answer = echo.request(get(f"rsc/{rsc}"))
        equal((answer.status, answer.rsc, answer.headers["content-length"]), (status, rsc, "0"))
        equal(answer.line, f"HTTP/1.1 {status} ")


def case_response_fields():
    """TS-0009 6.4.3 to 6.4.5, 6.4.7, 6.4.8, 6.4.12, 6.4.13, 6.4.16, 6.4.17, 6.4.20 to 6.4.23: all that an answer says,
    and nothing else."""
    answer = echo.request(get("fields", ("X-M2M-RI", "77"), ("X-M2M-RVI", "3")))
    wanted = {"x-m2m-rsc": "2000", "x-m2m-ri": "77", "x-m2m-rvi": "3", "x-m2m-origin": "/id-in",
              "x-m2m-ot": "20260101T000000", "x-m2m-rst": "20270101T000000", "x-m2m-vsi": "vendor",
              "x-m2m-ec": "3", "x-m2m-cts": "1", "x-m2m-cto": "77", "content-location": "/~/id-in/cse-in/a%20b",
              "content-type": "application/json", "content-length": str(len(answer.body))}
    equal(answer.headers, wanted)
    equal(echo.request(get("created")).headers["content-location"], "/cse-in/created")
    equal("content-location" in echo.request(get("x")).headers, False)
    empty = echo.request(get("empty"))
    equal((empty.body, "content-type" in empty.headers), (b"", False))
    refusal = echo.request(get("x?rcn=x", ("X-M2M-RI", "r"), ("X-M2M-RVI", "3")))
    equal((refusal.headers["x-m2m-ri"], refusal.headers["x-m2m-rvi"]), ("r", "3"))


def case_entity_tags_are_not_offered():
    """TS-0009 6.4.6: none is sent, so no condition on one holds a request back."""
    answer = echo.request(get("x", ("If-None-Match", "*"), ("If-Match", '"a"')))
    equal((answer.status, "etag" in answer.headers), (200, False))


def case_web_origins_are_off_by_default():
    answer = echo.request(get("x", ("Origin", "https://page.example")))
    equal([name for name in answer.headers if name.startswith("access-control") or name == "vary"], [])
    refused(echo.request(message("OPTIONS", "/x", [("Origin", "https://page.example"),
                                                  ("Access-Control-Request-Method", "PUT")])), 405, 4005)


def case_web_origins_of_the_configuration():
    with Echo(sys.argv[1], "--cors", "https://page.example") as other:
        answer = other.request(get("x", ("Origin", "https://page.example")))
        equal(answer.headers["access-control-allow-origin"], "https://page.example")
        equal("X-M2M-RSC" in answer.headers["access-control-expose-headers"], True)
        answer = other.request(message("OPTIONS", "/x", [("Origin", "https://page.example")]))
        equal((answer.status, answer.body), (204, b""))
        equal("DELETE" in answer.headers["access-control-allow-methods"], True)
        for origin in ("https://evil.example", "https://page.example.evil", "null", "HTTPS://PAGE.EXAMPLE"):
            answer = other.request(get("x", ("Origin", origin)))
            equal("access-control-allow-origin" in answer.headers, False)
            refused(other.request(message("OPTIONS", "/x", [("Origin", origin)])), 405, 4005)


if __name__ == "__main__":
    with Echo(sys.argv[1]) as echo:
        run([value for name, value in list(globals().items()) if name.startswith("case_")])

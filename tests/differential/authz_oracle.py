# SPDX-License-Identifier: Apache-2.0
"""An access decision, a second time: TS-0003 7.1.3 to 7.1.5 read literally and slowly.

Written from the standard's text alone; it shares neither code nor structure with src/sec/authz. Where that
code makes rules absolute and compares strings, this one writes down every spelling that an originator
has and asks whether an entry is, or its pattern covers, one of them. An originator here is a triple
(sp, cse, stem): stem None is a CSE, cse None an AE with an S-type stem."""
import functools
import ipaddress
import math
import re
from datetime import datetime, timedelta, timezone

PERMIT, AUTHENTICATION, ORIGINATORS, OPERATIONS, CONTEXTS, OBJECT_DETAILS = range(6)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
CREATE = 1
EARTH = 6371008.8


class Refused(Exception):
    """What no rule may say: BAD_REQUEST, or NOT_IMPLEMENTED for members of later releases."""


def bad(reason):
    raise Refused("BAD_REQUEST", reason)


def absolute(who):
    return "//" + "/".join(part for part in who if part is not None)


def spellings(who, home_sp, home_cse):
    """Every form in which TS-0001 7.2 lets the originator be written at the Hosting CSE."""
    sp, cse, stem = who
    forms = {absolute(who)}
    if sp == home_sp:
        forms.add("/" + "/".join(part for part in (cse, stem) if part is not None))
        if stem is not None and cse in (None, home_cse):
            forms.add(stem)
    return forms


# ---- accessControlOriginators ----
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
FQDN = r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*"
ROLE = re.compile(r"[A-Za-z0-9._-]+@[a-z0-9.-]+\Z")
DOMAIN = re.compile(r"//([^/]+)\Z")
LOOKS_LIKE_ID = re.compile(r"(?:(?://[^/]+)?/[^/]+(?:/[C*][^/]*)?|[CS][^/]*)\Z")
IS_ID = re.compile(rf"(?:(?://{FQDN})?/(?:{NAME}|{NAME}/C[A-Za-z0-9._-]+)|[CS][A-Za-z0-9._-]+)\Z")
IS_PATTERN = re.compile(r"[A-Za-z0-9._*/-]+\Z")


@functools.lru_cache(100000)
def entry_test(entry):
    """A function (forms, request) -> bool for one entry, by its form."""
    if entry == "all":
        return lambda forms, request: True
    if "@" in entry:
        if not ROLE.match(entry):
            return None
        return lambda forms, request: entry in request["roles"]
    domain = DOMAIN.match(entry)
    if domain:
        name = domain[1]
        if "*" in name:
            return None
        return lambda forms, request: ("." + request["who"][0]).endswith("." + name)
    if LOOKS_LIKE_ID.match(entry):
        if "*" in entry:
            if not IS_PATTERN.match(entry):
                return None
            covers = re.compile("[^/]*".join(map(re.escape, entry.split("*"))) + r"\Z").match
            return lambda forms, request: any(covers(form) for form in forms)
        if not IS_ID.match(entry):
            return None
        return lambda forms, request: entry in forms
    if "*" in entry or not entry or re.match(r"//(?:/|\Z)", entry):
        return None
    return lambda forms, request: any(
        name == entry and known and request["who"] in members
        for name, known, members in request["groups"])


# ---- accessControlContexts ----
RANGES = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6), (2000, 9999))
ELEMENT = re.compile(r"(?:(\d+)(?:-(\d+)(?:/(\d+))?)?|\*/(\d+))\Z", re.ASCII)


def field_values(text, low, high):
    if text == "*":
        return range(low, high + 1)
    values = set()
    for element in text.split(","):
        match = ELEMENT.match(element)
        if not match:
            bad("window " + text)
        first, last, step, star_step = (None if part is None else int(part) for part in match.groups())
        if star_step is not None:
            first, last, step = low, high, star_step
        last = first if last is None else last
        step = 1 if step is None else step
        if step == 0 or not low <= first <= last <= high:
            bad("window " + text)
        values.update(value for value in range(first, last + 1) if (value - first) % step == 0)
    return values


@functools.lru_cache(100000)
def window_fields(entry):
    if not isinstance(entry, str):
        bad("window")
    fields = re.split(r"[ \t]+", entry.strip(" \t"))
    if len(fields) != 7:
        bad("window " + entry)
    return tuple(field_values(text, *limits) for text, limits in zip(fields, RANGES))


def moment(usec):
    time = EPOCH + timedelta(microseconds=usec)
    return (time.second, time.minute, time.hour, time.day, time.month, time.isoweekday() % 7, time.year)


@functools.lru_cache(100000)
def network(text, version):
    """(version, first bits as a number, how many bits stand behind them)"""
    if not isinstance(text, str) or not re.match(r"[0-9A-Fa-f.:]+(?:/(?:0|[1-9][0-9]{0,2}))?\Z", text):
        bad("address")
    try:
        net = (ipaddress.IPv4Network if version == 4 else ipaddress.IPv6Network)(text, strict=False)
    except ValueError:
        bad("address " + text)
    if version == 6 and net.prefixlen >= 96 and net.network_address.ipv4_mapped is not None:
        net = ipaddress.IPv4Network((net.network_address.ipv4_mapped, net.prefixlen - 96), strict=False)
    behind = net.max_prefixlen - net.prefixlen
    return net.version, int(net.network_address) >> behind, behind


def address_key(version, number):
    """A mapped address is one of IPv4."""
    if version == 6 and number >> 32 == 0xFFFF:
        return 4, number & 0xFFFFFFFF
    return version, number


def unit(latitude, longitude):
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def distance(a, b):
    """Metres on the sphere, from the angle between two vectors."""
    (ax, ay, az), (bx, by, bz) = unit(*a), unit(*b)
    cross = math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)
    return EARTH * math.atan2(cross, ax * bx + ay * by + az * bz)


LATER = {"aca", "acui", "acec", "acl"}


def members_of(value, known, mandatory, what):
    if not isinstance(value, dict):
        bad(what)
    for name in value:
        if name in known:
            continue
        if name in LATER and what in ("rule", "context") and (what == "rule" or name != "aca"):
            raise Refused("NOT_IMPLEMENTED", name)
        bad(f"{what} member {name}")
    for name in mandatory:
        if name not in value:
            bad(f"{what} without {name}")


def list_of(value, what, at_least=0):
    if not isinstance(value, list) or len(value) < at_least:
        bad(what)
    return value


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_whole(value, low, high):
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


class Context:
    def __init__(self, value):
        members_of(value, {"actw", "acip", "aclr"}, (), "context")
        self.windows = self.networks = self.circle = self.countries = None
        if "actw" in value:
            self.windows = [window_fields(entry) for entry in list_of(value["actw"], "actw", 1)]
        if "acip" in value:
            lists = value["acip"]
            members_of(lists, {"ipv4", "ipv6"}, (), "acip")
            if not lists:
                bad("acip")
            self.networks = [network(text, 4) for text in list_of(lists.get("ipv4", []), "ipv4")]
            self.networks += [network(text, 6) for text in list_of(lists.get("ipv6", []), "ipv6")]
        if "aclr" in value:
            self.region(value["aclr"])

    def region(self, value):
        members_of(value, {"accr", "accc"}, (), "aclr")
        if len(value) != 1:
            bad("aclr")
        if "accc" in value:
            self.countries = list_of(value["accc"], "accc")
            if not all(isinstance(code, str) and re.match(r"[A-Z]{2}\Z", code) for code in self.countries):
                bad("accc")
            return
        self.circle = list_of(value["accr"], "accr")
        if len(self.circle) != 3 or not all(map(is_number, self.circle)):
            bad("accr")
        latitude, longitude, radius = self.circle
        if abs(latitude) > 90 or abs(longitude) > 180 or radius < 0:
            bad("accr")

    def holds(self, request):
        return self.time_holds(request) and self.address_holds(request) and self.place_holds(request)

    def time_holds(self, request):
        return self.windows is None or any(
            all(now in field for now, field in zip(request["moment"], window)) for window in self.windows)

    def address_holds(self, request):
        if self.networks is None:
            return True
        if request["address"] is None:
            return False
        family, number = request["address"]
        return any(family == version and number >> behind == front
                   for version, front, behind in self.networks)

    def place_holds(self, request):
        if self.countries is not None:
            return request["country"] in self.countries
        if self.circle is None:
            return True
        return request["place"] is not None and distance(self.circle[:2], request["place"]) <= self.circle[2]


class Details:
    """One accessControlObjectDetails; the definition is that of the addressed resource."""

    def __init__(self, value):
        members_of(value, {"ty", "spty", "chty"}, ("chty",), "acod")
        self.type = value.get("ty")
        self.children = list_of(value["chty"], "chty")
        for number in self.children + ([self.type] if "ty" in value else []):
            if not is_whole(number, 0, 0xFFFFFFFF):
                bad("acod type")
        self.definition = None
        if "spty" in value:
            special = value["spty"]
            members_of(special, {"cnd", "mgd"}, (), "spty")
            if len(special) != 1:
                bad("spty")
            if "cnd" in special:
                if not isinstance(special["cnd"], str) or not special["cnd"]:
                    bad("cnd")
                self.definition = (28, special["cnd"])
            else:
                if not is_whole(special["mgd"], 1, 2**63 - 1):
                    bad("mgd")
                self.definition = (13, str(special["mgd"]))
        if self.type in (13, 28) and (self.definition is None or self.definition[0] != self.type):
            bad("acod without spty")

    def hold(self, request):
        if self.type is not None and self.type != request["target"]:
            return False
        if self.definition is not None and (request["target"] % 10000, request["definition"]) != self.definition:
            return False
        return request["child"] in self.children


class Rule:
    def __init__(self, value):
        members_of(value, {"acor", "acop", "acco", "acaf", "acod"}, ("acor", "acop"), "rule")
        self.entries = []
        for entry in list_of(value["acor"], "acor"):
            if not isinstance(entry, str):
                bad("acor")
            test = entry_test(entry)
            if test is not None:
                self.entries.append(test)
        if not is_whole(value["acop"], 1, 63):
            bad("acop")
        self.operations = {1 << bit for bit in range(6) if value["acop"] >> bit & 1}
        self.contexts = [Context(item) for item in list_of(value["acco"], "acco", 1)] if "acco" in value else None
        self.flag = value.get("acaf", False)
        if not isinstance(self.flag, bool):
            bad("acaf")
        self.details = [Details(item) for item in list_of(value["acod"], "acod", 1)] if "acod" in value else None

    def first_false(self, request, forms):
        if self.flag and not request["authenticated"]:
            return AUTHENTICATION
        if not any(test(forms, request) for test in self.entries):
            return ORIGINATORS
        if request["operation"] not in self.operations:
            return OPERATIONS
        if self.contexts is not None and not any(context.holds(request) for context in self.contexts):
            return CONTEXTS
        if (self.details is not None and request["operation"] == CREATE
                and not any(details.hold(request) for details in self.details)):
            return OBJECT_DETAILS
        return PERMIT


class Policy:
    """An m2m:setOfAcrs at a Hosting CSE. Raises Refused."""

    def __init__(self, value, home_sp, home_cse):
        self.home = home_sp, home_cse
        members_of(value, {"acr"}, (), "set")
        self.rules = [Rule(item) for item in list_of(value.get("acr", []), "acr")]

    def explain(self, request):
        """For each rule the first predicate of the formula that is false, or PERMIT."""
        forms = spellings(request["who"], *self.home)
        return [rule.first_false(request, forms) for rule in self.rules]

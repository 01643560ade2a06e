# SPDX-License-Identifier: Apache-2.0
"""Sets of access control rules, and for each a run of requests that lie close to its borders.

Every part of a rule is drawn together with a witness that it admits. A request starts as the witness of
one rule and then loses nothing, one or a few of its properties by the smallest step that leaves them, so
that permits and denials come in like numbers and for every reason. Some sets carry one defect."""
import copy
import random
from datetime import datetime, timezone

import authz_oracle as oracle

HOME_SP, HOME_CSE = "antipolis.example", "id-in"
SPS = [HOME_SP, HOME_SP, HOME_SP, HOME_SP, "plant.antipolis.example", "else.example", "notantipolis.example",
       "example", "antipolis.example.org", "ntipolis.example", "m2msp.org"]
CSES = [HOME_CSE, HOME_CSE, HOME_CSE, "id-inn", "id-i", "mn1", "mn12", "myCSEID", "myCSE42", "yourCSE", "m.n_1"]
C_STEMS = ["Csensor", "Csensor1", "Csens", "C9886", "C98", "C97", "CAE", "C.a-b_c", "CC", "Call", "Coperator"]
S_STEMS = ["Splant", "SmyAE", "SmyAE3", "S988", "SS", "Splant.2"]
HOSTILE = ["C*", "C**", "C%2a", "C?", "C[a-z]", "C.*", "C\\", "C$", "C^", "Csensor*", "C*sensor", "C\u00e9", "C\u0000",
           "C\u0000sensor", "C|Csensor", "C(a)", "C+", "Csensor\n", "Csensor ", "C'", 'C"', "C{1}"]
ROLES = ["reader@antipolis.example", "writer@antipolis.example", "reader@else.example", "a.b_c-1@x"]
GROUPS = ["cse-in/ae/grp", "grp42", "-/grp", "/id-in/cse-in/grp", "/mn1/grp7", "//else.example/mn1/cse-mn/grp",
          "//antipolis.example/id-in/grp42", "cse-in"]
NOBODY = ["", "*", "//*", "//*.example", "//antipolis.*", "*@antipolis.example", "C*@x", "reader@*", "Reader@Antipolis",
          "grp*", "cse-in/*", "/", "//", "/id-in/", "all ", "ALL", "al*", "/id-in/Splant", "csensor", "C", "/id-in/C",
          "/id-in/C sensor", "//antipolis.example/", "/id-in/C*\u0000", "/id-in/C*\u0000x", "C?*", "C[a]*", "%2A", "@",
          "reader@", "@antipolis.example", "/id-in//C1", "//ANTIPOLIS.example/id-in/C98"]
COUNTRIES = ["AT", "KR", "DE", "FR", "XA"]
TYPES = [1, 2, 3, 4, 5, 9, 13, 16, 23, 28]
DEFINITIONS = {13: ["1001", "1002", "1", "10010"], 28: ["org.example.lamp", "org.example.lamps", "1001"]}
RULE_DEFECTS = [
    ("acop", 0), ("acop", 64), ("acop", -1), ("acop", True), ("acop", "2"), ("acop", 2.0), ("acop", None),
    ("acor", "all"), ("acor", [7]), ("acor", None), ("acco", []), ("acco", {}), ("acod", []), ("acod", [{}]),
    ("acod", [{"ty": 13, "chty": []}]), ("acod", [{"ty": 28, "chty": []}]), ("acaf", 1), ("acaf", "true"),
    ("acod", [{"ty": 28, "spty": {"mgd": 1}, "chty": []}]), ("aca", ["lbl"]), ("acui", []), ("acl", 3), ("x", 1)]
CONTEXT_DEFECTS = [
    ("actw", []), ("actw", "* * * * * * *"), ("acip", {}), ("acip", {"ipv4": ["::1"]}), ("acip", {"ipv6": ["10.0.0.0/8"]}),
    ("acec", {}), ("acui", ["u"]), ("acl", 1), ("aca", []), ("y", 0), ("aclr", {}),
    ("aclr", {"accr": [0, 0, 1], "accc": ["AT"]}), ("aclr", {"accr": [0, 0]}), ("aclr", {"accr": [90.5, 0, 1]}),
    ("aclr", {"accr": [0, -180.5, 1]}), ("aclr", {"accr": [0, 0, -1]}), ("aclr", {"accc": ["at"]}),
    ("aclr", {"accc": ["AUT"]})]
DETAILS_DEFECTS = [
    ("chty", 3), ("chty", [-1]), ("chty", [2**32]), ("ty", "3"), ("z", 1), ("spty", {}), ("spty", {"mgd": 0}),
    ("spty", {"cnd": ""}), ("ty", 2**32), ("spty", {"mgd": 1, "cnd": "a"}), ("spty", 1001)]
BAD_IPV4 = ["10.0.0.0/33", "10.0.0", "010.0.0.0", "10.0.0.256", "10.0.0.0/255.0.0.0", "10.0.0.0/08", "", "10.0.0.0/",
            " 10.0.0.0", "1e1.0.0.0"]
BAD_IPV6 = ["::1/129", ":::", "1::2::3", "12345::", "fe80::1%1", "::1/", ":1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8::",
            "::1.2.3", "::1.2.3.04"]
UNIT_USEC = [1, 10**6, 60 * 10**6, 3600 * 10**6, 86400 * 10**6, 31 * 86400 * 10**6, 366 * 86400 * 10**6]
FIRST_USEC = int(datetime(1999, 6, 1, tzinfo=timezone.utc).timestamp()) * 10**6
LATEST_USEC = 253402300799 * 10**6  # the end of 9999
LAST_USEC = int(datetime(2040, 1, 1, tzinfo=timezone.utc).timestamp()) * 10**6


class Cases:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.random = self.rng.random

    def one(self, items):
        return items[int(self.random() * len(items))]

    def number(self, low, high):
        return low + int(self.random() * (high - low + 1))

    # ---- originators and entries ----
    def entity(self):
        kind = self.random()
        sp = self.one(SPS)
        if kind < 0.6:
            return sp, self.one(CSES), self.one(HOSTILE) if kind < 0.06 else self.one(C_STEMS)
        if kind < 0.8:
            return sp, None, self.one(S_STEMS)
        return sp, "*" if kind < 0.81 else self.one(CSES), None

    def near_entity(self, who):
        """Another originator whose name is almost the same."""
        sp, cse, stem = who
        what = self.random()
        if what < 0.15:
            return self.one(SPS), cse, stem
        if what < 0.3 and cse is not None:
            return sp, self.one(CSES), stem
        if stem is not None:
            return sp, cse, self.near_name(stem)
        return sp, self.near_name(cse), None

    def near_name(self, name):
        what = self.number(0, 5)
        if what == 0 and len(name) > 2:
            return name[:-1]
        if what == 1:
            return name + self.one("x1*.")
        if what == 2:
            return name[0] + name[1:].swapcase()
        at = self.number(1, max(1, len(name) - 1))
        if what == 3:
            return name[:at] + self.one("aZ9_*") + name[at:]
        if what == 4 and len(name) > 2:
            return name[:at] + name[at + 1:] if at < len(name) else name[:-1]
        return name[0] + self.one(C_STEMS)[1:]

    def wild(self, name, keep):
        """name with a run of its octets behind the first keep replaced by '*'."""
        begin = self.number(keep, len(name))
        end = self.number(begin, len(name))
        wild = name[:begin] + "*" + name[end:]
        return self.wild(wild, keep) if self.random() < 0.15 else wild

    def entry(self):
        """(text, witness): a pair of what grants and to whom. The witness is a change to a request."""
        kind = self.random()
        if kind < 0.03:
            return "all", {"who": self.entity()}
        if kind < 0.11:
            role = self.one(ROLES)
            return role, {"who": self.entity(), "roles": [role]}
        if kind < 0.2:
            return self.group()
        if kind < 0.27:
            who = self.entity()
            labels = who[0].split(".")
            return "//" + ".".join(labels[self.number(0, len(labels) - 1):]), {"who": who}
        if kind < 0.33:
            text, who = self.one(NOBODY), self.entity()  # not even a group or a role of that very name
            return text, {"who": who, "groups": [(text, True, [who])], "roles": [text]}
        who = self.entity()
        while who[0] != HOME_SP and self.random() < 0.5:
            who = self.entity()
        sp, cse, stem = who
        if kind < 0.65:
            return self.one(sorted(oracle.spellings(who, HOME_SP, HOME_CSE))), {"who": who}
        parts = [self.wild(sp, 0) if self.random() < 0.3 else sp]
        if cse is not None:
            parts.append(self.wild(cse, 0) if self.random() < 0.5 else cse)
        if stem is not None:
            parts.append(self.wild(stem, 0 if self.random() < 0.1 and cse else 1) if self.random() < 0.8 else stem)
        form = self.one(sorted(oracle.spellings(("\0", *who[1:]) if parts[0] != sp else who, HOME_SP, HOME_CSE)))
        if form.startswith("//"):
            return "//" + "/".join(parts), {"who": who}
        if form.startswith("/"):
            return "/" + "/".join(parts[1:]), {"who": who}
        return parts[-1], {"who": who}

    def group(self):
        name, who = self.one(GROUPS), self.entity()
        members = [self.entity() for _ in range(self.number(0, 3))]
        members.insert(self.number(0, len(members)), who)
        groups = [(name, True, members)]
        if self.random() < 0.3:
            groups.insert(0, (self.one(GROUPS) + "x", True, [who]))
        return name, {"who": who, "groups": groups}

    # ---- contexts ----
    def window_field(self, value, low, high):
        kind = self.random()
        if kind < 0.55:
            return "*"
        first, last = self.number(low, value), self.number(value, high)
        if kind < 0.7:
            return str(value)
        if kind < 0.8:
            return f"{first}-{last}"
        if kind < 0.88:
            step = self.number(1, max(1, (value - first) or 9))
            first = value - (value - first) // step * step
            return f"{first}-{last}/{step}"
        if kind < 0.94:
            divisors = [step for step in (1, 2, 3, 4, 5, 7, 10, 30, 60) if (value - low) % step == 0]
            return f"*/{self.one(divisors)}"
        others = [str(self.number(low, high)) for _ in range(self.number(1, 3))]
        others.insert(self.number(0, len(others)), f"{first}-{last}" if kind < 0.97 else str(value))
        return ",".join(others)

    def window(self, usec):
        return self.one([" ", " ", " ", "  ", "\t"]).join(
            self.window_field(value, *limits) for value, limits in zip(oracle.moment(usec), oracle.RANGES))

    def time(self):
        if self.random() < 0.01:
            return self.one([0, -1, LATEST_USEC, FIRST_USEC])
        usec = self.number(FIRST_USEC, LAST_USEC)
        return usec - usec % self.one(UNIT_USEC)

    def address(self):
        if self.random() < 0.55:
            return 4, self.one([0x0A000000, 0xC0A80700, 0x7F000001, 0]) + self.number(0, 255)
        kind = self.random()
        if kind < 0.3:
            return 6, 0xFFFF00000000 + 0x0A000000 + self.number(0, 255)
        return 6, (self.one([0xFD00, 0x2001, 0xFE80]) << 112) + (self.number(0, 0xFFFF) << 80) + self.number(0, 0xFFFF)

    def prefix(self, address):
        version, number = address
        width = 32 if version == 4 else 128
        bits = width if self.random() < 0.2 else self.number(0, width)
        if self.random() < 0.5 and bits < width:
            number = number >> (width - bits) << (width - bits)
        mapped = version == 6 and number >> 32 == 0xFFFF
        if version == 4 and self.random() < 0.15:
            version, number, bits, mapped = 6, number + 0xFFFF00000000, bits + 96, True
        elif mapped and self.random() < 0.5 and bits >= 96:
            version, number, bits, mapped = 4, number & 0xFFFFFFFF, bits - 96, False
        text = self.address_text(version, number, mapped)
        full = bits == (32 if version == 4 else 128)
        return "ipv4" if version == 4 else "ipv6", text if full and self.random() < 0.5 else f"{text}/{bits}"

    def address_text(self, version, number, mapped):
        if version == 4:
            return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
        if mapped and self.random() < 0.5:
            return "::ffff:" + self.address_text(4, number & 0xFFFFFFFF, False)
        text = str(oracle.ipaddress.IPv6Address(number))
        what = self.random()
        if what < 0.3:
            return ":".join(f"{number >> shift & 0xFFFF:x}" for shift in range(112, -1, -16))
        return text.upper() if what < 0.4 else text

    def place(self):
        what = self.random()
        if what < 0.15:
            return self.one([90.0, -90.0, 89.9999, -89.9999]), round(self.random() * 360 - 180, 4)
        if what < 0.3:
            return round(self.random() * 160 - 80, 5), self.one([180.0, -180.0, 179.9999, -179.9999])
        return round(self.random() * 180 - 90, 5), round(self.random() * 360 - 180, 5)

    def circle(self, place):
        """A circle that holds place near its rim, and a place just outside; never so near that rounding decides."""
        step = self.one([0.0001, 0.01, 1, 90])
        latitude = max(-90.0, min(90.0, place[0] + (self.random() - 0.5) * step))
        longitude = (place[1] + (self.random() - 0.5) * step + 180) % 360 - 180
        metres = oracle.distance((latitude, longitude), place)
        centre, radius = (round(latitude, 9), round(longitude, 9)), int(metres * (1.001 + self.random() * 0.1)) + 1
        return [*centre, radius], self.outside(centre, radius)

    @staticmethod
    def outside(centre, radius):
        """The first place met on the way to a pole that is a thousandth too far away, or None."""
        near, far = 0.0, 90.0 + abs(centre[0])
        way = -1 if centre[0] > 0 else 1
        if oracle.distance(centre, (centre[0] + way * far, centre[1])) < radius * 1.001 + 1:
            return None
        for _ in range(40):
            middle = (near + far) / 2
            metres = oracle.distance(centre, (centre[0] + way * middle, centre[1]))
            if radius * 1.0002 + 0.2 < metres < radius * 1.001 + 1:
                return centre[0] + way * middle, centre[1]
            near, far = (middle, far) if metres < radius * 1.0005 + 0.5 else (near, middle)
        return None

    def context(self):
        value, witness = {}, {}
        kind = self.random()
        if kind < 0.55:
            usec = self.time()
            if oracle.moment(usec)[6] >= 2000:
                value["actw"] = [self.window(usec)]
                if self.random() < 0.3:
                    other = self.time()
                    value["actw"].insert(self.number(0, 1), self.window(other if other >= 946684800 * 10**6 else usec))
                witness["usec"] = usec
        if kind > 0.35:
            witness["address"] = self.address()
            lists = value.setdefault("acip", {})
            for address in [self.address() for _ in range(self.number(0, 2))] + [witness["address"]]:
                family, text = self.prefix(address)
                lists.setdefault(family, []).append(text)
        if self.random() < 0.35:
            if self.random() < 0.6:
                witness["place"] = self.place()
                circle, witness["outside"] = self.circle(witness["place"])
                value["aclr"] = {"accr": circle}
            else:
                value["aclr"] = {"accc": [self.one(COUNTRIES) for _ in range(self.number(0, 3))]}
                witness["country"] = self.one(value["aclr"]["accc"] or COUNTRIES)
        return value, witness

    # ---- object details ----
    def details(self):
        value, witness = {}, {"operation": oracle.CREATE, "target": self.one(TYPES)}
        if self.random() < 0.4:
            witness["target"] = self.one([13, 28])
        kind = witness["target"]
        definition = self.one(DEFINITIONS.get(kind, [None]))
        witness["definition"] = definition
        wants_definition = kind in (13, 28) and self.random() < 0.8
        if wants_definition:
            value["spty"] = {"mgd": int(definition)} if kind == 13 else {"cnd": definition}
        if wants_definition or kind not in (13, 28):
            if self.random() < 0.6:
                value["ty"] = kind
            elif self.random() < 0.3:
                witness["target"] += 10000
        value["chty"] = sorted({self.one(TYPES) for _ in range(self.number(0, 4))})
        witness["child"] = self.one(value["chty"] or TYPES)
        return value, witness

    # ---- whole rules and sets ----
    def rule(self):
        entries = [self.entry() for _ in range(self.number(1, 3))]
        text, witness = self.one(entries)
        witness = dict(witness)
        bits = [1 << bit for bit in range(6) if self.random() < 0.4] or [1 << self.number(0, 5)]
        witness["operation"] = self.one(bits)
        value = {"acor": [item for item, _ in entries], "acop": sum(bits)}
        if self.random() < 0.3:
            value["acaf"] = self.random() < 0.8
            witness["authenticated"] = True
        if self.random() < 0.45:
            contexts = [self.context() for _ in range(self.number(1, 2))]
            value["acco"] = [item for item, _ in contexts]
            witness.update(self.one(contexts)[1])
        if self.random() < 0.3:
            details = [self.details() for _ in range(self.number(1, 2))]
            value["acod"] = [item for item, _ in details]
            witness.update(self.one(details)[1])
            value["acop"] |= oracle.CREATE
            if self.random() < 0.15:
                witness["operation"] = self.one([1 << bit for bit in range(6) if value["acop"] >> bit & 1])
        return value, witness

    def rules(self):
        drawn = [self.rule() for _ in range(self.number(1, 4))]
        if self.random() < 0.01:
            return self.one([{}, {"acr": []}]), [{}]
        return {"acr": [item for item, _ in drawn]}, [witness for _, witness in drawn]

    def spoil(self, value):
        """The same set with one defect, of the kinds that a rule may not have."""
        value = copy.deepcopy(value)
        rule = self.one(value["acr"])
        context = self.one(rule.setdefault("acco", [{}]))
        details = self.one(rule.setdefault("acod", [{"chty": [3]}]))
        where, name, wrong = self.one(
            [(rule, *defect) for defect in RULE_DEFECTS] + [(context, *defect) for defect in CONTEXT_DEFECTS]
            + [(details, *defect) for defect in DETAILS_DEFECTS]
            + [(context, "actw", [self.bad_window()])] * 4
            + [(context, "acip", {"ipv4": [self.one(BAD_IPV4)]}), (context, "acip", {"ipv6": [self.one(BAD_IPV6)]})] * 2)
        where[name] = wrong
        return value

    def bad_window(self):
        fields = self.window(self.number(946684800 * 10**6, LAST_USEC)).split()
        at = self.number(0, 6)
        low, high = oracle.RANGES[at]
        fields[at] = self.one([str(high + 1), str(low - 1), f"{low}-{high + 1}", f"{high}-{low}", "*/0", "*,1", "**",
                               f"{low}/2", f"{low}-{high}/", f"{low}-", "", "x", f"{low},,{high}", "*/2/2", "+1"])
        return " ".join(fields)

    # ---- requests ----
    def blank(self):
        """A request that has nothing to do with the rules."""
        return {"who": self.entity(), "authenticated": self.random() < 0.5, "operation": 1 << self.number(0, 5),
                "usec": self.time(), "address": self.address() if self.random() < 0.7 else None,
                "place": self.place() if self.random() < 0.3 else None,
                "country": self.one(COUNTRIES) if self.random() < 0.3 else None, "target": self.one(TYPES),
                "definition": None, "child": self.one(TYPES), "roles": [], "groups": []}

    def lose(self, request):
        """One property moves by the smallest step, or is not known any more."""
        what = self.number(0, 11)
        if what <= 2:
            request["who"] = self.near_entity(request["who"]) if what else self.entity()
        elif what == 3:
            request["authenticated"] = False
        elif what == 4:
            request["operation"] = 0 if self.random() < 0.05 else 1 << self.number(0, 5)
        elif what == 5:
            moved = request["usec"] + self.one([-1, 1]) * self.one(UNIT_USEC)
            request["usec"] = min(moved, LATEST_USEC)
        elif what == 6:
            self.lose_address(request)
        elif what == 7 and request["place"]:
            latitude, longitude = request["place"]
            step = self.one([0.0002, 0.02, 2, 120]) * (self.random() + 0.5)
            moved = max(-90.0, latitude - step), (longitude + step + 180) % 360 - 180
            request["place"] = self.one([None, moved, request.get("outside") or moved])
        elif what == 8:
            request["country"] = self.one([None, "A", "at", "ATT"] + COUNTRIES)
        elif what == 9:
            request["target"] = self.one(TYPES)
        elif what == 10:
            request[self.one(["child", "child", "target"])] = self.one(TYPES)
            request["definition"] = self.one([request["definition"], None, "1001", "1002", "org.example.lamp"])
        else:
            request["roles"] = [self.one(ROLES).swapcase()]
            request["groups"] = [(name, self.random() < 0.5 and known, members[:-1])
                                 for name, known, members in request["groups"]]

    def lose_address(self, request):
        if request["address"] is None or self.random() < 0.15:
            request["address"] = None
            return
        version, number = request["address"]
        what = self.random()
        if what < 0.15:
            request["address"] = (6, number + 0xFFFF00000000) if version == 4 else (4, number & 0xFFFFFFFF)
        elif what < 0.25:
            request["address"] = (6, number) if version == 4 else (version, number >> 1)
        else:
            request["address"] = version, number ^ 1 << self.number(0, 31 if version == 4 else 127)

    def request(self, witnesses):
        request = self.blank()
        if self.random() < 0.97:
            request.update(self.one(witnesses))
        while self.random() < 0.55:
            self.lose(request)
        return request

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/rooms, tools/lint and tools/trace notice what they are there for: each case plants one fault in a
small house of its own. Prints TAP."""
import subprocess
import sys
import tempfile
from pathlib import Path

HEAD = "/* SPDX-License-Identifier: Apache-2.0 */\n"
HOUSE = {
    "rooms.txt": "base | |\nsys | base | uv.h unistd.h\nwire | base |\nbind/http | base wire | llhttp.h\ntests | | cmocka.h\n",
    "src/base/base.h": HEAD + '#include "base/mem.h"\n',
    "src/base/mem.h": HEAD + "#include <stddef.h>\n",
    "src/base/mem.c": HEAD + '#include "base/mem.h"\n\n#include <stdlib.h>\n\nvoid *a(void)\n{\n    return malloc(1);\n}\n',
    "src/sys/sys.h": HEAD + '#include "base/base.h"\n',
    "src/sys/loop.c": HEAD + '#include <uv.h>\n\n#include "sys/sys_int.h"\n',
    "src/sys/sys_int.h": HEAD + '#include "sys/sys.h"\n',
    "src/wire/wire.h": HEAD + '#include "base/base.h"\n',
    "src/bind/http/http.h": HEAD + '#include "wire/wire.h"\n',
    "src/bind/http/http.c": HEAD + '#include "bind/http/http.h"\n',
    "tests/unit/sys/loop_test.c": HEAD + '#include <cmocka.h>\n\n#include "sys/sys_int.h"\n/* TS-0004 7.4.6 to 7.4.8 */\n',
    "tests/flow/a.c": HEAD + '#include "sys/sys.h"\n',
    "tools/x": "# SPDX-License-Identifier: Apache-2.0\n",
    "spec/requirements.csv": "id,clause,title,status,reason\n4-7.4.7,TS-0004 7.4.7,instances,tested,\n"
                             "4-7.4.9,TS-0004 7.4.9,schedule,later,not yet\n1-9.6.7,TS-0001 9.6.7,instances,with,TS-0004 7.4.7\n",
}
LONG = "int a;\n" * 801
ROW = HOUSE["spec/requirements.csv"]
# tool, what is planted, words that the tool has to say; None: no fault
CASES = [
    ("rooms", {}, None),
    ("rooms", {"src/wire/wire.c": HEAD + '#include "sys/sys.h"\n'}, "wire may not include sys"),
    ("rooms", {"src/sys/up.c": HEAD + '#include "bind/http/http.h"\n'}, "sys may not include bind/http"),
    ("rooms", {"src/bind/http/b.c": HEAD + '#include "wire/wire_int.h"\n', "src/wire/wire_int.h": HEAD}, "private to wire"),
    ("rooms", {"src/bind/http/b.c": HEAD + '#include "wire/other.h"\n', "src/wire/other.h": HEAD}, "private to wire"),
    ("rooms", {"src/wire/w.c": HEAD + "#include <uv.h>\n"}, "wire may not include <uv.h>"),
    ("rooms", {"src/wire/w.c": HEAD + "#include <unistd.h>\n"}, "wire may not include <unistd.h>"),
    ("rooms", {"src/wire/w.c": HEAD + '# include   "sys/sys.h"\n'}, "wire may not include sys"),
    ("rooms", {"src/sys/sys.h": HEAD + "#include <uv.h>\n"}, "a door includes <uv.h>"),
    ("rooms", {"src/sys/sys.h": HEAD + '#include "sys/sys_int.h"\n'}, "a door includes the private"),
    ("rooms", {"src/wire/w.c": HEAD + '#include "nowhere.h"\n'}, "no path below src/"),
    ("rooms", {"src/attic/a.c": HEAD}, "lies in no room"),
    ("rooms", {"tests/unit/wire/w_test.c": HEAD + '#include "sys/sys_int.h"\n'}, "private to sys"),
    ("rooms", {"tests/flow/b.c": HEAD + '#include "sys/sys_int.h"\n'}, "private to sys"),
    ("rooms", {"tests/flow/b.c": HEAD + "#include <uv.h>\n"}, "tests may not include <uv.h>"),
    ("rooms", {"rooms.txt": HOUSE["rooms.txt"].replace("base | |", "base | sys |")}, "not above it"),
    ("rooms", {"src/wire/w.c": HEAD + '/* #include "sys/sys.h" */\n'}, None),
    ("lint", {}, None),
    ("lint", {"src/wire/w.c": HEAD + "// no\n"}, "// comment"),
    ("lint", {"src/wire/w.c": HEAD + 'char *a = "http://x"; /* // */\n'}, None),
    ("lint", {"src/wire/w.c": "int a;\n"}, "the first line is not"),
    ("lint", {"tools/y": "print()\n"}, "no SPDX"),
    ("lint", {"src/wire/w.c": HEAD + LONG}, "more than 800"),
    ("lint", {"src/wire/w.c": HEAD + "#if A\n#endif\n"}, "conditional compilation"),
    ("lint", {"src/wire/w.h": HEAD + "#ifndef W_H\n#define W_H\n#ifdef X\n#endif\n#endif\n"}, "conditional compilation"),
    ("lint", {"src/wire/w.h": HEAD + "#ifndef W_H\n#define W_H\n#endif\n"}, None),
    ("lint", {"src/sys/w.c": HEAD + "#if A\n#endif\n"}, None),
    *[("lint", {"src/wire/w.c": HEAD + f"int a(void)\n{{\n    return (int){name} (0);\n}}\n"}, f"{name} is forbidden")
      for name in ("strcpy", "strcat", "sprintf", "gets", "strtok", "atoi", "alloca", "system", "memcmp", "malloc", "free",
                   "rand", "time", "printf")],
    ("lint", {"src/wire/w.c": HEAD + "/* malloc(1) */ char *a = \"strcpy(\"; int b = x.time(1) + p->free(2) + runtime(3);\n"}, None),
    ("lint", {"tests/flow/b.c": HEAD + "int a = strtok(0);\n"}, "strtok is forbidden"),
    ("lint", {"tests/flow/b.c": HEAD + "int a = memcmp(0);\n"}, None),
    ("trace", {}, None),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.5,TS-0004 7.4.5,AE,tested,\n"}, "no test cites it"),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.5,TS-0004 7.4.5,AE,later,\n"}, "no reason is given"),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.5,TS-0004 7.4.5,AE,with,TS-0004 7.4.4\n"}, "no test cites it or"),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.5,TS-0004 7.4.5,AE,soon,x\n"}, "is none of"),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.9,TS-0004 7.4.9,schedule,later,x\n"}, "stands twice"),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4,TS-0004 7.4,types,tested,\n"}, None),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.5,TS-0004 7.4.5,AE,tested,\n", "tests/flow/README.md": "TS-0004 7.4.5\n"},
     "no test cites it"),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.5,TS-0004 7.4.5,AE,tested,\n", "tests/fuzz/a.c": HEAD + "/* TS-0004 7.4.5 */\n"},
     "no test cites it"),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.5,TS-0004 7.4.5,AE,tested,\n", "tests/flow/a.c": HEAD + "/* TS-0004 7.4.5 */\n"}, None),
    ("trace", {"spec/requirements.csv": ROW + "4-7.4.60,TS-0004 7.4.60,x,tested,\n"}, "no test cites it"),
]


def run(tools, tool, changes):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**HOUSE, **changes}.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        arguments = ["--no-format"] if tool == "lint" else []
        return subprocess.run([sys.executable, tools / tool, "--root", folder, *arguments], capture_output=True, text=True,
                              check=False)


def main():
    tools = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]) / "tools"
    print(f"1..{len(CASES)}")
    failed = 0
    for number, (tool, changes, words) in enumerate(CASES, 1):
        result = run(tools, tool, changes)
        good = result.returncode == 0 if words is None else result.returncode == 1 and words in result.stdout
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {tool}: {words or 'no fault'}")
        if not good:
            print("\n".join("# " + line for line in (result.stdout + result.stderr).splitlines()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

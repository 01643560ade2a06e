#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays examples/stories/first against the programs that were just built."""
import os
import pathlib
import subprocess
import sys
import tempfile

from cse import ROOT, free_port


def main(antipolisd, antipolis):
    story = ROOT / "examples/stories/first"
    with tempfile.TemporaryDirectory(prefix="antipolis-story-") as directory:
        port = free_port()
        environment = dict(os.environ, ANTIPOLISD=antipolisd, ANTIPOLIS=antipolis, ANTIPOLIS_PORT=str(port),
                           ANTIPOLIS_STORE=directory + "/store", ANTIPOLIS_LOG=directory + "/log",
                           ANTIPOLIS_URL=f"http://127.0.0.1:{port}", ANTIPOLIS_PID_FILE=directory + "/pid",
                           ANTIPOLIS_SOCKET=directory + "/store/operator.sock",
                           ANTIPOLIS_CONFIG=str(ROOT / "examples/config/quickstart.yaml"))
        try:
            subprocess.run([story / "daemon", "start"], env=environment, check=True, stdout=sys.stderr)
            result = subprocess.run([story / "story"], env=environment, stdout=sys.stderr)
            if result.returncode != 0:
                print(pathlib.Path(directory, "log").read_text()[-4000:], file=sys.stderr)
        finally:
            subprocess.run([story / "daemon", "kill"], env=environment, stderr=subprocess.DEVNULL)
    print("1..1")
    print("ok 1 - the first story" if result.returncode == 0 else "not ok 1 - the first story")
    sys.exit(result.returncode)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

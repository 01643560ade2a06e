#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the HTTP binding alone costs: http_bench (one fixed answer) beside nginx with an answer of the same size,
each on one core with wrk on the other. usage: http_bench.py PROGRAM [SECONDS]"""
import subprocess
import sys
import tempfile
import urllib.request

from bench import SERVER_CORE, Nginx, median_of, say, wrk


def main():
    program, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    server = subprocess.Popen(["taskset", "-c", SERVER_CORE, program], stdout=subprocess.PIPE)
    url = f"http://127.0.0.1:{int(server.stdout.readline().split()[1])}/cse-in/bench/c"
    body = urllib.request.urlopen(url).read()
    with tempfile.TemporaryDirectory() as directory:
        nginx = Nginx(body, directory)
        ours, theirs = median_of(3, lambda: wrk(url, seconds),
                                 lambda: wrk(f"http://127.0.0.1:{nginx.port}/cse-in/bench/c", seconds))
        say(f"  ours {ours:9.0f}/s   nginx {theirs:9.0f}/s   ratio {ours / theirs:.2f}   (at least 0.75)")
        nginx.stop()
    server.terminate()
    server.wait(timeout=10)
    return 0 if ours >= 0.75 * theirs else 1


if __name__ == "__main__":
    sys.exit(main())

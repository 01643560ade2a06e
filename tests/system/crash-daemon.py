#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at random instants under concurrent creates, updates and deletes.

After every restart: nothing that was acknowledged is lost, nothing partial is visible, counters and latest are right;
at the end every due notification was delivered at least once."""
import http.client
import http.server
import json
import random
import sys
import threading
import time

from cse import Client, Daemon, expect, register

ORIGINATOR = "Ccrash"
WORKERS = 4
BROKEN = (OSError, http.client.HTTPException)


class Receiver(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        self.names = set()
        self.lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
                with self.lock:
                    self.note(json.loads(body))
                handler.send_response(200)
                handler.send_header("X-M2M-RSC", "2000")
                handler.send_header("X-M2M-RI", handler.headers.get("X-M2M-RI", ""))
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            def log_message(handler, *arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request, client_address):
        """A daemon that is killed resets its connections: no news."""

    def note(self, content):
        event = content.get("m2m:sgn", {}).get("nev", {})
        for resource in event.get("rep", {}).values():
            if isinstance(resource, dict) and "rn" in resource:
                self.names.add(resource["rn"])


class Worker:
    """One writer with its own container, and what it knows of it."""

    def __init__(self, number, seed):
        self.base = f"cse-in/crash/w{number}"
        self.random = random.Random(seed * 100 + number)
        self.instances = []   # acknowledged names in order
        self.deleted = set()  # acknowledged deletions
        self.boxes = {}       # sub-containers: name -> acknowledged label
        self.open = None      # the operation whose answer never came
        self.serial = 0
        self.acknowledged = 0

    def step(self, client):
        self.serial += 1
        kind = self.random.random()
        if kind < 0.6 or not self.boxes and kind < 0.8:
            name = f"i{self.serial}"
            self.open = ("create", name)
            expect(client.create(self.base, 4, "m2m:cin", rn=name, con="x" * self.random.randrange(200)), 2001)
            self.instances.append(name)
        elif kind < 0.75:
            name, label = f"b{self.serial}", f"l{self.serial}"
            self.open = ("box", name, label)
            expect(client.create(self.base, 3, "m2m:cnt", rn=name, lbl=[label]), 2001)
            self.boxes[name] = label
        elif kind < 0.9 and self.boxes:
            name, label = self.random.choice(list(self.boxes)), f"l{self.serial}"
            self.open = ("update", name, label)
            expect(client.update(f"{self.base}/{name}", "m2m:cnt", lbl=[label]), 2004)
            self.boxes[name] = label
        elif self.boxes and self.random.random() < 0.5:
            name = self.random.choice(list(self.boxes))
            self.open = ("unbox", name)
            expect(client.delete(f"{self.base}/{name}"), 2002)
            del self.boxes[name]
        elif self.instances:
            name = self.random.choice(self.instances)
            self.open = ("delete", name)
            expect(client.delete(f"{self.base}/{name}"), 2002)
            self.instances.remove(name)
            self.deleted.add(name)
        self.open = None
        self.acknowledged += 1

    def run(self, port, stop):
        client = Client(port, ORIGINATOR)
        try:
            while not stop.is_set():
                self.step(client)
        except BROKEN:
            pass
        finally:
            client.close()

    def adopt(self, found_instances, found_boxes):
        """The open operation may have happened or not: take what is there, if it is one of the two."""
        if self.open is None:
            return
        kind, name = self.open[0], self.open[1]
        if kind == "create" and name in found_instances:
            self.instances.append(name)
        elif kind == "delete" and name not in found_instances:
            self.instances.remove(name)
            self.deleted.add(name)
        elif kind == "box" and name in found_boxes:
            self.boxes[name] = self.open[2]
        elif kind == "unbox" and name not in found_boxes:
            del self.boxes[name]
        elif kind == "update" and found_boxes.get(name) == self.open[2]:
            self.boxes[name] = self.open[2]
        self.open = None

    def verify(self, client):
        container = expect(client.retrieve(self.base), 2000).resource
        children = expect(client.retrieve(self.base, rcn=8), 2000).resource
        found = [child["rn"] for child in children.get("m2m:cin", [])]
        boxes = {child["rn"]: child["lbl"][0] for child in children.get("m2m:cnt", [])}
        for child in children.get("m2m:cin", []):
            assert len(child["con"]) == child["cs"], f"partial instance {child}"
        self.adopt(set(found), boxes)
        assert found == self.instances, f"{self.base}: {set(found) ^ set(self.instances)} or their order"
        assert boxes == self.boxes, f"{self.base}: {boxes} against {self.boxes}"
        assert container["cni"] == len(found), f"{self.base}: cni {container['cni']}, {len(found)} instances"
        assert container["cbs"] == sum(child["cs"] for child in children.get("m2m:cin", []))
        latest = client.retrieve(self.base + "/la")
        if found:
            assert expect(latest, 2000).resource["rn"] == found[-1]
        else:
            expect(latest, 4004)
        if len(found) > 150:  # keep the listing short
            for name in found[:100]:
                expect(client.delete(f"{self.base}/{name}"), 2002)
                self.instances.remove(name)


def prepare(client, receiver):
    register(client, "crash")
    everything = {"acr": [{"acor": [ORIGINATOR], "acop": 63}]}
    expect(client.create("cse-in/crash", 1, "m2m:acp", rn="policy", pv=everything, pvs=everything), 2001)
    for number in range(WORKERS):
        expect(client.create("cse-in/crash", 3, "m2m:cnt", rn=f"w{number}", acpi=["cse-in/crash/policy"]), 2001)
    expect(client.create("cse-in/crash/w0", 23, "m2m:sub", rn="sub", enc={"net": [3], "chty": [4]},
                         nu=[f"http://127.0.0.1:{receiver.server_port}/"], nct=1), 2001)


def one_round(daemon, workers, chance):
    stop = threading.Event()
    threads = [threading.Thread(target=worker.run, args=(daemon.port, stop)) for worker in workers]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.01, 0.12))
    daemon.kill()
    stop.set()
    for thread in threads:
        thread.join()
    daemon.start()
    client = Client(daemon.port, ORIGINATOR)
    for worker in workers:
        worker.verify(client)
    client.close()


def main(program, kills, seed):
    chance = random.Random(seed)
    receiver = Receiver()
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    daemon = Daemon(program, settings=["limits.outbox-per-subscription=1000000", "log.level=warn"])
    daemon.start()
    client = Client(daemon.port, ORIGINATOR)
    prepare(client, receiver)
    client.close()
    workers = [Worker(number, seed) for number in range(WORKERS)]
    try:
        for number in range(kills):
            one_round(daemon, workers, chance)
            if number % 25 == 24:
                print(f"# {number + 1} kills, {sum(w.acknowledged for w in workers)} acknowledged changes", flush=True)
        due = set(workers[0].instances)
        deadline = time.monotonic() + 120
        while not due <= receiver.names and time.monotonic() < deadline:
            time.sleep(0.2)
        missing = due - receiver.names
        assert not missing, f"{len(missing)} notifications never came: {sorted(missing)[:5]}"
        daemon.stop()
    except BaseException:
        print(daemon.output()[-6000:], file=sys.stderr)
        if daemon.process.poll() is None:
            daemon.kill()
        raise
    acknowledged = sum(worker.acknowledged for worker in workers)
    assert acknowledged > kills, "the daemon was killed before it did anything"
    print(f"# {kills} kills, {acknowledged} acknowledged changes, {len(receiver.names)} instances notified")
    print("1..1\nok 1 - nothing acknowledged is lost")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30))

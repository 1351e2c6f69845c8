#!/usr/bin/env python3
"""Lines that are worse than cut, between a booth and central: one that has gone silent with its connections open, one that
swallows whatever is larger than a packet, one that nobody reads, one that resets, and a portal that answers 200 for central.
Windows and gates do not notice; nothing counts as received that central does not have; afterwards it all arrives, once."""
import select
import socket
import struct
import threading
import time

from stage import ATTENDANT, CLERK, PATIENCE, Stage, expect, play, wait_until
from venue import Cable

PORTAL = b"<html>Welcome! Please accept our terms to use this network.</html>"
LARGE = 500  # octets of one write; a batch of a sale of several tickets has more
NOTICED_AFTER_S = 20  # a link that says nothing is taken for dead; a busy machine needs seconds for a sale by itself
KINDS = ("silent", "swallows what is large", "not read", "reset", "portal")


class Line(Cable):
    """`kind` is "good" or one of KINDS. `hurt` counts what really met the fault. What a connection has lost is not made up
    for by what comes later: TCP delivers nothing behind a hole."""

    def __init__(self, target):
        self.kind, self.hurt = "good", 0
        super().__init__(target)

    def become(self, kind: str):
        with self._lock:
            self.kind, self.hurt = kind, 0
            for end in (end for pair in self._pairs for end in pair if kind in ("reset", "portal")):
                try:
                    end.shutdown(socket.SHUT_RD)  # says nothing to the other side, and wakes who reads here
                except OSError:
                    pass  # it has ended already

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.kind == "portal":
                self._answer_as_portal(near)
            elif self.kind == "reset":
                self._reset(near)
            else:
                self._join(near)

    def _join(self, near):
        try:
            far = socket.create_connection(self.target, timeout=2)
        except OSError:
            near.close()
            return
        pair = (near, far)
        for end in pair:
            end.settimeout(None)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            if self.kind in ("reset", "portal"):  # it became so while this one was being joined
                for end in pair:
                    self._reset(end)
                return
            self._pairs.add(pair)
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(source, sink, pair), daemon=True).start()

    def _answer_as_portal(self, near):
        try:
            near.settimeout(2)
            near.recv(4096)
            near.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(PORTAL), PORTAL))
            self.hurt += 1
        except OSError:
            pass
        near.close()

    def _reset(self, end):
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.close()
            self.hurt += 1
        except OSError:
            pass

    def _pump(self, source, sink, pair):
        lost = False
        try:
            while True:
                while self.kind == "not read":
                    self.hurt += len(select.select([source], [], [], 0)[0])
                    time.sleep(0.05)
                chunk = source.recv(65536)
                if not chunk:
                    break
                if lost or self.kind == "silent" or (self.kind == "swallows what is large" and len(chunk) > LARGE):
                    lost = True
                    self.hurt += 1
                    continue
                sink.sendall(chunk)
        except (OSError, ValueError):
            pass
        for end in pair:
            if self.kind in ("reset", "portal"):
                self._reset(end)
                continue
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self._lock:
            self._pairs.discard(pair)


class Venue:
    def __init__(self, stage: Stage):
        self.stage = stage
        lane = lambda name: [{"name": name, "gate": "south", "zone": "park", "direction": "entry"}]
        self.booth = stage.venue.add_node("booth")
        self.booth.to_central.close()
        self.line = self.booth.to_central = Line(("127.0.0.1", stage.venue.sync_port))
        self.booth.write_config(windows=[{"name": "window-1"}])
        self.booth.enrol()
        self.booth.start()
        stage.log_in(self.booth, CLERK)
        self.gate = stage.node("gate", ATTENDANT, lanes=lane("lane-1"))
        stage.open_shift(self.booth)
        self.sales, self.admitted, self.slowest = 0, 0, 0.0

    def received(self) -> int:
        nodes = self.stage.venue.central.api.get("nodes")["nodes"]
        return next(n for n in nodes if n["name"] == "booth")["epochs"][0]["received"]

    def acked(self) -> int:
        return self.booth.api.get("status")["journal"]["acked"]

    def guests(self):
        """One buys, comes to the other node's gate, and comes again."""
        for wanted in ("sell", "admit", "refuse"):
            began = time.monotonic()
            if wanted == "sell":
                code = self.stage.sell(self.booth, quantity=8)["tickets"][0]["code"]
                self.sales += 1
            else:
                scan = self.stage.scan(self.gate, "lane-1", code)
                expect(scan["verdict"] == wanted, f"the same as with good lines, {wanted}: {scan}")
            self.slowest = max(self.slowest, time.monotonic() - began)
        self.admitted += 1
        acked = self.acked()  # asked for first: central may have received more meanwhile, never less
        expect(acked <= self.received(), f"{acked} records count as received, central has {self.received()}")

    def connected(self) -> bool:
        return self.booth.api.get("status")["central"]["connected"]


def through(venue: Venue, kind: str) -> str:
    wait_until(venue.connected, 90, f"the line before it is {kind}")
    began = time.monotonic()
    venue.line.become(kind)
    venue.guests()

    def noticed():
        venue.guests()
        time.sleep(0.3)
        return not venue.connected()
    wait_until(noticed, 2 * PATIENCE, f"the booth to notice that its line is {kind}")
    felt = time.monotonic() - began
    before = venue.received()
    for _ in range(5):
        venue.guests()
        time.sleep(0.5)
    expect(not venue.connected(), f"nobody takes a line that is {kind} for central")
    expect(venue.line.hurt > 0, f"a line that is {kind} was met by nothing: it proved nothing")
    met = venue.line.hurt
    venue.line.become("good")
    wait_until(venue.stage.venue.drained, 120, f"what was sold while the line was {kind} to arrive")
    expect(venue.received() > before, "and it did")
    return f"{kind} (noticed in {felt:.0f} s, {met} met)"


def story(stage: Stage) -> str:
    stage.open()
    venue = Venue(stage)
    venue.guests()
    told = [through(venue, kind) for kind in KINDS]
    expect(venue.slowest < NOTICED_AFTER_S / 2, f"no window and no gate waits for a line: {venue.slowest:.2f} s")
    central = stage.venue.central.api
    date = central.get("reports/sales")["business_date"]
    expect(central.get("reports/sales", business_date=date)["totals"]["sales"] == venue.sales, "central has each sale once")
    persons = central.get("reports/admissions", business_date=date)["totals"]["persons"]
    expect(persons == venue.admitted, f"and each admission: {persons} of {venue.admitted}")
    expect(central.get("conflicts")["conflicts"] == [], "and nothing to settle")
    venue.booth.stop()
    of = lambda records: [(r["epoch"], r["seq"], r["hash"]) for r in records]
    own = of(stage.records(venue.booth))
    expect(of(stage.records_at_central(venue.booth)) in (own, own[:-1]), "central has the booth's records, by number and hash")
    return f"{venue.sales} sales and admissions; lines that were {', '.join(told)}; slowest answer {venue.slowest * 1000:.0f} ms"


play(story)

#!/usr/bin/env python3
"""The pages in a real Chromium against real daemons: a clerk by keyboard in both languages, cut links, a killed daemon,
double Enter, reload in mid-payment; a gate's verdicts; axe.

Usage: pages.py --programs DIR [--shots DIR]     `--shots` also writes pictures of the pages.
"""
import datetime
import json
import signal
import time
from pathlib import Path

import browser  # finds the folder of `stage`, too
from stage import CLERK, PATIENCE, Refused, SUPERVISOR, Stage, play, wait_until

HERE = Path(__file__).resolve().parent
TAILGATE = 1.2  # seconds: more than the node's own (edge/station/station_options.hpp)


def at(record: dict) -> float:
    """When a record was made, by its own time: seconds since 1970."""
    return datetime.datetime.fromisoformat(record["wall_time"]).timestamp()


class Hands:
    """What the browser's script asks of the world outside the browser."""

    def __init__(self, stage: Stage, node):
        self._stage, self._node, self._devices = stage, node, stage.venue.devices
        self._given: set[str] = set()

    def sales(self, product: str | None = None) -> list:
        found = self._node.api.get("sales", limit=200)["sales"]
        return [s for s in found if product is None or any(line["product"] == product for line in s["lines"])]

    def _lane(self) -> dict:
        return self._node.api.get("lanes")["lanes"][0]

    def _until(self, done, what: str):
        wait_until(done, PATIENCE, what)

    def kill(self):
        self._node.kill()

    def start(self):
        self._node.start()

    def freeze(self):
        """The daemon hangs: its connections stay, and nothing answers."""
        self._node.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._node.process.send_signal(signal.SIGCONT)

    def cut(self):
        """The line to central goes dead in silence: no packet comes through, and nobody says so."""
        for cable in self._node.cables():
            cable.silence()

    def mend(self):
        self._stage.venue.mend(self._node.name)

    def central(self, up: bool):
        (self._stage.venue.central.start if up else self._stage.venue.central.stop)()

    def recorded(self, record: str) -> float:
        """When the record was made, by its own time: milliseconds since 1970."""
        node, epoch, seq = record.split("-")
        lines = self._node.api.get("journals/records", **{"node": node, "epoch": epoch, "from": seq})
        found = json.loads(lines.splitlines()[0])
        assert found["seq"] == int(seq)
        return at(found) * 1000

    def scan(self, scanner: str, code: str):
        self._devices.do("scan", scanner, text=code)

    def sold(self, count: int):
        self._until(lambda: len(self.sales()) >= count, f"{count} sales")

    def doubts(self) -> int:
        return sum(p["state"] == "ask" for p in self._node.api.get("prints")["prints"])

    def idle(self):
        self._until(lambda: self._lane()["state"] == "idle", "the lane to rest")

    def open(self):
        self._until(lambda: self._lane()["state"] == "open", "the lane to be open")

    def mode(self, mode: str):
        self._until(lambda: self._lane()["mode"] == mode, f"the lane in mode {mode}")

    def emergency(self, open: bool):
        self._until(lambda: self._lane()["emergency"] == open, "the emergency")

    def guests(self, policy: str):
        self._devices.do("walk", "turn-1", policy=policy)

    def lease(self):
        number = self._node.api.get("status")["node"]
        self._stage.venue.central.api.post("leases", {"node": number, "session": self._stage.session, "units": 50})

    def paper(self, out: bool, low: bool = False):
        self._devices.do("paper", "printer-1", out=out, low=low)

    def unplug(self):
        self._devices.do("unplug", "turn-1")

    def plug(self):
        self._devices.do("plug", "turn-1")

    def apart(self):
        """Nobody has turned lately: who comes in now follows nobody, by the node's own times."""
        journal = self._node.api.get("status")
        asked = {"node": journal["node"], "epoch": journal["epoch"], "from": max(1, journal["journal"]["head"] - 100)}
        records = map(json.loads, self._node.api.get("journals/records", **asked).splitlines())
        turned = [at(r) for r in records if r["kind"] == "passage" and r["body"]["outcome"] == "turned"]
        self._until(lambda: time.time() > max(turned) + TAILGATE, "some time after the last turn")

    def intrude(self):
        self._devices.do("pass", "turn-1", direction="entry", force=True)

    def group(self, persons: int) -> str:
        """The code of a group's ticket that was sold just now."""
        api = self._node.api
        try:
            api.get("shifts/current", window="window-1")
        except Refused:
            self._stage.open_shift(self._node)
        sale = api.post("sales", {
            "id": self._stage.new_id(), "window": "window-1", "lines": [{"product": "group", "quantity": 1, "persons": persons}],
            "tenders": [{"kind": "cash", "amount_minor": 6000 * persons}]})
        return sale["tickets"][0]["code"]

    def products(self, count: int):
        """The venue sells so many products, and the node knows them; there is a shift in which they are sold."""
        def more(catalogue):
            like = next(p for p in catalogue["products"] if p["id"] == "adult")
            for at in range(len(catalogue["products"]) + 1, count + 1):
                name = {"zh-CN": f"票种 {at}", "en": f"Product {at}"}
                catalogue["products"].append(like | {"id": f"more-{at}", "name": name})
        self._stage.venue.publish(more)
        self._until(lambda: len(self._node.api.get("catalogue")["products"]) == count, f"{count} products")
        self._stage.log_in(self._node, CLERK)
        try:
            self._node.api.get("shifts/current", window="window-1")
        except Refused:
            self._stage.open_shift(self._node)

    def drawer(self) -> int:
        """What the drawer should hold, as a supervisor is told."""
        self._stage.log_in(self._node, SUPERVISOR)
        try:
            return self._node.api.get("shifts/current", window="window-1")["expected_minor"]
        finally:
            self._stage.log_in(self._node, CLERK)

    def reduced(self) -> str:
        """The code of a ticket with a concession that was sold just now."""
        sale = self._node.api.post("sales", {
            "id": self._stage.new_id(), "window": "window-1",
            "lines": [{"product": "adult", "quantity": 1, "concession": {"class": "senior", "document": "senior_card"}}],
            "tenders": [{"kind": "cash", "amount_minor": 4000}]})
        return sale["tickets"][0]["code"]

    def shift_at_central(self, shift: str) -> dict:
        """A shift that was closed, once central knows it: its end comes behind all that was done in it."""
        api, date = self._stage.venue.central.api, self._node.api.get("status")["business_date"]
        ended = lambda: [s for s in api.get("reports/shifts", business_date=date)["shifts"] if s["shift"] == shift and s["closed"]]
        return wait_until(ended, 20, f"central to know the end of shift {shift}")[0]

    def entered(self) -> int:
        return sum(zone["entered"] for zone in self._node.api.get("occupancy")["zones"])

    def fresh(self) -> str:
        """The code of an adult's ticket that was neither refunded, replaced nor shown at a gate."""
        for sale in self.sales("adult"):
            for ticket in sale["tickets"]:
                if ticket["id"] in self._given or "code" not in ticket:
                    continue
                self._given.add(ticket["id"])
                look = self._node.api.post("tickets/find", {"ticket": ticket["id"]})
                if look["fault"] == "none" and look["used"] == 0:
                    return ticket["code"]
        raise AssertionError("there is no ticket left")


def story(stage: Stage) -> str:
    stage.open()
    window_scanner = stage.venue.root / "scan-w"
    devices, lane = stage.devices_for_a_lane(pass_ms=0, also='[[scanner]]\nname = "scan-w"\nlink = "scan-w"\n')
    printer = stage.venue.devices.do("state", "printer-1")["address"]
    devices += [{"name": "printer-1", "driver": "escpos", "tcp": printer},
                {"name": "scan-w", "driver": "line", "port": str(window_scanner)}]
    node = stage.node("booth", devices=devices, lanes=[lane | {"direction": "entry"}],
                      windows=[{"name": "window-1", "printer": "printer-1", "scanners": ["scan-w"]}])
    number = stage.venue.central.api.get("nodes")["nodes"][0]["node"]
    hands = Hands(stage, node)
    node.await_devices()
    vectors = json.loads((HERE.parents[1] / "schemas/ticket/vectors.json").read_text())["accepted"]
    foreign = [one["code"] for one in vectors if one["payload"]["node"] > number]
    settings = {"origin": f"http://127.0.0.1:{node.api.port}", "shots": str(stage.asked.shots or ""), "foreign": foreign}
    browser.play("pages.mjs", settings, hands)
    return "every step holds"


play(story, lambda parser: parser.add_argument("--shots", type=Path))

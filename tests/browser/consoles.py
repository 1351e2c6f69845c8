#!/usr/bin/env python3
"""Operations and Central in a real Chromium against real daemons: an operator's and a manager's work in both languages.

A booth with a lane and its devices, a gate that is cut off and admits the same ticket, a backlog of 10,000 records that
drains, a replay by hand, a node enrolled with the token of the page, a catalogue changed.

Usage: consoles.py --programs DIR [--shots DIR] [--records N]
"""
import signal
import subprocess
import time
from pathlib import Path

import browser  # finds the folder of `stage`, too
from stage import ATTENDANT, OPERATOR, PATIENCE, PRICE, Stage, expect, play, wait_until


class Hands:
    """What the browser's script asks of the world outside the browser."""

    def __init__(self, stage: Stage, booth, gate, codes: list[str]):
        self._stage, self._venue, self._booth, self._gate, self._codes = stage, stage.venue, booth, gate, codes

    def pile_up(self):
        """The booth is cut off, and its journal grows by many records."""
        self._booth.stop()
        subprocess.run([self._venue.programs / "gatehouse-bench", "generate", self._booth.config,
                        str(self._stage.asked.records), "1"], check=True, stdout=subprocess.DEVNULL)
        self._venue.cut("booth")
        self._booth.start()

    def admit_twice(self):
        """Two gates that cannot hear each other admit one ticket; then they hear each other again."""
        venue, stage = self._venue, self._stage
        venue.cut("gate")
        stage.log_in(self._booth, ATTENDANT)
        stage.log_in(self._gate, ATTENDANT)
        for code in self._codes:
            for node, lane in ((self._booth, "lane-2"), (self._gate, "lane-9")):
                verdict = stage.scan(node, lane, code)
                expect(verdict["verdict"] == "admit", f"a gate that is cut off admits: {verdict}")
        venue.mend("gate")
        wait_until(lambda: len(venue.central.api.get("conflicts", state="open")["conflicts"]) >= 2, PATIENCE, "the conflicts")

    def enrol(self, name: str, token: str):
        node = self._venue.add_node(name)
        node.write_config()
        subprocess.run([self._venue.programs / "gatehouse", "enrol", "--central",
                        f"https://127.0.0.1:{node.to_central.port}", "--token", token, "--config", node.config],
                       check=True, stdout=subprocess.DEVNULL)

    def mend_partly(self):
        """Central takes some of what waits at the booth, and hangs then."""
        waits = lambda: self.status()["journal"]["backlog"]
        most = waits()
        self._venue.mend("booth")

        def some() -> bool:
            self.thaw("central")
            time.sleep(0.02)  # its turn
            self.freeze("central")
            return 0 < waits() < most
        wait_until(some, 60, "central to take some of the backlog")

    def mend(self):
        self._venue.mend("booth")

    def cut(self):
        self._venue.cut("booth")

    def drained(self):
        wait_until(self._venue.drained, 300, "the journals to reach central")

    def status(self) -> dict:
        self._stage.log_in(self._booth, OPERATOR)
        return self._booth.api.get("status")

    def central(self, path: str):
        return self._venue.central.api.get(path)

    def freeze(self, which: str):
        """The daemon hangs: its connections stay, and nothing answers."""
        self._daemon(which).send_signal(signal.SIGSTOP)

    def thaw(self, which: str):
        self._daemon(which).send_signal(signal.SIGCONT)

    def _daemon(self, which: str):
        return (self._booth if which == "booth" else self._venue.central).process

    def unplug(self):
        self._venue.devices.do("unplug", "scan-1")

    def plug(self):
        self._venue.devices.do("plug", "scan-1")


def story(stage: Stage) -> str:
    stage.open()
    devices, lane = stage.devices_for_a_lane()
    booth = stage.node("booth", devices=devices, windows=[{"name": "window-1"}],
                       lanes=[lane, {"name": "lane-2", "gate": "south", "zone": "park", "direction": "entry"}])
    gate = stage.node("gate", lanes=[{"name": "lane-9", "gate": "north", "zone": "park", "direction": "both"}], who=ATTENDANT)
    stage.open_shift(booth)
    for product, quantity in (("adult", 12), ("child", 5), ("family", 2)):
        for ticket in stage.sell(booth, product, quantity)["tickets"][:6]:
            stage.log_in(gate, ATTENDANT)
            wait_until(lambda: stage.scan(gate, "lane-9", ticket["code"])["verdict"] == "admit", PATIENCE, "an admission")
    for _ in range(2):  # taken on a clerk's word: the terminal's number is not known
        booth.api.post("sales", {"id": stage.new_id(), "window": "window-1", "lines": [{"product": "adult", "quantity": 1}],
                                 "tenders": [{"kind": "wechat", "amount_minor": PRICE["adult"]}]})
    sold = stage.sell(booth, "adult", 2)["tickets"]
    codes, ticket = [one["code"] for one in sold], sold[0]["id"]
    hands = Hands(stage, booth, gate, codes)
    booth.await_devices()
    settings = {"node": f"http://127.0.0.1:{booth.api.port}", "central": f"http://127.0.0.1:{stage.venue.central.api.port}",
                "pin": stage.venue.admin_pin, "ticket": ticket, "records": stage.asked.records,
                "shots": str(stage.asked.shots or ""), "part": stage.asked.part}
    browser.play("consoles.mjs", settings, hands)
    return "every step holds"


def arguments(parser):
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--part", choices=("all", "central", "much"), default="all",
                        help="central: without operations; much: only the long lists")
    parser.add_argument("--records", type=int, default=10_000)


play(story, arguments)

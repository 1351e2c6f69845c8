#!/usr/bin/env python3
"""Operations and Central in a real Chromium against real daemons: an operator's and a manager's work in both languages.

A booth with a lane and its devices, a gate that is cut off and admits the same ticket, a backlog of 10,000 records that
drains, a replay by hand, a node enrolled with the token of the page, a catalogue changed.

Usage: consoles.py --programs DIR [--shots DIR] [--records N]
"""
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[0] / "integration"))
from stage import ATTENDANT, OPERATOR, Stage, expect, play, wait_until  # noqa: E402


class Hands:
    """What the browser's script asks of the world outside the browser; one JSON object a line."""

    def __init__(self, stage: Stage, booth, gate, codes: list[str]):
        self.stage, self.booth, self.gate, self.codes = stage, booth, gate, codes

    def pile_up(self):
        """The booth is cut off, and its journal grows by many records."""
        self.booth.stop()
        subprocess.run([self.stage.venue.programs / "gatehouse-bench", "generate", self.booth.config,
                        str(self.stage.asked.records), "1"], check=True, stdout=subprocess.DEVNULL)
        self.stage.venue.cut("booth")
        self.booth.start()

    def admit_twice(self):
        """Two gates that cannot hear each other admit one ticket; then they hear each other again."""
        venue, stage = self.stage.venue, self.stage
        venue.cut("gate")
        stage.log_in(self.booth, ATTENDANT)
        stage.log_in(self.gate, ATTENDANT)
        for code in self.codes:
            for node, lane in ((self.booth, "lane-2"), (self.gate, "lane-9")):
                verdict = stage.scan(node, lane, code)
                expect(verdict["verdict"] == "admit", f"a gate that is cut off admits: {verdict}")
        venue.mend("gate")
        wait_until(lambda: len(venue.central.api.get("conflicts", state="open")["conflicts"]) >= 2, 60, "the conflicts")

    def enrol(self, name: str, token: str):
        node = self.stage.venue.add_node(name)
        node.write_config()
        subprocess.run([self.stage.venue.programs / "gatehouse", "enrol", "--central",
                        f"https://127.0.0.1:{node.to_central.port}", "--token", token, "--config", node.config],
                       check=True, stdout=subprocess.DEVNULL)

    def do(self, asked: dict):
        what, venue = asked["do"], self.stage.venue
        if what == "pile_up":
            self.pile_up()
        elif what == "mend":
            venue.mend("booth")
        elif what == "cut":
            venue.cut("booth")
        elif what == "drained":
            wait_until(venue.drained, 300, "the journals to reach central")
        elif what == "status":
            self.stage.log_in(self.booth, OPERATOR)
            return self.booth.api.get("status")
        elif what == "admit_twice":
            self.admit_twice()
        elif what == "enrol":
            self.enrol(asked["name"], asked["token"])
        elif what == "central":
            return venue.central.api.get(asked["path"])
        elif what == "unplug":
            venue.devices.do("unplug", "scan-1")
        elif what == "plug":
            venue.devices.do("plug", "scan-1")
        else:
            raise ValueError(what)
        return None


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
            wait_until(lambda: stage.scan(gate, "lane-9", ticket["code"])["verdict"] == "admit", 10, "an admission")
    codes = [ticket["code"] for ticket in stage.sell(booth, "adult", 2)["tickets"]]
    hands = Hands(stage, booth, gate, codes)
    wait_until(lambda: all(d["state"] == "online" for d in booth.api.get("status")["devices"]), 20, "the devices")
    settings = {"node": f"http://127.0.0.1:{booth.api.port}", "central": f"http://127.0.0.1:{stage.venue.central.api.port}",
                "pin": stage.venue.admin_pin, "records": stage.asked.records, "shots": str(stage.asked.shots or ""), "part": stage.asked.part}
    browser = subprocess.Popen(["node", HERE / "consoles.mjs", json.dumps(settings)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True, env=os.environ | {"LANG": "C.UTF-8"})
    said = []
    try:
        for line in browser.stdout:
            asked = json.loads(line)
            if "say" in asked:
                said.append(asked["say"])
                continue
            print(json.dumps(hands.do(asked)), file=browser.stdin, flush=True)
        expect(browser.wait(30) == 0, "the browser's script ended well; it said: " + "; ".join(said))
    finally:
        if browser.poll() is None:
            browser.kill()
    return "\n".join(said)


def arguments(parser):
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--part", choices=("all", "much"), default="all", help="much: only the long lists")
    parser.add_argument("--records", type=int, default=10_000)


play(story, arguments)

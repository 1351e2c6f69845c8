#!/usr/bin/env python3
"""The pages in a real Chromium against real daemons: a clerk by keyboard in both languages, cut links, a killed daemon,
double Enter, reload in mid-payment; a gate's verdicts; axe.

Usage: pages.py --programs DIR [--shots DIR]     `--shots` also writes pictures of the pages.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[0] / "integration"))
from stage import Stage, expect, play, wait_until  # noqa: E402


class Hands:
    """What the browser's script asks of the world outside the browser; one JSON object a line."""

    def __init__(self, stage: Stage, node):
        self.stage, self.node = stage, node

    def do(self, asked: dict):
        what = asked["do"]
        if what == "kill":
            self.node.kill()
        elif what == "start":
            self.node.start()
        elif what == "cut":
            self.stage.venue.cut("booth")
        elif what == "mend":
            self.stage.venue.mend("booth")
        elif what == "scan":
            self.stage.venue.devices.do("scan", "scan-1", text=asked["code"])
        elif what == "sales":
            return self.node.api.get("sales", limit=200)["sales"]
        elif what == "drained":
            wait_until(self.stage.venue.drained, 30, "the journal to reach central")
        else:
            raise ValueError(what)
        return None


def story(stage: Stage) -> str:
    stage.open()
    devices, lane = stage.devices_for_a_lane()
    printer = stage.venue.devices.do("state", "printer-1")["address"]
    devices.append({"name": "printer-1", "driver": "escpos", "tcp": printer})
    node = stage.node("booth", devices=devices, lanes=[lane], windows=[{"name": "window-1", "printer": "printer-1"}])
    hands = Hands(stage, node)
    wait_until(lambda: all(d["state"] == "online" for d in node.api.get("status")["devices"]), 20, "the devices")
    settings = {"origin": f"http://127.0.0.1:{node.api.port}", "shots": str(stage.asked.shots or "")}
    browser = subprocess.Popen(["node", HERE / "pages.mjs", json.dumps(settings)], stdin=subprocess.PIPE,
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


play(story, lambda parser: parser.add_argument("--shots", type=Path))

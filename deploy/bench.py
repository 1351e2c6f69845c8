#!/usr/bin/env python3
"""Measures the release build with the real programs; each figure stands beside its bare limit of the same run.

Bare limits: an append of 256 octets with fdatasync on the same file system, and SQLite writing the very rows that the
measured program wrote. tests/bench/README.md says how each figure is taken.
"""
from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from venue import Venue, wait_until  # noqa: E402

FIGURES = ["scan_to_open", "8_lanes_open", "admissions_per_s", "replay_per_s", "peer_visible", "memory", "start_to_verdict"]
PIN = "2468"


def say(text: str):
    print(text, file=sys.stderr, flush=True)


def percentile(values, percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class Bench:
    def __init__(self, programs: Path, folder: Path, as_json: bool, quick: bool):
        self.programs, self.folder, self.as_json, self.quick = programs, folder, as_json, quick
        self.figures: list[dict] = []

    def report(self, figure: str, value: float, unit: str, ratio=None, ratio_to=None, limit=None, **more):
        row = {"figure": figure, "value": round(value, 3), "unit": unit}
        if ratio is not None:
            row |= {"ratio": round(ratio, 3), "ratio_to": ratio_to, "limit": round(limit, 3)}
        row |= more
        self.figures.append(row)
        if self.as_json:
            print(json.dumps(row), flush=True)
        else:
            beside = f"   {ratio:6.2f} x {ratio_to} ({limit:.1f})" if ratio is not None else ""
            extra = "   " + json.dumps(more) if more else ""
            print(f"{figure:26} {value:12.2f} {unit:8}{beside}{extra}", flush=True)

    def tool(self, *arguments) -> dict:
        done = subprocess.run([self.programs / "gatehouse-bench", *map(str, arguments)], check=True, capture_output=True,
                              text=True)
        return json.loads(done.stdout.splitlines()[-1])

    def scale(self, count: int) -> int:
        return max(count // 20, 200) if self.quick else count

    # --- the venue that is measured ---

    def venue(self, name: str) -> Venue:
        root = self.folder / name
        shutil.rmtree(root, ignore_errors=True)
        venue = Venue(root, self.programs)
        venue.start_central()

        def edit(catalogue):
            catalogue["operators"].append({"name": "bench", "pin": PIN,
                                           "roles": ["clerk", "attendant", "supervisor", "operator"]})
        venue.publish(edit)
        return venue

    def lanes(self, count: int, turnstiles: bool = True) -> tuple[str, list, list]:
        """The emulator's scenario, and the node's devices and lanes: scanners on ptys, turnstiles on Modbus TCP."""
        raise NotImplementedError

    def enrolled(self, venue: Venue, name: str, start: bool = True, **config):
        node = venue.add_node(name)
        node.write_config(**config)
        node.enrol()
        if start:
            self.start(node)
        return node

    def start(self, node):
        node.start()

        def logged_in():
            try:
                node.api.login("bench", PIN)
                return True
            except Exception:  # the catalogue with the operator is still on its way
                return False
        wait_until(logged_in, 20, "the operators' list to arrive")

    def sell_codes(self, booth, count: int) -> list[str]:
        booth.api.post("shifts", {"id": f"shift-{time.monotonic_ns()}", "window": "window-1", "float_minor": 0})
        codes: list[str] = []
        while len(codes) < count:
            quantity = min(500, count - len(codes))
            sale = booth.api.post("sales", {
                "id": f"sale-{time.monotonic_ns()}", "window": "window-1", "lines": [{"product": "adult", "quantity": quantity}],
                "tenders": [{"kind": "cash", "amount_minor": quantity * 8000}]})
            codes += [ticket["code"] for ticket in sale["tickets"]]
        return codes

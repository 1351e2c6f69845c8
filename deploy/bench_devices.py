#!/usr/bin/env python3
"""Measures what many devices cost and how quickly they are heard: 16 OSDP units on one pair of wires that are polled every
50 ms and 32 serial devices, all open at once, behind one release node.

`deploy/bench` runs it after the other figures. Alone: deploy/bench_devices.py [--json] [--only FIGURE] [--quick]
[--programs DIR] [--dir DIR].

  devices_core_percent      processor time of the node with all of them, in percent of one core; beside it that of a node
                            without devices
  osdp_polls_per_s          commands that the 16 units heard a second in the same run (16 x 20 are asked for)
  istatr_to_passage_p50_ms, istatr_to_passage_p99_ms
                            from the report of the passage sensor, as the unit puts it on the wire, to the passage as the
                            node's event stream tells it, which it does when the record is on the disk; of 200 passages, of
                            20 with --quick; beside it an append with fdatasync of the same run
  reopened_max_s            from the return of an unplugged bus until all its units are online again
"""
from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bench import DEVICE_FIGURES, Bench, percentile, say  # noqa: E402
from venue import Events, wait_until  # noqa: E402

UNITS, SERIAL, POLL_MS = 16, 32, 50


def processor_s(pid: int) -> float:
    """Of all its threads, as the scheduler counts it: ticks overlook what works for microseconds."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


class StampedEvents(Events):
    """Events whose arrival is stamped on the clock of the emulator's stamps."""

    def wait_ns(self, mark: int, wanted, seconds: float, what: str) -> int:
        """When the wanted event was first seen; looked at every half a millisecond."""
        def found():
            return any(wanted(kind, data) for kind, data in self.seen[mark:]) and time.monotonic_ns()
        return wait_until(found, seconds, what, step=0.0005)


class DeviceBench(Bench):
    def crowd(self, name: str):
        """A node with every device open, and a lane at the first unit."""
        venue = self.venue(name)
        scenario, devices = "", []
        for address in range(UNITS):
            scenario += (f'[[osdp]]\nname = "unit-{address}"\nlink = "rs485"\naddress = {address}\ndelay_ms = 20\n'
                         f'pass_ms = 120\n')
            devices.append({"name": f"unit-{address}", "driver": "osdp", "port": str(venue.root / "rs485"),
                            "baud": 115200, "address": address, "output": 0, "poll_ms": POLL_MS})
        for n in range(SERIAL):
            scenario += f'[[scanner]]\nname = "scan-{n}"\nlink = "scan-{n}"\n'
            devices.append({"name": f"scan-{n}", "driver": "line", "port": str(venue.root / f"scan-{n}"), "dedupe_ms": 0})
        venue.start_devices(scenario)
        lane = {"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry", "scanners": ["scan-0"],
                "turnstile": "unit-0"}
        node = self.enrolled(venue, "gate", devices=devices, lanes=[lane], windows=[{"name": "window-1"}])
        self.all_online(node)
        return venue, node

    @staticmethod
    def all_online(node, seconds: float = 20):
        def online():
            devices = node.api.get("status")["devices"]
            return len(devices) >= UNITS and all(each["state"] == "online" for each in devices)
        wait_until(online, seconds, "every device to be online", step=0.05)

    def cost(self, node, seconds: float) -> float:
        before, began = processor_s(node.process.pid), time.monotonic()
        time.sleep(seconds)
        return 100 * (processor_s(node.process.pid) - before) / (time.monotonic() - began)

    def devices_core_percent(self):
        seconds = 3 if self.quick else 30
        bare = self.venue("bare")
        alone = self.cost(self.enrolled(bare, "gate"), seconds)
        bare.stop()
        venue, node = self.crowd("crowd")
        heard = lambda: sum(venue.devices.do("state", f"unit-{n}")["commands"] for n in range(UNITS))  # noqa: E731
        before, began = heard(), time.monotonic()
        busy = self.cost(node, seconds)
        polls = (heard() - before) / (time.monotonic() - began)
        self.report("devices_core_percent", busy, "percent", target=10, without_devices=round(alone, 2))
        self.report("osdp_polls_per_s", polls, "1/s", asked=UNITS * 1000 // POLL_MS)
        venue.stop()

    def istatr_to_passage(self):
        venue, node = self.crowd("passage")
        codes = self.sell_codes(node, 20 if self.quick else 200)
        events, times = StampedEvents(node.api), []
        last = venue.devices.do("events")["last"]
        for code in codes:
            mark = events.mark()
            venue.devices.do("scan", "scan-0", text=code)
            arrived = events.wait_ns(mark, lambda k, d: k == "passage" and d.get("outcome") == "turned", 10, "the passage")
            said = venue.devices.do("events", since=last)
            last = said["last"]
            mine = [e for e in said["events"] if e["device"] == "unit-0"]
            sensed = next(e["ns"] for e in mine if e["event"] == "sensor")
            # Inputs are also asked for now and then: the first report after the sensor is the one that tells it.
            told = next(e["ns"] for e in mine if e["event"] == "istatr" and e["ns"] >= sensed)
            times.append((arrived - told) / 1e6)
            wait_until(lambda: node.api.get("lanes")["lanes"][0]["state"] == "idle", 10, "the lane to be idle")
            time.sleep(0.4)  # the guest leaves the sensor, and the next is more than its flutter
        flush_ms = self.tool("append", self.folder, 200, 20_000)["p50_us"] / 1000
        for percent in (50, 99):
            value = percentile(times, percent)
            self.report(f"istatr_to_passage_p{percent}_ms", value, "ms", ratio=value / flush_ms,
                        ratio_to="append_fdatasync_p50", limit=flush_ms, target=5 + flush_ms, passages=len(times))
        venue.stop()

    def reopened(self):
        venue, node = self.crowd("reopened")
        took = []
        for _ in range(2 if self.quick else 10):
            venue.devices.do("unplug", "unit-0")
            wait_until(lambda: all(d["state"] != "online" for d in node.api.get("status")["devices"]
                                   if d["driver"] == "osdp"), 20, "the bus to be missed")
            time.sleep(5)  # longer than the longest pause between two openings
            began = time.monotonic()
            venue.devices.do("plug", "unit-0")
            self.all_online(node)
            took.append(time.monotonic() - began)
        self.report("reopened_max_s", max(took), "s", target=3, median=round(percentile(took, 50), 2))
        venue.stop()

    def run(self, only: list[str]):
        for figure, measure in (("devices_core_percent", self.devices_core_percent),
                                ("istatr_to_passage", self.istatr_to_passage), ("reopened", self.reopened)):
            if not only or figure in only:
                say(f"--- {figure}")
                measure()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--only", action="append", default=[], choices=DEVICE_FIGURES)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: does it run, not how fast")
    parser.add_argument("--dir", type=Path, default=Path("build/bench-devices"))
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    asked = parser.parse_args()
    asked.dir.mkdir(parents=True, exist_ok=True)
    DeviceBench(asked.programs.resolve(), asked.dir.resolve(), asked.json, asked.quick).measure(asked.only)
    return 0


if __name__ == "__main__":
    sys.exit(main())

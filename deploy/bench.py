#!/usr/bin/env python3
"""Measures the release build with the real programs; each figure stands beside its bare limit of the same run.

Bare limits: an append of 256 octets with fdatasync on the same file system, and SQLite writing the very rows that the
measured program wrote. tests/bench/README.md says how each figure is taken.
"""
from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from venue import Venue, free_port, wait_until  # noqa: E402

PIN = "2468"
FIGURES = ["scan_to_open", "8_lanes_open", "admissions_per_s", "replay_per_s", "peer_visible", "memory"]
DEVICE_FIGURES = ["devices_core_percent", "istatr_to_passage", "reopened"]  # bench_devices.py


def say(text: str):
    print(text, file=sys.stderr, flush=True)


def percentile(values, percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class Bench:
    def __init__(self, programs: Path, folder: Path, as_json: bool, quick: bool):
        self.programs, self.folder, self.as_json, self.quick = programs, folder, as_json, quick
        self.figures: list[dict] = []
        self.venues: list[Venue] = []

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
        self.venues.append(venue)
        venue.start_central()

        def edit(catalogue):
            catalogue["operators"].append({"name": "bench", "pin": PIN,
                                           "roles": ["clerk", "attendant", "supervisor", "operator"]})
        venue.publish(edit)
        return venue

    def gate(self, venue: Venue, name: str, lanes: int, start: bool = True):
        """A node with `lanes` lanes, each with a scanner on a pty and a turnstile on Modbus TCP that is polled."""
        ports = [free_port() for _ in range(lanes)]
        scenario, devices, tables = "", [], []
        for n, port in enumerate(ports, 1):
            scenario += (f'[[scanner]]\nname = "scan-{n}"\nlink = "scan-{n}"\n[[turnstile]]\nname = "turn-{n}"\n'
                         f'tcp = "127.0.0.1:{port}"\ndelay_ms = 0\npass_ms = 0\n')
            devices += [{"name": f"scan-{n}", "driver": "line", "port": str(venue.root / f"scan-{n}"), "dedupe_ms": 0},
                        {"name": f"turn-{n}", "driver": "modbus", "tcp": f"127.0.0.1:{port}", "pulse": "waveshare",
                         "poll_ms": 2, "gap_ms": 0, "debounce_ms": 0}]  # guests quicker than people
            tables.append({"name": f"lane-{n}", "gate": "south", "zone": "park", "direction": "entry",
                           "scanners": [f"scan-{n}"], "turnstile": f"turn-{n}"})
        tables.append({"name": "by-hand", "gate": "south", "zone": "park", "direction": "entry"})
        venue.start_devices(scenario)
        return self.enrolled(venue, name, start, devices=devices, lanes=tables,
                             windows=[{"name": "window-1"}])

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
        booth.api.post("shifts", {"id": "bench-shift", "window": "window-1", "float_minor": 0})
        codes: list[str] = []
        while len(codes) < count:
            quantity = min(10, count - len(codes))
            sale = booth.api.post("sales", {
                "id": f"sale-{time.monotonic_ns()}", "window": "window-1", "lines": [{"product": "adult", "quantity": quantity}],
                "tenders": [{"kind": "cash", "amount_minor": quantity * 8000}]})
            codes += [ticket["code"] for ticket in sale["tickets"]]
        return codes

    def burst(self, venue: Venue, lane: int, codes: list[str], **more) -> list[int]:
        """Latencies in nanoseconds, taken by the emulator: before a scan was written to the first octet of the open command."""
        file, times = venue.root / f"codes-{lane}", venue.root / f"times-{lane}.json"
        file.write_text("\n".join(codes) + "\n")
        done = venue.devices.do("burst", f"scan-{lane}", timeout=1200, codes_file=str(file), turnstile=f"turn-{lane}",
                                file=str(times), **more)
        if done.get("lost"):
            raise RuntimeError(f"{done['lost']} scans never opened: {done}")
        return json.loads(times.read_text())

    # --- the figures ---

    def scan_to_open(self):
        venue = self.venue("scan")
        gate = self.gate(venue, "gate", 1)
        runs, per_run, block = 5, self.scale(2_000), min(500, self.scale(2_000))
        time.sleep(2)  # the log is laid out while nothing else happens
        venue.central.stop()  # on its own machine in life: here it would flush to the same disk between the blocks
        ratios: dict[int, list] = {50: [], 99: []}
        values: dict[int, list] = {50: [], 99: []}
        limits: dict[int, list] = {50: [], 99: []}
        without: dict[int, list] = {50: [], 99: []}
        for run in range(runs):
            codes = self.sell_codes(gate, per_run)
            scans, appends, crowded = [], [], []
            for first in range(0, per_run, block):
                began = time.monotonic()
                scans += [ns / 1000 for ns in self.burst(venue, 1, codes[first:first + block], pause_ms=2)]
                pace_us = (time.monotonic() - began) / block * 1e6
                # As far apart as the scans were: a disk that was idle for a moment takes longer to flush.
                appends.append(self.tool("append", gate.data, block, int(pace_us)))
                crowded.append(self.tool("append", gate.data, block))
            for p in (50, 99):
                limit = statistics.median(a[f"p{p}_us"] for a in appends)
                values[p].append(percentile(scans, p))
                limits[p].append(limit)
                ratios[p].append(values[p][-1] / limit)
                without[p].append(statistics.median(a[f"p{p}_us"] for a in crowded))
            say(f"scan_to_open run {run + 1}: p50 {values[50][-1]:.0f} us, p99 {values[99][-1]:.0f} us; appends at the "
                f"scans' pace {limits[50][-1]:.0f}, {limits[99][-1]:.0f}; without a pause {without[50][-1]:.0f}, {without[99][-1]:.0f}")
        for p in (50, 99):
            self.report(f"scan_to_open_p{p}_us", statistics.median(values[p]), "us", statistics.median(ratios[p]),
                        f"append_fdatasync_p{p}", statistics.median(limits[p]),
                        without_pause_us=statistics.median(without[p]),
                        ratio_without_pause=round(statistics.median(v / w for v, w in zip(values[p], without[p])), 3))
        self.breakdown(gate)
        venue.stop()

    def breakdown(self, gate):
        """Where the time of a scan goes, from the node's own histogram of its stages."""
        _, _, metrics = gate.api.call("GET", "/metrics")
        found = re.findall(r'gatehouse_scan_stage_seconds_(sum|count){stage="(\w+)",ahead="(\d)"} (\S+)', metrics)
        values = {(kind, stage, ahead): float(value) for kind, stage, ahead, value in found}
        for (kind, stage, ahead), total in values.items():
            if kind == "sum":
                times = values["count", stage, ahead]
                say(f"  {stage:10} {total / times * 1e6:8.1f} us x {times:.0f}"
                    + ("   before the last octet came" if ahead == "1" else ""))

    def eight_lanes_open(self):
        venue = self.venue("lanes")
        gate = self.gate(venue, "gate", 8)
        seconds = 2 if self.quick else 12
        per_lane = int(12.5 * seconds)
        codes = self.sell_codes(gate, 8 * per_lane)
        gate.stop()
        venue.central.stop()
        # Lasts longer than the scans and the appends after them, also where 100,000 are replayed in a second.
        self.tool("generate", gate.config, 500_000 if self.quick else 3_000_000, 1)
        gate.start()
        venue.central.start()
        results: list[list[int]] = [[] for _ in range(8)]

        def lane(n: int):
            results[n] = self.burst(venue, n + 1, codes[n * per_lane:(n + 1) * per_lane], rate_per_s=12.5, seed=n + 1)
        before = gate.api.get("status")["journal"]["backlog"]
        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(lane, n) for n in range(8)]:
                done.result()
        middle = gate.api.get("status")["journal"]["backlog"]
        appends = self.tool("append", gate.data, 40 * seconds, 10_000)  # at the scans' pace, with scans stopped
        after = gate.api.get("status")["journal"]["backlog"]
        if not after:
            raise RuntimeError(f"the backlog ended too soon: {before}, {middle}, {after}")
        p99 = percentile([ns / 1000 for lane_times in results for ns in lane_times], 99)
        self.report("8_lanes_open_p99_us", p99, "us", p99 / appends["p99_us"], "append_fdatasync_p99_under_replay",
                    appends["p99_us"], backlog=[before, middle, after])
        venue.stop()

    def admissions_per_s(self):
        count = self.scale(20_000)
        for figure, held in (("admissions_per_s", []), ("admissions_unheard_per_s", ["unheard"])):
            folder = self.folder / figure
            timed = self.tool("admissions", folder, count, 64, *held)
            rate = timed["admissions"] / timed["seconds"]
            bare = self.tool("rows", folder / "journal.db", self.folder, 64, folder / "before.db")
            limit = count / bare["seconds"]
            self.report(figure, rate, "1/s", rate / limit, "sqlite_rows_batch_64", limit, rows=bare["all_rows"])

    def replay_per_s(self):
        venue = self.venue("replay")
        node = self.enrolled(venue, "booth", windows=[{"name": "window-1"}])
        wait_until(venue.drained, 30, "the start's records to be replayed")
        node.stop()
        count = self.scale(200_000)
        made = self.tool("generate", node.config, count, 1)
        for kind, share in (("sales", 25), ("verdicts", 30), ("passages", 30), ("others", 15)):
            if abs(made[kind] * 100 / made["records"] - share) > 1:
                raise RuntimeError(f"the backlog is not as it should be: {made}")
        node.start()
        began = time.monotonic()
        total = node.api.get("status")["journal"]["backlog"]
        wait_until(lambda: node.api.get("status")["journal"]["backlog"] == 0, 600, "the replay")
        seconds = time.monotonic() - began
        venue.stop()
        rate = total / seconds
        bare = self.tool("rows", venue.central_home / "data" / "central.db", self.folder, 1000)
        limit = bare["journal_rows"] / bare["seconds"]
        self.report("replay_per_s", rate, "1/s", rate / limit, "sqlite_rows_batch_1000", limit, rows=bare["all_rows"],
                    records=total)

    def peer_visible(self):
        venue = self.venue("peers")
        lanes = [{"name": "by-hand", "gate": "g", "zone": "park", "direction": "entry"}]
        a = self.enrolled(venue, "gate-a", lanes=lanes, windows=[{"name": "window-1"}])
        b = self.enrolled(venue, "gate-b", lanes=lanes)
        wait_until(lambda: any(p["connected"] for p in b.api.get("status")["peers"]), 20, "the gates to meet")
        venue.central.stop()
        tries = 100 if self.quick else 500
        for wait_ms in (0, 1, 2, 3, 5, 8, 12, 20, 40):
            codes = self.sell_codes(a, tries)
            missed, elapsed_ms = 0, []
            for n, code in enumerate(codes):
                scan = {"lane": "by-hand", "code": code}
                if a.api.post("scans", scan | {"id": f"a-{wait_ms}-{n}"})["verdict"] != "admit":
                    raise RuntimeError("a fresh ticket was refused")
                answered = time.monotonic()  # A's record is on its disk
                time.sleep(wait_ms / 1000)
                missed += b.api.post("scans", scan | {"id": f"b-{wait_ms}-{n}"})["verdict"] == "admit"
                elapsed_ms.append((time.monotonic() - answered) * 1000)
            say(f"peer_visible: {wait_ms} ms after A's answer B admitted {missed} of {tries} again")
            if missed <= tries // 100:
                break
        else:
            raise RuntimeError(f"{wait_ms} ms after A's answer B still admitted {missed} of {tries} again")
        self.report("peer_visible_p99_ms", percentile(elapsed_ms, 99), "ms", waited_ms=wait_ms, missed=missed, of=tries)
        venue.stop()

    def memory_and_start(self):
        venue = self.venue("memory")
        gate = self.gate(venue, "gate", 1)
        codes = self.sell_codes(gate, 1100)
        gate.stop()
        venue.central.stop()
        made = self.tool("generate", gate.config, self.scale(1_000_000), 4)
        self.start(gate)
        self.burst(venue, 1, codes[:1000])
        high = next(int(line.split()[1]) for line in Path(f"/proc/{gate.process.pid}/status").read_text().splitlines()
                    if line.startswith("VmHWM"))
        self.report("memory_mib", high / 1024, "MiB", records=made["records"], tickets=made["tickets"])
        for name, cold in (("start_to_verdict_s", False), ("start_to_verdict_cold_s", True)):
            gate.kill()
            if cold:
                subprocess.run(["sync"], check=True)
                Path("/proc/sys/vm/drop_caches").write_text("3")
            began = time.monotonic()
            gate.start(wait=False)
            code, verdict = codes.pop(), None
            while verdict is None:
                try:
                    verdict = gate.api.post("scans", {"id": f"{name}", "lane": "by-hand", "code": code})
                    if verdict["reason"] == "storage_unavailable":
                        verdict = None
                except Exception:  # not listening yet, or not ready
                    time.sleep(0.005)
            self.report(name, time.monotonic() - began, "s", verdict=verdict["verdict"], reason=verdict["reason"])
        venue.stop()

    def measure(self, only: list[str]):
        """As run(), and leaves no program behind, whatever goes wrong."""
        try:
            self.run(only)
        finally:
            for venue in self.venues:
                venue.stop()

    def run(self, only: list[str]):
        for figure, measure in (("scan_to_open", self.scan_to_open), ("8_lanes_open", self.eight_lanes_open),
                                ("admissions_per_s", self.admissions_per_s), ("replay_per_s", self.replay_per_s),
                                ("peer_visible", self.peer_visible), ("memory", self.memory_and_start)):
            if not only or figure in only:
                measure()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--only", action="append", default=[], choices=FIGURES + DEVICE_FIGURES)
    parser.add_argument("--quick", action="store_true", help="a twentieth of everything: does it run, not how fast")
    parser.add_argument("--dir", type=Path, default=Path("build/bench"))
    parser.add_argument("--programs", type=Path, default=Path("build/release/bin"))
    asked = parser.parse_args()
    asked.dir.mkdir(parents=True, exist_ok=True)
    if subprocess.run(["stat", "-f", "-c", "%T", asked.dir], capture_output=True, text=True).stdout.strip() == "tmpfs":
        parser.error(f"{asked.dir} is on a tmpfs, which never flushes: give --dir a folder on a disk")
    from bench_devices import DeviceBench  # which imports this file
    for bench, figures in ((Bench, FIGURES), (DeviceBench, DEVICE_FIGURES)):
        wanted = [figure for figure in figures if figure in asked.only or not asked.only]
        if wanted:
            bench(asked.programs.resolve(), asked.dir.resolve(), asked.json, asked.quick).measure(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())

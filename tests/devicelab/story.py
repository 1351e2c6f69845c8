#!/usr/bin/env python3
"""Inside the virtual machine: a node whose scanners, printer and turnstile are devices of the kernel. Names are given by
`gatehouse devices adopt`; codes are read from a serial converter, a keyboard wedge and a HID scanner; everything is pulled
and comes back, the converter under another number; the paper runs out in the middle of a job."""
import collections
import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from cp2112 import Chip  # noqa: E402
from gadget import Gadget, PaperTray  # noqa: E402
from lab import IN_THE_GUEST  # noqa: E402
from stage import CLERK, Events, Stage, expect, free_port, play, wait_until  # noqa: E402

OPEN, PASSED = 4, 5  # lines of the GPIO chip
EVIOCGRAB = 0x40044590
PATIENCE = 240  # an emulated machine is slow, on a busy one slower still


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    expect(done.returncode == 0, f"{command} ended {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def on_the_bench(order: str):
    """Done from outside by lab.py, which reads the console."""
    print(f"LAB: {order}", flush=True)


def note(text: str):
    print(f"---- {text}", flush=True)


class Day:
    def __init__(self, stage: Stage):
        self.stage, self.sensor = stage, threading.Lock()
        self.plug_everything_in()
        stage.open()
        self.names = self.adopt()
        lines = f"lines = {{ open_entry = {OPEN}, passed_entry = {PASSED} }}\n"
        turnstile = f'[[device]]\nname = "turn-1"\ndriver = "gpio"\nchip = "cp2112_gpio"\n{lines}'
        slow = {"dedupe_ms": 0, "idle_ms": 2000}  # octets come with pauses from an emulated machine
        self.node = stage.node(
            "gate", CLERK, windows=[{"name": "window-1", "printer": "printer-1"}], extra=turnstile,
            devices=[{"name": "serial-1", "driver": "line", "port": self.names["serial-1"], **slow},
                     {"name": "keys-1", "driver": "hid-keyboard", "path": self.names["keys-1"], **slow},
                     {"name": "pos-1", "driver": "hid-pos", "path": self.names["pos-1"], "dedupe_ms": 0},
                     {"name": "printer-1", "driver": "escpos", "path": self.names["printer-1"]}],
            lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry",
                    "scanners": ["serial-1", "keys-1", "pos-1"], "turnstile": "turn-1"}])
        self.tap = Events(self.node.api)

    def plug_everything_in(self):
        run("/lib/systemd/systemd-udevd", "--daemon")
        for module in IN_THE_GUEST:
            run("/sbin/modprobe", module)
        run("/bin/mount", "-t", "configfs", "config", "/sys/kernel/config")
        run("/bin/udevadm", "trigger", "--action=add")
        self.gadget = Gadget()
        self.gadget.plug()
        self.chip = Chip(self.walk)
        for pattern in ("ttyUSB*", "usb/lp*", "gpiochip*", "input/by-id/*Counter*-event-kbd"):
            wait_until(lambda p=pattern: list(Path("/dev").glob(p)), PATIENCE, f"/dev/{pattern}")
        run("/bin/udevadm", "settle")
        self.stage.venue.start_devices(f'[[printer]]\nname = "printer-1"\ntcp = "127.0.0.1:{free_port()}"\nline_ms = 30\n')
        self.told = self.stage.venue.devices
        self.open_tray()

    def open_tray(self):
        def opened():
            try:
                return PaperTray(self.told.do("state", "printer-1")["address"])
            except OSError:
                return None
        self.tray = wait_until(opened, PATIENCE, "the printer's other side")

    def walk(self, line: int):
        """The guest in front of the turnstile walks as soon as it opens."""
        if line != OPEN:
            return
        with self.sensor:
            for high in (True, False):
                self.chip.set_input(PASSED, high)
                time.sleep(0.5)

    def adopt(self) -> dict[str, str]:
        """Stable names for what is plugged in, by a rule file of udev's."""
        found = {"serial-1": next(Path("/dev").glob("ttyUSB*")), "printer-1": next(Path("/dev/usb").glob("lp*")),
                 "keys-1": next(Path("/dev/input/by-id").glob("*-event-kbd")).resolve(), "pos-1": self.second_hidraw()}
        for name, device in found.items():
            run(str(self.stage.asked.programs / "gatehouse"), "devices", "adopt", name, "--node", str(device),
                "--rules", "/etc/udev/rules.d/70-gatehouse.rules", "--group", "root")
            note(f"{device} is called {name}")
        run("/bin/udevadm", "control", "--reload")
        run("/bin/udevadm", "trigger", "--action=change")
        run("/bin/udevadm", "settle")
        for name, device in found.items():
            expect(Path("/dev/gatehouse", name).resolve() == device, f"/dev/gatehouse/{name} is {device}")
        return {name: f"/dev/gatehouse/{name}" for name in found}

    @staticmethod
    def second_hidraw() -> Path:
        """The HID scanner's device: of the gadget's two, the one whose descriptor begins with its usage page."""
        for device in Path("/sys/class/hidraw").iterdir():
            if (device / "device/report_descriptor").read_bytes().startswith(b"\x05\x8c"):
                return Path("/dev", device.name)
        raise AssertionError("no HID scanner")

    # --- what the node says ---

    def device(self, name: str) -> dict:
        return next(d for d in self.node.api.get("status")["devices"] if d["name"] == name)

    def await_online(self, *names: str) -> float:
        began = time.monotonic()
        for name in names:
            wait_until(lambda n=name: self.device(n)["state"] == "online", PATIENCE, f"{name} to be online")
        return time.monotonic() - began

    def await_lost(self, *names: str):
        for name in names:
            wait_until(lambda n=name: self.device(n)["state"] == "offline", PATIENCE, f"the node to miss {name}")

    def admit(self, scanner: str, show, code: str):
        wait_until(lambda: self.node.api.get("lanes")["lanes"][0]["state"] == "idle", PATIENCE, "the lane to be idle")
        mark, began = self.tap.mark(), time.monotonic()
        show(code)
        said = self.tap.wait(mark, lambda k, d: k == "scan" and d["signal"] != "alarm", PATIENCE, f"a verdict for {scanner}")
        expect(said["verdict"] == "admit", f"{scanner}: {said}")
        ended = self.tap.wait(mark, lambda k, d: k == "passage", PATIENCE, "the passage")
        expect(ended["outcome"] == "turned", f"{scanner}: {ended}")
        note(f"{scanner}: admitted and turned {time.monotonic() - began:.1f} s after the first octet")

    def serial(self, code: str):
        on_the_bench(f"type wire {(code + chr(13)).encode().hex()}")

    def keys(self, code: str):
        self.gadget.type(code + "\n")

    def sell(self, quantity: int) -> dict:
        return self.stage.sell(self.node, "adult", quantity)

    def papers(self) -> list:
        return [paper["qr"] for paper in self.told.do("papers", "printer-1")["papers"] if paper["qr"]]

    def printed(self, sold: dict, mark: int):
        ended = self.tap.wait(mark, lambda k, d: k == "print" and d["job"] == sold["sale"], PATIENCE, "the print job")
        codes = [ticket["code"] for ticket in sold["tickets"]]
        expect(ended["outcome"] == "printed", f"{ended}")
        expect(sorted(c for c in self.papers() if c in codes) == sorted(codes), "each ticket is on one paper, and reads back")

    # --- the story ---

    def morning(self):
        self.await_online("serial-1", "keys-1", "pos-1", "printer-1", "turn-1")
        note("every device is online")
        self.stage.open_shift(self.node)
        mark, sold = self.tap.mark(), self.sell(3)
        self.printed(sold, mark)
        note("printed through /dev/usb, and read back from the paper")
        codes = [ticket["code"] for ticket in sold["tickets"]]
        self.admit("serial-1", self.serial, codes[0])
        self.is_grabbed()
        self.admit("keys-1", self.keys, codes[1])
        self.admit("pos-1", self.gadget.scan, codes[2])

    def is_grabbed(self):
        """Nobody else can have the keys, so they are typed nowhere."""
        with open(self.names["keys-1"], "rb") as keys:
            try:
                fcntl.ioctl(keys, EVIOCGRAB, 1)
            except OSError as refused:
                return note(f"the keyboard wedge is grabbed: {refused.strerror}")
        raise AssertionError("the keyboard wedge is not grabbed")

    def pull_converter(self):
        before = os.path.realpath(self.names["serial-1"])
        on_the_bench("unplug wire")
        self.await_lost("serial-1")
        reason = self.device("serial-1")["last_error"]
        on_the_bench("plug nothing")  # another converter takes the number
        wait_until(lambda: Path(before).exists(), PATIENCE, "another converter")
        on_the_bench("plug wire")
        took = self.await_online("serial-1")
        after = os.path.realpath(self.names["serial-1"])
        expect(after != before, f"the converter came back as {after}")
        note(f"serial converter: {reason}; it was {before}, came back as {after}, open again after {took:.1f} s")
        self.admit("serial-1", self.serial, self.sell(1)["tickets"][0]["code"])

    def pull_counter(self):
        """The cable of the device that is keyboard wedge, scanner and printer."""
        self.tray.close()
        self.gadget.unplug()
        self.await_lost("keys-1", "pos-1", "printer-1")
        reasons = {name: self.device(name)["last_error"] for name in ("keys-1", "pos-1", "printer-1")}
        self.gadget.plug()
        self.open_tray()
        note(f"counter: {reasons}; open again after {self.await_online('keys-1', 'pos-1', 'printer-1'):.1f} s")
        mark, sold = self.tap.mark(), self.sell(2)
        self.printed(sold, mark)
        self.admit("keys-1", self.keys, sold["tickets"][0]["code"])
        self.admit("pos-1", self.gadget.scan, sold["tickets"][1]["code"])

    def run_out_of_paper(self):
        before, mark = len(self.papers()), self.tap.mark()
        sold = self.sell(4)
        wait_until(lambda: len(self.papers()) > before, PATIENCE, "the first paper")
        self.told.do("paper", "printer-1", out=True)
        self.tray.set_paper(False)
        wait_until(lambda: self.device("printer-1")["state"] == "fault", PATIENCE, "the node to miss the paper")
        trouble = self.device("printer-1")["last_error"]
        done = len(self.papers()) - before
        expect(done < 4, "the paper ran out in the middle")
        self.tray.set_paper(True)
        self.told.do("paper", "printer-1", out=False)
        self.printed(sold, mark)
        note(f"paper: {trouble} after {done} of 4; the job went on after the refill, no ticket twice")

    def pull_gpio(self):
        self.chip.unplug()
        self.await_lost("turn-1")
        reason = self.device("turn-1")["last_error"]
        self.chip = Chip(self.walk)
        note(f"GPIO chip: {reason}; open again after {self.await_online('turn-1'):.1f} s")
        self.admit("serial-1", self.serial, self.sell(1)["tickets"][0]["code"])


def story(stage: Stage) -> str:
    day = Day(stage)
    day.morning()
    day.run_out_of_paper()
    day.pull_converter()
    day.pull_counter()
    day.pull_gpio()
    day.node.stop()
    sums = collections.Counter()
    for record in stage.records(day.node):
        if record["kind"] == "passage":
            sums[record["body"]["outcome"]] += record["body"]["persons"]
        if record["kind"] == "verdict":
            sums["granted"] += record["body"]["persons"]
    expect(sums["granted"] == sums["turned"] == 7, f"{dict(sums)}")
    return f"every passage is in the journal: {dict(sums)}"


play(story)

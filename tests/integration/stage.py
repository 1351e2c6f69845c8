"""What the stories have in common: arguments, a venue in a temporary folder, a clerk and an attendant."""
from __future__ import annotations

import argparse
import datetime
import json
import shutil
import subprocess
import sys
import tempfile
import traceback
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy"))
from venue import PATIENCE, Events, Node, Refused, Venue, free_port, wait_until  # noqa: E402,F401

CLERK, ATTENDANT, SUPERVISOR, OPERATOR = (("li", "4711"), ("wang", "4712"), ("zhao", "4713"), ("chen", "4714"))
ROLES = {"li": ["clerk"], "wang": ["attendant"], "zhao": ["supervisor", "clerk"], "chen": ["operator", "attendant"]}
PRICE = {"adult": 8000, "child": 4000, "family": 18000, "pair": 15000, "card-10": 60000}


def expect(holds: bool, what: str):
    """A promise, as a sentence. The story ends where one does not hold."""
    if not holds:
        raise AssertionError(what)


class TooSlow(Exception):
    """The machine missed a window that the product leaves, and what was to be shown did not come about: play it again."""


class Stage:
    session = "under-way"  # a session of the product "show"

    def __init__(self, venue: Venue, asked: argparse.Namespace):
        self.venue, self.asked = venue, asked

    @staticmethod
    def new_id() -> str:
        return uuid.uuid4().hex

    def open(self):
        self.venue.start_central()

        def hire(catalogue):
            for name, pin in (CLERK, ATTENDANT, SUPERVISOR, OPERATOR):
                catalogue["operators"].append({"name": name, "roles": ROLES[name], "pin": pin})
            # The example's own sessions are over at some hours of the day.
            now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
            catalogue["sessions"].append({
                "id": self.session, "product": "show", "starts": (now - datetime.timedelta(minutes=10)).isoformat(),
                "ends": (now + datetime.timedelta(hours=2)).isoformat(), "capacity": 200, "paper_slice": 20})
        self.venue.publish(hire)

    def node(self, name: str, who=CLERK, **config) -> Node:
        node = self.venue.add_node(name)
        node.write_config(**config)
        node.enrol()
        node.start()
        self.log_in(node, who)
        return node

    @staticmethod
    def log_in(node: Node, who):
        def logged_in():
            try:
                node.api.login(*who)
                return True
            except Refused as refused:
                if refused.code == "locked_out":
                    return False
                if refused.code == "unauthenticated":
                    return False  # the list of operators is still on its way
                raise
        wait_until(logged_in, PATIENCE, f"{who[0]} to log in at {node.name}", step=0.25)

    def open_shift(self, node: Node) -> str:
        return node.api.post("shifts", {"id": self.new_id(), "window": "window-1", "float_minor": 0})["shift"]

    def sell(self, node: Node, product: str = "adult", quantity: int = 1, sale_id: str | None = None) -> dict:
        return node.api.post("sales", {
            "id": sale_id or self.new_id(), "window": "window-1", "lines": [{"product": product, "quantity": quantity}],
            "tenders": [{"kind": "cash", "amount_minor": PRICE[product] * quantity}]})

    def sell_lines(self, node: Node, lines: list[dict], cash: int = 100_000) -> dict:
        return node.api.post("sales", {"id": self.new_id(), "window": "window-1", "lines": lines,
                                       "tenders": [{"kind": "cash", "amount_minor": cash}]})

    def scan(self, node: Node, lane: str, code: str, scan_id: str | None = None, **more) -> dict:
        return node.api.post("scans", {"id": scan_id or self.new_id(), "lane": lane, "code": code, **more})

    def devices_for_a_lane(self, delay_ms: int = 1200, pass_ms: int = 800, also: str = "", **turnstile) -> tuple[list, dict]:
        """Starts a scanner on a pty and a turnstile on Modbus TCP; the node's devices, and its lane. Guests are in the sensor for
        so long (`pass_ms`; 0: until it was read) that a node which is given no processor for a moment still sees them, and gone
        before the next one."""
        port = free_port()
        extra = "".join(f"{key} = {json.dumps(value)}\n" for key, value in turnstile.items())
        self.venue.start_devices(
            f'[[scanner]]\nname = "scan-1"\nlink = "scan-1"\n[[turnstile]]\nname = "turn-1"\ntcp = "127.0.0.1:{port}"\n'
            f'delay_ms = {delay_ms}\npass_ms = {pass_ms}\n{extra}[[printer]]\nname = "printer-1"\ntcp = "127.0.0.1:{free_port()}"\n{also}')
        devices = [{"name": "scan-1", "driver": "line", "port": str(self.venue.root / "scan-1")},
                   {"name": "turn-1", "driver": "modbus", "tcp": f"127.0.0.1:{port}", "pulse": "waveshare", "poll_ms": 20}]
        return devices, {"name": "lane-1", "gate": "south", "zone": "park", "direction": "both", "scanners": ["scan-1"],
                         "turnstile": "turn-1"}

    def number(self, node: Node) -> int:
        return next(n["node"] for n in self.venue.central.api.get("nodes")["nodes"] if n["name"] == node.name)

    def held_of(self, node: Node, other: Node) -> int:
        """How far `node` holds the journal of `other`."""
        number = self.number(other)
        return max((j["head"] for j in node.api.get("journals")["journals"] if j["node"] == number), default=0)

    def records_at_central(self, node: Node) -> list[dict]:
        """The node's journal as central holds it, verified. Stops central: its ledger is read as a node's is."""
        number = self.number(node)
        self.venue.central.stop()
        home = self.venue.root / "ledger-of-central"
        home.mkdir()
        (home / "journal.db").symlink_to(self.venue.central_home / "data" / "central.db")
        journal = lambda *verb: subprocess.run(
            [self.venue.programs / "gatehouse", "journal", *verb, "--node", str(number), "--data-dir", home],
            capture_output=True, text=True)
        checked, exported = journal("verify"), journal("export", "--json")
        expect(checked.returncode == 0 and exported.returncode == 0, f"central's ledger: {checked.stderr}{exported.stderr}")
        return [json.loads(line) for line in exported.stdout.splitlines()]

    def records(self, node: Node) -> list[dict]:
        """The stopped node's own journal, verified, as `gatehouse journal export --json` prints it."""
        number = self.number(node)
        checked = node.journal("verify", check=False)
        expect(checked.returncode == 0, f"journal verify of {node.name} ended {checked.returncode}: {checked.stderr}")
        lines = node.journal("export", "--json").stdout.splitlines()
        return [r for r in map(json.loads, lines) if r["node"] == number]


HEARD_WITHIN_S = 2.0  # a start waits so long for others to say how far they know its journal (SyncOptions::compare_within)


def seconds_between(log: str, first: str, second: str) -> float:
    """From the last line with `first` to the last with `second`, by a log's own clock."""
    at = lambda words: datetime.datetime.fromisoformat([line for line in log.splitlines() if words in line][-1].split()[0])
    return (at(second) - at(first)).total_seconds()


def say_how_it_stands(venue: Venue):
    """For whoever reads why a story failed: what central and the nodes would tell now, and the end of their logs."""
    asked = [(node.name, node, path) for node in venue.nodes.values() for path in ("status", "prints")]
    asked.append(("central", venue.central, "nodes"))
    for name, daemon, path in asked:
        try:
            print(f"--- {name}: {path}", json.dumps(daemon.api.call("GET", path, timeout=5)[2]), sep="\n", file=sys.stderr)
        except Exception as nothing:
            print(f"--- {name} says nothing: {nothing}", file=sys.stderr)
    for log in sorted(venue.root.glob("*/log")):
        print(f"--- {log.parent.name}", *log.read_text(errors="replace").splitlines()[-20:], sep="\n", file=sys.stderr)


def play(story, arguments=lambda parser: None):
    """Runs `story(stage)` in a fresh venue; prints what it returns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--keep", action="store_true", help="leave the folder there")
    arguments(parser)
    asked = parser.parse_args()
    for last in (False, False, False, True):
        root = Path(tempfile.mkdtemp(prefix="gatehouse-"))
        venue = Venue(root, asked.programs.resolve())
        try:
            print(story(Stage(venue, asked)))
            sys.exit(0)
        except Exception as wrong:
            traceback.print_exc()
            say_how_it_stands(venue)
            if last or not isinstance(wrong, TooSlow):
                sys.exit(1)
        finally:
            venue.stop()
            if not asked.keep:
                shutil.rmtree(root, ignore_errors=True)

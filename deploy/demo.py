#!/usr/bin/env python3
"""A venue's day with an outage, played with the real programs and emulated devices.

One central, a booth with a printer, gate A with a turnstile, gate B with another turnstile and a lane that has none.
Tickets are sold, printed, read back off the paper's picture, and shown at the gates, first online; then every link is
cut, selling and admission go on, a node is killed with kill -9 and comes back; the links return, journals are replayed,
and everything is counted again from what the programs export.
"""
from __future__ import annotations

import argparse
import datetime
import json
import random
import shutil
import signal
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from recompute import recompute, table_text  # noqa: E402
from venue import PATIENCE, Events, Refused, Venue, free_port, wait_until  # noqa: E402

OPERATORS = {"li": (["clerk"], "4711"), "wang": (["attendant"], "4712"), "zhao": (["supervisor", "clerk"], "4713"),
             "chen": (["operator"], "4714"), "sun": (["manager"], "4715")}
CHINA = datetime.timezone(datetime.timedelta(hours=8))


class Story:
    def __init__(self):
        self.began = time.monotonic()

    def say(self, text: str):
        print(f"{time.monotonic() - self.began:7.1f} s  {text}", flush=True)

    def bar(self, done: int, total: int, label: str):
        width = 40
        filled = width if total == 0 else width * done // total
        line = f"           {label} [{'#' * filled}{'.' * (width - filled)}] {done}/{total}"
        if sys.stdout.isatty():
            print("\r" + line, end="\n" if done >= total else "", flush=True)
        elif done >= total:
            print(line, flush=True)


class Day:
    """The venue, its people, and what they hold in their hands."""

    def __init__(self, venue: Venue, story: Story, seed: int):
        self.venue, self.story, self.chance = venue, story, random.Random(seed)
        self.products: dict[str, dict] = {}
        self.codes: dict[str, dict] = {}     # every code that was sold -> its ticket
        self.in_hand: list[str] = []         # codes read off paper, not shown yet
        self.papers = 0                      # papers looked at
        self.shown: list[str] = []           # codes that were admitted once, all their persons
        self.where: dict[str, str] = {}      # by which gate
        self.sales: list[dict] = []
        self.expected = {"admit": 0, "refuse": 0}
        self.taps: dict[str, Events] = {}
        self.reprinted = 0

    # --- setting up ---

    def open_venue(self):
        v = self.venue
        v.start_central()
        self.story.say("central is up: authority, example catalogue and administrator were made")
        v.publish(self.edit_catalogue)
        booth, gate_a, gate_b = v.add_node("booth"), v.add_node("gate-a"), v.add_node("gate-b")
        self.plug_in_devices()
        booth.write_config(devices=[{"name": "printer-1", "driver": "escpos", "tcp": self.ports["printer-1"],
                                     "encoding": "gb18030", "qr": "native"}],
                           windows=[{"name": "window-1", "printer": "printer-1"}])
        for node, letter, gate in ((gate_a, "a", "south"), (gate_b, "b", "north")):
            lane = {"gate": gate, "zone": "park", "direction": "both"}
            node.write_config(
                devices=[{"name": f"scan-{letter}", "driver": "line", "port": str(v.root / f"scan-{letter}")},
                         {"name": f"turn-{letter}", "driver": "modbus", "tcp": self.ports[f"turn-{letter}"],
                          "pulse": "waveshare", "poll_ms": 20}],
                lanes=[{"name": f"{letter}-1", **lane, "scanners": [f"scan-{letter}"], "turnstile": f"turn-{letter}"},
                       {"name": f"{letter}-2", **lane}])
        for node in v.nodes.values():
            node.enrol()
            node.start()
        self.story.say("three nodes enrolled with one-time tokens and started: booth, gate-a, gate-b")
        v.central.api.post("leases", {"node": self.number("booth"), "session": "demo", "units": 30})
        self.import_orders()
        for node in v.nodes.values():
            self.log_in(node)
            node.await_devices()
        wait_until(lambda: self.units_left() == 30, PATIENCE, "the lease to reach the booth")
        self.story.say("catalogue, a lease of 30 units and 20 orders of another seller reached the nodes")

    def edit_catalogue(self, catalogue: dict):
        for name, (roles, pin) in OPERATORS.items():
            catalogue["operators"].append({"name": name, "roles": roles, "pin": pin})
        now = datetime.datetime.now(CHINA).replace(second=0, microsecond=0)
        catalogue["sessions"].append({
            "id": "demo", "product": "show", "starts": (now - datetime.timedelta(minutes=10)).isoformat(),
            "ends": (now + datetime.timedelta(hours=6)).isoformat(), "capacity": 100, "paper_slice": 10})
        self.products = {p["id"]: p for p in catalogue["products"]}

    def import_orders(self):
        today = self.business_date()
        self.orders = [f"OTA{n:08d}" for n in range(20)]
        rows = ["code,order,channel,product,persons,entries,valid_from,valid_to"]
        rows += [f"{code},O-{code},ota,adult,1,1,{today},{today}" for code in self.orders]
        self.venue.central.api.post("orders/import", "\n".join(rows) + "\n", {"Content-Type": "text/csv"})

    def business_date(self) -> str:
        return (datetime.datetime.now(CHINA) - datetime.timedelta(hours=self.venue.cutover_hour)).date().isoformat()

    def number(self, name: str) -> int:
        return next(n["node"] for n in self.venue.central.api.get("nodes")["nodes"] if n["name"] == name)

    def log_in(self, node):
        """As soon as the list of operators has arrived."""
        who = "li" if node.name == "booth" else "wang"

        def logged_in():
            try:
                node.api.login(who, OPERATORS[who][1])
                return True
            except Refused:
                return False
        wait_until(logged_in, PATIENCE, f"{who} to log in at {node.name}", step=0.2)

    def units_left(self) -> int:
        sessions = self.venue.nodes["booth"].api.get("catalogue")["sessions"]
        return next((s["units_left"] for s in sessions if s["id"] == "demo"), 0)

    def plug_in_devices(self):
        self.ports = {name: f"127.0.0.1:{free_port()}" for name in ("printer-1", "turn-a", "turn-b")}
        text = f'[[printer]]\nname = "printer-1"\ntcp = "{self.ports["printer-1"]}"\n'
        for letter in "ab":
            text += (f'[[scanner]]\nname = "scan-{letter}"\nlink = "scan-{letter}"\n'
                     f'[[turnstile]]\nname = "turn-{letter}"\ntcp = "{self.ports["turn-" + letter]}"\n'
                     f'delay_ms = 700\npass_ms = 400\n')  # seen also by a gate that is given no processor for a moment
        self.venue.start_devices(text)

    def tap(self, name: str) -> Events:
        if name not in self.taps:
            self.taps[name] = Events(self.venue.nodes[name].api)
        return self.taps[name]

    # --- at the window ---

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def open_shift(self):
        self.shift = self.venue.nodes["booth"].api.post(
            "shifts", {"id": self.new_id(), "window": "window-1", "float_minor": 50000})["shift"]

    def price(self, line: dict) -> int:
        price = self.products[line["product"]]["price_minor"]
        return (price // 2 if "concession" in line else price) * line["quantity"]

    def basket(self) -> list[dict]:
        pick = self.chance.random()
        if pick < 0.45:
            return [{"product": "adult", "quantity": self.chance.randint(1, 3)}]
        if pick < 0.55:
            return [{"product": "adult", "quantity": 2}, {"product": "child", "quantity": 1}]
        if pick < 0.65:
            return [{"product": "family", "quantity": 1}]
        if pick < 0.75:
            return [{"product": "pair", "quantity": 1}]
        if pick < 0.82:
            return [{"product": "adult", "quantity": 1, "concession": {"class": "student", "document": "student card"}}]
        if pick < 0.92:
            return [{"product": "show", "quantity": 1, "session": "demo"}]
        return [{"product": "card-10", "quantity": 1}]

    def sell(self, lines: list[dict], tenders: list[dict] | None = None) -> dict:
        total = sum(self.price(line) for line in lines)
        if tenders is None:  # cash, now and then with a note too many, so that change is due
            tenders = [{"kind": "cash", "amount_minor": total + self.chance.choice([0, 0, 1000, 5000])}]
        body = {"id": self.new_id(), "window": "window-1", "lines": lines, "tenders": tenders}
        booth = self.venue.nodes["booth"].api
        sale = booth.post("sales", body)
        if self.chance.random() < 0.15:  # an impatient clerk: the same command again must be the same sale
            again = booth.post("sales", body)
            if again["sale"] != sale["sale"]:
                raise AssertionError(f"one command, two sales: {sale['sale']} and {again['sale']}")
        self.sales.append(sale)
        self.codes |= {ticket["code"]: ticket for ticket in sale["tickets"]}
        return sale

    def sell_some(self, count: int):
        for n in range(count):
            lines = self.basket()
            total = sum(self.price(line) for line in lines)
            tenders = None
            if n % 5 == 4:
                tenders = [{"kind": "card", "amount_minor": total - total // 2, "reference": f"T{n:06d}"},
                           {"kind": "cash", "amount_minor": total // 2}]
            elif n % 9 == 7:
                tenders = [{"kind": "wechat", "amount_minor": total, "reference": f"42000{n:06d}"}]
            self.sell(lines, tenders)

    def take_papers(self):
        """What lies in the printer's tray: the QR of each paper, read from its picture."""
        wanted = len(self.codes) + self.reprinted

        def printed():
            papers = self.venue.devices.do("papers", "printer-1")["papers"]
            return papers if len(papers) >= wanted else None
        papers = wait_until(printed, 3 * PATIENCE, f"the printer to finish {wanted} papers", step=0.1)
        for paper in papers[self.papers:]:
            if paper.get("qr") not in self.codes:
                raise AssertionError(f"{paper['png']}: its QR is no code that was sold")
            self.in_hand.append(paper["qr"])
        self.papers = len(papers)
        self.chance.shuffle(self.in_hand)

    # --- at the gates ---

    def scan(self, letter: str, code: str, expect: str, walk: str = "turn") -> dict:
        """Under the scanner of the lane with a turnstile; the guest then walks, or stays."""
        tap, lane = self.tap(f"gate-{letter}"), f"{letter}-1"
        self.venue.devices.do("walk", f"turn-{letter}", policy=walk)
        mark = tap.mark()
        self.venue.devices.do("scan", f"scan-{letter}", text=code)
        verdict = tap.wait(mark, lambda kind, data: kind == "scan" and data["lane"] == lane, PATIENCE, "a verdict")
        self.judge(verdict, expect, code)
        if verdict["verdict"] == "admit":
            mine = lambda kind, data: kind == "passage" and data.get("verdict") == verdict["record"]
            wait_until(lambda: sum(d["persons"] for k, d in tap.seen[mark:] if mine(k, d)) >= verdict["persons"], PATIENCE,
                       f"{verdict['persons']} persons to pass or be given up")
        return verdict

    def scan_by_hand(self, letter: str, code: str, expect: str, **more) -> dict:
        verdict = self.venue.nodes[f"gate-{letter}"].api.post(
            "scans", {"id": self.new_id(), "lane": f"{letter}-2", "code": code, **more})
        self.judge(verdict, expect, code)
        return verdict

    def judge(self, verdict: dict, expect: str, code: str):
        got = "admit" if verdict["verdict"] == "admit" else verdict["reason"]
        if got != expect:
            raise AssertionError(f"expected {expect}, got {verdict} for {self.codes.get(code, code[:12])}")
        self.expected["admit" if got == "admit" else "refuse"] += 1

    def admit_some(self, count: int, peers_hear: bool):
        """Guests at both gates: most walk through, some hesitate and come again, some try a used ticket."""
        for n in range(min(count, len(self.in_hand))):
            letter = self.chance.choice("ab")
            other = "b" if letter == "a" else "a"
            code = self.in_hand.pop()
            if n % 3 == 2:
                self.scan_by_hand(letter, code, "admit")
            elif n % 10 == 4:
                self.scan(letter, code, "admit", walk="stay")  # did not walk: the ticket is good again
                self.scan(letter, code, "admit")
            else:
                self.scan(letter, code, "admit")
            self.shown.append(code)
            self.where[code] = letter
            if n % 6 == 1 and self.codes[code]["entries"] == 1:
                if peers_hear:
                    self.wait_for_copy(letter, other)
                at = other if peers_hear else letter
                self.refused_again(at, code)

    def wait_for_copy(self, letter: str, other: str):
        """Until the other gate holds what this one has recorded: only then must it refuse."""
        head = self.venue.nodes[f"gate-{letter}"].api.get("status")["journal"]["head"]
        name = f"gate-{other}"

        def copied():
            peers = self.venue.nodes[f"gate-{letter}"].api.get("status")["peers"]
            return any(p["name"] == name and p["copied_seq"] >= head for p in peers)
        wait_until(copied, PATIENCE, f"{name} to copy")

    def refused_again(self, letter: str, code: str):
        verdict = self.scan_by_hand(letter, code, "already_used")
        if "first_admission" not in verdict:
            raise AssertionError(f"refused without saying when and where: {verdict}")

    def refund(self, code: str):
        ticket = self.codes[code]
        booth = self.venue.nodes["booth"].api
        made = booth.post(f"sales/{ticket['id'].rsplit('-', 1)[0]}/refund",
                          {"id": self.new_id(), "tickets": [ticket["id"]], "reason": "rain"})
        seq = int(made["refund"].rsplit("-", 1)[1])
        wait_until(lambda: any(p["name"] == "gate-b" and p["copied_seq"] >= seq for p in booth.get("status")["peers"]), PATIENCE,
                   "gate-b to hear of the refund")
        self.scan_by_hand("b", code, "refunded")

    def odd_codes(self, letter: str):
        forged = self.shown[-1][:-1] + ("0" if self.shown[-1][-1] != "0" else "8")
        self.scan_by_hand(letter, "HELLO", "unknown")
        try:
            self.scan_by_hand(letter, forged, "bad_signature")
        except AssertionError as wrong:
            if "unknown" not in str(wrong):
                raise
            self.expected["refuse"] += 1  # the last letter carries padding: not even a code any more

    # --- trouble ---

    def kill_and_restart(self, name: str):
        node = self.venue.nodes[name]
        self.taps.pop(name, None)
        node.kill()
        self.story.say(f"kill -9 {name}")
        began = time.monotonic()
        node.start()
        self.story.say(f"{name} is ready again {time.monotonic() - began:.2f} s after its start")
        node.await_devices()

    def replay(self):
        """Shows how the backlog falls, until central holds everything."""
        def backlog():
            return sum(n.api.get("status")["journal"]["backlog"] for n in self.venue.nodes.values())
        total = backlog()
        self.story.say(f"links are back; {total} records wait to be replayed")
        while (left := backlog()) > 0:
            self.story.bar(total - left, total, "replay")
            time.sleep(0.05)
        self.story.bar(total, total, "replay")

    def resync_all(self) -> dict:
        """Everything again: nothing may be booked twice."""
        sums = {"sent": 0, "accepted": 0, "duplicate": 0}
        for node in self.venue.nodes.values():
            node.api.login("chen", OPERATORS["chen"][1])
            job = node.api.post("resync", {"all": True})
            done = wait_until(lambda n=node, j=job: (now := n.api.get(f"jobs/{j['id']}"))["state"] in ("done", "failed") and now,
                              3 * PATIENCE, "the resync", step=0.1)
            for key in sums:
                sums[key] += done[key]
        return sums

    def close_shift(self):
        booth = self.venue.nodes["booth"].api
        booth.login("zhao", OPERATORS["zhao"][1])
        expected = booth.get("shifts/current", window="window-1")["expected_minor"]
        booth.login("li", OPERATORS["li"][1])
        closed = booth.post(f"shifts/{self.shift}/close", {"id": self.new_id(), "counted": expected})
        self.story.say(f"shift closed: expected {closed['expected_minor'] / 100:.2f}, counted {closed['counted_minor'] / 100:.2f}")

    # --- the books ---

    def export(self, out: Path, resync: dict):
        """Everything that an outsider needs to count again."""
        for folder in ("journals", "reports"):
            (out / folder).mkdir(parents=True, exist_ok=True)
        heads = lambda: {node.name: node.api.get("status")["journal"]["head"] for node in self.venue.nodes.values()}
        told = {}
        while heads() != told:  # a device may say something at any time: the reports are of journals that stood still
            told = heads()
            wait_until(self.venue.drained, PATIENCE, "the last records to reach central")
            self.write_reports(out / "reports")
        for node in self.venue.nodes.values():
            node.stop()
        papers = self.venue.devices.do("papers", "printer-1")["papers"]
        shutil.copytree(self.venue.root / "papers", out / "papers", dirs_exist_ok=True)
        for paper in papers:
            paper["png"] = f"papers/{Path(paper['png']).name}"
        (out / "papers.json").write_text(json.dumps(papers, indent=1, ensure_ascii=False))
        (out / "said.json").write_text(json.dumps({
            "sales": [{"sale": s["sale"], "total_minor": s["total_minor"], "tickets": len(s["tickets"])} for s in self.sales],
            "verdicts": self.expected, "resync": resync}, indent=1))
        for node in self.venue.nodes.values():
            node.journal("verify")
            (out / "journals" / f"{node.name}.jsonl").write_text(node.journal("export", "--json").stdout)
        self.venue.central.stop()

    def write_reports(self, folder: Path):
        central, date = self.venue.central.api, self.business_date()
        for name, path, query in (*((name, f"reports/{name}", {"business_date": date}) for name in ("sales", "admissions", "shifts")),
                                  ("conflicts", "conflicts", {}), ("completeness", "completeness", {"business_date": date}),
                                  ("leases", "leases", {}), ("nodes", "nodes", {}), ("redemptions", "redemptions", {}),
                                  ("occupancy", "occupancy", {}), ("catalogue", "catalogue", {})):
            (folder / f"{name}.json").write_text(json.dumps(central.get(path, **query), indent=1, ensure_ascii=False))


def play(day: Day, story: Story, out: Path) -> dict:
    day.open_venue()
    day.open_shift()
    story.say("morning: the booth sells, the gates admit, everything is connected")
    day.sell_some(24)
    day.take_papers()
    story.say(f"{len(day.sales)} sales, {len(day.codes)} tickets; every QR was read back from the printed picture")
    day.admit_some(18, peers_hear=True)
    for order in day.orders[:4]:
        day.scan_by_hand("b", order, "admit")
    day.odd_codes("a")
    day.refund(day.in_hand.pop())
    story.say(f"{day.expected['admit']} admitted, {day.expected['refuse']} refused, one ticket refunded")

    day.venue.central.stop()
    day.venue.cut()
    story.say("OUTAGE: central is down and every link is cut, between the nodes too")
    day.sell_some(30)
    day.take_papers()
    day.admit_some(26, peers_hear=False)
    story.say(f"offline: {len(day.sales)} sales, {day.expected['admit']} admitted so far; gates judge by signature alone")
    day.kill_and_restart("gate-a")
    day.refused_again("a", next(c for c in reversed(day.shown) if day.codes[c]["entries"] == 1 and day.where[c] == "a"))
    day.kill_and_restart("booth")
    day.sell_some(12)
    day.take_papers()
    day.admit_some(10, peers_hear=False)
    story.say("both went on where they were")

    day.venue.central.start()
    day.venue.mend()
    day.replay()
    resync = day.resync_all()
    story.say(f"everything sent once more on purpose: {resync['sent']} sent, {resync['duplicate']} duplicates removed, "
              f"{resync['accepted']} accepted")
    day.close_shift()
    day.export(out, resync)
    return recompute(out)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="leave it running and print addresses and logins")
    parser.add_argument("--seed", type=int, default=1, help="who buys what and which way they go (1)")
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="where journals, reports and papers are written, for deploy/recompute.py")
    parser.add_argument("--programs", type=Path, metavar="DIR", default=Path("build/release/bin"),
                        help="the built programs (build/release/bin); deploy/demo builds them")
    asked = parser.parse_args()
    if not (asked.programs / "gatehouse-edge").exists():
        print(f"demo.py: no programs in {asked.programs}: run deploy/demo, which builds them", file=sys.stderr)
        return 66
    root = Path(tempfile.mkdtemp(prefix="gatehouse-demo-"))
    out = asked.out or root / "out"
    story = Story()
    venue = Venue(root, asked.programs.resolve())
    day = Day(venue, story, asked.seed)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through `finally`: no program is left behind
    try:
        table = play(day, story, out)
        (out / "table.json").write_text(json.dumps(table, indent=1))
        print(table_text(table))
        if asked.keep:
            keep_running(day)
        return 0 if table["balanced"] else 1
    finally:
        venue.stop()
        if not asked.keep:
            shutil.rmtree(root, ignore_errors=True)


def keep_running(day: Day):
    venue = day.venue
    venue.central.start()
    for node in venue.nodes.values():
        node.start()
    print(f"\n{'':9} {'address':23} {'process':>8}   configuration")
    for name, daemon, config in [("central", venue.central, venue.central_config),
                                 *((node.name, node, node.config) for node in venue.nodes.values())]:
        print(f"{name:9} http://127.0.0.1:{daemon.api.port:<6} {daemon.process.pid:>8}   {config}")
    print("operators " + ", ".join(f"{name}/{pin} ({'+'.join(roles)})" for name, (roles, pin) in OPERATORS.items())
          + f", admin/{venue.admin_pin}")
    print("devices   " + str(venue.devices.control))
    print("pages     of a node ADDRESS/window, /gate, /display, /operations; of central ADDRESS/")
    print("log in    gatehouse --url ADDRESS --token-file FILE login --operator NAME; README.md goes on from there")
    print("running until Ctrl-C", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print(f"\nstopping; {venue.root} stays")


if __name__ == "__main__":
    sys.exit(main())

"""The venue of `pulled.py`: five lanes on two gates, two windows, and guests to whom something is pulled at each moment."""
import collections
import itertools
import threading
import time

from stage import ATTENDANT, CLERK, PATIENCE, Events, Stage, expect, free_port, wait_until

# Somebody is in the sensor for so long that a gate which is given no processor for a moment still sees him; the next comes
# when it is free again.
DELAY_MS, PASS_MS = 1200, 800
# What happens to a lane's guests, in turn; lanes begin at different points.
MOMENTS = ("walks", "turnstile_open", "walks", "scanner_in_code", "hesitates", "scanner_in_passage", "walks",
           "turnstile_before")


class Lane:
    def __init__(self, name: str, node: str, scanner: str, turnstile: str, wires: str):
        self.name, self.node, self.scanner, self.turnstile, self.wires = name, node, scanner, turnstile, wires


LANES = [Lane("a-1", "gate-a", "scan-a1", "turn-a1", "turn-a1"), Lane("a-2", "gate-a", "scan-a2", "turn-a2", "turn-a2"),
         *(Lane(f"b-{n}", "gate-b", f"scan-b{n}", f"unit-{n}", "rs485") for n in (1, 2, 3))]
LIVING = LANES[2:4]  # on the bus of the dead one
DEAD = LANES[-1]  # its unit is cut off from power, alone; the others on the bus are pulled with the bus


class Day:
    def __init__(self, stage: Stage):
        self.stage, self.venue, self.lock = stage, stage.venue, threading.Lock()
        self.wires = {lane.wires: threading.Lock() for lane in LANES}
        self.codes: list[str] = []
        self.used: list[tuple[Lane, str]] = []
        self.jobs: dict[str, int] = {}
        self.pulls = collections.Counter()    # by moment, or by what was pulled with a printer
        self.missed = collections.Counter()   # by device: how often the node must have lost it
        self.turned_away = 0                  # scans at a lane whose turnstile was away
        self.dead: list[tuple[int, int]] = []  # when one unit of the bus was dead, on the emulator's clock
        self.died = threading.Event()          # or nobody will come to it any more
        self.at_work = set(LANES)
        self.open_venue()

    def open_venue(self):
        self.stage.open()
        tcp = {name: f"127.0.0.1:{free_port()}" for name in ("turn-a1", "scan-a2", "printer-1")}
        guests = f"delay_ms = {DELAY_MS}\npass_ms = {PASS_MS}\n"
        scenario = "".join(f'[[scanner]]\nname = "{lane.scanner}"\n{self.at(lane.scanner, tcp)}' for lane in LANES)
        scenario += "".join(f'[[turnstile]]\nname = "{n}"\n{self.at(n, tcp)}{guests}' for n in ("turn-a1", "turn-a2"))
        scenario += "".join(f'[[osdp]]\nname = "unit-{n}"\nlink = "rs485"\naddress = {n}\n{guests}' for n in (1, 2, 3))
        scenario += "".join(f'[[printer]]\nname = "{n}"\nline_ms = 20\n{self.at(n, tcp)}' for n in ("printer-1", "printer-2"))
        self.venue.start_devices(scenario)
        self.told = self.venue.devices

        def device(name: str, driver: str, **more) -> dict:
            where = {"tcp": tcp[name]} if name in tcp else {"port": str(self.venue.root / more.pop("link", name))}
            return {"name": name, "driver": driver, **where, **more}

        def lane(its: Lane) -> dict:
            return {"name": its.name, "gate": its.node, "zone": "park", "direction": "entry", "scanners": [its.scanner],
                    "turnstile": its.turnstile}
        scanners = {each.scanner: device(each.scanner, "line", dedupe_ms=0) for each in LANES}
        modbus = [device(n, "modbus", pulse="waveshare", poll_ms=20) for n in ("turn-a1", "turn-a2")]
        units = [device(f"unit-{n}", "osdp", link="rs485", address=n, output=0) for n in (1, 2, 3)]
        self.stage.node("booth", CLERK, devices=[device(f"printer-{n}", "escpos") for n in (1, 2)],
                        windows=[{"name": f"window-{n}", "printer": f"printer-{n}"} for n in (1, 2)])
        for gate, turnstiles in (("gate-a", modbus), ("gate-b", units)):
            mine = [each for each in LANES if each.node == gate]
            self.stage.node(gate, ATTENDANT, devices=[*(scanners[each.scanner] for each in mine), *turnstiles],
                            lanes=[lane(each) for each in mine])
        self.taps = {name: Events(node.api) for name, node in self.venue.nodes.items()}
        for node in self.venue.nodes.values():
            node.await_devices()
        for n in (1, 2):
            self.venue.nodes["booth"].api.post("shifts", {"id": self.stage.new_id(), "window": f"window-{n}", "float_minor": 0})

    def at(self, name: str, tcp: dict) -> str:
        return f'tcp = "{tcp[name]}"\n' if name in tcp else f'link = "{name}"\n'

    # --- devices ---

    def device(self, node: str, name: str) -> dict:
        return next(d for d in self.venue.nodes[node].api.get("status")["devices"] if d["name"] == name)

    def pull(self, node: str, moment: str, name: str, others=(), meanwhile=lambda: None):
        """Pulls a device, waits until the node misses it and all that hang on its wires, and brings it back."""
        expect(not self.told.do("unplug", name)["plugged"], f"{name} was pulled")
        gone = [name, *others]
        for each in gone:
            wait_until(lambda: self.device(node, each)["state"] != "online", PATIENCE, f"{node} to miss {each}")
        meanwhile()
        expect(self.told.do("plug", name)["plugged"], f"{name} was plugged in")
        for each in gone:
            self.await_online(node, each)
        with self.lock:
            self.pulls[moment] += 1
            self.missed.update(gone)

    def await_online(self, node: str, name: str):
        wait_until(lambda: self.device(node, name)["state"] == "online", PATIENCE, f"{node} to open {name} again")

    def pull_turnstile(self, lane: Lane, moment: str, meanwhile=lambda: None):
        if lane is DEAD:
            return self.cut_off(lane, moment, meanwhile)
        others = [each.turnstile for each in LANES if each.wires == lane.wires and each is not lane and each is not DEAD]
        with self.wires[lane.wires]:
            self.pull(lane.node, moment, lane.turnstile, others, meanwhile)

    def cut_off(self, lane: Lane, moment: str, meanwhile):
        """One unit of the bus is dead until the others have let some guests through, or have nobody left."""
        began = time.monotonic_ns()
        self.told.do("power", lane.turnstile, on=False)
        self.died.set()
        wait_until(lambda: self.device(lane.node, lane.turnstile)["state"] != "online", PATIENCE, "the node to miss the unit")
        meanwhile()
        opened = lambda: sum(self.told.do("state", each.turnstile)["opened"] for each in LIVING)  # noqa: E731
        before, end = opened(), time.monotonic() + 4
        wanted = lambda: before + (4 if time.monotonic() < end else 1)  # noqa: E731
        wait_until(lambda: opened() >= wanted() or not self.at_work.intersection(LIVING), PATIENCE, "a guest beside the dead unit")
        self.dead.append((began, time.monotonic_ns()))
        self.told.do("power", lane.turnstile, on=True)
        self.await_online(lane.node, lane.turnstile)
        with self.lock:
            self.pulls["unit_" + moment] += 1

    # --- the window ---

    def sell(self, window: int, quantity: int):
        with self.lock:
            sold = self.venue.nodes["booth"].api.post("sales", {
                "id": self.stage.new_id(), "window": f"window-{window}", "lines": [{"product": "adult", "quantity": quantity}],
                "tenders": [{"kind": "cash", "amount_minor": 8000 * quantity}]})
            self.jobs[sold["sale"]] = quantity
            self.codes += [ticket["code"] for ticket in sold["tickets"]]

    def work_at_window(self, window: int, tickets: int):
        """Sells, prints, and has its printer pulled in every third job."""
        printer = f"printer-{window}"
        for n in itertools.count(1):
            if tickets <= 0:
                return
            quantity, tickets = min(tickets, 4), tickets - 4
            papers = lambda: len(self.told.do("papers", printer)["papers"])  # noqa: E731
            before = papers()
            self.sell(window, quantity)
            if n % 3 == 2:
                wait_until(lambda: papers() > before, PATIENCE, f"{printer} to begin")
                self.pull("booth", f"{printer}_in_job", printer)

    # --- the lanes ---

    def admit(self, lane: Lane, guests: int):
        try:
            self.admit_all(lane, guests)
        finally:
            self.at_work.discard(lane)
            if lane is DEAD:
                self.died.set()

    def admit_all(self, lane: Lane, guests: int):
        moments = itertools.islice(itertools.cycle(MOMENTS), 2 * LANES.index(lane), None)
        for n in range(guests):
            if lane in LIVING and n == guests - 1:  # somebody is left for when the unit beside is dead
                expect(self.died.wait(2 * PATIENCE), "a unit beside this lane's was dead")
            code = wait_until(self.next_code, PATIENCE, "a ticket to be sold")
            moment = next(moments)
            if moment == "turnstile_before":
                self.pull_turnstile(lane, moment, lambda: self.turn_away(lane, code))
            if moment == "scanner_in_code":
                self.told.do("send", lane.scanner, hex=code[:40].encode().hex())
                self.pull(lane.node, moment, lane.scanner)
            outcome = self.show(lane, code, moment)
            while outcome not in ("turned", "unknown"):  # abandoned or turned away: the ticket is good again
                # Who was turned away because the lane was not back yet has not lived the moment.
                outcome = self.show(lane, code, moment if outcome == "refused" else "walks")
            with self.lock:
                self.used.append((lane, code))

    def next_code(self):
        with self.lock:
            return self.codes.pop(0) if self.codes else None

    def idle(self, lane: Lane):
        lanes = self.venue.nodes[lane.node].api.get("lanes")["lanes"]
        return next(each for each in lanes if each["name"] == lane.name)["state"] == "idle"

    def turn_away(self, lane: Lane, code: str):
        said = self.scan(lane, code)
        expect(said.get("reason") == "lane_closed", f"no turnstile, no admission: {said}")

    def scan(self, lane: Lane, code: str) -> dict:
        tap = self.taps[lane.node]
        mark = tap.mark()
        self.told.do("scan", lane.scanner, text=code)
        # An alarm at the lane (somebody walked uncalled for) is no answer to this code.
        said = tap.wait(mark, lambda k, d: k == "scan" and d["lane"] == lane.name and d["signal"] != "alarm", PATIENCE,
                        f"a verdict at {lane.name}")
        if said.get("reason") == "lane_closed":
            with self.lock:
                self.turned_away += 1
        return said

    def show(self, lane: Lane, code: str, moment: str) -> str:
        """One showing of a ticket: what became of the passage."""
        wait_until(lambda: self.idle(lane), PATIENCE, f"{lane.name} to be idle")
        self.told.do("walk", lane.turnstile, policy="stay" if moment == "hesitates" else "turn")
        tap = self.taps[lane.node]
        mark = tap.mark()
        said = self.scan(lane, code)
        if said["verdict"] != "admit":
            expect(said["reason"] == "lane_closed", f"a good ticket is admitted at {lane.name}: {said}")
            return "refused"
        if moment == "turnstile_open":
            tap.wait(mark, lambda k, d: (k == "lane" and d["lane"] == lane.name and d["state"] == "open")
                     or (k == "passage" and d["verdict"] == said["record"]), PATIENCE, "the barrier to open")
            self.pull_turnstile(lane, moment)
        if moment == "scanner_in_passage":
            self.pull(lane.node, moment, lane.scanner)
        ended = tap.wait(mark, lambda k, d: k == "passage" and d["verdict"] == said["record"], PATIENCE, "the end of a passage")
        return ended["outcome"]

#!/usr/bin/env python3
"""Processes that stand still for longer than a link waits for them: a booth in the middle of a sale, a gate, and central. Who goes
on does; who stood still goes on where it was: answers once, sells no unit that it was not leased, and is caught up with."""
import os
import signal
import threading
import time

from stage import ATTENDANT, CLERK, PATIENCE, PRICE, Refused, Stage, expect, play, wait_until

LEASED = 4
DEAD_AFTER_S = 20  # a link that says nothing is taken for dead; a busy machine needs seconds for an admission by itself


def state(process) -> str:
    """Of every thread of it, as the kernel says: T is stopped."""
    return "".join(sorted({open(f"/proc/{process.pid}/task/{task}/stat").read().rsplit(")", 1)[1].split()[0]
                           for task in os.listdir(f"/proc/{process.pid}/task")}))


class Paused:
    def __init__(self, daemon, what: str):
        self.process, self.what = daemon.process, what

    def __enter__(self):
        self.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: state(self.process) == "T", PATIENCE, f"{self.what} to stand still")

    def __exit__(self, *_):
        expect(state(self.process) == "T", f"{self.what} stood still all the time")
        self.process.send_signal(signal.SIGCONT)


def peers(node) -> dict[str, bool]:
    return {p["name"]: p["connected"] for p in node.api.get("status")["peers"]}


def connected(node) -> bool:
    return node.api.get("status")["central"]["connected"]


def units_left(stage: Stage, node) -> int:
    sessions = node.api.get("catalogue")["sessions"]
    return next((s.get("units_left", 0) for s in sessions if s["id"] == stage.session), 0)


def sell_show(stage: Stage, node) -> dict:
    return stage.sell_lines(node, [{"product": "show", "quantity": 1, "session": stage.session}])


def story(stage: Stage) -> str:
    venue = stage.venue
    stage.open()
    lane = lambda name: [{"name": name, "gate": "south", "zone": "park", "direction": "entry"}]
    booth = stage.node("booth", CLERK, windows=[{"name": "window-1"}])
    gate = stage.node("gate", ATTENDANT, lanes=lane("lane-1"))
    spare = stage.node("spare", ATTENDANT, lanes=lane("lane-2"))
    stage.open_shift(booth)
    central = venue.central.api
    central.post("leases", {"node": stage.number(booth), "session": stage.session, "units": LEASED})
    wait_until(lambda: units_left(stage, booth) == LEASED, PATIENCE, "the lease to reach the booth")
    wait_until(lambda: peers(gate).get("booth") and peers(spare).get("gate"), PATIENCE, "the nodes to hear each other")
    sales = [stage.sell(booth) for _ in range(6)] + [sell_show(stage, booth)]
    codes = [sale["tickets"][0]["code"] for sale in sales[:6]]
    admitted, slowest = 0, 0.0

    def admit(node, lane_name: str, code: str):
        nonlocal admitted, slowest
        began = time.monotonic()
        scan = stage.scan(node, lane_name, code)
        expect(scan["verdict"] == "admit", f"a ticket of the booth at {node.name}: {scan}")
        admitted, slowest = admitted + 1, max(slowest, time.monotonic() - began)

    # The booth, with a sale on its way to it: asked again and again, as a page does, it is one sale.
    sale_id, answers = stage.new_id(), []
    sale = {"id": sale_id, "window": "window-1", "lines": [{"product": "adult", "quantity": 1}],
            "tenders": [{"kind": "cash", "amount_minor": PRICE["adult"]}]}
    asks = lambda: answers.append(booth.api.call("POST", "sales", sale, timeout=300)[2])
    with Paused(booth, "the booth"):
        began = time.monotonic()
        clerks = [threading.Thread(target=asks, daemon=True) for _ in range(2)]
        for clerk in clerks:
            clerk.start()
        admit(gate, "lane-1", codes[0])
        wait_until(lambda: not peers(gate)["booth"], 60, "the gate to take the silent booth for dead")
        away = time.monotonic() - began
        admit(spare, "lane-2", codes[1])
        expect(not answers, "who stands still answers nothing")
        # What the pool has left does not become more by a node that is not heard: its lease is its own.
        left = next(s for s in central.get("leases")["sessions"] if s["session"] == stage.session)["pool"]
        expect(left == 180 - LEASED, f"nobody takes units back by time: {left}")
    for clerk in clerks:
        clerk.join(PATIENCE)
    expect(len(answers) == 2 and "sale" in answers[0] and answers[0]["sale"] == answers[1].get("sale"), f"the same sale for both: {answers}")
    sales.append(answers[0])
    wait_until(lambda: peers(gate)["booth"] and connected(booth), 60, "the booth to be heard again")
    while units_left(stage, booth):
        sales.append(sell_show(stage, booth))
    expect(len(sales) == 7 + 1 + LEASED - 1, f"the lease is what it was: {len(sales)} sales")
    try:
        sell_show(stage, booth)
        raise AssertionError("more is sold than was leased")
    except Refused as refused:
        expect(refused.code == "no_units_left", f"and no more: {refused}")

    # A gate: the other one admits, and the first knows of it as soon as it goes on and hears it.
    with Paused(gate, "the gate"):
        wait_until(lambda: not peers(spare)["gate"], 60, "the other gate to take it for dead")
        admit(spare, "lane-2", codes[2])
    wait_until(lambda: peers(gate)["spare"], 60, "the gates to hear each other again")
    wait_until(lambda: peers(spare)["gate"], PATIENCE, "both ways")
    recorded = spare.api.get("status")["journal"]["head"]
    wait_until(lambda: stage.held_of(gate, spare) >= recorded, PATIENCE, "the gate to hold what the other one recorded")
    again = stage.scan(gate, "lane-1", codes[2])
    expect(again.get("reason") == "already_used", f"what was used while the gate stood still is used there: {again}")

    # Central: nothing counts as received that it does not have.
    head = booth.api.get("status")["journal"]["head"]
    with Paused(venue.central, "central"):
        sales += [stage.sell(booth) for _ in range(5)]
        admit(gate, "lane-1", codes[3])
        wait_until(lambda: not connected(booth), 60, "the booth to take central for dead")
        acked = booth.api.get("status")["journal"]["acked"]
        expect(acked <= head, f"who stands still acknowledges nothing: {acked}, of which {head} were there before")
        admit(spare, "lane-2", sales[-1]["tickets"][0]["code"])
    wait_until(lambda: connected(booth) and venue.drained(), 90, "all of it to reach central")
    expect(slowest < DEAD_AFTER_S / 2, f"no gate waits for who stands still: {slowest:.2f} s")
    date = central.get("reports/sales")["business_date"]
    total = central.get("reports/sales", business_date=date)["totals"]["sales"]
    expect(total == len(sales), f"central has each sale once: {total} of {len(sales)}")
    persons = central.get("reports/admissions", business_date=date)["totals"]["persons"]
    expect(persons == admitted, f"and each admission: {persons} of {admitted}")
    expect(central.get("conflicts")["conflicts"] == [], "and nothing to settle")
    return (f"{len(sales)} sales, {admitted} admissions; a booth, a gate and central stood still, the booth for {away:.0f} s; "
            f"slowest admission {slowest * 1000:.0f} ms")


play(story)

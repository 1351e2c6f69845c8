#!/usr/bin/env python3
"""kill -9 of a node under load, again and again. What was answered is in its journal, once; the chain is clean; central
ends with exactly those records."""
import random
import threading
import time

from stage import CLERK, PATIENCE, Refused, Stage, expect, play, wait_until


class Load:
    """Sells and admits as fast as the node answers. After each command whose answer was lost it asks again with the same
    id, as a clerk would: that must not sell twice."""

    def __init__(self, stage: Stage, node):
        self.stage, self.node = stage, node
        self.sales: dict[str, str] = {}      # id -> sale
        self.admitted: dict[str, str] = {}   # id -> record
        self.lost_answers = 0
        self.running = True
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.failure = None

    def work(self):
        try:
            while self.running:
                sale_id, scan_id = self.stage.new_id(), self.stage.new_id()
                sale = self.until_answered(lambda: self.stage.sell(self.node, sale_id=sale_id))
                if sale is None:
                    return
                self.sales[sale_id] = sale["sale"]
                scan = self.until_answered(lambda: self.stage.scan(self.node, "lane-1", sale["tickets"][0]["code"], scan_id))
                if scan is None:
                    return
                expect(scan["verdict"] == "admit", f"a fresh ticket is admitted: {scan}")
                self.admitted[scan_id] = scan["record"]
        except Exception as wrong:  # shown by the story
            self.failure = wrong

    def until_answered(self, command):
        while self.running:
            try:
                answer = command()
                if answer.get("reason") != "storage_unavailable":
                    return answer
                time.sleep(0.02)  # refused because the journal is not open again yet: the same id may be asked again
            except (OSError, ConnectionError):
                self.lost_answers += 1
                time.sleep(0.02)
            except Refused as refused:
                if refused.status != 503:
                    raise
                time.sleep(0.02)
            except Exception as broken:
                if "http.client" not in type(broken).__module__:
                    raise
                self.lost_answers += 1
                time.sleep(0.02)
        return None

    def end(self):
        self.running = False
        self.thread.join(PATIENCE)
        expect(not self.thread.is_alive(), "the last command is answered")


def story(stage: Stage) -> str:
    stage.open()
    node = stage.node("booth", CLERK, windows=[{"name": "window-1"}],
                      lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}])
    # One person sells and admits here: the clerk's token outlives the node's restarts.
    stage.venue.publish(lambda c: next(o for o in c["operators"] if o["name"] == "li").update(roles=["clerk", "attendant"]))
    wait_until(lambda: node.api.get("catalogue")["version"] >= 3, PATIENCE, "the new roles")
    stage.open_shift(node)
    load = Load(stage, node)
    load.thread.start()
    chance = random.Random(5)
    for _ in range(stage.asked.kills):
        before = len(load.admitted)
        wait_until(lambda: len(load.admitted) > before + 3 or load.failure, 60, "the load to go on")
        time.sleep(chance.random() * 0.1)  # anywhere in a command
        node.kill()
        node.start()
    before = len(load.admitted)
    wait_until(lambda: len(load.admitted) > before + 3 or load.failure, 60, "the load to go on after the last kill")
    load.end()
    if load.failure:
        raise load.failure
    expect(load.lost_answers > 0, "a kill that no command noticed proves nothing")

    wait_until(stage.venue.drained, PATIENCE, "the journal to reach central")
    node.stop()
    records = stage.records(node)
    received = stage.records_at_central(node)
    # The record that closes the journal is the last; whether it still got there is of no consequence.
    expect(records[-1]["kind"] == "storage_closed", f"the journal is closed in order: {records[-1]}")
    of = lambda all_of_them: [(r["epoch"], r["seq"], r["hash"]) for r in all_of_them]
    expect(of(received) in (of(records), of(records[:-1])),
           f"central has {len(received)} of {len(records)} records; its own: {set(of(received)) - set(of(records))}; "
           f"missing: {sorted(set(of(records)) - set(of(received)))[:3]}")
    sales = [r for r in records if r["kind"] == "sale"]
    refs = {f"{r['node']}-{r['epoch']}-{r['seq']}" for r in records}
    ids = [r["body"]["id"] for r in sales]
    expect(len(ids) == len(set(ids)), "no client id sold twice")
    expect(set(load.sales) <= set(ids), f"answered sales missing: {set(load.sales) - set(ids)}")
    expect(set(load.sales.values()) <= refs, "every answered sale is where the answer said")
    expect(set(load.admitted.values()) <= refs, "every answered admission is where the answer said")
    scans = [r["body"]["id"] for r in records if r["kind"] == "verdict"]
    expect(len(scans) == len(set(scans)), "no scan id admitted twice")
    return (f"{stage.asked.kills} kills, {load.lost_answers} answers lost, {len(load.sales)} sales and {len(load.admitted)} "
            f"admissions answered, {len(sales)} sales in the journal, {len(received)} records at central, by number and hash the same")


play(story, lambda parser: parser.add_argument("--kills", type=int, default=50))

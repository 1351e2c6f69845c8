#!/usr/bin/env python3
"""A long outage: central is away while a node's journal grows by many records; then replay, while scans go on; then
everything once more, which yields only duplicates and changes no report."""
import subprocess
import threading
import time

from stage import ATTENDANT, CLERK, OPERATOR, PATIENCE, Stage, expect, play, wait_until


SLOW = 10_000  # octets a second: a replay of thousands of records is not over before somebody has looked at it


def reports(stage: Stage, date: str) -> list:
    central = stage.venue.central.api
    bodies = [central.get(f"reports/{name}", business_date=date) for name in ("sales", "admissions", "shifts")]
    return bodies + [central.get("conflicts")]


def story(stage: Stage) -> str:
    venue, count = stage.venue, stage.asked.records
    stage.open()
    node = stage.node("booth", CLERK, windows=[{"name": "window-1"}],
                      lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}])
    stage.open_shift(node)
    codes = [t["code"] for _ in range(4) for t in stage.sell(node, "adult", 100)["tickets"]]
    date = stage.sell(node)["business_date"]
    wait_until(venue.drained, PATIENCE, "the first records to reach central")
    stage.log_in(node, ATTENDANT)
    node.stop()
    venue.central.stop()
    subprocess.run([venue.programs / "gatehouse-bench", "generate", node.config, str(count), "1"], check=True,
                   stdout=subprocess.DEVNULL)
    node.start()
    left = lambda: node.api.get("status")["journal"]["backlog"]
    backlog = left()
    expect(backlog >= count, f"{backlog} records wait")

    times: list[float] = []
    failures: list[Exception] = []  # of the thread: they fail the story, not only it
    busy = threading.Event()

    def scan_on():
        try:
            while not busy.is_set() and codes:
                began = time.monotonic()
                verdict = stage.scan(node, "lane-1", codes.pop())
                times.append(time.monotonic() - began)
                expect(verdict["verdict"] == "admit", f"scans go on: {verdict}")
                time.sleep(0.02)
        except Exception as failure:
            failures.append(failure)
    scanner = threading.Thread(target=scan_on)
    node.to_central.octets_per_s = SLOW
    venue.central.start()
    began = time.monotonic()
    wait_until(lambda: left() < backlog, PATIENCE, "the replay to begin")
    scanner.start()
    try:
        wait_until(lambda: failures or len(times) > 3, PATIENCE, "scans to be taken")
        replayed_meanwhile = backlog - left()
        node.to_central.octets_per_s = None
        wait_until(lambda: failures or left() < 50, 900, "the replay")
        seconds = time.monotonic() - began
    finally:
        busy.set()
        scanner.join()
    if failures:
        raise failures[0]
    expect(0 < replayed_meanwhile < backlog, f"scans were taken during the replay: {replayed_meanwhile} of {backlog} were replayed")
    wait_until(venue.drained, PATIENCE, "the last records")

    before = reports(stage, date)
    stage.log_in(node, OPERATOR)
    node.to_central.octets_per_s = SLOW
    job = node.api.post("resync", {"all": True})
    expect(job["total"] >= count, f"the job says how much it is: {job}")
    now = lambda: node.api.get(f"jobs/{job['id']}")
    begun = wait_until(lambda: (seen := now())["sent"] > 0 and seen, PATIENCE, "the resync to show how far it is")
    expect(begun["state"] == "running" and begun["sent"] < begun["total"], f"it showed that before it was over: {begun}")
    node.to_central.octets_per_s = None
    done = wait_until(lambda: (seen := now())["state"] in ("done", "failed") and seen, 900, "the resync")
    expect(done["state"] == "done", f"the resync ended: {done}")
    expect(done["accepted"] == 0 and done["duplicate"] == done["sent"] >= count, f"only duplicates: {done}")
    wait_until(venue.drained, PATIENCE, "the last records")
    after = reports(stage, date)
    for was, now in zip(before, after):
        for body in (was, now):
            body.pop("completeness", None)  # its last known times move on
        expect(was == now, f"a report changed: {was} {now}")
    worst = sorted(times)[max(len(times) * 99 // 100 - 1, 0)]
    return (f"{backlog} records replayed in {seconds:.1f} s ({backlog / seconds:.0f}/s) while {len(times)} scans went on, p99 "
            f"{worst * 1000:.1f} ms; all again: {done['sent']} sent, {done['duplicate']} duplicates, no report changed")


play(story, lambda parser: parser.add_argument("--records", type=int, default=100_000))

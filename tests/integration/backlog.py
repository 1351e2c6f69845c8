#!/usr/bin/env python3
"""A long outage: central is away while a node's journal grows by many records; then replay, while scans go on; then
everything once more, which yields only duplicates and changes no report."""
import subprocess
import threading
import time

from stage import ATTENDANT, CLERK, OPERATOR, Stage, expect, play, wait_until


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
    wait_until(venue.drained, 30, "the first records to reach central")
    stage.log_in(node, ATTENDANT)
    node.stop()
    venue.central.stop()
    subprocess.run([venue.programs / "gatehouse-bench", "generate", node.config, str(count), "1"], check=True,
                   stdout=subprocess.DEVNULL)
    node.start()
    backlog = node.api.get("status")["journal"]["backlog"]
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
    venue.central.start()
    scanner.start()
    began = time.monotonic()
    try:
        wait_until(lambda: failures or node.api.get("status")["journal"]["backlog"] < 50, 900, "the replay")
        seconds = time.monotonic() - began
    finally:
        busy.set()
        scanner.join()
    if failures:
        raise failures[0]
    expect(len(times) > 3, "scans were taken during the replay")
    wait_until(venue.drained, 60, "the last records")

    before = reports(stage, date)
    stage.log_in(node, OPERATOR)
    job = node.api.post("resync", {"all": True})
    expect(job["total"] >= count, f"the job says how much it is: {job}")
    seen: list[dict] = []

    def ended():
        seen.append(node.api.get(f"jobs/{job['id']}"))
        return seen[-1]["state"] in ("done", "failed") and seen[-1]
    done = wait_until(ended, 900, "the resync", step=0.02)
    expect(done["state"] == "done", f"the resync ended: {done}")
    expect(any(now["state"] == "running" and 0 < now["sent"] < now["total"] for now in seen),
           f"the resync showed how far it was: {seen}")
    expect(done["accepted"] == 0 and done["duplicate"] == done["sent"] >= count, f"only duplicates: {done}")
    wait_until(venue.drained, 60, "the last records")
    after = reports(stage, date)
    for was, now in zip(before, after):
        for body in (was, now):
            body.pop("completeness", None)  # its last known times move on
        expect(was == now, f"a report changed: {was} {now}")
    worst = sorted(times)[max(len(times) * 99 // 100 - 1, 0)]
    return (f"{backlog} records replayed in {seconds:.1f} s ({backlog / seconds:.0f}/s) while {len(times)} scans went on, p99 "
            f"{worst * 1000:.1f} ms; all again: {done['sent']} sent, {done['duplicate']} duplicates, no report changed")


play(story, lambda parser: parser.add_argument("--records", type=int, default=100_000))

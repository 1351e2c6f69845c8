#!/usr/bin/env python3
"""Central comes back after a long outage and everybody returns at once, each with a backlog; half way through it dies and
everybody returns again. Sales and scans go on; every record arrives once, and central copies each to all the others."""
import subprocess
import time

from stage import ATTENDANT, PATIENCE, Stage, expect, play, wait_until

WINDOW = {"name": "window-1"}
LANE = {"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}


def heads(node) -> dict:
    return {(j["node"], j["epoch"]): j["head"] for j in node.api.get("journals")["journals"]}


def peak_mib(daemon) -> float:
    """The most memory that the running process ever had: proc(5), "VmHWM"."""
    with open(f"/proc/{daemon.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def story(stage: Stage) -> str:
    venue, asked = stage.venue, stage.asked
    stage.open()
    # No node hears another: all of it goes by way of central.
    window = stage.node("window", windows=[WINDOW], peers=False)
    stage.open_shift(window)
    codes: list[str] = []
    stock = lambda: codes.extend(t["code"] for t in stage.sell(window, "adult", 100)["tickets"])
    stock()
    booths = [stage.node(f"booth-{i:02}", windows=[WINDOW], lanes=[LANE], peers=False) for i in range(asked.nodes)]
    wait_until(venue.drained, PATIENCE, "central to have what there is so far")
    for booth in booths:
        booth.stop()
    venue.central.stop()
    for booth in booths:
        subprocess.run([venue.programs / "gatehouse-bench", "generate", booth.config, str(asked.records), "1"], check=True,
                       stdout=subprocess.DEVNULL)
        booth.start(wait=False)
    for booth in booths:
        booth.wait_ready()
    gate = booths[0]
    stage.log_in(gate, ATTENDANT)
    left = lambda: {booth.name: booth.api.get("status")["journal"]["backlog"] for booth in booths}
    backlog = left()
    expect(min(backlog.values()) >= asked.records, f"each has a backlog: {backlog}")
    scans, sales = [], []

    def live():
        """A guest at a gate whose node replays, and one at a window."""
        if not codes:
            stock()
        began = time.monotonic()
        verdict = stage.scan(gate, "lane-1", codes.pop())
        scans.append(time.monotonic() - began)
        expect(verdict["verdict"] == "admit", f"scans go on: {verdict}")
        sales.append(stage.sell(window)["sale"])
        time.sleep(0.05)

    total = sum(backlog.values())
    for booth in booths:
        booth.to_central.octets_per_s = asked.octets_per_s
    venue.start_central()
    began = time.monotonic()

    def is_past(part: float) -> bool:
        live()
        return sum(left().values()) < total * (1 - part)
    wait_until(lambda: is_past(0.3), 900, "a third to be replayed")
    expect(sum(left().values()) > total * 0.2, "central dies in the middle")
    first_peak = peak_mib(venue.central)
    venue.central.kill()
    for booth in booths:
        booth.to_central.octets_per_s = None
    live()
    venue.start_central()
    drained = {}

    def is_drained() -> bool:
        live()
        for name, waiting in left().items():
            if waiting < 20:  # what is sold and scanned meanwhile
                drained.setdefault(name, time.monotonic() - began)
        return len(drained) == len(booths)
    wait_until(is_drained, 900, "all of it")
    seconds = time.monotonic() - began
    wait_until(venue.drained, PATIENCE, "the last records")
    everywhere = lambda: all(heads(booth) == heads(window) for booth in booths)
    wait_until(everywhere, 900, "central to copy everybody's journal to everybody")
    peak = max(first_peak, peak_mib(venue.central))
    expect(asked.most_mib is None or peak <= asked.most_mib, f"central took {peak:.0f} MiB of {asked.most_mib}")
    held = heads(window)
    # In each journal the chain covers what is before: the window's is compared record by record.
    window.stop()
    of = lambda records: [(r["epoch"], r["seq"], r["hash"]) for r in records]
    kept = of(stage.records(window))
    received = of(stage.records_at_central(window))
    expect(received == kept[:len(received)] and len(kept) - len(received) <= 2,  # its own end may come too late for central
           f"central has {len(received)} of the window's {len(kept)} records, and no other")
    numbers = {(epoch, seq) for epoch, seq, _ in received}
    expect({tuple(map(int, sale.split("-")))[1:] for sale in sales} <= numbers, "every sale that was answered meanwhile is among them")
    worst = sorted(scans)[max(len(scans) * 99 // 100 - 1, 0)]
    return (f"{len(booths)} nodes with {total} records returned at once, twice: {seconds:.1f} s ({total / seconds:.0f}/s), the first "
            f"done after {min(drained.values()):.1f} s; {len(scans)} scans (p99 {worst * 1000:.0f} ms) and {len(sales)} sales went on; "
            f"central took {peak:.0f} MiB at most; all {sum(held.values())} records at every node")


def arguments(parser):
    parser.add_argument("--nodes", type=int, default=12)
    parser.add_argument("--records", type=int, default=5_000, help="of each")
    parser.add_argument("--octets-per-s", type=int, default=100_000, help="of each node's line, until central dies")
    parser.add_argument("--most-mib", type=float, default=None, help="that central may take")


play(story, arguments)

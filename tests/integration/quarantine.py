#!/usr/bin/env python3
"""The database of a stopped booth is overwritten in the middle. It goes into quarantine, the booth begins a new epoch, gets
the former one back from central, sells from a new lease only, and knows what was sold and admitted before."""
from stage import CLERK, HEARD_WITHIN_S, PATIENCE, Refused, Stage, TooSlow, expect, play, seconds_between, wait_until

LEASED, FRESH = 5, 2  # units for the first epoch, and for the second


def overwrite(database, share: float = 0.5):
    """As a disk that loses `share` of a file from a quarter of it on."""
    size = database.stat().st_size
    with open(database, "r+b") as file:
        file.seek(size // 4 // 4096 * 4096)
        file.write(b"\xa5" * (int(size * share) // 4096 * 4096))


def start_as_a_supervisor_does(node) -> list[int]:
    """Starts the node until it stays up; the exits on the way."""
    exits: list[int] = []
    while len(exits) < 4:
        node.start(wait=False)
        wait_until(lambda: not node.alive or node.api.ready(), PATIENCE, "the booth to be ready or to end")
        if node.alive:
            return exits
        exits.append(node.process.returncode)
    raise AssertionError(f"the booth does not stay up: {exits}")


def units_left(node, session: str) -> int:
    sessions = node.api.get("catalogue")["sessions"]
    return next((s.get("units_left", 0) for s in sessions if s["id"] == session), 0)


def sell_show(stage: Stage, node) -> dict:
    return stage.sell_lines(node, [{"product": "show", "quantity": 1, "session": stage.session}])


def epochs(stage: Stage, number: int) -> dict[int, dict]:
    node = next(n for n in stage.venue.central.api.get("nodes")["nodes"] if n["node"] == number)
    return {e["epoch"]: e for e in node["epochs"]}


def held(node, number: int) -> dict[int, int]:
    return {j["epoch"]: j["head"] for j in node.api.get("journals")["journals"] if j["node"] == number}


def story(stage: Stage) -> str:
    venue = stage.venue
    stage.open()
    node = stage.node("booth", CLERK, windows=[{"name": "window-1"}],
                      lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}])
    venue.publish(lambda c: next(o for o in c["operators"] if o["name"] == "li").update(roles=["clerk", "attendant"]))
    wait_until(lambda: node.api.get("catalogue")["version"] >= 3, PATIENCE, "the new roles")
    central = venue.central.api
    number = next(n["node"] for n in central.get("nodes")["nodes"] if n["name"] == "booth")
    lease = lambda units: central.post("leases", {"node": number, "session": stage.session, "units": units})
    lease(LEASED)
    wait_until(lambda: units_left(node, stage.session) == LEASED, PATIENCE, "the lease to reach the booth")
    shift = stage.open_shift(node)
    sales = [stage.sell(node) for _ in range(40)] + [sell_show(stage, node) for _ in range(2)]
    used, unused = sales[0]["tickets"][0]["code"], sales[1]["tickets"][0]["code"]
    expect(stage.scan(node, "lane-1", used)["verdict"] == "admit", "a fresh ticket is admitted")
    wait_until(venue.drained, PATIENCE, "the journal to reach central")
    venue.cut("booth")  # what the stop writes is in nobody's hands: central knows the first epoch up to here
    first = node.api.get("status")["journal"]["head"]
    node.stop()
    wait_until(lambda: epochs(stage, number)[1]["received"] == first > 42, PATIENCE, "central to have the first epoch")
    venue.mend("booth")

    overwrite(node.data / "journal.db")
    exits = start_as_a_supervisor_does(node)
    expect(65 not in exits, f"nothing was restored or copied: {exits}")
    waited = seconds_between(node.log.read_text(), "was moved to", "ready: node")
    expect((node.data / "quarantine" / "1" / "journal.db").exists(), "the database that cannot be trusted is kept")
    stage.log_in(node, CLERK)
    wait_until(lambda: held(node, number).get(1) == first, PATIENCE, "the first epoch to come back")
    # Heard of is not enough: a lease is for the latest epoch of which central holds a record.
    wait_until(lambda: epochs(stage, number).get(2, {}).get("received"), PATIENCE, "central to have of the second epoch")

    for code, verdict in ((used, "already_used"), (used, "already_used"), (unused, "admit")):
        scan = stage.scan(node, "lane-1", code)
        expect(verdict in (scan["verdict"], scan.get("reason")), f"a ticket of the first epoch: {scan}, wanted {verdict}")
    expect(node.api.get("shifts/current?window=window-1")["shift"] == shift, "the clerk's shift goes on")
    expect(units_left(node, stage.session) == 0, "nothing is left of the first epoch's lease")
    try:
        sell_show(stage, node)
        raise AssertionError("the first epoch's lease is sold from")
    except Refused as refused:
        expect(refused.code == "no_units_left", f"no unit of the first epoch's lease is sold: {refused}")
    lease(FRESH)
    wait_until(lambda: units_left(node, stage.session) == FRESH, PATIENCE, "the second lease to reach the booth")
    sales += [sell_show(stage, node) for _ in range(FRESH)]
    expect(units_left(node, stage.session) == 0, "the second lease is sold")

    node.stop()
    exits += start_as_a_supervisor_does(node)
    expect(65 not in exits, f"nor is anything wrong at the next start: {exits}")
    expect(units_left(node, stage.session) == 0, "nor is a unit left after it")
    wait_until(venue.drained, PATIENCE, "the second epoch to reach central")
    at_central = sum(e["received"] for e in epochs(stage, number).values())
    date = central.get("reports/sales")["business_date"]
    expect(central.get("reports/sales", business_date=date)["totals"]["sales"] == len(sales), "central has each sale once")
    admitted = central.get("reports/admissions", business_date=date)["totals"]
    expect(admitted["persons"] == 2, f"two were admitted: {admitted}")
    expect(central.get("conflicts")["conflicts"] == [], "and nothing to settle")
    pool = next(s for s in central.get("leases")["sessions"] if s["session"] == stage.session)
    expect(pool["pool"] == 180 - LEASED - FRESH, f"what the first epoch had left is not given again: {pool}")
    node.stop()
    records = stage.records(node)
    # A start that hears of nobody in time begins the epoch all the same, and cannot say where the former one ended.
    opened = [r["body"] for r in records if r["kind"] == "epoch_opened"]
    expect([o["prev_epoch"] for o in opened] == [0, 1], f"one epoch after the other: {opened}")
    if opened[1]["prev_head"] == 0 and waited >= HEARD_WITHIN_S:
        raise TooSlow(f"the start waited for {waited:.1f} s, and heard of nobody")
    expect(opened[1]["prev_head"] == first, f"the second epoch says where the first ended, at {first}: {opened}")
    stopped = records[-1]["kind"] == "storage_closed"  # the last stop's, written when the link was down already
    expect(len(records) - stopped == at_central, f"the booth has {len(records)} of its own records, central {at_central}: "
           f"{[r['kind'] for r in records[at_central:]]}")
    return (f"{len(sales)} sales, {first} records of epoch 1 fetched back after exits {exits}, {LEASED - 2} leased units "
            f"given up, {FRESH} of a new lease sold")


play(story)

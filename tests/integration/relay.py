#!/usr/bin/env python3
"""A booth that is cut off from central, not from the gate, sells and is lost for good (kill -9, and its line to central never
comes back). The gate has copied it and hands it on: central ends with exactly the booth's records, and its report has the sales."""
from stage import ATTENDANT, PATIENCE, Stage, TooSlow, expect, play, wait_until

SALES = 3


def story(stage: Stage) -> str:
    stage.open()
    booth = stage.node("booth", windows=[{"name": "window-1"}])
    gate = stage.node("gate", ATTENDANT, lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}])
    central = stage.venue.central.api
    stage.open_shift(booth)
    wait_until(stage.venue.drained, PATIENCE, "central to have what there is so far")
    wait_until(lambda: any(p["connected"] for p in booth.api.get("status")["peers"]), PATIENCE, "the nodes to meet")
    booth.to_central.cut()
    wait_until(lambda: not booth.api.get("status")["central"]["connected"], PATIENCE, "the booth to miss central")
    expect(gate.api.get("status")["central"]["connected"], "the gate keeps its link")

    sold = [stage.sell(booth, quantity=2) for _ in range(SALES)]
    safeties = set()

    def is_copied() -> bool:
        safeties.add(now := booth.api.get(f"sales/{sold[-1]['sale']}")["safety"])
        return now == "peer"
    wait_until(is_copied, PATIENCE, "the booth to hear that a peer holds its sale")
    expect(safeties <= {"disk", "peer"}, f"central has told the booth nothing: {safeties}")
    expect(not booth.api.get("status")["central"]["connected"], "it was sold and copied without central")
    wait_until(lambda: stage.held_of(gate, booth) == booth.api.get("status")["journal"]["head"], PATIENCE, "the gate to have all of it")
    booth.kill()

    records = stage.records(booth)
    if records[-1]["seq"] > stage.held_of(gate, booth):
        raise TooSlow("the booth wrote something more, which nobody has, before it was killed")
    wait_until(lambda: stage.venue.drained() and central.get("reports/sales")["totals"]["sales"] == SALES, PATIENCE,
               "the booth's sales to reach central by the gate")
    expect(stage.scan(gate, "lane-1", sold[0]["tickets"][0]["code"])["verdict"] == "admit", "and their tickets are good")
    expect(central.get("conflicts")["conflicts"] == [], "with nothing to settle")
    expect(not booth.alive and booth.to_central.is_cut, "the booth told central none of it")

    of = lambda all_of_them: [(r["epoch"], r["seq"], r["hash"]) for r in all_of_them]
    received = stage.records_at_central(booth)
    expect(of(received) == of(records), f"central has {len(received)} of the booth's {len(records)} records, and no other: "
                                        f"{sorted(set(of(received)) ^ set(of(records)))[:3]}")
    return f"{SALES} sales of a booth that never met central again, {len(records)} records, at central by way of the gate"


play(story)

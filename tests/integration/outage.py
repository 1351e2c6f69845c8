#!/usr/bin/env python3
"""Central is stopped. A booth sells a ticket for two; another node, which has not met central since, admits it at a lane
with a turnstile and at one without, and refuses it after that with time and gate."""
from stage import ATTENDANT, PATIENCE, Events, Stage, expect, play, wait_until


def story(stage: Stage) -> str:
    venue = stage.venue
    stage.open()
    devices, lane = stage.devices_for_a_lane()
    booth = stage.node("booth", windows=[{"name": "window-1"}])
    gate = stage.node("gate", ATTENDANT, devices=devices,
                      lanes=[lane, {"name": "lane-2", "gate": "south", "zone": "park", "direction": "entry"}])
    stage.open_shift(booth)
    gate.await_devices()
    wait_until(lambda: any(p["connected"] for p in gate.api.get("status")["peers"]), PATIENCE, "the nodes to meet")
    venue.central.stop()
    venue.cut("booth", "gate")
    for node in (booth, gate):
        wait_until(lambda n=node: not n.api.get("status")["central"]["connected"], PATIENCE, f"{node.name} to miss central")

    sold = stage.sell(booth, "pair", 2)
    expect(sold["safety"] == "disk", f"a sale that nobody has copied says so: {sold['safety']}")
    by_turnstile, by_hand = (ticket["code"] for ticket in sold["tickets"])

    tap = Events(gate.api)
    stage.venue.devices.do("scan", "scan-1", text=by_turnstile)
    turned = lambda: sum(d["persons"] for k, d in tap.seen if k == "passage" and d.get("outcome") == "turned")
    wait_until(lambda: turned() == 2, PATIENCE, "two persons to walk through")
    admitted = stage.scan(gate, "lane-2", by_hand)
    expect(admitted["verdict"] == "admit" and admitted["persons"] == 2, f"admitted without a turnstile: {admitted}")
    for code, lane_name in ((by_turnstile, "lane-1"), (by_hand, "lane-2")):
        again = stage.scan(gate, "lane-2", code)
        expect(again["reason"] == "already_used", f"a second try is refused: {again}")
        first = again["first_admission"]
        expect((first["gate"], first["lane"]) == ("south", lane_name) and first["time"], f"with time and gate: {first}")
    expect(gate.api.get("status")["central"]["connected"] is False, "the gate has not met central")
    venue.mend("booth", "gate")
    venue.central.start()
    wait_until(venue.drained, PATIENCE, "the journals to be replayed")
    return "a ticket for two, sold and admitted without central, refused the second time"


play(story)

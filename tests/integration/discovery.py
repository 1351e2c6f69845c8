#!/usr/bin/env python3
"""Nodes whose configuration names no peer find each other on their network: a gate refuses with central gone what the other
admitted, also after one of them came back with another address; a node that does not discover stays alone."""
from stage import ATTENDANT, CLERK, PATIENCE, Stage, expect, play, wait_until
from venue import free_port

LANE = {"name": "lane-1", "zone": "park", "direction": "entry"}


def hears(node, *others) -> bool:
    connected = {p["name"] for p in node.api.get("status")["peers"] if p["connected"]}
    return connected == {other.name for other in others}


def story(stage: Stage) -> str:
    venue = stage.venue
    stage.open()
    nodes = [stage.node(name, who, windows=[{"name": "window-1"}], lanes=[LANE | {"gate": name}], peers=False, discovery=discovery)
             for name, who, discovery in (("booth", CLERK, True), ("north", ATTENDANT, True), ("south", ATTENDANT, True),
                                          ("alone", ATTENDANT, False))]
    booth, north, south, alone = nodes
    for node in nodes[:3]:
        wait_until(lambda: hears(node, *(other for other in nodes[:3] if other is not node)), PATIENCE, f"{node.name} to find the others")
    stage.open_shift(booth)
    codes = [t["code"] for t in stage.sell(booth, quantity=3)["tickets"]]
    wait_until(lambda: all(stage.held_of(gate, booth) == stage.held_of(booth, booth) for gate in (north, south)), PATIENCE,
               "the gates to have the sale")
    venue.central.stop()
    for node in nodes:
        wait_until(lambda: not node.api.get("status")["central"]["connected"], PATIENCE, f"{node.name} to miss central")

    def refused_at(other, code) -> bool:
        return stage.scan(other, "lane-1", code)["reason"] == "already_used"
    expect(stage.scan(north, "lane-1", codes[0])["verdict"] == "admit", "a ticket is good once")
    wait_until(lambda: refused_at(south, codes[0]), PATIENCE, "the other gate to know", step=2.5)  # a code read again is one scan

    # Another address, which no configuration tells anybody.
    south.stop()
    wait_until(lambda: hears(north, booth), PATIENCE, "north to miss south")
    south.peer_port = free_port()
    south.write_config(windows=[{"name": "window-1"}], lanes=[LANE | {"gate": "south"}], peers=False, discovery=True)
    south.start()
    wait_until(lambda: hears(south, booth, north) and hears(north, booth, south), PATIENCE, "south to be found where it is now")
    stage.log_in(south, ATTENDANT)
    expect(stage.scan(south, "lane-1", codes[1])["verdict"] == "admit", "a ticket is good once")
    wait_until(lambda: refused_at(north, codes[1]), PATIENCE, "north to know of it", step=2.5)
    expect(hears(alone), "who does not discover hears nobody")
    found = sum(node.log.read_text().count("says that it is at") for node in nodes[:3])
    expect(found >= 3 and "says that it is at" not in alone.log.read_text(), "the log says who was found")
    return f"three nodes found each other without a name in any configuration, {found} times told; one that moved was found again"


play(story)

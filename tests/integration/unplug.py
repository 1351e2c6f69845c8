#!/usr/bin/env python3
"""Each device is pulled in mid-action and brought back. The node says what it lost, opens the device again by itself, and
no passage is lost or doubled: persons granted = turned + abandoned + unknown."""
import re
import time

from stage import CLERK, PATIENCE, Events, Stage, expect, play, wait_until


def device(node, name: str) -> dict:
    return next(d for d in node.api.get("status")["devices"] if d["name"] == name)


def away_and_back(node, devices, name: str, while_away=lambda: None) -> tuple[str, float]:
    devices.do("unplug", name)
    lost = wait_until(lambda: (d := device(node, name))["state"] != "online" and d, PATIENCE, f"the node to miss {name}")
    while_away()
    devices.do("plug", name)
    began = time.monotonic()
    wait_until(lambda: device(node, name)["state"] == "online", PATIENCE, f"the node to open {name} again")
    return lost["last_error"] or lost["state"], time.monotonic() - began


def drawer_opens(stage: Stage, node, devices):
    """For cash that is taken, and for cash that is handed back; not for a reprint."""
    def opened_to(count: int, what: str):
        wait_until(lambda: devices.do("state", "printer-1")["drawers"] >= count, PATIENCE, f"the drawer to open: {what}")

    sold = stage.sell(node)
    opened_to(1, "a sale")
    again = {"id": stage.new_id(), "window": "window-1", "reason": "smudged"}
    node.api.post(f"tickets/{sold['tickets'][0]['id']}/reprint", again)
    wait_until(lambda: len(devices.do("papers", "printer-1")["papers"]) == 2, PATIENCE, "the ticket and its reprint")
    node.api.post(f"sales/{sold['sale']}/refund", {"id": stage.new_id(), "window": "window-1", "reason": "rain"})
    opened_to(2, "a refund")
    shift = node.api.get("shifts/current")["shift"]
    node.api.post(f"shifts/{shift}/pay-in", {"id": stage.new_id(), "amount_minor": 100, "reason": "coins"})
    opened_to(3, "a pay-in")
    expect(devices.do("state", "printer-1")["drawers"] == 3, "and at no other time")


def metrics_agree(node) -> bool:
    """`gatehouse_device_*` of every device say what its status says."""
    status = node.api.get("status")["devices"]
    _, _, text = node.api.call("GET", "/metrics")

    def values(metric: str, *labels: str) -> dict:
        pattern = metric + "{" + ",".join(f'{label}="([^"]+)"' for label in labels) + r"} (\S+)"
        found = [match.groups() for match in re.finditer("^" + pattern + "$", text, re.MULTILINE)]
        return {each[:-1] if len(labels) > 1 else each[0]: float(each[-1]) for each in found}

    events = values("gatehouse_device_events_total", "device", "event")
    buckets = values("gatehouse_device_answer_seconds_bucket", "device", "le")
    counts, sums = (values(f"gatehouse_device_answer_seconds_{part}", "device") for part in ("count", "sum"))
    up = values("gatehouse_device_up", "device", "kind")
    expect(len(up) == len(status) == len(counts) == len(sums), f"every device has its metrics: {up} {counts} {sums}")
    for each in status:
        name, answers = each["name"], each["answers"]["count"]
        steps = [value for (whose, _), value in buckets.items() if whose == name]
        expect(len(steps) > 5 and steps == sorted(steps), f"the buckets of {name} add up: {steps}")
        expect((counts[name] == 0) == (sums[name] == 0), f"answers of {name} took their time: {counts[name]} {sums[name]}")
        counted = {event: int(value) for (whose, event), value in events.items() if whose == name and value}
        if counted != each["counters"] or not counts[name] == steps[-1] == buckets[name, "+Inf"] == answers:
            return False
        if up[name, each["family"]] != (each["state"] == "online"):
            return False
    return True


def story(stage: Stage) -> str:
    stage.open()
    devices, lane = stage.devices_for_a_lane()
    told = stage.venue.devices
    printer = {"name": "printer-1", "driver": "escpos", "tcp": told.do("state", "printer-1")["address"], "drawer": "high"}
    node = stage.node("booth", CLERK, devices=[*devices, printer], lanes=[lane],
                      windows=[{"name": "window-1", "printer": "printer-1"}])
    stage.open_shift(node)
    node.await_devices()
    tap = Events(node.api)
    said = []

    drawer_opens(stage, node, told)

    # The scanner, with half a code on the line: what came before the unplug is dropped, the whole code counts once.
    codes = [t["code"] for t in stage.sell(node, "adult", 4)["tickets"]]
    told.do("send", "scan-1", hex=codes[0][:40].encode().hex())
    reason, back = away_and_back(node, told, "scan-1")
    said.append(f"scanner: {reason}, back after {back:.1f} s")
    told.do("scan", "scan-1", text=codes[0])
    tap.wait(0, lambda k, d: k == "passage" and d.get("outcome") == "turned", PATIENCE, "the guest to walk through")

    # The turnstile, after it opened and before the guest walked: nobody knows, and it counts as used.
    mark = tap.mark()
    told.do("scan", "scan-1", text=codes[1])
    tap.wait(mark, lambda k, d: k == "lane" and d["state"] == "open", PATIENCE, "the barrier to open")
    reason, back = away_and_back(node, told, "turn-1")
    said.append(f"turnstile: {reason}, back after {back:.1f} s")
    lost = tap.wait(mark, lambda k, d: k == "passage", PATIENCE, "what became of the passage")
    said.append(f"passage under way: {lost['outcome']}")
    mark = tap.mark()
    wait_until(lambda: node.api.get("lanes")["lanes"][0]["state"] == "idle", PATIENCE, "the lane to be idle")
    told.do("scan", "scan-1", text=codes[2])
    tap.wait(mark, lambda k, d: k == "passage" and d.get("outcome") == "turned", PATIENCE, "the lane to go on")

    # The printer, in the middle of a job: it is resolved or asked about, and never printed twice.
    before = len(told.do("papers", "printer-1")["papers"])
    drawers = told.do("state", "printer-1")["drawers"]
    mark = tap.mark()
    sold = stage.sell(node, "adult", 3)
    reason, back = away_and_back(node, told, "printer-1")
    said.append(f"printer: {reason}, back after {back:.1f} s")
    done = tap.wait(mark, lambda k, d: k == "print" and d["job"] == sold["sale"], PATIENCE, "the print job to be resolved")
    papers = len(told.do("papers", "printer-1")["papers"]) - before
    expect(papers <= 3, f"{papers} papers of a job of 3")
    expect(done["outcome"] != "printed" or papers == 3, f"printed means printed: {papers} papers")
    said.append(f"print job: {done['outcome']}, {papers} of 3 papers")

    opened = told.do("state", "printer-1")["drawers"] - drawers
    expect(opened <= 1, f"the drawer opened {opened} times for one sale")
    wait_until(lambda: metrics_agree(node), PATIENCE, "the metrics to say what the status says")
    for name in ("scan-1", "turn-1", "printer-1"):
        expect(device(node, name)["counters"]["lost"] >= 1, f"{name} was pulled, and that is counted: {device(node, name)}")

    wait_until(stage.venue.drained, PATIENCE, "the journal to reach central")
    node.stop()
    records = stage.records(node)
    granted = sum(r["body"]["persons"] for r in records if r["kind"] == "verdict" and r["body"]["decision"] == "admit")
    ended = {"turned": 0, "abandoned": 0, "unknown": 0}
    for record in records:
        if record["kind"] == "passage":
            ended[record["body"]["outcome"]] += record["body"]["persons"]
    expect(granted == 3, f"three scans, three persons granted: {granted}")
    expect(sum(ended.values()) == granted, f"granted {granted} = {ended}")
    return "; ".join(said) + f"; granted {granted} = {ended}"


play(story)

#!/usr/bin/env python3
"""Every device of a venue is pulled in turn while guests are admitted at five lanes: scanners, turnstiles and printers, on
ptys and on TCP, a bus with several units, and one unit of that bus alone. Afterwards every person granted is turned,
abandoned or unknown, in the journals, in central's report, and by what the turnstiles themselves counted."""
import collections
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from pulled_day import DEAD, LANES, LIVING, MOMENTS, Day
from stage import PATIENCE, Stage, expect, play, wait_until


def books(day: Day) -> collections.Counter:
    """Persons granted and what became of them, from the stopped gates' own journals; nobody twice."""
    sums, by_ticket, verdicts = collections.Counter(), collections.Counter(), {}
    for name in ("gate-a", "gate-b"):
        for record in day.stage.records(day.venue.nodes[name]):
            body = record["body"]
            if record["kind"] == "verdict" and body["decision"] == "admit":
                sums["granted"] += body["persons"]
                verdicts[f'{record["node"]}-{record["epoch"]}-{record["seq"]}'] = body["ticket"]
            if record["kind"] == "verdict" and body["decision"] == "refuse":
                sums["refused"] += max(body["repeats"], 1)  # a record of repeats stands for so many further scans
            if record["kind"] == "passage":
                sums[body["outcome"]] += body["persons"]
                by_ticket[str(verdicts[body["verdict"]])] += body["persons"] if body["outcome"] != "abandoned" else 0
    expect(max(by_ticket.values()) == 1, "no ticket is used twice")
    return sums


def opening_ms(day: Day) -> tuple[list[float], list[float]]:
    """From a code's last octet to the opening at the bus's living units: with all alive, and with one dead."""
    alive, dead = [], []
    events = day.told.do("events")["events"]
    for lane in LIVING:
        scanned = None
        for event in events:
            if event["device"] == lane.scanner and event["event"] == "scan":
                scanned = event["ns"]
            if event["device"] == lane.turnstile and event["event"] == "open" and scanned:
                was_dead = any(begin <= scanned <= end for begin, end in day.dead)
                (dead if was_dead else alive).append((event["ns"] - scanned) / 1e6)
                scanned = None
    return alive, dead


def check_devices(day: Day) -> int:
    """Each pull was really one: the node counts as many losses of each device as there were. A busy machine may let a device
    be silent for so long that the node hangs up by itself, and says so."""
    for node in day.venue.nodes.values():
        log = node.log.read_text()
        for device in node.api.get("status")["devices"]:
            name, lost, pulled = device["name"], device["counters"].get("lost", 0), day.missed[device["name"]]
            given_up = log.count(f"device {name}: hung up: ")
            if name != DEAD.turnstile:  # the bus is also pulled while its unit is away anyway
                expect(0 < pulled <= lost <= pulled + given_up,
                       f"{name}: pulled {pulled} times, lost {lost} times, given up {given_up} times")
    for moment in (*(m for m in MOMENTS if m not in ("walks", "hesitates")), "printer-1_in_job", "printer-2_in_job",
                   "unit_turnstile_open", "unit_turnstile_before"):
        expect(day.pulls[moment] > 0, f"nothing was pulled at {moment}: {dict(day.pulls)}")
    return sum(day.pulls.values())


def check_papers(day: Day) -> str:
    """Every job is resolved; no ticket is on two papers, and what is said to be printed is."""
    ended = {}

    def resolved():
        ended.update({d["job"]: d["outcome"] for k, d in list(day.taps["booth"].seen) if k == "print"})
        return day.jobs.keys() <= ended.keys()
    wait_until(resolved, PATIENCE, "every print job to be resolved")
    papers = [p["qr"] for n in (1, 2) for p in day.told.do("papers", f"printer-{n}")["papers"] if p["qr"]]
    expect(len(papers) == len(set(papers)), "no ticket is on two papers")
    promised = sum(tickets for job, tickets in day.jobs.items() if ended[job] == "printed")
    expect(promised <= len(papers) <= sum(day.jobs.values()), f"{len(papers)} papers, {promised} said to be printed")
    return f"print jobs {dict(collections.Counter(ended.values()))}, {len(papers)} papers for {sum(day.jobs.values())} tickets"


def story(stage: Stage) -> str:
    day, count = Day(stage), stage.asked.admissions
    began = time.monotonic()
    with ThreadPoolExecutor(2 + len(LANES)) as pool:  # all at once, on however few processors
        each = count // len(LANES)
        work = [pool.submit(day.work_at_window, n, -(-each * len(LANES) // 2)) for n in (1, 2)]
        work += [pool.submit(day.admit, lane, each) for lane in LANES]
        for done in work:
            done.result()
    took = time.monotonic() - began
    for lane, code in day.used[:: max(1, len(day.used) // 5)]:
        wait_until(lambda: day.idle(lane), PATIENCE, f"{lane.name} to be idle")
        expect(day.scan(lane, code).get("reason") == "already_used", "a used ticket is refused")

    pulled, papers = check_devices(day), check_papers(day)
    alarms = collections.Counter(f'{d["lane"]} {d["hint"]}' for tap in day.taps.values() for k, d in list(tap.seen)
                                 if k == "scan" and d["signal"] == "alarm")
    walked = sum(day.told.do("state", lane.turnstile)["passed"] for lane in LANES)
    alive, dead = opening_ms(day)
    expect(len(dead) > 0, "somebody was let through while a unit of the bus was dead")
    # Who waited for the dead unit's answers would be later by hundreds of milliseconds. A busy machine makes single guests
    # late, beside the living as well.
    late = max(statistics.median(alive) + 100, *alive)
    expect(statistics.median(dead) < late, f"a dead unit delays nobody: {dead} against {alive}")
    wait_until(stage.venue.drained, PATIENCE, "the journals to reach central")
    for node in stage.venue.nodes.values():
        node.stop()
    sums = books(day)
    dates = {r["business_date"] for r in stage.records(stage.venue.nodes["gate-a"]) if r["kind"] == "verdict"}
    reports = [stage.venue.central.api.get("reports/admissions", business_date=date)["totals"] for date in dates]
    expect(sums["granted"] == sums["turned"] + sums["abandoned"] + sums["unknown"], f"the books balance: {dict(sums)}")
    for said, ours in (("persons", "turned"), ("uncertain", "unknown"), ("refused", "refused")):
        told = sum(report[said] for report in reports)
        expect(told == sums[ours], f"central says {told} {said}, the journals {sums[ours]}")
    # A code that is refused again within seconds has one more record, with how often.
    answered = day.turned_away + len(day.used[:: max(1, len(day.used) // 5)])
    expect(sums["refused"] >= answered, f"{answered} guests were refused, the journals know of {sums['refused']}")
    expect(sums["turned"] <= walked <= sums["turned"] + sums["unknown"], f"{walked} walked: {dict(sums)}")
    expect(sums["abandoned"] > 0 and sums["unknown"] > 0, f"somebody hesitated, somebody was lost sight of: {dict(sums)}")
    return (f"granted {sums['granted']} = turned {sums['turned']} + abandoned {sums['abandoned']} + unknown {sums['unknown']}, "
            f"the same at central; {walked} walked by the turnstiles' own count; {day.turned_away} turned away at lanes "
            f"without turnstile; {pulled} pulls in {took:.0f} s: {dict(sorted(day.pulls.items()))}; {papers}; opening on the "
            f"bus p50 {statistics.median(alive):.1f} ms of {len(alive)}, max {max(alive):.0f}, with a dead unit "
            f"{statistics.median(dead):.1f} ms of {len(dead)}, max {max(dead):.0f}; alarms {dict(alarms)}")


play(story, lambda parser: parser.add_argument("--admissions", type=int, default=200))

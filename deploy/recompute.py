#!/usr/bin/env python3
"""Counts a demonstration's day again from the stored octets of every journal, with no code of Gatehouse's.

It reads DIR/journals/*.jsonl (`gatehouse journal export --json`) and decodes `stored` by schemas/records/FORMAT.md,
checks hashes and chains, compares the copies that machines hold of each other's journals, and holds central's reports
and what the clerks and guests were told against the result.

Usage: deploy/recompute.py DIR       prints the table; ends 1 when anything is lost, doubled, oversold or out of balance
"""
from __future__ import annotations

import collections
import hashlib
import json
import math
import struct
import sys
from pathlib import Path

REASONS = ["none", "unknown", "bad_signature", "revoked_key", "revoked", "refunded", "blocked", "already_used",
           "not_yet_valid", "expired", "wrong_session", "wrong_zone", "wrong_direction", "no_entries_left", "lane_closed",
           "policy_isolated", "storage_unavailable"]
TENDERS = ["cash", "card", "wechat", "alipay", "agency", "voucher", "free"]


class Octets:
    """A cursor over the wire encoding: little-endian integers, u32 lengths, bools before optionals."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise ValueError("truncated")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, shape: str) -> int:
        return struct.unpack("<" + shape, self.take(struct.calcsize("<" + shape)))[0]

    def octets(self) -> bytes:
        return self.take(self.number("I"))

    def text(self) -> str:
        return self.octets().decode()

    def many(self, read) -> list:
        return [read(self) for _ in range(self.number("I"))]

    def maybe(self, read):
        return read(self) if self.number("B") else None

    def ref(self) -> tuple:
        return self.number("H"), self.number("I"), self.number("Q")

    def ticket(self) -> tuple:
        return *self.ref(), self.number("H")

    def end(self):
        if self.at != len(self.data):
            raise ValueError("octets left over")


def read_tender(o: Octets) -> dict:
    return {"kind": TENDERS[o.number("B")], "state": o.number("B"), "amount": o.number("q"), "reference": o.text()}


def read_line(o: Octets) -> dict:
    line = {"product": o.text(), "quantity": o.number("I"), "persons": o.number("H"), "session": o.maybe(Octets.text)}
    line["concession"] = o.maybe(lambda c: (c.text(), c.text()))
    return line | {"price": o.number("q")}


def read_sale(o: Octets) -> dict:
    sale = {"id": o.text(), "request": o.take(32), "window": o.text(), "shift": o.ref(), "catalogue": o.number("Q"),
            "lines": o.many(read_line), "tenders": o.many(read_tender), "total": o.number("q"), "change": o.number("q"),
            "tickets": o.many(Octets.octets)}
    sale["printer"] = o.maybe(Octets.text)
    return sale


def read_refund(o: Octets) -> dict:
    return {"id": o.text(), "request": o.take(32), "sale": o.ref(), "window": o.text(), "shift": o.ref(),
            "tickets": o.many(lambda t: (t.ticket(), t.number("q"), t.number("B"))), "tenders": o.many(read_tender),
            "total": o.number("q"), "reason": o.text(), "supervisor": o.number("B")}


def read_verdict(o: Octets) -> dict:
    verdict = {"id": o.text(), "lane": o.text(), "gate": o.text(), "zone": o.text(), "direction": o.number("B"),
               "mode": o.number("B"), "decision": o.number("B"), "reason": REASONS[o.number("B")],
               "notes": o.many(lambda n: n.number("B")), "ticket": o.maybe(Octets.ticket), "product": o.text(),
               "code": o.take(8), "persons": o.number("H"), "companions": o.number("H"), "reentry": o.number("B"),
               "at_once": o.number("B"), "repeats": o.number("I")}
    return verdict


def read_passage(o: Octets) -> dict:
    return {"verdict": o.ref(), "outcome": o.number("B"), "evidence": o.number("B"), "persons": o.number("H"),
            "companions": o.number("H")}


def read_print(o: Octets) -> dict:
    return {"job": o.ref(), "outcome": o.number("B"), "reason": o.text()}


def read_lease(o: Octets) -> dict:
    return {"grant": o.ref(), "session": o.text(), "units": o.number("I")}


def read_grant(o: Octets) -> dict:
    return {"node": o.number("H"), "session": o.text(), "units": o.number("I")}


STORAGE_CLOSED = 6
BODIES = {30: read_sale, 31: read_refund, 34: read_print, 40: read_verdict, 41: read_passage, 50: read_lease,
          104: read_grant}


def read_record(stored: bytes) -> dict:
    o = Octets(stored)
    if o.number("B") != 1:
        raise ValueError("another record format")
    header, body = Octets(o.octets()), o.octets()
    o.octets()
    o.end()
    record = {"kind": header.number("H"), "ref": header.ref(), "prev": header.take(32), "wall": header.number("q"),
              "boot": header.take(16), "boot_ns": header.number("Q"), "clock": header.number("B"),
              "date": header.number("i"), "actor": header.text()}
    header.end()
    if record["kind"] in BODIES:
        inner = Octets(body)
        record["body"] = BODIES[record["kind"]](inner)
        inner.end()
    return record


def read_journals(folder: Path):
    """Every record of every machine's export; what is wrong with chains, hashes and copies goes into `faults`."""
    faults, records, holders = [], {}, collections.defaultdict(dict)
    for file in sorted(folder.glob("*.jsonl")):
        last: dict[tuple, tuple] = {}
        for number, line in enumerate(file.read_text().splitlines(), 1):
            said = json.loads(line)
            journal = (said["node"], said["epoch"])
            seq, expected_prev = last.get(journal, (0, None))
            if said["seq"] != seq + 1:
                faults.append(f"{file.name}:{number}: {journal} goes from {seq} to {said['seq']}")
            if expected_prev is not None and said["prev"] != expected_prev:
                faults.append(f"{file.name}:{number}: the chain of {journal} breaks at {said['seq']}")
            last[journal] = (said["seq"], said["hash"])
            ref = (*journal, said["seq"])
            if holders[ref].setdefault("hash", said["hash"]) != said["hash"]:
                faults.append(f"{file.name}:{number}: another record {ref} than elsewhere")
            if said["stored"] is None:
                continue  # holds PIN hashes: not exported
            stored = bytes.fromhex(said["stored"])
            if hashlib.sha256(stored).hexdigest() != said["hash"]:
                faults.append(f"{file.name}:{number}: the hash of {ref} is not that of its octets")
            if ref not in records:
                records[ref] = read_record(stored)
    return records, faults


def used_beyond_right(uses, rights) -> list:
    """Tickets with more persons held than entries x persons; an entry stays open until its business date ends."""
    beyond = []
    for ticket, dates in uses.items():
        persons, entries = rights.get(ticket, (1, 1))
        if sum(math.ceil(held / persons) for held in dates.values() if held > 0) > entries:
            beyond.append(ticket)
    return beyond


def ticket_right(payload: bytes) -> tuple[int, int]:
    """Persons and entries from a ticket's payload, by schemas/ticket/FORMAT.md."""
    at = 2

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            octet = payload[at]
            at += 1
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return value

    for _ in range(4):  # node, epoch, seq, ordinal
        varint()
    letters = payload[at]
    at += 1 + letters // 3 * 2 + (0, 1, 2)[letters % 3]
    return varint(), varint()


def recompute(folder: Path) -> dict:
    records, faults = read_journals(folder / "journals")
    report = {f.stem: json.loads(f.read_text()) for f in (folder / "reports").glob("*.json")}
    said = json.loads((folder / "said.json").read_text())
    papers = json.loads((folder / "papers.json").read_text())
    of_kind = lambda kind: {ref: r for ref, r in records.items() if r["kind"] == kind and ref[0] != 0}

    sales, refunds, verdicts, passages = of_kind(30), of_kind(31), of_kind(40), of_kind(41)
    rights = {(*ref, n): ticket_right(p) for ref, r in sales.items() for n, p in enumerate(r["body"]["tickets"], 1)}
    units = collections.Counter()
    for r in sales.values():
        body = r["body"]
        if sum(t["amount"] for t in body["tenders"]) - body["change"] != body["total"]:
            faults.append(f"sale {body['id']}: tenders less change are not the total")
        if sum(line["price"] * line["quantity"] for line in body["lines"]) != body["total"]:
            faults.append(f"sale {body['id']}: lines are not the total")
        for line in body["lines"]:
            if line["session"]:
                units[line["session"]] += line["quantity"] * max(line["persons"], 1)
    ids = collections.Counter(r["body"]["id"] for r in sales.values())
    doubled = sum(count - 1 for count in ids.values())

    uses = collections.defaultdict(collections.Counter)
    outcome = collections.Counter()
    for r in passages.values():
        outcome[("turned", "abandoned", "unknown")[r["body"]["outcome"]]] += r["body"]["persons"]
    released = collections.Counter()
    for r in passages.values():
        if r["body"]["outcome"] == 1:
            released[r["body"]["verdict"]] += r["body"]["persons"]
    admitted = {ref: r for ref, r in verdicts.items() if r["body"]["decision"] == 0}
    at_once = 0
    for ref, r in admitted.items():
        body = r["body"]
        if body["at_once"]:
            at_once += body["persons"]
        if body["ticket"] and body["direction"] == 0 and not body["reentry"]:
            uses[body["ticket"]][r["date"]] += body["persons"] - released[ref]
    refused = collections.Counter()
    for r in verdicts.values():
        if r["body"]["decision"] == 1:  # a record of repeats stands for so many further scans of a bad code
            refused[r["body"]["reason"]] += max(r["body"]["repeats"], 1)
    granted_persons = sum(r["body"]["persons"] for r in admitted.values())

    leased = collections.Counter()
    for r in of_kind(50).values():
        leased[r["body"]["session"]] += r["body"]["units"]
    oversold = sum(max(sold - leased[session], 0) for session, sold in units.items())

    gross, refunded = sum(r["body"]["total"] for r in sales.values()), sum(r["body"]["total"] for r in refunds.values())
    reported = report["sales"]["totals"]
    reported_refusals = collections.Counter()
    for row in report["admissions"]["refusals"]:
        reported_refusals[row["reason"]] += row["count"]
    received = {(n["node"], n["epoch"]): n["received"] for n in report["completeness"]["nodes"]}
    heads = collections.Counter()
    for node, epoch, seq in records:
        if node:
            heads[(node, epoch)] = max(heads[(node, epoch)], seq)
    # Only the closing record of an orderly stop, written after central's report, may be missing there.
    closing = lambda journal, head: records[(*journal, head)]["kind"] == STORAGE_CLOSED
    lost = sum(max(head - closing(journal, head) - received.get(journal, 0), 0) for journal, head in heads.items())
    answered = {s["sale"] for s in said["sales"]}
    lost += len(answered - {"-".join(map(str, ref)) for ref in sales})
    lost += max(said["verdicts"]["admit"] - len(admitted), 0)

    checks = {
        "chains and hashes hold, copies agree": not faults,
        "every answered sale is in a journal": answered == {"-".join(map(str, ref)) for ref in sales},
        "every verdict given is in a journal": said["verdicts"] == {"admit": len(admitted), "refuse": sum(refused.values())},
        "every ticket was printed once": len({p["qr"] for p in papers}) == len(papers) == len(rights),
        "persons granted = turned + abandoned + unknown + at once":
            granted_persons == sum(outcome.values()) + at_once,
        "central's sales": (reported["sales"], reported["tickets"], reported["gross_minor"], reported["refunded_minor"])
            == (len(sales), len(rights), gross, refunded),
        "central's admissions": report["admissions"]["totals"]["persons"] == outcome["turned"] + at_once,
        "central's refusals": reported_refusals == refused,
        "central is complete": not report["completeness"]["missing"],
        "no ticket used beyond its right": not used_beyond_right(uses, rights),
        "nothing doubled by sending everything again": said["resync"]["accepted"] == 0
            and said["resync"]["duplicate"] == said["resync"]["sent"],
        "no conflict left": not report["conflicts"]["conflicts"],
    }
    table = {
        "sales": len(sales), "sold": len(rights), "printed": len(papers), "admitted_persons": outcome["turned"] + at_once,
        "passages": dict(outcome) | {"at_once": at_once}, "refused": dict(refused),
        "replayed": sum(received.values()), "duplicates_removed": said["resync"]["duplicate"],
        "conflicts": len(report["conflicts"]["conflicts"]), "gross_minor": gross, "refunded_minor": refunded,
        "net_minor": gross - refunded, "lost": lost, "doubled": doubled, "oversold": oversold, "faults": faults,
        "checks": checks,
    }
    table["balanced"] = all(checks.values()) and not (lost or doubled or oversold or faults)
    return table


def table_text(table: dict) -> str:
    money = lambda minor: f"{minor / 100:,.2f}"
    rows = [("sold", f"{table['sold']} tickets in {table['sales']} sales"), ("printed", f"{table['printed']} papers"),
            ("admitted", f"{table['admitted_persons']} persons"),
            ("passages", ", ".join(f"{k} {v}" for k, v in sorted(table["passages"].items()))),
            ("refused", ", ".join(f"{k} {v}" for k, v in sorted(table["refused"].items()))),
            ("replayed", f"{table['replayed']} records"),
            ("duplicates removed", str(table["duplicates_removed"])), ("conflicts", str(table["conflicts"])),
            ("money", f"{money(table['gross_minor'])} sold, {money(table['refunded_minor'])} refunded, "
                      f"{money(table['net_minor'])} net"),
            ("lost", str(table["lost"])), ("doubled", str(table["doubled"])), ("oversold", str(table["oversold"]))]
    rows += [("check", f"{'ok ' if good else 'NOT'} {what}") for what, good in table["checks"].items()]
    rows += [("fault", fault) for fault in table["faults"][:20]]
    lines = [f"  {name:20} {value}" for name, value in rows]
    return "\n".join(["", *lines, "", "  " + ("THE BOOKS BALANCE" if table["balanced"] else "THE BOOKS DO NOT BALANCE")])


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "journals").is_dir():
        print(__doc__, file=sys.stderr)
        sys.exit(64)
    result = recompute(Path(sys.argv[1]))
    print(table_text(result))
    sys.exit(0 if result["balanced"] else 1)

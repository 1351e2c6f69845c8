#!/usr/bin/env python3
"""A day with PINs right and wrong, tokens, keys, tickets and a card's number that somebody types or shows: afterwards none of it
stands in a journal, a log, an export, a report or a metric. Keys are where keys are kept, for their owner's eyes only."""
import base64
import json
import re
import signal
import subprocess
from pathlib import Path

from stage import PATIENCE, PRICE, Refused, Stage, expect, play, wait_until

PINS = {"li": "480273915627", "wang": "593018427765", "zhao": "716604839215"}
WRONG_PIN = "915500412283"
CARDS = ("4111111111111111", "6222021234567890128", "5500 0000 0000 0004", "371449635398431")


def luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def spellings(name: str, raw: bytes) -> list[tuple[str, bytes]]:
    """As it is, and as texts and JSON would have it."""
    plain, url = base64.b64encode(raw), base64.urlsafe_b64encode(raw)
    return [(name, form) for form in (raw, raw.hex().encode(), raw.hex().upper().encode(), plain.rstrip(b"="), url.rstrip(b"="))]


def keys_in(folder: Path) -> list[tuple[str, bytes]]:
    """Every private key and pepper that is kept below `folder`, in all its spellings."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.suffix == ".key" or path.name == "pepper":
            expect(path.stat().st_mode & 0o077 == 0, f"{path.name} is its owner's only: {oct(path.stat().st_mode)}")
            if content.startswith(b"-----"):
                lines = content.decode().splitlines()[1:-1]
                found += [(path.name, line.encode()) for line in lines if len(line) > 30]
                content = base64.b64decode("".join(lines))
            found += spellings(path.name, content)
        elif b'"pepper"' in content:
            expect(path.stat().st_mode & 0o077 == 0, f"{path.name} is its owner's only")
            found += spellings("pepper", bytes.fromhex(re.search(rb'"pepper": ?"([0-9a-f]+)"', content)[1].decode()))
    expect(len(found) > 10, f"{folder} has keys: {len(found)}")
    return found


def is_home_of_keys(path: Path) -> bool:
    return path.suffix == ".key" or path.name in ("pepper", "identity.json", "grant.json", "token") or b'"pepper"' in path.read_bytes()


def hire(stage: Stage):
    def change(catalogue):
        roles = {"li": ["clerk", "attendant"], "wang": ["attendant"], "zhao": ["supervisor", "clerk"]}
        for name, pin in PINS.items():
            catalogue["operators"].append({"name": name, "roles": roles[name], "pin": pin})
    stage.venue.start_central()
    stage.venue.publish(change)


def pay_by_card(stage: Stage, node, reference: str) -> dict:
    return node.api.post("sales", {"id": stage.new_id(), "window": "window-1", "lines": [{"product": "adult", "quantity": 1}],
                                   "tenders": [{"kind": "card", "amount_minor": PRICE["adult"], "reference": reference}]})


def day(stage: Stage, node) -> list[tuple[str, bytes]]:
    """What people do; the secrets that came up."""
    secrets = [(f"the PIN of {name}", pin.encode()) for name, pin in PINS.items()]
    secrets += [("a wrong PIN", WRONG_PIN.encode()), ("the administrator's PIN", stage.venue.admin_pin.encode())]
    try:
        node.api.login("li", WRONG_PIN)
        raise AssertionError("a wrong PIN opens nothing")
    except Refused as refused:
        expect(refused.code == "unauthenticated", f"{refused}")
    token_file = node.home / "token"
    logged_in = subprocess.run([stage.venue.programs / "gatehouse", "--url", f"http://127.0.0.1:{node.api.port}", "--token-file",
                                token_file, "login", "--operator", "zhao"], input=PINS["zhao"] + "\n", capture_output=True, text=True)
    expect(logged_in.returncode == 0 and token_file.stat().st_mode & 0o077 == 0, f"the command logs in: {logged_in.stderr}")
    expect(PINS["zhao"] not in logged_in.stdout + logged_in.stderr, "and does not repeat the PIN")
    stage.log_in(node, ("li", PINS["li"]))
    secrets += [("a page's token", node.api.token.encode()), ("the command's token", token_file.read_bytes().strip()),
                ("central's token", stage.venue.central.api.token.encode())]
    stage.open_shift(node)
    sale = stage.sell(node, quantity=3)
    secrets += [("a ticket's code", ticket["code"].encode()) for ticket in sale["tickets"]]
    expect(stage.scan(node, "lane-1", sale["tickets"][0]["code"])["verdict"] == "admit", "a fresh ticket is admitted")
    stage.scan(node, "lane-1", sale["tickets"][1]["code"][:-3] + "AAA")  # damaged
    for card in CARDS:
        expect(luhn(card.replace(" ", "")), "it is a card's number")
        secrets.append(("a card's number", card.encode()))
        expect(stage.scan(node, "lane-1", card)["reason"] == "unknown", "a card is no ticket")
        try:
            pay_by_card(stage, node, card)
            raise AssertionError(f"a card's number is taken for a reference: {card}")
        except Refused as refused:
            expect(refused.code == "invalid_body" and card not in json.dumps(refused.body), f"it is refused, and not repeated: {refused}")
    expect(pay_by_card(stage, node, "004812 3719 **1111")["sale"], "a terminal's reference with the last four digits is taken")
    node.process.send_signal(signal.SIGHUP)
    return secrets


def told(stage: Stage, node) -> dict[str, bytes]:
    """What anybody can ask for."""
    answers = {}
    for who, api, paths in (("booth", node.api, ("status", "catalogue", "sales", "journals", "/metrics", "/healthz")),
                            ("central", stage.venue.central.api, ("catalogue", "nodes", "conflicts", "redemptions", "reports/sales",
                                                                 "reports/admissions", "reports/shifts", "leases", "/metrics"))):
        for path in paths:
            status, _, body = api.call("GET", path)
            expect(status == 200, f"{who} {path}: {status} {body}")
            answers[f"{who} {path}"] = (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
    return answers


def story(stage: Stage) -> str:
    hire(stage)
    node = stage.venue.add_node("booth")
    node.write_config(windows=[{"name": "window-1"}], lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}])
    enrolment = stage.venue.central.api.post("enrolment-tokens", {"name": "booth"})["token"]
    subprocess.run([stage.venue.programs / "gatehouse", "enrol", "--central", f"https://127.0.0.1:{stage.venue.sync_port}", "--token",
                    enrolment, "--config", node.config], check=True, stdout=subprocess.DEVNULL)
    node.start()
    stage.log_in(node, ("li", PINS["li"]))
    secrets = [("an enrolment token", enrolment.encode()), *day(stage, node)]
    wait_until(lambda: node.log.read_text().count("ready: node") == 2 and node.api.ready(), PATIENCE, "the booth after SIGHUP")
    wait_until(stage.venue.drained, PATIENCE, "the journal to reach central")
    places = told(stage, node)
    # Sales show their tickets' codes to whoever sells; that is what they are for.
    shown = {"booth sales": "a ticket's code"}
    node.stop()
    stage.venue.central.stop()
    sale_ids = [r["body"]["id"].encode() for r in stage_records(node) if r["kind"] == "sale"]
    places["the export"] = node.journal("export", "--json").stdout.encode()
    secrets += keys_in(node.home) + keys_in(stage.venue.central_home)
    expect(node.data.stat().st_mode & 0o077 == 0, "the data directory is its owner's only")
    for path in stage.venue.root.rglob("*"):
        if path.is_file() and not is_home_of_keys(path):
            places[str(path.relative_to(stage.venue.root))] = path.read_bytes()

    # The search finds what is there.
    for place in ("booth/data/journal.db", "central/data/central.db", "the export"):
        expect(all(sale in places[place] for sale in sale_ids), f"{place} can be searched")
    expect(b"ready" in places["booth/log"] and b"ready" in places["central/log"], "and so can logs")
    found = [f"{what} in {where}" for where, content in places.items() for what, secret in secrets
             if secret in content and shown.get(where) != what]
    expect(not found, f"secrets came out: {sorted(set(found))}")
    return f"{len(secrets)} spellings of secrets are in none of {len(places)} files and answers ({sum(map(len, places.values())) >> 10} KiB)"


def stage_records(node) -> list[dict]:
    return [json.loads(line) for line in node.journal("export", "--json").stdout.splitlines()]


play(story)

#!/usr/bin/env python3
"""Live answers of node and central, good ones and refusals, validated against schemas/api/*.openapi.yaml. Every operation
that the documents have is asked."""
import http.client
import json
import sys
from pathlib import Path

from stage import ATTENDANT, CLERK, OPERATOR, PATIENCE, SUPERVISOR, Stage, expect, play, wait_until

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "schemas"))
from api_documents import METHODS, Api  # noqa: E402


class Contract(Api):
    """One OpenAPI document, and which of its operations were seen."""

    def __init__(self, name: str):
        super().__init__(name)
        self.seen: set[str] = set()
        self.kinds: set[tuple[str, int]] = set()

    def check(self, method: str, path: str, status: int, kind: str, body):
        full = "/api/v1/" + path.lstrip("/")
        faults = self.judge(method, full, status, body, kind)
        expect(not faults, "; ".join(faults[:5]))
        operation = self.operation(method, full)["operationId"]
        self.seen.add(operation)
        self.kinds.add((operation, status))

    def unseen(self) -> list[str]:
        everything = {item[m]["operationId"] for path, item in self.document["paths"].items() for m in METHODS
                      if m in item and path.startswith("/api/")}
        return sorted(everything - self.seen)


class Checked:
    """An Api whose every answer is held against the document."""

    def __init__(self, api, contract: Contract):
        self.api, self.contract = api, contract

    def __call__(self, method: str, path: str, body=None, headers=None, status=None):
        got, sent, answer = self.api.call(method, path, body, headers)
        self.contract.check(method, path, got, sent.get("Content-Type", ""), answer)
        if status is not None:
            expect(got == status, f"{method} {path}: {got} {answer}, expected {status}")
        return answer


def follow(api, contract: Contract):
    """The stream of events begins, and something is told."""
    line = http.client.HTTPConnection("127.0.0.1", api.port, timeout=PATIENCE)
    line.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {api.token}"})
    stream = line.getresponse()
    contract.check("GET", "events", stream.status, stream.headers["Content-Type"], "")
    while not (told := stream.readline()).startswith(b"event: "):
        expect(told, "the stream of events does not end by itself")
    line.close()


def tickets_in_hand(stage: Stage, node, say, ticket):
    found = say("POST", "tickets/find", {"ticket": ticket["id"]}, status=200)
    expect(say("POST", "tickets/find", {"code": ticket["code"]}, status=200) == found, "by id and by code it is one ticket")
    say("POST", "tickets/find", {"code": "HELLO"}, status=200)
    say("POST", "tickets/find", {"ticket": "9-9-9-1"}, status=404)
    say("POST", "tickets/find", {}, status=422)


def under_way(stage: Stage, node, say):
    """The node dies while a guest is at the turnstile and a paper waits for its printer: nobody knows, a person says."""
    node.await_devices()
    ticket = stage.sell(node)["tickets"][0]
    tickets_in_hand(stage, node, say, ticket)
    stage.venue.devices.do("unplug", "printer-1")
    again = {"id": stage.new_id(), "window": "window-2", "reason": "smudged"}
    job = say("POST", f"tickets/{ticket['id']}/reprint", again, status=201)["reprint"]
    say("POST", "tickets/9-9-9-1/reprint", again | {"id": stage.new_id()}, status=409)
    stage.log_in(node, ATTENDANT)
    admitted = say("POST", "scans", {"id": stage.new_id(), "lane": "lane-2", "code": ticket["code"]}, status=200)
    expect(admitted["verdict"] == "admit", f"{admitted}")
    node.kill()
    node.start()
    stage.venue.devices.do("plug", "printer-1")
    wait_until(lambda: node.api.get("passages")["passages"], PATIENCE, "the passage to be found")
    unknown = say("GET", "passages", status=200)["passages"]
    expect([p["verdict"] for p in unknown] == [admitted["record"]], f"the passage that was under way: {unknown}")
    resolved = {"id": stage.new_id(), "outcome": "abandoned"}
    say("POST", f"passages/{admitted['record']}/resolve", resolved, status=200)
    say("POST", "passages/9-9-9/resolve", resolved | {"id": stage.new_id()}, status=404)
    expect(say("GET", "passages", status=200)["passages"] == [], "somebody has said what became of it")
    say("POST", "lanes/lane-1/let-through", {"id": stage.new_id(), "persons": 2, "reason": "press"}, status=200)
    say("POST", "lanes/lane-1/let-through", {"id": stage.new_id(), "persons": 0, "reason": "press"}, status=422)
    stage.log_in(node, CLERK)
    asked = [p for p in say("GET", "prints", status=200)["prints"] if p["job"] == job]
    expect([p["state"] for p in asked] == ["ask"], f"whether the paper came out is asked: {asked}")
    say("POST", f"prints/{job}/resolve", {"printed": False}, status=200)
    say("POST", f"prints/{job}/resolve", {"printed": True}, status=404)
    expect(say("POST", "devices/scan-1/test", status=403)["code"] == "forbidden", "a clerk tests no devices")
    stage.log_in(node, SUPERVISOR)
    say("POST", "devices/scan-1/test", status=200)
    say("POST", "devices/none/test", status=404)
    expect(say("POST", "devices/scan-1/record", {}, status=200)["file"], "a recording has a file")
    say("POST", "devices/scan-1/record", {"on": False}, status=200)


def journals(stage: Stage, node, contract: Contract, say):
    number = stage.number(node)
    held = say("GET", "journals", status=200)["journals"]
    own = next(j for j in held if j["node"] == number)
    expect({j["node"] for j in held} == {0, number}, f"its own journal and central's: {held}")
    lines = say("GET", f"journals/records?node={number}&from=2", status=200).splitlines()
    records = [json.loads(line) for line in lines]
    expect([r["seq"] for r in records] == list(range(2, len(records) + 2)), "one journal in its order")
    expect(next(r["hash"] for r in records if r["seq"] == own["head"]) == own["hash"], "with the head that was told")
    say("GET", "journals/records?node=none", status=422)
    verified = say("POST", "journals/verify", status=200)["journals"]
    expect(len(verified) == 2 and all(j["ok"] and j["verified"] == j["head"] for j in verified), f"{verified}")
    follow(node.api, contract)


def at_the_node(stage: Stage, node, contract: Contract):
    say = Checked(node.api, contract)
    new = stage.new_id
    token, node.api.token = node.api.token, None
    expect(say("GET", "status", status=401)["code"] == "unauthenticated", "no token, no status")
    say("POST", "login", {"operator": "li", "pin": "0000"}, status=401)
    say("POST", "login", {"operator": "li", "pin": "0000", "more": 1}, status=422)
    say("GET", "session", status=401)
    begun, fields, session = node.api.call("POST", "session", {"operator": "li", "pin": "4711"})
    contract.check("POST", "session", begun, fields.get("Content-Type", ""), session)
    cookie = {"Cookie": "other=1; " + fields["Set-Cookie"].split(";")[0]}
    expect("HttpOnly" in fields["Set-Cookie"] and "SameSite=Strict" in fields["Set-Cookie"], fields["Set-Cookie"])
    expect(say("GET", "session", headers=cookie, status=200) == session, "a reload finds the session again")
    expect(say("DELETE", "session", headers=cookie, status=403)["code"] == "forbidden", "a cookie alone commands nothing")
    say("DELETE", "session", headers=cookie | {"X-CSRF-Token": "0" * 64}, status=403)
    say("DELETE", "session", headers=cookie | {"X-CSRF-Token": session["csrf_token"]}, status=204)
    say("POST", "session", {"operator": "li", "pin": "4711"}, headers={"Origin": "https://elsewhere.example"}, status=403)
    node.api.token = token
    say("GET", "catalogue", status=200)
    baskets = say("GET", "windows/window-1/baskets", status=200)
    two = [{"product": "adult", "quantity": 2}]
    held = [{"lines": two, "held_at": "2026-05-01T10:20:30+08:00", "operator": "li"}, {"lines": two}]
    taken = [{"kind": "cash", "amount_minor": 5000}, {"kind": "wechat", "amount_minor": 100, "reference": "4200001234"}]
    changed = baskets | {"page": new(), "current": {"lines": two, "id": new(), "tenders": taken}, "held": held}
    expect(say("PUT", "windows/window-1/baskets", changed, status=200)["version"] == baskets["version"] + 1, "the next version")
    expect(say("PUT", "windows/window-1/baskets", changed, status=412)["code"] == "version_conflict", "of what was seen")
    card = [{"kind": "card", "amount_minor": 100, "reference": "4111 1111 1111 1111"}]
    say("PUT", "windows/window-1/baskets", changed | {"current": {"lines": two, "tenders": card}}, status=422)
    kept = say("GET", "windows/window-1/baskets", status=200)
    expect(kept["held"] == held, "who held a basket and when is kept")
    expect(kept["current"] == changed["current"], "what was taken for a basket already is kept with it, and its sale's id")
    no_shift = say("POST", "sales", {"id": new(), "window": "window-1", "lines": [{"product": "adult", "quantity": 1}],
                                     "tenders": [{"kind": "cash", "amount_minor": 8000}]}, status=409)
    expect(no_shift["code"] == "shift_closed", f"no shift, no sale: {no_shift}")
    shift = say("POST", "shifts", {"id": new(), "window": "window-1", "float_minor": 1000}, status=201)["shift"]
    say("GET", "shifts/current?window=window-1", status=200)
    say("POST", f"shifts/{shift}/pay-in", {"id": new(), "amount_minor": 500, "reason": "coins"}, status=200)
    say("POST", f"shifts/{shift}/pay-out", {"id": new(), "amount_minor": 100, "reason": "bank"}, status=200)
    large = {"id": new(), "amount_minor": 100000, "reason": "bank"}
    refused = say("POST", f"shifts/{shift}/pay-out", large, status=422)
    expect(refused["code"] == "invalid_body" and refused["path"] == "large", f"a large amount is said to be meant: {refused}")
    told = say("POST", f"shifts/{shift}/pay-out", large | {"large": True}, status=200)
    expect(told["paid_out_minor"] == 100100 and "expected_minor" not in told, f"the count is blind: {told}")
    body = {"id": new(), "window": "window-1", "lines": [{"product": "adult", "quantity": 2}],
            "tenders": [{"kind": "cash", "amount_minor": 20000}]}
    sale = say("POST", "sales", body, status=201)
    expect(sale["change_minor"] == 4000, f"change of 200.00 for 160.00: {sale}")
    expect(say("POST", "sales", body)["sale"] == sale["sale"], "the same id is the same sale")
    expect(say("POST", "sales", body | {"tenders": []}, status=409)["code"] == "id_reused", "another body is id_reused")
    short = say("POST", "sales", body | {"id": new(), "tenders": [{"kind": "cash", "amount_minor": 1}]}, status=409)
    expect(short["code"] == "tender_short", f"{short}")
    units = say("POST", "sales", {"id": new(), "window": "window-1", "lines": [{"product": "show", "quantity": 1,
                "session": stage.session}], "tenders": [{"kind": "cash", "amount_minor": 12000}]}, status=409)
    expect(units["code"] == "no_units_left" and units["units_left"] == 0
           and units["sessions"] == [{"id": stage.session, "units_left": 0}], f"what is left is said: {units}")
    wrong = say("POST", "sales", body | {"id": new(), "lines": [{"product": "adult", "quantity": "two"}]}, status=422)
    expect(wrong["path"] == "lines[0].quantity", f"the path of the bad field is named: {wrong}")
    say("GET", "sales", status=200)
    say("GET", f"sales/{sale['sale']}", status=200)
    expect("total_minor" not in say("GET", "reports/day", status=200), "nor is the day's total told")
    expect(say("GET", "sales/9-9-9", status=404)["code"] == "not_found", "an unknown sale")
    first, second = sale["tickets"]
    stage.log_in(node, ATTENDANT)
    admitted = say("POST", "scans", {"id": new(), "lane": "lane-1", "code": first["code"]}, status=200)
    expect(admitted["verdict"] == "admit", f"{admitted}")
    again = say("POST", "scans", {"id": new(), "lane": "lane-1", "code": first["code"]}, status=200)
    expect(again["reason"] == "already_used", f"{again}")
    say("POST", "scans", {"id": new(), "lane": "lane-1", "code": "HELLO"}, status=200)
    say("GET", "lanes", status=200)
    say("PUT", "lanes/lane-1/mode", {"mode": "closed", "reason": "lunch"}, status=200)
    expect(say("POST", "scans", {"id": new(), "lane": "lane-1", "code": second["code"]})["reason"] == "lane_closed", "closed")
    say("PUT", "lanes/lane-1/mode", {"mode": "normal", "reason": "back"}, status=200)
    expect(say("POST", "emergency", {"open": True}, status=200)["recorded"] is True, "an emergency is recorded")
    say("POST", "emergency", {"open": False}, status=200)
    say("GET", "occupancy", status=200)
    say("GET", "status", status=200)
    stage.log_in(node, SUPERVISOR)
    x_report = say("GET", "shifts/current?window=window-1", status=200)
    expect(x_report["cash_sales_minor"] == 16000 and x_report["expected_minor"] == 16000 + 1000 + 500 - 100100, f"{x_report}")
    expect(say("GET", "reports/day", status=200)["total_minor"] == 16000, "a supervisor is told all")
    say("GET", "prints", status=200)
    say("POST", f"tickets/{second['id']}/reissue", {"id": new(), "reason": "lost", "window": "window-1"}, status=201)
    say("POST", f"sales/{sale['sale']}/refund", {"id": new(), "tickets": [first["id"]], "reason": "rain",
                                                 "window": "window-1"})
    stage.log_in(node, CLERK)
    under_way(stage, node, say)
    stage.log_in(node, OPERATOR)
    journals(stage, node, contract, say)
    say("POST", "resync", {"all": True, "dry_run": True}, status=200)
    wait_until(lambda: node.api.get("status")["central"]["connected"], PATIENCE, "central to be there")
    wait_until(lambda: node.api.get("status")["clock"]["offset_ms"] is not None, PATIENCE, "central to tell the time")
    status = say("GET", "status", status=200)
    expect(abs(status["clock"]["offset_ms"]) < 5000 and status["clock"]["quality"] == "synced",
           f"one machine's clock agrees with itself: {status['clock']}")
    expect(0 <= status["links"][0]["rtt_ms"] < 5000, f"the round trip was measured: {status['links']}")
    job = say("POST", "resync", {"all": True}, status=202)
    say("GET", f"jobs/{job['id']}", status=200)
    stage.log_in(node, CLERK)
    running = say("GET", "shifts", status=200)["shifts"][0]
    expect(running["shift"] == shift and not {"closed", "expected_minor"} & running.keys(), f"the count stays blind: {running}")
    sheet = say("POST", f"shifts/{shift}/close", {"id": new(), "counted": 0}, status=200)
    listed = say("GET", "shifts", status=200)
    again = listed["shifts"][0]
    expect(again.pop("closed") and again.pop("closed_by") == "li" and again == sheet, f"a sheet is there again: {again}, {sheet}")
    say("GET", f"shifts?business_date={listed['business_date']}", status=200)
    expect(say("GET", "shifts?business_date=2001-01-01", status=200)["shifts"] == [], "of another day there are none")
    say("GET", "shifts?business_date=today", status=422)
    expect(say("POST", "emergency", {"open": "yes"}, status=422)["code"] == "invalid_body", "strict JSON")


def settle_conflict(stage: Stage, node, say, ticket):
    """A ticket is revoked while its gate is cut off, and admitted there."""
    stage.venue.cut(node.name)
    revoked = say("POST", "revocations", {"ticket": ticket["id"], "reason": "test"}, status=201)
    stage.log_in(node, ATTENDANT)
    expect(stage.scan(node, "lane-1", ticket["code"])["verdict"] == "admit", "a gate that is cut off has not heard of it")
    stage.venue.mend(node.name)
    wait_until(lambda: stage.venue.central.api.get("conflicts")["conflicts"], PATIENCE, "the conflict")
    conflict = say("GET", "conflicts?state=open", status=200)["conflicts"][0]
    expect(conflict["facts"] == {"ticket": ticket["id"], "revoked_by": revoked["record"]}, f"what was found: {conflict}")
    expect([one["role"] for one in conflict["related"]] == ["sold", "revoked_by"], f"and what it rests on: {conflict}")
    say("POST", f"conflicts/{conflict['id']}/assign", {"operator": "admin"}, status=200)
    say("POST", f"conflicts/{conflict['id']}/resolve", {"outcome": "accepted", "note": "seen"}, status=200)


def as_a_browser(api, contract: Contract, say, pin: str):
    token, api.token = api.token, None
    say("POST", "login", {"operator": "admin", "pin": "0000"}, status=401)
    say("POST", "login", {"operator": "admin", "pin": pin}, status=200)
    begun, fields, session = api.call("POST", "session", {"operator": "admin", "pin": pin})
    contract.check("POST", "session", begun, fields.get("Content-Type", ""), session)
    cookie = {"Cookie": fields["Set-Cookie"].split(";")[0]}
    again = say("GET", "session", headers=cookie, status=200)
    expect(again | {"time": session["time"]} == session, "a reload finds the session again")
    say("DELETE", "session", headers=cookie, status=403)
    say("DELETE", "session", headers=cookie | {"X-CSRF-Token": session["csrf_token"]}, status=204)
    api.token = token


def journal_and_node(stage: Stage, say, number: int):
    listed = say("GET", f"records?node={number}&count=2", status=200)
    expect(len(listed["records"]) == 2 and listed["next"], f"newest first, and where to go on: {listed}")
    newest = listed["records"][0]
    expect(say("GET", f"records/{newest['record']}", status=200) == newest, "each is found by its number")
    expect(all(r["node"] == 0 for r in say("GET", "records", status=200)["records"]), "central's own decisions")
    say("GET", "records/9-9-9", status=404)
    say("POST", f"nodes/{number}/resync", {"from": 1}, status=202)
    say("POST", "nodes/9/resync", {}, status=404)
    say("POST", f"nodes/{number}/revoke", {"reason": "stolen"}, status=422)
    say("POST", f"nodes/{number}/revoke", {"last_seq": listed["head"], "reason": "stolen"}, status=200)


def at_central(stage: Stage, node, contract: Contract):
    api = stage.venue.central.api
    say = Checked(api, contract)
    as_a_browser(api, contract, say, stage.venue.admin_pin)
    follow(api, contract)
    number = next(n["node"] for n in say("GET", "nodes", status=200)["nodes"] if n["name"] == node.name)
    say("GET", f"nodes/{number}", status=200)
    catalogue = say("GET", "catalogue", status=200)
    say("PUT", "catalogue", catalogue, {"If-Match": '"stale"'}, status=412)
    current = {"If-Match": api.call("GET", "catalogue")[1]["ETag"]}
    draft = {part: value for part, value in catalogue.items() if part not in ("version", "currency")}
    checked = say("POST", "catalogue/check", draft, current, status=200)
    expect(checked["version"] > catalogue["version"], f"what is judged good is not published: {checked}")
    say("POST", "catalogue/check", draft | {"zones": "none"}, current, status=422)
    latest = say("GET", "catalogue/versions", status=200)["versions"][0]["version"]
    expect(say("GET", f"catalogue/versions/{latest}", status=200) == catalogue, "the latest version is the one in force")
    say("GET", f"catalogue/versions/{latest + 1}", status=404)
    say("POST", "enrolment-tokens", {"name": "gate-z"}, status=201)
    say("POST", "leases", {"node": number, "session": stage.session, "units": 5}, status=201)
    lease = {"id": stage.new_id(), "node": number, "session": stage.session, "units": 5}
    granted = say("POST", "leases", lease, status=201)
    expect(say("POST", "leases", lease, status=201) == granted, "the same command is the same lease")
    expect(say("POST", "leases", {**lease, "units": 6}, status=409)["code"] == "id_reused", "another command is not")
    expect(len(say("GET", "leases", status=200)["leases"]) >= 2, "the leases are listed")
    expect(say("POST", "leases", {"node": number, "session": stage.session, "units": 100000}, status=409)["code"]
           == "no_units_left", "no lease beyond the capacity")
    say("POST", "orders/import", {"orders": [{"code": "A1", "order": "o", "channel": "ota", "product": "adult", "persons": 1,
        "entries": 1, "valid_from": "2026-01-01", "valid_to": "2027-01-01"}]}, status=200)
    say("GET", "redemptions", status=200)
    stage.log_in(node, CLERK)
    held = node.api.get("status")["unverified_total_minor"]
    stage.open_shift(node)
    scanned = node.api.post("sales", {"id": stage.new_id(), "window": "window-1", "lines": [{"product": "adult", "quantity": 1}],
                                      "tenders": [{"kind": "wechat", "amount_minor": 8000}]})
    expect(node.api.get("status")["unverified_total_minor"] == held + 8000, "an unverified tender counts")
    wait_until(stage.venue.drained, PATIENCE, "the sale to reach central")
    listed = say("GET", "tenders/unverified", status=200)
    expect(any(t["sale"] == scanned["sale"] for t in listed["tenders"]), f"it is listed: {listed}")
    settle = f"sales/{scanned['sale']}/tenders/0/settle"
    say("POST", settle, {"state": "perhaps"}, status=422)
    say("POST", f"sales/{scanned['sale']}/tenders/1/settle", {"state": "failed"}, status=404)
    say("POST", settle, {"state": "confirmed", "reference": "wx-1"}, status=200)
    expect(all(t["sale"] != scanned["sale"] for t in say("GET", "tenders/unverified")["tenders"]), "it is open no more")
    wait_until(lambda: node.api.get("status")["unverified_total_minor"] == held, PATIENCE, "the node's limit to be free again")
    wait_until(lambda: node.api.get(f"sales/{scanned['sale']}")["tenders"][0]["state"] == "confirmed", PATIENCE, "the node to show it")
    date = node.api.get("sales")["sales"][0]["business_date"]
    for report in ("sales", "admissions", "shifts"):
        say("GET", f"reports/{report}?business_date={date}", status=200)
        say("GET", f"reports/{report}?business_date={date}&format=csv", status=200)
    say("GET", f"completeness?business_date={date}", status=200)
    say("GET", "occupancy", status=200)
    settle_conflict(stage, node, say, scanned["tickets"][0])
    ticket = node.api.get("sales")["sales"][0]["tickets"][0]["id"]
    expect(say("GET", f"tickets/{ticket}", status=200)["known"], "a ticket of which the sale came is known")
    expect(not say("GET", "tickets/9-1-1-1", status=200)["known"], "another one is not, and is no fault")
    say("GET", "tickets/none", status=404)
    say("POST", "revocations", {"ticket": ticket, "reason": "test"}, status=201)
    say("GET", "reports/sales?business_date=yesterday")
    token, api.token = api.token, None
    say("GET", "nodes", status=401)
    api.token = token
    journal_and_node(stage, say, number)


def story(stage: Stage) -> str:
    stage.open()
    devices, lane = stage.devices_for_a_lane(delay_ms=60_000)
    devices.append({"name": "printer-1", "driver": "escpos", "tcp": stage.venue.devices.do("state", "printer-1")["address"]})
    node = stage.node("booth", CLERK, windows=[{"name": "window-1"}, {"name": "window-2", "printer": "printer-1"}], devices=devices,
                      lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"},
                             lane | {"name": "lane-2", "direction": "entry"}])
    contracts = {"node": Contract("node"), "central": Contract("central")}
    at_the_node(stage, node, contracts["node"])
    wait_until(stage.venue.drained, PATIENCE, "the journal to reach central")
    at_central(stage, node, contracts["central"])
    unseen = {name: contract.unseen() for name, contract in contracts.items()}
    expect(not any(unseen.values()), f"every operation is asked; not these: {unseen}")
    return f"{sum(len(c.kinds) for c in contracts.values())} kinds of answers as documented, of every operation"


play(story)

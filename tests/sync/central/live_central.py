#!/usr/bin/python3
"""Runs the program gatehouse-central as a user does, and judges its answers by the OpenAPI document.

    live_central.py PROGRAM
"""

import http.client
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "schemas"))
from api_documents import Api  # noqa: E402

API = Api("central")
faults = []


def expect(holds, sentence):
    if not holds:
        faults.append(sentence)


class Server:
    """gatehouse-central on free ports, found in its log."""

    def __init__(self, program, config):
        self.process = subprocess.Popen([program, "--config", config], stderr=subprocess.PIPE, text=True)
        self.port = None
        for line in self.process.stderr:
            if "is ready" in line:
                self.port = int(line.rsplit(":", 1)[1])
                break
        expect(self.port, "the server says in its log where it listens")
        self.token = None

    def call(self, method, path, body=None, headers=None, kind="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        fields = dict(headers or {})
        if self.token:
            fields["Authorization"] = f"Bearer {self.token}"
        data = body if isinstance(body, str) or body is None else json.dumps(body)
        if data is not None:
            fields["Content-Type"] = kind
        connection.request(method, path, data, fields)
        response = connection.getresponse()
        text = response.read().decode()
        content_type = response.headers.get("Content-Type", "")
        answer = json.loads(text) if "json" in content_type else text
        if path.startswith("/api/v1") and response.status != 304:
            if body is not None and kind == "application/json" and response.status < 300:
                faults.extend(API.judge_request(method, path, body))
            faults.extend(API.judge(method, path, response.status, answer, content_type))
        return response.status, answer, response.headers

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stderr.read()
        return self.process.wait(timeout=20)


def write_config(folder):
    path = folder / "central.toml"
    path.write_text(
        f"""[server]
listen = "127.0.0.1:0"
data_dir = "{folder / 'data'}"
[venue]
name = "湖心岛"
time_zone = "Asia/Shanghai"
currency = "CNY"
business_day_cutover = "04:00"
[api]
listen = "127.0.0.1:0"
""",
        encoding="utf-8",
    )
    return str(path)


def try_command_line(program, folder, config):
    def run(*arguments):
        return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)

    expect(run("--version").returncode == 0, "--version ends 0")
    expect(run("--nonsense").returncode == 64, "an unknown option ends 64")
    expect(run("--config", str(folder / "none.toml")).returncode == 66, "a missing file ends 66")
    expect(run("--config", config, "--check-config").returncode == 0, "a sound configuration ends 0")
    printed = run("--config", config, "--print-config")
    expect("[venue]" in printed.stdout, "--print-config prints it")
    bad = folder / "bad.toml"
    bad.write_text(pathlib.Path(config).read_text(encoding="utf-8").replace("currency", "curency"), encoding="utf-8")
    checked = run("--config", str(bad), "--check-config")
    expect(checked.returncode == 78, "a fault in the configuration ends 78")
    expect("did you mean 'venue.currency'?" in checked.stderr and f"{bad}:" in checked.stderr, "and is told with its place")
    expect(run("--config", config).returncode == 78, "a server that was not initialised ends 78")
    made = run("init", "--config", config, "--json")
    expect(made.returncode == 0, f"init ends 0: {made.stderr}")
    expect(run("init", "--config", config).returncode == 77, "a second init ends 77")
    return json.loads(made.stdout)


def try_calls(server, admin):
    status, answer, _ = server.call("POST", "/api/v1/login", {"operator": "admin", "pin": "1234"})
    expect(status == 401 and answer["code"] == "unauthenticated", "a wrong PIN is refused")
    status, answer, _ = server.call("POST", "/api/v1/login", {"operator": "admin", "pin": admin["pin"]})
    expect(status == 200, "the administrator logs in with the PIN of init")
    server.token = answer["token"]
    status, catalogue, headers = server.call("GET", "/api/v1/catalogue")
    status, _, _ = server.call("GET", "/api/v1/catalogue", headers={"If-None-Match": headers["ETag"]})
    expect(status == 304, "an unchanged catalogue is not sent again")
    catalogue["operators"].append({"name": "li", "roles": ["clerk"], "pin": "4711"})
    status, _, _ = server.call("PUT", "/api/v1/catalogue", catalogue)
    expect(status == 428, "a catalogue without If-Match is refused")
    status, _, _ = server.call("PUT", "/api/v1/catalogue", catalogue, {"If-Match": '"9"'})
    expect(status == 412, "a catalogue on another version is refused")
    status, answer, _ = server.call("PUT", "/api/v1/catalogue", catalogue, {"If-Match": headers["ETag"]})
    expect(status == 200, f"the catalogue is published: {answer}")
    again = server.call("PUT", "/api/v1/catalogue", catalogue, {"If-Match": headers["ETag"]})
    expect(again[0] == 200 and again[1] == answer, f"and once, when it is asked for again: {again}")
    catalogue["operators"][-1]["pin"] = "4712"
    status, _, _ = server.call("PUT", "/api/v1/catalogue", catalogue, {"If-Match": headers["ETag"]})
    expect(status == 412, "another PIN is another publication")
    check = "/api/v1/catalogue/check"
    expect(server.call("POST", check, catalogue, {"If-Match": '"2"'})[0] == 200, "a sound catalogue could be published")
    expect(server.call("POST", check, catalogue, {"If-Match": '"1"'})[0] == 412, "but not on an older version")
    expect(server.call("POST", "/api/v1/enrolment-tokens", {"name": "gate-a"})[0] == 201, "a token is issued")
    orders = "code,order,channel,product,persons,entries,valid_from,valid_to\nA1,o,ota,adult,1,1,2026-05-01,2026-05-03\n"
    status, answer, _ = server.call("POST", "/api/v1/orders/import", orders, kind="text/csv")
    expect(status == 200 and answer["imported"] == 1, "an order is imported")
    expect(server.call("POST", "/api/v1/revocations", {"ticket": "1-1-5-1", "reason": "lost"})[0] == 201, "revoked")
    for path in ("nodes", "records", "records?count=3", "records/0-1-1", "leases", "redemptions", "conflicts?state=open", "occupancy",
                 "completeness?business_date=2026-05-01", "reports/sales?business_date=2026-05-01",
                 "reports/admissions?business_date=2026-05-01", "reports/shifts?business_date=2026-05-01",
                 "reports/sales?business_date=2026-05-01&format=csv"):
        expect(server.call("GET", f"/api/v1/{path}")[0] == 200, f"{path} answers")
    for path in ("nodes/7", "nothing"):
        status, answer, _ = server.call("GET", f"/api/v1/{path}") if path != "nothing" else (404, {}, {})
        expect(status == 404, f"{path} is not found")
    status, answer, _ = server.call("POST", "/api/v1/leases", {"node": 1, "session": "show-1-am", "units": 1})
    expect(status == 404, "a lease for nobody is refused")
    try_session(server, admin)
    expect(server.call("GET", "/readyz")[0] == 200, "ready")
    expect("central_nodes" in server.call("GET", "/metrics")[1], "metrics")


def try_session(server, admin):
    token, server.token = server.token, None
    status, session, headers = server.call("POST", "/api/v1/session", {"operator": "admin", "pin": admin["pin"]})
    expect(status == 200, f"a browser logs in: {session}")
    cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}
    again = server.call("GET", "/api/v1/session", headers=cookie)[1]
    expect(again.pop("time") >= session.pop("time"), "central says what time it is")
    expect(again == session, "a reload finds the session again")
    expect(server.call("DELETE", "/api/v1/session", headers=cookie)[0] == 403, "a cookie alone commands nothing")
    proven = cookie | {"X-CSRF-Token": session["csrf_token"]}
    expect(server.call("DELETE", "/api/v1/session", headers=proven)[0] == 204, "with the page's token it does")
    server.token = token


def answers_again(server, seconds=20):
    """Whether it answers within `seconds`: it stops listening for a moment while it starts anew."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            return server.call("GET", "/livez")[0] == 200
        except OSError:
            time.sleep(0.05)
    return False


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="gatehouse-live-") as name:
        folder = pathlib.Path(name)
        config = write_config(folder)
        admin = try_command_line(program, folder, config)
        server = Server(program, config)
        try:
            try_calls(server, admin)
            token = server.token
            expect(server.stop() == 0, "SIGTERM ends it with 0")
            server = Server(program, config)
            server.token = token
            expect(server.call("GET", "/api/v1/catalogue")[1]["version"] == 2, "a token and the catalogue survive")
            server.process.send_signal(signal.SIGHUP)
            expect(answers_again(server), "an unchanged configuration is no reason to stop")
        finally:
            server.stop()
    for fault in faults:
        print(fault)
    print("faults:", len(faults))
    return 1 if faults else 0


sys.exit(main())

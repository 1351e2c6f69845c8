#!/usr/bin/env python3
"""The operator's command: every verb as its user types it, against a booth, a gate and central. What is refused ends with its exit
code, `--json` prints what HTTP answers, and people read their language."""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from stage import ATTENDANT, CLERK, OPERATOR, PATIENCE, SUPERVISOR, Stage, expect, free_port, play, wait_until

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "schemas"))
from api_documents import Api as Document  # noqa: E402

# sysexits(3), as in edge/cli/client.hpp
OK, USAGE, BAD_DATA, NO_INPUT, UNAVAILABLE, IO, TRY_AGAIN, DENIED, CONFIG = 0, 64, 65, 66, 69, 74, 75, 77, 78
CODES = {OK, USAGE, BAD_DATA, NO_INPUT, UNAVAILABLE, TRY_AGAIN, DENIED, CONFIG}


class Command:
    """`gatehouse`, as one person runs it at one daemon."""

    document = Document("node")
    ended: dict[int, int] = {}   # how often with which code
    verbs: set[str] = set()      # that were run

    def __init__(self, stage: Stage, node, name: str):
        self.node, self.token_file = node, node.home / f"token-of-{name}"
        self.start = [str(stage.venue.programs / "gatehouse"), "--url", f"http://127.0.0.1:{node.api.port}",
                      "--token-file", str(self.token_file)]

    def __call__(self, *words, code: int = OK, typed: str = "", says: str = "", lang: str = "en") -> str:
        """Standard output; what is `says` stands there, or on standard error where it is refused."""
        self.verbs.add(" ".join(w for w in map(str, words[:2]) if not w.startswith("-")))
        ran = subprocess.run([*self.start, "--lang", lang, *map(str, words)], input=typed, capture_output=True, text=True, timeout=PATIENCE)
        self.ended[ran.returncode] = self.ended.get(ran.returncode, 0) + 1
        expect(ran.returncode == code, f"{words} ended {ran.returncode}, not {code}: {ran.stdout}{ran.stderr}")
        expect(code == OK or ran.stderr.strip(), f"{words} ended {code} without a word")
        expect(says in (ran.stdout if code == OK else ran.stderr), f"{words} says '{says}': {ran.stdout}{ran.stderr}")
        return ran.stdout

    def to_full_disk(self, *words, says: str, lang: str = "en"):
        with open("/dev/full", "w") as full:
            ran = subprocess.run([*self.start, "--lang", lang, *map(str, words)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
        expect(ran.returncode == IO and says in ran.stderr, f"{words} on a full disk ended {ran.returncode}: {ran.stderr}")

    def json(self, *words, of: tuple[str, str, int] | None = None, **more):
        """The body with --json; `of`: the operation and status that it is the answer of, by the document."""
        body = json.loads(self(*words, "--json", **more))
        if of:
            method, path, status = of
            faults = self.document.judge(method, "/api/v1/" + path, status, body)
            expect(not faults, f"{words}: {faults[:3]}")
        return body

    def lines(self, *words) -> list[dict]:
        return [json.loads(line) for line in self(*words, "--json").splitlines()]

    def begin(self, *words) -> subprocess.Popen:
        return subprocess.Popen([*self.start, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"})

    def at(self, *start) -> "Command":
        """The same person, at another daemon or by another way."""
        other = object.__new__(Command)
        other.node, other.token_file = self.node, self.token_file
        other.start = [self.start[0], *map(str, start), "--token-file", str(self.token_file)]
        return other


def command_lines(li: Command):
    """What is typed wrongly never reaches the daemon."""
    for words in ((), ("sel",), ("status", "--wacht"), ("sell", "--window", "window-1"), ("lane", "lane-1", "mode", "purple"),
                  ("lane", "lane-1", "made", "green"), ("emergency", "perhaps"), ("resync", "--from", "first"), ("devices",),
                  ("journal", "rebuild"), ("journal", "verify", "--from", "0"), ("completion", "tcsh"), ("shift", "open"),
                  ("refund", "1-1-1"), ("ticket", "decode")):
        li(*words, code=USAGE)
    li("sel", code=USAGE, says="did you mean")
    li("sel", code=USAGE, says="是不是", lang="zh-CN")
    li("sell", "--window", "window-1", "--line", "adult", "--tender", "cash:eighty", code=USAGE, says="eighty")
    li("sell", "--window", "window-1", "--line", "adult:two", code=USAGE, says="--line is PRODUCT")
    li("sell", "--window", "window-1", "--line", "adult:1:a:b", code=USAGE, says="--line 的写法是", lang="zh-CN")
    expect("Verbs:" in li("--help") and "命令" in li("--help", lang="zh-CN"), "help in both languages")
    expect(li("--version").startswith("gatehouse "), "a version")
    for shell in ("bash", "zsh", "fish"):
        script = li("completion", shell)
        expect(all(verb in script for verb in ("resync", "adopt", "rebuild")), f"{shell} knows the verbs")
        if shell == "bash":
            expect(subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0, "and bash reads it")


def nobody_there(li: Command):
    elsewhere = li.at("--url", f"http://127.0.0.1:{free_port()}")
    elsewhere("status", code=UNAVAILABLE, says="Is gatehouse-edge running")
    elsewhere("status", code=UNAVAILABLE, says="请检查 gatehouse-edge", lang="zh")
    li.at("--socket", li.node.home / "none.sock")("peers", code=UNAVAILABLE)


def people(li: Command, others: dict[tuple[str, str], Command]):
    li("status", code=DENIED, says="nobody is logged in")
    li("status", code=DENIED, says="还没有登录", lang="zh-CN")
    li("login", "--operator", "li", typed="secret\n", code=BAD_DATA, says="4 to 12 digits")
    li("login", "--operator", "li", typed="0000\n", code=DENIED)
    expect(not li.token_file.exists(), "no token of a wrong PIN")
    answer = li.json("login", "--operator", "li", typed="4711\n", of=("POST", "login", 200))
    expect(li.token_file.read_text() == answer["token"] + "\n", "what --json says is the token that is kept")
    expect(li.token_file.stat().st_mode & 0o777 == 0o600, "for its owner alone")
    for (name, pin), command in others.items():
        command("login", "--operator", name, typed=f"{pin}\n", says=f"{name} 已登录", lang="zh-CN")
    guess = lambda: subprocess.run([*li.start, "login", "--operator", "admin"], input="0000\n", capture_output=True, text=True).returncode
    guesses = 0
    while (ended := guess()) == DENIED and guesses < 20:
        guesses += 1
    expect(ended == TRY_AGAIN, f"whoever guesses is told to wait: {ended} after {guesses}")
    li("login", "--operator", "admin", typed="0000\n", code=TRY_AGAIN, says="wrong PINs")


def steady(status: dict) -> dict:
    """Of a status, what is the same from one moment to the next."""
    return {key: status[key] for key in ("node", "epoch", "name", "emergency")} | {
        "devices": [device["name"] for device in status["devices"]], "lanes": [lane["name"] for lane in status["lanes"]],
        "peers": [peer["name"] for peer in status["peers"]], "keys": sorted(status)}


def status_and_peers(chen: Command, node):
    chen("status", says="booth (")
    chen("status", says="票务中心", lang="zh-CN")
    chen("status", says="Default route")
    chen("status", says="默认线路", lang="zh-CN")
    http = node.api.get("status")
    for verb in (("status",), ("peers",), ("devices", "list")):
        expect(steady(chen.json(*verb, of=("GET", "status", 200))) == steady(http), f"{verb} is the status")
    by_socket = chen.at("--socket", node.home / "api.sock")
    expect(steady(by_socket.json("status")) == steady(http), "by the socket too")
    chen("peers", says="gate")
    chen("peers", says="已复制", lang="zh-CN")
    watching = chen.begin("status", "--watch")
    screens = 0
    while screens < 2:  # the first, and the one after a second
        line = watching.stdout.readline()
        expect(line, f"--watch goes on: {watching.poll()}")
        screens += line.count("\x1b[H\x1b[2J")
    watching.send_signal(signal.SIGINT)
    expect(watching.wait(PATIENCE) == -signal.SIGINT, "until it is ended")


def shift_and_sales(li: Command, zhao: Command, node) -> list[dict]:
    sell = ("sell", "--window", "window-1", "--line", "adult")
    li(*sell, "--tender", "cash:8000", code=BAD_DATA, says="shift_closed")
    li("shift", "report", "--window", "window-1", code=NO_INPUT)
    opened = li.json("shift", "open", "--window", "window-1", "--float", 10000, "--id", "shift-1", of=("POST", "shifts", 201))
    expect(li.json("shift", "open", "--window", "window-1", "--float", 10000, "--id", "shift-1")["shift"] == opened["shift"], "once")
    two = ("sell", "--window", "window-1", "--line", "adult:2", "--tender", "cash:20000", "--id", "sale-1")
    sale = li.json(*two, of=("POST", "sales", 201))
    expect((sale["total_minor"], sale["change_minor"]) == (16000, 4000), f"change: {sale}")
    expect(li.json(*two)["sale"] == sale["sale"], "the same id is the same sale")
    li("sell", "--window", "window-1", "--line", "adult:3", "--tender", "cash:24000", "--id", "sale-1", code=BAD_DATA, says="id_reused")
    li(*sell, "--tender", "cash:1", code=BAD_DATA, says="tender_short")
    li(*sell, "--tender", "cash:1", code=BAD_DATA, says="收款不足", lang="zh-CN")
    li("sell", "--window", "window-1", "--line", "nothing", "--tender", "cash:1", code=BAD_DATA)
    expect(li("sell", "--window", "window-1", "--line", "child:1", "--tender", "wechat:4000:4200001234").startswith("Sold "), "in words")
    first, second = sale["tickets"]

    refund = ("refund", sale["sale"], "--ticket", second["id"], "--reason", "rain", "--window", "window-1", "--id", "refund-1")
    given = zhao.json(*refund, of=("POST", f"sales/{sale['sale']}/refund", 201))
    expect(given["total_minor"] == 8000, f"{given}")
    expect(zhao(*refund).startswith(f"Refunded {given['refund']}: 80.00 CNY"), "asked again it is the same one")
    zhao(*refund[:-1], "refund-2", code=BAD_DATA, says="already_refunded")
    zhao("refund", "9-9-9", "--reason", "rain", "--window", "window-1", code=BAD_DATA, says="sale_unknown")

    printed = zhao.json("reprint", first["id"], "--reason", "smudged", "--window", "window-2", "--id", "copy-1",
                        of=("POST", f"tickets/{first['id']}/reprint", 201))
    expect(printed["copy"] == 1, f"{printed}")
    zhao("reprint", first["id"], "--reason", "smudged", "--window", "window-2", says="补打第 2 次", lang="zh-CN")
    zhao("reprint", "9-9-9-1", "--reason", "smudged", "--window", "window-2", code=BAD_DATA)
    return [first, second]


def reports(li: Command, zhao: Command, node):
    node.api.login(*SUPERVISOR)
    day = zhao.json("report", "day", of=("GET", "reports/day", 200))
    expect(day == node.api.get("reports/day") == zhao.json("report", "day", "--date", day["business_date"]), "the day is what HTTP says")
    words = [line.split() for line in zhao("report", "day").splitlines()]
    for row in (["adult", "2", "2", "160.00", "1", "80.00"], ["Total", "200.00", "80.00"], ["Net", "120.00"],
                ["Cash", "confirmed", "160.00", "80.00"], ["WeChat", "Pay", "confirmed", "40.00", "0.00"]):
        expect(row in words, f"the day says {row}: {words}")
    zhao("report", "day", says="Sales: 2, refunds: 1, persons admitted: 1")
    zhao("report", "day", says="售票 2 笔，退票 1 笔，入园 1 人次", lang="zh-CN")
    zhao("report", "day", says="净额", lang="zh-CN")
    expect("160.00" not in li("report", "day"), "a clerk with an open shift counts blindly")
    zhao("report", "day", "--date", "yesterday", code=BAD_DATA)

    x_report = zhao.json("shift", "report", "--window", "window-1", of=("GET", "shifts/current", 200))
    expect(x_report == node.api.get("shifts/current", window="window-1"), "the shift is what HTTP says")
    expect(x_report["expected_minor"] == 10000 + 16000 - 8000, f"{x_report}")
    zhao("shift", "report", "--window", "window-1", says="180.00")
    expect("180.00" not in li("shift", "report", "--window", "window-1", says="微信支付", lang="zh-CN"), "blind")
    closed = li.json("shift", "close", "--window", "window-1", "--counted", 17900, "--id", "close-1", of=("POST", "shifts/1-1-1/close", 200))
    expect(closed["difference_minor"] == -100, f"{closed}")
    expect("-1.00" in li("shift", "close", closed["shift"], "--counted", 17900, "--id", "close-1"), "asked again it is the same one")
    li("shift", "close", "--window", "window-1", "--counted", 0, code=NO_INPUT)


def gates(li: Command, wang: Command, node, ticket: dict, refunded: dict):
    scan = ("scan", "lane-1", ticket["code"])
    li(*scan, code=DENIED, says="forbidden")
    admitted = wang.json(*scan, "--id", "scan-1", of=("POST", "scans", 200))
    expect(admitted["verdict"] == "admit", f"{admitted}")
    expect(wang.json(*scan, "--id", "scan-1")["record"] == admitted["record"], "the same id is the same scan")
    wang(*scan, says="already_used")
    wang(*scan, says="拒绝", lang="zh-CN")
    expect(wang.json("scan", "lane-1", refunded["code"])["reason"] == "refunded", "a refunded ticket")
    expect(wang.json("scan", "lane-1", "HELLO")["reason"] == "unknown", "no ticket")
    wang("scan", "lane-9", ticket["code"], code=NO_INPUT)
    wang(*scan, "--persons", "many", code=USAGE)
    for mode in ("green", "free", "closed", "normal"):
        done = wang.json("lane", "lane-1", "mode", mode, "--reason", "test", of=("PUT", "lanes/lane-1/mode", 200))
        expect(done["recorded"], f"{mode}: {done}")
        expect(next(lane["mode"] for lane in node.api.get("status")["lanes"] if lane["name"] == "lane-1") == mode, f"it is {mode}")
    wang("lane", "lane-1", "mode", "normal", "--reason", "test", says="已执行并记录", lang="zh-CN")
    wang("lane", "lane-9", "mode", "green", "--reason", "test", code=NO_INPUT)
    li("lane", "lane-1", "mode", "green", "--reason", "test", code=DENIED)
    wang.json("emergency", "open", of=("POST", "emergency", 200))
    wang("status", says="EMERGENCY")
    wang("status", says="紧急放行中", lang="zh-CN")
    wang("emergency", "close", says="Done and recorded")
    expect(node.api.get("status")["emergency"] is False, "it is over")


def codes(li: Command, ticket: dict):
    said = li.json("ticket", "decode", ticket["code"])
    expect((said["ticket"], said["product"], said["persons"]) == (ticket["id"], "adult", 1), f"{said}")
    li("ticket", "decode", ticket["code"], says="the signature was not judged")
    said = [line.split() for line in li("ticket", "decode", ticket["code"], says="未验证签名", lang="zh-CN").splitlines()]
    for row in (["票号", ticket["id"]], ["票种", "adult"], ["人数", "1"], ["须核对证件", "否"], ["区域", "park"]):
        expect(row in said, f"the code says {row}: {said}")
    for code in ("HELLO", ticket["code"][:-4], ""):
        li("ticket", "decode", code, code=BAD_DATA)


def devices(li: Command, chen: Command, stage: Stage, node):
    emulated = stage.venue.devices
    chen("devices", "list", says="printer-1")
    chen("devices", "list", says="驱动", lang="zh-CN")
    li("devices", "test", "scan-1", code=DENIED)
    li("devices", "test", "scan-1", code=DENIED, says="须由", lang="zh-CN")
    chen.json("devices", "test", "scan-1", of=("POST", "devices/scan-1/test", 200))
    expect(chen.json("devices", "test", "printer-1")["outcome"] == "printed", "paper came out")
    chen("devices", "test", "none", code=NO_INPUT)
    emulated.do("unplug", "printer-1")
    wait_until(lambda: next(d["state"] for d in node.api.get("status")["devices"] if d["name"] == "printer-1") != "online",
               PATIENCE, "the printer to be missed")
    chen("devices", "test", "printer-1", code=TRY_AGAIN)
    for lang, counted, troubles in (("en", "connected 1", ("Was lost", "Not reached")), ("zh-CN", "接通 1", ("连接中断", "网络不通"))):
        said = chen("devices", "list", says=counted, lang=lang)
        expect(any(trouble in said for trouble in troubles), f"the trouble in words: {said}")
    emulated.do("plug", "printer-1")

    recording = chen.begin("devices", "record", "scan-1")
    file = Path(recording.stderr.readline().split(" to ", 1)[1].split(";")[0])
    emulated.do("scan", "scan-1", text="HELLO")
    wait_until(lambda: b"HELLO".hex() in file.read_text(), PATIENCE, "the scan to be recorded")
    recording.send_signal(signal.SIGINT)
    said, _ = recording.communicate(timeout=PATIENCE)
    expect(recording.returncode == OK and str(file) in said, f"it ends by Ctrl-C: {recording.returncode} {said}")
    timed = chen.json("devices", "record", "scan-1", "--seconds", 0, of=("POST", "devices/scan-1/record", 200))
    expect(timed["file"] != str(file), "another recording, another file")
    li("devices", "record", "scan-1", "--seconds", 0, code=DENIED)
    events = chen.lines("devices", "replay", file)
    expect(any(e["event"] == "scan" and e["hex"] == b"HELLO".hex() for e in events), f"played again it is the same scan: {events}")
    chen("devices", "replay", file, says="1 scans, 0 dropped")
    chen("devices", "replay", file, says="1 次扫码", lang="zh-CN")
    chen("devices", "replay", node.home / "none", code=NO_INPUT, says="cannot be read")
    chen("devices", "replay", node.config, code=BAD_DATA, says="cannot be replayed")

    rules = node.home / "70-gatehouse.rules"
    rules.write_text("# as it was\n")
    chen("devices", "adopt", "No Name", "--rules", rules, code=BAD_DATA, says="a device's name is")
    for there in ("/dev/null", node.home / "none"):
        chen("devices", "adopt", "scan-9", "--rules", rules, "--node", there, code=NO_INPUT, says="不是可以认领的设备", lang="zh-CN")
    expect(rules.read_text() == "# as it was\n", "nothing is written of what is not adopted")


def replay(li: Command, chen: Command, stage: Stage, node):
    li("resync", "--all", code=DENIED, says="forbidden")
    http = lambda **body: node.api.post("resync", body | {"dry_run": True})
    expect(chen.json("resync", "--from", 1, "--to", 3, "--dry-run", of=("POST", "resync", 200)) == http(**{"from": 1, "to": 3}), "a preview")
    chen("resync", "--from", 1, "--to", 3, "--dry-run", says="Would send 3 records, 1 to 3")
    chen("resync", "--from", 1, "--to", 3, "--dry-run", "--wait", says="将重新上传 3 条", lang="zh-CN")
    chen("resync", "--all", "--from", 2, code=BAD_DATA)
    job = chen.json("resync", "--all", of=("POST", "resync", 202))
    wait_until(lambda: node.api.get(f"jobs/{job['id']}")["state"] == "done", PATIENCE, "the replay to be done")
    done = chen.json("resync", "--from", 1, "--to", 3, "--wait", of=("GET", "jobs/1-1-1", 200))
    expect((done["state"], done["sent"], done["duplicate"], done["accepted"]) == ("done", 3, 3, 0), f"nothing is entered twice: {done}")
    for _ in range(5):  # central is there: who waits for the first moment of a job is not told that it is not
        waiting = chen.begin("resync", "--all", "--wait")
        said, complained = waiting.communicate(timeout=PATIENCE)
        expect(waiting.returncode == OK and "duplicate" in said and not complained, f"{waiting.returncode} {said}{complained}")
    stage.venue.central.stop()
    wait_until(lambda: not node.api.get("status")["central"]["connected"], PATIENCE, "central to be missed")
    chen("status", says="down")
    waiting = chen.begin("resync", "--all", "--wait")
    expect("Central is not connected" in waiting.stderr.readline(), "without central the wait is told")
    stage.venue.central.start()
    said, complained = waiting.communicate(timeout=PATIENCE)
    expect(waiting.returncode == OK and "duplicate" in said and not complained, f"once: {waiting.returncode} {said}{complained}")


def journal_of_daemon(li: Command, node, number: int):
    own = lambda answer: next(j for j in answer["journals"] if j["node"] == number)
    heads = li.json("journal", "head", of=("GET", "journals", 200))
    steady = lambda answer: sorted((j["node"], j["epoch"]) for j in answer["journals"])
    expect(steady(heads) == steady(node.api.get("journals")) and len(heads["journals"]) >= 2, f"{heads}")
    expect([j["node"] for j in li.json("journal", "head", "--node", number)["journals"]] == [number], "one of them")
    li("journal", "head", says="最新流水号", lang="zh-CN")
    verified = li.json("journal", "verify", of=("POST", "journals/verify", 200))["journals"]
    expect(verified and all(j["ok"] and j["verified"] == j["head"] for j in verified), f"{verified}")
    li("journal", "verify", "--node", number, "--from", 2, says="whole")
    li("journal", "verify", says="完整", lang="zh-CN")
    exported = li.lines("journal", "export", "--node", number)
    expect([r["seq"] for r in exported] == list(range(1, len(exported) + 1)), "one journal in its order")
    expect(len(exported) >= own(heads)["head"], "to its end")
    lines = node.api.call("GET", f"journals/records?node={number}")[2].splitlines()
    expect(exported == [json.loads(line) for line in lines][:len(exported)], "each line is what HTTP says")
    expect(li.lines("journal", "export", "--node", number, "--from", 5) == exported[4:], "from one on")
    li("journal", "rebuild", "--data-dir", node.data, code=UNAVAILABLE)
    li.to_full_disk("journal", "export", says="could not be written whole")
    li.to_full_disk("status", says="输出没有写完整", lang="zh-CN")


def journal_of_files(li: Command, node, number: int):
    files = ("--data-dir", node.data)
    own = next(j for j in li.json("journal", "head", *files)["journals"] if j["node"] == number)
    exported = li.lines("journal", "export", "--node", number, *files)
    expect((exported[-1]["seq"], exported[-1]["hash"]) == (own["head"], own["hash"]), f"the head is the last record: {own}")
    judged = li.lines("journal", "verify", *files)
    expect(judged and all(j["ok"] and j["verified"] == j["head"] for j in judged), f"{judged}")
    li("journal", "verify", "--node", number, *files, says=f"1 to {own['head']} whole")
    li("journal", "rebuild", *files, says="Rebuilt: the same tables")
    li("journal", "rebuild", *files, says="重建完成，结果一致", lang="zh-CN")
    expect(li.json("journal", "rebuild", *files) == {"same": True}, "and to programs")
    expect(li.lines("journal", "export", "--node", number, *files) == exported, "a rebuild changes no record")
    li.to_full_disk("journal", "export", *files, says="could not be written whole")
    for verb in ("head", "verify", "export"):
        li("journal", verb, "--data-dir", node.home / "none", code=NO_INPUT, says="there is no folder")
        li("journal", verb, "--node", 99, *files, code=BAD_DATA)
    broken = node.home / "broken"
    broken.mkdir()
    shutil.copy(node.data / "journal.db", broken)
    with sqlite3.connect(broken / "journal.db") as database:
        ref, stored = database.execute("SELECT ref, stored FROM journal ORDER BY length(stored) DESC LIMIT 1").fetchone()
        middle = len(stored) // 2
        database.execute("UPDATE journal SET stored = ? WHERE ref = ?", (stored[:middle] + bytes([stored[middle] ^ 1]) + stored[middle + 1:], ref))
    database.close()
    li("journal", "verify", "--data-dir", broken, code=BAD_DATA, says="a journal is not whole")
    li("journal", "verify", "--data-dir", broken, code=BAD_DATA, says="流水核对不通过", lang="zh-CN")


def enrolled_once(li: Command, stage: Stage, node):
    central = ("enrol", "--central", f"https://127.0.0.1:{stage.venue.sync_port}", "--config", node.config, "--token")
    li(*central, "gh1-none", code=BAD_DATA, says="an enrolment token is gh1-")
    token = stage.venue.central.api.post("enrolment-tokens", {"name": "booth-2"})["token"]
    li(*central, token, code=CONFIG, says="is enrolled already")
    li(*central, token, code=CONFIG, says="已有登记", lang="zh-CN")


def story(stage: Stage) -> str:
    stage.open()
    on, lane = stage.devices_for_a_lane()
    on.append({"name": "printer-1", "driver": "escpos", "tcp": stage.venue.devices.do("state", "printer-1")["address"]})
    node = stage.venue.add_node("booth")
    node.write_config(devices=on, windows=[{"name": "window-1"}, {"name": "window-2", "printer": "printer-1"}],
                      lanes=[{"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}, lane | {"name": "lane-2"}])
    node.config.write_text(node.config.read_text().replace("[api]\n", f'[api]\nsocket = "{node.home / "api.sock"}"\n'))
    node.enrol()
    node.start()
    stage.log_in(node, OPERATOR)
    stage.node("gate", ATTENDANT)
    li, wang, zhao, chen = (Command(stage, node, name) for name, _ in (CLERK, ATTENDANT, SUPERVISOR, OPERATOR))
    command_lines(li)
    nobody_there(li)
    people(li, {ATTENDANT: wang, SUPERVISOR: zhao, OPERATOR: chen})
    node.await_devices()
    wait_until(lambda: any(p["connected"] for p in node.api.get("status")["peers"]), PATIENCE, "the nodes to meet")
    status_and_peers(chen, node)
    ticket, refunded = shift_and_sales(li, zhao, node)
    codes(li, ticket)
    gates(li, wang, node, ticket, refunded)
    reports(li, zhao, node)
    node.api.login(*OPERATOR)
    devices(li, chen, stage, node)
    replay(li, chen, stage, node)
    number = stage.number(node)
    journal_of_daemon(li, node, number)
    enrolled_once(li, stage, node)
    node.stop()
    li("status", code=UNAVAILABLE)
    journal_of_files(li, node, number)
    expect(set(Command.ended) == CODES, f"every exit code was seen: {Command.ended}")
    return f"{sum(Command.ended.values())} commands as documented: " + ", ".join(f"{n} ended {c}" for c, n in sorted(Command.ended.items()))


play(story)

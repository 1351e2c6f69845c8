#!/usr/bin/env python3
"""What operators do to a running node: a new configuration with SIGHUP, broken ones that are not taken, HTTP over TLS;
and what ends 65: a journal that was tampered with, a restored data directory, a code that is none."""
import http.client
import json
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess

from stage import ATTENDANT, CLERK, PATIENCE, Refused, Stage, expect, play, wait_until

LANE = {"name": "lane-1", "gate": "south", "zone": "park", "direction": "entry"}
WINDOWS = [{"name": "window-1"}]


def reloads(stage: Stage, node):
    def lanes() -> list[str] | None:
        """None while the node is made anew."""
        try:
            return [lane["name"] for lane in node.api.get("lanes")["lanes"]]
        except (OSError, http.client.HTTPException, Refused):
            expect(node.alive, "it goes on")
            return None
    expect(lanes() == ["lane-1"], "one lane at first")
    node.write_config(windows=WINDOWS, lanes=[LANE, LANE | {"name": "lane-2"}])
    node.process.send_signal(signal.SIGHUP)
    wait_until(lambda: node.api.ready() and lanes() == ["lane-1", "lane-2"], PATIENCE, "the second lane")
    good = node.config.read_text()
    node.config.write_text(good + "[nonsense]\nkey = 1\n")
    node.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "kept the old configuration" in node.log.read_text(), PATIENCE, "the refusal to be said")
    expect("nonsense" in node.log.read_text() and lanes() == ["lane-1", "lane-2"], "the old one holds, and it says why")
    checked = subprocess.run([*node.command, "--check-config"], capture_output=True, text=True)
    expect(checked.returncode == 78 and "node.toml:" in checked.stderr, f"--check-config finds the same: {checked}")
    node.config.write_text(good)


def goes_back(stage: Stage, node):
    """A file that has no fault, and with which nothing can be started."""
    good = node.config.read_text()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        changes = {"a port of the API that is taken": (f"127.0.0.1:{node.api.port}", f"127.0.0.1:{port}"),
                   "a name that is not the enrolled one": (f'name = "{node.name}"', 'name = "another"'),
                   "a data directory that is not enrolled": (str(node.data), str(node.home / "elsewhere")),
                   "a port for peers that is taken": (f"127.0.0.1:{node.peer_port}", f"127.0.0.1:{port}"),
                   "an address for peers that is not ours": (f"127.0.0.1:{node.peer_port}", "192.0.2.1:8442")}
        for what, (old, new) in changes.items():
            expect(old in good, f"the configuration has {old}")
            told = len(node.log.read_text())
            node.config.write_text(good.replace(old, new))
            node.process.send_signal(signal.SIGHUP)

            def said(words: str) -> bool:
                expect(node.alive, f"{what}: the node goes on")
                return words in node.log.read_text()[told:]
            wait_until(lambda: said("kept the old configuration: "), PATIENCE, f"{what}: the refusal to be said")
            wait_until(lambda: said("继续使用原来的配置: "), PATIENCE, f"{what}: in Chinese as well")
            if "for peers" in what:
                for words in ("请改 [peers] listen", "change [peers] listen"):
                    expect(said(words), f"{what}: what to change is said: {words}")
            wait_until(node.api.ready, PATIENCE, f"{what}: the node to be ready as before")
            names = [lane["name"] for lane in node.api.get("lanes")["lanes"]]
            expect(names == ["lane-1", "lane-2"], f"{what}: the old one holds: {names}")
    node.config.write_text(good)


def central_reloads(stage: Stage, node):
    """The same of central: what is wrong or cannot start is told in both languages, and the former settings go on."""
    venue = stage.venue
    central, config = venue.central, venue.central_config
    good = config.read_text()

    def after(text: str, *words: str):
        told = len(central.log.read_text())
        config.write_text(text)
        central.process.send_signal(signal.SIGHUP)

        def said() -> bool:
            expect(central.alive, "central goes on")
            return all(one in central.log.read_text()[told:] for one in words)
        wait_until(said, PATIENCE, f"central to say {words}")
        wait_until(central.api.ready, PATIENCE, "central to answer")
    kept = ("kept the old configuration: ", "继续使用原来的配置: ")
    after(good, "the configuration is unchanged")
    after(good + "[nonsense]\nkey = 1\n", *kept, "nonsense")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port in (central.api.port, venue.sync_port):
            after(good.replace(f"127.0.0.1:{port}", f"127.0.0.1:{taken.getsockname()[1]}"), *kept)

    def serves_host() -> bool:
        return central.api.call("GET", "nodes", headers={"Host": "tickets.lan"})[0] == 200
    expect(not serves_host(), "a host that is not named is not served")
    after(good.replace("[api]\n", '[api]\nhosts = ["tickets.lan"]\n'), "the new configuration holds")
    expect(serves_host(), "the new host is served")
    after(good, "the new configuration holds")
    wait_until(lambda: node.api.get("status")["central"]["connected"], PATIENCE, "the node to be connected again")


def speaks_tls(stage: Stage, node):
    node.config.write_text(node.config.read_text().replace("[api]\n", "[api]\ntls = true\n"))
    node.process.send_signal(signal.SIGHUP)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname = False
    trust.verify_mode = ssl.CERT_NONE  # whom to trust is the links' tests' matter; here: that nothing else is spoken
    trust.minimum_version = ssl.TLSVersion.TLSv1_3

    def over_tls(path: str):
        connection = http.client.HTTPSConnection("127.0.0.1", node.api.port, timeout=10, context=trust)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {node.api.token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()
    wait_until(lambda: over_tls("/readyz")[0] == 200, PATIENCE, "the node to speak TLS")
    status, body = over_tls("/api/v1/status")
    expect(status == 200 and json.loads(body)["name"] == node.name, f"the same calls over TLS: {status}")
    try:
        plain = node.api.call("GET", "/readyz", timeout=5)[0]
    except (OSError, http.client.HTTPException):
        plain = None
    expect(plain != 200, "nothing is served in the clear on that port")
    node.config.write_text(node.config.read_text().replace("tls = true\n", ""))
    node.process.send_signal(signal.SIGHUP)
    wait_until(node.api.ready, PATIENCE, "the node to speak plain HTTP again")


def ends_65(stage: Stage, node):
    venue = stage.venue
    decoded = subprocess.run([venue.programs / "gatehouse", "ticket", "decode", "NO TICKET"], capture_output=True)
    expect(decoded.returncode == 65, f"a code that is none ends 65: {decoded}")
    node.stop()
    expect(node.process.returncode == 0, "an orderly stop ends 0")
    kept = node.home / "kept"
    shutil.copytree(node.data, kept)
    node.start()
    stage.log_in(node, CLERK)
    stage.open_shift(node)
    stage.sell(node)
    wait_until(venue.drained, PATIENCE, "the sale to reach central")
    node.stop()
    newer = node.home / "newer"
    node.data.rename(newer)
    kept.rename(node.data)
    node.start(wait=False)
    expect(node.process.wait(PATIENCE) == 65, "a restored copy ends 65 when central knows more")
    expect("restored or copied" in node.log.read_text(), "and says why")
    shutil.rmtree(node.data)
    newer.rename(node.data)
    expect(node.journal("verify", check=False).returncode == 0, "the newer one is whole")
    with sqlite3.connect(node.data / "journal.db") as database:
        ref, stored = database.execute("SELECT ref, stored FROM journal ORDER BY ref DESC LIMIT 1 OFFSET 3").fetchone()
        database.execute("UPDATE journal SET stored = ? WHERE ref = ?", (stored[:-9] + bytes([stored[-9] ^ 1]) + stored[-8:], ref))
    database.close()
    broken = node.journal("verify", check=False)
    expect(broken.returncode == 65 and broken.stdout + broken.stderr, f"a changed record ends 65 and is named: {broken}")


def story(stage: Stage) -> str:
    stage.open()
    node = stage.node("booth", ATTENDANT, windows=WINDOWS, lanes=[LANE])
    reloads(stage, node)
    goes_back(stage, node)
    central_reloads(stage, node)
    speaks_tls(stage, node)
    ends_65(stage, node)
    return "reloaded with SIGHUP, what is wrong or cannot start kept the old configuration, HTTP over TLS; 65 for what is not to be trusted"


play(story)

#!/usr/bin/env python3
"""The programs' help and faults as a person sees them: in the language of the environment, exit codes the same in each.

Usage: programs.py FOLDER-OF-PROGRAMS
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CHINESE = re.compile("[\u4e00-\u9fff]")
# What is typed is English in every language.
TYPED = re.compile(r"--?[a-z-]+|\b[A-Z_]+\b|\{[^}]*\}|\S*[/.*:]\S*")


def run(program: Path, language: str, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}
    return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)


def try_configurations(folder: Path, scratch: Path) -> None:
    """A fault's place is the same in each language, its words are not; so are the reasons why a daemon does not start."""
    node = scratch / "node.toml"
    node.write_text(f'[node]\nname = "Gate A"\ndata_dir = "{scratch}/node"\n[[device]]\nname = "d"\ndriver = "line"\n', encoding="utf-8")
    central = scratch / "central.toml"
    sound = f'[server]\nlisten = "127.0.0.1:0"\ndata_dir = "{scratch}/central"\n[venue]\nname = "园"\ntime_zone = "Asia/Shanghai"\ncurrency = "CNY"\n[api]\nlisten = "127.0.0.1:0"\n'
    central.write_text(sound.replace("CNY", "yuan"), encoding="utf-8")
    places = {}
    for language, chinese in (("zh_CN.UTF-8", True), ("en_GB.UTF-8", False)):
        for name, file in (("gatehouse-edge", node), ("gatehouse-central", central)):
            told = run(folder / name, language, "--config", str(file), "--check-config")
            assert told.returncode == 78, (name, told)
            assert all(bool(CHINESE.search(line)) == chinese for line in told.stderr.splitlines()), told.stderr
            found = [re.match(r"(.+?:[0-9]+:[0-9]+): .", line).group(1) for line in told.stderr.splitlines()]
            assert found and places.setdefault(name, found) == found, (found, places)
            absent = run(folder / name, language, "--config", str(scratch / "none.toml"))
            assert absent.returncode == 66 and bool(CHINESE.search(absent.stderr)) == chinese, absent
        enrol = run(folder / "gatehouse", language, "enrol", "--config", str(node), "--central", "https://127.0.0.1:1", "--token", "gh1-x")
        assert enrol.returncode == 78 and bool(CHINESE.search(enrol.stderr)) == chinese, enrol
        nowhere = str(scratch / "none.toml")
        enrol = run(folder / "gatehouse", language, "enrol", "--config", nowhere, "--central", "https://127.0.0.1:1", "--token", "gh1-x")
        assert enrol.returncode == 66 and bool(CHINESE.search(enrol.stderr)) == chinese, enrol
        devices = run(folder / "gatehouse-devices", language, nowhere)
        assert devices.returncode == 66 and bool(CHINESE.search(devices.stderr)) == chinese, devices
        assert run(folder / "gatehouse-devices", language, str(node)).returncode == 78
    node.write_text(f'[node]\nname = "gate-a"\ndata_dir = "{scratch}/node"\n', encoding="utf-8")
    central.write_text(sound, encoding="utf-8")
    for language, chinese in (("zh_CN.UTF-8", True), ("en_GB.UTF-8", False)):
        for name, file, wanted in (("gatehouse-edge", node, "gatehouse enrol"), ("gatehouse-central", central, "gatehouse-central init")):
            told = run(folder / name, language, "--config", str(file))
            last = told.stderr.splitlines()[-1]
            assert told.returncode == 78 and last.startswith(f"{name}: ") and wanted in last, told
            assert bool(CHINESE.search(last)) == chinese and ("（技术说明：" in last) == chinese, last
    assert run(folder / "gatehouse-central", "zh_CN.UTF-8", "init", "--config", str(central)).returncode == 0
    again = run(folder / "gatehouse-central", "zh_CN.UTF-8", "init", "--config", str(central))
    assert again.returncode == 77 and "已经建立过场馆" in again.stderr, again


def main(folder: Path) -> int:
    for name in ("gatehouse", "gatehouse-edge", "gatehouse-central", "gatehouse-devices", "gatehouse-sim"):
        program = folder / name
        for language, chinese in (("zh_CN.UTF-8", True), ("en_GB.UTF-8", False), ("C", False)):
            told = run(program, language, "--help")
            assert told.returncode == 0, (name, told)
            lines = [line for line in told.stdout.splitlines() if len(line.split()) > 1]
            assert len(lines) > 2, told.stdout
            for line in lines:
                assert bool(CHINESE.search(line)) == chinese, f"{name}, {language}: {line}"
            wrong = run(program, language, "--no-such-thing")
            assert wrong.returncode == 64, (name, wrong)
            assert bool(CHINESE.search(wrong.stderr)) == chinese, f"{name}, {language}: {wrong.stderr}"
            assert chinese or wrong.stderr.isascii(), wrong.stderr
            assert not chinese or not re.search("[a-z]{3}", TYPED.sub("", wrong.stderr)), wrong.stderr
    gatehouse = folder / "gatehouse"
    nested = run(gatehouse, "C", "shift", "opne", "--json")
    assert nested.returncode == 64 and nested.stderr.startswith("There is no verb 'opne'; did you mean 'open'?"), nested
    amount = run(gatehouse, "C", "sell", "--window", "w", "--line", "adult", "--tender", "cash:15O00")
    assert amount.returncode == 64 and "--tender cash:15O00: the amount '15O00'" in amount.stderr, amount
    part = run(gatehouse, "zh_CN.UTF-8", "sell", "--window", "w", "--line", "adult:two")
    assert part.returncode == 64 and "--line adult:two 写法不对，看不懂“two”" in part.stderr, part
    no_folder = run(gatehouse, "C", "journal", "head", "--data-dir", "/no/such/folder")
    assert no_folder.returncode == 66 and "there is no folder /no/such/folder" in no_folder.stderr, no_folder
    with tempfile.TemporaryDirectory() as empty:
        no_journal = run(gatehouse, "C", "journal", "head", "--data-dir", empty)
        assert no_journal.returncode == 66 and f"{empty} holds no journal" in no_journal.stderr, no_journal
    assert "选项" in run(gatehouse, "C", "--lang", "zh-CN", "shift", "open", "--help").stdout
    assert "Options" in run(gatehouse, "zh_CN.UTF-8", "shift", "open", "--help", "--lang", "en").stdout
    assert run(gatehouse, "C", "--version").stdout.startswith("gatehouse ")
    missing = run(folder / "gatehouse-central", "zh_CN.UTF-8")
    assert missing.returncode == 64 and missing.stderr == "缺少 --config\n", missing
    with tempfile.TemporaryDirectory() as scratch:
        try_configurations(folder, Path(scratch))
    print("five programs speak both languages")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

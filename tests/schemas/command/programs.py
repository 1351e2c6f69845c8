#!/usr/bin/env python3
"""The programs' help and faults as a person sees them: in the language of the environment, exit codes the same in each.

Usage: programs.py FOLDER-OF-PROGRAMS
"""
import os
import re
import subprocess
import sys
from pathlib import Path

CHINESE = re.compile("[\u4e00-\u9fff]")
# What is typed is English in every language.
TYPED = re.compile(r"--?[a-z-]+|\b[A-Z_]+\b|\{[^}]*\}|\S*[/.*:]\S*")


def run(program: Path, language: str, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}
    return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)


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
    assert "选项" in run(gatehouse, "C", "--lang", "zh-CN", "shift", "open", "--help").stdout
    assert "Options" in run(gatehouse, "zh_CN.UTF-8", "shift", "open", "--help", "--lang", "en").stdout
    assert run(gatehouse, "C", "--version").stdout.startswith("gatehouse ")
    missing = run(folder / "gatehouse-central", "zh_CN.UTF-8")
    assert missing.returncode == 64 and missing.stderr == "缺少 --config\n", missing
    print("five programs speak both languages")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

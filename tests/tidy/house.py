#!/usr/bin/env python3
"""The rules of the house, executed: layers, library owners, banned calls in core code, sizes, words.

Usage: house.py ROOT     prints `file:line: message` for each fault; ends 1 when there is one.
"""
import pathlib
import re
import sys

AREAS = ("schemas", "drivers", "sync", "edge", "tests")

# Folder -> the folders it may include. The longest matching prefix counts.
LAYERS = {
    "schemas": ("schemas",),
    "drivers": ("schemas", "drivers"),
    "sync": ("schemas", "sync"),
    "edge": ("schemas", "drivers", "sync", "edge"),
    "tests": AREAS,
}

# Code that decides: no clock, I/O, thread, lock or chance of its own. Everything else is shell.
CORE = ("schemas", "drivers/link", "drivers/scanner", "drivers/turnstile", "drivers/printer", "drivers/osdp", "drivers/catalog", "sync/replication",
        "edge/ticketing", "edge/admission", "edge/station", "edge/desk")
SHELL = ("drivers/port", "drivers/emulator", "sync/link", "sync/central", "edge/config", "edge/api", "edge/daemon",
         "edge/cli")

# A header of a library -> the folders that own the library.
OWNERS = {
    r"cereal/": ("schemas/wire",),
    r"sodium": ("schemas/crypto",),
    r"sqlite3\.h": ("sync/ledger", "tests/support", "tests/crash", "tests/sim", "tests/bench"),
    r"zstd": ("sync/replication",),
    r"openssl/": ("sync/link",),
    r"boost/beast": ("sync/link", "cmake"),
    r"boost/asio": ("sync/link", "sync/central", "drivers/port", "drivers/emulator", "edge/api", "edge/daemon",
                    "edge/cli", "cmake", "tests"),
    r"boost/json": ("schemas/json", "sync/ledger", "sync/link", "sync/web", "sync/central", "edge/api", "edge/cli",
                    "edge/daemon", "drivers/emulator", "tests"),
    r"fmt/": ("schemas/calendar", "schemas/config", "drivers/printer", "sync/link", "sync/central", "edge/api", "edge/cli",
              "edge/config", "tests"),
    r"toml\+\+|tomlplusplus": ("edge/config", "sync/central", "drivers/emulator"),
    r"date/": ("schemas/calendar",),
    r"libserialport|libudev|winscard|linux/(gpio|input|hidraw)\.h": ("drivers/port", "drivers/emulator", "tests/drivers/port"),
    r"qrencode": ("drivers/printer",),
    r"nettle/": ("drivers/osdp", "schemas/crypto"),
    r"ft2build": ("drivers/printer", "drivers/emulator"),
    r"ZXing|png\.h": ("drivers/emulator",),
    r"CLI/": ("schemas/command", "tests/schemas/command", "edge/cli", "tests/edge/cli", "edge/daemon", "sync/central", "drivers/emulator", "tests/sim"),
    r"spdlog": ("edge/daemon", "sync/central", "sync/link"),
    r"doctest|rapidcheck": ("tests",),
    r"modbus\.h": ("tests/peers",),
}

BANNED_IN_CORE = {
    r"\b(system|steady|high_resolution)_clock\b": "a core has no clock; time is an argument",
    r"\b(time|gettimeofday|clock_gettime)\s*\(": "a core has no clock; time is an argument",
    r"\brandom_device\b|\bmt19937|\brand\s*\(": "a core has no chance of its own; it comes with the event",
    r"\bstd::(thread|jthread|mutex|condition_variable|atomic)\b": "a core has no threads and no locks",
    r"\bco_(await|return|yield)\b": "a core is a value, not a coroutine",
    r"^\s*virtual\b": "a core has no virtual functions",
    r"#include <(fstream|filesystem|thread|mutex|sys/|unistd\.h|fcntl\.h)": "a core does no I/O",
}
# The adapters round a library that needs the machine: keys in files, time-zone data, locale tables, a command line.
CORE_EXEMPT = {"schemas/crypto", "schemas/calendar", "schemas/wire", "schemas/command"}

BANNED_EVERYWHERE = {
    r"\busing namespace (?!gatehouse|std::chrono_literals|std::literals)": "name what you use",
    r"\b(TODO|FIXME|XXX|HACK)\b": "finish it, or say in the README that it is not there",
    r"\b(sleep_for|sleep_until|usleep)\s*\(": "wait for what you wait for, not for time",
}
SLEEP_EXEMPT = ("drivers/emulator", "tests/bench")

LARGEST_FILE = 500
# Longer than they should be: each with the reason. New entries want a better one.
LARGE_ALLOWED: dict[str, str] = {}


def longest(prefixes, path):
    hits = [p for p in prefixes if path == p or path.startswith(p + "/")]
    return max(hits, key=len, default=None)


def code_lines(text):
    """(number, line) of lines with // comments and string contents blanked."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r'"(\\.|[^"\\])*"', '""', line) if "#include" not in line else line
        yield number, re.sub(r"//.*", "", bare)


def faults_of(path, text):
    area = path.split("/")[0]
    core = longest(CORE, path) is not None and longest(CORE + SHELL, path) in CORE
    exempt = longest(CORE_EXEMPT, path) is not None
    for number, line in code_lines(text):
        include = re.search(r'#include\s+["<]([^">]+)[">]', line)
        if include:
            name = include.group(1)
            first = name.split("/")[0]
            if first in AREAS and first not in LAYERS[area]:
                yield number, f"layer: {area} may not include {first}"
            if core and longest(SHELL, name):
                yield number, f"layer: core code may not include the shell's {name}"
            for library, owners in OWNERS.items():
                if re.match(library, name) and not longest(owners, path):
                    yield number, f"owner: {name} belongs to {', '.join(owners)}"
        for pattern, why in BANNED_EVERYWHERE.items():
            if "sleep" in pattern and longest(SLEEP_EXEMPT, path):
                continue
            if re.search(pattern, line):
                yield number, why
        if core and not exempt:
            for pattern, why in BANNED_IN_CORE.items():
                if re.search(pattern, line):
                    yield number, why
    count = text.count("\n")
    if count > LARGEST_FILE and path not in LARGE_ALLOWED:
        yield count, f"{count} lines: past {LARGEST_FILE} the file tells more than one story"


def folder_faults(root):
    """Every folder of the product says what it is."""
    for area in AREAS[:-1]:
        for folder in sorted(p for p in (root / area).glob("*") if p.is_dir()):
            if any(folder.glob("*.cpp")) and not (folder / "README.md").exists():
                yield f"{folder.relative_to(root)}/README.md", 1, "a folder of code has a README"


def main(root):
    faults = []
    for area in AREAS:
        for file in sorted(f for f in (root / area).rglob("*") if "node_modules" not in f.parts):
            if file.suffix in (".cpp", ".hpp"):
                path = str(file.relative_to(root))
                faults += [(path, n, m) for n, m in faults_of(path, file.read_text(encoding="utf-8"))]
    faults += list(folder_faults(root))
    for path, number, message in faults:
        print(f"{path}:{number}: {message}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

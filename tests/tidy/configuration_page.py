#!/usr/bin/env python3
"""Is docs/configuration.md what the readers know? Every key of the readers' sources is in its table, and no other.

Usage: configuration_page.py ROOT
"""
import re
import sys
from pathlib import Path

HEADING = re.compile(r"^### `\[*([\w-]+)\]*`(.*)$")
# The arrays of keys that the drivers' tables name, by the page's heading.
DRIVERS = {
    "line": "line_keys", "ssi": "ssi_keys", "gm65": "gm65_keys", "hid-keyboard": "keyboard_keys", "hid-pos": "hid_pos_keys",
    "pcsc": "pcsc_keys", "id-card": "id_card_keys", "osdp (card reader": "osdp_reader_keys",
    "osdp (turnstile": "osdp_turnstile_keys", "modbus": "modbus_keys", "bytes": "bytes_keys", "gpio": "gpio_keys",
    "escpos": "escpos_keys", "fgl": "printer_keys", "zpl": "printer_keys",
}


def page_keys(text: str) -> dict[str, set[str]]:
    """Keys by section: "node.api", "central.api", "driver.osdp (turnstile"."""
    found: dict[str, set[str]] = {}
    chapter = section = ""
    for line in text.splitlines():
        if line.startswith("## "):
            chapter, section = line[3:].lower(), ""
        elif heading := HEADING.match(line):
            name = heading.group(1)
            if chapter == "drivers":
                section = "driver." + next(known for known in DRIVERS if f"{name}{heading.group(2)}".startswith(known))
            else:
                section = f"{chapter}.{name}"
            assert section not in found, f"{section} is there twice"
            found[section] = set()
        elif section and line.startswith("| `"):
            for key in re.findall(r"`([^`]+)`", line.split("|")[1]):
                assert key not in found[section], f"{section}: {key} is there twice"
                found[section].add(key)
    return found


def node_keys(root: Path) -> dict[str, set[str]]:
    source = (root / "edge/config/reader.cpp").read_text(encoding="utf-8")
    sections = {}
    for name, body in re.findall(r"void (\w+)\(const toml::table& table\) \{\n(.*?)\n    \}\n", source, re.S):
        keys = re.findall(r"part\.(?:text|texts|boolean|choice|name_text|required_name|required_text)\(\"(\w+)\"", body)
        sections[f"node.{name}"] = set(keys)
    read = set(re.findall(r"top\.tables?\(\"(\w+)\"\)", source))
    assert {f"node.{name}" for name in read} == set(sections), (read, sections)
    checks = (root / "edge/config/checks.cpp").read_text(encoding="utf-8")
    sections["node.bus"] |= set(words(checks, "bus_keys"))
    assert 'setting.key == "bus"' in checks or 'setting.key != "bus"' in checks
    sections["node.device"].add("bus")
    return sections


def central_keys(root: Path) -> dict[str, set[str]]:
    source = (root / "sync/central/config.cpp").read_text(encoding="utf-8")
    sections = {}
    for name, body in re.findall(r"^void read_(\w+)\(TomlSection& \1, Settings& settings\) \{\n(.*?)\n\}\n", source, re.S | re.M):
        keys = re.findall(rf"{name}\.(?:text|required_text|find|flag|texts)\(\"(\w+)\"", body)
        keys += re.findall(rf"read_endpoint\({name}, \"(\w+)\"", body)
        sections[f"central.{name}"] = set(keys)
    read = set(re.findall(r"root\.section\(\"(\w+)\"\)", source))
    assert {f"central.{name}" for name in read} == set(sections), (read, sections)
    return sections


def words(source: str, array: str) -> list[str]:
    found = re.search(rf"\b{array}(?:\[\] =)? ?\{{(.*?)\}}", source, re.S)
    assert found, f"there is no {array}"
    return re.findall(r'"([\w-]+)"', found.group(1))


def driver_keys(root: Path) -> dict[str, set[str]]:
    folder = root / "drivers/catalog"
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.?pp")))
    tables = re.findall(r'\{"([\w-]+)", (\w+_keys), read_\w+\}', source)
    known = {(name.split(" ")[0], array) for name, array in DRIVERS.items()}
    assert set(tables) == known, f"drivers that the page's test does not know: {set(tables) ^ known}"
    return {f"driver.{name}": set(words(source, array)) for name, array in DRIVERS.items()}


def main(root: Path) -> int:
    page = page_keys((root / "docs/configuration.md").read_text(encoding="utf-8"))
    known = node_keys(root) | central_keys(root) | driver_keys(root)
    faults = []
    for section in sorted(page.keys() | known.keys()):
        here, there = page.get(section, set()), known.get(section, set())
        faults += [f"{section}: {key} is read, and not in the page" for key in sorted(there - here)]
        faults += [f"{section}: {key} is in the page, and nobody reads it" for key in sorted(here - there)]
    for fault in faults:
        print(fault)
    assert all(known.values()) and len(known) > 20, known
    print(f"{sum(map(len, known.values()))} keys in {len(known)} tables, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

#!/usr/bin/env python3
"""The compiler's commands as clang understands them: without GCC's precompiled headers and what else clang does not know.

Usage: clang_database.py BUILD_DIR OUT_DIR [--apart]     writes OUT_DIR/compile_commands.json

Where several sources are compiled as one (CMake's unity build) the database names that one; `--apart` names each of them.
"""
import json
import re
import sys
from pathlib import Path

UNKNOWN = re.compile(r"-Winvalid-pch|-include \S*cmake_pch\.hxx|-fsanitize=[a-z,]*|-fno-sanitize\S*|-Wno-\S*|-Werror")


def parts_of(file: str) -> list[str]:
    if "/Unity/" not in file:
        return [file]
    return re.findall(r'^#include "([^"]+)"$', Path(file).read_text(), re.MULTILINE)


def main(build: Path, out: Path, apart: bool):
    written = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        command = UNKNOWN.sub("", entry["command"])
        for file in parts_of(entry["file"]) if apart else [entry["file"]]:
            written.append({"directory": entry["directory"], "file": file, "command": command.replace(entry["file"], file)})
    (out / "compile_commands.json").write_text(json.dumps(written))


main(Path(sys.argv[1]), Path(sys.argv[2]), "--apart" in sys.argv[3:])

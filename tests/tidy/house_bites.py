#!/usr/bin/env python3
"""Does the house test bite? Each snippet breaks one rule and must be reported; the last breaks none."""
import sys

from house import faults_of

BAD = {
    ("drivers/scanner/a.cpp", '#include "sync/replication/x.hpp"'): "layer",
    ("sync/replication/a.cpp", '#include "sync/link/tls.hpp"'): "shell",
    ("edge/desk/a.cpp", "#include <sqlite3.h>"): "owner",
    ("edge/desk/a.cpp", "auto t = std::chrono::steady_clock::now();"): "clock",
    ("edge/desk/a.cpp", "std::mutex m;"): "locks",
    ("edge/station/a.hpp", "    virtual void f();"): "virtual",
    ("edge/desk/a.cpp", "co_await x;"): "coroutine",
    ("schemas/base/a.cpp", "#include <fstream>"): "I/O",
    ("tests/edge/a.cpp", "std::this_thread::sleep_for(1s);"): "wait for",
    ("edge/api/a.cpp", "int x;\n" * 501): "lines",
}
GOOD = ("edge/daemon/a.cpp", '#include <boost/asio.hpp>\n#include "drivers/port/port.hpp"\n// sleep_for( in a comment\n')

failed = 0
for (path, text), expected in BAD.items():
    messages = [message for _, message in faults_of(path, text)]
    if not any(expected in message for message in messages):
        print(f"not caught: {path}: {text[:60]!r}: {messages}")
        failed = 1
if list(faults_of(*GOOD)):
    print(f"false alarm: {list(faults_of(*GOOD))}")
    failed = 1
print(f"{len(BAD)} broken rules, {'some not' if failed else 'all'} caught")
sys.exit(failed)

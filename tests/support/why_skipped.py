"""Says after ctest's summary why tests were skipped: why_skipped.py BUILD. Reads the log that ctest has just written."""
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1]) / "Testing" / "Temporary"
logs = [folder / name for name in ("LastTest.log.tmp", "LastTest.log") if (folder / name).exists()]
log = logs[0].read_text(errors="replace") if logs else ""
for part in re.split(r"^(?=\d+/\d+ Testing: )", log, flags=re.MULTILINE):
    name = re.match(r"\d+/\d+ Testing: (.*)", part)
    reasons = dict.fromkeys(re.findall(r"^skipped: (.*)", part, flags=re.MULTILINE))
    for reason in reasons if name else ():
        print(f"\t{name[1]} was skipped: {reason}")

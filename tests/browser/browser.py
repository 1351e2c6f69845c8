"""Node with playwright-core: runs a script of this folder and does for it what it asks of the world outside the browser."""
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[0] / "integration"))
from stage import expect  # noqa: E402


def play(script: str, settings: dict, hands) -> None:
    """`settings` go to the script. It says sentences and asks `hands` to do things, a JSON object a line."""
    browser = subprocess.Popen(["node", HERE / script, json.dumps(settings)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True, env=os.environ | {"LANG": "C.UTF-8"})
    said = []
    try:
        for line in browser.stdout:
            asked = json.loads(line)
            if "say" in asked:
                said.append(asked["say"])
                print(asked["say"], flush=True)
                continue
            what = asked.pop("do")
            if what.startswith("_"):
                raise ValueError(what)
            print(json.dumps(getattr(hands, what)(**asked)), file=browser.stdin, flush=True)
        expect(browser.wait(30) == 0, "the browser's script ended well; it said: " + "; ".join(said))
    finally:
        if browser.poll() is None:
            browser.kill()

#!/usr/bin/env python3
"""What people do to a booth that holds records which central has not: enrol it again, start it as another node, start it twice,
point it at another venue's central, take its journal's place with an older copy. Each is refused before anything is changed, or
changes nothing; what was sold arrives afterwards, once."""
import hashlib
import shutil
import subprocess
from pathlib import Path

from stage import CLERK, PATIENCE, Stage, TooSlow, expect, play, wait_until
from venue import Cable, Venue

CONFIG = 78


class Counted(Cable):
    met = 0  # two for each connection

    def _pump(self, source, sink, pair):
        self.met += 1
        super()._pump(source, sink, pair)


def files(node) -> dict[str, str]:
    """What stands in its data directory, but for what every start writes anew."""
    return {str(path.relative_to(node.data)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(node.data.rglob("*")) if path.is_file() and not path.name.endswith(("-shm", ".sock"))}


def run(*command, within: float = PATIENCE) -> subprocess.CompletedProcess:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=within)


def enrol_again(stage: Stage, node) -> str:
    token = stage.venue.central.api.post("enrolment-tokens", {"name": "booth-2"})["token"]
    before = files(node)
    tried = run(stage.venue.programs / "gatehouse", "enrol", "--central", f"https://127.0.0.1:{stage.venue.sync_port}",
                "--token", token, "--config", node.config)
    expect(tried.returncode == CONFIG and tried.stderr.strip(), f"a node is enrolled once: {tried.returncode} {tried.stderr}")
    expect(files(node) == before, "nothing of it was touched")
    return "enrolment refused"


def as_another(stage: Stage, node) -> str:
    text = node.config.read_text()
    before = files(node)
    node.config.write_text(text.replace('name = "booth"', 'name = "gate"', 1))
    tried = run(*node.command)
    node.config.write_text(text)
    expect(tried.returncode == CONFIG, f"the configuration of another node does not start: {tried.returncode} {tried.stderr[-300:]}")
    expect(files(node) == before, "nothing was appended under another name")
    return "another's configuration refused"


def twice(node) -> str:
    tried = run(*node.command)
    expect(tried.returncode != 0, "a second process does not open the same data")
    expect(node.alive and node.api.ready(), "and the first goes on")
    return f"a second start ended {tried.returncode}"


def at_another_venue(stage: Stage, node) -> str:
    other = Venue(stage.venue.root / "other", stage.venue.programs)
    other.start_central()
    line = Counted(("127.0.0.1", other.sync_port))
    text = node.config.read_text()
    node.stop()
    node.config.write_text(text.replace(f":{node.to_central.port}/", f":{line.port}/", 1))
    node.start()
    stage.log_in(node, CLERK)
    stage.sell(node)
    wait_until(lambda: line.met >= 4, PATIENCE, "the two to have met twice")
    expect(not node.api.get("status")["central"]["connected"], "another venue's central is not taken for ours")
    expect(other.central.api.get("nodes")["nodes"] == [], "and it knows of no such node")
    acked = node.api.get("status")["journal"]
    expect(acked["backlog"] > 0, f"nothing counts as received there: {acked}")
    node.stop()
    node.config.write_text(text)
    line.close()
    other.stop()
    return "another venue's central told nothing"


def older_copy(stage: Stage, node, copy: Path) -> str:
    """Its own records, from before: whoever holds more of them says so, and it does not write what was written already."""
    kept = node.home / "kept"
    node.data.rename(kept)
    shutil.copytree(copy, node.data)
    before, logged = files(node), len(node.log.read_text())
    node.start(wait=False)
    heard_of_nobody = lambda: "ready: node" in node.log.read_text()[logged:]
    wait_until(lambda: not node.alive or heard_of_nobody(), PATIENCE, "a node with an older copy of its journal to end")
    if heard_of_nobody():
        raise TooSlow("the start had heard of nobody when it stopped waiting")
    ended = node.process.returncode
    expect(ended == 65, f"it says that it was restored: {ended}")
    expect(files(node).get("journal.db") == before["journal.db"], "nothing was appended behind what others know")
    shutil.rmtree(node.data)
    kept.rename(node.data)
    return "an older copy ended 65"


def story(stage: Stage) -> str:
    stage.open()
    node = stage.node("booth", CLERK, windows=[{"name": "window-1"}])
    stage.open_shift(node)
    stage.sell(node)
    wait_until(stage.venue.drained, PATIENCE, "the first sale to reach central")
    node.stop()
    copy = node.home / "copy"
    shutil.copytree(node.data, copy)
    node.start()
    stage.log_in(node, CLERK)
    stage.sell(node)
    wait_until(stage.venue.drained, PATIENCE, "the second sale to reach central")
    stage.venue.cut("booth")
    for _ in range(3):
        stage.sell(node)
    expect(node.api.get("status")["journal"]["backlog"] >= 3, "there are records that central has not")
    told = [twice(node), at_another_venue(stage, node)]
    told += [enrol_again(stage, node), as_another(stage, node)]
    stage.venue.mend("booth")
    told.append(older_copy(stage, node, copy))
    node.start()
    stage.log_in(node, CLERK)
    stage.sell(node)
    wait_until(stage.venue.drained, PATIENCE, "everything to reach central")
    central = stage.venue.central.api
    date = central.get("reports/sales")["business_date"]
    total = central.get("reports/sales", business_date=date)["totals"]["sales"]
    expect(total == 7, f"each sale is at central, once: {total}")
    expect(central.get("conflicts")["conflicts"] == [], "and nothing to settle")
    return f"{total} sales, 4 of them pending: " + ", ".join(told)


play(story)

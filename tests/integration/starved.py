#!/usr/bin/env python3
"""A booth that runs out of what the machine gives: open files, threads. What it has answered stays on record; it goes on
when there is more, or ends with a code and comes back; and it never answers what it has not recorded."""
import http.client
import json
import os
import resource
import signal
import subprocess
import time

from stage import CLERK, PATIENCE, PRICE, Stage, expect, play, wait_until


class Clerk:
    """One connection that stays, as a page's does."""

    def __init__(self, stage: Stage, node):
        self.stage, self.node, self.answered = stage, node, {}
        self.connection = None

    def sell(self) -> bool:
        """False when the connection broke."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.node.api.port, timeout=PATIENCE)
        sale_id = self.stage.new_id()
        body = {"id": sale_id, "window": "window-1", "lines": [{"product": "adult", "quantity": 1}],
                "tenders": [{"kind": "cash", "amount_minor": PRICE["adult"]}]}
        try:
            self.connection.request("POST", "/api/v1/sales", json.dumps(body), {
                "Content-Type": "application/json", "Authorization": f"Bearer {self.node.api.token}"})
            answer = self.connection.getresponse()
            read = json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            return False
        if answer.status == 201:
            self.answered[sale_id] = read["sale"]
        else:
            expect(answer.status == 503, f"who cannot sell says so: {answer.status} {read}")
        return answer.status == 201


def allow_files(node, limit: int):
    pid = node.process.pid
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]))


def allow_no_more_files(node) -> int:
    """The limit is a number, not a count: the first that is free. How many there are below it."""
    used = {int(fd) for fd in os.listdir(f"/proc/{node.process.pid}/fd")}
    limit = next(n for n in range(len(used) + 1) if n not in used)
    allow_files(node, limit)
    return limit


def turned_away(node) -> bool:
    """A stranger who connects gets no answer."""
    stranger = http.client.HTTPConnection("127.0.0.1", node.api.port, timeout=1)
    try:
        stranger.request("GET", "/livez")
        stranger.getresponse().read()
        return False
    except (OSError, http.client.HTTPException):
        return True
    finally:
        stranger.close()


def seconds_of_cpu(node) -> float:
    fields = open(f"/proc/{node.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def without_files(stage: Stage, node, clerk: Clerk) -> str:
    expect(clerk.sell(), "a sale with everything there")
    before = resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE)[0]
    used = 0

    def wanting() -> bool:  # what was closed meanwhile is a number that is free again
        nonlocal used
        used = allow_no_more_files(node)
        return turned_away(node)
    wait_until(wanting, PATIENCE, "somebody to meet the want of files")
    refused = 1
    began, cpu = time.monotonic(), seconds_of_cpu(node)
    for _ in range(5):
        refused += turned_away(node)
        expect(clerk.sell(), "who is connected goes on selling")
    spent = (seconds_of_cpu(node) - cpu) / (time.monotonic() - began)
    expect(spent < 0.5, f"and the node does not run in circles for it: {spent:.0%} of a core")
    allow_files(node, before)
    wait_until(lambda: not turned_away(node), PATIENCE, "the booth to take connections again")
    expect(clerk.sell(), "and sales go on")
    return f"{refused} connections turned away with {used} files"


def without_threads(node) -> str:
    """Starts it so that its n-th thread cannot be begun, for every n there is. The kernel says EAGAIN to whom it has no more for."""
    ended = []
    log = node.home / "strace"
    for nth in range(1, 30):
        traced = ["strace", "-f", "-qq", "-o", log, "-e", "trace=clone,clone3", "-e",
                  f"inject=clone,clone3:error=EAGAIN:when={nth}", *node.command]
        with open(node.log, "ab") as out:
            node.process = subprocess.Popen(traced, stdout=out, stderr=subprocess.STDOUT)
        wait_until(lambda: not node.alive or node.api.ready(), 2 * PATIENCE, f"a start without its thread {nth} to end or to be ready")
        if "INJECTED" not in log.read_text():
            with open(f"/proc/{node.process.pid}/task/{node.process.pid}/children") as children:
                os.kill(int(children.read().split()[0]), signal.SIGTERM)
            node.process.wait(PATIENCE)
            break
        wait_until(lambda: not node.alive, PATIENCE, f"it to end: without its thread {nth} it does not go on as if it had it")
        ended.append(node.process.returncode)
        expect(ended[-1] == os.EX_OSERR, f"without its thread {nth} it ends with {os.EX_OSERR}: {ended}")
        last = node.log.read_text().splitlines()[-3:]
        expect(any("the system gives no more threads" in line for line in last) and
               any("操作系统不再给线程" in line for line in last), f"and says why, in both languages: {last}")
    expect(len(ended) > 2, f"threads were refused: {ended}")
    return f"{len(ended)} starts without one of its threads ended {sorted(set(ended))}"


def story(stage: Stage) -> str:
    stage.open()
    node = stage.node("booth", CLERK, windows=[{"name": "window-1"}])
    stage.open_shift(node)
    clerk = Clerk(stage, node)
    told = [without_files(stage, node, clerk)]
    node.kill()
    told.append(without_threads(node))
    node.start()
    expect(clerk.sell() or clerk.sell(), "with everything there it sells again")
    wait_until(stage.venue.drained, PATIENCE, "the journal to reach central")
    node.stop()
    ids = [r["body"]["id"] for r in stage.records(node) if r["kind"] == "sale"]
    expect(len(ids) == len(set(ids)) and set(clerk.answered) <= set(ids), "what was answered is on record, once")
    return f"{len(ids)} sales; " + "; ".join(told)


play(story)

"""A venue on one machine: central, nodes, emulated devices, and the cables between them.

The demonstration, the benches and the integration tests all stand on this. It speaks to the programs only as people and
devices do: configuration files, commands, HTTP, and the emulator's control socket. Python's standard library only.

    venue = Venue(Path("/tmp/v"), Path("build/release/bin"))
    venue.start_central()
    booth = venue.add_node("booth", windows=["window-1"])
    venue.cut("booth")        # every cable of the node, at both ends
"""
from __future__ import annotations

import datetime
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import zoneinfo
from pathlib import Path


PATIENCE = 60.0  # seconds for what takes a moment: a busy machine with sanitizers is slow, and waiting ends when it is there


class Refused(Exception):
    """An HTTP answer that is not 2xx: `status`, and the problem's `code` and body."""

    def __init__(self, status: int, body: dict):
        super().__init__(f"{status} {body.get('code')}: {body.get('detail', '')}")
        self.status, self.body, self.code = status, body, body.get("code")


_kept_ports: list[socket.socket] = []


def free_port() -> int:
    """A port for a program that is started later. It stays bound here without listening, so the kernel gives it to nobody
    else, neither to another story beside this one nor to a connection that goes out; who reuses addresses may listen on it."""
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    _kept_ports.append(kept)
    return kept.getsockname()[1]


def wait_until(done, seconds: float, what: str, step: float = 0.02):
    """The first true value of `done()`; a TimeoutError that says `what` when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = done()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(step)


class Cable:
    """A TCP relay that can be cut: what is connected breaks, what comes is turned away. Or it falls silent: nothing comes
    through any more, and neither end is told."""

    def __init__(self, target: tuple[str, int]):
        self.target, self.is_cut = target, False
        self.octets_per_s: float | None = None  # each way, while somebody wants to look on; as fast as it goes without
        self.cuts = 0  # connections broken or turned away: a cut that met nobody proved nothing
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def silence(self):
        self._flowing.clear()

    def cut(self):
        with self._lock:
            self.is_cut = True
            self._flowing.set()
            for pair in list(self._pairs):
                self.cuts += 1
                for end in pair:
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass

    def mend(self):
        with self._lock:
            self.is_cut = False
            self._flowing.set()

    def close(self):
        self.cut()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.is_cut:
                self.cuts += 1
                near.close()
                continue
            try:
                far = socket.create_connection(self.target, timeout=2)
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.settimeout(None)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (near, far)
            with self._lock:
                if self.is_cut:  # cut while this one was being joined
                    self.cuts += 1
                    near.close()
                    far.close()
                    continue
                self._pairs.add(pair)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink, pair), daemon=True).start()

    def _pump(self, source, sink, pair):
        try:
            while chunk := source.recv(65536):
                while chunk:
                    self._flowing.wait()
                    pace = self.octets_per_s
                    piece, chunk = (chunk[:512], chunk[512:]) if pace else (chunk, b"")
                    sink.sendall(piece)
                    if pace:
                        time.sleep(len(piece) / pace)
        except OSError:
            pass
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self._lock:
            self._pairs.discard(pair)


class Api:
    """One program's HTTP interface, with a login."""

    def __init__(self, port: int):
        self.port, self.token = port, None
        self.who: tuple[str, str] | None = None  # logged in last
        self.heard_since_start = False           # a login was answered since the program was started

    def call(self, method: str, path: str, body=None, headers=None, timeout: float = 30.0):
        """(status, headers, decoded body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        data = body
        if body is not None and not isinstance(body, (bytes, str)):
            data = json.dumps(body)
            sent["Content-Type"] = "application/json"
        try:
            connection.request(method, path if path.startswith("/livez") or path.startswith("/readyz")
                               or path.startswith("/healthz") or path == "/metrics" else "/api/v1/" + path.lstrip("/"),
                               data, sent)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        kind = answer.headers.get("Content-Type", "")
        decoded = json.loads(text) if kind.split(";")[0].endswith(("/json", "+json")) and text else text.decode("utf-8", "replace")
        return answer.status, answer.headers, decoded

    def get(self, path: str, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return self._good(self.call("GET", path))

    def post(self, path: str, body=None, headers=None):
        return self._good(self.call("POST", path, {} if body is None else body, headers))

    def put(self, path: str, body, headers=None):
        return self._good(self.call("PUT", path, body, headers))

    def login(self, operator: str, pin: str):
        self.token = Api(self.port).post("login", {"operator": operator, "pin": pin})["token"]
        self.who, self.heard_since_start = (operator, pin), True

    def ready(self) -> bool:
        try:
            return self.call("GET", "/readyz", timeout=5)[0] == 200
        except (OSError, http.client.HTTPException):  # nobody there, or going away, or speaking TLS
            return False

    @staticmethod
    def _good(answer):
        status, _, body = answer
        if not 200 <= status < 300:
            raise Refused(status, body if isinstance(body, dict) else {"detail": str(body)})
        return body


class Events:
    """Follows a program's event stream in the background; `wait` looks at what came since a mark."""

    def __init__(self, api: Api):
        self.seen: list[tuple[str, dict]] = []
        self._news = threading.Condition()
        self._connection = http.client.HTTPConnection("127.0.0.1", api.port)
        self._connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {api.token}"})
        self._stream = self._connection.getresponse()
        if self._stream.status != 200:
            raise Refused(self._stream.status, {"detail": "events"})
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        kind, data = "message", []
        try:
            for raw in self._stream:
                line = raw.decode().rstrip("\r\n")
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:"):
                    data.append(line[5:].strip())
                elif not line and data:
                    with self._news:
                        self.seen.append((kind, json.loads("\n".join(data))))
                        self._news.notify_all()
                    kind, data = "message", []
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # the program ended, or we did

    def mark(self) -> int:
        return len(self.seen)

    def wait(self, mark: int, wanted, seconds: float, what: str) -> dict:
        """The first event since `mark` for which `wanted(kind, data)`."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                for kind, data in self.seen[mark:]:
                    if wanted(kind, data):
                        return data
                left = deadline - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise TimeoutError(f"waited {seconds} s for {what}; saw {self.seen[mark:]}")

    def close(self):
        try:
            self._connection.sock and self._connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Devices:
    """A running gatehouse-devices, through its control socket."""

    def __init__(self, program: Path, scenario: Path, control: Path):
        self.control = control
        self.process = subprocess.Popen([program, scenario], stderr=open(scenario.with_suffix(".log"), "ab"))
        wait_until(self._listens, PATIENCE, "the emulator's control socket")

    def _listens(self) -> bool:
        """The socket has its name before anybody listens at it."""
        if self.process.poll() is not None:
            raise RuntimeError(f"gatehouse-devices ended with {self.process.returncode}")
        with socket.socket(socket.AF_UNIX) as line:
            return line.connect_ex(str(self.control)) == 0

    def do(self, what: str, device: str | None = None, timeout: float = 60.0, **more) -> dict:
        request = {"do": what, **({"device": device} if device else {}), **more}
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(timeout)
            line.connect(str(self.control))
            line.sendall(json.dumps(request).encode() + b"\n")
            answer = line.makefile("rb").readline()
        decoded = json.loads(answer)
        if "error" in decoded:
            raise RuntimeError(f"{request}: {decoded['error']}")
        return decoded

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


class Daemon:
    """A program with a configuration that is started, stopped and killed."""

    def __init__(self, command: list, log: Path, api: Api):
        self.command, self.log, self.api = [str(part) for part in command], log, api
        self.process: subprocess.Popen | None = None

    def start(self, ready_within: float = PATIENCE, wait: bool = True):
        self.api.heard_since_start = False
        self.process = subprocess.Popen(self.command, stdout=open(self.log, "ab"), stderr=subprocess.STDOUT)
        if wait:
            self.wait_ready(ready_within)

    def wait_ready(self, within: float = PATIENCE):
        def up():
            if self.process.poll() is not None:
                tail = self.log.read_text(errors="replace").splitlines()[-15:]
                raise RuntimeError(f"{self.command[0]} ended with {self.process.returncode}:\n" + "\n".join(tail))
            return self.api.ready()
        wait_until(up, within, f"{self.command[0]} to be ready")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)

    def kill(self):
        """kill -9: nothing is written any more by the process, the page cache stays."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Node(Daemon):
    """One edge daemon with its cables: `to_central`, and one to each peer it dials."""

    def __init__(self, venue: "Venue", name: str):
        self.venue, self.name = venue, name
        self.home = venue.root / name
        self.home.mkdir(parents=True, exist_ok=True)
        self.data = self.home / "data"
        self.config = self.home / "node.toml"
        self.peer_port = free_port()
        self.to_central = Cable(("127.0.0.1", venue.sync_port))
        self.to_peers: dict[str, Cable] = {}
        self.device_names: set[str] = set()
        api = Api(free_port())
        super().__init__([venue.programs / "gatehouse-edge", "--config", self.config], self.home / "log", api)

    def cables(self) -> list[Cable]:
        """Every cable that ends at this node, those that its peers dial included."""
        theirs = [n.to_peers[self.name] for n in self.venue.nodes.values() if self.name in n.to_peers]
        return [self.to_central, *self.to_peers.values(), *theirs]

    def write_config(self, devices=(), lanes=(), windows=(), peers: bool = True, discovery: bool = False, extra: str = ""):
        """`devices`, `lanes` and `windows` are tables as the configuration has them."""
        if peers:
            for other in self.venue.nodes.values():
                if other.name not in self.to_peers and other.name < self.name:
                    self.to_peers[other.name] = Cable(("127.0.0.1", other.peer_port))
        static = ", ".join(f'"127.0.0.1:{cable.port}"' for cable in self.to_peers.values())
        text = (f'[node]\nname = "{self.name}"\ndata_dir = "{self.data}"\n'
                f'[central]\nurls = ["wss://127.0.0.1:{self.to_central.port}/sync"]\n'
                f'[peers]\nlisten = "127.0.0.1:{self.peer_port}"\nstatic = [{static}]\n{"discovery = true" if discovery else ""}\n'
                f'[api]\nlisten = "127.0.0.1:{self.api.port}"\n')
        self.device_names = {device["name"] for device in devices}
        for table, entries in (("device", devices), ("lane", lanes), ("window", windows)):
            for entry in entries:
                text += f"[[{table}]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in entry.items())
        self.config.write_text(text + extra)

    def enrol(self):
        token = self.venue.central.api.post("enrolment-tokens", {"name": self.name})["token"]
        subprocess.run([self.venue.programs / "gatehouse", "enrol", "--central",
                        f"https://127.0.0.1:{self.to_central.port}", "--token", token, "--config", self.config],
                       check=True, stdout=subprocess.DEVNULL)

    def await_devices(self):
        """Until all are open: what is scanned or printed before that is seen by nobody."""
        def online() -> bool:
            return self.device_names <= {d["name"] for d in self.api.get("status")["devices"] if d["state"] == "online"}
        wait_until(online, PATIENCE, f"the devices of {self.name} to be online")

    def journal(self, *verb: str, check: bool = True) -> subprocess.CompletedProcess:
        """`gatehouse journal …` on the files of the stopped node."""
        return subprocess.run([self.venue.programs / "gatehouse", "journal", *verb, "--data-dir", self.data],
                              check=check, capture_output=True, text=True)


class Venue:
    def __init__(self, root: Path, programs: Path):
        self.root, self.programs = root, programs
        root.mkdir(parents=True, exist_ok=True)
        self.nodes: dict[str, Node] = {}
        self.devices: Devices | None = None
        self.sync_port = free_port()
        self.central_home = root / "central"
        self.central_config = self.central_home / "central.toml"
        self.central = Daemon([programs / "gatehouse-central", "--config", self.central_config],
                              self.central_home / "log", Api(free_port()))
        self.admin_pin = ""
        self.cutover_hour = 4  # on the venue's clock

    def init_central(self, time_zone: str = "Asia/Shanghai"):
        # Tickets are for one business day: no story runs from one into the next.
        self.cutover_hour = 16 if 2 <= datetime.datetime.now(zoneinfo.ZoneInfo(time_zone)).hour < 5 else 4
        self.central_home.mkdir(parents=True, exist_ok=True)
        self.central_config.write_text(
            f'[server]\nlisten = "127.0.0.1:{self.sync_port}"\ndata_dir = "{self.central_home / "data"}"\n'
            f'[store]\nurl = "sqlite://{self.central_home / "data" / "central.db"}"\n'
            f'[venue]\nname = "Lotus Lake"\ntime_zone = "{time_zone}"\ncurrency = "CNY"\n'
            f'business_day_cutover = "{self.cutover_hour:02}:00"\n[api]\nlisten = "127.0.0.1:{self.central.api.port}"\n')
        made = subprocess.run([self.programs / "gatehouse-central", "init", "--config", self.central_config, "--json"],
                              check=True, capture_output=True, text=True)
        self.admin_pin = json.loads(made.stdout)["pin"]

    def start_central(self):
        if not self.central_config.exists():
            self.init_central()
        self.central.start()
        self.central.api.login("admin", self.admin_pin)

    def publish(self, change):
        """GET the catalogue, let `change(catalogue)` edit it, PUT it back."""
        _, headers, catalogue = self.central.api.call("GET", "catalogue")
        change(catalogue)
        return self.central.api.put("catalogue", catalogue, {"If-Match": headers["ETag"]})

    def add_node(self, name: str) -> Node:
        node = self.nodes[name] = Node(self, name)
        return node

    def start_devices(self, scenario: str):
        path = self.root / "devices.toml"
        path.write_text(scenario)
        self.devices = Devices(self.programs / "gatehouse-devices", path, self.root / "devices.sock")

    def cut(self, *names: str):
        for name in names or self.nodes:
            for cable in self.nodes[name].cables():
                cable.cut()

    def mend(self, *names: str):
        for name in names or self.nodes:
            for cable in self.nodes[name].cables():
                cable.mend()

    def drained(self) -> bool:
        """Central holds everything that every live node has."""
        for node in self.nodes.values():
            if not node.alive:
                continue
            if not node.api.heard_since_start and node.api.who:
                # Ready is a node that records; what it records at its start may not be on disk yet, nor count as backlog.
                # A login's own record comes behind, and is answered when it is on disk.
                node.api.login(*node.api.who)
            if node.api.get("status")["journal"]["backlog"] != 0:
                return False
        return True

    def stop(self):
        for node in self.nodes.values():
            if node.alive:
                node.stop()
            for cable in node.cables():
                cable.close()
        if self.central.alive:
            self.central.stop()
        if self.devices:
            self.devices.stop()

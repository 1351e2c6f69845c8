#!/usr/bin/env python3
"""Plays `story.py` in a virtual machine with Debian's kernel, where USB, HID, printers and GPIO chips are real devices.

The machine sees this one's files (read only, changes go to its memory) and is emulated instruction by instruction, so no
privilege beyond reading the kernel is asked for. A serial converter is QEMU's: what the guest prints as `LAB: …` on its
console is done to it from here.

Usage: tests/devicelab/lab.py --programs DIR [--seconds N]     ends 77, with the reason, where it cannot run
With the other tests (ctest) it is played when GATEHOUSE_DEVICELAB is set.
"""
from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
QEMU, BUSYBOX = shutil.which("qemu-system-x86_64"), Path("/bin/busybox")
# What it takes to see this machine's files; everything else is loaded from there.
TO_BOOT = ("virtio_pci", "9pnet_virtio", "9p", "overlay")
IN_THE_GUEST = ("xhci_pci", "dummy_hcd", "libcomposite", "usb_f_hid", "usb_f_printer", "usbhid", "hid_generic", "usblp", "evdev",
                "ftdi_sio", "uhid", "hid_cp2112")

INIT = """#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sysfs /sys; $b mount -t devtmpfs dev /dev
for module in $($b cat /order); do $b insmod "$module"; done
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose machine /below || echo "LAB: result 1"
$b mount -t tmpfs memory /above; $b mkdir -p /above/changed /above/work /root
$b mount -t overlay overlay -o lowerdir=/below,upperdir=/above/changed,workdir=/above/work /root
for each in proc sys dev; do $b mount --move /$each /root/$each; done
$b mkdir -p /root/dev/pts /root/dev/shm
$b mount -t devpts pts /root/dev/pts; $b mount -t tmpfs shm /root/dev/shm; $b mount -t tmpfs run /root/run
$b mount -t tmpfs tmp /root/tmp
$b ifconfig lo up
exec $b switch_root /root /bin/sh -c '%s; echo "LAB: result $?"; echo o > /proc/sysrq-trigger; sleep 60'
"""


def newest_kernel() -> Path | None:
    kernels = [k for k in Path("/boot").glob("vmlinuz-*") if Path("/lib/modules", k.name.removeprefix("vmlinuz-")).is_dir()]
    return max(kernels, key=lambda k: k.stat().st_mtime, default=None)


def files_of(kernel: Path, module: str) -> list[str]:
    """The module's file and before it those that it needs; nothing for what the kernel has built in."""
    release = kernel.name.removeprefix("vmlinuz-")
    said = subprocess.run(["/sbin/modprobe", "--set-version", release, "--show-depends", module], capture_output=True, text=True)
    if said.returncode != 0:
        raise LookupError(said.stderr.strip())
    return [line.split()[1] for line in said.stdout.splitlines() if line.startswith("insmod")]


def why_not(programs: Path) -> str | None:
    """Why the machine cannot be had here."""
    if QEMU is None:
        return "qemu-system-x86_64 is not installed (qemu-system-x86)"
    if not BUSYBOX.exists():
        return "/bin/busybox is not installed (busybox-static)"
    for program in ("/sbin/modprobe", "/bin/udevadm", "/usr/bin/cpio"):
        if not Path(program).exists():
            return f"{program} is not installed (kmod, udev, cpio)"
    kernel = newest_kernel()
    if kernel is None or not os.access(kernel, os.R_OK):
        return "no readable kernel with its modules in /boot (linux-image-amd64)"
    try:
        for module in (*TO_BOOT, *IN_THE_GUEST):
            files_of(kernel, module)
    except LookupError as missing:
        return str(missing)
    if os.geteuid() != 0:
        return "only root can hand every file of this machine to the virtual one"
    linked = subprocess.run(["ldd", programs / "gatehouse-edge"], capture_output=True, text=True).stdout
    if "libasan" in linked or "libtsan" in linked:
        return "programs with sanitizers are too slow in an emulated machine"
    return None


def make_initramfs(folder: Path, kernel: Path, command: str) -> Path:
    root = folder / "initramfs"
    for name in ("bin", "proc", "sys", "dev", "below", "above", "modules"):
        (root / name).mkdir(parents=True)
    shutil.copy(BUSYBOX, root / "bin/busybox")
    order: list[str] = []
    for module in TO_BOOT:
        for file in files_of(kernel, module):
            if f"/modules/{Path(file).name}" not in order:
                shutil.copy(file, root / "modules")
                order.append(f"/modules/{Path(file).name}")
    (root / "order").write_text("\n".join(order) + "\n")
    (root / "init").write_text(INIT % command)
    (root / "init").chmod(0o755)
    names = "\n".join(str(p.relative_to(root)) for p in sorted(root.rglob("*")))
    packed = subprocess.run(["cpio", "--create", "--format=newc", "--quiet"], cwd=root, input=names.encode(), check=True,
                            capture_output=True)
    image = folder / "initramfs.img"
    image.write_bytes(packed.stdout)
    return image


class Bench:
    """What is plugged into the machine from outside: serial converters at a USB controller."""

    def __init__(self, folder: Path):
        self.monitor, self.wire = folder / "monitor", folder / "wire"
        self.line: socket.socket | None = None

    def arguments(self) -> list[str]:
        return ["-qmp", f"unix:{self.monitor},server=on,wait=off", "-device", "qemu-xhci,id=usb",
                "-chardev", f"socket,id=wire,path={self.wire},server=on,wait=off", "-chardev", "null,id=nothing",
                "-device", f"usb-serial,{self.converter('wire')}"]

    @staticmethod
    def converter(name: str) -> str:
        return f"id={name},chardev={name},serial={name.upper()}01,always-plugged=on"

    def type(self, text: str):
        if self.line is None:
            self.line = socket.socket(socket.AF_UNIX)
            self.line.connect(str(self.wire))
        self.line.sendall(bytes.fromhex(text))

    def ask(self, what: str, **arguments):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.monitor))
            talk = line.makefile("rw")
            talk.readline()
            for request in ({"execute": "qmp_capabilities"}, {"execute": what, "arguments": arguments}):
                talk.write(json.dumps(request) + "\n")
                talk.flush()
                while True:
                    answer = json.loads(talk.readline())
                    if "error" in answer:
                        raise RuntimeError(f"{request}: {answer}")
                    if "return" in answer:
                        break

    def do(self, order: str):
        verb, name, *rest = order.split()
        if verb == "type":
            self.type(rest[0])
        elif verb == "unplug":
            self.ask("device_del", id=name)
        elif verb == "plug":
            self.ask("device_add", driver="usb-serial", id=name, chardev=name, serial=f"{name.upper()}01", **{"always-plugged": True})


def boot(folder: Path, programs: Path, seconds: float) -> int:
    kernel = newest_kernel()
    command = f"/usr/bin/python3 -u {HERE / 'story.py'} --programs {programs.resolve()}"
    bench = Bench(folder)
    machine = subprocess.Popen(
        [QEMU, "-machine", "q35", "-cpu", "max", "-smp", "2", "-accel", "tcg,thread=multi", "-m", "3072", "-nographic",
         "-no-reboot", "-nodefaults", "-serial", "stdio", "-kernel", str(kernel),
         "-initrd", str(make_initramfs(folder, kernel, command)), "-append", "console=ttyS0 quiet panic=-1 no_timer_check",
         "-virtfs", "local,path=/,mount_tag=machine,security_model=passthrough,readonly=on,multidevs=remap",
         *bench.arguments()], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    late = threading.Timer(seconds, machine.kill)
    late.start()
    began, result = time.monotonic(), None
    try:
        for raw in machine.stdout:
            line = raw.decode(errors="replace").rstrip()
            if line.startswith("LAB: result "):
                result = int(line.split()[2])
                break
            if line.startswith("LAB: "):
                bench.do(line.removeprefix("LAB: "))
            else:
                print(f"{time.monotonic() - began:6.1f}  {line}", flush=True)
    finally:  # also when lab.py itself is told to end
        late.cancel()
        machine.kill()
        machine.wait()
    if result is None:
        print(f"the machine ended without a result; {seconds} s are the limit", file=sys.stderr)
    return 1 if result is None else result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=1700, help="after which the machine is stopped (1700)")
    parser.add_argument("--when-wanted", action="store_true", help="only if GATEHOUSE_DEVICELAB is set, as under ctest")
    asked = parser.parse_args()
    if asked.when_wanted and "GATEHOUSE_DEVICELAB" not in os.environ:
        print("skipped: it takes minutes of idle processors; GATEHOUSE_DEVICELAB=1 plays it with the other tests")
        return 77
    if reason := why_not(asked.programs):
        print(f"skipped: {reason}")
        return 77
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="gatehouse-lab-") as folder:
        return boot(Path(folder), asked.programs, asked.seconds)


if __name__ == "__main__":
    sys.exit(main())

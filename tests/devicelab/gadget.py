"""A USB device with three functions, plugged into a USB controller of the kernel's own (dummy_hcd): a keyboard-wedge scanner,
a HID point-of-sale scanner and a printer. Made through configfs; see the kernel's gadget_configfs.rst."""
from __future__ import annotations

import fcntl
import os
import select
import socket
import threading
import time
from pathlib import Path

CONTROLLER = "dummy_udc.0"
# HID usage tables: a boot keyboard; and page 0x8C, bar code scanner, report 2 of 63 octets.
KEYBOARD = bytes.fromhex("05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508"
                         "150025650507190029658100c0")
SCANNER = bytes.fromhex("058c0902a1018502150026ff007508953f09fe8102c0")
SET_PRINTER_STATUS = 0xC0016722  # linux/usb/g_printer.h
SELECTED, NO_ERROR, PAPER_EMPTY = 0x10, 0x08, 0x20
# What is typed without Shift and with it, by the usage of its key (HID usage tables, keyboard page).
PLAIN = {**{chr(ord("a") + n): 4 + n for n in range(26)}, **{c: 30 + n for n, c in enumerate("1234567890")}, "\n": 40, "-": 45,
         ".": 55, "/": 56, "=": 46}
SHIFTED = {**{c.upper(): key for c, key in PLAIN.items() if c.isalpha()}, "_": 45, ":": 51, "+": 46}


class Gadget:
    def __init__(self):
        self.home = Path("/sys/kernel/config/usb_gadget/lab")
        self._write({"idVendor": "0x05e0", "idProduct": "0x1701", "strings/0x409/serialnumber": "LAB0001",
                     "strings/0x409/manufacturer": "Lab", "strings/0x409/product": "Counter"})
        self._write({"protocol": "1", "subclass": "1", "report_length": "8", "report_desc": KEYBOARD}, "functions/hid.keys")
        self._write({"protocol": "0", "subclass": "0", "report_length": "64", "report_desc": SCANNER}, "functions/hid.scanner")
        self._write({"pnp_string": "MFG:Lab;CMD:ESC/POS;MDL:Lab;CLS:PRINTER;", "q_len": "10"}, "functions/printer.0")
        (self.home / "configs/c.1/strings/0x409").mkdir(parents=True)
        for function in ("hid.keys", "hid.scanner", "printer.0"):
            (self.home / "configs/c.1" / function).symlink_to(self.home / "functions" / function)

    def _write(self, files: dict, below: str = ""):
        for name, content in files.items():
            file = self.home / below / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def plug(self):
        (self.home / "UDC").write_text(CONTROLLER)

    def unplug(self):
        (self.home / "UDC").write_text("\n")

    @staticmethod
    def type(text: str):
        """Each key down and up, Shift in the same report as its key, as scanners do it."""
        with open("/dev/hidg0", "wb", buffering=0) as keys:
            for letter in text:
                shift, usage = (0, PLAIN[letter]) if letter in PLAIN else (2, SHIFTED[letter])
                keys.write(bytes((shift, 0, usage, 0, 0, 0, 0, 0)))
                keys.write(bytes(8))
                time.sleep(0.02)  # the kernel keeps 64 events for a reader, and this machine is slow

    @staticmethod
    def scan(text: str):
        """In reports of 56 octets; all but the last say that another follows."""
        data = text.encode()
        with open("/dev/hidg1", "wb", buffering=0) as scanner:
            while data:
                part, data = data[:56], data[56:]
                scanner.write(bytes((2, len(part))) + b"]Q1" + part.ljust(56, b"\0") + bytes((0, 0, 1 if data else 0)))


class PaperTray:
    """Joins the printer function to an emulated printer: octets both ways, and the status lines of a USB printer."""

    def __init__(self, address: str):
        host, port = address.rsplit(":", 1)
        self.device = os.open("/dev/g_printer0", os.O_RDWR)  # fails until the machine has configured what was plugged in
        self.printer = socket.create_connection((host, int(port)))
        self.stopped = threading.Event()
        self.pumps = [threading.Thread(target=self._pump, args=each, daemon=True) for each in (
            (self.device, lambda: os.read(self.device, 4096), self.printer.sendall),
            (self.printer, lambda: self.printer.recv(4096), lambda data: os.write(self.device, data)))]
        for pump in self.pumps:
            pump.start()
        self.set_paper(True)

    def set_paper(self, there: bool):
        lines = SELECTED | NO_ERROR | (0 if there else PAPER_EMPTY)
        fcntl.ioctl(self.device, SET_PRINTER_STATUS, lines)

    def close(self):
        """Before the gadget is unplugged: the kernel does not bear that its function goes while it is open."""
        self.stopped.set()
        for pump in self.pumps:
            pump.join()
        os.close(self.device)
        self.printer.close()

    def _pump(self, source, read, write):
        while not self.stopped.is_set():
            if select.select([source], [], [], 0.2)[0] and (data := read()):
                write(data)

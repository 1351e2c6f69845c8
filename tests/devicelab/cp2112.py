"""A GPIO chip of eight lines: Silicon Labs' CP2112 as a HID device, made through /dev/uhid; the kernel's own hid-cp2112
drives it. Reports: AN495 of Silicon Labs; uhid's events: linux/uhid.h."""
from __future__ import annotations

import os
import struct
import threading

CREATE2, DESTROY, GET_REPORT, GET_REPORT_REPLY, INPUT, SET_REPORT, SET_REPORT_REPLY = 11, 1, 9, 10, 12, 13, 14
DIRECTION, GET, SET, VERSION, SMBUS = 2, 3, 4, 5, 6
FEATURE, OUTPUT, INPUT_ITEM = 0xB1, 0x91, 0x81
REPORTS = ((FEATURE, {1: 1, 2: 4, 3: 1, 4: 2, 5: 2, 6: 13, 0x20: 1, 0x21: 9, 0x22: 62, 0x23: 62, 0x24: 62}),
           (OUTPUT, {0x10: 3, 0x11: 20, 0x12: 3, 0x14: 62, 0x15: 1, 0x17: 1}), (INPUT_ITEM, {0x13: 62, 0x16: 6}))


def descriptor() -> bytes:
    """Vendor-defined octets: a count for each report."""
    items = b"\x06\x00\xff\x09\x01\xa1\x01"
    for kind, sizes in REPORTS:
        for report, size in sizes.items():
            items += bytes((0x85, report, 0x95, size, 0x75, 8, 0x26, 0xFF, 0, 0x15, 0, 0x09, 1, kind, 2))
    return items + b"\xc0"


class Chip:
    """Plugged in as long as it lives. `driven(line)` is called, on a thread of its own, when a line goes high."""

    def __init__(self, driven):
        self.driven, self.inputs, self.outputs = driven, 0, 0
        self.settings = {DIRECTION: bytearray(4), VERSION: bytearray((0x0C, 3)), SMBUS: bytearray(13)}
        self.device = os.open("/dev/uhid", os.O_RDWR)
        described = descriptor()
        event = struct.pack("<I128s64s64sHHIIII", CREATE2, b"Gatehouse GPIO", b"lab/gpio", b"GPIO01", len(described), 3,
                            0x10C4, 0xEA90, 0, 0) + described
        os.write(self.device, event.ljust(4380, b"\0"))
        threading.Thread(target=self._serve, daemon=True).start()

    def set_input(self, line: int, high: bool):
        self.inputs = self.inputs & ~(1 << line) | (high << line)

    def unplug(self):
        os.write(self.device, struct.pack("<I", DESTROY).ljust(4380, b"\0"))
        device, self.device = self.device, -1
        os.close(device)

    def _serve(self):
        while (device := self.device) >= 0:
            try:
                event = os.read(device, 4380)
            except OSError:
                return
            (kind,) = struct.unpack_from("<I", event)
            if kind == GET_REPORT:
                request, report = struct.unpack_from("<IB", event, 4)
                answer = self._get(report)
                self._reply(device, struct.pack("<IIHH", GET_REPORT_REPLY, request, 0, len(answer)) + answer)
            elif kind == SET_REPORT:
                request, report, _, size = struct.unpack_from("<IBBH", event, 4)
                self._reply(device, struct.pack("<IIH", SET_REPORT_REPLY, request, 0))
                self._set(report, event[13:12 + size])

    @staticmethod
    def _reply(device: int, event: bytes):
        try:
            os.write(device, event.ljust(4380, b"\0"))
        except OSError:
            pass  # unplugged meanwhile

    def _get(self, report: int) -> bytes:
        if report != GET:
            return bytes((report,)) + bytes(self.settings.get(report, bytes(62)))
        outward = self.settings[DIRECTION][0]
        return bytes((report, self.outputs & outward | self.inputs & ~outward & 0xFF))

    def _set(self, report: int, data: bytes):
        if report == SET:
            value, mask = data[:2]
            before, self.outputs = self.outputs, self.outputs & ~mask | value & mask
            for line in range(8):
                if self.outputs & ~before & 1 << line:
                    threading.Thread(target=self.driven, args=(line,), daemon=True).start()
        elif report in self.settings:
            self.settings[report][:] = data[:len(self.settings[report])]

#!/usr/bin/env python3
"""A relay and input board of pymodbus' server. Usage: pymodbus_board.py tcp PORT | rtu DEVICE"""
import sys
import threading

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.transaction import ModbusRtuFramer


class Coils(ModbusSequentialDataBlock):
    """A coil that comes on lets a guest through: its sensor is active for 150 ms, soon after."""

    def __init__(self, inputs):
        super().__init__(0, [False] * 64)
        self.inputs = inputs

    def setValues(self, address, values):
        before = list(self.values)
        super().setValues(address, values)
        for coil in (0, 1):
            if self.values[coil] and not before[coil]:
                threading.Timer(0.05, self.inputs.setValues, (coil, [True])).start()
                threading.Timer(0.20, self.inputs.setValues, (coil, [False])).start()


def main(kind: str, where: str):
    inputs = ModbusSequentialDataBlock(0, [False] * 64)
    board = ModbusSlaveContext(di=inputs, co=Coils(inputs), zero_mode=True)
    context = ModbusServerContext(slaves={1: board}, single=False)
    if kind == "tcp":
        StartTcpServer(context=context, address=("127.0.0.1", int(where)))
    else:
        StartSerialServer(context=context, framer=ModbusRtuFramer, port=where, baudrate=9600, timeout=0.05)


main(sys.argv[1], sys.argv[2])

// A relay and input board of npm's modbus-serial server. Usage: modbus_serial_board.js tcp PORT | rtu DEVICE
"use strict";
const { ServerTCP, ServerSerial } = require("modbus-serial");

const coils = new Array(64).fill(false);
const inputs = new Array(64).fill(false);

// A coil that comes on lets a guest through: its sensor is active for 150 ms, soon after.
function walk(way) {
    setTimeout(() => { inputs[way] = true; }, 50);
    setTimeout(() => { inputs[way] = false; }, 200);
}

const board = {
    getCoil: (address) => coils[address],
    getDiscreteInput: (address) => inputs[address],
    setCoil: (address, value) => {
        if (value && !coils[address] && address < 2) walk(address);
        coils[address] = value;
    },
};

const [kind, where] = process.argv.slice(2);
if (kind === "tcp") new ServerTCP(board, { host: "127.0.0.1", port: Number(where), unitID: 1 });
else new ServerSerial(board, { port: where, baudRate: 9600, unitID: 1, interval: 20 });

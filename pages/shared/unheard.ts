// How many seconds nobody has answered; 0 while answers come. A daemon that hangs keeps its connections open: only that no
// answer comes tells it from one that is well.
import {signal} from "./state.ts";

const patience = 5_000; // milliseconds; every page asks for something every two seconds

export const unheard = signal(0);

let last: number | undefined;

export function answered(): void {
    if (last === undefined) setInterval(look, 1_000);
    last = performance.now();
    unheard.set(0);
}

function look(): void {
    const silent = performance.now() - last!;
    unheard.set(silent > patience ? Math.floor(silent / 1000) : 0);
}

// Persons by gate and hour of a business day. Values only.
import type {AdmissionsReport} from "./central.ts";

export interface Flow {
    at: number[]; // hours since the business day began: they rise, also over midnight
    hours: number[]; // of the clock
    gates: {name: string; values: (number | null)[]}[]; // null: still to come
}

// In the business day's own order: it may begin at 4 and end at 3. `now`: the hour that it is, of a day that is not over.
export function flowOf(rows: AdmissionsReport["rows"], direction: "entry" | "exit", cutOver: number, now?: number): Flow {
    const own = rows.filter((row) => row.direction === direction);
    const since = (hour: number): number => (hour - cutOver + 24) % 24;
    const latest = now === undefined ? 23 : since(now);
    const busy = own.map((row) => since(row.hour));
    const [first, last] = [Math.min(since(6), ...busy), Math.max(since(20), ...busy)];
    const at = Array.from({length: last - first + 1}, (_, index) => first + index);
    const persons = (gate: string, hour: number): number => own.filter((row) => row.gate === gate && since(row.hour) === hour).reduce((sum, row) => sum + row.persons, 0);
    const gates = [...new Set(own.map((row) => row.gate))].sort();
    return {at, hours: at.map((hour) => (hour + cutOver) % 24), gates: gates.map((name) => ({name, values: at.map((hour) => (hour > latest ? null : persons(name, hour)))}))};
}

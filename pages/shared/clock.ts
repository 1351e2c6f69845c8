// The venue's clock, as node or central last told it: the browser's own may be of another zone, or wrong.
const unnoticed = 2_000; // milliseconds
let base = Date.now() - performance.now();
let offset = -new Date().getTimezoneOffset(); // minutes east of UTC

// `time`: RFC 3339 with the venue's offset.
export function heardTime(time: string): void {
    const told = Date.parse(time) - performance.now();
    if (Math.abs(told - base) > unnoticed) base = told; // what an answer takes is no step of the clock
    const zone = /([+-])(\d\d):(\d\d)$/.exec(time);
    offset = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
}

// Milliseconds since 1970.
export const now = (): number => base + performance.now();
const text = (milliseconds: number): string => new Date(milliseconds + offset * 60_000).toISOString();
export const dateOf = (milliseconds: number): string => text(milliseconds).slice(0, 10);
export const timeOf = (milliseconds: number): string => text(milliseconds).slice(11, 19);
// RFC 3339 with the venue's offset, to the second.
export function stampOf(milliseconds: number): string {
    const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) => String(part).padStart(2, "0"));
    return `${text(milliseconds).slice(0, 19)}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}

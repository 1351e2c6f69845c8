// A value that components follow: `use(cell)` renders again when it was set.
import {useLayoutEffect, useState} from "preact/hooks";

export interface Cell<T> {
    readonly value: T;
    set(next: T): void;
    follow(told: () => void): () => void;
}

export function signal<T>(first: T): Cell<T> {
    let value = first;
    const followers = new Set<() => void>();
    return {
        get value() {
            return value;
        },
        set(next) {
            if (Object.is(next, value)) return;
            value = next;
            for (const told of [...followers]) told();
        },
        follow(told) {
            followers.add(told);
            return () => followers.delete(told);
        },
    };
}

// `ask` again and again, but never twice at once: what asks meanwhile is served by one more.
export function coalesced(ask: () => Promise<void>): () => Promise<void> {
    let running: Promise<void> | undefined;
    let more = false;
    const run = async (): Promise<void> => {
        do {
            more = false;
            await ask();
        } while (more);
        running = undefined;
    };
    return () => {
        more = true;
        return (running ??= run());
    };
}

// What people see comes first.
export const afterPaint = (act: () => void): void => void requestAnimationFrame(() => setTimeout(act));

// As a `ref`: what was just opened takes the keyboard.
export const focused = (element: HTMLElement | null): void => element?.focus();

export function use<T>(cell: Cell<T>): T {
    const [, again] = useState(0);
    // With the picture, not after it: what is set between the two would not be seen.
    useLayoutEffect(() => cell.follow(() => again((count) => count + 1)), [cell]);
    return cell.value;
}

// A value that components follow: `use(cell)` renders again when it was set.
import {useEffect, useState} from "preact/hooks";

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

// As a `ref`: what was just opened takes the keyboard.
export const focused = (element: HTMLElement | null): void => element?.focus();

export function use<T>(cell: Cell<T>): T {
    const [, again] = useState(0);
    useEffect(() => cell.follow(() => again((count) => count + 1)), [cell]);
    return cell.value;
}

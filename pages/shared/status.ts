// The node at a glance, asked again every few seconds and after events that change it.
import {get} from "./api.ts";
import {heardTime} from "./clock.ts";
import {heard} from "./events.ts";
import type {Status} from "./node.ts";
import {signal} from "./state.ts";

export const status = signal<Status | undefined>(undefined);

let timer: ReturnType<typeof setTimeout> | undefined;

export async function refreshStatus(): Promise<void> {
    clearTimeout(timer);
    try {
        const now = await get<Status>("status");
        heardTime(now.time);
        status.set(now);
        heard.set(true);
    } catch {
        heard.set(false);
    }
    timer = setTimeout(() => void refreshStatus(), 2_000);
}

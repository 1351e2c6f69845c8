// What the readiness board judges, gathered: the status as it comes, catalogue and prints every half minute.
import {get} from "../shared/api.ts";
import {now as clock} from "../shared/clock.ts";
import type {Catalogue, Print} from "../shared/node.ts";
import {session} from "../shared/frame.tsx";
import {signal} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {unheard} from "../shared/unheard.ts";
import {language} from "../shared/words.ts";
import type {Check} from "./checks.ts";
import {checksOf} from "./checks.ts";
import {statusAt} from "./watch.ts";

export const checks = signal<readonly Check[]>([]);
export const tick = signal(clock());
export const catalogue = signal<Catalogue | undefined>(undefined);

let catalogueAt = 0;
let prints: Print[] = [];
let printsAt = 0;

function judge(): void {
    if (!status.value) return;
    checks.set(checksOf({status: status.value, statusAt: statusAt.value, catalogue: catalogue.value, catalogueAt, prints, printsAt, windows: session.value?.windows.length ?? 0, silent: unheard.value}));
}

async function refreshKnown(): Promise<void> {
    try {
        catalogue.set(await get<Catalogue>("catalogue"));
        catalogueAt = clock();
        prints = (await get<{prints: Print[]}>("prints")).prints;
        printsAt = clock();
    } catch {
        // The ages on the board go on growing: that is what there is to say.
    }
    judge();
}

export function gather(): () => void {
    void refreshKnown();
    const every = setInterval(() => void refreshKnown(), 30_000);
    const second = setInterval(() => tick.set(clock()), 1_000);
    const ends = [statusAt, language, unheard].map((cell) => cell.follow(judge));
    judge();
    return () => {
        clearInterval(every);
        clearInterval(second);
        for (const end of ends) end();
    };
}

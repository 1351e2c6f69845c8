// What several parts of the page ask for: the nodes, the catalogue, the work list; refreshed by central's events.
import type {Session} from "../shared/api.ts";
import {get} from "../shared/api.ts";
import {heardTime} from "../shared/clock.ts";
import {follow} from "../shared/events.ts";
import {session} from "../shared/frame.tsx";
import type {Cell} from "../shared/state.ts";
import {signal} from "../shared/state.ts";
import type {Catalogue, Conflict, VenueNode} from "./central.ts";

export interface Asked<T> {
    cell: Cell<T>;
    again: () => void;
}

// Asked again at most once a second, however many events come.
function asked<T>(path: string, first: T, take: (answer: never) => T): Asked<T> {
    const cell = signal(first);
    let waiting = false;
    let last = 0;
    const ask = async (): Promise<void> => {
        waiting = false;
        last = Date.now();
        try {
            cell.set(take((await get(path)) as never));
        } catch {
            // What was known stays; the strip says that central does not answer.
        }
    };
    const again = (): void => {
        if (waiting) return;
        waiting = true;
        setTimeout(() => void ask(), Math.max(0, last + 1_000 - Date.now()));
    };
    return {cell, again};
}

export const nodes = asked<VenueNode[]>("nodes", [], (answer: {nodes: VenueNode[]}) => answer.nodes);
export const catalogue = asked<Catalogue | undefined>("catalogue", undefined, (answer: Catalogue) => answer);
export const conflicts = asked<Conflict[]>("conflicts?state=all", [], (answer: {conflicts: Conflict[]}) => answer.conflicts);

// As sync/central/access.cpp has it: only so that nobody is shown what central would refuse.
const technical = ["operator", "administrator"];
const commercial = ["manager", "administrator"];
const rights = {
    write_catalogue: commercial,
    write_operators: ["administrator"],
    enrol_nodes: technical,
    revoke_nodes: technical,
    order_resync: technical,
    grant_leases: [...technical, ...commercial],
    import_orders: [...technical, ...commercial],
    revoke_tickets: [...commercial, "supervisor"],
    resolve_conflicts: [...commercial, "auditor"],
    settle_tenders: [...commercial, "auditor"],
    oversee: ["supervisor", "operator", "manager", "auditor", "administrator"],
};
export const may = (right: keyof typeof rights): boolean => (session.value?.roles ?? []).some((role) => rights[right].includes(role));

// A page that is left open goes over to the next business date when central does.
function goOn(now: Session): void {
    if (now.time !== undefined) heardTime(now.time);
    const known = session.value;
    if (known && now.business_date !== undefined && now.business_date !== known.business_date) session.set({...known, business_date: now.business_date});
}

export function gather(): () => void {
    const all = (): void => {
        catalogue.again();
        if (!may("oversee")) return;
        nodes.again();
        conflicts.again();
    };
    all();
    const every = setInterval(all, 20_000);
    // Something is asked often enough to tell a central that hangs.
    let over = false;
    const alive = async (): Promise<void> => {
        await get<Session>("session").then(goOn, () => undefined);
        if (!over) setTimeout(() => void alive(), 2_000);
    };
    void alive();
    const end = !may("oversee") ? () => undefined : follow((kind) => {
        if (kind === "node" || kind === "ingest" || kind === "catalogue" || kind === "snapshot_needed") nodes.again();
        if (kind === "catalogue") setTimeout(nodes.again, 3_000); // by then those that are heard have it
        if (kind === "ingest" || kind === "snapshot_needed") conflicts.again();
        if (kind === "catalogue" || kind === "snapshot_needed") catalogue.again();
    });
    return () => {
        over = true;
        clearInterval(every);
        end();
    };
}

// What happens at this window. Nothing of it is kept in the browser: what was sold is the node's, a basket that was not
// sold is only in memory, and the one thing that outlives a reload is the id of the sale under way, in the address.
//
// How a sale is never doubled or lost: its id is put into the address before it is sent, the same id and body are sent
// again until the node answers, and the id is given up only when its sale was seen. After a reload the node is asked
// for a sale of that id; when there is none the next sale takes the same id, so that an order that was still on its way
// could only ever be refused as `id_reused`, and is then shown.
import {get, insist, newId, Refused, Unreachable} from "../shared/api.ts";
import {session} from "../shared/frame.tsx";
import type {Catalogue, Print, Sale, Shift, Tender} from "../shared/node.ts";
import {signal} from "../shared/state.ts";
import {refreshStatus, status} from "../shared/status.ts";
import {say} from "../shared/words.ts";
import type {Cart} from "./cart.ts";
import {asLines, empty, total} from "./cart.ts";

export type Screen = "sell" | "pay" | "sales" | "shift" | "keys";
export interface Message {
    kind: "good" | "trouble";
    words: string;
}

export const catalogue = signal<Catalogue | undefined>(undefined);
export const shift = signal<Shift | undefined>(undefined);
export const screen = signal<Screen>("sell");
export const cart = signal<Cart>(empty);
export const held = signal<Cart[]>([]);
export const tenders = signal<Tender[]>([]);
export const sending = signal<"" | "sending" | "asking_again">("");
export const lastSale = signal<Sale | undefined>(undefined);
export const message = signal<Message | undefined>(undefined);
export const prints = signal<Print[]>([]);
export const printsInDoubt = (): Print[] => prints.value.filter((print) => print.state === "ask");

export const good = (words: string): void => message.set({kind: "good", words});
export function trouble(problem: unknown): void {
    message.set({kind: "trouble", words: problem instanceof Refused ? problem.words : problem instanceof Unreachable ? say("page_no_node") : String(problem)});
}

export const windowName = (): string =>
    new URLSearchParams(location.search).get("window") ?? session.value?.windows[0] ?? "window-1";
export const today = (): string => status.value?.business_date ?? new Date().toISOString().slice(0, 10);
export const due = (): number => total(cart.value, today());

const idInAddress = (): string | undefined => /^#sale=([A-Za-z0-9._-]{1,64})$/.exec(location.hash)?.[1];
function keepId(id: string | undefined): void {
    const url = new URL(location.href);
    url.hash = id ? `sale=${id}` : "";
    history.replaceState(null, "", url);
}

async function saleOfId(id: string): Promise<Sale | undefined> {
    const {sales} = await get<{sales: Sale[]}>("sales?limit=100");
    return sales.find((sale) => sale.id === id);
}

function sold(sale: Sale): void {
    keepId(undefined);
    lastSale.set(sale);
    void refreshStatus();
    void refreshShift();
}

export async function sell(paid: Tender[]): Promise<void> {
    if (sending.value !== "" || cart.value.lines.length === 0) return;
    const id = idInAddress() ?? newId();
    keepId(id);
    sending.set("sending");
    message.set(undefined);
    try {
        const body = {id, window: windowName(), lines: asLines(cart.value), tenders: paid};
        const sale = await insist<Sale>("POST", "sales", body, () => sending.set("asking_again"));
        cart.set(empty);
        tenders.set([]);
        screen.set("sell");
        sold(sale);
        void refreshCatalogue();
    } catch (problem) {
        const earlier = problem instanceof Refused && problem.code === "id_reused" ? await saleOfId(id) : undefined;
        if (earlier) {
            sold(earlier);
            good(say("window_was_sold"));
        } else {
            trouble(problem);
            if (problem instanceof Refused && problem.code === "id_reused") keepId(undefined);
        }
        screen.set("sell");
        tenders.set([]);
        void refreshCatalogue();
    }
    sending.set("");
}

export async function afterReload(): Promise<void> {
    const id = idInAddress();
    if (!id) return;
    const sale = await saleOfId(id).catch(() => undefined);
    if (sale) {
        sold(sale);
        good(say("window_was_sold"));
    } else {
        message.set({kind: "trouble", words: say("window_was_not_sold")});
    }
}

export function hold(): void {
    if (cart.value.lines.length === 0) return;
    held.set([...held.value, cart.value]);
    cart.set(empty);
    screen.set("sell");
}
export function recall(): void {
    const back = held.value.at(-1);
    if (!back) return;
    held.set([...held.value.slice(0, -1), ...(cart.value.lines.length ? [cart.value] : [])]);
    cart.set(back);
    screen.set("sell");
}

export async function refreshCatalogue(): Promise<void> {
    catalogue.set(await get<Catalogue>("catalogue").catch(() => catalogue.value));
}
export async function refreshShift(): Promise<void> {
    try {
        shift.set(await get<Shift>(`shifts/current?window=${encodeURIComponent(windowName())}`));
    } catch (problem) {
        if (problem instanceof Refused) shift.set(undefined);
    }
}
export async function refreshPrints(): Promise<void> {
    prints.set(await get<{prints: Print[]}>("prints").then((found) => found.prints, () => prints.value));
}
export async function refreshLastSale(): Promise<void> {
    const sale = lastSale.value;
    if (!sale || sale.safety === "central") return;
    const now = await get<Sale>(`sales/${sale.sale}`).catch(() => sale);
    if (lastSale.value === sale) lastSale.set(now);
}

// How a refund is handed back, as the node will decide it (hand_back in edge/ticketing): what failed first, for it never came
// in, then what goes back by its own way, then cash. A value: what the node answers is what counts.
import type {Sale, TenderKind} from "../shared/node.ts";

export interface Part {
    kind: TenderKind;
    failed: boolean;
    amount_minor: number;
}
const order: TenderKind[] = ["card", "wechat", "alipay", "agency", "voucher", "cash"];

export function priceOf(sale: Pick<Sale, "lines">, ticket: string): number {
    const ordinal = Number(ticket.split("-").at(-1));
    let last = 0;
    for (const line of sale.lines) {
        last += line.quantity;
        if (ordinal <= last) return line.unit_price_minor;
    }
    return 0;
}

export function handBack(sale: Pick<Sale, "lines" | "tenders" | "tickets" | "change_minor">, tickets: string[]): Part[] {
    const sum = (ids: string[]): number => ids.reduce((all, id) => all + priceOf(sale, id), 0);
    let skip = sum(sale.tickets.filter((ticket) => ticket.refunded).map((ticket) => ticket.id)); // handed back before
    let left = sum(tickets);
    const parts: Part[] = [];
    for (const failed of [true, false])
        for (const kind of order) {
            const all = sale.tenders.filter((tender) => tender.kind === kind && (tender.state === "failed") === failed);
            let amount = all.reduce((total, tender) => total + tender.amount_minor, 0) - (kind === "cash" && !failed ? sale.change_minor : 0);
            const before = Math.min(skip, amount);
            skip -= before;
            amount = Math.min(amount - before, left);
            if (amount <= 0) continue;
            left -= amount;
            parts.push({kind, failed, amount_minor: amount});
        }
    return parts;
}

// A basket whose id the node knows as a sale of other lines or other tenders: what is left of it. Values only.
import type {SaleLine, Tender} from "../shared/node.ts";

// The node names the persons of every line that it sold, a page only those of a group's.
const isOf = (line: SaleLine, sold: SaleLine): boolean =>
    line.product === sold.product && line.session === sold.session && (line.persons === undefined || line.persons === sold.persons) &&
    line.concession?.class === sold.concession?.class && line.concession?.document === sold.concession?.document;

// `lines` without what was sold.
export function unsoldOf(lines: readonly SaleLine[], sold: readonly SaleLine[]): SaleLine[] {
    const gone = sold.map((line) => ({line, left: line.quantity}));
    return lines.flatMap((line) => {
        let quantity = line.quantity;
        for (const one of gone.filter((other) => isOf(line, other.line))) {
            const taken = Math.min(quantity, one.left);
            one.left -= taken;
            quantity -= taken;
        }
        return quantity > 0 ? [{...line, quantity}] : [];
    });
}

// Those that are not among `other`, each of which stands for one.
export function notAmong(tenders: readonly Tender[], other: readonly Tender[]): Tender[] {
    const text = ({kind, amount_minor, reference}: Tender): string => JSON.stringify([kind, amount_minor, reference ?? ""]);
    const left = other.map(text);
    return tenders.filter((one) => {
        const at = left.indexOf(text(one));
        if (at >= 0) left.splice(at, 1);
        return at < 0;
    });
}

// What people call things of which records and answers say the id.
import {clockTime} from "../shared/format.ts";
import {named} from "../shared/words.ts";
import {catalogue, nodes} from "./known.ts";

export const productName = (id: string): string => {
    const product = catalogue.cell.value?.products.find((one) => one.id === id);
    return product ? named(product.name) : id;
};
export const zoneName = (id: string): string => {
    const zone = catalogue.cell.value?.zones.find((one) => one.id === id);
    return zone ? named(zone.name) : id;
};
export const concessionName = (id: string): string => {
    const concession = catalogue.cell.value?.concessions.find((one) => one.class === id);
    return concession ? named(concession.name) : id;
};
// "Evening show 11-22 19:30"; the id of one that the catalogue does not have any more.
export const sessionName = (id: string): string => {
    const session = catalogue.cell.value?.sessions.find((one) => one.id === id);
    return session ? `${productName(session.product)} ${session.starts.slice(5, 10)} ${clockTime(session.starts)}` : id;
};
export const nodeName = (node: number): string => nodes.cell.value.find((one) => one.node === node)?.name ?? String(node);

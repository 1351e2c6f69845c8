// What central answers, as far as its page uses it. schemas/api/central.openapi.yaml says it exactly.
import type {ConcessionKind, LaneMode, Product as NodeProduct, TenderKind, VenueSession as NodeSession, Words} from "../shared/node.ts";

export interface Epoch {
    epoch: number;
    head: number;
    received: number;
    acked: number;
    forked: boolean;
    last_record?: string;
}
export interface VenueNode {
    node: number;
    name: string;
    connected: boolean;
    revoked: boolean;
    enrolled_at: string;
    last_contact: string | null;
    address?: string;
    software?: string;
    catalogue: {version: number; behind: number; since: string} | null;
    epochs: Epoch[];
}
export interface Zone {
    id: string;
    name: Words;
}
export interface Product extends NodeProduct {
    prices: {from: string; price_minor: number}[];
    reentry: boolean;
    zones: string[];
    isolated: "admit" | "refuse" | "ask";
}
export interface VenueSession extends NodeSession {
    capacity: number;
    paper_slice: number;
}
export interface Operator {
    name: string;
    roles: string[];
    pin?: string;
}
export interface Limits {
    unverified_total_minor: number;
    refund_supervisor_minor: number;
    session_grace_min: number;
}
export interface Catalogue {
    version: number;
    currency: string;
    zones: Zone[];
    products: Product[];
    concessions: ConcessionKind[];
    sessions: VenueSession[];
    operators: Operator[];
    limits: Limits;
}
export interface Evidence {
    record: string;
    node: number;
    kind?: string;
    time?: string;
    operator?: string;
    gate?: string;
    lane?: string;
    persons?: number;
    amount_minor?: number;
    role?: "sold" | "first_use" | "first_refund" | "revoked_by";
}
export interface ConflictFacts {
    ticket?: string;
    persons?: number;
    first_use?: string;
    first_refund?: string;
    revoked_by?: string;
    session?: string;
    limit?: "capacity" | "lease";
    units?: number;
    node?: number;
    sale?: string;
    product?: string;
    charged_minor?: number;
    due_minor?: number;
    boot?: string;
    record?: string;
    reason?: string;
}
export interface Conflict {
    id: string;
    kind: string;
    state: "open" | "resolved";
    key: string;
    detail: string;
    facts: ConflictFacts;
    money_minor: number;
    currency: string;
    evidence: Evidence[];
    related: Evidence[];
    evidence_count: number;
    assigned?: string;
    outcome?: string;
    note?: string;
    operator?: string;
    time?: string;
}
export interface JournalRecord {
    record: string;
    node: number;
    kind: string;
    time: string;
    clock: "synced" | "holdover" | "suspect";
    business_date: string;
    operator: string;
    body: Record<string, unknown> | null;
}
export interface Records {
    epoch: number;
    head: number;
    next: number | null;
    records: JournalRecord[];
}
export interface Leases {
    leases: {lease: string; node: number; epoch: number; session: string; units: number; received: boolean; time: string; operator: string}[];
    sessions: {session: string; capacity: number; paper_slice: number; granted: number; returned: number; pool: number}[];
}
export interface Completeness {
    business_date: string;
    expected: number[];
    complete: number[];
    missing: {node: number; name: string; last_known: string | null; missing_records: number}[];
    nodes: {node: number; name: string; received: number; head: number; last_record: string | null}[];
}
interface Report {
    business_date: string;
    currency: string;
    completeness: Completeness;
}
export interface SalesReport extends Report {
    totals: {sales: number; tickets: number; persons: number; gross_minor: number; refunds: number; refunded_minor: number; net_minor: number};
    rows: {node: number; node_name: string; window: string; shift: string | null; product: string; concession: string | null; tickets: number; persons: number; amount_minor: number; refunded_tickets: number; refunded_minor: number}[];
    tenders: {node: number; node_name: string; window: string; shift: string | null; kind: TenderKind; state: string; taken_minor: number; refunded_minor: number; amount_minor: number}[];
}
export interface AdmissionsReport extends Report {
    totals: {tickets: number; persons: number; reentries: number; uncertain: number; refused: number};
    rows: {node: number; node_name: string; gate: string; lane: string; zone: string; direction: "entry" | "exit"; hour: number; product: string; tickets: number; persons: number; reentries: number; uncertain: number}[];
    refusals: {node: number; node_name: string; gate: string; lane: string; reason: string; count: number}[];
    counts: {node: number; node_name: string; gate: string; lane: string; direction: "entry" | "exit"; cause: string; persons: number}[];
}
export interface ShiftsReport extends Report {
    shifts: {shift: string; node_name: string; window: string; operator: string; opened: string; closed: string | null; expected_minor: number; counted_minor: number | null; difference_minor: number | null; sales: number; refunds: number; tickets: number; float_minor: number; cash_sales_minor: number; cash_refunds_minor: number; paid_in_minor: number; paid_out_minor: number; refunded: Partial<Record<TenderKind, number>>; unverified: Partial<Record<TenderKind, number>>}[];
}
export interface Occupancy {
    business_date: string;
    time: string;
    zones: {zone: string; inside: number; inside_at_least: number; inside_at_most: number; entered: number; left: number}[];
    silent: string[];
}
export interface SaleTender {
    sale: string;
    line: number;
    kind: TenderKind;
    state: string;
    amount_minor: number;
    currency: string;
    node: number;
    window?: string;
    operator?: string;
    time?: string;
    business_date?: string;
}
export interface KnownTicket {
    ticket: string;
    known: boolean;
    refunded: boolean;
    revoked: boolean;
    replaced: boolean;
    product?: string;
    session?: string;
    persons?: number;
    entries?: number;
    persons_left?: number; // whom it still lets in
    price_minor?: number;
    currency?: string;
    channel?: string;
    time?: string;
    operator?: string;
    uses: {record: string; time: string; gate: string; lane: string; persons: number}[];
}
export type Mode = LaneMode;

export const roles = ["clerk", "attendant", "supervisor", "operator", "manager", "auditor", "administrator"] as const;

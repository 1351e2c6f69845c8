// What the node answers, as far as the pages use it. schemas/api/node.openapi.yaml says it exactly.
import type {Trouble} from "./troubles.ts";

export type Words = {"zh-CN": string; en: string};
export type TenderKind = "cash" | "card" | "wechat" | "alipay" | "agency" | "voucher" | "free";
export type Safety = "disk" | "peer" | "central";
export type LaneMode = "normal" | "green" | "free" | "closed";

export interface Product {
    id: string;
    name: Words;
    price_minor: number;
    prices?: {from: string; price_minor: number}[];
    persons: number;
    entries: number;
    companions: number;
    validity: {kind: "day" | "session" | "range"; from?: string; to?: string};
    check_id: boolean;
    sold_from?: string;
    sold_to?: string;
}
export interface ConcessionKind {
    class: string;
    name: Words;
    percent?: number;
}
export interface VenueSession {
    id: string;
    product: string;
    starts: string;
    ends: string;
    units_left?: number;
    units_received?: number; // by this node, of leases in all; 0: it was given no quota
}
export interface Catalogue {
    version: number;
    currency: string;
    products: Product[];
    concessions: ConcessionKind[];
    sessions: VenueSession[];
    operators: {name: string; roles: string[]}[];
    limits: {unverified_total_minor: number; refund_supervisor_minor: number};
}
export interface Concession {
    class: string;
    document: string;
}
export interface SaleLine {
    product: string;
    quantity: number;
    persons?: number;
    session?: string;
    concession?: Concession;
}
export interface Tender {
    kind: TenderKind;
    amount_minor: number;
    reference?: string;
}
export interface Ticket {
    id: string;
    product: string;
    persons: number;
    entries: number;
    code?: string;
    refunded?: boolean;
    replaced?: boolean;
}
// A ticket in somebody's hand: found by id or code, or read by a window's scanner (then with `window`).
export interface TicketLook {
    fault: string;
    ticket?: Ticket;
    sale?: string;
    sale_held: boolean;
    used: number;
    copies: number;
    first_admission?: {time: string; node: string; gate: string; lane: string};
    window?: string;
    time?: string; // when it was read
    text?: string; // what the scanner read, where it is no ticket
}
export interface Baskets {
    version: number;
    page?: string;
    current: {lines: SaleLine[]; id?: string; tenders?: Tender[]}; // `id`: under which it is sold; `tenders`: taken for it already
    held: HeldBasket[];
}
export interface HeldBasket {
    lines: SaleLine[];
    held_at?: string; // absent, as is `operator`, of what was put aside before this was kept
    operator?: string;
    id?: string; // under which it is sold when it is in hand again
}
export interface UnknownPassage {
    verdict: string;
    lane: string;
    gate: string;
    ticket?: string;
    persons: number;
    companions: number;
    time: string;
}
export interface Sale {
    sale: string;
    id: string;
    seq: number;
    window: string;
    operator: string;
    total_minor: number;
    change_minor: number;
    safety: Safety;
    time: string;
    lines: (SaleLine & {unit_price_minor: number})[];
    tenders: (Tender & {state: "confirmed" | "unverified" | "failed"})[];
    tickets: Ticket[];
}
export interface Refund {
    refund: string;
    total_minor: number;
    safety: Safety;
    tenders: (Tender & {state: "confirmed" | "unverified" | "failed"})[];
}
export interface Shift {
    shift: string;
    window: string;
    operator: string;
    opened: string;
    closed?: string; // where shifts are listed, as is by whom
    closed_by?: string;
    open: boolean;
    float_minor: number;
    // A clerk is told these, the tenders in cash and what is expected only when the shift is closed.
    cash_sales_minor?: number;
    cash_refunds_minor?: number;
    paid_in_minor: number;
    paid_out_minor: number;
    large_move_minor: number; // from here on a pay-in or pay-out is said to be meant
    tenders: {kind: TenderKind; amount_minor: number; refunded_minor: number; unverified_minor: number}[];
    sales: number;
    refunds: number;
    tickets: number;
    expected_minor?: number;
    counted_minor?: number;
    difference_minor?: number;
}
export interface Print {
    job: string;
    printer: string;
    state: "printing" | "ask";
    reason: string;
}
export interface Lane {
    name: string;
    gate: string;
    zone: string;
    mode: LaneMode;
    state: "idle" | "recording" | "opening" | "open" | "faulted";
    direction: "entry" | "exit" | "both";
    emergency: boolean;
    admitted_today: number;
    let_through_today: number;
    trouble?: Trouble; // of its turnstile
}
export type TestOutcome = "shown" | "answered" | "connected" | "printed" | "not_printed" | "print_unknown";
export interface Device {
    name: string;
    driver: string;
    family: "scanner" | "turnstile" | "printer";
    state: "online" | "offline" | "fault";
    lane?: string; // whose scanner or turnstile it is
    trouble: Trouble | null;
    last_error: string | null;
    last_error_at: string | null; // when that began
    last_trouble: Trouble | null;
    counters: Record<string, number>;
    answers: {count: number; p50_ms: number; p99_ms: number};
    recording: {file: string; since: string; octets: number} | null; // of what passes through its port
}
export interface Link {
    name: string;
    state: "up" | "down";
    rtt_ms: number | null;
    history?: {time: string; state: "up" | "down"}[];
}
export interface Status {
    node: number;
    name: string;
    epoch: number;
    version?: string;
    time: string;
    catalogue_version?: number;
    ready?: boolean;
    links: Link[];
    certificate?: {not_after: string | null};
    business_date?: string;
    selling_date?: string;
    isolated?: boolean;
    emergency?: boolean;
    unverified_total_minor?: number;
    clock: {quality: "synced" | "holdover" | "suspect"; offset_ms: number | null};
    central: {connected: boolean; url: string | null; acked_seq: number; last_contact: string | null; last_error?: string | null};
    journal: {open?: boolean; closed_why?: string | null; backlog_bytes?: number; head: number; acked: number; backlog: number; oldest_unacked_age_s: number | null; verified?: {time: string; records: number | null; fault: string | null} | null};
    peers: {node?: number; name: string; connected: boolean; copied_seq: number; lag: number; last_contact?: string | null; history?: Link["history"]}[];
    devices: Device[];
    lanes: Lane[];
    disk: {free_bytes: number; reserve_ok: boolean};
}
export interface Verdict {
    lane: string;
    verdict: "admit" | "refuse";
    reason: string;
    notes: string[];
    persons: number;
    companions?: number;
    signal: "welcome" | "attention" | "refused" | "busy" | "alarm";
    hint?: string;
    ticket?: string;
    product?: string;
    record?: string;
    left?: number; // persons that the ticket still lets in
    busy?: boolean;
    time: string;
    first_admission?: {time: string; node: string; gate: string; lane: string};
}

-- The ledger of one machine. A record's reference is one integer, ordered as (node, epoch, seq):
-- node << 47 | epoch << 32 | seq. A journal's is node << 15 | epoch. Money is in minor units, times are milliseconds
-- since 1970, business dates are days since 1970. Where a clock was suspect and corrected later, `wall` and
-- `business_date` of projections are the corrected ones; the record keeps what was written.

-- What is stored.

CREATE TABLE journal (         -- its records
    ref INTEGER PRIMARY KEY,
    stored BLOB NOT NULL
) STRICT;

CREATE TABLE stream (         -- a journal: one writer's chain
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,      -- held without a gap
    hash BLOB NOT NULL,        -- of the record at seq; of the genesis for 0
    applied INTEGER NOT NULL,  -- folded into the projections
    verified INTEGER NOT NULL, -- known good up to here
    wall INTEGER NOT NULL,     -- of the record at seq
    trusted INTEGER NOT NULL,  -- largest wall time under a synced clock
    forked INTEGER NOT NULL    -- 1: contradicted itself; no more is taken
) STRICT;

CREATE TABLE signed_head (
    ref INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE announced (
    journal INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE receipt (
    journal INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE fork (
    ref INTEGER NOT NULL,
    hash BLOB NOT NULL,
    stored BLOB NOT NULL,
    PRIMARY KEY (ref, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE progress (
    what TEXT PRIMARY KEY,     -- 'rebuild': records up to `position` are folded again
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What follows from it. Functions of the set of records, see sync/ledger/README.md.

CREATE TABLE parked (
    ref INTEGER PRIMARY KEY,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE client (
    id TEXT NOT NULL,
    ref INTEGER NOT NULL,
    PRIMARY KEY (id, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE control (         -- rare records by kind
    kind INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    PRIMARY KEY (kind, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalogue (
    version INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    PRIMARY KEY (version, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (         -- of the latest catalogue
    id TEXT PRIMARY KEY,
    capacity INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate (
    node INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    name TEXT NOT NULL,
    enrolled INTEGER NOT NULL, -- 1: from node_enrolled, 0: from epoch_opened
    octets BLOB NOT NULL,
    PRIMARY KEY (node, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE node_revocation (
    node INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    last INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    PRIMARY KEY (node, epoch, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE clock_correction (
    node INTEGER NOT NULL,
    boot BLOB NOT NULL,
    ref INTEGER NOT NULL,
    offset_ms INTEGER NOT NULL,
    PRIMARY KEY (node, boot, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE suspect (         -- dated records written under a suspect clock, as written
    node INTEGER NOT NULL,
    boot BLOB NOT NULL,
    ref INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    PRIMARY KEY (node, boot, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE login (
    operator TEXT NOT NULL,
    ref INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    boot BLOB NOT NULL,
    boot_ns INTEGER NOT NULL,
    PRIMARY KEY (operator, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    node INTEGER NOT NULL,
    device TEXT NOT NULL,
    ref INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (node, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE lane_mode (
    node INTEGER NOT NULL,
    lane TEXT NOT NULL,
    ref INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    wall INTEGER NOT NULL,
    PRIMARY KEY (node, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE emergency (
    node INTEGER PRIMARY KEY,
    ref INTEGER NOT NULL,
    open INTEGER NOT NULL,
    cause TEXT NOT NULL
) STRICT;

CREATE TABLE shift (
    ref INTEGER PRIMARY KEY,
    window TEXT NOT NULL,
    clerk TEXT NOT NULL,
    opening_float INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    business_date INTEGER NOT NULL
) STRICT;
CREATE INDEX shift_by_date ON shift (business_date);

CREATE TABLE shift_close (
    shift INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    PRIMARY KEY (shift, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE cash_move (
    shift INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (shift, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale (
    ref INTEGER PRIMARY KEY,
    window TEXT NOT NULL,
    shift INTEGER NOT NULL,
    catalogue INTEGER NOT NULL,
    total INTEGER NOT NULL,
    change INTEGER NOT NULL,
    tickets INTEGER NOT NULL,
    written_date INTEGER NOT NULL,  -- as the record says: prices are judged by it
    business_date INTEGER NOT NULL,
    wall INTEGER NOT NULL
) STRICT;
CREATE INDEX sale_by_date ON sale (business_date);
CREATE INDEX sale_by_shift ON sale (shift);
CREATE INDEX sale_by_catalogue ON sale (catalogue);

CREATE TABLE sale_line (
    sale INTEGER NOT NULL,
    line INTEGER NOT NULL,
    product TEXT NOT NULL,
    session TEXT,
    concession TEXT,
    quantity INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    unit_price INTEGER NOT NULL,
    first_ordinal INTEGER NOT NULL,
    PRIMARY KEY (sale, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX sale_line_by_session ON sale_line (session, sale, line) WHERE session IS NOT NULL;

CREATE TABLE tender (          -- of sales, and handed back by refunds
    ref INTEGER NOT NULL,
    line INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (ref, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX tender_unverified ON tender (ref) WHERE state = 1;

CREATE TABLE refund (
    ref INTEGER PRIMARY KEY,
    sale INTEGER NOT NULL,
    window TEXT NOT NULL,
    shift INTEGER NOT NULL,
    total INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    wall INTEGER NOT NULL
) STRICT;
CREATE INDEX refund_by_sale ON refund (sale);
CREATE INDEX refund_by_shift ON refund (shift);
CREATE INDEX refund_by_date ON refund (business_date);

CREATE TABLE ticket_mark (     -- what happened to a ticket besides uses
    sold INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kind INTEGER NOT NULL,     -- 0 refund, 1 revocation, 2 reissue, 3 reprint
    ref INTEGER NOT NULL,
    amount INTEGER NOT NULL,   -- refund: handed back; reprint: copy
    flags INTEGER NOT NULL,    -- refund: 1 by a supervisor, 2 known as admitted
    wall INTEGER NOT NULL,
    PRIMARY KEY (sold, ordinal, kind, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_mark_by_record ON ticket_mark (ref);

CREATE TABLE print_job (
    ref INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    printer TEXT NOT NULL,
    state INTEGER NOT NULL     -- 0 open, 1 printed, 2 not printed, 3 ask
) STRICT;
CREATE INDEX print_unresolved ON print_job (ref) WHERE state IN (0, 3);

CREATE TABLE print_resolved (
    job INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    PRIMARY KEY (job, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE imported_order (
    code TEXT NOT NULL,
    ref INTEGER NOT NULL,
    PRIMARY KEY (code, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE lease_received (
    grant_ref INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    session TEXT NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (grant_ref, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX lease_by_session ON lease_received (session, grant_ref, ref);

CREATE TABLE session_units (
    session TEXT NOT NULL,
    node INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    refunded INTEGER NOT NULL, -- back in central's pool
    PRIMARY KEY (session, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (
    ref INTEGER PRIMARY KEY,
    sold INTEGER,              -- the ticket, when the code named one
    ordinal INTEGER,
    product TEXT NOT NULL,
    gate TEXT NOT NULL,
    lane TEXT NOT NULL,
    zone TEXT NOT NULL,
    direction INTEGER NOT NULL,
    decision INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    companions INTEGER NOT NULL,
    reentry INTEGER NOT NULL,
    confirmation INTEGER NOT NULL,
    repeats INTEGER NOT NULL,
    open INTEGER NOT NULL,     -- persons and companions that the lane still waits for
    business_date INTEGER NOT NULL,
    wall INTEGER NOT NULL
) STRICT;
CREATE INDEX verdict_by_ticket ON verdict (sold, ordinal) WHERE decision = 0 AND sold IS NOT NULL;
CREATE INDEX verdict_by_date ON verdict (business_date);
CREATE INDEX verdict_open ON verdict (ref) WHERE open > 0;

CREATE TABLE passage (
    verdict INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    evidence INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    companions INTEGER NOT NULL,
    PRIMARY KEY (verdict, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE redemption (      -- persons of another seller's order who walked through
    ref INTEGER PRIMARY KEY,   -- the verdict that confirms at once, or the passage
    verdict INTEGER NOT NULL,
    persons INTEGER NOT NULL
) STRICT;

CREATE TABLE lane_count (
    ref INTEGER PRIMARY KEY,
    gate TEXT NOT NULL,
    lane TEXT NOT NULL,
    zone TEXT NOT NULL,
    direction INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    wall INTEGER NOT NULL
) STRICT;
CREATE INDEX lane_count_by_date ON lane_count (business_date);

CREATE TABLE conflict (
    id TEXT PRIMARY KEY,
    kind INTEGER NOT NULL,
    subject TEXT NOT NULL,
    money INTEGER NOT NULL,
    detail TEXT NOT NULL,
    evidence_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conflict_evidence (
    id TEXT NOT NULL,
    ref INTEGER NOT NULL,
    PRIMARY KEY (id, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE conflict_resolution (
    id TEXT NOT NULL,
    ref INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (id, ref)
) STRICT, WITHOUT ROWID;

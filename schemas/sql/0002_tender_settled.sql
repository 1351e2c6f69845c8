-- What central found out about unverified tenders.

CREATE TABLE tender_settled (
    sale INTEGER NOT NULL,
    line INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    state INTEGER NOT NULL,    -- 0 confirmed, 2 failed; of the largest ref holds
    PRIMARY KEY (sale, line, ref)
) STRICT, WITHOUT ROWID;

-- 1: unverified when it was written, whatever `state` says by now.
ALTER TABLE tender ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
UPDATE tender SET asked = 1 WHERE state = 1;

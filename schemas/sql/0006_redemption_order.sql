-- Redemptions in the order in which this machine learned of them, so that whoever has read up to a number has missed
-- nothing. They were ordered by record, and one that came late stood before what had been read already; a passage that
-- two nodes resolved counted twice. Each use begins as one row with the persons that it comes to.

ALTER TABLE redemption RENAME TO redemption_by_record;

CREATE TABLE redemption (      -- persons of another seller's order who walked through
    number INTEGER PRIMARY KEY,
    verdict INTEGER NOT NULL,
    persons INTEGER NOT NULL   -- more than its rows before this one come to
) STRICT;
CREATE INDEX redemption_by_verdict ON redemption (verdict, persons);

INSERT INTO redemption (verdict, persons)
    SELECT r.verdict, min(sum(r.persons), v.persons) FROM redemption_by_record r JOIN verdict v ON v.ref = r.verdict
    WHERE v.persons > 0 GROUP BY r.verdict ORDER BY min(r.ref);

DROP TABLE redemption_by_record;

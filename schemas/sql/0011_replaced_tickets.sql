-- A ticket and what took its place are judged as one: whoever opens the database does so once.
INSERT OR IGNORE INTO progress SELECT 'conflicts', 0 WHERE EXISTS (SELECT 1 FROM ticket_mark WHERE kind = 2);

-- What a refund handed back of tenders that were unverified then is settled with them.
UPDATE tender SET state = (
    SELECT CASE WHEN max(t.state = 1) THEN 1 WHEN max(t.state = 0) THEN 0 ELSE 2 END
    FROM refund r JOIN tender t ON t.ref = r.sale WHERE r.ref = tender.ref AND t.kind = tender.kind)
WHERE asked = 1 AND EXISTS (
    SELECT 1 FROM refund r JOIN sale s ON s.ref = r.sale JOIN tender t ON t.ref = r.sale
    WHERE r.ref = tender.ref AND t.kind = tender.kind AND t.asked = 1);

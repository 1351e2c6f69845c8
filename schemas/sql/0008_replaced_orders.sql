-- A ticket that took the place of another seller's order is used for that order: its uses are told, too. Until now the
-- other seller heard nothing of who came in on a ticket that a window had replaced.
INSERT INTO redemption (verdict, persons)
    WITH RECURSIVE its(sold, replaced) AS (
        SELECT ref, 0 FROM control WHERE kind = 105 AND ref < 1 << 47
        UNION ALL
        SELECT m.ref, replaced + 1 FROM its JOIN ticket_mark m ON m.sold = its.sold WHERE m.kind = 2 AND replaced < 64)
    SELECT ref, walked FROM (
        SELECT v.ref AS ref, CASE v.confirmation
            WHEN 1 THEN v.persons
            ELSE min(v.persons, (SELECT ifnull(sum(p.persons), 0) FROM passage p
                                 WHERE p.verdict = v.ref AND p.outcome = 0)) END AS walked
        FROM its JOIN verdict v ON v.sold = its.sold
        WHERE its.replaced > 0 AND v.decision = 0 AND v.direction = 0 AND v.reentry = 0)
    WHERE walked > 0 ORDER BY ref;

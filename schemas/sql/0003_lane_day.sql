-- Persons who came in through a lane on a business date. A start shows today's, and a busy day has more verdicts than a
-- start has time for.

CREATE TABLE lane_day (
    node INTEGER NOT NULL,
    business_date INTEGER NOT NULL,
    lane TEXT NOT NULL,
    entered INTEGER NOT NULL,  -- persons and companions, turned or confirmed at once; never 0
    PRIMARY KEY (node, business_date, lane)
) STRICT, WITHOUT ROWID;

INSERT INTO lane_day SELECT node, business_date, lane, sum(entered) FROM (
    SELECT ref >> 47 AS node, business_date, lane, CASE confirmation
        WHEN 1 THEN persons + companions
        ELSE min(persons + companions, (SELECT ifnull(sum(p.persons + p.companions), 0) FROM passage p
                                        WHERE p.verdict = verdict.ref AND p.outcome = 0)) END AS entered
    FROM verdict WHERE decision = 0 AND direction = 0)
GROUP BY node, business_date, lane HAVING sum(entered) > 0;

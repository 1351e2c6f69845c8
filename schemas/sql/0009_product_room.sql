-- How many persons a ticket of a product may let in by the most generous catalogue that is held: what is known of a
-- ticket whose sale is not. Whoever opens the database fills it, and judges those tickets again.
CREATE TABLE product_room (
    product TEXT PRIMARY KEY,
    persons INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO progress SELECT 'conflicts', 0 WHERE EXISTS (SELECT 1 FROM catalogue);

-- Where a configuration was applied (kind 4), also by records that were stored before that was noted. A rebuild that is
-- under way notes those that it has not come to.
INSERT OR IGNORE INTO control SELECT 4, ref FROM journal
    WHERE substr(stored, 6, 2) = x'0400' AND ref NOT IN (SELECT ref FROM parked) AND
        ref <= ifnull((SELECT position FROM progress WHERE what = 'rebuild'), ref);

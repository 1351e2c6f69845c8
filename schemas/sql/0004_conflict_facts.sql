-- What was found of a conflict as values; their words are the business of whoever shows them. Until now it was a line of
-- English, one form for each kind.

ALTER TABLE conflict ADD COLUMN related INTEGER;  -- first use, first refund, or what revoked
ALTER TABLE conflict ADD COLUMN excess INTEGER;   -- persons or units
ALTER TABLE conflict ADD COLUMN product TEXT;
ALTER TABLE conflict ADD COLUMN charged INTEGER;
ALTER TABLE conflict ADD COLUMN due INTEGER;

UPDATE conflict SET excess = CAST(substr(detail, length('persons ') + 1) AS INTEGER) WHERE kind = 0;
UPDATE conflict SET excess = CAST(substr(detail, instr(detail, ' by ') + 4) AS INTEGER) WHERE kind = 4;
UPDATE conflict SET product = detail WHERE kind = 5;
UPDATE conflict SET
    product = substr(detail, 1, instr(detail, ': ') - 1),
    charged = CAST(substr(detail, instr(detail, ': ') + 2) AS INTEGER),
    due = CAST(substr(detail, instr(detail, ' instead of ') + length(' instead of ')) AS INTEGER)
WHERE kind = 6;
UPDATE conflict SET related = parsed.ref FROM (
    WITH named AS (
        SELECT id, substr(detail, instr(detail, ', first use ') + length(', first use ')) AS said
            FROM conflict WHERE kind = 0
        UNION ALL SELECT id, substr(detail, length('first refund ') + 1) FROM conflict WHERE kind = 1
        UNION ALL SELECT id, substr(detail, length('revoked by ') + 1) FROM conflict WHERE kind = 3),
    cut AS (SELECT id, said, substr(said, instr(said, '-') + 1) AS rest FROM named)
    SELECT id, (CAST(said AS INTEGER) << 47) | (CAST(rest AS INTEGER) << 32)
        | CAST(substr(rest, instr(rest, '-') + 1) AS INTEGER) AS ref FROM cut) AS parsed
WHERE parsed.id = conflict.id;

ALTER TABLE conflict DROP COLUMN detail;

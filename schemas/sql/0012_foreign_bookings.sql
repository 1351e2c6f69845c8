-- Parked by now: what a node says of another node's shift, drawer or paper, what lists several times what a window may,
-- and sessions that cannot be one. A node's leases count as far as their grants are held. Where any of this may matter
-- everything is folded anew, once.
INSERT OR IGNORE INTO progress SELECT 'anew', 0 WHERE
    EXISTS (SELECT 1 FROM sale WHERE shift <> 0 AND shift >> 47 <> ref >> 47) OR
    EXISTS (SELECT 1 FROM refund WHERE shift <> 0 AND shift >> 47 <> ref >> 47) OR
    EXISTS (SELECT 1 FROM cash_move WHERE shift <> 0 AND shift >> 47 <> ref >> 47) OR
    EXISTS (SELECT 1 FROM shift_close WHERE shift <> 0 AND shift >> 47 <> ref >> 47) OR
    EXISTS (SELECT 1 FROM print_resolved WHERE job >> 47 <> ref >> 47) OR
    EXISTS (SELECT 1 FROM sale WHERE tickets > 2000) OR
    EXISTS (SELECT 1 FROM sale_line WHERE line >= 200 OR session GLOB '[^a-z0-9]*' OR session GLOB '*[^a-z0-9._-]*' OR
            length(session) NOT BETWEEN 1 AND 32) OR
    EXISTS (SELECT 1 FROM tender WHERE line >= 40) OR
    EXISTS (SELECT 1 FROM ticket_mark WHERE kind = 0 GROUP BY ref HAVING count(*) > 2000) OR
    EXISTS (SELECT 1 FROM lease_received);

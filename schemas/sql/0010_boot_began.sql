-- Suspect records are dated by the time since their boot began: the clock of a boot may have been set more than once.
-- Corrections of older releases do not say when the boot began (NULL): they go by their offset.
-- A sale under a suspect clock is judged by no day's prices until it is corrected: `sale.written_date` is -2147483648 until
-- then, and the corrected date afterwards. Closings of shifts are dated like what was sold in them, and one is parked
-- no more where many large pay-ins came to more than the largest amount. Where any of this may matter everything is folded anew, once.
ALTER TABLE suspect ADD COLUMN boot_ms INTEGER;
ALTER TABLE clock_correction ADD COLUMN began_ms INTEGER;
INSERT INTO progress SELECT 'anew', 0 WHERE EXISTS (SELECT 1 FROM suspect) OR EXISTS (SELECT 1 FROM parked);

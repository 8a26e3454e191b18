-- What the person handed to a colleague who has not taken it over yet is on the route as 4.
-- To whom; empty for what was not handed on, or has moved since.
ALTER TABLE records ADD COLUMN handed_to BLOB NOT NULL DEFAULT x'';
-- The place where it lies by its facts, empty for what somebody has; and since when it lies at a station.
ALTER TABLE records ADD COLUMN lies_at BLOB NOT NULL DEFAULT x'';
ALTER TABLE records ADD COLUMN lies_since_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX records_that_lie ON records (lies_at) WHERE lies_at <> x'';

-- What is not due yet is not read: the order, of which there is little to sort, comes after the day.
DROP INDEX route;
CREATE INDEX route ON records (
  on_route, due_from_ms, route_order, due_until_ms, id, record, kind, status, place, place_names, household,
  household_name, title, address, waybill, cash_fen, flags, unsent, discrepancies, language, found_at, cold_since_ms
) WHERE on_route > 0;

-- Records whose rows an earlier version made: they are made anew when the store is opened.
CREATE TABLE made_before (record BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
-- Deliveries, pickups and errands: the route went by the plan alone, and kept camps that had left the phone.
INSERT INTO made_before SELECT record FROM records WHERE kind IN (1, 2, 3);
UPDATE records SET found_at = x'' WHERE on_route > 0;

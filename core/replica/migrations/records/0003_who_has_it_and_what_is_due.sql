-- What the person handed to a colleague who has not taken it over yet is on the route as 4.
-- To whom; empty for what was not handed on, or has moved since.
ALTER TABLE records ADD COLUMN handed_to BLOB NOT NULL DEFAULT x'';

-- Until now the route went by the plan alone, so that what a colleague took over stayed on it: made anew when it is read.
UPDATE records SET found_at = x'' WHERE on_route > 0;

-- What is not due yet is not read: the order, of which there is little to sort, comes after the day.
DROP INDEX route;
CREATE INDEX route ON records (
  on_route, due_from_ms, route_order, due_until_ms, id, record, kind, status, place, place_names, household,
  household_name, title, address, waybill, cash_fen, flags, unsent, discrepancies, language, found_at, cold_since_ms
) WHERE on_route > 0;

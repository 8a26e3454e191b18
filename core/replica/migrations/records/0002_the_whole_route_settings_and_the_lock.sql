-- What the route shows of where each record is to go, so that it is read from its index alone.
-- The language of the household.
ALTER TABLE records ADD COLUMN language TEXT NOT NULL DEFAULT '';
-- Where it may be found: its household's camps, or its place (project::whereabouts). Empty until the row is made anew.
ALTER TABLE records ADD COLUMN found_at BLOB NOT NULL DEFAULT x'';
-- Since when something cold is under way; 0 for what is not cold, or not under way.
ALTER TABLE records ADD COLUMN cold_since_ms INTEGER NOT NULL DEFAULT 0;
-- When this person did what there was to do; 0 for what they did not.
ALTER TABLE records ADD COLUMN done_by_me_ms INTEGER NOT NULL DEFAULT 0;

DROP INDEX route;
CREATE INDEX route ON records (
  on_route, route_order, due_until_ms, due_from_ms, id, record, kind, status, place, place_names, household,
  household_name, title, address, waybill, cash_fen, flags, unsent, discrepancies, language, found_at, cold_since_ms
) WHERE on_route > 0;
CREATE INDEX records_done_by_me ON records (done_by_me_ms) WHERE done_by_me_ms > 0;

-- The order that this person gave to what the plan lets others order, or that has no order in its plan.
CREATE TABLE own_order (
  record BLOB PRIMARY KEY,
  route_order INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong pickup codes that were typed, until a fact tells of them.
CREATE TABLE wrong_codes (
  record BLOB PRIMARY KEY,
  tries INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whether the person has seen that a fact was not taken.
ALTER TABLE fact_verdicts ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;

-- How the last session of syncing ended; the code is stable and empty where all went well.
CREATE TABLE last_sync (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at_ms INTEGER NOT NULL,
  code TEXT NOT NULL
) STRICT;

-- The private halves of the keys to which answers to one's own appeals are sealed.
CREATE TABLE answer_keys (
  record BLOB PRIMARY KEY,
  secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What the person set. No row before they set anything. The names are those of `Settings`.
CREATE TABLE settings (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  language TEXT NOT NULL,
  theme TEXT NOT NULL,
  text_size INTEGER NOT NULL,
  xinjiang_time INTEGER NOT NULL,
  sound INTEGER NOT NULL,
  vibration INTEGER NOT NULL
) STRICT;

-- The PIN that the screens ask for. No row without one.
CREATE TABLE pin (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  salt BLOB NOT NULL,
  -- records: pin::PinHash.
  hash BLOB NOT NULL,
  -- Wrong ones in a row.
  tries INTEGER NOT NULL,
  -- How long is still to be waited, in milliseconds, from a moment that the monotonic clock of one boot tells.
  wait_ms INTEGER NOT NULL,
  mono_ms INTEGER NOT NULL,
  boot INTEGER NOT NULL
) STRICT;

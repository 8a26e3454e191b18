-- Device numbers are unsigned 64-bit integers, stored as the signed ones with the same bits.
-- Times are UTC milliseconds, sums fen, ids 16 bytes. An empty blob or text stands for "none": no column is null.

-- What this installation counts. One row, which changes with every fact that it writes.
CREATE TABLE own (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- The counter of the next fact.
  next_n INTEGER NOT NULL,
  -- The counter of the next fact that waits for a one-time number; such facts have device 0 till then.
  next_waiting INTEGER NOT NULL,
  -- Below this, all facts of the current device number are known to be at the county.
  first_unsent INTEGER NOT NULL,
  -- The chain over all own facts so far, 32 bytes (records: fact::chain).
  chain BLOB NOT NULL,
  -- records: clock::Clock, as JSON.
  clock TEXT NOT NULL,
  -- The observation that was written last, as JSON; empty before the first.
  observed TEXT NOT NULL,
  -- The number of the next hand-in.
  next_hand_in INTEGER NOT NULL
) STRICT;

-- Who this device is: everything that enrolment handed over. No row before it.
CREATE TABLE identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  county BLOB NOT NULL,
  server TEXT NOT NULL,
  token TEXT NOT NULL,
  device INTEGER NOT NULL,
  -- The device's Ed25519 seed.
  signing_seed BLOB NOT NULL,
  id_key BLOB NOT NULL,
  -- BLAKE3 of the server's TLS keys, now and next, 32 bytes each, one after the other.
  server_keys BLOB NOT NULL,
  -- The signed key list as it came, and its version.
  key_list BLOB NOT NULL,
  key_list_version INTEGER NOT NULL,
  person BLOB NOT NULL,
  person_name TEXT NOT NULL,
  role TEXT NOT NULL,
  station BLOB NOT NULL
) STRICT;

-- Every number that this installation has written facts under; the last one is the current one.
CREATE TABLE device_numbers (
  place INTEGER PRIMARY KEY,
  device INTEGER NOT NULL UNIQUE
) STRICT;

-- Whose devices wrote the facts, as the county tells it.
CREATE TABLE authors (
  device INTEGER PRIMARY KEY,
  person BLOB NOT NULL
) STRICT;

-- Automerge actors of this installation; the last one is the current one.
CREATE TABLE actors (
  place INTEGER PRIMARY KEY,
  actor BLOB NOT NULL UNIQUE,
  announced INTEGER NOT NULL
) STRICT;

-- One-time numbers, each for one tip or appeal.
CREATE TABLE one_time_numbers (
  number INTEGER PRIMARY KEY,
  -- The tip or appeal; empty while unused.
  record BLOB NOT NULL,
  next_n INTEGER NOT NULL
) STRICT;
CREATE INDEX one_time_number_of_record ON one_time_numbers (record);

-- Facts lie by record, so that a status reads one stretch of pages.
CREATE TABLE facts (
  record BLOB NOT NULL,
  device INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hash BLOB NOT NULL,
  bytes BLOB NOT NULL,
  -- Of own facts: the running hash over those before, 8 bytes.
  chain_below BLOB NOT NULL,
  -- 0 local, 2 held, 3 at the county, 4 refused, 5 gone, 9 damaged (store::state).
  state INTEGER NOT NULL,
  -- Of own facts: the row of the county's log that it lies below; a backup that covers it has the fact.
  position INTEGER NOT NULL,
  PRIMARY KEY (record, device, n),
  UNIQUE (device, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE side_values (
  record BLOB NOT NULL,
  device INTEGER NOT NULL,
  n INTEGER NOT NULL,
  name INTEGER NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (record, device, n, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_changes (
  record BLOB NOT NULL,
  actor BLOB NOT NULL,
  seq INTEGER NOT NULL,
  -- The record's kind: a record that left has no other row that tells it.
  kind INTEGER NOT NULL,
  hash BLOB NOT NULL,
  bytes BLOB NOT NULL,
  max_op INTEGER NOT NULL,
  state INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (record, actor, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsent_plan_changes ON plan_changes (record, actor, seq) WHERE state = 0;

-- One document a plan, and its fields as they can be read without it.
CREATE TABLE plans (
  record BLOB PRIMARY KEY,
  kind INTEGER NOT NULL,
  -- records: plan::PlanView, as it stores itself.
  view BLOB NOT NULL,
  snapshot BLOB NOT NULL,
  -- BLAKE3 of the snapshot.
  snapshot_hash BLOB NOT NULL
) STRICT;

-- What screens read: one row a record, made anew in the transaction that changes the record.
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  record BLOB NOT NULL UNIQUE,
  kind INTEGER NOT NULL,
  -- The state's name (records: status).
  status TEXT NOT NULL,
  -- 0 open, 1 waits at a drop point, 2 ended.
  phase INTEGER NOT NULL,
  -- 0 not on the route, 1 to carry or visit, 2 waits at a drop point, 3 to follow up.
  on_route INTEGER NOT NULL,
  route_order INTEGER NOT NULL,
  due_from_ms INTEGER NOT NULL,
  due_until_ms INTEGER NOT NULL,
  -- Where it is to go, or where it lies.
  place BLOB NOT NULL,
  -- Its names by language, in JSON; empty without a place.
  place_names TEXT NOT NULL,
  household BLOB NOT NULL,
  household_name TEXT NOT NULL,
  title TEXT NOT NULL,
  address TEXT NOT NULL,
  waybill TEXT NOT NULL,
  generation INTEGER NOT NULL,
  assignee BLOB NOT NULL,
  -- Whether this person has it with them.
  in_my_bag INTEGER NOT NULL,
  cash_fen INTEGER NOT NULL,
  -- Bits of delivery_flag; medicine shows as urgent and as nothing else.
  flags INTEGER NOT NULL,
  -- Facts and plan changes that the county has not confirmed.
  unsent INTEGER NOT NULL,
  -- Open discrepancies.
  discrepancies INTEGER NOT NULL,
  -- Whether any of its facts moves money.
  moves_cash INTEGER NOT NULL,
  -- Whether this person has the record, or merely wrote in it.
  granted INTEGER NOT NULL,
  -- The stamp of its latest fact.
  touched_ms INTEGER NOT NULL,
  -- First 8 bytes of the BLAKE3 of what search knows it by.
  searched BLOB NOT NULL
) STRICT;
-- Everything that the route shows lies in its index: reading it touches no row of any other record.
CREATE INDEX route ON records (
  on_route, route_order, due_until_ms, due_from_ms, id, record, kind, status, place, place_names, household,
  household_name, title, address, waybill, cash_fen, flags, unsent, discrepancies
) WHERE on_route > 0;
CREATE INDEX records_of_kind ON records (kind);
CREATE INDEX records_of_household ON records (household) WHERE household <> x'';
CREATE INDEX records_at_place ON records (place) WHERE place <> x'';
CREATE INDEX records_by_waybill ON records (waybill, generation) WHERE waybill <> '';
CREATE INDEX records_in_discrepancy ON records (discrepancies) WHERE discrepancies > 0;
CREATE INDEX records_with_cash ON records (moves_cash) WHERE moves_cash = 1;

-- Full-text search: the words that records::fold makes of a record, under its id. The index knows which word
-- stands in which record and nothing more.
CREATE VIRTUAL TABLE search USING fts5 (
  words, content = '', contentless_delete = 1, detail = none,
  prefix = "2 3 4", tokenize = "ascii"
);

-- Records that a fact joins to each other or parts from each other, in both directions: their facts count together.
CREATE TABLE links (
  record BLOB NOT NULL,
  other BLOB NOT NULL,
  PRIMARY KEY (record, other)
) STRICT, WITHOUT ROWID;

-- Why the county holds or refused a fact. The code is stable.
CREATE TABLE fact_verdicts (
  device INTEGER NOT NULL,
  n INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (device, n)
) STRICT, WITHOUT ROWID;

-- Plan edits that the county did not take, until the person has seen them; also of records that left.
CREATE TABLE refused_edits (
  id INTEGER PRIMARY KEY,
  record BLOB NOT NULL,
  -- What was written, by field, in JSON.
  edit TEXT NOT NULL,
  code TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- Records that left this phone. What it wrote in them stays, unread, until a backup of the county covers it.
CREATE TABLE tombstones (
  record BLOB PRIMARY KEY,
  -- 0 no longer visible, 1 retention, 2 person.
  reason INTEGER NOT NULL,
  -- Whether anything of it is still here.
  sealed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_records ON tombstones (record) WHERE sealed = 1;

-- Plan changes that wait for others that have not come, or for a version that knows the record's kind.
CREATE TABLE waiting_changes (
  record BLOB NOT NULL,
  hash BLOB NOT NULL,
  kind INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (record, hash)
) STRICT, WITHOUT ROWID;

-- What is known of the county's log. One row.
CREATE TABLE exchange (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch BLOB NOT NULL,
  -- The log's last row that a backup covers, and when that backup was made.
  watermark INTEGER NOT NULL,
  backup_ms INTEGER NOT NULL,
  -- When the county last answered, by its own clock; 0 before the first.
  answered_ms INTEGER NOT NULL,
  -- The report that the county has, as it was sent.
  report BLOB NOT NULL,
  capabilities TEXT NOT NULL
) STRICT;

-- The cursor (the highest seq) and older ones to fall back to.
CREATE TABLE checkpoints (
  epoch BLOB NOT NULL,
  seq INTEGER NOT NULL,
  within INTEGER NOT NULL,
  nonce BLOB NOT NULL,
  -- Counts the answers that moved the cursor: checkpoints are spaced by powers of two of it.
  answer INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (epoch, seq, within)
) STRICT, WITHOUT ROWID;

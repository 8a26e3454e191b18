-- A county's file. README.md says how the columns are written.

-- Tells a county's file from any other database: "Sdlb".
PRAGMA application_id = 1399090274;

CREATE TABLE county (
  -- The county itself: one row, written at its founding.
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  id BLOB NOT NULL,
  founded_ms INTEGER NOT NULL,
  -- The highest device number that was ever given.
  last_device INTEGER NOT NULL,
  -- No row of the log at or below it is kept.
  log_floor INTEGER NOT NULL
) STRICT;

CREATE TABLE epoch (
  -- The lives of the log: founding starts the first, each restore another.
  id INTEGER NOT NULL PRIMARY KEY,
  name BLOB NOT NULL UNIQUE,
  -- Under what the county's own people write in it.
  own_device INTEGER NOT NULL,
  own_actor BLOB NOT NULL,
  -- The last row of the log before it.
  after_seq INTEGER NOT NULL,
  started_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE backup (
  -- Finished backups and the last row of the log in each.
  id INTEGER NOT NULL PRIMARY KEY,
  covers_seq INTEGER NOT NULL,
  taken_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  -- What was done with personal data. Never changed; retention drops what is old.
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  done_ms INTEGER NOT NULL,
  -- NULL: the county's own working.
  person BLOB,
  action TEXT NOT NULL,
  -- NULL: not about one record.
  record BLOB,
  why TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TABLE person (
  -- Who works for the county. Their names are in their colleague records.
  id BLOB NOT NULL PRIMARY KEY,
  role INTEGER NOT NULL,
  -- NULL: not at a station.
  station BLOB,
  -- argon2id, as a PHC string. NULL: no console sign-in.
  password_hash TEXT,
  -- NULL: none set.
  second_factor BLOB,
  active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
  -- Which audiences somebody belongs to, and ever belonged to.
  person BLOB NOT NULL,
  audience BLOB NOT NULL,
  since_seq INTEGER NOT NULL,
  -- NULL: still belongs.
  left_seq INTEGER,
  PRIMARY KEY (person, audience)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_code (
  -- One-time codes with which a phone becomes a device, by their hashes.
  hash BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,
  role INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  tries_left INTEGER NOT NULL,
  -- The device that it became. NULL: unused.
  used_by INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  -- Phones and computers that write to the county.
  number INTEGER NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,
  -- That of its enrolment.
  role INTEGER NOT NULL,
  state INTEGER NOT NULL,
  state_ms INTEGER NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  -- Ed25519.
  public_key BLOB NOT NULL,
  enrolled_ms INTEGER NOT NULL,
  -- The number that it wrote under before a fork or a restore. NULL: none.
  replaces INTEGER,
  -- NULL: never yet.
  last_seen_ms INTEGER,
  -- What it last said that it holds, and said of itself (CBOR, empty before it does).
  cursor_seq INTEGER NOT NULL,
  report BLOB NOT NULL,
  capabilities BLOB NOT NULL
) STRICT;
CREATE INDEX device_person ON device (person);

CREATE TABLE author (
  -- How far each number has written: devices, one-time numbers, the county's own.
  number INTEGER NOT NULL PRIMARY KEY,
  fact_count INTEGER NOT NULL,
  -- The running hash over all its facts.
  chain BLOB NOT NULL
) STRICT;

CREATE TABLE actor (
  -- Which device announced an Automerge actor first.
  id BLOB NOT NULL PRIMARY KEY,
  device INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX actor_device ON actor (device);

CREATE TABLE one_time_number (
  -- Numbers that stand for a device in one tip or one appeal.
  number INTEGER NOT NULL PRIMARY KEY,
  device INTEGER NOT NULL,
  -- What it was used for. NULL: unused.
  record BLOB
) STRICT;
CREATE INDEX one_time_number_device ON one_time_number (device);
CREATE INDEX one_time_number_record ON one_time_number (record) WHERE record IS NOT NULL;

CREATE TABLE kept_answer (
  -- Answers that hand out secrets, until the device shows that it has got them.
  nonce BLOB NOT NULL PRIMARY KEY,
  device INTEGER NOT NULL,
  answer BLOB NOT NULL,
  kept_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_answer_device ON kept_answer (device);

CREATE TABLE record (
  -- What facts, plans and side values are about.
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  -- The number of its first writer.
  creator INTEGER NOT NULL,
  -- NULL: the creator is a one-time number.
  creator_person BLOB,
  created_ms INTEGER NOT NULL,
  -- The row of the log of its newest item.
  version INTEGER NOT NULL,
  -- When it ended as its status says. NULL: open.
  ended_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX record_kind ON record (kind, id);
CREATE INDEX record_ended ON record (ended_ms) WHERE ended_ms IS NOT NULL;

CREATE TABLE waybill (
  -- Which records go under a waybill number (normalised).
  number TEXT NOT NULL,
  generation INTEGER NOT NULL,
  record BLOB NOT NULL,
  PRIMARY KEY (number, generation, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX waybill_record ON waybill (record);

CREATE TABLE record_plan (
  -- The plan of a record as it stands: saved, and as the rules read it (CBOR).
  record BLOB NOT NULL PRIMARY KEY,
  change_count INTEGER NOT NULL,
  change_bytes INTEGER NOT NULL,
  snapshot BLOB NOT NULL,
  view BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;

CREATE TABLE reference (
  -- Which records a record names: a household, a consent, a camp.
  from_record BLOB NOT NULL,
  to_record BLOB NOT NULL,
  PRIMARY KEY (from_record, to_record)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_to ON reference (to_record, from_record);

CREATE TABLE tombstone (
  -- Records that were forgotten: nothing revives them.
  record BLOB NOT NULL PRIMARY KEY,
  reason INTEGER NOT NULL,
  forgotten_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE fact (
  -- Admitted facts. The key is the fact's row of the log: the order of admission.
  seq INTEGER NOT NULL PRIMARY KEY,
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  record BLOB NOT NULL,
  kind INTEGER NOT NULL,
  hash BLOB NOT NULL,
  -- The author's running hash up to and with it, its first 8 bytes.
  running BLOB NOT NULL,
  received_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX fact_name ON fact (author, n);
CREATE INDEX fact_record ON fact (record);

CREATE TABLE fact_was (
  -- What facts were called before their device forked.
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hash BLOB NOT NULL,
  -- The fact that says so.
  fact_seq INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (author, n, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE fact_number (
  -- Numbers whose facts are not kept: refused, dropped or forgotten. They leave no gap.
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  -- The first 8 bytes of the fact's hash, and of the author's running hash up to and with it.
  hash_start BLOB NOT NULL,
  running BLOB NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (author, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_change (
  -- Admitted plan changes: plain chunks. The key is the change's row of the log.
  seq INTEGER NOT NULL PRIMARY KEY,
  record BLOB NOT NULL,
  actor BLOB NOT NULL,
  actor_seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  start_op INTEGER NOT NULL,
  max_op INTEGER NOT NULL,
  by_device INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  sum BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX plan_change_name ON plan_change (record, actor, actor_seq);
CREATE INDEX plan_change_record ON plan_change (record);

CREATE TABLE side_value (
  -- What has a shorter life, or fewer readers, than its record.
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  name INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  record BLOB NOT NULL,
  -- Its fact's row of the log, or one of its own if it came later.
  seq INTEGER NOT NULL,
  value BLOB NOT NULL,
  sum BLOB NOT NULL,
  PRIMARY KEY (author, n, name, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX side_value_record ON side_value (record, seq);

CREATE TABLE side_removed (
  -- Side values that are no more and do not come back. The key is the row of the log that says so.
  seq INTEGER NOT NULL PRIMARY KEY,
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  name INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  record BLOB NOT NULL,
  UNIQUE (author, n, name, ordinal)
) STRICT;
CREATE INDEX side_removed_record ON side_removed (record);

CREATE TABLE held (
  -- What is kept and shown to nobody: it waits, is in quarantine, or came late. One of the next three tables
  -- says what it is.
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  record BLOB NOT NULL,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL,
  by_device INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  -- When a person first looked at it. NULL: not yet.
  looked_at_ms INTEGER,
  bytes BLOB NOT NULL,
  -- Over record, by_device, received_ms and bytes: the others change.
  sum BLOB NOT NULL
) STRICT;
CREATE INDEX held_state ON held (state, id);
CREATE INDEX held_record ON held (record);
CREATE INDEX held_device ON held (by_device);

CREATE TABLE held_fact (
  -- Held items that are facts.
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  held INTEGER NOT NULL UNIQUE,
  hash BLOB NOT NULL,
  running BLOB NOT NULL,
  PRIMARY KEY (author, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE held_change (
  -- Held items that are plan changes.
  record BLOB NOT NULL,
  actor BLOB NOT NULL,
  actor_seq INTEGER NOT NULL,
  held INTEGER NOT NULL UNIQUE,
  hash BLOB NOT NULL,
  start_op INTEGER NOT NULL,
  max_op INTEGER NOT NULL,
  PRIMARY KEY (record, actor, actor_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE held_side (
  -- Held items that are side values of held facts.
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  name INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  held INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (author, n, name, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE granted (
  -- Who a record is visible to now, and from which causes.
  record BLOB NOT NULL,
  audience BLOB NOT NULL,
  cause INTEGER NOT NULL,
  -- Whether what only the holder of a current task may see hangs on it.
  open INTEGER NOT NULL,
  -- NULL: no end is set.
  until_ms INTEGER,
  -- The row of the log by which the audience came to see the record, from whatever cause.
  since_seq INTEGER NOT NULL,
  PRIMARY KEY (record, audience, cause)
) STRICT, WITHOUT ROWID;
CREATE INDEX granted_audience ON granted (audience, since_seq, record);
CREATE INDEX granted_until ON granted (until_ms, record) WHERE until_ms IS NOT NULL;

CREATE TABLE ever_granted (
  -- Who a record was ever visible to: what they wrote about it is never refused for a change of assignment.
  record BLOB NOT NULL,
  audience BLOB NOT NULL,
  PRIMARY KEY (record, audience)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (
  -- What happened, in the order of admission: numbered from 1 without gaps.
  seq INTEGER NOT NULL PRIMARY KEY,
  -- Random, the same for all rows of one job: a cursor names it, so that another history is noticed.
  nonce BLOB NOT NULL,
  record BLOB NOT NULL,
  what INTEGER NOT NULL,
  logged_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE log_reader (
  -- Who reads which row of the log.
  audience BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (audience, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_membership (
  -- Which audience a row of the log says that somebody joined or left.
  seq INTEGER NOT NULL PRIMARY KEY,
  audience BLOB NOT NULL
) STRICT;

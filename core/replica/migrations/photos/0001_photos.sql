-- Photos lie in a database of their own: a large one never holds up a fact. A photo is committed first, the fact
-- that names it after.
CREATE TABLE photos (
  -- BLAKE3 of the bytes: the photo's name everywhere.
  hash BLOB PRIMARY KEY,
  -- The fact that names it; no record and counter 0 until there is one.
  record BLOB NOT NULL,
  device INTEGER NOT NULL,
  n INTEGER NOT NULL,
  -- 0 receipt, 1 thumbnail, 2 photo: the order in which they are sent.
  lane INTEGER NOT NULL,
  -- 0 local, 3 at the county.
  state INTEGER NOT NULL,
  taken_ms INTEGER NOT NULL,
  length INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX photos_of_record ON photos (record);
CREATE INDEX unsent_photos ON photos (lane, taken_ms) WHERE state = 0;
CREATE INDEX photos_without_a_fact ON photos (taken_ms) WHERE n = 0;

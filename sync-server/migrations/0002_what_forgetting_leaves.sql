-- What forgetting needs and leaves behind: counts, and sums that go on.

CREATE TABLE tally (
  -- How many of what is not kept there were, such as tips of a kind in a township in a month.
  name TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cash_carried (
  -- What somebody owed by records that were forgotten since, in fen: all of it was settled, so that what they owe by
  -- the records that are left stays what it was.
  person BLOB NOT NULL PRIMARY KEY,
  fen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Side values go by their names, the oldest first.
CREATE INDEX side_value_name ON side_value (name, seq, ordinal);

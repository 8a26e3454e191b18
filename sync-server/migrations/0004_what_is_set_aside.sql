-- Rows that were found damaged wait in their places to be given again; here lie their bytes as they were found.

CREATE TABLE set_aside_fact (
  -- Facts that do not match their sums, by their rows of the log.
  seq INTEGER NOT NULL PRIMARY KEY,
  found_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE set_aside_change (
  -- Plan changes that do not match their sums, by their rows of the log.
  seq INTEGER NOT NULL PRIMARY KEY,
  found_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE set_aside_side (
  -- Side values that do not match their sums.
  author INTEGER NOT NULL,
  n INTEGER NOT NULL,
  name INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  found_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (author, n, name, ordinal)
) STRICT, WITHOUT ROWID;

-- What goes leaves nothing here, whoever deletes it.
CREATE TRIGGER fact_goes AFTER DELETE ON fact BEGIN
  DELETE FROM set_aside_fact WHERE seq = OLD.seq;
END;
CREATE TRIGGER plan_change_goes AFTER DELETE ON plan_change BEGIN
  DELETE FROM set_aside_change WHERE seq = OLD.seq;
END;
CREATE TRIGGER side_value_goes AFTER DELETE ON side_value BEGIN
  DELETE FROM set_aside_side
  WHERE author = OLD.author AND n = OLD.n AND name = OLD.name AND ordinal = OLD.ordinal;
END;

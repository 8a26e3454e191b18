-- Rows are counted, so that one that goes missing, or changes, is noticed.

CREATE TABLE row_tally (
  -- How many rows of a table there are, and the sum of their hashes, by what they are parted: their author, or who reads
  -- them. What is counted under `commit` is the commits. Written in every transaction; empty until the file is opened.
  place TEXT NOT NULL,
  -- Empty where a table is not parted.
  part BLOB NOT NULL,
  row_count INTEGER NOT NULL,
  row_sum INTEGER NOT NULL,
  PRIMARY KEY (place, part)
) STRICT, WITHOUT ROWID;

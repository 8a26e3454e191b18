-- That this device is to leave the county, once a backup covers all that it wrote. No row: it is not.
CREATE TABLE leaving (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- 0 it was retired, 1 it was reported lost.
  why INTEGER NOT NULL,
  -- 1: the county ordered it and all was covered. What is here is being destroyed.
  ordered INTEGER NOT NULL
) STRICT;

-- Whether to ask the county for another device number, and why. 0 no; 1 a fact of its own is lost that the county may
-- not have, so that those after it cannot follow; 2 an edit met another one under its name, so that there is a copy.
ALTER TABLE own ADD COLUMN asks_for_number INTEGER NOT NULL DEFAULT 0;

-- That this device goes on under another number, until the person has seen it.
CREATE TABLE forks (
  id INTEGER PRIMARY KEY,
  -- The number that it had, and the one that it got.
  was INTEGER NOT NULL,
  device INTEGER NOT NULL,
  -- 0 it was restored from an older copy, or copied; 1 a fact of its own was lost; 2 the county lost what it knew.
  why INTEGER NOT NULL,
  -- When, UTC milliseconds by the county's clock.
  at_ms INTEGER NOT NULL,
  -- Facts and edits that were written again.
  facts INTEGER NOT NULL,
  edits INTEGER NOT NULL
) STRICT;

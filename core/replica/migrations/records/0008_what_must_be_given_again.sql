-- The records that the county showed this device before it began to read the log from the start; each goes when it is given
-- again. One of no bytes is there until anything was: until then the device may not be served at all.
CREATE TABLE granted_before (record BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

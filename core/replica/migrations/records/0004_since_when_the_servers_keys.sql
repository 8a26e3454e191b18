-- When the server's keys that are held were made, UTC seconds; 0 where the county has not said.
ALTER TABLE identity ADD COLUMN server_keys_since_s INTEGER NOT NULL DEFAULT 0;

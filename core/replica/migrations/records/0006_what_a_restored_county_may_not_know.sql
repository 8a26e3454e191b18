-- Up to which row of the county's log the value had come when it was received; 0 for one's own, and for those from before
-- this was kept. Where the county goes back to before that row, the value goes, and comes again if it still is to be seen.
ALTER TABLE side_values ADD COLUMN position INTEGER NOT NULL DEFAULT 0;

-- 1: given before the county was restored last, which may know nothing of it.
ALTER TABLE one_time_numbers ADD COLUMN of_before INTEGER NOT NULL DEFAULT 0;

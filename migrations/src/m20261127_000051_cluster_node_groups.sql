ALTER TABLE clusters ADD COLUMN node_groups TEXT;

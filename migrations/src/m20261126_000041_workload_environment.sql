ALTER TABLE workloads ADD COLUMN environment TEXT;

CREATE TABLE remembered (
    word TEXT PRIMARY KEY NOT NULL,
    contents BYTES NOT NULL,
    remembered_at BIGINT NOT NULL
) CLUSTERED;
CREATE INDEX remembered_by_time ON remembered (remembered_at);
ALTER TABLE image_metadata ADD COLUMN config TEXT NOT NULL DEFAULT '';
ALTER TABLE containers ADD COLUMN drift TEXT NOT NULL DEFAULT '';
CREATE INDEX containers_by_drift ON containers (workload_id) WHERE drift <> '';

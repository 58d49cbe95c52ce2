CREATE TABLE remembered (
    word TEXT PRIMARY KEY NOT NULL,
    contents BYTES NOT NULL,
    remembered_at BIGINT NOT NULL
) CLUSTERED;
CREATE INDEX remembered_by_time ON remembered (remembered_at);
ALTER TABLE image_metadata ADD COLUMN config TEXT NOT NULL DEFAULT '';

CREATE TABLE executed_files (
    image_id BYTES NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    tool TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (image_id, path, tool)
) CLUSTERED;
CREATE INDEX executed_files_by_last_seen ON executed_files (last_seen_at);

ALTER TABLE coverage RENAME TO coverage_stated;
DROP INDEX coverage_by_image;
CREATE TABLE coverage (
    id BYTES PRIMARY KEY NOT NULL,
    image_id BYTES NOT NULL,
    tool TEXT NOT NULL,
    registry TEXT NOT NULL DEFAULT '',
    repository TEXT NOT NULL DEFAULT '',
    watched BOOLEAN,
    reason TEXT NOT NULL,
    last_scanned_at BIGINT,
    in_use_count BIGINT,
    in_use_last_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    last_changed_at BIGINT NOT NULL
);
CREATE INDEX coverage_by_image ON coverage (image_id, tool);
INSERT INTO coverage (id, image_id, tool, registry, repository, watched, reason, last_scanned_at, in_use_count,
    in_use_last_at, first_seen_at, last_changed_at)
SELECT id, image_id, tool, registry, repository, watched, reason, last_scanned_at, in_use_count, in_use_last_at,
    first_seen_at, last_changed_at FROM coverage_stated;
DROP TABLE coverage_stated;

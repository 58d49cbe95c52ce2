CREATE TABLE admission_policies (
    id BYTES NOT NULL,
    cluster TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    engine TEXT NOT NULL,
    effect TEXT NOT NULL,
    scope TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (cluster, kind, name)
);
CREATE INDEX admission_policies_by_id ON admission_policies (id);

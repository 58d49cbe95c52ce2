CREATE TABLE baselines (
    scope TEXT NOT NULL,
    declared_at BIGINT NOT NULL,
    criticality_sum DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (scope, declared_at)
);

CREATE TABLE daily_scores (
    day TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    exposure DOUBLE PRECISION NOT NULL,
    ces DOUBLE PRECISION NOT NULL,
    baseline DOUBLE PRECISION NOT NULL,
    known DOUBLE PRECISION NOT NULL,
    config DOUBLE PRECISION NOT NULL,
    kernel DOUBLE PRECISION NOT NULL,
    runtime DOUBLE PRECISION NOT NULL,
    gap DOUBLE PRECISION NOT NULL,
    workloads BIGINT NOT NULL,
    running BIGINT NOT NULL,
    gap_unknown BIGINT NOT NULL,
    gap_unassessed BIGINT NOT NULL,
    gap_stale BIGINT NOT NULL,
    gap_unsanctioned BIGINT NOT NULL,
    gap_overdue BIGINT NOT NULL,
    in_order BIGINT NOT NULL,
    kev_running BIGINT NOT NULL,
    constants TEXT NOT NULL
);

CREATE TABLE ledger (
    id SERIAL_KEY,
    at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    subject TEXT NOT NULL,
    link TEXT NOT NULL DEFAULT '',
    change_nano BIGINT NOT NULL,
    exposure_nano BIGINT NOT NULL
);
CREATE INDEX ledger_by_time ON ledger (at, id);

CREATE TABLE fixes (
    position BIGINT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    from_version TEXT NOT NULL DEFAULT '',
    to_version TEXT NOT NULL DEFAULT '',
    finding_count BIGINT NOT NULL,
    image_count BIGINT NOT NULL,
    workload_count BIGINT NOT NULL,
    owner_count BIGINT NOT NULL,
    exposure_change DOUBLE PRECISION NOT NULL,
    score_change DOUBLE PRECISION NOT NULL,
    link TEXT NOT NULL DEFAULT ''
);

CREATE TABLE priors (
    stratum TEXT NOT NULL,
    day TEXT NOT NULL,
    images BIGINT NOT NULL,
    hazards TEXT NOT NULL,
    PRIMARY KEY (stratum, day)
);

CREATE TABLE sources (
    id BYTES PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    secrets BYTES,
    secret_fields TEXT NOT NULL DEFAULT '[]',
    origin TEXT NOT NULL,
    schedule TEXT NOT NULL DEFAULT '',
    enabled BOOLEAN NOT NULL DEFAULT TRUE,
    next_run_at BIGINT,
    push_token_hash BYTES,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX sources_by_name ON sources (name) WHERE removed_at IS NULL;

CREATE TABLE source_runs (
    id BYTES PRIMARY KEY NOT NULL,
    source_id BYTES NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    tick TEXT,
    requested_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
    heartbeat_at BIGINT,
    worker TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    run_after BIGINT NOT NULL,
    scopes_total BIGINT NOT NULL DEFAULT 0,
    scopes_done BIGINT NOT NULL DEFAULT 0,
    objects_seen BIGINT NOT NULL DEFAULT 0,
    added BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    retired BIGINT NOT NULL DEFAULT 0,
    calls BIGINT NOT NULL DEFAULT 0,
    retries BIGINT NOT NULL DEFAULT 0,
    throttled BIGINT NOT NULL DEFAULT 0,
    waited_ms BIGINT NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '',
    trials TEXT NOT NULL DEFAULT '[]',
    plan TEXT
);
CREATE INDEX source_runs_by_source ON source_runs (source_id, requested_at);
CREATE INDEX source_runs_by_state ON source_runs (state, run_after);
CREATE UNIQUE INDEX source_runs_by_tick ON source_runs (source_id, tick);
CREATE UNIQUE INDEX source_runs_waiting ON source_runs (source_id, kind) WHERE state = 'waiting';
CREATE UNIQUE INDEX source_runs_running ON source_runs (source_id) WHERE state = 'running' AND kind <> 'check';

CREATE TABLE source_scopes (
    source_id BYTES NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    service TEXT NOT NULL,
    last_run BYTES,
    last_run_at BIGINT,
    last_complete_at BIGINT,
    last_state TEXT NOT NULL DEFAULT 'waiting',
    last_reason TEXT NOT NULL DEFAULT '',
    objects BIGINT NOT NULL DEFAULT 0,
    listed BOOLEAN NOT NULL DEFAULT TRUE,
    suspect_run BYTES,
    suspect_missing BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (source_id, account, region, service)
);

CREATE TABLE source_run_scopes (
    run_id BYTES NOT NULL REFERENCES source_runs (id) ON DELETE CASCADE,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    service TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    seen BIGINT NOT NULL DEFAULT 0,
    added BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    retired BIGINT NOT NULL DEFAULT 0,
    calls BIGINT NOT NULL DEFAULT 0,
    retries BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT,
    ended_at BIGINT,
    resumed BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (run_id, account, region, service)
);

CREATE TABLE source_parts (
    run_id BYTES NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    service TEXT NOT NULL,
    part BIGINT NOT NULL,
    source_id BYTES NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    document_id BYTES NOT NULL,
    last BOOLEAN NOT NULL,
    PRIMARY KEY (run_id, account, region, service, part)
);

CREATE TABLE source_objects (
    source_id BYTES NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    service TEXT NOT NULL,
    noun TEXT NOT NULL,
    object BYTES NOT NULL,
    key TEXT NOT NULL,
    fingerprint BIGINT NOT NULL,
    suspect BOOLEAN NOT NULL DEFAULT FALSE,
    first_seen_at BIGINT NOT NULL,
    PRIMARY KEY (source_id, account, region, service, noun, object)
) CLUSTERED;
CREATE INDEX source_objects_by_object ON source_objects (object);

CREATE TABLE repositories (
    id BYTES PRIMARY KEY NOT NULL,
    registry TEXT NOT NULL,
    name TEXT NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    account_id TEXT NOT NULL DEFAULT '',
    region TEXT,
    public BOOLEAN,
    tags_immutable BOOLEAN,
    encryption TEXT,
    scan_on_push BOOLEAN,
    scanning TEXT,
    created_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    last_changed_at BIGINT NOT NULL,
    retired_at BIGINT,
    UNIQUE (registry, name)
);

CREATE TABLE clusters (
    id BYTES PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    account_id TEXT NOT NULL DEFAULT '',
    region TEXT,
    version TEXT,
    support_ends_at BIGINT,
    public_endpoint BOOLEAN,
    allowed_networks TEXT NOT NULL DEFAULT '[]',
    logging TEXT,
    created_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    last_changed_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE INDEX clusters_by_name ON clusters (name);

CREATE TABLE coverage (
    id BYTES PRIMARY KEY NOT NULL,
    image_id BYTES NOT NULL,
    tool TEXT NOT NULL,
    registry TEXT NOT NULL DEFAULT '',
    repository TEXT NOT NULL DEFAULT '',
    watched BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    last_scanned_at BIGINT,
    in_use_count BIGINT,
    in_use_last_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    last_changed_at BIGINT NOT NULL
);
CREATE INDEX coverage_by_image ON coverage (image_id, tool);

CREATE TABLE image_locations (
    id BYTES PRIMARY KEY NOT NULL,
    image_id BYTES NOT NULL,
    registry TEXT NOT NULL,
    repository TEXT NOT NULL,
    digest TEXT NOT NULL,
    media_type TEXT,
    size BIGINT,
    pushed_at BIGINT,
    pulled_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    last_changed_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX image_locations_by_image ON image_locations (image_id);
CREATE INDEX image_locations_by_repository ON image_locations (registry, repository);

ALTER TABLE exposures ADD COLUMN id BYTES;
ALTER TABLE exposures ADD COLUMN retired_at BIGINT;
CREATE INDEX exposures_by_id ON exposures (id);

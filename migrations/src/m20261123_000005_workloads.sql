CREATE TABLE accounts (
    provider TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    first_seen_at BIGINT NOT NULL,
    PRIMARY KEY (provider, id)
);

CREATE TABLE nodes (
    id BYTES PRIMARY KEY NOT NULL,
    cluster TEXT NOT NULL,
    name TEXT NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    account_id TEXT NOT NULL DEFAULT '',
    region TEXT,
    os_image TEXT,
    kernel TEXT,
    runtime TEXT,
    kubelet TEXT,
    public_address BOOLEAN NOT NULL DEFAULT FALSE,
    kernel_probability DOUBLE PRECISION,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE INDEX nodes_by_cluster ON nodes (cluster, name);

CREATE TABLE workloads (
    id BYTES PRIMARY KEY NOT NULL,
    cluster TEXT NOT NULL,
    namespace TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    provider TEXT NOT NULL DEFAULT '',
    account_id TEXT NOT NULL DEFAULT '',
    region TEXT,
    owner TEXT,
    criticality TEXT,
    replicas BIGINT,
    labels TEXT NOT NULL DEFAULT '{}',
    isolation TEXT NOT NULL DEFAULT '{}',
    reach TEXT NOT NULL DEFAULT 'unknown',
    reach_evidence TEXT NOT NULL DEFAULT '',
    escape_ease DOUBLE PRECISION NOT NULL DEFAULT 0,
    sandbox DOUBLE PRECISION NOT NULL DEFAULT 1,
    escape_evidence TEXT NOT NULL DEFAULT '[]',
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    retired_at BIGINT,
    running BIGINT NOT NULL DEFAULT 0,
    image_count BIGINT NOT NULL DEFAULT 0,
    critical BIGINT NOT NULL DEFAULT 0,
    high BIGINT NOT NULL DEFAULT 0,
    medium BIGINT NOT NULL DEFAULT 0,
    low BIGINT NOT NULL DEFAULT 0,
    unknown BIGINT NOT NULL DEFAULT 0,
    fixable BIGINT NOT NULL DEFAULT 0,
    kev BIGINT NOT NULL DEFAULT 0,
    hazard BIGINT NOT NULL DEFAULT 0,
    hazard_known BIGINT NOT NULL DEFAULT 0,
    hazard_config BIGINT NOT NULL DEFAULT 0,
    hazard_runtime BIGINT NOT NULL DEFAULT 0,
    hazard_gap BIGINT NOT NULL DEFAULT 0,
    hazard_kernel BIGINT NOT NULL DEFAULT 0,
    total_hazard BIGINT NOT NULL DEFAULT 0,
    loss DOUBLE PRECISION NOT NULL DEFAULT 0,
    score DOUBLE PRECISION,
    gap_stage TEXT NOT NULL DEFAULT 'unknown',
    why TEXT NOT NULL DEFAULT '',
    explanation TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX workloads_by_score ON workloads (COALESCE(score, -1), id);
CREATE INDEX workloads_by_name ON workloads (name, id);
CREATE INDEX workloads_by_place ON workloads (cluster, namespace, name);
CREATE INDEX workloads_by_severity ON workloads (critical, high, medium, low, id);

CREATE TABLE containers (
    workload_id BYTES NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    image TEXT NOT NULL,
    registry TEXT NOT NULL DEFAULT '',
    repository TEXT NOT NULL DEFAULT '',
    tag TEXT NOT NULL DEFAULT '',
    digest TEXT,
    digest_role TEXT,
    image_id BYTES,
    running BIGINT NOT NULL,
    init BOOLEAN NOT NULL DEFAULT FALSE,
    security TEXT NOT NULL DEFAULT '{}',
    gap_stage TEXT NOT NULL DEFAULT 'unknown',
    PRIMARY KEY (workload_id, position)
);
CREATE INDEX containers_by_image ON containers (image_id);
CREATE INDEX containers_by_digest ON containers (digest);
CREATE INDEX containers_by_stage ON containers (gap_stage);

CREATE TABLE workload_nodes (
    workload_id BYTES NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
    node_id BYTES NOT NULL,
    PRIMARY KEY (workload_id, node_id)
);
CREATE INDEX workload_nodes_by_node ON workload_nodes (node_id);

CREATE TABLE exposures (
    cluster TEXT NOT NULL,
    namespace TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    reach TEXT NOT NULL,
    selector TEXT NOT NULL DEFAULT '{}',
    backends TEXT NOT NULL DEFAULT '[]',
    evidence TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    PRIMARY KEY (cluster, namespace, kind, name)
);

CREATE TABLE images (
    id BYTES PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL,
    digest_role TEXT NOT NULL,
    name TEXT NOT NULL,
    registry TEXT NOT NULL DEFAULT '',
    repository TEXT NOT NULL DEFAULT '',
    os TEXT,
    architecture TEXT,
    variant TEXT,
    distribution TEXT,
    distribution_version TEXT,
    end_of_life BOOLEAN,
    size BIGINT,
    created_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    last_scanned_at BIGINT,
    component_count BIGINT NOT NULL DEFAULT 0,
    critical BIGINT NOT NULL DEFAULT 0,
    high BIGINT NOT NULL DEFAULT 0,
    medium BIGINT NOT NULL DEFAULT 0,
    low BIGINT NOT NULL DEFAULT 0,
    unknown BIGINT NOT NULL DEFAULT 0,
    fixable BIGINT NOT NULL DEFAULT 0,
    kev BIGINT NOT NULL DEFAULT 0,
    secrets BIGINT NOT NULL DEFAULT 0,
    misconfigurations BIGINT NOT NULL DEFAULT 0,
    max_epss DOUBLE PRECISION,
    hazard_internet BIGINT NOT NULL DEFAULT 0,
    hazard_restricted BIGINT NOT NULL DEFAULT 0,
    hazard_internal BIGINT NOT NULL DEFAULT 0,
    hazard_isolated BIGINT NOT NULL DEFAULT 0,
    hazard_unknown BIGINT NOT NULL DEFAULT 0,
    hazard_secret BIGINT NOT NULL DEFAULT 0,
    hazard_config BIGINT NOT NULL DEFAULT 0,
    due_exposed_at BIGINT,
    due_internal_at BIGINT,
    running BIGINT NOT NULL DEFAULT 0,
    workload_count BIGINT NOT NULL DEFAULT 0,
    score DOUBLE PRECISION,
    score_reach TEXT,
    explanation TEXT NOT NULL DEFAULT '{}',
    units TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX images_by_digest ON images (digest);
CREATE INDEX images_by_score ON images (COALESCE(score, -1), id);
CREATE INDEX images_by_name ON images (name, id);
CREATE INDEX images_by_severity ON images (critical, high, medium, low, id);
CREATE INDEX images_by_scan ON images (COALESCE(last_scanned_at, 0), id);
CREATE INDEX images_by_running ON images (running, id);
CREATE INDEX images_by_repository ON images (registry, repository);

CREATE TABLE image_metadata (
    image_id BYTES PRIMARY KEY NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    labels TEXT NOT NULL DEFAULT '{}',
    layers TEXT NOT NULL DEFAULT '[]'
);

CREATE TABLE image_digests (
    digest TEXT NOT NULL,
    image_id BYTES NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    PRIMARY KEY (digest, image_id)
);
CREATE INDEX image_digests_by_image ON image_digests (image_id);

CREATE TABLE image_tags (
    registry TEXT NOT NULL,
    repository TEXT NOT NULL,
    tag TEXT NOT NULL,
    image_id BYTES NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (registry, repository, tag, first_seen_at, image_id)
);
CREATE INDEX image_tags_by_image ON image_tags (image_id);

CREATE TABLE components (
    id BYTES PRIMARY KEY NOT NULL,
    purl TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL DEFAULT '',
    source_name TEXT NOT NULL DEFAULT '',
    source_version TEXT NOT NULL DEFAULT '',
    licences TEXT NOT NULL DEFAULT '[]'
) CLUSTERED;
CREATE INDEX components_by_name ON components (name, version);

CREATE TABLE image_components (
    image_id BYTES NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    component_id BYTES NOT NULL,
    tool TEXT NOT NULL,
    path TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (image_id, component_id, tool)
) CLUSTERED;
CREATE INDEX image_components_by_component ON image_components (component_id);

CREATE TABLE sboms (
    image_id BYTES NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    tool TEXT NOT NULL,
    document_id BYTES NOT NULL,
    stated_at BIGINT NOT NULL,
    listed BIGINT NOT NULL,
    fingerprint BYTES NOT NULL,
    PRIMARY KEY (image_id, tool)
);

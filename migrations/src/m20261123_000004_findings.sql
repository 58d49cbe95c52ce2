CREATE TABLE scans (
    id BYTES PRIMARY KEY NOT NULL,
    image_id BYTES NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    tool TEXT NOT NULL,
    tool_version TEXT,
    scanned_at BIGINT NOT NULL,
    database_at BIGINT,
    document_id BYTES NOT NULL,
    covers TEXT NOT NULL,
    partial TEXT,
    finding_count BIGINT NOT NULL,
    fingerprint BYTES NOT NULL,
    superseded BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX scans_by_image ON scans (image_id, tool, scanned_at);
CREATE INDEX scans_by_tool ON scans (tool, scanned_at);

CREATE TABLE findings (
    image_id BYTES NOT NULL,
    id BYTES NOT NULL,
    class TEXT NOT NULL,
    component_id BYTES,
    vulnerability_id TEXT,
    subject TEXT NOT NULL DEFAULT '',
    path TEXT NOT NULL DEFAULT '',
    resource TEXT NOT NULL DEFAULT '',
    line BIGINT,
    title TEXT,
    severity SMALLINT NOT NULL,
    fix_state TEXT NOT NULL,
    fix_version TEXT NOT NULL DEFAULT '',
    suppressed BOOLEAN NOT NULL DEFAULT FALSE,
    vex_status TEXT,
    first_seen_at BIGINT NOT NULL,
    fix_seen_at BIGINT,
    closed_at BIGINT,
    closed_reason TEXT,
    PRIMARY KEY (image_id, id)
) CLUSTERED;
CREATE INDEX findings_by_vulnerability ON findings (vulnerability_id, image_id);
CREATE INDEX findings_by_component ON findings (component_id);
CREATE INDEX findings_by_severity ON findings (severity, id) WHERE closed_at IS NULL;
CREATE INDEX findings_by_age ON findings (first_seen_at, id) WHERE closed_at IS NULL;

CREATE TABLE attributions (
    image_id BYTES NOT NULL,
    finding_id BYTES NOT NULL,
    tool TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    severity_word TEXT NOT NULL,
    fix_state TEXT NOT NULL,
    fix_version TEXT NOT NULL DEFAULT '',
    cvss_vector TEXT,
    suppressed_reason TEXT,
    location TEXT,
    reported_as TEXT NOT NULL DEFAULT '',
    document_id BYTES NOT NULL,
    first_seen_at BIGINT NOT NULL,
    PRIMARY KEY (image_id, finding_id, tool)
) CLUSTERED;

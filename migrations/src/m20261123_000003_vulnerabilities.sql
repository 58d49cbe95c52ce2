CREATE TABLE vulnerabilities (
    id TEXT PRIMARY KEY NOT NULL,
    title TEXT,
    description TEXT,
    severity SMALLINT NOT NULL DEFAULT 4,
    cvss_source TEXT,
    cvss_vector TEXT,
    cvss_base DOUBLE PRECISION,
    attack_vector TEXT,
    impact DOUBLE PRECISION,
    automatable BOOLEAN,
    total_impact BOOLEAN,
    published_at BIGINT,
    modified_at BIGINT,
    weaknesses TEXT NOT NULL DEFAULT '[]',
    links TEXT NOT NULL DEFAULT '[]',
    epss DOUBLE PRECISION,
    epss_percentile DOUBLE PRECISION,
    kev_added_at BIGINT,
    kev_due_at BIGINT,
    kev_ransomware BOOLEAN,
    first_seen_at BIGINT NOT NULL,
    finding_count BIGINT NOT NULL DEFAULT 0,
    image_count BIGINT NOT NULL DEFAULT 0,
    workload_count BIGINT NOT NULL DEFAULT 0,
    running BIGINT NOT NULL DEFAULT 0,
    fixable BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX vulnerabilities_by_severity ON vulnerabilities (severity, id);
CREATE INDEX vulnerabilities_by_epss ON vulnerabilities (COALESCE(epss, -1), id);
CREATE INDEX vulnerabilities_by_kev ON vulnerabilities (COALESCE(kev_added_at, 0), id);
CREATE INDEX vulnerabilities_by_threat ON vulnerabilities ((CASE WHEN kev_added_at IS NULL THEN 0 ELSE 1 END), COALESCE(epss, -1), id);
CREATE INDEX vulnerabilities_by_cvss ON vulnerabilities (COALESCE(cvss_base, -1), id);
CREATE INDEX vulnerabilities_by_images ON vulnerabilities (image_count, id);
CREATE INDEX vulnerabilities_by_running ON vulnerabilities (running, id);
CREATE INDEX vulnerabilities_by_findings ON vulnerabilities (finding_count, id);
CREATE INDEX vulnerabilities_by_fixable ON vulnerabilities (fixable, id);
CREATE INDEX vulnerabilities_by_workloads ON vulnerabilities (workload_count, id);
CREATE INDEX vulnerabilities_by_publication ON vulnerabilities (COALESCE(published_at, 0), id);

CREATE TABLE vulnerability_aliases (
    alias TEXT PRIMARY KEY NOT NULL,
    vulnerability_id TEXT NOT NULL
);
CREATE INDEX vulnerability_aliases_by_group ON vulnerability_aliases (vulnerability_id);

CREATE TABLE vulnerability_relations (
    vulnerability_id TEXT NOT NULL,
    related TEXT NOT NULL,
    PRIMARY KEY (vulnerability_id, related)
);

CREATE TABLE vulnerability_cvss (
    vulnerability_id TEXT NOT NULL,
    source TEXT NOT NULL,
    vector TEXT NOT NULL,
    base DOUBLE PRECISION,
    PRIMARY KEY (vulnerability_id, source, vector)
);

CREATE TABLE epss_scores (
    vulnerability_id TEXT PRIMARY KEY NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    percentile DOUBLE PRECISION
) CLUSTERED;

CREATE TABLE kev_entries (
    vulnerability_id TEXT PRIMARY KEY NOT NULL,
    added_at BIGINT,
    due_at BIGINT,
    ransomware BOOLEAN,
    title TEXT NOT NULL,
    action TEXT
);

CREATE TABLE vex_statements (
    id BYTES PRIMARY KEY NOT NULL,
    document_id BYTES NOT NULL,
    author TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    vulnerability_id TEXT NOT NULL,
    product TEXT NOT NULL,
    product_digest TEXT NOT NULL DEFAULT '',
    component TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    justification TEXT,
    statement TEXT
);
CREATE INDEX vex_statements_by_vulnerability ON vex_statements (vulnerability_id);
CREATE INDEX vex_statements_by_digest ON vex_statements (product_digest);
CREATE INDEX vex_statements_by_document ON vex_statements (document_id);

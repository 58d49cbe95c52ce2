CREATE TABLE documents (
    id BYTES PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    image_reference TEXT NOT NULL DEFAULT '',
    cluster TEXT NOT NULL DEFAULT '',
    as_of BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    last_received_at BIGINT NOT NULL,
    times_received BIGINT NOT NULL DEFAULT 1,
    size BIGINT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT,
    format_version BIGINT,
    tool TEXT,
    tool_version TEXT,
    target TEXT,
    image_id BYTES,
    stated_at BIGINT,
    counts TEXT NOT NULL DEFAULT '{}',
    changes TEXT NOT NULL DEFAULT '{}',
    warnings TEXT NOT NULL DEFAULT '[]',
    warning_count BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    processed_at BIGINT,
    UNIQUE (digest, image_reference, cluster)
);
CREATE INDEX documents_by_receipt ON documents (last_received_at, id);
CREATE INDEX documents_by_state ON documents (state, id);
CREATE INDEX documents_by_image ON documents (image_id);
CREATE INDEX documents_by_kind ON documents (kind, last_received_at);

CREATE TABLE document_chunks (
    document_id BYTES NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    bytes BYTES NOT NULL,
    PRIMARY KEY (document_id, position)
);

CREATE TABLE journal (
    id SERIAL_KEY,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    document_id BYTES,
    subject TEXT NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX journal_by_time ON journal (at, id);
CREATE INDEX journal_by_document ON journal (document_id);

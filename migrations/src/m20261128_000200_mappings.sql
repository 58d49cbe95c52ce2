CREATE TABLE mappings (
    name TEXT PRIMARY KEY NOT NULL,
    mapping TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

CREATE TABLE document_mappings (
    document_id BYTES PRIMARY KEY NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    mapping TEXT NOT NULL
);

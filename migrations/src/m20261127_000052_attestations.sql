CREATE TABLE attestations (
    id BYTES PRIMARY KEY NOT NULL,
    image_id BYTES NOT NULL,
    document_id BYTES NOT NULL,
    predicate TEXT NOT NULL,
    builder TEXT,
    source TEXT,
    built_at BIGINT,
    signatures BIGINT NOT NULL
);
CREATE INDEX attestations_by_image ON attestations (image_id);
CREATE INDEX attestations_by_document ON attestations (document_id);

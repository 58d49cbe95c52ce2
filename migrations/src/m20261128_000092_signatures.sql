CREATE TABLE signatures (
    id BYTES PRIMARY KEY NOT NULL,
    document_id BYTES NOT NULL,
    subject TEXT NOT NULL,
    signed TEXT NOT NULL,
    state TEXT NOT NULL,
    sentence TEXT NOT NULL,
    judged_by TEXT NOT NULL
);
CREATE INDEX signatures_by_subject ON signatures (subject);
CREATE INDEX signatures_by_document ON signatures (document_id);
CREATE INDEX signatures_by_judgement ON signatures (judged_by);
ALTER TABLE images ADD COLUMN signing TEXT;
CREATE INDEX images_by_signing ON images (signing);

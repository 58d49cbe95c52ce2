ALTER TABLE image_metadata ADD COLUMN chain BYTES;
CREATE INDEX image_metadata_by_chain ON image_metadata (chain);

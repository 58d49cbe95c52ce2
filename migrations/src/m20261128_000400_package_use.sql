ALTER TABLE attributions ADD COLUMN used BOOLEAN;
ALTER TABLE attributions ADD COLUMN used_since BIGINT;
CREATE INDEX attributions_by_use ON attributions (image_id) WHERE used IS NOT NULL;

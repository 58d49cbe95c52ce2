ALTER TABLE images ADD COLUMN uncounted BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX images_uncounted ON images (id) WHERE uncounted;

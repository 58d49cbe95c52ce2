CREATE TABLE images_uncounted (
    image_id BYTES PRIMARY KEY NOT NULL
);

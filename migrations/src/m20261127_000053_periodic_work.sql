CREATE TABLE periodic_work (
    work TEXT PRIMARY KEY NOT NULL,
    begun_at BIGINT NOT NULL
);

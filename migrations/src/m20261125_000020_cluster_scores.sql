CREATE TABLE cluster_scores (
    cluster TEXT PRIMARY KEY NOT NULL,
    sums TEXT NOT NULL
);

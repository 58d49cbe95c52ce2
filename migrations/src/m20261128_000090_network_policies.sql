CREATE TABLE network_policies (
    id BYTES NOT NULL,
    cluster TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    selector TEXT NOT NULL,
    ingress TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (cluster, namespace, name)
);
CREATE INDEX network_policies_by_id ON network_policies (id);
ALTER TABLE exposures ADD COLUMN landing TEXT NOT NULL DEFAULT '{"targets":[],"keeps_source":false}';

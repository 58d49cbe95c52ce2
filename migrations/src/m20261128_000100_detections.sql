CREATE TABLE detections (
    id BYTES PRIMARY KEY NOT NULL,
    tool TEXT NOT NULL,
    rule TEXT NOT NULL,
    class TEXT NOT NULL,
    severity SMALLINT NOT NULL,
    severity_word TEXT NOT NULL,
    title TEXT,
    evidence TEXT,
    techniques TEXT NOT NULL,
    workload_id BYTES,
    image_id BYTES,
    node_id BYTES,
    account_id TEXT,
    region TEXT,
    cluster TEXT,
    namespace TEXT,
    kind TEXT,
    name TEXT,
    node TEXT,
    container TEXT,
    container_id TEXT,
    image TEXT,
    digest TEXT,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    disposition TEXT NOT NULL,
    reason TEXT NOT NULL,
    disposed_by TEXT NOT NULL,
    disposed_at BIGINT,
    judged BOOLEAN NOT NULL
);
CREATE INDEX detections_by_last_seen ON detections (last_seen_at, id);
CREATE INDEX detections_by_severity ON detections (severity, last_seen_at, id);
CREATE INDEX detections_by_workload ON detections (workload_id, disposition);
CREATE INDEX detections_by_judged ON detections (judged);

CREATE TABLE detection_moves (
    id BYTES PRIMARY KEY NOT NULL,
    moved_to BYTES NOT NULL
);
CREATE INDEX detection_moves_by_target ON detection_moves (moved_to);

CREATE TABLE detection_events (
    detection_id BYTES NOT NULL,
    event_id BYTES NOT NULL,
    at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    severity_word TEXT NOT NULL,
    evidence TEXT,
    node TEXT,
    name TEXT,
    container TEXT,
    container_id TEXT,
    PRIMARY KEY (detection_id, event_id)
);
CREATE INDEX detection_events_by_container ON detection_events (SUBSTR(container_id, 1, 12));

CREATE TABLE detection_hours (
    detection_id BYTES NOT NULL,
    hour BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (detection_id, hour)
) CLUSTERED;
CREATE INDEX detection_hours_by_hour ON detection_hours (hour);

CREATE TABLE detection_decisions (
    number SERIAL_KEY,
    detection_id BYTES NOT NULL,
    at BIGINT NOT NULL,
    disposition TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL
);
CREATE INDEX detection_decisions_by_detection ON detection_decisions (detection_id);

CREATE TABLE runtime_events_seen (
    event_id BYTES PRIMARY KEY NOT NULL,
    count BIGINT NOT NULL,
    archived BOOLEAN NOT NULL,
    received_at BIGINT NOT NULL
) CLUSTERED;
CREATE INDEX runtime_events_seen_by_receipt ON runtime_events_seen (received_at);

CREATE TABLE sensors (
    tool TEXT NOT NULL,
    cluster TEXT NOT NULL,
    node TEXT NOT NULL,
    first_heard_at BIGINT NOT NULL,
    last_heard_at BIGINT NOT NULL,
    events BIGINT NOT NULL,
    PRIMARY KEY (tool, cluster, node)
);
CREATE INDEX sensors_by_node ON sensors (node);

CREATE TABLE event_inbox (
    number SERIAL_KEY,
    name TEXT NOT NULL,
    cluster TEXT,
    received_at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    body BYTES NOT NULL
);
CREATE INDEX event_inbox_by_size ON event_inbox (size);

CREATE INDEX workloads_by_namespace ON workloads (namespace);
CREATE INDEX nodes_by_name ON nodes (name);

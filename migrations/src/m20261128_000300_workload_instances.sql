-- In the order in which they came: trees by workload, pod and container at once would take twice the room.
CREATE TABLE workload_instances (
    workload_id BYTES NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
    pod TEXT NOT NULL,
    container TEXT NOT NULL,
    container_id TEXT,
    -- Where containers of one name run several.
    digest TEXT
);
CREATE INDEX workload_instances_by_workload ON workload_instances (workload_id);
CREATE INDEX workload_instances_by_container ON workload_instances (container_id);
CREATE INDEX workload_instances_by_pod ON workload_instances (pod);

-- By which those of a workload are known to be the same without being read.
CREATE TABLE workload_instance_sets (
    workload_id BYTES PRIMARY KEY NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
    fingerprint BIGINT NOT NULL
) CLUSTERED;

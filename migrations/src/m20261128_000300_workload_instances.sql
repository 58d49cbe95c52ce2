CREATE TABLE workload_instances (
    workload_id BYTES NOT NULL REFERENCES workloads (id) ON DELETE CASCADE,
    pod TEXT NOT NULL,
    container TEXT NOT NULL,
    container_id TEXT,
    digest TEXT,
    PRIMARY KEY (workload_id, pod, container)
) CLUSTERED;
CREATE INDEX workload_instances_by_container ON workload_instances (container_id);
CREATE INDEX workload_instances_by_pod ON workload_instances (pod);

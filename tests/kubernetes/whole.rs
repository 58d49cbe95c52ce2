//! Whole clusters into the database, and once more, unchanged. What changes in between is seen.

use domain::source::RunState;
use serde_json::json;

use crate::{on_each_database, small};

#[test]
fn clusters_are_known_whole_and_a_second_sync_writes_nothing() {
    on_each_database(&small(), |world| {
        let count = |kind: &str| world.estate.clusters.iter().map(|cluster| cluster.count(kind)).sum::<u64>();
        assert_eq!(world.present()["nodes"].unsigned_abs(), count("nodes"));
        assert_eq!(world.present()["clusters"], 3, "no cloud's source describes them");
        let of = |kind: &str| {
            let sql = format!("SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL AND kind = '{kind}'");
            world.number(&sql).unsigned_abs()
        };
        for (kind, path) in [("Deployment", "apps/deployments"), ("DaemonSet", "apps/daemonsets")] {
            assert!(of(kind) >= count(path) && count(path) > 0, "{kind}: {} of {}", of(kind), count(path));
        }
        let running = "SELECT COUNT(*) FROM containers WHERE running > 0";
        assert!(world.number(running) > 0);
        let unknown = "SELECT COUNT(*) FROM workloads WHERE retired_at IS NULL AND reach = 'unknown' \
                       AND reach_evidence NOT LIKE '%LoadBalancer without an address yet'";
        assert_eq!(
            world.number(unknown),
            0,
            "but for what waits for an address, it is known who reaches what"
        );
        world.unchanged();
    });
}

#[test]
fn what_is_gone_is_retired_and_what_is_new_is_added() {
    on_each_database(&json!("tiny"), |world| {
        let cluster = world.estate.clusters[0].name.clone();
        let before = world.present();
        world.cloud.apply(
            &cluster,
            &json!({
                "apiVersion": "v1", "kind": "Pod",
                "metadata": { "name": "newcomer", "namespace": "default", "uid": "00000000-0000-4000-8000-000000000001" },
                "spec": { "nodeName": "n", "containers": [{ "name": "main", "image": "registry.example.com/new:1" }] },
                "status": { "phase": "Running" },
            }),
        );
        let (finished, _) = world.sync();
        assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
        assert_eq!(world.present()["workloads"], before["workloads"] + 1);
        world.cloud.delete(&cluster, ("v1", "Pod"), "default", "newcomer");
        let (finished, _) = world.sync();
        assert_eq!(
            (finished.state, finished.progress.counts.retired),
            (RunState::Complete, 1),
            "{}",
            finished.message
        );
        assert_eq!(world.present()["workloads"], before["workloads"]);
        let seen = "SELECT COUNT(*) FROM workloads WHERE name = 'newcomer' AND retired_at IS NOT NULL";
        assert_eq!(world.number(seen), 1, "it is marked, not forgotten");
    });
}

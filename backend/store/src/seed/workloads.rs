//! Where the seeded images run. Refuses completeness: one workload has no owner, one no score.

use domain::id::{Id, NodeId};

use super::{API, UNSCANNED, WEB, ago, image, insert, workload};
use crate::bulk::id;
use crate::connection::Value;
use crate::{Error, Tx};

pub(super) async fn workloads(tx: &Tx) -> Result<(), Error> {
    for (name, owner, reach, score, kev, gap, retired) in [
        ("api", Some("team-shop"), "internet", Some(88.2), 1_i64, "overdue", None),
        ("web", None, "internal", Some(55.0), 0, "stale", None),
        ("batch", Some("team-data"), "unknown", None, 0, "unassessed", None),
        ("old", None, "isolated", Some(10.0), 0, "in-order", Some(3)),
    ] {
        insert(
            tx,
            "workloads",
            vec![
                ("id", id(workload(name))),
                ("cluster", "prod".into()),
                ("namespace", "shop".into()),
                ("kind", "Deployment".into()),
                ("name", name.into()),
                ("owner", owner.into()),
                ("environment", (name == "api").then_some("prod").into()),
                ("criticality", (name == "api").then_some("critical").into()),
                ("replicas", 3_i64.into()),
                ("labels", r#"{"app":"x"}"#.into()),
                ("reach", reach.into()),
                ("reach_evidence", if name == "api" { "LoadBalancer 203.0.113.7" } else { "" }.into()),
                ("isolation", if name == "api" { READ_ISOLATION } else { ISOLATION }.into()),
                ("escape_ease", if name == "api" { 0.9 } else { 0.005 }.into()),
                ("escape_evidence", if name == "api" { r#"["runs privileged"]"# } else { "[]" }.into()),
                ("first_seen_at", ago(30)),
                ("last_seen_at", ago(0)),
                ("retired_at", retired.map_or(Value::from(None::<i64>), ago)),
                ("running", if name == "api" { 3_i64 } else { 1 }.into()),
                ("image_count", 1_i64.into()),
                ("critical", kev.into()),
                ("high", 1_i64.into()),
                ("fixable", 1_i64.into()),
                ("kev", kev.into()),
                ("hazard", 1000_i64.into()),
                ("hazard_known", 700_i64.into()),
                ("hazard_config", 200_i64.into()),
                ("hazard_kernel", 100_i64.into()),
                ("total_hazard", 1000_i64.into()),
                ("loss", 0.4.into()),
                ("score", score.into()),
                ("gap_stage", gap.into()),
                ("why", if name == "api" { "exploited, internet, privileged" } else { "" }.into()),
                ("explanation", if name == "api" { WORKLOAD_EXPLANATION } else { "{}" }.into()),
            ],
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn containers(tx: &Tx) -> Result<(), Error> {
    for (name, digest, running) in
        [("api", Some(API), 3_i64), ("web", Some(WEB), 1), ("batch", Some(UNSCANNED), 1), ("old", None, 0)]
    {
        insert(
            tx,
            "containers",
            vec![
                ("workload_id", id(workload(name))),
                ("position", 0_i64.into()),
                ("name", "main".into()),
                ("image", format!("registry.example/shop/{name}:1").into()),
                ("digest", digest.into()),
                ("image_id", digest.map(|digest| image(digest).as_bytes().to_vec()).into()),
                ("running", running.into()),
                ("gap_stage", if name == "api" { "overdue" } else { "stale" }.into()),
                ("security", if name == "api" { READ_SECURITY } else { "{}" }.into()),
            ],
        )
        .await?;
        let node: NodeId = Id::derived(&[b"node-1"]);
        insert(tx, "workload_nodes", vec![("workload_id", id(workload(name))), ("node_id", id(node))])
            .await?;
    }
    let node: NodeId = Id::derived(&[b"node-1"]);
    insert(
        tx,
        "nodes",
        vec![
            ("id", id(node)),
            ("cluster", "prod".into()),
            ("name", "node-1".into()),
            ("kernel", "6.1.0-28-cloud-amd64".into()),
            ("first_seen_at", ago(30)),
            ("last_seen_at", ago(0)),
        ],
    )
    .await
}

const ISOLATION: &str = r#"{"host_network":true,"host_pid":false,"host_ipc":false,"user_namespace":false,"runtime_class":null,"service_account":null,"token_mounted":null}"#;
/// As it is kept since specifications of pods are read.
const READ_ISOLATION: &str = r#"{"host_network":true,"host_pid":false,"host_ipc":false,"user_namespace":false,"runtime_class":null,"service_account":null,"token_mounted":null,"pod":{}}"#;
const READ_SECURITY: &str = r#"{"privileged":false,"capabilities_added":[],"capabilities_dropped":["ALL"],"seccomp":"RuntimeDefault","host_ports":[],"host_paths":[],
 "secret_variables":["DB_PASSWORD"],"specified":{"context":true,"limits":["memory"]}}"#;

const WORKLOAD_EXPLANATION: &str = r#"{"version":"ces-1.0","score":88.2,"factors":[
 {"name":"hazard","title":"Known vulnerabilities","points":-11.8,"value":"0.95","reason":"log4j-core 2.14.1"}],
 "units":[{"unit":"log4j-core 2.14.1","vulnerability":"CVE-2021-44228","share_basis_points":7000,"points_if_fixed":-20.1,"fix":"2.17.1"}],
 "parts":[{"part":"known","basis_points":7000},{"part":"config","basis_points":2000},{"part":"kernel","basis_points":1000}]}"#;

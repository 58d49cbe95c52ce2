//! What a runtime sensor saw in one demo cluster: findings of GuardDuty as its list call answers them. Refuses a quiet
//! estate: one container mines, one runs what its image does not hold, one is not in the inventory.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{DemoDocument, to_bytes};

/// The cluster whose nodes run the sensor.
const CLUSTER: &str = "eks-prod-eu";

/// What it saw of one container.
struct Seen {
    rule: &'static str,
    title: &'static str,
    severity: f64,
    count: u64,
    /// Kind in the sensor's words, namespace and name.
    workload: [&'static str; 3],
    node: u32,
    program: &'static str,
    hours_ago: i64,
    archived: bool,
}

const SEEN: [Seen; 5] = [
    Seen {
        rule: "CryptoCurrency:Runtime/BitcoinTool.B!DNS",
        title: "A container asks for a domain that is linked to mining.",
        severity: 8.0,
        count: 42,
        workload: ["deployments", "crm", "legacy-crm"],
        node: 3,
        program: "/tmp/.x/kworkerds",
        hours_ago: 3,
        archived: false,
    },
    Seen {
        rule: "Execution:Runtime/NewBinaryExecuted",
        title: "A file that was made or changed of late was run in a container.",
        severity: 5.0,
        count: 7,
        workload: ["statefulsets", "ci", "image-builder"],
        node: 1,
        program: "/workspace/bin/buildctl",
        hours_ago: 9,
        archived: false,
    },
    Seen {
        rule: "Discovery:Runtime/SuspiciousCommand",
        title: "A command that is used to look around was run.",
        severity: 2.0,
        count: 3,
        workload: ["daemonsets", "ingress", "edge-proxy"],
        node: 2,
        program: "/usr/bin/id",
        hours_ago: 30,
        archived: false,
    },
    Seen {
        rule: "PrivilegeEscalation:Runtime/ContainerMountsHostDirectory",
        title: "A container mounted a directory of its node.",
        severity: 5.0,
        count: 1,
        workload: ["pods", "default", "debug-shell"],
        node: 2,
        program: "/bin/bash",
        hours_ago: 52,
        archived: false,
    },
    Seen {
        rule: "DefenseEvasion:Runtime/PtraceAntiDebugging",
        title: "A process hindered others from looking into it.",
        severity: 2.0,
        count: 12,
        workload: ["daemonsets", "observability", "log-shipper"],
        node: 0,
        program: "/fluent-bit/bin/fluent-bit",
        hours_ago: 70,
        archived: true,
    },
];

/// The list of findings as it stood two hours ago.
pub(super) fn documents(now: DateTime<Utc>, seed: u64) -> Vec<DemoDocument> {
    let at = now - Duration::hours(2);
    let findings: Vec<Value> = SEEN.iter().map(|seen| finding(seen, now, seed)).collect();
    vec![DemoDocument {
        name: "guardduty-eu-west-1.json".to_owned(),
        at,
        cluster: Some(CLUSTER.to_owned()),
        bytes: to_bytes(&json!({ "findings": findings })),
    }]
}

fn finding(seen: &Seen, now: DateTime<Utc>, seed: u64) -> Value {
    let [kind, namespace, name] = seen.workload;
    let last = now - Duration::hours(seen.hours_ago);
    let id = domain::id::EventId::derived(&[&seed.to_le_bytes(), seen.rule.as_bytes(), name.as_bytes()]);
    let written = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    json!({
        "schemaVersion": "2.0", "accountId": "412233445566", "region": "eu-west-1", "partition": "aws",
        "id": id.to_string(), "type": seen.rule, "title": seen.title, "severity": seen.severity,
        "createdAt": written(last - Duration::hours(5)), "updatedAt": written(last),
        "resource": {
            "resourceType": "EKSCluster",
            "eksClusterDetails": { "name": CLUSTER },
            "kubernetesDetails": { "kubernetesWorkloadDetails": {
                "name": name, "type": kind, "namespace": namespace,
            } },
            "instanceDetails": { "instanceId": format!("{CLUSTER}-node-{}", seen.node) },
        },
        "service": {
            "serviceName": "guardduty", "detectorId": "demo", "archived": seen.archived, "count": seen.count,
            "eventFirstSeen": written(last - Duration::hours(5)), "eventLastSeen": written(last),
            "runtimeDetails": { "process": { "name": program(seen.program), "executablePath": seen.program } },
        },
    })
}

/// The last part of a path.
fn program(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

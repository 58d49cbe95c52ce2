//! Where the seeded images lie, who watches them, and the clusters they run in. Refuses completeness: one
//! cluster says nothing of itself, one tool not whether it watches.

use domain::id::{Id, ObjectId};

use super::{API, ago, image, insert};
use crate::bulk::id;
use crate::connection::Value;
use crate::{Error, Tx};

fn object(name: &str) -> ObjectId {
    Id::derived(&[name.as_bytes()])
}

pub(super) async fn places(tx: &Tx) -> Result<(), Error> {
    let place: [(&str, Value); 2] =
        [("registry", "registry.example".into()), ("repository", "shop/api".into())];
    insert(
        tx,
        "repositories",
        vec![
            ("id", id(object("repository"))),
            ("registry", "registry.example".into()),
            ("name", "shop/api".into()),
            ("public", false.into()),
            ("tags_immutable", false.into()),
            ("encryption", "KMS".into()),
            ("scan_on_push", true.into()),
            ("cleanup", r#"["deletes untagged manifests after 7 days"]"#.into()),
            ("settings", REPOSITORY_SETTINGS.into()),
            ("first_seen_at", ago(30)),
            ("last_changed_at", ago(30)),
        ],
    )
    .await?;
    let mut location = vec![
        ("id", id(object("location"))),
        ("image_id", id(image(API))),
        ("digest", API.into()),
        ("pushed_at", ago(20)),
        ("first_seen_at", ago(20)),
        ("last_changed_at", ago(20)),
    ];
    location.extend(place.clone());
    insert(tx, "image_locations", location).await?;
    for (tool, watched, reason, count, last) in [
        ("one-watch", Some(false), "SCAN_ELIGIBILITY_EXPIRED", None, None),
        ("other-watch", None, "", Some(3_i64), Some(ago(2))),
    ] {
        let mut row = vec![
            ("id", id(object(tool))),
            ("image_id", id(image(API))),
            ("tool", tool.into()),
            ("watched", watched.into()),
            ("reason", reason.into()),
            ("in_use_count", count.into()),
            ("in_use_last_at", last.unwrap_or(Value::from(None::<i64>))),
            ("first_seen_at", ago(5)),
            ("last_changed_at", ago(5)),
        ];
        row.extend(place.clone());
        insert(tx, "coverage", row).await?;
    }
    Ok(())
}

/// One setting that a benchmark wants otherwise, one of which none speaks.
const REPOSITORY_SETTINGS: &str = r#"[
    {"key":"admin-user","value":"on","judged":{"safe":false,"by":"Azure Policy"}},
    {"key":"tier","value":"<b>Premium</b>"}
]"#;

pub(super) async fn attestations(tx: &Tx) -> Result<(), Error> {
    let attestation = vec![
        ("id", id(object("attestation"))),
        ("image_id", id(image(API))),
        ("document_id", id(object("provenance"))),
        ("predicate", "https://slsa.dev/provenance/v1".into()),
        ("builder", "https://ci.example.org/<b>7".into()),
        ("source", "https://git.example.org/shop/api@0123".into()),
        ("built_at", ago(30)),
        ("signatures", 1_i64.into()),
    ];
    insert(tx, "attestations", attestation).await
}

pub(super) async fn signatures(tx: &Tx) -> Result<(), Error> {
    let signature = vec![
        ("id", id(object("signature"))),
        ("document_id", id(object("signed"))),
        ("subject", API.into()),
        ("signed", "{}".into()),
        ("state", "unverified".into()),
        ("sentence", "It is by <b>somebody</b>, and no identity is configured.".into()),
        ("judged_by", "".into()),
    ];
    insert(tx, "signatures", signature).await
}

/// One group that keeps up, one behind the control plane with a fault.
const GROUPS: &str = r#"[
    {"name": "arm", "image": "AL2023_ARM_64_STANDARD", "release": "1.29.9-20261001", "version": "1.29",
     "machines": ["m7g.large"], "least": 1, "wanted": 3, "most": 5, "issues": [], "zones": ["a", "b"], "sandbox": "gVisor",
     "settings": [{"key":"secure-boot","value":"off","judged":{"safe":false,"by":"CIS GKE Benchmark 5.5.7"}}]},
    {"name": "old", "image": "AL2_x86_64", "version": "1.27", "machines": ["t3.large", "t3a.large"],
     "issues": ["AccessDenied: <b>no</b> role"]}
]"#;

/// As a benchmark wants it, and not.
const CLUSTER_SETTINGS: &str = r#"[
    {"key":"shielded-nodes","value":"on","judged":{"safe":true,"by":"CIS GKE Benchmark 5.5.5"}},
    {"key":"dashboard","value":"on","judged":{"safe":false,"by":"CIS GKE Benchmark 5.10.1"}}
]"#;

pub(super) async fn clusters(tx: &Tx) -> Result<(), Error> {
    let seen = || [("first_seen_at", ago(30)), ("last_changed_at", ago(30))];
    let mut described = vec![
        ("id", id(object("prod"))),
        ("name", "prod".into()),
        ("kind", "eks".into()),
        ("provider", "aws".into()),
        ("account_id", "111122223333".into()),
        ("region", "eu-west-1".into()),
        ("version", "1.29".into()),
        ("support_ends_at", ago(10)),
        ("public_endpoint", true.into()),
        ("allowed_networks", r#"["0.0.0.0/0"]"#.into()),
        ("logging", r#"["api","audit"]"#.into()),
        ("node_groups", GROUPS.into()),
        ("channel", "none".into()),
        ("private_nodes", false.into()),
        ("network_policy", "calico".into()),
        ("legacy_access", r#"["local accounts"]"#.into()),
        ("settings", CLUSTER_SETTINGS.into()),
    ];
    described.extend(seen());
    insert(tx, "clusters", described).await?;
    let mut silent = vec![("id", id(object("batch"))), ("name", "batch".into()), ("kind", "ecs".into())];
    silent.extend(seen());
    insert(tx, "clusters", silent).await
}

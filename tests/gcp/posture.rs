//! How repositories and clusters are set up, asked of the emulator and held against what Google's own clients read.

use std::collections::BTreeMap;

use domain::cluster::Cluster;
use domain::observation::Observation;
use domain::registry::Repository;
use domain::setting::Setting;
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::gcp::Gcp;

use crate::asked::{HERE, SHOP};

fn repositories(found: &Collected) -> BTreeMap<&str, &Repository> {
    let repositories = found.observations.iter().filter_map(|observation| match observation {
        Observation::Repository(repository) => Some((repository.name.as_str(), repository)),
        _ => None,
    });
    repositories.collect()
}

fn value<'s>(settings: &'s [Setting], key: &str) -> Option<(&'s str, Option<bool>)> {
    let setting = settings.iter().find(|setting| setting.key == key)?;
    Some((setting.value.as_str(), setting.judged.as_ref().map(|judged| judged.safe)))
}

#[test]
fn repositories_tell_their_kind_and_what_they_remove() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let told = &gcp.names()["repositories"];
    let found = Source::of(&gcp, &estate).collect(SHOP, HERE, "artifact-registry").complete();
    let repositories = repositories(&found);
    assert!(repositories.len() > 5);
    for (name, repository) in &repositories {
        let within = name.split('/').nth(1).unwrap();
        let told = &told[&format!("projects/{SHOP}/locations/{HERE}/repositories/{within}")];
        let mode = told["mode"].as_str().unwrap().to_lowercase();
        let kind = value(&repository.settings, "repository-kind").unwrap().0;
        assert_eq!(kind.split(',').next().unwrap(), mode.strip_suffix("_repository").unwrap(), "{name}");
        let rules = repository.cleanup.as_ref().unwrap();
        assert_eq!(rules.len(), told["cleanup"].as_array().unwrap().len(), "{name}");
    }
    let of = |name: &str| {
        let within = format!("{SHOP}/{name}");
        *repositories.iter().find(|(known, _)| known.starts_with(&within)).unwrap().1
    };
    assert_eq!(
        of("images-03").cleanup.as_ref().unwrap(),
        &[
            "dry run: deletes untagged images older than 30 days (old)",
            "dry run: keeps the 10 most recent (recent)"
        ]
    );
    let kind = |name: &str| value(&of(name).settings, "repository-kind").unwrap().0;
    assert_eq!(kind("docker-hub"), "remote, a cache of DOCKER_HUB");
    assert_eq!(kind("everything"), "virtual, over images-00, docker-hub");
}

/// A cluster as Google's clients tell it.
fn as_google_tells(cluster: &Cluster, told: &Value) {
    let channel = told["channel"].as_str().unwrap().replace("UNSPECIFIED", "none");
    let known = cluster.channel.as_deref().unwrap_or("none");
    assert_eq!(known, channel, "{}", cluster.name);
    let autopilot = told["autopilot"].as_bool().unwrap();
    assert_eq!(cluster.managed.as_deref(), Some(if autopilot { "Autopilot" } else { "Standard" }));
    // One that tells nothing of private nodes has none for Google's clients, which know no absence.
    assert_eq!(cluster.private_nodes.unwrap_or_default(), told["private_nodes"].as_bool().unwrap());
}

#[test]
fn clusters_tell_how_they_are_set_up_and_on_which_machines_they_run() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let told = gcp.names();
    let found = Source::of(&gcp, &estate).collect(SHOP, "", "gke").complete();
    let clusters = found.clusters();
    let mut pools = 0;
    for (name, told_cluster) in &told["clusters"] {
        let parts: Vec<&str> = name.split('/').collect();
        if parts[1] != SHOP {
            continue;
        }
        let cluster = clusters[format!("{} (gke {SHOP} {})", parts[5], parts[3]).as_str()];
        as_google_tells(cluster, told_cluster);
        for group in cluster.node_groups.as_ref().unwrap() {
            let told = &told["node pools"][&format!("{name}/nodePools/{}", group.name)];
            let zones = json!(group.zones);
            let shape = json!({"version": group.version, "image": group.image, "machine": group.machines[0], "zones": zones});
            for (key, value) in shape.as_object().unwrap() {
                assert_eq!(value, &told[key], "{key} of {} in {name}", group.name);
            }
            let sandbox = told["sandbox"].as_str().map(|_| "gVisor");
            assert_eq!(group.sandbox.as_deref(), sandbox, "{} in {name}", group.name);
            pools += 1;
        }
    }
    assert_eq!(pools, 6);
    let named = |name: &str, location: &str| clusters[format!("{name} (gke {SHOP} {location})").as_str()];
    let shop = named("shop", HERE);
    assert_eq!(
        (shop.network_policy.as_deref(), shop.secrets_encryption.as_deref()),
        (Some("none"), Some("none"))
    );
    assert_eq!((shop.workload_identity, shop.private_nodes), (None, Some(false)), "not told is not off");
    assert_eq!(value(&shop.settings, "binary-authorization"), Some(("DISABLED", Some(false))));
    let groups = shop.node_groups.as_ref().unwrap();
    assert_eq!((groups[0].least, groups[0].most), (Some(2), Some(10)), "1 to 5 in each of two zones");
    let ledger = named("ledger", "us-central1");
    assert_eq!(ledger.network_policy.as_deref(), Some("Dataplane V2"));
    assert_eq!((ledger.workload_identity, ledger.private_nodes), (Some(true), Some(true)));
    assert_eq!(ledger.secrets_encryption.as_deref(), Some("customer-managed key"));
    assert_eq!(value(&ledger.settings, "shielded-nodes"), Some(("on", Some(true))));
    let old = named("old", "europe-west1-b");
    assert_eq!(old.legacy_access.as_ref().unwrap(), &["authorization by attributes (ABAC)"]);
    assert_eq!(value(&old.settings, "dashboard"), Some(("on", Some(false))));
}

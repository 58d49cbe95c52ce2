//! How registries and clusters are set up, asked of the emulator and held against what Microsoft's own clients read.

use std::collections::BTreeMap;

use domain::cluster::Cluster;
use domain::observation::Observation;
use domain::registry::Repository;
use domain::setting::Setting;
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::azure::{Azure, Estate};
use tests::cloud::Cloud;

/// A tenant of few repositories in each of its registries, and what Microsoft's clients read of it.
fn world() -> Option<(Azure, Estate, Value)> {
    let (azure, estate) =
        Azure::seeded(&json!({ "plan": "small", "repositories": 2, "attached": false, "findings": 0 }))?;
    let said = azure.run("check_sdk.py", &[]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let told: Value = serde_json::from_slice(&said.stdout).unwrap();
    Some((azure, estate, told["set_up"].clone()))
}

fn repositories(found: &Collected) -> Vec<&Repository> {
    let repositories = found.observations.iter().filter_map(|observation| match observation {
        Observation::Repository(repository) => Some(repository),
        _ => None,
    });
    repositories.collect()
}

fn clusters(found: &Collected) -> BTreeMap<&str, &Cluster> {
    let clusters = found.observations.iter().filter_map(|observation| match observation {
        Observation::Cluster(cluster) => Some((cluster.name.split(' ').next().unwrap(), cluster)),
        _ => None,
    });
    clusters.collect()
}

#[track_caller]
fn value<'s>(settings: &'s [Setting], key: &str) -> Option<(&'s str, Option<bool>)> {
    let setting = settings.iter().find(|setting| setting.key == key)?;
    Some((setting.value.as_str(), setting.judged.as_ref().map(|judged| judged.safe)))
}

#[test]
fn a_repository_tells_how_its_registry_is_set_up() {
    let Some((azure, estate, told)) = world() else { return };
    let source = Source::with(&azure, &estate, &[("leave_out_registries", &["sealed"])]);
    let mut tiers = BTreeMap::new();
    for subscription in &estate.subscriptions {
        let found = source.collect(subscription, "", "acr").complete();
        for repository in repositories(&found) {
            let (server, settings) = (&told[&repository.registry], &repository.settings);
            assert_eq!(value(settings, "tier").unwrap().0, server["tier"].as_str().unwrap());
            for key in ["admin-user", "anonymous-pull"] {
                let on = server[key].as_bool().unwrap();
                let expected = if on { "on" } else { "off" };
                assert_eq!(
                    value(settings, key),
                    Some((expected, Some(!on))),
                    "{key} of {}",
                    repository.registry
                );
            }
            assert_eq!(
                value(settings, "zone-redundancy").unwrap().0,
                server["zone-redundancy"].as_str().unwrap()
            );
            let kept = repository.cleanup.clone().unwrap();
            let retention = ["deletes untagged manifests after 7 days".to_owned()];
            let expected = if server["retention"] == "enabled" { &retention[..] } else { &[] };
            assert_eq!(kept, expected, "{}", repository.registry);
            assert_eq!(value(settings, "public-network"), Some(("every network", Some(false))));
            assert_eq!(repository.name.is_empty(), repository.registry.starts_with("spare"));
            tiers.insert(value(settings, "tier").unwrap().0.to_owned(), settings.len());
        }
    }
    assert_eq!(tiers.into_keys().collect::<Vec<_>>(), ["Basic", "Premium", "Standard"]);
}

#[test]
fn a_registry_that_lets_nobody_in_is_known_by_its_settings() {
    let Some((azure, estate, _)) = world() else { return };
    let found = Source::of(&azure, &estate).collect(&estate.subscriptions[2], "", "acr");
    assert!(found.partial().contains("the registry lets 203.0.113.9 not in"), "{}", found.partial());
    let sealed = repositories(&found).into_iter().find(|one| one.registry == "sealed.azurecr.io").unwrap();
    assert_eq!((sealed.name.as_str(), sealed.public, sealed.tags_immutable), ("", Some(false), None));
    assert_eq!(value(&sealed.settings, "public-network"), Some(("private endpoints only", Some(true))));
    assert_eq!(value(&sealed.settings, "export"), Some(("off", Some(true))));
    assert_eq!(sealed.encryption.as_deref(), Some("customer-managed key"));
}

#[test]
fn what_the_manager_does_not_tell_stays_unknown() {
    let Some((azure, estate)) = Azure::seeded(&json!("tiny")) else { return };
    let fields = json!([
        "properties.policies",
        "properties.adminUserEnabled",
        "properties.publicNetworkAccess",
        "sku",
        "properties.securityProfile",
        "properties.disableLocalAccounts",
        "properties.agentPoolProfiles",
        "properties.networkProfile",
        "properties.autoUpgradeProfile",
        "properties.addonProfiles",
    ]);
    azure.fault(&json!({ "kind": "absent", "service": "arm", "fields": fields }));
    let source = Source::of(&azure, &estate);
    let found = source.collect(&estate.subscriptions[0], "", "acr").complete();
    for repository in repositories(&found) {
        assert_eq!(repository.cleanup, None);
        for key in ["tier", "admin-user", "public-network", "export", "quarantine"] {
            assert_eq!(value(&repository.settings, key), None, "{key}");
        }
    }
    let found = source.collect(&estate.subscriptions[0], "", "aks").complete();
    for cluster in clusters(&found).values() {
        assert_eq!(
            (&cluster.node_groups, cluster.private_nodes, &cluster.legacy_access),
            (&None, None, &None)
        );
        assert_eq!((&cluster.channel, &cluster.network_policy, &cluster.managed), (&None, &None, &None));
        assert_eq!((cluster.workload_identity, &cluster.secrets_encryption), (None, &None));
    }
}

#[test]
fn clusters_tell_how_they_are_set_up_and_on_which_machines_they_run() {
    let Some((azure, estate, told)) = world() else { return };
    let found = Source::of(&azure, &estate).collect(&estate.subscriptions[0], "", "aks").complete();
    let clusters = clusters(&found);
    for (id, told) in told.as_object().unwrap() {
        let name = id.rsplit('/').next().unwrap();
        if !id.starts_with(&format!("/subscriptions/{}/", estate.subscriptions[0])) {
            continue;
        }
        let cluster = clusters[name];
        assert_eq!(cluster.channel.as_deref(), told["channel"].as_str());
        assert_eq!(cluster.network_policy.as_deref(), told["network_policy"].as_str());
        let open = cluster.legacy_access.as_ref().map(|ways| !ways.is_empty());
        assert_eq!(open, told["local_accounts"].as_bool());
        let groups = cluster.node_groups.as_ref().unwrap().iter().map(|group| {
            let shape = json!([group.machines[0], group.release, group.version, group.wanted]);
            (group.name.clone(), shape)
        });
        assert_eq!(
            groups.collect::<BTreeMap<_, _>>(),
            serde_json::from_value(told["pools"].clone()).unwrap()
        );
    }
    let private = clusters["aks-private-weu"];
    assert_eq!((private.private_nodes, private.workload_identity), (Some(true), Some(true)));
    assert_eq!(private.secrets_encryption.as_deref(), Some("customer-managed key"));
    assert_eq!(private.managed.as_deref(), Some("Standard"));
    assert_eq!(private.support_ends_at, None, "no list of the manager tells it");
    let groups = private.node_groups.as_ref().unwrap();
    assert_eq!((groups[0].zones.len(), groups[0].sandbox.as_deref()), (3, Some("none")));
    assert_eq!((groups[1].least, groups[1].most), (Some(1), Some(10)));
    assert_eq!(groups[1].sandbox.as_deref(), Some("Kata"));
    assert_eq!(value(&private.settings, "directory-authorization"), Some(("on", Some(true))));
    let public = clusters["aks-open-weu"];
    assert_eq!(public.legacy_access.as_ref().unwrap(), &["local accounts"]);
    assert_eq!((public.workload_identity, &public.secrets_encryption), (None, &None), "not told is not off");
    assert_eq!(value(&public.settings, "policy-addon"), Some(("off", Some(false))));
}

//! The whole inventory, page by small page, against what Microsoft's own clients list.

use std::collections::{BTreeMap, BTreeSet};

use domain::observation::Observation;
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::azure::Azure;
use tests::cloud::Cloud;

use crate::asked::{clusters, workloads};

/// A tenant without papers beside images, so that each manifest is an image or an index.
fn plan() -> Value {
    json!({ "plan": "small", "repositories": 12, "attached": false })
}

/// What names a resource, whichever way its group is written: subscription, group, name.
fn key(id: &str) -> String {
    let parts: Vec<&str> = id.split('/').collect();
    format!("{} {} {}", parts[2], parts[4].to_lowercase(), parts[8])
}

fn ids(told: &Value, kind: &str) -> BTreeSet<String> {
    let rows = told["kinds"][kind].as_array().unwrap_or_else(|| panic!("no {kind}"));
    rows.iter().map(|id| key(id.as_str().unwrap())).collect()
}

/// Digests by repository: those of images and of the indexes that hold them.
fn digests(found: &Collected) -> BTreeMap<String, BTreeSet<String>> {
    let mut digests = BTreeMap::<String, BTreeSet<String>>::new();
    for image in found.images().values() {
        let known = digests.entry(image.references[0].name()).or_default();
        known.extend(image.digests.iter().map(|(_, digest)| digest.to_string()));
    }
    digests
}

#[test]
fn everything_that_microsofts_own_clients_list_is_found() {
    let Some((azure, estate)) = Azure::seeded(&plan()) else { return };
    azure.set(&json!({ "page_cap": 4 }));
    let said = azure.run("check_sdk.py", &[]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let told: Value = serde_json::from_slice(&said.stdout).unwrap();
    let found = Source::with(&azure, &estate, &[("leave_out_registries", &["sealed"])]).everything();

    let listed = told["images"].as_object().unwrap();
    let (empty, held): (BTreeSet<String>, BTreeSet<String>) =
        found.repository_names().into_iter().partition(|name| name.ends_with('/'));
    assert_eq!(held, listed.keys().cloned().collect());
    assert_eq!(empty, ["spare1", "spare2", "spare3"].map(|name| format!("{name}.azurecr.io/")).into());
    let images = digests(&found);
    for (repository, digests) in listed {
        let digests: BTreeSet<String> =
            digests.as_array().unwrap().iter().map(|digest| digest.as_str().unwrap().to_owned()).collect();
        assert_eq!(images.get(repository), Some(&digests), "{repository}");
    }
    assert_eq!(images.values().map(BTreeSet::len).sum::<usize>() as u64, estate.images);

    assert_eq!(workloads(&found, &["ContainerGroup"]), ids(&told, "containerGroups"));
    assert_eq!(workloads(&found, &["ContainerApp"]), ids(&told, "containerApps"));
    assert_eq!(workloads(&found, &["ContainerAppsJob"]), ids(&told, "jobs"));
    let mut sites = ids(&told, "sites");
    sites.retain(|site| !site.contains("site-code"));
    assert_eq!(workloads(&found, &["WebApp", "FunctionApp"]), sites);
    assert_eq!(clusters(&found, "aks"), ids(&told, "managedClusters").len());
    assert_eq!(clusters(&found, "container-apps"), ids(&told, "managedEnvironments").len());

    let mut rows = [0, 0];
    for (bytes, provenance) in &found.documents {
        let document: Value = serde_json::from_slice(bytes).unwrap();
        assert!(provenance.image.as_ref().unwrap().digest.is_some(), "{provenance:?}");
        for row in document["data"].as_array().unwrap() {
            rows[usize::from(row["properties"]["status"]["code"] == "Healthy")] += 1;
        }
    }
    assert_eq!(rows, [estate.findings, estate.healthy]);
}

#[test]
fn locations_divide_the_inventory() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let subscription = &estate.subscriptions[0];
    let whole = Source::of(azure, estate);
    let divided = Source::with(azure, estate, &[("locations", &["westeurope", "eastus"])]);
    let scopes = divided.plan().unwrap().scopes;
    // A plan tells the names of subscriptions.
    whole.plan().unwrap();
    for service in ["aci", "aks", "container-apps", "web-apps"] {
        let all = whole.collect(subscription, "", service).complete().shown();
        let parts = scopes.iter().filter(|one| one.account == *subscription && one.service == service);
        let parts: Vec<BTreeSet<String>> =
            parts.map(|scope| divided.collect_scope(scope).complete().shown()).collect();
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| !part.is_empty()) && parts[0].is_disjoint(&parts[1]), "{service}");
        assert!(&parts[0] | &parts[1] == all, "{service}");
    }
    let defender = scopes.iter().filter(|scope| scope.service == "defender");
    assert!(defender.clone().count() == 3 && defender.clone().all(|scope| scope.region.is_empty()));
}

#[test]
fn subscriptions_are_those_of_the_settings() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let accounts = |settings: &[(&str, &[&str])]| {
        let plan = Source::with(azure, estate, settings).plan().unwrap();
        plan.accounts.into_iter().map(|account| account.id).collect::<Vec<_>>()
    };
    assert_eq!(accounts(&[]), estate.subscriptions);
    assert_eq!(accounts(&[("management_group", &["plimsoll"])]), estate.subscriptions);
    assert_eq!(accounts(&[("management_group", &["plimsoll-production"])]), estate.subscriptions[..2]);
    let last = [estate.subscriptions[2].as_str()];
    assert_eq!(accounts(&[("subscriptions", &last)]), last);
    let named = Source::with(azure, estate, &[("subscriptions", &last)]).plan().unwrap().accounts;
    assert_eq!(named[0].name.as_deref(), Some("workloads-3"));
}

#[test]
fn papers_beside_images_are_documents_and_odd_ones_are_told() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let found = Source::of(azure, estate).collect(&estate.subscriptions[0], "", "acr-attached");
    for kind in ["bill of materials of service-000@", "signature of service-000@"] {
        let names = found.documents.iter().map(|(_, provenance)| &provenance.name);
        assert!(names.clone().any(|name| name.starts_with(kind)), "{:?}", names.collect::<Vec<_>>());
    }
    assert!(found.partial().contains("was left out: it"), "{}", found.partial());
    // A registry that hands blobs out by its storage does not get less.
    azure.set(&json!({ "redirect": true }));
    let redirected = Source::of(azure, estate).collect(&estate.subscriptions[0], "", "acr-attached");
    azure.set(&json!({ "redirect": false }));
    assert_eq!(redirected.documents.len(), found.documents.len());
}

#[test]
fn what_is_set_for_a_registry_is_told_of_its_repositories() {
    let Some((azure, estate)) = Azure::shared() else { return };
    let found = Source::of(azure, estate).collect(&estate.subscriptions[1], "", "acr").complete();
    let repositories: Vec<_> = found
        .observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Repository(repository) => Some(repository),
            _ => None,
        })
        .collect();
    assert_eq!(repositories.len(), 121);
    for repository in repositories {
        let (public, mutable) = if repository.name.is_empty() { (false, None) } else { (true, Some(false)) };
        assert_eq!(repository.public, Some(public), "all may pull from the second subscription's registries");
        assert_eq!(repository.tags_immutable, mutable);
        assert_eq!(repository.scanning.as_deref(), Some("Defender for Containers is off"));
    }
}

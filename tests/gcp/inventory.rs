//! What the connector finds is what Google's own clients list. Refuses to know how the estate is seeded.

use std::collections::{BTreeMap, BTreeSet};

use domain::image::DigestRole;
use serde_json::{Map, Value, json};
use tests::asked::{Collected, Source};
use tests::cloud::{Cloud, Settings};
use tests::gcp::{Estate, Gcp};

use crate::asked::{HERE, SHOP, occurrences};

/// What lies beside images is partly not what it says, which leaves its scope partial.
const ATTACHED: &str = "artifact-registry-attached";

/// A small organisation with everything in it, papers beside images too.
fn world() -> Option<(Gcp, Estate)> {
    let gcp = Gcp::start()?;
    let mut plan = json!({"plan": "small"});
    plan["attached"] = json!(true);
    let estate = gcp.seed(&plan);
    Some((gcp, estate))
}

fn names(rows: &Map<String, Value>) -> BTreeSet<String> {
    rows.keys().cloned().collect()
}

/// The place and digest of each image of an observation, for indexes too: what Google's clients list one by one.
fn manifests(all: &Collected) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for image in all.images().values() {
        let place = image.references[0].name();
        found.extend(image.digests.iter().map(|(_, digest)| format!("{place}@{digest}")));
    }
    found
}

#[test]
fn the_whole_inventory_is_what_googles_clients_list() {
    let Some((gcp, estate)) = world() else { return };
    let told = gcp.names();
    let all = Source::with(&gcp, &estate, &[("leave_out", &[ATTACHED])]).everything();
    images_are_all_there(&all, &told["docker images"]);
    repositories_are_those_of_images(&all, &told["docker images"], &told["repositories"]);
    let kinds = [
        ("services", "services", "CloudRunService"),
        ("jobs", "jobs", "CloudRunJob"),
        ("worker pools", "workerPools", "CloudRunWorkerPool"),
    ];
    for (kind, path, word) in kinds {
        let found = all.workloads().into_iter().filter(|workload| workload.kind == word).map(|workload| {
            let (project, location) =
                (&workload.account.as_ref().unwrap().id, workload.region.as_ref().unwrap());
            format!("projects/{project}/locations/{location}/{path}/{}", workload.name)
        });
        assert_eq!(found.collect::<BTreeSet<_>>(), names(&told[kind]), "{kind}");
    }
    let clusters = told["clusters"].keys().map(|name| {
        let parts: Vec<&str> = name.split('/').collect();
        format!("{} (gke {} {})", parts[5], parts[1], parts[3])
    });
    assert_eq!(
        all.clusters().keys().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(),
        clusters.collect()
    );
    let kinds = ["ATTESTATION", "DISCOVERY", "SBOM_REFERENCE", "VULNERABILITY"];
    let listed = kinds.iter().flat_map(|kind| names(&told[&format!("occurrences {kind}")]));
    assert_eq!(occurrences(&all), listed.collect());
}

/// Each manifest that Google lists is an image, an index of images, or lies beside one.
fn images_are_all_there(all: &Collected, listed: &Map<String, Value>) {
    let found = manifests(all);
    let beside = |uri: &str| {
        let image = &listed[uri];
        let attached =
            image["tags"].as_array().unwrap().iter().any(|tag| tag.as_str().unwrap().starts_with("sha256-"));
        let (name, digest) = uri.split_once('@').unwrap();
        let siblings = listed.iter().filter(|(other, _)| other.starts_with(&format!("{name}@")));
        let members = siblings.flat_map(|(_, other)| other["children"].as_array().unwrap());
        let mut members = members.filter(|child| child.as_str() == Some(digest));
        attached || members.next().is_none()
    };
    let listed_names = names(listed);
    assert!(found.is_subset(&listed_names), "{:?}", found.difference(&listed_names).next());
    let missing: Vec<&String> = listed_names.difference(&found).collect();
    // What buildkit attached is a member of an index, and what lies beside an image is none.
    assert!(missing.len() * 5 < listed_names.len(), "{} of {}", missing.len(), listed_names.len());
    let tagged = missing.iter().filter(|uri| {
        let tags = listed[uri.as_str()]["tags"].as_array().unwrap();
        tags.iter().any(|tag| !tag.as_str().unwrap().starts_with("sha256-"))
    });
    assert_eq!(tagged.count(), 0, "nothing with a tag of its own is left out");
    assert!(missing.iter().any(|uri| beside(uri)), "papers lie beside images");
    tags_are_those_listed(all, listed);
}

/// Every tag of every place leads to the digest that Google says.
fn tags_are_those_listed(all: &Collected, listed: &Map<String, Value>) {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for image in all.images().values() {
        for reference in &image.references {
            if let Some(tag) = &reference.tag {
                let digests = image.digests.iter().map(|(_, digest)| digest.to_string());
                found.entry(format!("{}:{tag}", reference.name())).or_default().extend(digests);
            }
        }
    }
    for (uri, image) in listed {
        let (name, digest) = uri.split_once('@').unwrap();
        for tag in image["tags"].as_array().unwrap().iter().filter_map(Value::as_str) {
            if !tag.starts_with("sha256-") {
                assert!(found[&format!("{name}:{tag}")].contains(digest), "{name}:{tag}");
            }
        }
    }
}

fn repositories_are_those_of_images(
    all: &Collected,
    images: &Map<String, Value>,
    repositories: &Map<String, Value>,
) {
    let mut expected: BTreeSet<String> =
        images.keys().map(|uri| uri.split_once('@').unwrap().0.to_owned()).collect();
    let held: BTreeSet<String> = expected.clone();
    for name in repositories.keys() {
        let parts: Vec<&str> = name.split('/').collect();
        let place = format!("{}-docker.pkg.dev/{}/{}", parts[3], parts[1], parts[5]);
        let empty = !held.iter().any(|held| held.starts_with(&format!("{place}/")));
        if empty && !["wheels", "packages", "jars"].contains(&parts[5]) {
            expected.insert(place);
        }
    }
    assert_eq!(all.repository_names(), expected);
}

#[test]
fn small_pages_change_nothing() {
    let Some((gcp, estate)) = world() else { return };
    let settings: Settings<'_> = &[("projects", &[SHOP]), ("leave_out", &[ATTACHED])];
    let source = Source::with(&gcp, &estate, settings);
    let whole = source.everything();
    gcp.set(&json!({"page_cap": 7}));
    let small = Source::with(&gcp, &estate, settings).everything();
    assert_eq!(small.shown(), whole.shown());
    assert_eq!(occurrences(&small), occurrences(&whole));
}

#[test]
fn members_of_indexes_are_asked_of_the_registry_where_the_list_does_not_tell_them() {
    let Some((gcp, estate)) = world() else { return };
    let source = Source::of(&gcp, &estate);
    let told = source.collect(SHOP, HERE, "artifact-registry").complete();
    assert_eq!(gcp.count(&[("method", "GetManifest")]), 0);
    let _ = gcp.fault(&json!({"kind": "absent", "method": "ListDockerImages", "fields": ["imageManifests"]}));
    let asked = source.collect(SHOP, HERE, "artifact-registry").complete();
    assert!(gcp.count(&[("method", "GetManifest")]) > 0);
    assert_eq!(asked.shown(), told.shown());
    let _ = gcp.fault(&json!({"kind": "deny", "service": "registry"}));
    let denied = source.collect(SHOP, HERE, "artifact-registry");
    assert!(
        denied.partial().contains("`artifactregistry.repositories.downloadArtifacts` was denied"),
        "{denied:?}"
    );
    assert!(denied.images().len() > told.images().len() / 2, "what was listed is there nevertheless");
}

#[test]
fn a_former_address_and_its_place_are_one_image() {
    let Some((gcp, estate)) = world() else { return };
    let found = Source::of(&gcp, &estate).collect(SHOP, "us", "artifact-registry").complete();
    let images = found.images();
    let (_, legacy) = images.iter().find(|(place, _)| place.contains("/gcr.io/legacy@")).unwrap();
    let names: BTreeSet<String> = legacy.references.iter().map(ToString::to_string).collect();
    for tag in ["latest", "1.0"] {
        assert!(names.contains(&format!("us-docker.pkg.dev/{SHOP}/gcr.io/legacy:{tag}")), "{names:?}");
        assert!(names.contains(&format!("gcr.io/{SHOP}/legacy:{tag}")), "{names:?}");
    }
    assert_eq!(legacy.digests.iter().map(|(role, _)| *role).collect::<Vec<_>>(), [DigestRole::Manifest]);
}

#[test]
fn settings_narrow_what_is_asked() {
    let Some((gcp, estate)) = world() else { return };
    let scopes = |settings: &[(&str, &[&str])]| -> BTreeSet<String> {
        let plan = Source::with(&gcp, &estate, settings).plan().unwrap();
        plan.scopes.iter().map(ToString::to_string).collect()
    };
    let one = scopes(&[("projects", &[SHOP]), ("locations", &["europe", HERE]), ("leave_out", &["gke"])]);
    assert_eq!(
        one.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "plimsoll-shop / artifact-analysis",
            "plimsoll-shop / europe / artifact-registry",
            "plimsoll-shop / europe / artifact-registry-attached",
            "plimsoll-shop / europe-west1 / artifact-registry",
            "plimsoll-shop / europe-west1 / artifact-registry-attached",
            "plimsoll-shop / europe-west1 / cloud-run",
        ]
    );
    let below = |parent: &str| {
        let plan = Source::with(&gcp, &estate, &[("parents", &[parent])]).plan().unwrap();
        plan.accounts.into_iter().map(|account| account.id).collect::<Vec<_>>()
    };
    let mut all = estate.projects.clone();
    all.sort();
    assert_eq!(below(&estate.organization), all);
    assert_eq!(below(&estate.folders[0]), ["plimsoll-lab", SHOP], "at any depth");
    assert_eq!(below(&estate.folders[1]), ["plimsoll-lab"]);
    let visible = Source::of(&gcp, &estate).plan().unwrap();
    assert_eq!(visible.accounts.iter().map(|account| account.id.clone()).collect::<Vec<_>>(), all);
    assert_eq!(visible.accounts[1].name.as_deref(), Some("Plimsoll Ledger"));
}

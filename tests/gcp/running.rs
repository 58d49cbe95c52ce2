//! What runs, who can reach it, and clusters, in the words of observations. Refuses the database.

use domain::exposure::Reach;
use domain::image::DigestRole;
use serde_json::json;
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::gcp::Gcp;

use crate::asked::{HERE, SHOP};

/// What labels mean in this organisation.
const RULES: [(&str, &[&str]); 3] = [
    ("owner_labels", &["team", "cost-centre"]),
    ("environment_labels", &["stage"]),
    ("criticality_rules", &["stage=prod -> critical"]),
];

#[test]
fn services_run_by_digest_and_are_reached_as_ingress_and_policy_say() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let source = Source::with(&gcp, &estate, &RULES);
    let _ = source.plan().unwrap();
    let found = source.collect(SHOP, HERE, "cloud-run").complete();
    let web = found.workload("web");
    assert_eq!(
        (web.owner.as_deref(), web.environment.as_deref()),
        (Some("a"), Some("prod")),
        "the project's label"
    );
    assert_eq!(web.criticality.map(|word| word.as_str()), Some("critical"));
    assert_eq!(web.isolation.service_account.as_deref(), Some("web@plimsoll-shop.iam.gserviceaccount.com"));
    let main = web.containers.iter().find(|container| container.name == "web").unwrap();
    let (role, digest) = main.digest.as_ref().unwrap();
    assert!(
        *role == DigestRole::Repository && main.image.ends_with(":latest") && main.running == 1,
        "{main:?}"
    );
    assert_eq!(main.security.secret_variables, ["DATABASE_URL"]);
    assert_eq!(web.containers.len(), 2, "two revisions of the same digests are each container once");
    let registry = source.collect(SHOP, HERE, "artifact-registry").complete();
    let images = registry.images();
    let known = images.values().any(|image| image.digests.iter().any(|(_, known)| known == digest));
    assert!(known, "what runs is in the registry");
    for (name, reach, evidence) in [
        ("web", Reach::Internet, "allUsers may call it"),
        ("open", Reach::Internet, "callers are not checked"),
        ("admin", Reach::Internal, "networks only"),
        ("edge", Reach::Unknown, "through load balancers, which are not read"),
        ("broken", Reach::Restricted, "by those whom its policy names"),
    ] {
        let route = found.route(name);
        assert_eq!(route.reach, reach, "{name}: {}", route.evidence);
        assert!(route.evidence.contains(evidence), "{name}: {}", route.evidence);
    }
    let open = found.workload("open");
    assert_eq!(open.containers[0].security.secret_variables, ["DB_PASSWORD (in plain text)"]);
    let all = found.shown().into_iter().collect::<String>();
    assert!(!all.contains("correct-horse") && !all.contains("hunter2"), "values are not kept");
    jobs_and_worker_pools(&found);
}

fn jobs_and_worker_pools(found: &tests::asked::Collected) {
    let (nightly, never) = (found.workload("nightly"), found.workload("never"));
    assert!(nightly.containers[0].digest.is_some() && never.containers[0].digest.is_none());
    assert!(!nightly.observed_running && nightly.containers[0].running == 0);
    let pool = found.workload("consumer");
    assert_eq!((pool.replicas, pool.containers[0].running), (Some(2), 2));
    assert!(pool.containers[0].digest.is_some());
}

#[test]
fn clusters_say_how_they_are_reached_and_when_support_ends() {
    let Some(gcp) = Gcp::start() else { return };
    let estate = gcp.seed(&json!("small"));
    let found = Source::of(&gcp, &estate).collect(SHOP, "", "gke").complete();
    let clusters = found.clusters();
    let named = |name: &str, location: &str| clusters[format!("{name} (gke {SHOP} {location})").as_str()];
    let shop = named("shop", HERE);
    assert_eq!(
        (shop.public_endpoint, shop.allowed_networks.as_slice()),
        (Some(true), &["0.0.0.0/0".to_owned()][..])
    );
    assert_eq!(shop.version.as_deref(), Some("1.34.4-gke.1193000"));
    let ledger = named("ledger", "us-central1");
    assert_eq!((ledger.public_endpoint, ledger.allowed_networks.len()), (Some(false), 0));
    assert!(ledger.support_ends_at.unwrap() > shop.support_ends_at.unwrap());
    let automatic = named("automatic", "us-central1");
    assert!(automatic.allowed_networks.contains(&"Google Cloud public IP addresses".to_owned()));
    let old = named("old", "europe-west1-b");
    assert_eq!((old.public_endpoint, old.region.as_deref()), (Some(true), Some("europe-west1-b")));
    let narrow = Source::with(&gcp, &estate, &[("locations", &[HERE])]).collect(SHOP, "", "gke").complete();
    assert_eq!(narrow.clusters().len(), 2, "the region's cluster and that of its zone");
}

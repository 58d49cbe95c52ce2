//! Every way into a registry, and what is refused on the way. No password goes where it should not. Refuses the
//! database.

use serde_json::json;
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::registries::{Plain, Registries};

use crate::shop;

/// Nobody but the registry was shown a secret.
#[track_caller]
fn nobody_else_knows(cloud: &Registries<Plain>) {
    let strangers = ["stray", "storage", "harbor", "quay", "hub", "github", "gitlab"];
    for call in cloud.log() {
        let site = call["site"].as_str().unwrap_or_default();
        assert!(!strangers.contains(&site) || call["authorization"].is_null(), "{call}");
    }
}

#[test]
fn by_token_by_password_and_by_nothing() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let host = estate.host("oci");
    let mut seen = Vec::new();
    for auth in ["bearer", "basic", "anonymous"] {
        cloud.set(&json!({ "auth": auth }));
        let source = Source::of(&cloud, &estate);
        seen.push(source.collect(host, "", "images").complete().images().len());
        nobody_else_knows(&cloud);
    }
    assert!(seen[0] > 10 && seen.iter().all(|count| *count == seen[0]), "{seen:?}");
}

#[test]
fn anybody_sees_what_is_public() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let settings: &[(&str, &[&str])] =
        &[("user", &[]), ("password", &[]), ("repositories", &["library/debian"])];
    let seen = Source::with(&cloud, &estate, settings).collect(estate.host("oci"), "", "images").complete();
    assert_eq!(seen.repositories()[0].public, Some(true));
    let settings: &[(&str, &[&str])] = &[("user", &[]), ("password", &[]), ("repositories", &["shop/web"])];
    let refused = Source::with(&cloud, &estate, settings).collect(estate.host("oci"), "", "images");
    assert!(refused.partial().contains("give `user` and `password`"), "{}", refused.partial());
}

#[test]
fn a_wrong_password_is_told_before_anything_is_asked() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    for auth in ["bearer", "basic"] {
        cloud.set(&json!({ "auth": auth }));
        let source = Source::with(&cloud, &estate, &[("password", &["guessed"])]);
        let refused = source.plan().unwrap_err();
        assert!(refused.contains("does not know `plimsoll` by this password"), "{auth}: {refused}");
    }
}

#[test]
fn what_may_not_be_pulled_is_said_with_its_remedy() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let source = Source::with(&cloud, &estate, &[("leave_out_repositories", &[])]);
    let seen = source.collect(estate.host("oci"), "", "images");
    let reason = seen.partial();
    assert!(
        reason.contains("`repository:closed/keys:pull` was denied in")
            && reason.contains("let `plimsoll` pull"),
        "{reason}"
    );
}

#[test]
fn a_repository_that_is_named_and_not_there_is_said() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let source = Source::with(&cloud, &estate, &[("repositories", &["shop/web", "shop/nobody"])]);
    let seen = source.collect(estate.host("oci"), "", "images");
    assert!(
        seen.partial().contains("there is no repository") && seen.partial().contains("shop/nobody"),
        "{}",
        seen.partial()
    );
    assert!(!seen.images().is_empty());
    assert_eq!(cloud.count(&[("operation", "catalog")]), 0, "no list is needed");
}

#[test]
fn a_password_goes_to_no_stranger() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let _ = cloud.fault(&json!({ "kind": "stray_realm" }));
    let refused = Source::of(&cloud, &estate).plan().unwrap_err();
    assert!(refused.contains("is not shown the password; name that address in `sign_in`"), "{refused}");
    nobody_else_knows(&cloud);
    cloud.heal();
    cloud.set(&json!({ "page_cap": 3 }));
    let _ = cloud.fault(&json!({ "kind": "stray_link", "operation": "catalog" }));
    let refused = Source::of(&cloud, &estate).collect(estate.host("oci"), "", "images");
    assert!(refused.failure().contains("which gets no key"), "{}", refused.failure());
    nobody_else_knows(&cloud);
}

#[test]
fn a_blob_that_is_handed_out_elsewhere_costs_no_secret() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    cloud.set(&json!({ "redirect": true }));
    let seen = Source::of(&cloud, &estate).collect(estate.host("oci"), "", "images").complete();
    assert!(seen.images().values().all(|image| image.config.is_some()));
    assert!(cloud.count(&[("site", "storage")]) > 0);
    nobody_else_knows(&cloud);
}

#[test]
fn each_permission_is_tried() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let tried: Vec<_> =
        Source::of(&cloud, &estate).check().into_iter().map(|trial| (trial.action, trial.refusal)).collect();
    let names: Vec<&str> = tried.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(names, ["sign-in", "registry:catalog:*", "repository:library/debian:pull"]);
    assert!(tried.iter().all(|(_, refusal)| refusal.is_none()), "{tried:?}");
    cloud.set(&json!({ "catalog": "denied" }));
    let tried = Source::of(&cloud, &estate).check();
    assert!(tried[1].refusal.as_ref().unwrap().contains("`registry:catalog:*` was denied"), "{tried:?}");
}

#[test]
fn an_address_without_a_registry_is_told() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let address = estate.address("github").to_owned();
    let source = Source::with(&cloud, &estate, &[("registry", &[&address])]);
    assert!(
        source.plan().unwrap_err().contains("there is no registry at this address"),
        "{:?}",
        source.plan()
    );
}

//! Quay: what is seen of it is what there is, with an application's token, a robot alone, or nothing; what may not be
//! seen, breaks or leads astray is told, costs nothing that was known, and each secret opens its own door only.

use std::collections::{BTreeMap, BTreeSet};

use connectors::{Descriptor, quay};
use domain::source::Scope;
use serde_json::{Value, json};
use tests::asked::Source;
use tests::cloud::{Cloud, Settings};
use tests::registries::{Estate, Registries, Site, all, names, plainly};
use tests::synced::{LONG, open, says};

use crate::{scanned_by, shop};

#[derive(Debug)]
struct Quay;

type World = tests::synced::World<Registries<Quay>>;

impl Site for Quay {
    const CONNECTOR: Descriptor = quay::DESCRIPTOR;
    const ACCOUNT: &'static str = "quay";

    fn settings(estate: &Estate) -> Vec<(&'static str, String)> {
        let token = estate.api_secret("quay").to_owned();
        vec![("endpoint", estate.address("quay").to_owned()), ("api_token", token)]
    }
}

/// A robot alone.
const ROBOT: Settings<'static> = &[("api_token", &[])];
/// Nobody.
const NOBODY: Settings<'static> = &[("api_token", &[]), ("user", &[]), ("password", &[])];

/// Many images of lists of manifests and by themselves, each readable, and scanned or not.
fn services() -> Value {
    json!({ "plan": "none", "repositories": 15, "tags": 2 })
}

/// The shop but for what has papers that are not what they are said to be.
fn synced(plan: &Value) -> Option<World> {
    World::new(plan, &[("leave_out_repositories", &["shop/worker"])])
}

/// The robot's password went to the registry, the token to Quay's own interface, and neither elsewhere.
#[track_caller]
fn each_secret_opened_its_door(cloud: &Registries<Quay>) {
    // The plain registry, which is asked for comparison, has a secret of its own.
    for call in cloud.log().into_iter().filter(|call| call["site"] != "oci") {
        let path = call["path"].as_str().unwrap_or_default();
        let may = match call["authorization"].as_str() {
            None => true,
            Some("Bearer") => call["site"] == "quay",
            Some("Basic") => call["site"] == "quay" && path.starts_with("/v2/"),
            Some(_) => false,
        };
        assert!(may, "{call}");
    }
}

#[test]
fn every_image_is_seen_with_its_moment_and_no_tag_is_looked_up() {
    let Some((cloud, estate)) = Registries::<Quay>::seeded(&shop()) else { return };
    let seen = all(&Source::of(&cloud, &estate), "images");
    assert_eq!(cloud.count(&[("site", "quay"), ("method", "HEAD")]), 0);
    let host = estate.host("quay");
    let repositories: BTreeSet<String> =
        estate.repositories().iter().map(|name| format!("{host}/{name}")).collect();
    assert_eq!(seen.repository_names(), repositories);
    assert_eq!(names(&seen), plainly(&estate));
    assert!(seen.images().values().all(|image| image.pushed_at.is_some() && image.config.is_some()));
    let public: Vec<&str> = seen
        .repositories()
        .into_iter()
        .filter(|one| one.public == Some(true))
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(public, ["library/debian"]);
    assert!(seen.repositories().iter().all(|one| one.settings[0].value == "NORMAL"));
    each_secret_opened_its_door(&cloud);
    cloud.set(&json!({ "page_cap": 2 }));
    assert_eq!(all(&Source::of(&cloud, &estate), "images").shown(), seen.shown());
}

#[test]
fn each_image_has_a_report_or_the_reason_why_it_has_none() {
    let Some((cloud, estate)) = Registries::<Quay>::seeded(&services()) else { return };
    let seen = all(&Source::of(&cloud, &estate), "scans");
    assert!(estate.scans("scanned") > 10 && estate.scans("failed") > 0, "{estate:?}");
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for coverage in seen.coverage() {
        *words.entry(&coverage.reason).or_default() += 1;
    }
    for word in ["queued", "failed", "unsupported"] {
        assert_eq!(words.remove(word).unwrap_or_default(), estate.scans(word), "{word}");
    }
    assert_eq!(words, BTreeMap::new());
    assert_eq!(seen.documents.len(), estate.scans("scanned"));
    for (report, from) in seen.papers() {
        assert_eq!((report["status"].as_str(), from.source.as_str()), (Some("scanned"), "quay"));
        assert!(from.name.starts_with("Quay scan of ") && from.image.as_ref().unwrap().digest.is_some());
    }
}

#[test]
fn a_robot_alone_finds_what_the_registry_shows_it() {
    let Some((cloud, estate)) = Registries::<Quay>::seeded(&shop()) else { return };
    let source = Source::with(&cloud, &estate, ROBOT);
    let seen = all(&source, "images");
    assert_eq!(seen.repositories().len(), estate.repositories().len());
    assert_eq!(names(&seen), plainly(&estate));
    assert!(seen.repositories().iter().all(|one| one.public.is_none()), "what was not told is not said");
    let scans = source.collect(estate.host("quay"), "shop", "scans");
    assert!(scans.partial().contains("give `api_token`, or leave out `scans`"), "{}", scans.partial());
    assert!(cloud.log().iter().all(|call| !call["path"].as_str().unwrap().starts_with("/api/")));
    let named = [ROBOT[0], ("repositories", &["shop/web", "shop/nobody"] as &[&str])];
    let seen = Source::with(&cloud, &estate, &named).collect(estate.host("quay"), "shop", "images");
    assert!(seen.partial().contains("there is no repository"), "{}", seen.partial());
    let absent = [ROBOT[0], ("organisations", &["closed"] as &[&str])];
    let seen = Source::with(&cloud, &estate, &absent).collect(estate.host("quay"), "closed", "images");
    assert!(seen.partial().contains("closed shows no repositories"), "{}", seen.partial());
    each_secret_opened_its_door(&cloud);
}

#[test]
fn anybody_sees_what_is_public() {
    let Some((cloud, estate)) = Registries::<Quay>::seeded(&shop()) else { return };
    let source = Source::with(&cloud, &estate, NOBODY);
    let seen = all(&source, "images");
    assert_eq!(seen.repositories().len(), 1);
    assert_eq!(seen.repositories()[0].public, Some(true));
    assert_eq!(all(&source, "scans").documents.len() + all(&source, "scans").coverage().len(), 1);
    assert!(cloud.log().iter().all(|call| call["authorization"] != "Basic"));
}

#[test]
fn an_organisation_that_may_not_be_seen_is_not_empty() {
    let Some((cloud, estate)) = Registries::<Quay>::seeded(&shop()) else { return };
    let host = estate.host("quay");
    let source = Source::with(&cloud, &estate, &[("organisations", &["shop", "closed"])]);
    assert!(!source.collect(host, "shop", "images").complete().images().is_empty());
    let hidden = source.collect(host, "closed", "images");
    assert!(hidden.partial().contains("closed shows no repositories"), "{}", hidden.partial());
    let wrong = Source::with(&cloud, &estate, &[("api_token", &["guessed"])]).plan().unwrap_err();
    assert!(
        wrong.contains("`user:read` was denied in") && wrong.contains("`api_token` is still good"),
        "{wrong}"
    );
    let wrong = Source::with(&cloud, &estate, &[("password", &["guessed"])]).plan().unwrap_err();
    assert!(wrong.contains("does not know `shop+plimsoll` by this password"), "{wrong}");
}

#[test]
fn what_is_gone_since_it_was_listed_is_no_gap_and_a_quay_that_does_not_scan_is() {
    let Some((cloud, estate)) = Registries::<Quay>::seeded(&services()) else { return };
    let source = Source::of(&cloud, &estate);
    let before = all(&source, "scans");
    let gone = before.papers().into_iter().find_map(|(_, from)| from.image.as_ref()?.digest.clone());
    let gone = gone.unwrap().to_string();
    let fault = cloud.fault(&json!({ "kind": "vanish", "operation": "security", "digest": gone }));
    let after = all(&source, "scans");
    assert!(after.documents.len() < before.documents.len() && cloud.hits(fault) > 0);
    cloud.heal();
    let _ = cloud.fault(&json!({ "kind": "vanish", "operation": "security" }));
    let silent = source.collect(estate.host("quay"), "team-a", "scans");
    assert!(silent.partial().contains("turn its scanner on, or leave out `scans`"), "{}", silent.partial());
    assert_eq!((silent.documents.len(), silent.coverage().len()), (0, 0));
}

#[test]
fn each_permission_is_tried() {
    let Some((cloud, estate)) = Registries::<Quay>::seeded(&shop()) else { return };
    let tried = Source::of(&cloud, &estate).check();
    let names: Vec<&str> = tried.iter().map(|trial| trial.action.as_str()).collect();
    assert_eq!(names, ["sign-in", "repo:read", "repository:library/debian:pull"]);
    assert!(tried.iter().all(|trial| trial.refusal.is_none()), "{tried:?}");
}

#[test]
fn a_second_sync_only_looks() {
    let Some(world) = synced(&shop()) else { return };
    assert_eq!(
        world.present()["repositories"],
        i64::try_from(world.estate.repositories().len()).unwrap() - 1
    );
    let reports = "SELECT COUNT(*) FROM documents WHERE name LIKE 'Quay scan of %'";
    let known = world.number(reports);
    assert!(known > 5);
    scanned_by(&world, "Quay");
    world.cloud.forget_calls();
    world.unchanged();
    assert_eq!(world.number(reports), known, "the same report is one");
    assert_eq!(world.cloud.count(&[("operation", "blob")]), 0);
}

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&shop()) else { return };
    for (fault, words) in [
        (json!({ "kind": "deny", "operation": "tags", "repository": "shop/web" }), "`repo:read` was denied"),
        (json!({ "kind": "deny", "operation": "repositories" }), "`repo:read` was denied"),
        (json!({ "kind": "deny", "operation": "security" }), "`repo:read` was denied"),
        (json!({ "kind": "error", "operation": "tags", "repository": "shop/api" }), "failed in"),
        (json!({ "kind": "garbage", "operation": "repositories" }), "with a web page"),
        (
            json!({ "kind": "truncated", "operation": "security", "repository": "shop/api" }),
            "answered something unreadable",
        ),
        (json!({ "kind": "cut", "operation": "repositories" }), "failed in"),
        (
            json!({ "kind": "repeat_token", "operation": "repositories" }),
            "repeated a page token after 2 pages",
        ),
        (json!({ "kind": "repeat_token", "operation": "tags" }), "repeated a page token after 2 pages"),
    ] {
        world.cloud.set(&json!({ "page_cap": 3 }));
        let journal = world.keeps(&fault, LONG);
        assert!(!open(&journal).is_empty(), "{fault}");
        says(&journal, words);
    }
    for passing in [
        json!({ "kind": "throttle", "first": 3, "retry_after": 1 }),
        json!({ "kind": "error", "operation": "user", "status": 503, "first": 2 }),
        json!({ "kind": "reset", "operation": "tags", "first": 2 }),
    ] {
        let journal = world.keeps(&passing, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{passing}: {}", journal.run.message);
    }
}

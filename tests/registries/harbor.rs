//! Harbor: what is seen of it is what there is, scans and settings among it; what may not be seen, breaks or leads astray
//! is told, costs nothing that was known, and no secret.

use std::collections::{BTreeMap, BTreeSet};

use connectors::{Descriptor, harbor};
use domain::source::Scope;
use serde_json::{Value, json};
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::registries::{Estate, Registries, Site, all, names, plainly};
use tests::synced::{LONG, open, says};

use crate::{scanned_by, shop};

#[derive(Debug)]
struct Harbor;

type World = tests::synced::World<Registries<Harbor>>;

impl Site for Harbor {
    const CONNECTOR: Descriptor = harbor::DESCRIPTOR;
    const ACCOUNT: &'static str = "harbor";

    fn settings(estate: &Estate) -> Vec<(&'static str, String)> {
        vec![("registry", estate.address("harbor").to_owned())]
    }
}

/// Many images of indexes and by themselves, each readable, and scanned or not.
fn services() -> Value {
    json!({ "plan": "none", "repositories": 15, "tags": 2 })
}

/// The shop but for what has papers that are not what they are said to be.
fn synced(plan: &Value) -> Option<World> {
    World::new(plan, &[("leave_out_repositories", &["shop/worker"])])
}

/// Nobody but Harbor was shown a secret.
#[track_caller]
fn nobody_else_knows(cloud: &Registries<Harbor>) {
    for call in cloud.log() {
        let site = call["site"].as_str().unwrap_or_default();
        assert!(site == "harbor" || call["authorization"].is_null(), "{call}");
    }
}

#[test]
fn every_image_is_seen_with_its_moments_and_no_tag_is_looked_up() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&shop()) else { return };
    let seen = all(&Source::of(&cloud, &estate), "images");
    assert_eq!(cloud.count(&[("site", "harbor"), ("method", "HEAD")]), 0);
    let host = estate.host("harbor");
    let repositories: BTreeSet<String> =
        estate.repositories().iter().map(|name| format!("{host}/{name}")).collect();
    assert_eq!(seen.repository_names(), repositories);
    assert_eq!(names(&seen), plainly(&estate));
    assert!(seen.images().values().all(|image| image.pushed_at.is_some() && image.config.is_some()));
    assert!(seen.images().values().any(|image| image.pulled_at.is_some()));
    cloud.set(&json!({ "page_cap": 2 }));
    assert_eq!(all(&Source::of(&cloud, &estate), "images").shown(), seen.shown());
}

#[test]
fn a_repository_has_what_its_project_is_set_to() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&shop()) else { return };
    let seen = all(&Source::of(&cloud, &estate), "images");
    let repositories = seen.repositories();
    let one = |name: &str| repositories.iter().find(|one| one.name == name).unwrap();
    let (web, deep, debian) =
        (one("shop/web"), one("platform/deep/path/of/names/service"), one("library/debian"));
    assert_eq!([web.public, deep.public, debian.public], [Some(false), Some(false), Some(true)]);
    assert_eq!(
        [web.scan_on_push, deep.scan_on_push, debian.scan_on_push],
        [Some(true), Some(true), Some(false)]
    );
    assert_eq!((web.tags_immutable, debian.tags_immutable), (Some(false), Some(false)));
    assert!(web.created_at.is_some() && web.cleanup == Some(Vec::new()));
    let settings: Vec<String> =
        web.settings.iter().map(|one| format!("{}: {}", one.key, one.value)).collect();
    assert_eq!(
        settings,
        [
            "content-trust: off",
            "prevent-vulnerable: high and above",
            "cve-allowlist: its own, 1 entries",
            "immutable-tags: 1.*"
        ]
    );
}

#[test]
fn each_image_has_a_report_or_the_reason_why_it_has_none() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&services()) else { return };
    let seen = all(&Source::of(&cloud, &estate), "scans");
    assert!(estate.scans("scanned") > 10 && estate.scans("failed") > 0, "{estate:?}");
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for coverage in seen.coverage() {
        *words.entry(&coverage.reason).or_default() += 1;
    }
    for (word, state) in [("Pending", "queued"), ("Error", "failed"), ("Not Scanned", "unsupported")] {
        assert_eq!(words.remove(word).unwrap_or_default(), estate.scans(state), "{word}");
    }
    assert_eq!(words, BTreeMap::new());
    assert_eq!(seen.documents.len(), estate.scans("scanned"));
    for (report, from) in seen.papers() {
        assert!(report.as_object().unwrap().keys().all(|kind| kind.contains("vulnerability.report")));
        assert_eq!(from.source, "harbor");
        assert!(from.name.starts_with("Harbor scan of ") && from.as_of.to_rfc3339().starts_with("2026-10-"));
        assert!(from.image.as_ref().unwrap().digest.is_some());
    }
}

#[test]
fn an_image_without_a_tag_and_names_that_are_none() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&json!({ "hostile": true })) else { return };
    let host = estate.host("harbor");
    let source = Source::with(&cloud, &estate, &[("repositories", &["team-a/untagged", "team-a/legacy"])]);
    let seen = source.collect(host, "team-a", "images").complete();
    let untagged = |name: &String| name.starts_with("team-a/untagged@");
    assert_eq!(names(&seen).iter().filter(|name| untagged(name)).count(), 1);
    let source = Source::with(&cloud, &estate, &[("projects", &["hostile"])]);
    let seen = source.collect(host, "hostile", "images");
    for name in seen.repository_names() {
        assert!(!name.contains(['<', ' ', '?', '\u{202e}']) && !name.contains(".."), "{name}");
    }
    assert!(!seen.images().is_empty());
}

#[test]
fn a_project_that_may_not_be_seen_is_not_empty() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&shop()) else { return };
    let host = estate.host("harbor");
    let source = Source::with(&cloud, &estate, &[("projects", &["shop", "closed", "nowhere"])]);
    let regions: BTreeSet<String> =
        source.plan().unwrap().scopes.into_iter().map(|scope| scope.region).collect();
    assert_eq!(regions.into_iter().collect::<Vec<_>>(), ["closed", "nowhere", "shop"]);
    let denied = source.collect(host, "closed", "images").failure();
    assert!(
        denied.contains("`project:read` was denied in")
            && denied.contains("give `robot$plimsoll` this permission"),
        "{denied}"
    );
    assert!(source.collect(host, "closed", "scans").failure().contains("`repository:list` was denied"));
    let absent = source.collect(host, "nowhere", "images");
    assert!(absent.partial().contains("there is no project nowhere"), "{}", absent.partial());
    let source = Source::with(&cloud, &estate, &[("repositories", &["shop/web", "shop/nobody"])]);
    let seen = source.collect(host, "shop", "images");
    assert!(seen.partial().contains("there is no repository"), "{}", seen.partial());
    assert!(names(&seen).iter().all(|name| name.starts_with("shop/web@")));
}

#[test]
fn anybody_sees_what_is_public_and_a_wrong_password_is_told() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&shop()) else { return };
    let source = Source::with(&cloud, &estate, &[("user", &[]), ("password", &[])]);
    let seen = all(&source, "images");
    assert_eq!(seen.repositories().len(), 1);
    assert_eq!((seen.repositories()[0].public, seen.repositories()[0].tags_immutable), (Some(true), None));
    assert!(!all(&source, "scans").documents.is_empty());
    let refused = Source::with(&cloud, &estate, &[("password", &["guessed"])]).plan().unwrap_err();
    assert!(refused.contains("does not know `robot$plimsoll` by this password"), "{refused}");
    nobody_else_knows(&cloud);
}

#[test]
fn a_list_that_leads_elsewhere_gets_no_key() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&shop()) else { return };
    cloud.set(&json!({ "page_cap": 2 }));
    for (operation, service) in [("repositories", "images"), ("artifacts", "scans"), ("artifacts", "images")]
    {
        let _ = cloud.fault(&json!({ "kind": "stray_link", "operation": operation, "site": "harbor" }));
        let refused = Source::of(&cloud, &estate).collect(estate.host("harbor"), "shop", service);
        assert!(refused.reason().contains("which gets no key"), "{}", refused.reason());
        cloud.heal();
    }
    nobody_else_knows(&cloud);
}

#[test]
fn what_is_gone_since_it_was_listed_is_no_gap() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&services()) else { return };
    for operation in ["artifact", "vulnerabilities"] {
        let fault = cloud.fault(&json!({ "kind": "vanish", "operation": operation }));
        let seen = all(&Source::of(&cloud, &estate), "scans");
        assert!(seen.documents.len() < estate.scans("scanned") && cloud.hits(fault) > 0, "{operation}");
        cloud.heal();
    }
}

#[test]
fn each_permission_is_tried() {
    let Some((cloud, estate)) = Registries::<Harbor>::seeded(&shop()) else { return };
    let tried = Source::of(&cloud, &estate).check();
    let names: Vec<&str> = tried.iter().map(|trial| trial.action.as_str()).collect();
    assert_eq!(names, ["sign-in", "repository:list", "repository:library/debian:pull"]);
    assert!(tried.iter().all(|trial| trial.refusal.is_none()), "{tried:?}");
}

#[test]
fn a_second_sync_only_looks_and_fetches_no_report_again() {
    let Some(world) = synced(&shop()) else { return };
    assert_eq!(
        world.present()["repositories"],
        i64::try_from(world.estate.repositories().len()).unwrap() - 1
    );
    assert!(world.number("SELECT COUNT(*) FROM documents WHERE name LIKE 'Harbor scan of %'") > 5);
    scanned_by(&world, "Harbor");
    world.cloud.forget_calls();
    world.unchanged();
    for operation in ["vulnerabilities", "blob"] {
        assert_eq!(world.cloud.count(&[("operation", operation)]), 0, "{operation}");
    }
}

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&shop()) else { return };
    for (fault, words) in [
        (
            json!({ "kind": "deny", "operation": "artifacts", "repository": "shop/web" }),
            "`artifact:list` was denied",
        ),
        (json!({ "kind": "deny", "operation": "repositories" }), "`repository:list` was denied"),
        (json!({ "kind": "deny", "operation": "immutable" }), "`immutable-tag:list` was denied"),
        (json!({ "kind": "error", "operation": "artifacts", "repository": "shop/api" }), "failed in"),
        (json!({ "kind": "error", "operation": "artifact" }), "failed in"),
        (json!({ "kind": "garbage", "operation": "project" }), "with a web page"),
        (json!({ "kind": "truncated", "operation": "repositories" }), "answered something unreadable"),
        (json!({ "kind": "cut", "operation": "artifacts", "repository": "shop/api" }), "failed in"),
        (json!({ "kind": "repeat_token", "operation": "artifacts" }), "repeated a page token after 2 pages"),
    ] {
        world.cloud.set(&json!({ "page_cap": 3 }));
        let journal = world.keeps(&fault, LONG);
        assert!(!open(&journal).is_empty(), "{fault}");
        says(&journal, words);
    }
    for passing in [
        json!({ "kind": "throttle", "first": 3, "retry_after": 1 }),
        json!({ "kind": "error", "operation": "projects", "status": 503, "first": 2 }),
        json!({ "kind": "reset", "operation": "artifacts", "first": 2 }),
    ] {
        let journal = world.keeps(&passing, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{passing}: {}", journal.run.message);
    }
}

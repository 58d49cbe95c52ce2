//! GitHub's container registry: what GitHub's API tells beside the registry, its two limits, and what a fault leaves as
//! it was.

use std::collections::BTreeSet;
use std::time::Duration;

use connectors::{Descriptor, ghcr};
use domain::image::Image;
use domain::source::{RunState, Scope};
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::cloud::{Cloud, Settings};
use tests::registries::{Estate, Registries, Site};
use tests::synced::{LONG, open, says};

use crate::docker_hub::{alike, by_a_plain_registry};
use crate::shop;

/// GitHub and its registry.
#[derive(Debug)]
struct GitHub;

impl Site for GitHub {
    const CONNECTOR: Descriptor = ghcr::DESCRIPTOR;
    const ACCOUNT: &'static str = "github";

    fn settings(estate: &Estate) -> Vec<(&'static str, String)> {
        vec![
            ("endpoint", estate.address("github").to_owned()),
            ("registry", estate.address("ghcr").to_owned()),
        ]
    }
}

type World = tests::synced::World<Registries<GitHub>>;

/// What has papers that are what they are said to be.
const SOUND: Settings<'_> = &[("leave_out_repositories", &["shop/worker"])];

fn synced(plan: &Value) -> Option<World> {
    World::new(plan, SOUND)
}

/// Nobody but the vendor was shown a secret.
#[track_caller]
fn nobody_else_knows(cloud: &Registries<GitHub>) {
    for call in cloud.log() {
        let site = call["site"].as_str().unwrap_or_default();
        assert!(["github", "ghcr"].contains(&site) || call["authorization"].is_null(), "{call}");
    }
}

/// The images of a repository.
fn of<'a>(collected: &'a Collected, name: &str) -> Vec<&'a Image> {
    let images = collected.images();
    images.into_values().filter(|image| image.references[0].repository == name).collect()
}

#[test]
fn everything_is_seen_as_in_a_plain_registry() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&shop()) else { return };
    let Some(plain) = by_a_plain_registry(&shop()) else { return };
    let seen = Source::with(&cloud, &estate, &[("leave_out", &["attached"])]).everything();
    let host = estate.host("ghcr");
    let names: BTreeSet<String> = estate.repositories().iter().map(|name| format!("{host}/{name}")).collect();
    assert_eq!(seen.repository_names(), names);
    assert_eq!(alike(&seen, |_| true), alike(&plain, |_| true));
    let mut belonging = 0;
    for repository in seen.repositories() {
        assert_eq!(repository.public, Some(repository.name.starts_with("library/")), "{}", repository.name);
        assert!(repository.created_at.is_some());
        let sources = repository.settings.iter().find(|one| one.key == "source-repository");
        let parts: Vec<&str> = repository.name.splitn(3, '/').collect();
        assert!(sources.is_none_or(|one| one.value == format!("{}/{}", parts[0], parts[1])), "{sources:?}");
        belonging += usize::from(sources.is_some());
    }
    assert!(belonging > 0 && belonging < names.len());
    assert!(seen.images().values().all(|image| image.pushed_at.is_some() && image.pulled_at.is_none()));
    let heads = cloud.count(&[("operation", "manifest"), ("method", "HEAD")]);
    assert_eq!(heads, 0, "the API tells what tags lead to");
    let encoded = |call: &Value| call["path"].as_str().is_some_and(|path| path.contains("/deep%2Fpath%2F"));
    assert!(cloud.log().iter().any(encoded), "slashes of a name are encoded once");
    nobody_else_knows(&cloud);
}

#[test]
fn images_without_a_tag_are_seen_and_what_is_attached_is_none() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&json!("small")) else { return };
    let seen = Source::of(&cloud, &estate).collect(estate.host("ghcr"), "team-a", "images");
    assert!(seen.partial().contains("is not what its digest says"), "{}", seen.partial());
    let untagged = of(&seen, "team-a/untagged");
    assert!(untagged.len() == 1 && untagged[0].references[0].tag.is_none(), "{untagged:?}");
    assert!(of(&seen, "team-a/empty").is_empty() && of(&seen, "team-a/loop").is_empty());
    let tags = |image: &&Image| image.references.iter().filter_map(|one| one.tag.clone()).collect::<Vec<_>>();
    let foreign: Vec<String> = of(&seen, "team-a/foreign").iter().flat_map(tags).collect();
    assert!(!foreign.contains(&"chart".to_owned()) && foreign.contains(&"elsewhere".to_owned()));
}

#[test]
fn papers_are_found_by_tags() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&shop()) else { return };
    let host = estate.host("ghcr");
    let seen = Source::with(&cloud, &estate, SOUND).collect(host, "shop", "attached").complete();
    let web = format!("{host}/shop/web");
    let papers = seen.papers();
    let of_web =
        papers.iter().filter(|(_, from)| from.image.as_ref().is_some_and(|image| image.name() == web));
    assert!(of_web.count() > 2);
    nobody_else_knows(&cloud);
}

#[test]
fn pages_are_read_to_their_end_however_short() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&shop()) else { return };
    let host = estate.host("ghcr");
    let whole = Source::of(&cloud, &estate).collect(host, "shop", "images").complete().shown();
    cloud.set(&json!({ "page_cap": 2 }));
    let source = Source::of(&cloud, &estate);
    assert_eq!(source.collect(host, "shop", "images").complete().shown(), whole);
    let regions: BTreeSet<String> =
        source.plan().unwrap().scopes.into_iter().map(|scope| scope.region).collect();
    let wanted = ["library", "platform", "plimsoll", "shop"].map(str::to_owned);
    assert_eq!(regions, BTreeSet::from(wanted), "the user, and the organisations that the token sees");
}

#[test]
fn a_registry_is_known_whole_and_a_second_sync_only_looks() {
    let Some(world) = synced(&shop()) else { return };
    assert_eq!(
        world.present()["repositories"],
        i64::try_from(world.estate.repositories().len()).unwrap() - 1
    );
    assert!(world.number("SELECT COUNT(*) FROM documents") > 3, "papers");
    world.cloud.forget_calls();
    world.unchanged();
    let read = |call: &Value| {
        let operation = call["operation"].as_str().unwrap_or_default();
        call["method"] == "GET" && ["manifest", "blob"].contains(&operation)
    };
    assert_eq!(world.cloud.log().into_iter().filter(read).count(), 0);
}

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&shop()) else { return };
    for (fault, words) in [
        (
            json!({ "kind": "deny", "site": "github", "operation": "packages" }),
            "a classic personal access token with `read:packages`",
        ),
        (
            json!({ "kind": "deny", "site": "github", "operation": "versions", "repository": "shop/web" }),
            "`read:packages of shop/web` was denied in",
        ),
        (
            json!({ "kind": "deny", "site": "ghcr", "operation": "tags", "repository": "shop/web" }),
            "was denied",
        ),
        (
            json!({ "kind": "error", "site": "github", "operation": "versions", "repository": "shop/api" }),
            "failed in",
        ),
        (
            json!({ "kind": "garbage", "site": "github", "operation": "versions", "repository": "shop/api" }),
            "with a web page",
        ),
        (json!({ "kind": "truncated", "site": "github", "operation": "packages" }), "something unreadable"),
        (json!({ "kind": "cut", "site": "github", "operation": "packages" }), "failed in"),
        (
            json!({ "kind": "repeat_token", "site": "github", "operation": "packages" }),
            "repeated a page token after",
        ),
        (
            json!({ "kind": "repeat_token", "site": "github", "operation": "versions" }),
            "repeated a page token after",
        ),
        (
            json!({ "kind": "throttle", "site": "github", "operation": "versions", "retry_after": 3600 }),
            "was throttled in",
        ),
        (
            json!({ "kind": "throttle", "site": "github", "operation": "packages", "code": "secondary", "retry_after": 3600 }),
            "was throttled in",
        ),
    ] {
        world.cloud.set(&json!({ "page_cap": 2 }));
        let journal = world.keeps(&fault, LONG);
        assert!(!open(&journal).is_empty(), "{fault}");
        says(&journal, words);
    }
    for fault in [
        json!({ "kind": "deny", "site": "github", "operation": "orgs" }),
        json!({ "kind": "deny", "site": "github", "operation": "orgs", "code": "UNAUTHORIZED" }),
        json!({ "kind": "error", "site": "github", "operation": "orgs", "status": 404, "code": "not_found" }),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert!(journal.run.state != RunState::Complete, "{fault}: {}", journal.run.message);
    }
    nobody_else_knows(&world.cloud);
}

#[test]
fn what_passes_loses_nothing() {
    let Some(world) = synced(&shop()) else { return };
    for fault in [
        json!({ "kind": "throttle", "site": "github", "first": 3, "retry_after": 1 }),
        json!({ "kind": "throttle", "site": "github", "first": 2, "retry_after": 1, "code": "secondary" }),
        json!({ "kind": "throttle", "site": "github", "first": 1, "retry_after": 1, "status": 429 }),
        json!({ "kind": "error", "site": "github", "operation": "versions", "status": 503, "first": 2 }),
        json!({ "kind": "reset", "site": "github", "first": 2 }),
        json!({ "kind": "expire", "site": "ghcr", "operation": "tags", "first": 2 }),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
    let fault = json!({ "kind": "timeout", "site": "github", "operation": "versions", "seconds": 60 });
    let journal = world.keeps(&fault, Duration::from_secs(2));
    says(&journal, "did not answer within 2 s");
}

#[test]
fn what_is_gone_between_the_list_and_the_question_is_no_gap() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&shop()) else { return };
    for operation in ["versions", "tags"] {
        let gone = json!({ "kind": "error", "operation": operation, "repository": "shop/mail", "status": 404, "code": "NAME_UNKNOWN" });
        let _ = cloud.fault(&gone);
    }
    let _ = cloud.fault(&json!({ "kind": "vanish", "repository": "shop/cart", "operation": "manifest" }));
    for service in ["images", "attached"] {
        let seen =
            Source::with(&cloud, &estate, SOUND).collect(estate.host("ghcr"), "shop", service).complete();
        assert!(of(&seen, "shop/mail").is_empty() && of(&seen, "shop/cart").is_empty());
    }
}

#[test]
fn what_is_named_and_not_shown_is_said() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&shop()) else { return };
    let host = estate.host("ghcr");
    let source = Source::with(&cloud, &estate, &[("organisations", &["closed", "shop"])]);
    let seen = source.collect(host, "closed", "images");
    assert!(seen.partial().contains("no organisation or user `closed` to this token"), "{}", seen.partial());
    assert!(!source.collect(host, "shop", "images").complete().images().is_empty());
    let source = Source::with(&cloud, &estate, &[("repositories", &["shop/web", "shop/nobody"])]);
    assert_eq!(source.plan().unwrap().scopes.len(), 2, "no list of organisations is needed");
    let seen = source.collect(host, "shop", "images");
    assert!(seen.partial().contains("no package `shop/nobody` to this token"), "{}", seen.partial());
    assert_eq!(seen.repository_names(), BTreeSet::from([format!("{host}/shop/web")]));
    assert_eq!(cloud.count(&[("operation", "orgs")]), 0);
}

#[test]
fn a_wrong_token_is_told_and_a_token_goes_to_no_stranger() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&shop()) else { return };
    let host = estate.host("ghcr");
    let refused = Source::with(&cloud, &estate, &[("password", &["guessed"])]).plan().unwrap_err();
    assert!(refused.contains("does not know `plimsoll` by this password"), "{refused}");
    cloud.set(&json!({ "page_cap": 2 }));
    let _ = cloud.fault(&json!({ "kind": "stray_link", "site": "github" }));
    let seen = Source::with(&cloud, &estate, &[("organisations", &["shop"])]).collect(host, "shop", "images");
    assert!(seen.failure().contains("which gets no key"), "{}", seen.failure());
    cloud.heal();
    let _ = cloud.fault(&json!({ "kind": "stray_realm" }));
    let refused = Source::of(&cloud, &estate).plan().unwrap_err();
    assert!(refused.contains("is not shown the password"), "{refused}");
    nobody_else_knows(&cloud);
    cloud.heal();
    let elsewhere = estate.address("hub_registry").to_owned();
    let refused = Source::with(&cloud, &estate, &[("endpoint", &[&elsewhere])]).plan().unwrap_err();
    assert!(refused.contains("there is no API of GitHub at this address"), "{refused}");
}

#[test]
fn each_permission_is_tried() {
    let Some((cloud, estate)) = Registries::<GitHub>::seeded(&shop()) else { return };
    let tried = Source::of(&cloud, &estate).check();
    let names: Vec<&str> = tried.iter().map(|trial| trial.action.as_str()).collect();
    assert_eq!(names, ["sign-in", "read:packages", "repository:library/debian:pull"]);
    assert!(tried.iter().all(|trial| trial.refusal.is_none()), "{tried:?}");
    let _ = cloud.fault(&json!({ "kind": "deny", "site": "github", "operation": "packages" }));
    let tried = Source::of(&cloud, &estate).check();
    assert!(tried[1].refusal.as_ref().unwrap().contains("`read:packages` was denied"), "{tried:?}");
}

//! Docker Hub: what its API tells beside its registry, its two limits, and what a fault leaves as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connectors::{Descriptor, docker_hub};
use domain::image::Image;
use domain::source::{RunState, Scope};
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::cloud::{Cloud, Settings};
use tests::registries::{Estate, Plain, Registries, Site};
use tests::synced::{LONG, open, says};

use crate::shop;

/// Docker Hub.
#[derive(Debug)]
struct Hub;

impl Site for Hub {
    const CONNECTOR: Descriptor = docker_hub::DESCRIPTOR;
    const ACCOUNT: &'static str = "hub";

    fn settings(estate: &Estate) -> Vec<(&'static str, String)> {
        let address = |field, site| (field, estate.address(site).to_owned());
        vec![address("endpoint", "hub"), address("registry", "hub_registry"), address("sign_in", "hub_auth")]
    }
}

type World = tests::synced::World<Registries<Hub>>;

/// What has papers that are what they are said to be.
const SOUND: Settings<'_> = &[("leave_out_repositories", &["shop/worker"])];

/// Synced once; how many calls a minute the API allows is not what is tried, and would be waited for.
fn synced(plan: &Value) -> Option<World> {
    let world = World::new(plan, SOUND)?;
    world.cloud.set(&json!({ "api_limit": 100_000 }));
    Some(world)
}

/// Images by what every client of a registry sees of them, as far as a vendor shows their repositories.
pub(crate) fn alike(collected: &Collected, shown: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let images = collected.images().into_values().filter(|image| shown(&image.references[0].repository));
    let told = |image: &Image| {
        let mut names: Vec<_> =
            image.references.iter().map(|name| (&name.repository, &name.tag, &name.digest)).collect();
        names.sort();
        let facts = (&image.platform, image.size, &image.labels, &image.layers, &image.config);
        format!("{names:?} {:?} {facts:?} {:?}", image.digests, image.created_at)
    };
    images.map(told).collect()
}

/// The same estate through a plain registry.
pub(crate) fn by_a_plain_registry(plan: &Value) -> Option<Collected> {
    let (cloud, estate) = Registries::<Plain>::seeded(plan)?;
    Some(Source::of(&cloud, &estate).collect(estate.host("oci"), "", "images").complete())
}

/// Docker Hub has no repositories with a further slash.
fn is_shown(name: &str) -> bool {
    name.matches('/').count() == 1
}

/// Nobody but the vendor was shown a secret.
#[track_caller]
fn nobody_else_knows(cloud: &Registries<Hub>) {
    for call in cloud.log() {
        let site = call["site"].as_str().unwrap_or_default();
        assert!(site.starts_with("hub") || call["authorization"].is_null(), "{call}");
    }
}

/// The manifests that were pulled, each as often as it was.
fn pulled(cloud: &Registries<Hub>) -> BTreeMap<String, usize> {
    let mut pulled = BTreeMap::new();
    for call in cloud.log() {
        if call["method"] == "GET" && call["operation"] == "manifest" {
            let name = format!("{}@{}", call["repository"], call["reference"]);
            *pulled.entry(name).or_default() += 1;
        }
    }
    pulled
}

#[test]
fn everything_that_is_shown_is_seen_as_in_a_plain_registry() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let Some(plain) = by_a_plain_registry(&shop()) else { return };
    let seen = Source::with(&cloud, &estate, &[("leave_out", &["attached"])]).everything();
    let shown = estate.repositories().into_iter().filter(|name| is_shown(name));
    let names: BTreeSet<String> = shown.map(|name| format!("docker.io/{name}")).collect();
    assert_eq!(seen.repository_names(), names);
    assert_eq!(alike(&seen, is_shown), alike(&plain, is_shown));
    for repository in seen.repositories() {
        assert_eq!(repository.public, Some(repository.name.starts_with("library/")), "{}", repository.name);
        assert!(repository.created_at.is_some() && repository.settings[0].key == "last-updated");
    }
    let images = seen.images();
    assert!(images.values().all(|image| image.pushed_at.is_some()));
    let pulled = images.values().filter(|image| image.pulled_at > image.pushed_at).count();
    assert!(pulled > 0 && pulled < images.len(), "of some it is told, and of some that nobody did");
    let heads = cloud.count(&[("operation", "manifest"), ("method", "HEAD")]);
    assert_eq!(heads, 0, "the API tells what tags lead to");
    nobody_else_knows(&cloud);
}

#[test]
fn papers_are_found_by_tags() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let seen = Source::with(&cloud, &estate, SOUND).collect("docker.io", "shop", "attached").complete();
    let of_web = seen
        .papers()
        .into_iter()
        .filter(|(_, from)| from.image.as_ref().is_some_and(|image| image.name() == "docker.io/shop/web"));
    assert!(of_web.count() > 2);
    nobody_else_knows(&cloud);
}

#[test]
fn pages_are_read_to_their_end_however_short() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let whole = Source::of(&cloud, &estate).collect("docker.io", "shop", "images").complete().shown();
    cloud.set(&json!({ "page_cap": 2 }));
    let source = Source::of(&cloud, &estate);
    assert_eq!(source.collect("docker.io", "shop", "images").complete().shown(), whole);
    let regions: BTreeSet<String> =
        source.plan().unwrap().scopes.into_iter().map(|scope| scope.region).collect();
    let wanted = ["library", "platform", "plimsoll", "shop"].map(str::to_owned);
    assert_eq!(regions, BTreeSet::from(wanted), "the user's own namespace, and those of organisations");
}

#[test]
fn what_is_hard_to_read_is_read_or_said() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&json!("small")) else { return };
    let seen = Source::of(&cloud, &estate).collect("docker.io", "team-a", "images");
    assert!(seen.partial().contains("is not what its digest says"), "{}", seen.partial());
    let of =
        |name: &str| seen.images().into_values().filter(|one| one.references[0].repository == name).count();
    assert_eq!((of("team-a/loop"), of("team-a/untagged")), (0, 0), "no tag leads to them");
    assert!(of("team-a/nested") > 0 && of("team-a/legacy") > 0 && of("team-a/foreign") > 0);
}

#[test]
fn a_sync_pulls_each_manifest_once_and_the_next_pulls_none() {
    let Some(world) = synced(&shop()) else { return };
    let first = pulled(&world.cloud);
    assert!(first.len() > 10 && first.values().all(|times| *times == 1), "{first:?}");
    assert!(world.number("SELECT COUNT(*) FROM documents") > 3, "papers");
    world.cloud.forget_calls();
    world.unchanged();
    assert_eq!(pulled(&world.cloud), BTreeMap::new());
}

#[test]
fn when_no_pull_is_left_everything_is_kept_and_shown_as_the_api_tells_it() {
    let plan = |tags: u64| json!({ "plan": "none", "repositories": 5, "tags": tags });
    let Some(world) = synced(&plan(1)) else { return };
    let before = world.present();
    let _ = world.cloud.seed_again(&plan(3));
    world.cloud.set(&json!({ "pull_limit": 1 }));
    let (finished, journal) = world.sync();
    assert_eq!((finished.state, finished.progress.counts.retired), (RunState::Partial, 0));
    says(&journal, "the pull rate limit is used up; what was read before stays");
    for row in journal.scopes.iter().filter(|row| row.scope.service == "images" && !row.reason.is_empty()) {
        assert_eq!(row.reason.matches("rate limit").count(), 1, "it is said once: {}", row.reason);
    }
    let refused = world.cloud.log().into_iter().filter(|call| call["status"] == 429).count();
    assert!(refused <= 8, "no more than were under way when it was known: {refused}");
    let present = world.present();
    assert!(present["images"] > before["images"] && present["repositories"] == before["repositories"]);
    let unread = "SELECT COUNT(*) FROM images WHERE architecture IS NULL OR size IS NULL";
    assert_eq!(world.number(unread), 0);
    world.not_doubled();
    world.cloud.set(&json!({ "pull_limit": 0 }));
    let (finished, journal) = world.sync();
    assert_eq!(finished.state, RunState::Complete, "{:?}", open(&journal));
    assert_eq!(world.present(), present, "what was shown before it was read is what was read");
    world.unchanged();
}

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&shop()) else { return };
    for (fault, words) in [
        (
            json!({ "kind": "deny", "site": "hub", "operation": "repositories" }),
            "give `plimsoll` a token with the scope `repo:read`",
        ),
        (
            json!({ "kind": "deny", "site": "hub", "operation": "tags", "repository": "shop/web" }),
            "`repo:read of shop/web` was denied in docker.io / shop / images",
        ),
        (json!({ "kind": "deny", "site": "hub_registry", "repository": "shop/web" }), "was denied"),
        (
            json!({ "kind": "error", "site": "hub", "operation": "tags", "repository": "shop/api" }),
            "failed in",
        ),
        (
            json!({ "kind": "garbage", "site": "hub", "operation": "tags", "repository": "shop/api" }),
            "with a web page",
        ),
        (json!({ "kind": "truncated", "site": "hub", "operation": "repositories" }), "something unreadable"),
        (json!({ "kind": "cut", "site": "hub", "operation": "repositories" }), "failed in"),
        (
            json!({ "kind": "repeat_token", "site": "hub", "operation": "repositories" }),
            "repeated a page token after",
        ),
        (
            json!({ "kind": "repeat_token", "site": "hub", "operation": "tags" }),
            "repeated a page token after",
        ),
        (
            json!({ "kind": "throttle", "site": "hub", "operation": "tags", "retry_after": 3600 }),
            "was throttled in",
        ),
    ] {
        world.cloud.set(&json!({ "page_cap": 2 }));
        let journal = world.keeps(&fault, LONG);
        assert!(!open(&journal).is_empty(), "{fault}");
        says(&journal, words);
    }
    for fault in [
        json!({ "kind": "deny", "site": "hub", "operation": "login" }),
        json!({ "kind": "error", "site": "hub", "operation": "orgs" }),
        json!({ "kind": "garbage", "site": "hub", "operation": "orgs" }),
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
        json!({ "kind": "throttle", "site": "hub", "first": 3, "retry_after": 1 }),
        json!({ "kind": "error", "site": "hub", "operation": "tags", "status": 503, "first": 2 }),
        json!({ "kind": "reset", "site": "hub", "first": 2 }),
        json!({ "kind": "expire", "site": "hub", "operation": "tags", "first": 2 }),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
    let journal = world.keeps(
        &json!({ "kind": "timeout", "site": "hub", "operation": "tags", "seconds": 60 }),
        Duration::from_secs(2),
    );
    says(&journal, "did not answer within 2 s");
}

#[test]
fn what_is_gone_between_the_list_and_the_question_is_no_gap() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let gone = json!({ "kind": "error", "operation": "tags", "repository": "shop/mail", "status": 404, "code": "NAME_UNKNOWN" });
    let _ = cloud.fault(&gone);
    let _ = cloud.fault(&json!({ "kind": "vanish", "repository": "shop/cart", "operation": "manifest" }));
    for service in ["images", "attached"] {
        let seen = Source::with(&cloud, &estate, SOUND).collect("docker.io", "shop", service).complete();
        assert!(!seen.repository_names().contains("docker.io/shop/mail"));
    }
}

#[test]
fn anybody_sees_what_is_public_and_nobody_what_is_not_shown() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let settings: &[(&str, &[&str])] = &[("user", &[]), ("password", &[]), ("namespaces", &["library"])];
    let seen = Source::with(&cloud, &estate, settings).everything();
    assert_eq!((seen.repositories().len(), seen.repositories()[0].public), (1, Some(true)));
    assert_eq!(cloud.count(&[("operation", "login")]), 0);
    let source = Source::with(&cloud, &estate, &[("namespaces", &["closed"])]);
    let seen = source.collect("docker.io", "closed", "images");
    assert!(seen.partial().contains("shows no namespace `closed` to this account"), "{}", seen.partial());
    let source = Source::with(&cloud, &estate, &[("repositories", &["shop/web", "shop/nobody"])]);
    assert_eq!(source.plan().unwrap().scopes.len(), 2, "no list of organisations is needed");
    let seen = source.collect("docker.io", "shop", "images");
    assert!(seen.partial().contains("no repository `shop/nobody`"), "{}", seen.partial());
    assert_eq!(seen.repository_names(), BTreeSet::from(["docker.io/shop/web".to_owned()]));
}

#[test]
fn a_token_is_fetched_once_and_again_when_it_ends() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let source = Source::of(&cloud, &estate);
    let before = source.collect("docker.io", "shop", "images").complete().shown();
    assert_eq!(cloud.count(&[("operation", "login")]), 1);
    cloud.expire();
    assert_eq!(source.collect("docker.io", "shop", "images").complete().shown(), before);
    assert_eq!(cloud.count(&[("operation", "login")]), 2);
}

#[test]
fn a_wrong_password_is_told_and_a_password_goes_to_no_stranger() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let refused = Source::with(&cloud, &estate, &[("password", &["guessed"])]).plan().unwrap_err();
    assert!(refused.contains("does not know `plimsoll` by this password"), "{refused}");
    cloud.set(&json!({ "page_cap": 2 }));
    let _ = cloud.fault(&json!({ "kind": "stray_link", "site": "hub" }));
    let seen =
        Source::with(&cloud, &estate, &[("namespaces", &["shop"])]).collect("docker.io", "shop", "images");
    assert!(seen.failure().contains("which gets no key"), "{}", seen.failure());
    cloud.heal();
    let _ = cloud.fault(&json!({ "kind": "stray_realm" }));
    let refused = Source::of(&cloud, &estate).plan().unwrap_err();
    assert!(refused.contains("is not shown the password"), "{refused}");
    nobody_else_knows(&cloud);
    cloud.heal();
    let elsewhere = estate.address("github").to_owned();
    let refused = Source::with(&cloud, &estate, &[("endpoint", &[&elsewhere])]).plan().unwrap_err();
    assert!(refused.contains("`sign-in`"), "{refused}");
}

#[test]
fn each_permission_is_tried() {
    let Some((cloud, estate)) = Registries::<Hub>::seeded(&shop()) else { return };
    let tried = Source::of(&cloud, &estate).check();
    let names: Vec<&str> = tried.iter().map(|trial| trial.action.as_str()).collect();
    assert_eq!(names, ["sign-in", "repo:read", "repository:library/debian:pull"]);
    assert!(tried.iter().all(|trial| trial.refusal.is_none()), "{tried:?}");
    let _ = cloud.fault(&json!({ "kind": "deny", "site": "hub", "operation": "repositories" }));
    let tried = Source::of(&cloud, &estate).check();
    assert!(tried[1].refusal.as_ref().unwrap().contains("`repo:read` was denied"), "{tried:?}");
}

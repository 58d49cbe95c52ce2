//! Artifactory and Xray: what is seen of them, what Xray says and does not say, and what faults leave as it was.

use std::collections::BTreeSet;

use connectors::{Descriptor, jfrog};
use domain::image::DigestRole;
use domain::source::{RunState, Scope};
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::emulator::ask;
use tests::registries::{Estate, Registries, Site};
use tests::synced::{LONG, open, says};
use tests::{must, there};

use crate::{scanned_by, shop};

type Cloudy = Registries<Jfrog>;
type World = tests::synced::World<Cloudy>;

#[derive(Debug)]
struct Jfrog;

impl Site for Jfrog {
    const CONNECTOR: Descriptor = jfrog::DESCRIPTOR;
    const ACCOUNT: &'static str = "jfrog";

    fn settings(estate: &Estate) -> Vec<(&'static str, String)> {
        vec![("registry", estate.address("jfrog").to_owned())]
    }
}

/// Everything but what has papers that are not what they are said to be.
fn synced(plan: &Value) -> Option<World> {
    World::new(plan, &[("leave_out_repositories", &["shop-docker-local/worker"])])
}

fn all(source: &Source, service: &str) -> Vec<Collected> {
    let scopes = must(source.plan(), "the plan").scopes;
    let scopes = scopes.into_iter().filter(|scope| scope.service == service);
    scopes.map(|scope| source.collect_scope(&scope)).collect()
}

/// What this site calls a repository.
fn called(name: &str) -> String {
    let (namespace, rest) = there(name.split_once('/'), "a namespace");
    format!("{namespace}-docker-local/{rest}")
}

/// Nobody but JFrog was shown a secret.
#[track_caller]
fn nobody_else_knows(cloud: &Cloudy) {
    for call in cloud.log() {
        assert!(call["site"] == "jfrog" || call["authorization"].is_null(), "{call}");
    }
}

#[test]
fn every_image_is_seen_under_the_name_by_which_it_is_pulled() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let source = Source::of(&cloud, &estate);
    let scopes = source.plan().unwrap().scopes;
    let places: BTreeSet<&str> = scopes.iter().map(|scope| scope.region.as_str()).collect();
    let keys = ["docker-hub-remote", "library-docker-local", "platform-docker-local", "shop-docker-local"];
    assert_eq!(Vec::from_iter(places), keys, "a virtual one repeats what others hold");
    let seen: Vec<Collected> = all(&source, "images").into_iter().map(Collected::complete).collect();
    let names: BTreeSet<String> = seen.iter().flat_map(Collected::repository_names).collect();
    let host = estate.host("jfrog");
    assert_eq!(names, estate.repositories().iter().map(|name| format!("{host}/{}", called(name))).collect());
    for repository in seen.iter().flat_map(Collected::repositories) {
        let told: Vec<&str> = repository.settings.iter().map(|one| one.value.as_str()).collect();
        assert_eq!((told, repository.scan_on_push), (vec!["local", "on"], Some(true)));
        assert_eq!((repository.public, &repository.cleanup), (None, &None), "{repository:?}");
    }
    for image in seen.iter().flat_map(|one| one.images().into_values()) {
        assert!(image.config.is_some() && image.pushed_at.is_some() && image.platform.is_some(), "{image:?}");
        assert!(image.references.iter().all(|one| one.tag.is_some()), "{image:?}");
    }
    let heads = cloud.log().into_iter().filter(|call| call["method"] == "HEAD").count();
    assert_eq!(heads, 0, "the query tells what tags lead to");
    nobody_else_knows(&cloud);
}

#[test]
fn xray_says_of_each_image_what_it_found_or_why_not() {
    let plan = json!({ "plan": "none", "repositories": 20, "tags": 3 });
    let Some((cloud, estate)) = Cloudy::seeded(&plan) else { return };
    let seen: Vec<Collected> =
        all(&Source::of(&cloud, &estate), "scans").into_iter().map(Collected::complete).collect();
    let scans = ask(&cloud.address, "GET", "/_estate", None)["scans"].clone();
    let count =
        |states: &[&str]| states.iter().map(|state| scans[*state].as_u64().unwrap_or_default()).sum::<u64>();
    let documents: usize = seen.iter().map(|one| one.documents.len()).sum();
    // Of what it cannot scan, Xray says that it found nothing.
    assert_eq!(documents as u64, count(&["scanned", "unsupported"]), "{scans}");
    let unwatched: Vec<_> = seen.iter().flat_map(Collected::coverage).collect();
    assert!(!unwatched.is_empty());
    assert_eq!(unwatched.len() as u64, count(&["queued", "failed"]), "{scans}");
    for one in unwatched {
        assert_eq!((one.tool.as_str(), one.watched), ("jfrog-xray", Some(false)));
        assert_eq!(one.reason, "Artifact doesn't exist or not indexed/cached in Xray");
    }
    let mut issues = 0;
    for (document, from) in seen.iter().flat_map(Collected::papers) {
        let image = from.image.as_ref().unwrap();
        let sum = document["artifacts"][0]["general"]["sha256"].as_str().unwrap();
        assert_eq!(image.digest.as_ref().unwrap().as_str(), format!("sha256:{sum}"));
        assert_eq!(from.name, format!("Xray on {}", image.familiar()));
        issues += document["artifacts"][0]["issues"].as_array().unwrap().len();
    }
    assert_eq!(issues as u64, count(&["findings"]), "{scans}");
}

#[test]
fn images_are_those_that_any_client_sees() {
    let Some((cloud, estate)) = Cloudy::seeded(&json!({ "plan": "none", "repositories": 10 })) else {
        return;
    };
    let digests = |settings: &Value| {
        cloud.set(settings);
        let seen = all(&Source::of(&cloud, &estate), "images");
        let seen = seen.into_iter().map(Collected::complete).collect::<Vec<_>>();
        let images = seen.iter().flat_map(|one| one.images().into_values());
        let digests = images.flat_map(|image| image.digests.clone());
        digests
            .filter(|(role, _)| *role != DigestRole::Config)
            .map(|(_, digest)| digest)
            .collect::<BTreeSet<_>>()
    };
    let whole = digests(&json!({}));
    assert_eq!(whole.len() as u64, estate.count("manifests"));
    assert_eq!(digests(&json!({ "page_cap": 2 })), whole, "what the query leaves out is asked for");
}

#[test]
fn by_password_and_by_token_alone() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let seen = |settings: &[(&str, &[&str])]| {
        let source = Source::with(&cloud, &estate, settings);
        let shop = source.collect(estate.host("jfrog"), "shop-docker-local", "images").complete();
        nobody_else_knows(&cloud);
        shop.shown()
    };
    let by_password = seen(&[]);
    let tokens = cloud.count(&[("operation", "token")]);
    assert!(tokens > 0);
    assert_eq!(seen(&[("user", &[])]), by_password);
    assert_eq!(cloud.count(&[("operation", "token")]), tokens, "a token alone needs no other");
    let wrong =
        Source::with(&cloud, &estate, &[("user", &[]), ("password", &["guessed"])]).plan().unwrap_err();
    assert!(wrong.contains("the registry does not take this token"), "{wrong}");
    let wrong = Source::with(&cloud, &estate, &[("password", &["guessed"])]).plan().unwrap_err();
    assert!(wrong.contains("does not know `plimsoll` by this password"), "{wrong}");
}

#[test]
fn what_is_hidden_or_repeats_others_is_not_taken_for_empty() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let keys: &[(&str, &[&str])] = &[("keys", &["shop-docker-local", "closed-docker-local", "docker"])];
    let source = Source::with(&cloud, &estate, keys);
    let host = estate.host("jfrog");
    let hidden = source.collect(host, "closed-docker-local", "images").failure();
    assert!(
        hidden.contains("`closed-docker-local` is shown to `plimsoll`; give the permission `read`"),
        "{hidden}"
    );
    let repeats = source.collect(host, "docker", "images");
    assert!(repeats.partial().contains("is a virtual repository"), "{}", repeats.partial());
    let named: &[(&str, &[&str])] =
        &[("repositories", &["shop-docker-local/web", "shop-docker-local/nobody"])];
    let seen = Source::with(&cloud, &estate, named).collect(host, "shop-docker-local", "images");
    assert!(seen.partial().contains("there is no repository"), "{}", seen.partial());
    assert_eq!(seen.repositories().len(), 1);
}

#[test]
fn the_password_goes_to_no_stranger() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    cloud.set(&json!({ "page_cap": 2 }));
    let _ = cloud.fault(&json!({ "kind": "stray_link", "operation": "catalog" }));
    let source = Source::of(&cloud, &estate);
    let refused = source.collect(estate.host("jfrog"), "shop-docker-local", "images").failure();
    assert!(refused.contains("which gets no key"), "{refused}");
    cloud.heal();
    let _ = cloud.fault(&json!({ "kind": "stray_realm" }));
    let refused = Source::of(&cloud, &estate).plan().unwrap_err();
    assert!(refused.contains("is not shown the password"), "{refused}");
    nobody_else_knows(&cloud);
}

#[test]
fn each_permission_is_tried() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let tried = Source::of(&cloud, &estate).check();
    let names: Vec<&str> = tried.iter().map(|trial| trial.action.as_str()).collect();
    assert_eq!(names, ["sign-in", "read", "repository:library-docker-local/debian:pull"]);
    assert!(tried.iter().all(|trial| trial.refusal.is_none()), "{tried:?}");
    let _ = cloud.fault(&json!({ "kind": "deny", "operation": "repositories" }));
    let tried = Source::of(&cloud, &estate).check();
    assert!(tried[1].refusal.as_ref().unwrap().contains("`read` was denied"), "{tried:?}");
}

#[test]
fn a_second_sync_only_looks() {
    let Some(world) = synced(&shop()) else { return };
    let known = i64::try_from(world.estate.repositories().len()).unwrap();
    assert_eq!(world.present()["repositories"], known - 1);
    let reports = "SELECT COUNT(*) FROM documents WHERE name LIKE 'Xray on %'";
    let before = world.number(reports);
    assert!(before > 0);
    scanned_by(&world, "jfrog-xray");
    world.cloud.forget_calls();
    world.unchanged();
    assert_eq!(world.number(reports), before);
    let pulled = |call: &Value| {
        call["method"] == "GET"
            && ["manifest", "blob"].contains(&call["operation"].as_str().unwrap_or_default())
    };
    assert_eq!(world.cloud.log().into_iter().filter(pulled).collect::<Vec<_>>(), [] as [Value; 0]);
}

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&shop()) else { return };
    for (fault, words) in [
        (json!({ "kind": "deny", "operation": "repositories" }), "the permission `read`"),
        (json!({ "kind": "deny", "operation": "catalog" }), "the permission `read`"),
        (json!({ "kind": "deny", "operation": "aql", "first": 2 }), "the permission `read`"),
        (json!({ "kind": "deny", "operation": "xray" }), "see what Xray found"),
        (json!({ "kind": "deny", "operation": "tags", "repository": "shop/web" }), "let `plimsoll` pull"),
        (json!({ "kind": "error", "operation": "catalog" }), "failed in"),
        (json!({ "kind": "error", "operation": "xray", "status": 404 }), "there is no Xray at this address"),
        (json!({ "kind": "garbage", "operation": "xray" }), "with a web page"),
        (json!({ "kind": "truncated", "operation": "catalog" }), "unreadable"),
        (json!({ "kind": "truncated", "operation": "aql" }), "unreadable"),
        (json!({ "kind": "truncated", "operation": "xray" }), "unreadable"),
        (json!({ "kind": "repeat_token", "operation": "catalog" }), "repeated a page token"),
    ] {
        world.cloud.set(&json!({ "page_cap": 3 }));
        let journal = world.keeps(&fault, LONG);
        let told = format!("{} {:?}", journal.run.message, journal.scopes);
        assert!(told.contains(words), "{fault}: `{words}` is not in {told}");
        assert_ne!(journal.run.state, RunState::Complete, "{fault}");
    }
}

#[test]
fn what_passes_loses_nothing() {
    let Some(world) = synced(&shop()) else { return };
    for fault in [
        json!({ "kind": "throttle", "first": 3, "retry_after": 1 }),
        json!({ "kind": "error", "operation": "aql", "status": 502, "first": 2 }),
        json!({ "kind": "reset", "operation": "xray", "first": 2 }),
        json!({ "kind": "expire", "operation": "tags", "first": 2 }),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
    let _ =
        world.cloud.fault(&json!({ "kind": "vanish", "repository": "shop/mail", "operation": "manifest" }));
    let (_, journal) = world.sync();
    assert_eq!(open(&journal), [] as [Scope; 0], "{:?}", journal.scopes);
}

#[test]
fn what_is_denied_in_one_repository_leaves_the_others_whole() {
    let Some(world) = synced(&shop()) else { return };
    let fault = json!({ "kind": "deny", "operation": "tags", "repository": "library/debian" });
    let journal = world.keeps(&fault, LONG);
    says(&journal, "`repository:library-docker-local/debian:pull` was denied in");
    let places: BTreeSet<String> = open(&journal).into_iter().map(|scope| scope.region).collect();
    assert_eq!(Vec::from_iter(places), ["library-docker-local"]);
}

//! A GitLab and its registry: what is seen of them, what scans of pipelines say, and what faults leave as it was.

use std::collections::BTreeSet;

use connectors::{Descriptor, gitlab};
use domain::source::{RunState, Scope};
use serde_json::{Value, json};
use tests::asked::{Collected, Source};
use tests::cloud::Cloud;
use tests::must;
use tests::registries::{Estate, Registries, Site};
use tests::synced::{LONG, open, says};

use crate::{scanned_by, shop};

type Cloudy = Registries<Gitlab>;
type World = tests::synced::World<Cloudy>;

#[derive(Debug)]
struct Gitlab;

impl Site for Gitlab {
    const CONNECTOR: Descriptor = gitlab::DESCRIPTOR;
    const ACCOUNT: &'static str = "gitlab";

    fn settings(estate: &Estate) -> Vec<(&'static str, String)> {
        vec![
            ("endpoint", estate.address("gitlab").to_owned()),
            ("registry", estate.address("gitlab_registry").to_owned()),
        ]
    }
}

/// Everything but what has papers that are not what they are said to be.
fn synced(plan: &Value) -> Option<World> {
    World::new(plan, &[("leave_out_repositories", &["shop/worker"])])
}

fn all(source: &Source, service: &str) -> Vec<Collected> {
    let scopes = must(source.plan(), "the plan").scopes;
    let scopes = scopes.into_iter().filter(|scope| scope.service == service);
    scopes.map(|scope| source.collect_scope(&scope)).collect()
}

/// Nobody but GitLab and its registry was shown a secret.
#[track_caller]
fn nobody_else_knows(cloud: &Cloudy) {
    for call in cloud.log() {
        let ours = ["gitlab", "gitlab_registry"].contains(&call["site"].as_str().unwrap_or_default());
        assert!(ours || call["authorization"].is_null(), "{call}");
    }
}

#[test]
fn every_repository_is_seen_with_what_its_project_says() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let source = Source::of(&cloud, &estate);
    let scopes = source.plan().unwrap().scopes;
    let places: BTreeSet<&str> = scopes.iter().map(|scope| scope.region.as_str()).collect();
    assert_eq!(places, BTreeSet::from(["library", "platform", "shop"]));
    assert_eq!(scopes.len(), 9, "three services each");
    let seen: Vec<Collected> = all(&source, "images").into_iter().map(Collected::complete).collect();
    let names: BTreeSet<String> = seen.iter().flat_map(Collected::repository_names).collect();
    let host = estate.host("gitlab_registry");
    assert_eq!(names, estate.repositories().iter().map(|name| format!("{host}/{name}")).collect());
    for repository in seen.iter().flat_map(Collected::repositories) {
        assert_eq!(repository.public, Some(repository.name.starts_with("library/")), "{repository:?}");
        assert!(repository.created_at.is_some() && repository.cleanup.is_none(), "{repository:?}");
        assert!(repository.settings.iter().any(|one| one.key == "registry-access" && one.value == "enabled"));
    }
    assert!(seen.iter().flat_map(|one| one.images().into_values()).all(|image| image.config.is_some()));
    nobody_else_knows(&cloud);
    assert!(cloud.count(&[("site", "storage")]) > 0, "blobs lie elsewhere");
}

#[test]
fn images_are_those_that_any_client_sees() {
    let Some((cloud, estate)) = Cloudy::seeded(&json!({ "plan": "none", "repositories": 10 })) else {
        return;
    };
    let seen = all(&Source::of(&cloud, &estate), "images");
    let images: usize = seen.iter().map(|one| one.images().len()).sum();
    let indexes: BTreeSet<String> = seen
        .iter()
        .flat_map(|one| one.images().into_values())
        .flat_map(|image| &image.digests)
        .filter(|(role, _)| *role == domain::image::DigestRole::Index)
        .map(|(_, digest)| digest.to_string())
        .collect();
    assert_eq!((images + indexes.len()) as u64, estate.count("manifests"));
}

#[test]
fn each_project_is_asked_once_for_its_report() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let source = Source::of(&cloud, &estate);
    cloud.forget_calls();
    let seen: Vec<Collected> = all(&source, "scans").into_iter().map(Collected::complete).collect();
    let names: Vec<String> =
        seen.iter().flat_map(|one| one.papers().into_iter().map(|(_, from)| from.name.clone())).collect();
    let asked: Vec<Value> = cloud.log().into_iter().filter(|call| call["operation"] == "report").collect();
    let projects: BTreeSet<String> = asked.iter().map(|call| call["repository"].to_string()).collect();
    let namespaces = |name: &&str| name.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
    let all: BTreeSet<String> = estate.repositories().iter().map(namespaces).collect();
    assert_eq!((asked.len(), projects.len()), (all.len(), all.len()));
    let answered = asked.iter().filter(|call| call["status"] == 200).count();
    assert!(answered > 0 && answered < asked.len(), "every third project scans nothing");
    assert_eq!(names.len(), answered, "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("Container scanning of ")), "{names:?}");
    for (report, from) in seen.iter().flat_map(Collected::papers) {
        assert_eq!((report["scan"]["type"].as_str(), &from.image), (Some("container_scanning"), &None));
    }
}

#[test]
fn pages_are_read_to_their_end_however_short() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let shown = || {
        let seen = all(&Source::of(&cloud, &estate), "images");
        seen.into_iter().flat_map(|one| one.complete().shown()).collect::<BTreeSet<String>>()
    };
    let whole = shown();
    cloud.set(&json!({ "page_cap": 2 }));
    assert_eq!(shown(), whole);
}

#[test]
fn what_is_named_is_looked_into_also_where_the_token_opens_the_registry_alone() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let named: &[(&str, &[&str])] = &[("repositories", &["shop/web", "shop/nobody"])];
    let source = Source::with(&cloud, &estate, named);
    let told = source.collect(estate.host("gitlab_registry"), "shop", "images");
    assert!(told.partial().contains("there is no repository"), "{}", told.partial());
    assert_eq!(told.repositories()[0].public, Some(false));
    let _ = cloud.fault(&json!({ "kind": "deny", "site": "gitlab", "operation": "projects" }));
    let seen = source.collect(estate.host("gitlab_registry"), "shop", "images");
    assert_eq!((seen.repositories().len(), seen.repositories()[0].public), (1, None));
    assert_eq!(seen.images().len(), told.images().len());
    let refused = source.collect(estate.host("gitlab_registry"), "shop", "scans");
    assert!(refused.failure().contains("the scope `read_api`"), "{}", refused.failure());
}

#[test]
fn what_is_hidden_is_not_taken_for_empty() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    let settings: &[(&str, &[&str])] =
        &[("groups", &["shop", "closed"]), ("projects", &["closed/vault", "library/debian"])];
    let source = Source::with(&cloud, &estate, settings);
    let regions: BTreeSet<String> =
        source.plan().unwrap().scopes.into_iter().map(|scope| scope.region).collect();
    assert_eq!(
        Vec::from_iter(regions),
        ["closed", "library/debian", "shop"],
        "a project within a group is no other"
    );
    let host = estate.host("gitlab_registry");
    let hidden = source.collect(host, "closed", "images").failure();
    assert!(hidden.contains("no group `closed` is shown to the token; make it a member"), "{hidden}");
    let debian = source.collect(host, "library/debian", "images").complete();
    assert_eq!(Vec::from_iter(debian.repository_names()), [format!("{host}/library/debian")]);
    assert_eq!(debian.repositories()[0].public, Some(true));
    let wrong = Source::with(&cloud, &estate, &[("password", &["guessed"])]).plan().unwrap_err();
    assert!(wrong.contains("does not know `plimsoll` by this password"), "{wrong}");
}

#[test]
fn the_token_goes_to_no_stranger() {
    let Some((cloud, estate)) = Cloudy::seeded(&shop()) else { return };
    cloud.set(&json!({ "page_cap": 2 }));
    let _ = cloud.fault(&json!({ "kind": "stray_link", "site": "gitlab", "operation": "projects" }));
    let refused = Source::of(&cloud, &estate).plan().unwrap_err();
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
    let source = Source::of(&cloud, &estate);
    let tried = source.check();
    let names: Vec<&str> = tried.iter().map(|trial| trial.action.as_str()).collect();
    assert_eq!(names, ["sign-in", "read_api", "repository:library/debian:pull"]);
    assert!(tried.iter().all(|trial| trial.refusal.is_none()), "{tried:?}");
    let _ = cloud.fault(&json!({ "kind": "deny", "site": "gitlab", "operation": "projects" }));
    let tried = source.check();
    assert!(tried[1].refusal.as_ref().unwrap().contains("`read_api` was denied"), "{tried:?}");
}

#[test]
fn a_second_sync_only_looks() {
    let Some(world) = synced(&shop()) else { return };
    let known = i64::try_from(world.estate.repositories().len()).unwrap();
    assert_eq!(world.present()["repositories"], known - 1);
    let reports = "SELECT COUNT(*) FROM documents WHERE name LIKE 'Container scanning of %'";
    let before = world.number(reports);
    assert!(before > 0);
    scanned_by(&world, "GitLab");
    world.unchanged();
    assert_eq!(world.number(reports), before);
}

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&shop()) else { return };
    for (fault, words) in [
        (json!({ "kind": "deny", "site": "gitlab", "operation": "repositories" }), "the scope `read_api`"),
        (json!({ "kind": "deny", "site": "gitlab", "operation": "projects" }), "the scope `read_api`"),
        (json!({ "kind": "deny", "site": "gitlab", "operation": "report" }), "the scope `read_api`"),
        (json!({ "kind": "deny", "operation": "tags", "repository": "shop/web" }), "let `plimsoll` pull"),
        (json!({ "kind": "error", "site": "gitlab", "operation": "repositories" }), "failed in"),
        (json!({ "kind": "garbage", "site": "gitlab", "operation": "repositories" }), "with a web page"),
        (json!({ "kind": "truncated", "site": "gitlab", "operation": "repositories" }), "unreadable"),
        (json!({ "kind": "truncated", "site": "gitlab", "operation": "report" }), "is none"),
        (
            json!({ "kind": "repeat_token", "site": "gitlab", "operation": "repositories" }),
            "repeated a page token",
        ),
        (
            json!({ "kind": "repeat_token", "site": "gitlab", "operation": "projects" }),
            "repeated a page token",
        ),
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
        json!({ "kind": "throttle", "site": "gitlab", "first": 3, "retry_after": 1 }),
        json!({ "kind": "error", "operation": "projects", "status": 502, "first": 2 }),
        json!({ "kind": "reset", "operation": "report", "first": 2 }),
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
fn what_is_denied_in_one_place_leaves_the_others_whole() {
    let Some(world) = World::new(
        &shop(),
        &[("groups", &["shop", "platform"]), ("leave_out_repositories", &["shop/worker"])],
    ) else {
        return;
    };
    let fault = json!({ "kind": "deny", "site": "gitlab", "operation": "report", "repository": "shop/web" });
    let journal = world.keeps(&fault, LONG);
    says(&journal, "`read_api` was denied in");
    let places: Vec<String> =
        open(&journal).into_iter().map(|scope| format!("{}/{}", scope.region, scope.service)).collect();
    assert_eq!(places, ["shop/scans"]);
}

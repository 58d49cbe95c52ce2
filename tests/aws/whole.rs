//! A whole organisation with every service, into the database: what runs, whose it is, who reaches it, what it
//! may do; how registries and clusters are set up; which images are watched. And once more, unchanged.

use domain::exposure::Reach;
use domain::scope::Viewer;
use serde_json::json;
use store::list::{Page, Sort};
use store::workloads::{ContainerRow, WorkloadDetail};
use tests::aws::Estate;

use crate::asked::HERE;
use crate::synced::World;

/// What tags mean in this organisation.
const RULES: [(&str, &[&str]); 3] = [
    ("owner_tags", &["cost-centre"]),
    ("environment_tags", &["stage"]),
    ("criticality_rules", &["tier=1 -> critical"]),
];
fn viewer() -> Viewer {
    Viewer::everything()
}

/// The ECS cluster of the first account, as its workloads call it.
fn cluster(estate: &Estate) -> String {
    format!("services (ecs {} {HERE})", estate.accounts[0])
}

/// A workload of that cluster with its containers.
fn workload(world: &World, name: &str) -> (WorkloadDetail, Vec<ContainerRow>) {
    let store = &world.source.store;
    let filter = store::workloads::Filter {
        cluster: Some(cluster(&world.estate)),
        text: Some(name.to_owned()),
        ..store::workloads::Filter::default()
    };
    let (sort, page) = (Sort::ascending("name"), Page::first(50));
    let listed = world.ask(store::workloads::list(store, &viewer(), &filter, &sort, &page));
    let row = listed.rows.into_iter().find(|row| row.name == name).unwrap();
    let detail = world.ask(store::workloads::detail(store, &viewer(), row.id)).unwrap();
    (detail, world.ask(store::workloads::containers(store, &viewer(), row.id)))
}

#[test]
fn an_organisation_is_known_whole_and_a_second_sync_writes_nothing() {
    let Some(world) = World::new(&json!("small"), &RULES) else { return };
    world.not_doubled();
    // 12 of 60 repositories have one platform, the others two; two versions of each; six places.
    let images = 6 * (12 * 2 + 48 * 2 * 2);
    assert_eq!(world.present()["places"], images + public_places(&world));
    assert_eq!(world.present()["repositories"], 6 * 60 + world.number(PUBLIC));
    what_runs_is_named(&world);
    registries_and_clusters_say_how_they_are_set_up(&world);
    watched_images_say_why(&world);
    world.unchanged();
}

const PUBLIC: &str = "SELECT COUNT(*) FROM repositories WHERE public";

fn public_places(world: &World) -> i64 {
    world.number("SELECT COUNT(*) FROM image_locations WHERE registry LIKE 'public.ecr.aws%'")
}

fn what_runs_is_named(world: &World) {
    let (web, containers) = workload(world, "web");
    assert_eq!(web.workload.owner.as_deref(), Some("77"));
    assert_eq!(web.environment.as_deref(), Some("prod"));
    assert_eq!(web.workload.criticality.as_deref(), Some("critical"));
    assert_eq!((web.workload.reach, web.workload.account.as_str()), (Reach::Internet, "111111111111"));
    assert_eq!(
        web.reach_evidence,
        "LoadBalancer public to web: internet-facing, HTTP 80, HTTP 8080, target group public-web, \
         security group lets anyone in on tcp 80"
    );
    assert_eq!(web.isolation.runtime_class.as_deref(), Some("fargate-microvm"));
    assert!(web.sandbox < 0.2, "Fargate stands between it and the machine: {}", web.sandbox);
    let main = containers.iter().find(|container| container.name == "main").unwrap();
    assert_eq!(main.security.secret_variables, ["DATABASE_URL"]);
    assert_eq!((main.security.run_as_user, main.security.read_only_root), (Some(10001), Some(true)));
    assert!(main.image_id.is_some() && main.digest.is_some() && main.running == 3, "{main:?}");
    let (agent, containers) = workload(world, "agent");
    assert!(agent.isolation.host_network && agent.isolation.host_pid, "{:?}", agent.isolation);
    assert!(containers[0].security.privileged, "{containers:?}");
    assert_eq!(containers[0].security.host_paths, ["/var/run/docker.sock"]);
    assert_eq!(agent.sandbox, 1.0, "nothing stands between it and the machine");
    for reason in
        ["privileged container", "controls the node through its socket", "shares the node's network"]
    {
        assert!(
            agent.escape_evidence.iter().any(|told| told.contains(reason)),
            "{:?}",
            agent.escape_evidence
        );
    }
    assert!(agent.escape_ease > 0.8 && agent.escape_ease > 10.0 * web.escape_ease, "{}", agent.escape_ease);
    let (worker, containers) = workload(world, "worker");
    assert_eq!(containers[0].security.capabilities_added, ["SYS_ADMIN"]);
    assert_eq!(containers[0].security.secret_variables, ["DB_PASSWORD (in plain text)"]);
    assert!(
        worker.escape_evidence.iter().any(|told| told.contains("kernel administration capability")),
        "{:?}",
        worker.escape_evidence
    );
    // Known to run in an account and a cluster, and nobody's: unknown. With an owner: not scanned, or better.
    assert_eq!((worker.workload.owner, worker.workload.gap_stage.as_str()), (None, "unknown"));
    assert_ne!(web.workload.gap_stage, "unknown");
}

fn registries_and_clusters_say_how_they_are_set_up(world: &World) {
    let settings = "SELECT COUNT(*) FROM repositories WHERE encryption IS NOT NULL AND tags_immutable IS NOT NULL \
                    AND scan_on_push IS NOT NULL AND scanning IS NOT NULL AND NOT public";
    assert_eq!(world.number(settings), 6 * 60);
    let store = &world.source.store;
    let named = |name: &str| {
        let name = format!("{name} (eks {} {HERE})", world.estate.accounts[0]);
        world.ask(store::clusters::called(store, &viewer(), &name)).unwrap()
    };
    let (shop, ledger) = (named("shop"), named("ledger"));
    assert_eq!(
        (shop.version.as_deref(), shop.public_endpoint, shop.is_open()),
        (Some("1.34"), Some(true), true)
    );
    assert_eq!(
        (ledger.version.as_deref(), ledger.public_endpoint, ledger.is_open()),
        (Some("1.30"), Some(false), false)
    );
    assert!(shop.support_ends_at.unwrap() > ledger.support_ends_at.unwrap());
    let read = "SELECT COUNT(*) FROM attestations a JOIN documents d ON d.id = a.document_id \
                AND d.image_id = a.image_id WHERE d.state = 'processed' AND d.kind = 'in-toto'";
    assert!(world.number(read) > 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM documents WHERE state = 'failed'"), 0);
    let groups = shop.node_groups.unwrap();
    assert_eq!(groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["arm", "general"]);
    let general = &groups[1];
    assert_eq!(general.image.as_deref(), Some("AL2023_x86_64_STANDARD"));
    assert_eq!(
        (general.release.as_deref(), general.version.as_deref()),
        (Some("1.34.1-20261101"), Some("1.34"))
    );
    assert_eq!((general.least, general.wanted, general.most), (Some(1), Some(2), Some(5)));
    assert_eq!((general.machines.as_slice(), general.issues.len()), (&["m7i.large".to_owned()][..], 0));
}

fn watched_images_say_why(world: &World) {
    let store = &world.source.store;
    let expired = "SELECT COUNT(*) FROM coverage WHERE NOT watched AND reason = 'SCAN_ELIGIBILITY_EXPIRED'";
    assert!(world.number(expired) > 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM coverage WHERE watched AND reason = ''"), 0);
    let counted = "SELECT COUNT(*) FROM coverage WHERE in_use_count > 0 AND in_use_last_at IS NOT NULL";
    assert!(world.number(counted) > 0);
    let (_, containers) = workload(world, "web");
    let image = containers.iter().find_map(|container| container.image_id).unwrap();
    let words = world.ask(store::images::coverage(store, &viewer(), image));
    assert!(words.iter().any(|word| word.tool == "aws-inspector"), "{words:?}");
    let places = world.ask(store::images::places(store, &viewer(), image));
    assert!(places[0].settings.as_ref().unwrap().encryption.is_some(), "{places:?}");
}

//! A whole tenant into the database: what runs, whose it is, who reaches it; what Defender found in which image.
//! And once more, unchanged.

use domain::exposure::Reach;
use domain::scope::Viewer;
use serde_json::json;
use store::list::{Page, Sort};
use store::workloads::{ContainerRow, WorkloadDetail};

use crate::synced::{World, synced};

/// The workload of a name in the first subscription, with its containers.
fn workload(world: &World, name: &str) -> (WorkloadDetail, Vec<ContainerRow>) {
    let (store, viewer) = (&world.source.store, Viewer::everything());
    let filter =
        store::workloads::Filter { text: Some(name.to_owned()), ..store::workloads::Filter::default() };
    let (sort, page) = (Sort::ascending("name"), Page::first(50));
    let listed = world.ask(store::workloads::list(store, &viewer, &filter, &sort, &page));
    let first = &world.estate.subscriptions[0];
    let row = listed.rows.into_iter().find(|row| row.name == name && row.account == *first).unwrap();
    let detail = world.ask(store::workloads::detail(store, &viewer, row.id)).unwrap();
    (detail, world.ask(store::workloads::containers(store, &viewer, row.id)))
}

#[test]
fn a_tenant_is_known_whole_and_a_second_sync_writes_nothing() {
    let Some(world) = synced(&json!("small")) else { return };
    // 12 of 60 repositories have one platform, the others two; two versions of each; six places.
    // An empty registry of each subscription stands for itself.
    assert_eq!(world.present()["repositories"], 6 * 60 + 3);
    let images = 6 * (12 * 2 + 48 * 2 * 2);
    let of_azure =
        "SELECT COUNT(*) FROM image_locations WHERE removed_at IS NULL AND registry LIKE '%.azurecr.io'";
    assert_eq!(world.number(of_azure), images);
    what_runs_is_named(&world);
    clusters_say_who_reaches_them(&world);
    let found = "SELECT COUNT(*) FROM documents WHERE kind = 'azure-defender'";
    assert!(world.number(found) > 0 && world.present()["findings"] > 0, "{:?}", world.present());
    world.unchanged();
}

fn what_runs_is_named(world: &World) {
    let (web, containers) = workload(world, "aci-web-weu");
    assert_eq!((web.workload.owner.as_deref(), web.workload.reach), (Some("platform"), Reach::Internet));
    assert_eq!(
        web.reach_evidence,
        "ContainerGroup aci-web-weu: public address web-0.westeurope.azurecontainer.io tcp 8080"
    );
    let main = containers.iter().find(|container| container.name == "web").unwrap();
    assert_eq!(main.security.secret_variables, ["DATABASE_PASSWORD"]);
    assert!(main.image_id.is_some() && main.running == 1, "its tag leads to an image: {main:?}");
    let (orders, containers) = workload(world, "orders-weu");
    assert_eq!(orders.workload.reach, Reach::Internal);
    assert!(containers[0].digest.is_some() && containers[0].image_id.is_some(), "{containers:?}");
    let (shop, containers) = workload(world, "shop-weu");
    assert_eq!(shop.workload.reach, Reach::Internet);
    assert_eq!(shop.isolation.service_account.as_deref(), Some("puller, system-assigned"));
    let mains: Vec<_> = containers.iter().filter(|container| container.name == "main").collect();
    assert_eq!(mains.len(), 2, "two revisions have replicas: {containers:?}");
    let (import, containers) = workload(world, "aci-import-weu");
    assert_eq!(import.workload.reach, Reach::Isolated);
    assert!(containers.iter().any(|container| container.security.privileged), "{containers:?}");
}

fn clusters_say_who_reaches_them(world: &World) {
    let store = &world.source.store;
    let named = |name: &str| {
        let name = format!("{name} (aks {} westeurope)", world.estate.subscriptions[0]);
        world.ask(store::clusters::called(store, &Viewer::everything(), &name)).unwrap()
    };
    let (public, office, private) =
        (named("aks-open-weu"), named("aks-office-weu"), named("aks-private-weu"));
    assert_eq!((public.version.as_deref(), public.is_open()), (Some("1.29.7"), true));
    assert_eq!((office.public_endpoint, office.is_open()), (Some(true), false));
    assert_eq!((private.public_endpoint, private.is_open()), (Some(false), false));
    assert_eq!((private.unwanted(), public.unwanted()), (Some(1), Some(2)), "{public:?}");
    let groups = private.node_groups.unwrap();
    assert_eq!((groups.len(), groups[1].sandbox.as_deref()), (2, Some("Kata")));
    assert_eq!(
        (private.network_policy.as_deref(), private.legacy_access),
        (Some("cilium"), Some(Vec::new()))
    );
    let filter =
        store::clouds::RepositoryFilter { unwanted: true, ..store::clouds::RepositoryFilter::default() };
    let (sort, page) = (Sort::descending("unwanted"), Page::first(50));
    let listed = world.ask(store::clouds::repositories(store, &Viewer::everything(), &filter, &sort, &page));
    assert_eq!(listed.rows.len(), 50, "a registry that every network reaches is not as it should be");
    assert_eq!(listed.rows[0].unwanted(), Some(5), "the most: {:?}", listed.rows[0].settings);
    let known =
        world.ask(store::clouds::repository(store, &Viewer::everything(), listed.rows[0].id)).unwrap();
    assert_eq!((known.settings, known.cleanup), (listed.rows[0].settings.clone(), Some(Vec::new())));
}

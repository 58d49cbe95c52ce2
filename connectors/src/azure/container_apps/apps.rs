//! Apps with the containers of each revision that runs, and jobs. Refuses a digest that an app was not told: what a
//! tag meant when a replica pulled it is not said.

use domain::workload::{self, ContainerSecurity, Workload};

use super::wire::{App, Container, Job, Properties, Revision, Template};
use crate::azure::place::{Place, Runs, container, last_part};
use crate::variables;

/// The environment that something is in, as a key.
pub(super) fn home(properties: &Properties) -> String {
    let told = [&properties.environment_id, &properties.managed_environment_id];
    told.into_iter().find(|id| !id.is_empty()).map(|id| id.to_ascii_lowercase()).unwrap_or_default()
}

/// What everything else calls that environment.
pub(super) fn cluster(place: &Place, properties: &Properties, location: &str) -> String {
    let id = [&properties.environment_id, &properties.managed_environment_id];
    let id = id.into_iter().find(|id| !id.is_empty()).map_or("", String::as_str);
    place.named("container-apps", last_part(id), location)
}

/// An app. A container stands once for each image of it that runs.
pub(super) fn app(place: &Place, told: &App, revisions: &[Revision]) -> Workload {
    let mut containers = Vec::<workload::Container>::new();
    let active = revisions.iter().filter(|revision| revision.properties.active != Some(false));
    for revision in active {
        let running = revision.properties.replicas.unwrap_or_default();
        for found in containers_of(&revision.properties.template, running) {
            let same = |known: &&mut workload::Container| {
                known.name == found.name && known.image == found.image && known.security == found.security
            };
            match containers.iter_mut().find(same) {
                Some(known) => known.running += found.running,
                None => containers.push(found),
            }
        }
    }
    if containers.is_empty() {
        containers = containers_of(&told.properties.template, 0);
    }
    place.workload(
        told,
        Runs {
            cluster: cluster(place, &told.properties, &told.location),
            kind: "ContainerApp",
            runtime: "container-apps",
            replicas: told.properties.template.scale.min_replicas,
            containers,
            observed_running: true,
        },
    )
}

/// A job: what it runs when it is started.
pub(super) fn job(place: &Place, told: &Job) -> Workload {
    place.workload(
        told,
        Runs {
            cluster: cluster(place, &told.properties, &told.location),
            kind: "ContainerAppsJob",
            runtime: "container-apps",
            replicas: None,
            containers: containers_of(&told.properties.template, 0),
            observed_running: false,
        },
    )
}

fn containers_of(template: &Template, running: u32) -> Vec<workload::Container> {
    let first =
        template.init_containers.iter().map(|one| workload::Container { init: true, ..told_of(one, 0) });
    first.chain(template.containers.iter().map(|one| told_of(one, running))).collect()
}

fn told_of(told: &Container, running: u32) -> workload::Container {
    let variables = told.env.iter().filter_map(|variable| match (&variable.secret_ref, &variable.value) {
        (Some(secret), _) if !secret.is_empty() => Some(variable.name.clone()),
        (_, Some(_)) => variables::in_plain_text(&variable.name),
        _ => None,
    });
    let security = ContainerSecurity {
        // The platform refuses privileged containers.
        seccomp: Some("RuntimeDefault".to_owned()),
        secret_variables: variables.collect(),
        ..ContainerSecurity::default()
    };
    container(&told.name, &told.image, running, security)
}

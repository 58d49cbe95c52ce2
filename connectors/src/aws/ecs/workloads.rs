//! Services, and tasks that no service keeps, as workloads with the digest that each container runs. Refuses
//! to make a workload of each task: replicas of one service are one, and so are standalone tasks of one
//! family.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{ContainerCondition, ContainerDefinition, Service, Tag, Task, TaskDefinition};
use domain::digest::Digest;
use domain::image::DigestRole;
use domain::workload::{Container, ContainerSecurity, Instance, Isolation, Workload, container_key};

use super::{Launch, security};
use crate::aws::place::{Place, last_part, reference, tags};

/// Prefix of the containers that AWS adds to a task under a name of its own for each task.
const ADDED: [&str; 3] = ["aws-guardduty-agent", "ecs-service-connect", "ecs-agent-init"];

/// What is known of one cluster beside its services and tasks.
#[derive(Debug)]
pub(super) struct Known<'k> {
    /// Where it is.
    pub(super) place: &'k Place,
    /// Its name.
    pub(super) cluster: &'k str,
    /// Task definitions by ARN; one that is missing could not be read.
    pub(super) definitions: &'k BTreeMap<String, TaskDefinition>,
    /// Names of machines by the ARN under which they joined the cluster.
    pub(super) machines: &'k BTreeMap<String, String>,
}

/// The tasks of a cluster by what keeps them.
#[derive(Debug, Default)]
pub(super) struct Kept<'t> {
    /// By the name of the service.
    pub(super) services: BTreeMap<&'t str, Vec<&'t Task>>,
    /// By family, where no service keeps them.
    pub(super) families: BTreeMap<&'t str, Vec<&'t Task>>,
}

impl<'t> Kept<'t> {
    /// Sorts the tasks of a cluster. A task that has stopped keeps nothing running.
    pub(super) fn sort(tasks: &'t [Task]) -> Self {
        let mut kept = Self::default();
        for task in tasks.iter().filter(|task| task.last_status() != Some("STOPPED")) {
            match task.group().and_then(|group| group.strip_prefix("service:")) {
                Some(service) => kept.services.entry(service).or_default().push(task),
                None => kept.families.entry(family(task.task_definition_arn())).or_default().push(task),
            }
        }
        kept
    }
}

/// A service with its running tasks.
pub(super) fn service(known: &Known<'_>, service: &Service, tasks: &[&Task]) -> Workload {
    let definition = service.task_definition().and_then(|arn| known.definitions.get(arn));
    let launch = tasks
        .first()
        .map_or_else(|| Launch::of_service(service, definition), |task| Launch::of_task(task, definition));
    let name = service.service_name().unwrap_or_default();
    let mut labels = labels(known, service.tags(), tasks, service.task_definition(), definition);
    labels.insert("aws:ecs:serviceName".to_owned(), name.to_owned());
    let replicas = service.scheduling_strategy().is_none_or(|strategy| strategy.as_str() == "REPLICA");
    Workload {
        replicas: u32::try_from(service.desired_count()).ok().filter(|_| replicas),
        ..workload(known, "EcsService", name, labels, definition, launch, tasks)
    }
}

/// Standalone tasks of one family.
pub(super) fn family_of_tasks(known: &Known<'_>, name: &str, tasks: &[&Task]) -> Workload {
    let newest = newest(tasks);
    let definition = newest.and_then(|arn| known.definitions.get(arn));
    let launch = tasks.first().map_or(Launch::Machine, |task| Launch::of_task(task, definition));
    let mut labels = labels(known, &[], tasks, newest, definition);
    labels.insert("aws:ecs:family".to_owned(), name.to_owned());
    workload(known, "EcsTask", name, labels, definition, launch, tasks)
}

/// The family of a task definition: `arn:…:task-definition/web:7` is `web`.
pub(super) fn family(arn: Option<&str>) -> &str {
    let last = arn.unwrap_or_default().rsplit('/').next().unwrap_or_default();
    last.split(':').next().unwrap_or(last)
}

/// The newest revision among tasks of one family, which speaks for all of them.
pub(super) fn newest<'t>(tasks: &[&'t Task]) -> Option<&'t str> {
    let revision = |arn: &&str| last_part(arn).parse::<u64>().unwrap_or_default();
    tasks.iter().filter_map(|task| task.task_definition_arn()).max_by_key(revision)
}

fn workload(
    known: &Known<'_>,
    kind: &str,
    name: &str,
    labels: BTreeMap<String, String>,
    definition: Option<&TaskDefinition>,
    launch: Launch,
    tasks: &[&Task],
) -> Workload {
    let mut nodes: Vec<String> =
        tasks.iter().filter_map(|task| known.machines.get(task.container_instance_arn()?).cloned()).collect();
    nodes.sort();
    nodes.dedup();
    let unread =
        Isolation { runtime_class: launch.runtime_class().map(str::to_owned), ..Isolation::default() };
    Workload {
        cluster: Some(known.place.cluster("ecs", known.cluster)),
        account: Some(known.place.account.clone()),
        region: Some(known.place.region.clone()),
        namespace: known.cluster.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        owner: known.place.rules.owner(&labels),
        environment: known.place.rules.environment(&labels),
        criticality: known.place.rules.criticality(&labels),
        labels,
        replicas: None,
        nodes,
        containers: containers(known, definition, launch, tasks),
        isolation: definition.map_or(unread, |definition| security::isolation(definition, launch)),
        observed_running: true,
    }
}

/// Tags of the tasks, then of the service, and what AWS itself would tag them with.
fn labels(
    known: &Known<'_>,
    own: &[Tag],
    tasks: &[&Task],
    arn: Option<&str>,
    definition: Option<&TaskDefinition>,
) -> BTreeMap<String, String> {
    let first = tasks.first().map(|task| task.tags()).unwrap_or_default();
    let mut labels = tags(first.iter().chain(own).map(|tag| (tag.key(), tag.value())));
    labels.insert("aws:ecs:clusterName".to_owned(), known.cluster.to_owned());
    if let Some(arn) = arn {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        labels.insert("aws:ecs:taskDefinition".to_owned(), name.to_owned());
    }
    if let Some(definition) = definition {
        labels.insert("aws:ecs:logDrivers".to_owned(), security::log_drivers(definition));
    }
    labels
}

/// One container for each name, image and digest that runs; where nothing runs, what is asked for.
fn containers(
    known: &Known<'_>,
    definition: Option<&TaskDefinition>,
    launch: Launch,
    tasks: &[&Task],
) -> Vec<Container> {
    let mut found = BTreeMap::<(usize, String, String, Option<Digest>), Container>::new();
    for task in tasks {
        let own = task.task_definition_arn().and_then(|arn| known.definitions.get(arn)).or(definition);
        for running in task.containers() {
            let name = plain(running.name().unwrap_or_default());
            let described = own.and_then(|definition| described(definition, name));
            let image = running.image().unwrap_or_default().to_owned();
            let digest = running.image_digest().and_then(|digest| digest.parse::<Digest>().ok());
            let place = described.map_or(usize::MAX, |(place, _)| place);
            let runs = u32::from(running.last_status() == Some("RUNNING"));
            let entry = found.entry((place, name.to_owned(), image.clone(), digest.clone()));
            let held = entry.or_insert_with(|| {
                container(name, image, digest, 0, own, described.map(|(_, found)| found), launch)
            });
            held.running += runs;
            held.instances.push(Instance {
                pod: last_part(task.task_arn().unwrap_or_default()).to_owned(),
                id: running.runtime_id().and_then(container_key),
            });
        }
    }
    if found.is_empty() {
        let asked = definition.map(|definition| definition.container_definitions()).unwrap_or_default();
        let asked = asked.iter().map(|described| {
            let image = described.image().unwrap_or_default().to_owned();
            container(
                described.name().unwrap_or_default(),
                image,
                None,
                0,
                definition,
                Some(described),
                launch,
            )
        });
        return asked.collect();
    }
    found.into_values().collect()
}

fn container(
    name: &str,
    image: String,
    digest: Option<Digest>,
    running: u32,
    definition: Option<&TaskDefinition>,
    described: Option<&ContainerDefinition>,
    launch: Launch,
) -> Container {
    let security =
        definition.zip(described).map_or_else(ContainerSecurity::default, |(definition, described)| {
            security::security(described, definition, launch)
        });
    Container {
        name: name.to_owned(),
        reference: reference(&image),
        image,
        digest: digest.map(|digest| (DigestRole::Repository, digest)),
        running,
        init: definition
            .zip(described)
            .is_some_and(|(definition, described)| ends_first(definition, described)),
        security,
        instances: Vec::new(),
    }
}

fn described<'d>(definition: &'d TaskDefinition, name: &str) -> Option<(usize, &'d ContainerDefinition)> {
    definition
        .container_definitions()
        .iter()
        .enumerate()
        .find(|(_, container)| container.name() == Some(name))
}

/// A container that AWS adds is named with a suffix of its own for each task, which says nothing.
fn plain(name: &str) -> &str {
    ADDED.into_iter().find(|prefix| name.starts_with(prefix)).unwrap_or(name)
}

/// Whether another container of the task waits for this one to end.
fn ends_first(definition: &TaskDefinition, container: &ContainerDefinition) -> bool {
    let ended = [ContainerCondition::Complete, ContainerCondition::Success];
    let mut waits = definition.container_definitions().iter().flat_map(|other| other.depends_on());
    waits.any(|wait| Some(wait.container_name()) == container.name() && ended.contains(wait.condition()))
}

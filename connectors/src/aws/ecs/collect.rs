//! The calls to ECS, cluster after cluster. Refuses to keep more than one cluster's tasks in memory.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{
    Cluster as Described, ClusterField, ContainerInstance, ContainerInstanceField, Failure as Left, Service,
    ServiceField, Task, TaskDefinition, TaskField,
};
use domain::cluster::Cluster;
use domain::observation::Observation;
use domain::source::Completeness;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::machines;
use super::routes::{self, Around};
use super::workloads::{self, Kept, Known};
use crate::aws::Ask;
use crate::aws::ec2::{self, Network};
use crate::aws::elb::{Balancers, Front};
use crate::aws::place::Place;
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Descriptions under way at once in one cluster; the pace of the source holds as well.
const AT_ONCE: usize = 8;

/// One region being collected.
struct Region<'a> {
    ask: &'a Ask<'a>,
    sink: &'a Sink,
    client: Client,
    place: Place,
    missing: Missing,
    definitions: BTreeMap<String, TaskDefinition>,
    /// Read before the first cluster that runs anything.
    around: Option<Surroundings>,
}

/// What is read once for all clusters; nothing where it could not be.
struct Surroundings {
    network: Option<Network>,
    balancers: Option<Balancers>,
}

/// Collects the clusters of a region.
///
/// # Errors
/// When the clusters cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let mut region = Region {
        ask,
        sink,
        client: Client::new(&ask.sdk),
        place: ask.place.clone(),
        missing: Missing::default(),
        definitions: BTreeMap::new(),
        around: None,
    };
    let arns = region.clusters().await?;
    for some in batches(&arns, 100) {
        let call = || {
            let request = region.client.describe_clusters().set_clusters(Some(some.clone()));
            request.include(ClusterField::Tags).send()
        };
        let answer = ask.call("ecs:DescribeClusters", call).await;
        let Some(answer) = region.missing.without(answer)? else { continue };
        region.left("ecs:DescribeClusters", answer.failures());
        for cluster in answer.clusters.unwrap_or_default() {
            region.cluster(&cluster).await?;
        }
    }
    Ok(region.missing.completeness())
}

impl Region<'_> {
    async fn cluster(&mut self, described: &Described) -> Result<(), Failure> {
        let (name, arn) =
            (described.cluster_name().unwrap_or_default(), described.cluster_arn().unwrap_or_default());
        self.sink
            .observe(Observation::Cluster(Cluster {
                name: self.place.cluster("ecs", name),
                kind: "ecs".to_owned(),
                account: Some(self.place.account.clone()),
                region: Some(self.place.region.clone()),
                ..Cluster::default()
            }))
            .await?;
        let found = self.instances(arn).await;
        let instances = self.missing.without(found)?.unwrap_or_default();
        let found = self.tasks(arn).await;
        let tasks = self.missing.without(found)?;
        let found = self.services(arn).await;
        let services = self.missing.without(found)?.unwrap_or_default();
        if instances.is_empty() && services.is_empty() && tasks.as_ref().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        self.define(&services, tasks.as_deref().unwrap_or_default()).await?;
        if self.around.is_none() {
            self.around = Some(self.surroundings().await?);
        }
        let fronts = self.fronts(&services).await?;
        self.machines(name, &instances).await?;
        self.workloads(name, &services, tasks.as_deref(), &instances, fronts.as_ref()).await
    }

    /// Hands on what the cluster runs. Services whose tasks could not be listed are left out: they would look
    /// as if nothing of them ran.
    async fn workloads(
        &self,
        cluster: &str,
        services: &[Service],
        tasks: Option<&[Task]>,
        instances: &[ContainerInstance],
        fronts: Option<&BTreeMap<String, Vec<Front>>>,
    ) -> Result<(), Failure> {
        let joined = |machine: &ContainerInstance| {
            (machine.container_instance_arn().unwrap_or_default().to_owned(), machines::name(machine))
        };
        let machines: BTreeMap<String, String> = instances.iter().map(joined).collect();
        let known =
            Known { place: &self.place, cluster, definitions: &self.definitions, machines: &machines };
        let network = self.around.as_ref().and_then(|around| around.network.as_ref());
        let around = Around { fronts, network };
        let Some(tasks) = tasks else { return Ok(()) };
        let kept = Kept::sort(tasks);
        for service in services {
            let own = kept.services.get(service.service_name().unwrap_or_default());
            let own = own.map(Vec::as_slice).unwrap_or_default();
            self.sink.observe(Observation::Workload(workloads::service(&known, service, own))).await?;
            for route in routes::of_service(&known, service, own, around) {
                self.sink.observe(Observation::Exposure(route)).await?;
            }
        }
        for (family, own) in &kept.families {
            let workload = workloads::family_of_tasks(&known, family, own);
            self.sink.observe(Observation::Workload(workload)).await?;
            let route = routes::of_family(&known, family, own, around);
            self.sink.observe(Observation::Exposure(route)).await?;
        }
        Ok(())
    }

    async fn machines(&self, cluster: &str, instances: &[ContainerInstance]) -> Result<(), Failure> {
        let network = self.around.as_ref().and_then(|around| around.network.as_ref());
        for instance in instances {
            let node = machines::node(&self.place, cluster, instance, network);
            self.sink.observe(Observation::Node(node)).await?;
        }
        Ok(())
    }

    async fn surroundings(&mut self) -> Result<Surroundings, Failure> {
        let network = ec2::network(self.ask, &mut self.missing).await?;
        let balancers = self.missing.without(Balancers::read(self.ask).await)?;
        Ok(Surroundings { network, balancers })
    }

    async fn fronts(
        &mut self,
        services: &[Service],
    ) -> Result<Option<BTreeMap<String, Vec<Front>>>, Failure> {
        let groups: BTreeSet<String> =
            services.iter().flat_map(routes::target_groups).map(str::to_owned).collect();
        let Some(Surroundings { network, balancers: Some(balancers) }) = &mut self.around else {
            return Ok(None);
        };
        balancers.before(self.ask, &groups, network.as_ref(), &mut self.missing).await.map(Some)
    }

    /// Reads the definitions of services and tasks that are not known yet. They never change.
    async fn define(&mut self, services: &[Service], tasks: &[Task]) -> Result<(), Failure> {
        let of_services = services.iter().filter_map(Service::task_definition);
        let wanted: BTreeSet<String> = of_services
            .chain(tasks.iter().filter_map(Task::task_definition_arn))
            .filter(|arn| !self.definitions.contains_key(*arn))
            .map(str::to_owned)
            .collect();
        let (ask, client) = (self.ask, &self.client);
        let asked = stream::iter(wanted).map(|arn| async move {
            let call = || client.describe_task_definition().task_definition(&arn).send();
            ask.call("ecs:DescribeTaskDefinition", call).await
        });
        let answers: Vec<_> = asked.buffered(AT_ONCE).collect().await;
        for answer in answers {
            let definition = self.missing.without(answer)?.and_then(|answer| answer.task_definition);
            if let Some((arn, definition)) =
                definition.and_then(|found| Some((found.task_definition_arn.clone()?, found)))
            {
                self.definitions.insert(arn, definition);
            }
        }
        Ok(())
    }

    /// Notes what was asked for by name and not described. What ended in between is no gap.
    fn left(&mut self, action: &str, failures: &[Left]) {
        for failure in failures.iter().filter(|failure| failure.reason() != Some("MISSING")) {
            let reason = failure.reason().unwrap_or("no reason told");
            self.missing.note(format!("`{action}` in {} left something out: {reason}", self.ask.scope()));
        }
    }

    async fn clusters(&self) -> Result<Vec<String>, Failure> {
        const ACTION: &str = "ecs:ListClusters";
        let page = |token: Option<String>| async move {
            let call = || self.client.list_clusters().set_next_token(token.clone()).send();
            let page = self.ask.call(ACTION, call).await?;
            Ok((page.cluster_arns.unwrap_or_default(), page.next_token))
        };
        self.ask.list(ACTION, page).await
    }

    async fn instances(&mut self, cluster: &str) -> Result<Vec<ContainerInstance>, Failure> {
        const ACTION: &str = "ecs:ListContainerInstances";
        let (ask, client) = (self.ask, &self.client);
        let page = |token: Option<String>| async move {
            let call =
                || client.list_container_instances().cluster(cluster).set_next_token(token.clone()).send();
            let page = ask.call(ACTION, call).await?;
            Ok((page.container_instance_arns.unwrap_or_default(), page.next_token))
        };
        let arns = ask.list(ACTION, page).await?;
        let described = stream::iter(batches(&arns, 100)).map(|some| async move {
            let call = || {
                let request = client.describe_container_instances().cluster(cluster);
                let request = request.include(ContainerInstanceField::Tags);
                request.set_container_instances(Some(some.clone())).send()
            };
            ask.call("ecs:DescribeContainerInstances", call).await
        });
        let answers: Vec<_> = described.buffered(AT_ONCE).try_collect().await?;
        let mut found = Vec::new();
        for answer in answers {
            self.left("ecs:DescribeContainerInstances", answer.failures());
            found.extend(answer.container_instances.unwrap_or_default());
        }
        Ok(found)
    }

    async fn tasks(&mut self, cluster: &str) -> Result<Vec<Task>, Failure> {
        const ACTION: &str = "ecs:ListTasks";
        let (ask, client) = (self.ask, &self.client);
        let page = |token: Option<String>| async move {
            let call = || client.list_tasks().cluster(cluster).set_next_token(token.clone()).send();
            let page = ask.call(ACTION, call).await?;
            Ok((page.task_arns.unwrap_or_default(), page.next_token))
        };
        let arns = ask.list(ACTION, page).await?;
        let described = stream::iter(batches(&arns, 100)).map(|some| async move {
            let call = || {
                let request = client.describe_tasks().cluster(cluster).include(TaskField::Tags);
                request.set_tasks(Some(some.clone())).send()
            };
            ask.call("ecs:DescribeTasks", call).await
        });
        let answers: Vec<_> = described.buffered(AT_ONCE).try_collect().await?;
        let mut found = Vec::new();
        for answer in answers {
            self.left("ecs:DescribeTasks", answer.failures());
            found.extend(answer.tasks.unwrap_or_default());
        }
        Ok(found)
    }

    async fn services(&mut self, cluster: &str) -> Result<Vec<Service>, Failure> {
        const ACTION: &str = "ecs:ListServices";
        let (ask, client) = (self.ask, &self.client);
        let page = |token: Option<String>| async move {
            let call = || {
                let request = client.list_services().cluster(cluster).max_results(100);
                request.set_next_token(token.clone()).send()
            };
            let page = ask.call(ACTION, call).await?;
            Ok((page.service_arns.unwrap_or_default(), page.next_token))
        };
        let arns = ask.list(ACTION, page).await?;
        let described = stream::iter(batches(&arns, 10)).map(|some| async move {
            let call = || {
                let request = client.describe_services().cluster(cluster).include(ServiceField::Tags);
                request.set_services(Some(some.clone())).send()
            };
            ask.call("ecs:DescribeServices", call).await
        });
        let answers: Vec<_> = described.buffered(AT_ONCE).try_collect().await?;
        let mut found = Vec::new();
        for answer in answers {
            self.left("ecs:DescribeServices", answer.failures());
            found.extend(answer.services.unwrap_or_default());
        }
        found.retain(|service| service.status() != Some("INACTIVE"));
        Ok(found)
    }
}

/// As many names as one call takes.
fn batches(arns: &[String], most: usize) -> Vec<Vec<String>> {
    arns.chunks(most).map(<[String]>::to_vec).collect()
}

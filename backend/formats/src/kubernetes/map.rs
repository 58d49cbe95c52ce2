//! Objects to observations: nodes first, then workloads, then what exposes them or shuts them off. An object
//! that cannot be read is left out with a warning that says where; the others still count.
//!
//! Refuses to fail a whole cluster for one object.

use std::collections::{BTreeMap, BTreeSet};

use domain::admission::{Admission, Effect};
use domain::document::Warning;
use domain::exposure::Exposure;
use domain::network_policy::NetworkPolicy;
use domain::node::Node;
use domain::observation::Observation;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::admission::Admissions;
use super::kind::{self, Guard, Kind};
use super::owners::Words;
use super::replicas::Replica;
use super::routes::Gateways;
use super::wire::{ControllerSpec, ControllerStatus, Document, Object, PodSpec, PodStatus};
use super::wire_admission::Webhook;
use super::workloads::{Asked, Workloads, lasting};
use super::{KIND, containers, nodes, policies, routes, services, workloads};
use crate::untrusted::LONGEST;
use crate::warnings::Warnings;
use crate::{Error, Parsed, json};

/// Maps a whole document; `bytes` are those it was read from, to tell where something stands.
pub(super) fn document(bytes: &[u8], document: Document<'_>) -> Parsed {
    let mut gathered = Gathered::default();
    if !document.metadata.r#continue.is_empty() {
        gathered.warnings.push("metadata.continue", "this is one page of a longer list: the rest is missing");
    }
    gathered.add(bytes, document);
    let (observations, warnings) = gathered.finish(None, &[]);
    Parsed { observations: observations.collect(), warnings, ..Parsed::default() }
}

fn object_of(document: Document<'_>) -> Object<'_> {
    let Document { api_version, kind, metadata, spec, status, webhooks, .. } = document;
    Object { api_version, kind, metadata, spec, status, webhooks }
}

/// What was read of a cluster so far, list by list. Controllers come before pods, and gateways before routes.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Clusters that nodes name.
    clusters: BTreeSet<String>,
    nodes: Vec<Node>,
    workloads: Workloads,
    gateways: Gateways,
    exposures: Vec<Exposure>,
    policies: Vec<NetworkPolicy>,
    admissions: Admissions,
    warnings: Warnings,
    /// Objects that could not be read, and the first of them.
    left_out: (usize, String),
}

impl Gathered {
    /// Adds a list, or one object.
    pub(super) fn add(&mut self, bytes: &[u8], document: Document<'_>) {
        let list =
            document.items.is_some().then(|| document.kind.as_ref().map(|kind| kind.to_string())).flatten();
        let (objects, single) = match document.items {
            Some(items) => (items, false),
            None => (vec![object_of(document)], true),
        };
        let mut unused: BTreeMap<String, usize> = BTreeMap::new();
        let mut known = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            let at = if single { String::new() } else { format!("items[{index}]") };
            match kind::of(object, list.as_deref()) {
                Kind::Other(name) => *unused.entry(name).or_default() += 1,
                _ if object.metadata.name.is_empty() || object.metadata.name.len() > LONGEST => {
                    self.leave_out(at, "an object without a usable name was left out".to_owned());
                }
                kind => known.push((at, kind, object)),
            }
        }
        if !unused.is_empty() {
            let names: Vec<String> =
                unused.iter().take(20).map(|(name, count)| format!("{count} {name}")).collect();
            self.warnings.push("items", format!("not used: {}", names.join(", ")));
        }
        let mut reader = Reader { bytes, gathered: self };
        for (at, kind, object) in &known {
            reader.note(at, kind, object);
        }
        for (at, kind, object) in &known {
            reader.take(at, kind, object);
        }
    }

    fn leave_out(&mut self, at: String, message: String) {
        let (count, first) = &mut self.left_out;
        if *count == 0 {
            *first = format!("{at}: {message}");
        }
        *count += 1;
        self.warnings.push(at, message);
    }

    /// How many objects could not be read, in words; nothing where all could.
    pub(super) fn left_out(&self) -> Option<String> {
        let (count, first) = &self.left_out;
        (*count > 0).then(|| format!("{count} objects could not be read, the first at {first}"))
    }

    /// The observations, made as they are taken, and what could not be read. All are of the `cluster` that was asked;
    /// without one nodes are of that which their labels name, and the rest is of the same, where they agree.
    pub(super) fn finish<'u>(
        self,
        cluster: Option<&str>,
        unlisted: &'u [&'u str],
    ) -> (impl Iterator<Item = Observation> + use<'u>, Vec<Warning>) {
        let asked = cluster.map(str::to_owned);
        let sole = self.clusters.first().filter(|_| self.clusters.len() == 1);
        let cluster = asked.clone().or(sole.cloned());
        let nodes = self.nodes.into_iter().map(move |node| {
            let cluster = asked.clone().or(node.cluster);
            Observation::Node(Node { cluster, ..node })
        });
        let workloads = self.workloads.build(cluster.clone(), unlisted).map(Observation::Workload);
        let of = cluster.clone();
        let exposures = self
            .exposures
            .into_iter()
            .map(move |exposure| Observation::Exposure(Exposure { cluster: of.clone(), ..exposure }));
        let of = cluster.clone();
        let policies = self
            .policies
            .into_iter()
            .map(move |policy| Observation::NetworkPolicy(NetworkPolicy { cluster: of.clone(), ..policy }));
        let admissions = self.admissions.finish().map(move |admission| {
            Observation::Admission(Admission { cluster: cluster.clone(), ..admission })
        });
        (nodes.chain(workloads).chain(exposures).chain(policies).chain(admissions), self.warnings.into_vec())
    }
}

/// Reads the parts of objects whose kind is known.
struct Reader<'b, 'g> {
    bytes: &'b [u8],
    gathered: &'g mut Gathered,
}

impl Reader<'_, '_> {
    /// Notes what others of the same list may refer to.
    fn note(&mut self, at: &str, kind: &Kind, object: &Object<'_>) {
        let metadata = &object.metadata;
        match kind {
            Kind::Controller(name) => self.gathered.workloads.note(name, metadata),
            Kind::Namespace => {
                self.gathered.workloads.name_space(metadata);
                self.gathered.admissions.namespace(metadata);
            }
            Kind::Gateway => {
                if let Some((spec, status)) = self.both(at, object) {
                    let key = (workloads::namespace(metadata), metadata.name.to_string());
                    self.gathered.gateways.insert(key, routes::gateway(&spec, &status));
                }
            }
            _ => {}
        }
    }

    fn take(&mut self, at: &str, kind: &Kind, object: &Object<'_>) {
        let metadata = &object.metadata;
        match kind {
            Kind::Node => self.node(at, object),
            Kind::Controller(name) => {
                if let Some(asked) = self.asked(at, name, object) {
                    self.gathered.workloads.ask(name, metadata, asked);
                }
            }
            Kind::Pod => self.pod(at, object),
            Kind::Service => {
                if let Some((spec, status)) = self.both(at, object) {
                    self.gathered.exposures.extend(services::exposure(metadata, &spec, &status));
                }
            }
            Kind::Ingress => {
                if let Some((spec, status)) = self.both(at, object) {
                    self.gathered.exposures.push(routes::ingress(metadata, &spec, &status));
                }
            }
            Kind::HttpRoute => {
                if let Some(spec) = self.spec(at, object) {
                    let route = routes::http_route(metadata, &spec, &self.gathered.gateways);
                    self.gathered.exposures.push(route);
                }
            }
            Kind::NetworkPolicy => self.policy(at, object),
            Kind::Admission(guard) => self.admission(at, guard, object),
            Kind::Gateway | Kind::Namespace | Kind::Other(_) => {}
        }
    }

    fn node(&mut self, at: &str, object: &Object<'_>) {
        let Some((spec, status)) = self.both(at, object) else { return };
        self.gathered.clusters.extend(nodes::cluster(&object.metadata));
        let node = nodes::node(&object.metadata, &spec, &status, at, &mut self.gathered.warnings);
        self.gathered.nodes.push(node);
    }

    /// One of which nothing but the name was told would seem to let nobody in.
    fn policy(&mut self, at: &str, object: &Object<'_>) {
        if object.spec.is_none() {
            let message = "a network policy without its specification was left out".to_owned();
            return self.gathered.leave_out(at.to_owned(), message);
        }
        if let Some(spec) = self.spec(at, object) {
            self.gathered.policies.push(policies::policy(&object.metadata, &spec));
        }
    }

    fn admission(&mut self, at: &str, guard: &Guard, object: &Object<'_>) {
        let metadata = &object.metadata;
        match guard {
            Guard::Validating | Guard::Mutating => {
                let (kind, effect) = match guard {
                    Guard::Mutating => ("MutatingWebhookConfiguration", Effect::Change),
                    _ => ("ValidatingWebhookConfiguration", Effect::Ask),
                };
                if let Some(hooks) = self.part::<Vec<Webhook<'_>>>(at, "webhooks", object.webhooks) {
                    self.gathered.admissions.webhooks(kind, effect, metadata, &hooks);
                }
            }
            Guard::Policy => {
                if let Some(spec) = self.spec(at, object) {
                    self.gathered.admissions.policy(metadata, &spec);
                }
            }
            Guard::Binding => {
                if let Some(spec) = self.spec(at, object) {
                    self.gathered.admissions.binding(&spec);
                }
            }
            Guard::Kyverno(kind) => {
                if let Some(spec) = self.spec(at, object) {
                    self.gathered.admissions.kyverno(kind, metadata, &spec);
                }
            }
            Guard::Constraint(kind) => {
                if let Some((spec, status)) = self.both(at, object) {
                    self.gathered.admissions.constraint(kind, metadata, &spec, &status);
                }
            }
        }
    }

    fn asked(&mut self, at: &str, kind: &str, object: &Object<'_>) -> Option<Asked> {
        let spec: ControllerSpec<'_> = self.spec(at, object)?;
        let status: ControllerStatus<'_> = self.status(at, object)?;
        let template = if kind == "CronJob" { spec.job_template.spec.template } else { spec.template };
        let replicas = match kind {
            "DaemonSet" => status.desired_number_scheduled.whole(),
            "CronJob" => None,
            "Job" => {
                let over = |name: &str| matches!(name, "Complete" | "Failed");
                let finished = status.conditions.iter().any(|at| over(&at.r#type) && *at.status == *"True");
                Some(if finished || spec.suspend { 0 } else { spec.parallelism.whole().unwrap_or(1) })
            }
            _ => spec.replicas.whole().or(Some(1)),
        };
        let (metadata, warnings) = (&template.metadata, &mut self.gathered.warnings);
        Some(Asked {
            words: [Words::of(&object.metadata), Words::of(metadata)],
            labels: lasting(&metadata.labels),
            replicas: replicas.and_then(|replicas| u32::try_from(replicas).ok()),
            containers: containers::containers(&template.spec, None, metadata, at, warnings),
            isolation: containers::isolation(&template.spec),
        })
    }

    fn pod(&mut self, at: &str, object: &Object<'_>) {
        let Some((spec, status)) = self.both::<PodSpec<'_>, PodStatus<'_>>(at, object) else { return };
        let (metadata, warnings) = (&object.metadata, &mut self.gathered.warnings);
        let pod = Replica {
            name: metadata.name.to_string(),
            words: Words::of(metadata),
            labels: lasting(&metadata.labels),
            planned: object.status.is_none()
                && metadata.owner_references.is_empty()
                && spec.node_name.is_empty(),
            node: spec.node_name.filled().map(str::to_owned),
            containers: containers::containers(&spec, Some(&status), metadata, at, warnings),
            isolation: containers::isolation(&spec),
        };
        let ended = matches!(&*status.phase, "Succeeded" | "Failed");
        self.gathered.workloads.see(metadata, ended, pod);
    }

    fn both<'o, S, T>(&mut self, at: &str, object: &'o Object<'_>) -> Option<(S, T)>
    where
        S: Deserialize<'o> + Default,
        T: Deserialize<'o> + Default,
    {
        Some((self.spec(at, object)?, self.status(at, object)?))
    }

    fn spec<'o, T: Deserialize<'o> + Default>(&mut self, at: &str, object: &'o Object<'_>) -> Option<T> {
        self.part(at, "spec", object.spec)
    }

    fn status<'o, T: Deserialize<'o> + Default>(&mut self, at: &str, object: &'o Object<'_>) -> Option<T> {
        self.part(at, "status", object.status)
    }

    /// One part of an object, its default where it is absent, nothing (with a warning) where it is not
    /// what the API says.
    fn part<'o, T: Deserialize<'o> + Default>(
        &mut self,
        at: &str,
        name: &str,
        raw: Option<&'o RawValue>,
    ) -> Option<T> {
        let Some(raw) = raw else { return Some(T::default()) };
        match json::from_slice(raw.get().as_bytes(), KIND) {
            Ok(part) => Some(part),
            Err(error) => {
                let begin = (raw.get().as_ptr() as usize).saturating_sub(self.bytes.as_ptr() as usize);
                let (inner, offset, reason) = match error {
                    Error::Broken { at, offset, expectation, .. } => (at, offset, expectation),
                    other => (String::new(), 0, other.to_string()),
                };
                let parts = [at, name, &inner].into_iter().filter(|part| !part.is_empty());
                let place = parts.collect::<Vec<_>>().join(".");
                let message = format!("an object that cannot be read was left out: {reason}");
                self.gathered.leave_out(format!("{place} (byte {})", begin + offset), message);
                None
            }
        }
    }
}

//! Objects to observations: nodes first, then workloads, then what exposes them. An object that cannot
//! be read is left out with a warning that says where; the others still count.
//!
//! Refuses to fail a whole cluster for one object.

use std::collections::{BTreeMap, BTreeSet};

use domain::exposure::Exposure;
use domain::observation::Observation;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::kind::{self, Kind};
use super::routes::Gateways;
use super::wire::{ControllerSpec, ControllerStatus, Document, Metadata, Object, PodSpec, PodStatus};
use super::workloads::{Asked, Seen, Workloads};
use super::{KIND, containers, nodes, routes, services, workloads};
use crate::untrusted::LONGEST;
use crate::warnings::Warnings;
use crate::{Error, Parsed, json};

/// Maps a whole document; `bytes` are those it was read from, to tell where something stands.
pub(super) fn document(bytes: &[u8], document: Document<'_>) -> Parsed {
    let mut reader = Reader { bytes, warnings: Warnings::default() };
    if !document.metadata.r#continue.is_empty() {
        reader.warnings.push("metadata.continue", "this is one page of a longer list: the rest is missing");
    }
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
                reader.warnings.push(at, "an object without a usable name was left out");
            }
            kind => known.push((at, kind, object)),
        }
    }
    if !unused.is_empty() {
        let names: Vec<String> =
            unused.iter().take(20).map(|(name, count)| format!("{count} {name}")).collect();
        reader.warnings.push("items", format!("not used: {}", names.join(", ")));
    }
    let observations = reader.observations(&known);
    Parsed { observations, warnings: reader.warnings.into_vec(), ..Parsed::default() }
}

fn object_of(document: Document<'_>) -> Object<'_> {
    let Document { api_version, kind, metadata, spec, status, .. } = document;
    Object { api_version, kind, metadata, spec, status }
}

/// Reads the parts of objects whose kind is known.
struct Reader<'a> {
    bytes: &'a [u8],
    warnings: Warnings,
}

type Known<'a, 'o> = [(String, Kind, &'o Object<'a>)];

impl<'a> Reader<'a> {
    fn observations<'o>(&mut self, known: &'o Known<'a, 'o>) -> Vec<Observation> {
        let clusters: BTreeSet<String> = known
            .iter()
            .filter(|(_, kind, _)| *kind == Kind::Node)
            .filter_map(|(.., node)| nodes::cluster(&node.metadata))
            .collect();
        let cluster = clusters.first().filter(|_| clusters.len() == 1).cloned();
        let mut observations = self.nodes(known);
        let workloads = self.workloads(known).build(cluster.as_deref());
        observations.extend(workloads.into_iter().map(Observation::Workload));
        let exposures = self.exposures(known, cluster.as_deref());
        observations.extend(exposures.into_iter().map(Observation::Exposure));
        observations
    }

    fn nodes<'o>(&mut self, known: &'o Known<'a, 'o>) -> Vec<Observation> {
        let mut observations = Vec::new();
        for (at, _, object) in known.iter().filter(|(_, kind, _)| *kind == Kind::Node) {
            let (Some(spec), Some(status)) = (self.spec(at, object), self.status(at, object)) else {
                continue;
            };
            let node = nodes::node(&object.metadata, &spec, &status, at, &mut self.warnings);
            observations.push(Observation::Node(node));
        }
        observations
    }

    fn workloads<'o>(&mut self, known: &'o Known<'a, 'o>) -> Workloads<'o> {
        let mut workloads = Workloads::default();
        for (_, kind, object) in known {
            if let Kind::Controller(name) = kind {
                workloads.note(name, &object.metadata);
            }
        }
        for (at, kind, object) in known {
            match kind {
                Kind::Controller(name) => {
                    if let Some(asked) = self.asked(at, name, object) {
                        workloads.ask(name, asked);
                    }
                }
                Kind::Pod => {
                    if let Some(seen) = self.seen(at, object) {
                        workloads.see(seen);
                    }
                }
                _ => {}
            }
        }
        workloads
    }

    fn asked<'o>(&mut self, at: &str, kind: &str, object: &'o Object<'a>) -> Option<Asked<'o>> {
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
        let annotations = &template.metadata.annotations;
        Some(Asked {
            metadata: &object.metadata,
            replicas: replicas.and_then(|replicas| u32::try_from(replicas).ok()),
            containers: containers::containers(&template.spec, None, annotations, at, &mut self.warnings),
            isolation: containers::isolation(&template.spec),
            template: template.metadata,
        })
    }

    fn seen<'o>(&mut self, at: &str, object: &'o Object<'a>) -> Option<Seen<'o>> {
        let spec: PodSpec<'_> = self.spec(at, object)?;
        let status: PodStatus<'_> = self.status(at, object)?;
        let metadata: &Metadata<'_> = &object.metadata;
        Some(Seen {
            metadata,
            planned: object.status.is_none()
                && metadata.owner_references.is_empty()
                && spec.node_name.is_empty(),
            finished: matches!(&*status.phase, "Succeeded" | "Failed"),
            node: spec.node_name.filled().map(str::to_owned),
            containers: containers::containers(
                &spec,
                Some(&status),
                &metadata.annotations,
                at,
                &mut self.warnings,
            ),
            isolation: containers::isolation(&spec),
        })
    }

    fn exposures<'o>(&mut self, known: &'o Known<'a, 'o>, cluster: Option<&str>) -> Vec<Exposure> {
        let mut gateways = Gateways::new();
        for (at, _, object) in known.iter().filter(|(_, kind, _)| *kind == Kind::Gateway) {
            let (Some(spec), Some(status)) = (self.spec(at, object), self.status(at, object)) else {
                continue;
            };
            let key = (workloads::namespace(&object.metadata), object.metadata.name.to_string());
            gateways.insert(key, routes::gateway(&spec, &status));
        }
        let mut exposures = Vec::new();
        for (at, kind, object) in known {
            let metadata = &object.metadata;
            let found = match kind {
                Kind::Service => self
                    .both(at, object)
                    .and_then(|(spec, status)| services::exposure(metadata, &spec, &status, cluster)),
                Kind::Ingress => self
                    .both(at, object)
                    .map(|(spec, status)| routes::ingress(metadata, &spec, &status, cluster)),
                Kind::HttpRoute => {
                    self.spec(at, object).map(|spec| routes::http_route(metadata, &spec, &gateways, cluster))
                }
                _ => None,
            };
            exposures.extend(found);
        }
        exposures
    }

    fn both<'o, S, T>(&mut self, at: &str, object: &'o Object<'a>) -> Option<(S, T)>
    where
        S: Deserialize<'o> + Default,
        T: Deserialize<'o> + Default,
    {
        Some((self.spec(at, object)?, self.status(at, object)?))
    }

    fn spec<'o, T: Deserialize<'o> + Default>(&mut self, at: &str, object: &'o Object<'a>) -> Option<T> {
        self.part(at, "spec", object.spec)
    }

    fn status<'o, T: Deserialize<'o> + Default>(&mut self, at: &str, object: &'o Object<'a>) -> Option<T> {
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
                self.warnings.push(format!("{place} (byte {})", begin + offset), message);
                None
            }
        }
    }
}

//! Kubernetes objects as `kubectl get … -o json` prints them: a list, a bare array, or one object; also
//! the lists of support bundles whose items carry no kind. Pods are gathered under their controllers
//! into workloads, services, ingresses and network policies tell who can reach them, nodes tell the kernel below, and
//! what decides of admission is told as it stands.
//!
//! Refuses custom resources but a few that belong to the same picture, audit events and policy reports: other formats
//! speak for them.

mod address;
mod admission;
mod containers;
mod kind;
mod map;
mod nodes;
mod owners;
mod policies;
mod ports;
mod replicas;
mod routes;
mod services;
mod specified;
#[cfg(test)]
mod tests;
mod wire;
mod wire_admission;
mod wire_network;
mod wire_policy;
mod wire_security;
mod workloads;

use domain::observation::Observation;

use crate::{Error, Format, Head, Parsed};

/// Kubernetes object lists.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Kubernetes objects",
    docs: "https://kubernetes.io/docs/reference/kubernetes-api/",
    version: 4,
    recognise,
    parse,
};

const KIND: &str = "kubernetes";

fn recognise(head: &Head) -> bool {
    if head.is_json_array() {
        return is_object(head, "[].");
    }
    if !head.is_json_object() || !head.has("items") {
        return head.is_json_object() && is_object(head, "");
    }
    // `kubectl` prints `kind` after `items`, which is often beyond the head.
    let list = head.value("kind").is_none_or(|kind| kind.ends_with("List"));
    let ours = head.value("apiVersion").is_none_or(kind::is_built_in);
    let named = head.value("kind").is_some_and(|kind| kind.len() > "List".len());
    let filled = head.has("items[].metadata");
    let bare = head.has("kind") && head.has("apiVersion") && !filled;
    list && ours && (is_object(head, "items[].") || (named && filled && !head.has("items[].kind")) || bare)
}

/// Whether what stands at a prefix is an object of Kubernetes itself, by its kind or by its shape.
fn is_object(head: &Head, prefix: &str) -> bool {
    let at = |path: &str| format!("{prefix}{path}");
    if !head.has(&at("metadata")) {
        return false;
    }
    match head.value(&at("apiVersion")) {
        Some(version) => kind::is_built_in(version) && head.has(&at("kind")),
        None => ["spec.containers", "spec.template", "spec.jobTemplate", "status.nodeInfo", "spec.clusterIP"]
            .iter()
            .any(|path| head.has(&at(path))),
    }
}

fn parse(bytes: &[u8]) -> Result<Parsed, Error> {
    Ok(map::document(bytes, document(bytes)?))
}

fn document(bytes: &[u8]) -> Result<wire::Document<'_>, Error> {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => Ok(wire::Document::of(crate::json::from_slice(bytes, KIND)?)),
        _ => crate::json::from_slice(bytes, KIND),
    }
}

/// Objects of one cluster that come list by list, as its API gives them out. What a page says is kept, not the page:
/// pods are joined to workloads as they come. Controllers have to come before pods, and gateways before routes.
#[derive(Debug, Default)]
pub struct Objects(map::Gathered);

/// What a page of a list tells of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Objects on it.
    pub objects: usize,
    /// Where the next page begins; absent on the last.
    pub next: Option<String>,
    /// The version of the cluster that the list shows.
    pub resource_version: String,
}

impl Objects {
    /// Reads a page.
    ///
    /// # Errors
    /// When it is not the JSON of a list.
    pub fn add(&mut self, page: &[u8]) -> Result<Page, Error> {
        let document = document(page)?;
        let told = Page {
            objects: document.items.as_ref().map_or(0, Vec::len),
            next: document.metadata.r#continue.filled().map(str::to_owned),
            resource_version: document.metadata.resource_version.to_string(),
        };
        self.0.add(page, document);
        Ok(told)
    }

    /// What the objects say of the cluster of this name, made as it is taken: nodes, workloads, routes, network policies
    /// and what decides of admission; and how many could not be read, with the first of them, if any. Workloads of
    /// `unlisted` kinds, `ReplicaSet` or `Job`, are left out: without these lists nobody knows to what such pods belong.
    pub fn finish<'u>(
        self,
        cluster: &str,
        unlisted: &'u [&'u str],
    ) -> (impl Iterator<Item = Observation> + use<'u>, Option<String>) {
        let left_out = self.0.left_out();
        (self.0.finish(Some(cluster), unlisted).0, left_out)
    }
}

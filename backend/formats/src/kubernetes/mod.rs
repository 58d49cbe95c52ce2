//! Kubernetes objects as `kubectl get … -o json` prints them: a list, a bare array, or one object; also
//! the lists of support bundles whose items carry no kind. Pods are gathered under their controllers
//! into workloads, services and ingresses tell who can reach them, nodes tell the kernel below.
//!
//! Refuses custom resources, audit events and policy reports: other formats speak for them.

mod address;
mod containers;
mod kind;
mod map;
mod nodes;
mod owners;
mod routes;
mod services;
#[cfg(test)]
mod tests;
mod wire;
mod wire_network;
mod workloads;

use crate::{Error, Format, Head, Parsed};

/// Kubernetes object lists.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Kubernetes objects",
    docs: "https://kubernetes.io/docs/reference/kubernetes-api/",
    version: 2,
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
    let document: wire::Document<'_> = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => wire::Document::of(crate::json::from_slice(bytes, KIND)?),
        _ => crate::json::from_slice(bytes, KIND)?,
    };
    Ok(map::document(bytes, document))
}

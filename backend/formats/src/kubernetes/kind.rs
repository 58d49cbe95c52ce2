//! Which kind an object is: by its own words, by the list that holds it, or by its shape. Refuses
//! objects of other API groups that borrow a name, such as Knative's `Service`.

use serde_json::value::RawValue;

use super::wire::{Object, Shape};

/// The kinds that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pod,
    /// Anything that makes pods, by its name: `Deployment`.
    Controller(&'static str),
    Node,
    Namespace,
    Service,
    Ingress,
    Gateway,
    HttpRoute,
    NetworkPolicy,
    /// What decides of admission.
    Admission(Guard),
    /// Not read; the name is for the warning.
    Other(String),
}

/// A kind that decides of admission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// Webhooks that may refuse.
    Validating,
    /// Webhooks that may change.
    Mutating,
    Policy,
    Binding,
    /// A policy of Kyverno, by its kind.
    Kyverno(&'static str),
    /// A constraint of Gatekeeper, by the kind that its template gives it.
    Constraint(String),
}

/// Controllers with the API groups that own the name.
const CONTROLLERS: [&str; 8] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "Rollout",
];
/// API groups whose kinds are read, besides the core group, which has no name.
const READ: [&str; 7] = [
    "apps",
    "extensions",
    "batch",
    "networking.k8s.io",
    "gateway.networking.k8s.io",
    "argoproj.io",
    "admissionregistration.k8s.io",
];
/// Kyverno's policies.
const KYVERNO: [&str; 2] = ["ClusterPolicy", "Policy"];

/// Whether an `apiVersion` is one of Kubernetes itself, not of a custom resource or an audit event.
pub(super) fn is_built_in(version: &str) -> bool {
    match version.split_once('/') {
        None => true,
        Some(("audit.k8s.io", _)) => false,
        Some((group, _)) => !group.contains('.') || group.ends_with(".k8s.io"),
    }
}

/// The kind of an object, given the kind of the list that holds it.
pub(super) fn of(object: &Object<'_>, list: Option<&str>) -> Kind {
    let stated = object.kind.as_ref().and_then(|kind| kind.filled());
    let listed = list.and_then(|kind| kind.strip_suffix("List")).filter(|kind| !kind.is_empty());
    let version = object.api_version.as_ref().and_then(|version| version.filled());
    let name = stated.or(listed);
    if let Some(guard) = name.and_then(|name| of_others(version?, name)) {
        return Kind::Admission(guard);
    }
    if let Some(foreign) = version.filter(|version| !is_read(version)) {
        return Kind::Other(format!("{} ({foreign})", stated.unwrap_or("object")));
    }
    match name {
        Some(name) => by_name(name),
        None => by_shape(object),
    }
}

/// What decides of admission in the words of other products.
fn of_others(version: &str, name: &str) -> Option<Guard> {
    match version.split_once('/')?.0 {
        "constraints.gatekeeper.sh" => Some(Guard::Constraint(name.to_owned())),
        "kyverno.io" => KYVERNO.into_iter().find(|known| *known == name).map(Guard::Kyverno),
        _ => None,
    }
}

fn is_read(version: &str) -> bool {
    version.split_once('/').is_none_or(|(group, _)| READ.contains(&group))
}

fn by_name(name: &str) -> Kind {
    match name {
        "Pod" => Kind::Pod,
        "Node" => Kind::Node,
        "Namespace" => Kind::Namespace,
        "Service" => Kind::Service,
        "Ingress" => Kind::Ingress,
        "Gateway" => Kind::Gateway,
        "HTTPRoute" => Kind::HttpRoute,
        "NetworkPolicy" => Kind::NetworkPolicy,
        "ValidatingWebhookConfiguration" => Kind::Admission(Guard::Validating),
        "MutatingWebhookConfiguration" => Kind::Admission(Guard::Mutating),
        "ValidatingAdmissionPolicy" => Kind::Admission(Guard::Policy),
        "ValidatingAdmissionPolicyBinding" => Kind::Admission(Guard::Binding),
        _ => CONTROLLERS
            .into_iter()
            .find(|known| *known == name)
            .map_or_else(|| Kind::Other(name.to_owned()), Kind::Controller),
    }
}

fn by_shape(object: &Object<'_>) -> Kind {
    let (spec, status) = (shape(object.spec), shape(object.status));
    if spec.containers.is_some() {
        return Kind::Pod;
    }
    if status.node_info.is_some() {
        return Kind::Node;
    }
    if spec.job_template.is_some() {
        return Kind::Controller("CronJob");
    }
    if spec.template.is_some() {
        return Kind::Controller(match spec {
            Shape { service_name: Some(_), .. } => "StatefulSet",
            Shape { update_strategy: Some(_), .. } => "DaemonSet",
            Shape { backoff_limit: Some(_), .. } | Shape { completions: Some(_), .. } => "Job",
            Shape { strategy: Some(_), .. } => "Deployment",
            _ => "ReplicaSet",
        });
    }
    if spec.cluster_ip.is_some() || (spec.ports.is_some() && spec.selector.is_some()) {
        return Kind::Service;
    }
    Kind::Other("object without a kind".to_owned())
}

fn shape(part: Option<&RawValue>) -> Shape {
    part.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

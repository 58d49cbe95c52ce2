//! Which requests are noteworthy, as one table: what somebody does inside a running pod, who reads secrets, what is let
//! in without a name, and what gives power over nodes or the cluster.
//!
//! Refuses requests of the cluster's own parts where they are their daily work.

use domain::severity::Severity;
use serde_json::Value;

use super::wire::Event;

/// A noteworthy kind of request.
#[derive(Debug)]
pub(super) struct Rule {
    pub name: &'static str,
    /// Ours: the audit log states none.
    pub severity: Severity,
    matches: fn(&Event<'_>) -> bool,
}

/// The table; the first that matches counts.
const RULES: &[Rule] = &[
    Rule { name: "anonymous access", severity: Severity::High, matches: is_anonymous },
    Rule { name: "exec into a pod", severity: Severity::Medium, matches: |event| is_into(event, "exec") },
    Rule { name: "attach to a pod", severity: Severity::Medium, matches: |event| is_into(event, "attach") },
    Rule {
        name: "port forward to a pod",
        severity: Severity::Low,
        matches: |event| is_into(event, "portforward"),
    },
    Rule {
        name: "debug container added to a pod",
        severity: Severity::Medium,
        matches: |event| is_into(event, "ephemeralcontainers") && changes(event),
    },
    Rule { name: "secrets read by a person", severity: Severity::Medium, matches: reads_secrets },
    Rule {
        name: "token of a service account made by a person",
        severity: Severity::Medium,
        matches: makes_token,
    },
    Rule { name: "privileged pod created", severity: Severity::High, matches: is_privileged },
    Rule { name: "cluster-admin bound", severity: Severity::High, matches: binds_admin },
];
/// What anybody may ask: whether the server is well, and what it offers.
const PUBLIC: [&str; 8] =
    ["/healthz", "/livez", "/readyz", "/version", "/openapi", "/.well-known", "/api", "/apis"];
/// Paths of a node whose mount gives the node away.
const SOCKETS: [&str; 4] =
    ["/", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/var/run/crio/crio.sock"];
/// Where the specification of pods stands in pods and in what makes them.
const SPECS: [&str; 3] = ["/spec/jobTemplate/spec/template/spec", "/spec/template/spec", "/spec"];
const MAKERS: [&str; 8] = [
    "pods",
    "deployments",
    "daemonsets",
    "statefulsets",
    "replicasets",
    "replicationcontrollers",
    "jobs",
    "cronjobs",
];

/// The rule that a request matches, if any.
pub(super) fn of(event: &Event<'_>) -> Option<&'static Rule> {
    RULES.iter().find(|rule| (rule.matches)(event))
}

/// Whether the server did what it was asked for.
pub(super) fn was_let(event: &Event<'_>) -> bool {
    let decision = event.annotations.iter().find(|(key, _)| &**key == "authorization.k8s.io/decision");
    let forbidden = decision.is_some_and(|(_, word)| &**word == "forbid");
    !forbidden && event.response_status.code.whole().is_none_or(|code| code < 400)
}

fn is_anonymous(event: &Event<'_>) -> bool {
    let path = event.request_uri.split('?').next().unwrap_or_default().trim_end_matches('/');
    let asked = |public: &&str| {
        let below = path.strip_prefix(*public);
        // The roots of the API are discovery, what is below them is not.
        below.is_some_and(|rest| rest.is_empty() || (rest.starts_with('/') && !public.starts_with("/api")))
    };
    &*event.user.username == "system:anonymous" && !PUBLIC.iter().any(asked)
}

fn is_into(event: &Event<'_>, subresource: &str) -> bool {
    &*event.object_ref.resource == "pods" && &*event.object_ref.subresource == subresource
}

/// Whether a person asks: parts of the cluster, nodes and service accounts are named `system:…`.
fn is_person(event: &Event<'_>) -> bool {
    event.user.username.filled().is_some_and(|name| !name.starts_with("system:"))
}

fn reads_secrets(event: &Event<'_>) -> bool {
    let reads = ["get", "list", "watch"].contains(&&*event.verb);
    &*event.object_ref.resource == "secrets" && reads && is_person(event)
}

fn makes_token(event: &Event<'_>) -> bool {
    let asked = &event.object_ref;
    &*asked.resource == "serviceaccounts"
        && &*asked.subresource == "token"
        && changes(event)
        && is_person(event)
}

fn changes(event: &Event<'_>) -> bool {
    ["create", "update", "patch"].contains(&&*event.verb)
}

/// Whether a pod, or what makes pods, may do on its node what it wants. Nodes and the controllers of the cluster make
/// pods from what somebody else was let make.
fn is_privileged(event: &Event<'_>) -> bool {
    let user = &event.user.username;
    let own = user.starts_with("system:node:") || user.starts_with("system:serviceaccount:kube-system:");
    let plain = event.object_ref.subresource.is_empty();
    if own || !plain || !changes(event) || !MAKERS.contains(&&*event.object_ref.resource) {
        return false;
    }
    let object = &event.request_object;
    let Some(spec) = SPECS.iter().find_map(|at| object.pointer(at)) else { return false };
    let yes = |at: &str, value: &Value| value.pointer(at).and_then(Value::as_bool) == Some(true);
    let list = |key: &str| spec.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut containers = list("containers").chain(list("initContainers"));
    let path = |volume: &Value| {
        let path = volume.pointer("/hostPath/path").and_then(Value::as_str);
        path.is_some_and(|path| SOCKETS.contains(&path))
    };
    yes("/hostPID", spec)
        || yes("/hostIPC", spec)
        || containers.any(|container| yes("/securityContext/privileged", container))
        || list("volumes").any(path)
}

fn binds_admin(event: &Event<'_>) -> bool {
    let binding = ["clusterrolebindings", "rolebindings"].contains(&&*event.object_ref.resource);
    let role = event.request_object.pointer("/roleRef/name").and_then(Value::as_str);
    binding && changes(event) && role == Some("cluster-admin")
}

//! What a Kubernetes source can be told. Refuses to keep secrets: credentials come from a kubeconfig, from the pod that
//! this runs in or from where a source of the cloud has them, never from settings.

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use domain::source::{Field, Problem, Values};

use super::cloud::{self, Told};
use super::connector::Kubernetes;
use crate::fields::{self, choice, expect, list, many, number, one, problem, text};

/// Stands for every context.
const EVERY: &str = "*";
/// The least time between two runs that changes lead to, where nobody says another, in seconds.
const AT_MOST_EVERY: u64 = 30;

/// Every field; the order is that of the form.
pub(super) const FIELDS: &[Field] = &together::<{ OWN.len() + cloud::FIELDS.len() }>();

/// Those that are of no cloud.
const OWN: &[Field] = &[
    list(
        "contexts",
        "Contexts",
        "Contexts of the kubeconfig, one a line; `*` for all of them. Empty: the cluster this runs in, or else the \
         current context.",
        context,
    ),
    text("kubeconfig", "Kubeconfig", "File with the contexts. Empty: KUBECONFIG, or ~/.kube/config.", path),
    list(
        "names",
        "Names of clusters",
        "What a cluster is called here, one a line: `context -> name`; `in-cluster` is the one this runs in. A name \
         that a cloud's source gave it joins what both say.",
        name_rule,
    ),
    list(
        "namespaces",
        "Namespaces",
        "Namespaces that are looked into, one a line: then roles in them are enough. Empty: all.",
        namespace,
    ),
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        fields::service::<Kubernetes>,
    ),
    choice(
        "follow",
        "Follow changes",
        "Whether a cluster is watched between two runs, and asked again where something changed. Empty: true for \
         contexts and the cluster this runs in, false for the clusters of a cloud.",
        &["true", "false"],
    ),
    number(
        "follow_at_most_every",
        "Follow at most every",
        "Seconds between two runs that changes lead to, at least; 30 where nothing is said.",
        (5, 86_400),
    ),
];

/// Those that are of no cloud, then the others.
const fn together<const N: usize>() -> [Field; N] {
    let (mut all, mut at) = ([OWN[0]; N], 0);
    while at < N {
        all[at] = if at < OWN.len() { OWN[at] } else { cloud::FIELDS[at - OWN.len()] };
        at += 1;
    }
    all
}

/// The settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Config {
    /// Which clusters.
    pub(super) contexts: Contexts,
    /// The cloud whose clusters they are instead, if one was named.
    pub(super) cloud: Option<Told>,
    /// Where the contexts stand, if that was said.
    pub(super) kubeconfig: Option<PathBuf>,
    /// Names of clusters by context.
    pub(super) names: BTreeMap<String, String>,
    /// Namespaces; empty for all.
    pub(super) namespaces: Vec<String>,
    /// Services that are not asked.
    pub(super) leave_out: Vec<String>,
    /// Whether changes are followed between two runs.
    pub(super) follow: bool,
    /// The least time between two runs that changes lead to.
    pub(super) follow_at_most_every: Duration,
}

/// Which clusters are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Contexts {
    /// The one this runs in, or else the current context.
    Usual,
    /// Every context.
    Every,
    /// These contexts.
    Listed(Vec<String>),
}

impl Config {
    /// Reads values that passed [`domain::source::validate`].
    ///
    /// # Errors
    /// When they contradict each other; every problem at once.
    pub(super) fn read(values: &Values) -> Result<Self, Vec<Problem>> {
        let contexts = many(values, "contexts");
        let mut problems = Vec::new();
        if contexts.len() > 1 && contexts.iter().any(|context| context == EVERY) {
            problems.push(problem("contexts", "is either `*` or a list: leave one of them"));
        }
        let cloud = Told::read(values).unwrap_or_else(|more| {
            problems.extend(more);
            None
        });
        if cloud.is_some() {
            let kept =
                ["contexts", "kubeconfig", "names"].into_iter().filter(|name| one(values, name).is_some());
            problems.extend(
                kept.map(|name| problem(name, "is of a kubeconfig, and not of a cloud: empty one of them")),
            );
        }
        let (mut names, mut taken) = (BTreeMap::new(), BTreeMap::new());
        for rule in many(values, "names") {
            let Some((context, name)) = rule.split_once("->").map(|(one, other)| (one.trim(), other.trim()))
            else {
                continue;
            };
            if let Some(other) = taken.insert(name.to_owned(), context.to_owned()) {
                problems.push(problem("names", format!("`{name}` is said of `{other}` and `{context}`")));
            }
            names.insert(context.to_owned(), name.to_owned());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        // A source of a cloud can have a thousand clusters, each of which would be listened to.
        let follow = one(values, "follow").map_or(cloud.is_none(), |told| told == "true");
        let every = one(values, "follow_at_most_every").and_then(|seconds| seconds.parse().ok());
        Ok(Self {
            contexts: match contexts.first().map(String::as_str) {
                None => Contexts::Usual,
                Some(EVERY) => Contexts::Every,
                Some(_) => Contexts::Listed(contexts),
            },
            cloud,
            kubeconfig: one(values, "kubeconfig").map(PathBuf::from),
            names,
            namespaces: many(values, "namespaces"),
            leave_out: many(values, "leave_out"),
            follow,
            follow_at_most_every: Duration::from_secs(every.unwrap_or(AT_MOST_EVERY)),
        })
    }
}

fn context(text: &str) -> Result<(), String> {
    expect(!text.is_empty() && text.len() <= 500 && !has_control(text), text, "the name of a context, or `*`")
}

fn path(text: &str) -> Result<(), String> {
    expect(text.starts_with('/') && !has_control(text), text, "a path that begins with /")
}

fn name_rule(text: &str) -> Result<(), String> {
    let parts = text.split_once("->").map(|(context, name)| (context.trim(), name.trim()));
    let right = parts.is_some_and(|(context, name)| {
        !context.is_empty() && !name.is_empty() && name.len() <= 200 && !has_control(text)
    });
    expect(right, text, "`context -> name`")
}

/// A DNS label, as Kubernetes wants it.
fn namespace(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let right =
        text.len() <= 63 && text.bytes().all(allowed) && !text.starts_with('-') && !text.ends_with('-');
    expect(right && !text.is_empty(), text, "the name of a namespace")
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

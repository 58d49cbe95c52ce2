//! What an Azure source can be told. Refuses to keep secrets: credentials come from the environment, a managed
//! identity or the command line's sign-in, never from settings.

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

use domain::source::{Field, Problem, Values};

use super::cloud::{self, Cloud};
use super::connector::Azure;
use crate::fields::{self, address, bare, choice, expect, list, many, one, problem, tag_rules, text};
use crate::tags::{TagRules, check_criticality_rule};

/// The words for where credentials come from.
const CREDENTIALS: &[&str] = &["secret", "workload-identity", "managed-identity", "cli"];

/// Every field; the order is that of the form.
pub(super) const FIELDS: &[Field] = &[
    list(
        "subscriptions",
        "Subscriptions",
        "Ids of subscriptions, one a line. Empty: every subscription that the credentials see.",
        identifier,
    ),
    text("management_group", "Management group", "Every subscription below this group, by its id.", group),
    list(
        "locations",
        "Locations",
        "Locations such as westeurope, one a line. Empty: every location.",
        location,
    ),
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        fields::service::<Azure>,
    ),
    list(
        "leave_out_registries",
        "Registries to leave out",
        "Names of registries that cannot be reached from here, one a line: what they hold is not looked for.",
        registry,
    ),
    choice(
        "credential",
        "Credential",
        "Where credentials come from. Empty: the first that the environment offers.",
        CREDENTIALS,
    ),
    text("tenant", "Tenant", "Id or domain of the tenant; AZURE_TENANT_ID where empty.", tenant),
    text(
        "client",
        "Client",
        "Id of the application or of the user-assigned identity; AZURE_CLIENT_ID where empty.",
        identifier,
    ),
    choice("cloud", "Cloud", "Which copy of Azure; public where empty.", cloud::NAMES),
    text("authority", "Authority", "Address that hands out tokens, instead of the cloud's own.", address),
    text("endpoint", "Endpoint", "Address of the resource manager, instead of the cloud's own.", address),
    text(
        "registry_endpoint",
        "Registry endpoint",
        "Address that answers for every registry by its name in the Host header: an emulator or a proxy.",
        address,
    ),
    list("owner_tags", "Owner tags", "Tags whose value names an owner, the most telling first.", tag),
    list("environment_tags", "Environment tags", "Tags whose value names an environment.", tag),
    list(
        "criticality_rules",
        "Criticality rules",
        "One a line: `tag=value -> low`, `standard` or `critical`.",
        check_criticality_rule,
    ),
];

/// The settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Config {
    /// Which subscriptions.
    pub(super) subscriptions: Subscriptions,
    /// Locations; empty for all.
    pub(super) locations: Vec<String>,
    /// Services that are not asked.
    pub(super) leave_out: Vec<String>,
    /// Registries that are not asked for what they hold.
    pub(super) leave_out_registries: Vec<String>,
    /// Where credentials come from, if that was said.
    pub(super) credential: Option<String>,
    /// The tenant.
    pub(super) tenant: Option<String>,
    /// The application or identity.
    pub(super) client: Option<String>,
    /// Which copy of Azure.
    pub(super) cloud: Cloud,
    /// Where tokens come from, if that was said.
    pub(super) authority: Option<String>,
    /// Where the resource manager is.
    pub(super) endpoint: String,
    /// What answers for every registry, if anything does.
    pub(super) registry_endpoint: Option<String>,
    /// What tags mean.
    pub(super) rules: TagRules,
}

/// Which subscriptions are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subscriptions {
    /// Every one that the credentials see.
    Seen,
    /// These.
    Listed(Vec<String>),
    /// Every one below a management group.
    Below(String),
}

impl Config {
    /// Reads values that passed [`domain::source::validate`].
    ///
    /// # Errors
    /// When they contradict each other; every problem at once.
    pub(super) fn read(values: &Values) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let (listed, group) = (lower(many(values, "subscriptions")), one(values, "management_group"));
        if group.is_some() && !listed.is_empty() {
            let message = "is either a list or a management group: empty one of them";
            problems.push(problem("subscriptions", message));
        }
        let rules = tag_rules(values, ("owner_tags", "environment_tags"), &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let cloud = Cloud::named(one(values, "cloud").as_deref());
        Ok(Self {
            subscriptions: match group {
                Some(group) => Subscriptions::Below(group),
                None if listed.is_empty() => Subscriptions::Seen,
                None => Subscriptions::Listed(listed),
            },
            locations: lower(many(values, "locations")),
            leave_out: many(values, "leave_out"),
            leave_out_registries: lower(many(values, "leave_out_registries")),
            credential: one(values, "credential"),
            tenant: one(values, "tenant"),
            client: one(values, "client"),
            cloud,
            authority: bare(values, "authority"),
            endpoint: bare(values, "endpoint").unwrap_or_else(|| cloud.manager.to_owned()),
            registry_endpoint: bare(values, "registry_endpoint"),
            rules,
        })
    }
}

fn lower(told: Vec<String>) -> Vec<String> {
    told.into_iter().map(|value| value.to_ascii_lowercase()).collect()
}

/// `00000000-0000-4000-8000-000000000000`.
fn identifier(text: &str) -> Result<(), String> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    expect(hex && lengths == [8, 4, 4, 4, 12], text, "an id such as 00000000-0000-4000-8000-000000000000")
}

/// As the portal allows it.
fn group(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_().".contains(&byte);
    let right = text.len() <= 90 && text.bytes().all(allowed) && !text.ends_with('.');
    expect(right, text, "the id of a management group, not the name that is shown")
}

fn location(text: &str) -> Result<(), String> {
    let right = text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    expect(right, text, "a location such as westeurope")
}

fn registry(text: &str) -> Result<(), String> {
    let right = (5..=50).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    expect(right, text, "the name of a registry, without its domain")
}

fn tenant(text: &str) -> Result<(), String> {
    let right =
        text.len() <= 253 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    expect(right, text, "the id of a tenant or one of its domains")
}

fn tag(text: &str) -> Result<(), String> {
    expect(text.chars().count() <= 512, text, "the name of a tag")
}

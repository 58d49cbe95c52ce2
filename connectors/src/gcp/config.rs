//! What a Google Cloud source can be told. Refuses to keep secrets: credentials come from the environment, a file
//! of gcloud's, or the machine's identity, never from settings.

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

use domain::source::{Field, FieldKind, Problem, Values};

use super::SERVICES;
use crate::tags::{TagRules, check_criticality_rule};

/// Every field; the order is that of the form.
pub(super) const FIELDS: &[Field] = &[
    list(
        "projects",
        "Projects",
        "Project ids, one a line. Empty: every project that the credentials may see.",
        project,
    ),
    list(
        "parents",
        "Folders and organisations",
        "`folders/123` or `organizations/123`, one a line: every active project below them.",
        parent,
    ),
    list("locations", "Locations", "Locations, one a line. Empty: every location of a project.", location),
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        service,
    ),
    text(
        "quota_project",
        "Quota project",
        "Project whose quota is used; needed with a person's own credentials.",
        project,
    ),
    text("endpoint", "Endpoint", "Address that answers for every service: an emulator or a proxy.", endpoint),
    list("owner_labels", "Owner labels", "Labels whose value names an owner, the most telling first.", label),
    list("environment_labels", "Environment labels", "Labels whose value names an environment.", label),
    list(
        "criticality_rules",
        "Criticality rules",
        "One a line: `label=value -> low`, `standard` or `critical`.",
        check_criticality_rule,
    ),
];

/// The settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Config {
    /// Which projects.
    pub(super) projects: Projects,
    /// Locations; empty for all that a project has.
    pub(super) locations: Vec<String>,
    /// Services that are not asked.
    pub(super) leave_out: Vec<String>,
    /// Whose quota is used.
    pub(super) quota_project: Option<String>,
    /// Address for every service.
    pub(super) endpoint: Option<String>,
    /// What labels mean.
    pub(super) rules: TagRules,
}

/// Which projects are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Projects {
    /// Every one that the credentials may see.
    Visible,
    /// These.
    Listed(Vec<String>),
    /// Every active one below these folders and organisations.
    Below(Vec<String>),
}

impl Config {
    /// Reads values that passed [`domain::source::validate`].
    ///
    /// # Errors
    /// When they contradict each other; every problem at once.
    pub(super) fn read(values: &Values) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut problem = |field: &str, message: String| {
            problems.push(Problem { field: field.to_owned(), message });
        };
        let (projects, parents) = (many(values, "projects"), many(values, "parents"));
        if !projects.is_empty() && !parents.is_empty() {
            let message = "is either a list or everything below `parents`: empty one of them";
            problem("projects", message.to_owned());
        }
        let rules = TagRules::parse(
            &many(values, "owner_labels"),
            &many(values, "environment_labels"),
            &many(values, "criticality_rules"),
        );
        let rules = rules.unwrap_or_else(|refusals| {
            refusals.into_iter().for_each(|refusal| problem("criticality_rules", refusal));
            TagRules::default()
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            projects: match (projects, parents) {
                (listed, _) if !listed.is_empty() => Projects::Listed(listed),
                (_, parents) if !parents.is_empty() => Projects::Below(parents),
                _ => Projects::Visible,
            },
            locations: many(values, "locations"),
            leave_out: many(values, "leave_out"),
            quota_project: one(values, "quota_project"),
            endpoint: one(values, "endpoint").map(|address| address.trim_end_matches('/').to_owned()),
            rules,
        })
    }
}

/// What a field was told, without blanks and repetitions.
fn many(values: &Values, name: &str) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for value in values.get(name).into_iter().flatten().map(|value| value.trim()) {
        if !value.is_empty() && told.iter().all(|known| known != value) {
            told.push(value.to_owned());
        }
    }
    told
}

fn one(values: &Values, name: &str) -> Option<String> {
    many(values, name).into_iter().next()
}

type Rule = fn(&str) -> Result<(), String>;

const fn list(name: &'static str, title: &'static str, help: &'static str, rule: Rule) -> Field {
    Field { name, title, help, kind: FieldKind::List(rule), required: false }
}

const fn text(name: &'static str, title: &'static str, help: &'static str, rule: Rule) -> Field {
    Field { name, title, help, kind: FieldKind::Text(rule), required: false }
}

fn expect(right: bool, text: &str, expected: &str) -> Result<(), String> {
    if right { Ok(()) } else { Err(format!("`{text}`: expected {expected}")) }
}

/// `shop-prod`, and `example.com:shop-prod` of old.
fn project(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.:".contains(&byte);
    let begins = text.starts_with(|first: char| first.is_ascii_lowercase());
    let right = (4..=120).contains(&text.len()) && begins && text.bytes().all(allowed);
    expect(right, text, "the id of a project such as shop-prod, neither its name nor its number")
}

fn parent(text: &str) -> Result<(), String> {
    let number = text.strip_prefix("folders/").or_else(|| text.strip_prefix("organizations/"));
    let right =
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    expect(right, text, "folders/ or organizations/ with a number")
}

/// `europe-west1`, and `europe` of registries.
fn location(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let right = !text.is_empty() && text.len() <= 40 && text.bytes().all(allowed);
    expect(right, text, "a location such as europe-west1 or europe")
}

fn service(text: &str) -> Result<(), String> {
    let names: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    expect(names.contains(&text), text, &format!("one of {}", names.join(", ")))
}

fn endpoint(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let right = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains([' ', '@', '?', '#']));
    expect(right, text, "an address that begins with https:// or http://, without credentials")
}

fn label(text: &str) -> Result<(), String> {
    expect(text.chars().count() <= 128, text, "the name of a label")
}

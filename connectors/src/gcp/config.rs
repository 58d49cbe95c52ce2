//! What a Google Cloud source can be told. Refuses to keep secrets: credentials come from the environment, a file
//! of gcloud's, or the machine's identity, never from settings.

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

use domain::source::{Field, Problem, Values};

use super::connector::Gcp;
use crate::fields::{self, address, bare, expect, list, many, one, problem, tag_rules, text};
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
        fields::service::<Gcp>,
    ),
    text(
        "quota_project",
        "Quota project",
        "Project whose quota is used; needed with a person's own credentials.",
        project,
    ),
    text("endpoint", "Endpoint", "Address that answers for every service: an emulator or a proxy.", address),
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
        let (projects, parents) = (many(values, "projects"), many(values, "parents"));
        if !projects.is_empty() && !parents.is_empty() {
            let message = "is either a list or everything below `parents`: empty one of them";
            problems.push(problem("projects", message));
        }
        let rules = tag_rules(values, ("owner_labels", "environment_labels"), &mut problems);
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
            endpoint: bare(values, "endpoint"),
            rules,
        })
    }
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

fn label(text: &str) -> Result<(), String> {
    expect(text.chars().count() <= 128, text, "the name of a label")
}

//! What an AWS source can be told. Refuses to keep secrets: credentials come from the environment, a profile,
//! or the machine's identity, never from settings.

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

use domain::source::{Field, Problem, Values};

use super::connector::Aws;
use crate::fields::{self, address, expect, flag, list, many, one, problem, tag_rules, text};
use crate::tags::{TagRules, check_criticality_rule};

/// How AWS shows the session in its logs, where settings name none.
const SESSION: &str = "plimsoll";

/// Every field; the order is that of the form.
pub(super) const FIELDS: &[Field] = &[
    list(
        "accounts",
        "Accounts",
        "Account numbers, one a line. Empty: the account of the credentials.",
        account,
    ),
    flag("organisation", "Whole organisation", "Every active account of the organisation."),
    text("role", "Role", "Name of the role that is assumed in each other account.", role),
    text(
        "external_id",
        "External id",
        "What the trust policy of the role asks for, if it does.",
        external_id,
    ),
    text(
        "session_name",
        "Session name",
        "How CloudTrail names the session; plimsoll where empty.",
        session_name,
    ),
    list("regions", "Regions", "Regions, one a line. Empty: every region enabled in an account.", region),
    list(
        "leave_out",
        "Services to leave out",
        "Services that are not asked, one a line: they are shown as not observed.",
        fields::service::<Aws>,
    ),
    text("profile", "Profile", "Profile of the AWS configuration files with the credentials.", profile),
    text("endpoint", "Endpoint", "Address that answers for every service: an emulator or a proxy.", address),
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
    /// Which accounts.
    pub(super) accounts: Accounts,
    /// The role assumed in other accounts.
    pub(super) role: Option<String>,
    /// What the role's trust policy asks for.
    pub(super) external_id: Option<String>,
    /// How the session is named.
    pub(super) session_name: String,
    /// Regions; empty for all that are enabled.
    pub(super) regions: Vec<String>,
    /// Services that are not asked.
    pub(super) leave_out: Vec<String>,
    /// Profile of the configuration files.
    pub(super) profile: Option<String>,
    /// Address for every service.
    pub(super) endpoint: Option<String>,
    /// What tags mean.
    pub(super) rules: TagRules,
}

/// Which accounts are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Accounts {
    /// That of the credentials.
    Own,
    /// These.
    Listed(Vec<String>),
    /// Every active one of the organisation.
    Organisation,
}

impl Config {
    /// Reads values that passed [`domain::source::validate`].
    ///
    /// # Errors
    /// When they contradict each other; every problem at once.
    pub(super) fn read(values: &Values) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let accounts = many(values, "accounts");
        let organisation = one(values, "organisation").as_deref() == Some("true");
        if organisation && !accounts.is_empty() {
            problems
                .push(problem("accounts", "is either a list or the whole organisation: empty one of them"));
        }
        let role = one(values, "role");
        if role.is_none() && (organisation || !accounts.is_empty()) {
            problems.push(problem("role", "is needed to enter other accounts"));
        }
        let rules = tag_rules(values, ("owner_tags", "environment_tags"), &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            accounts: match accounts {
                _ if organisation => Accounts::Organisation,
                listed if listed.is_empty() => Accounts::Own,
                listed => Accounts::Listed(listed),
            },
            role,
            external_id: one(values, "external_id"),
            session_name: one(values, "session_name").unwrap_or_else(|| SESSION.to_owned()),
            regions: many(values, "regions"),
            leave_out: many(values, "leave_out"),
            profile: one(values, "profile"),
            endpoint: one(values, "endpoint"),
            rules,
        })
    }
}

fn account(text: &str) -> Result<(), String> {
    let right = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    expect(right, text, "an account number of twelve digits")
}

/// A name as IAM allows it, with its path.
fn role(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte);
    let right = text.len() <= 512 && !text.starts_with('/') && text.bytes().all(allowed);
    expect(right, text, "the name of a role, with its path if it has one, without `arn:` and account")
}

fn external_id(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@:/_-".contains(&byte);
    let right = (2..=1224).contains(&text.len()) && text.bytes().all(allowed);
    expect(right, text, "2 to 1224 letters, digits and +=,.@:/_-")
}

fn session_name(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    let right = (2..=64).contains(&text.len()) && text.bytes().all(allowed);
    expect(right, text, "2 to 64 letters, digits and +=,.@_-")
}

/// `eu-central-1`, `us-gov-west-1`: words and a number.
fn region(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = parts.last().is_some_and(|last| last.parse::<u8>().is_ok());
    let words = parts.iter().rev().skip(1);
    let letters =
        words.clone().all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    expect(parts.len() >= 3 && number && letters, text, "a region such as eu-central-1")
}

fn profile(text: &str) -> Result<(), String> {
    let right = text.len() <= 128 && !text.contains(['[', ']', '\n']);
    expect(right, text, "the name of a profile")
}

fn tag(text: &str) -> Result<(), String> {
    expect(text.chars().count() <= 128, text, "the name of a tag")
}

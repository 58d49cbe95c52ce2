//! What the AWS connector can be told. Refuses settings that contradict each other, all at once.

use domain::source::{Field, FieldKind, Problem, Values};

use super::tags::TagRules;

/// The fields, in the order in which a form shows them.
pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "organisation",
        title: "Whole organisation",
        help: "Ask every active account of the organisation; needs credentials of its management or a delegated account.",
        kind: FieldKind::Flag,
        required: false,
    },
    Field {
        name: "accounts",
        title: "Accounts",
        help: "Account numbers, one a line; empty without an organisation means the account of the credentials.",
        kind: FieldKind::List(account),
        required: false,
    },
    Field {
        name: "role",
        title: "Role name",
        help: "Role to assume in each other account, such as plimsoll-read.",
        kind: FieldKind::Text(role),
        required: false,
    },
    Field {
        name: "external_id",
        title: "External id",
        help: "External id that the role's trust policy asks for.",
        kind: FieldKind::Text(external_id),
        required: false,
    },
    Field {
        name: "session_name",
        title: "Session name",
        help: "Name under which calls appear in CloudTrail; plimsoll unless told.",
        kind: FieldKind::Text(session_name),
        required: false,
    },
    Field {
        name: "regions",
        title: "Regions",
        help: "Regions to ask, one a line; empty means every region that is enabled in the account.",
        kind: FieldKind::List(region),
        required: false,
    },
    Field {
        name: "leave_out",
        title: "Leave out",
        help: "Services not to ask, one a line: they are shown as not observed.",
        kind: FieldKind::List(service),
        required: false,
    },
    Field {
        name: "profile",
        title: "Profile",
        help: "Profile of the AWS configuration files; empty means the usual chain of credentials.",
        kind: FieldKind::Text(plain),
        required: false,
    },
    Field {
        name: "endpoint",
        title: "Endpoint",
        help: "Address that answers for every service, for sovereign partitions and emulators.",
        kind: FieldKind::Text(endpoint),
        required: false,
    },
    Field {
        name: "owner_tags",
        title: "Owner tags",
        help: "Tags that name the owner, the most telling first; team and owner unless told.",
        kind: FieldKind::List(plain),
        required: false,
    },
    Field {
        name: "environment_tags",
        title: "Environment tags",
        help: "Tags that name the environment; environment, env and stage unless told.",
        kind: FieldKind::List(plain),
        required: false,
    },
    Field {
        name: "criticality_rules",
        title: "Criticality rules",
        help: "Lines such as tier=1 -> critical; the words are low, standard and critical.",
        kind: FieldKind::List(plain),
        required: false,
    },
];

/// The settings, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Config {
    /// Whether the organisation lists the accounts.
    pub(super) organisation: bool,
    /// Accounts by number; empty means the credentials' own.
    pub(super) accounts: Vec<String>,
    /// Role assumed in other accounts.
    pub(super) role: Option<String>,
    /// External id for that role.
    pub(super) external_id: Option<String>,
    /// Session name in CloudTrail.
    pub(super) session_name: String,
    /// Regions; empty means every enabled one.
    pub(super) regions: Vec<String>,
    /// Services that are not asked.
    pub(super) leave_out: Vec<String>,
    /// Profile of the configuration files.
    pub(super) profile: Option<String>,
    /// Address for every service.
    pub(super) endpoint: Option<String>,
    /// How tags are read.
    pub(super) rules: TagRules,
}

impl Config {
    /// The settings of some values.
    ///
    /// # Errors
    /// Every contradiction at once.
    pub(super) fn new(values: &Values) -> Result<Self, Vec<Problem>> {
        let list = |name: &str| -> Vec<String> {
            let told = values.get(name).into_iter().flatten().map(|value| value.trim());
            told.filter(|value| !value.is_empty()).map(str::to_owned).collect()
        };
        let one = |name: &str| list(name).into_iter().next();
        let problem = |field: &str, message: String| Problem { field: field.to_owned(), message };
        let organisation = one("organisation").as_deref() == Some("true");
        let (accounts, role) = (list("accounts"), one("role"));
        let mut problems = Vec::new();
        if organisation && !accounts.is_empty() {
            problems.push(problem(
                "accounts",
                "cannot be listed for a whole organisation: keep one of the two".to_owned(),
            ));
        }
        if role.is_none() && (organisation || accounts.len() > 1) {
            problems.push(problem("role", "is needed to ask more than one account".to_owned()));
        }
        let rules =
            TagRules::parse(&list("owner_tags"), &list("environment_tags"), &list("criticality_rules"));
        let rules = rules.unwrap_or_else(|refusals| {
            problems.extend(refusals.into_iter().map(|refusal| problem("criticality_rules", refusal)));
            TagRules::default()
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            organisation,
            accounts,
            role,
            external_id: one("external_id"),
            session_name: one("session_name").unwrap_or_else(|| "plimsoll".to_owned()),
            regions: list("regions"),
            leave_out: list("leave_out"),
            profile: one("profile"),
            endpoint: one("endpoint"),
            rules,
        })
    }
}

fn account(text: &str) -> Result<(), String> {
    let good = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if good { Ok(()) } else { Err(format!("`{text}` is no account number: expected 12 digits")) }
}

fn role(text: &str) -> Result<(), String> {
    let good = text.len() <= 128
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte));
    if good { Ok(()) } else { Err("expected the role's name with its path, without `arn:`".to_owned()) }
}

fn external_id(text: &str) -> Result<(), String> {
    if (2..=1224).contains(&text.len()) { Ok(()) } else { Err("expected 2 to 1224 characters".to_owned()) }
}

fn session_name(text: &str) -> Result<(), String> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    let good = (2..=64).contains(&text.len()) && text.bytes().all(known);
    if good { Ok(()) } else { Err("expected 2 to 64 letters, digits or +=,.@_-".to_owned()) }
}

fn region(text: &str) -> Result<(), String> {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good = text.matches('-').count() >= 2 && text.bytes().all(known);
    if good { Ok(()) } else { Err(format!("`{text}` is no region: expected a word like eu-west-1")) }
}

fn service(text: &str) -> Result<(), String> {
    let names: Vec<&str> = super::SERVICES.iter().map(|service| service.name).collect();
    if names.contains(&text) {
        Ok(())
    } else {
        Err(format!("`{text}` is not asked anyway; known are {}", names.join(", ")))
    }
}

fn endpoint(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    if rest.is_some_and(|rest| !rest.is_empty()) {
        Ok(())
    } else {
        Err("expected an http or https address".to_owned())
    }
}

fn plain(text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) { Err("expected one line of text".to_owned()) } else { Ok(()) }
}

//! What decides of admission, named as its APIs name it. Refuses nothing but wrong types: every field may be absent or
//! null.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::wire_policy::Selector;
use crate::json::{Number, Text, nullable};

/// One webhook of a configuration.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Webhook<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) client_config: ClientConfig<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) rules: Vec<ResourceRule<'a>>,
    #[serde(borrow)]
    pub(super) failure_policy: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) namespace_selector: Selector<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClientConfig<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) service: Asked<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked<'a> {
    #[serde(borrow)]
    pub(super) namespace: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResourceRule<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) operations: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) resources: Vec<Text<'a>>,
}

/// What a validating admission policy, or a binding of one, is about.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Matched<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) resource_rules: Vec<ResourceRule<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) namespace_selector: Selector<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ValidatingSpec<'a> {
    #[serde(borrow)]
    pub(super) failure_policy: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) match_constraints: Matched<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BindingSpec<'a> {
    #[serde(borrow)]
    pub(super) policy_name: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) validation_actions: Vec<Text<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) match_resources: Matched<'a>,
}

/// A policy of Kyverno.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct KyvernoSpec<'a> {
    #[serde(borrow)]
    pub(super) validation_failure_action: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) rules: Vec<KyvernoRule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct KyvernoRule<'a> {
    #[serde(borrow)]
    pub(super) validate: Option<Validate<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) verify_images: Vec<Validate<'a>>,
    pub(super) mutate: Option<IgnoredAny>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) r#match: KyvernoMatch<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Validate<'a> {
    #[serde(borrow)]
    pub(super) failure_action: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KyvernoMatch<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) any: Vec<KyvernoFilter<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) all: Vec<KyvernoFilter<'a>>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) resources: Kinds<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct KyvernoFilter<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) resources: Kinds<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Kinds<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) kinds: Vec<Text<'a>>,
}

/// A constraint of Gatekeeper, whose kind is that of its template.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ConstraintSpec<'a> {
    #[serde(borrow)]
    pub(super) enforcement_action: Text<'a>,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) r#match: ConstraintMatch<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConstraintMatch<'a> {
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) kinds: Vec<Kinds<'a>>,
}

/// What an audit found of a constraint. It lists some violations and counts all.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ConstraintStatus<'a> {
    #[serde(borrow)]
    pub(super) audit_timestamp: Text<'a>,
    pub(super) total_violations: Number,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) violations: Vec<Violation<'a>>,
}

/// One object that does not comply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Violation<'a> {
    #[serde(borrow)]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) namespace: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
}

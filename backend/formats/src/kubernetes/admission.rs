//! What decides of admission: webhooks, admission policies with what binds them, Pod Security by the labels of
//! namespaces, policies of Kyverno and constraints of Gatekeeper.
//!
//! Refuses to call in force what is not: a policy that nothing is seen to bind has an effect that is not known, and
//! what a webhook is answered is for whom it asks to decide.

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use domain::admission::{Admission, Effect};

use super::services::listed;
use super::wire::Metadata;
use super::wire_admission::{
    BindingSpec, ConstraintSpec, ConstraintStatus, KyvernoRule, KyvernoSpec, ResourceRule, ValidatingSpec,
    Webhook,
};
use super::wire_policy::Selector;
use crate::json::Text;
use crate::untrusted::prose;

/// Who decides by what the API server itself knows.
const API_SERVER: &str = "API server";
/// Labels of a namespace that say how its pods are judged, with what is done by each, the strictest first.
const POD_SECURITY: [(&str, &str, Effect); 3] = [
    ("pod-security.kubernetes.io/enforce", "enforces", Effect::Enforce),
    ("pod-security.kubernetes.io/warn", "warns of", Effect::Warn),
    ("pod-security.kubernetes.io/audit", "audits", Effect::Audit),
];

/// What was read of it so far; policies wait for what binds them.
#[derive(Debug, Default)]
pub(super) struct Admissions {
    found: Vec<Admission>,
    /// What policies are about, by their names.
    policies: BTreeMap<String, Vec<String>>,
    /// What is done, and where, by the name of the policy that is bound.
    bindings: BTreeMap<String, (BTreeSet<Effect>, BTreeSet<String>)>,
}

impl Admissions {
    /// Adds what the labels of a namespace say of pods in it.
    pub(super) fn namespace(&mut self, metadata: &Metadata<'_>) {
        let told = POD_SECURITY.iter().filter_map(|(label, does, effect)| {
            let level = metadata.labels.get(&Text((*label).into()))?.filled()?;
            let effect = if level == "privileged" { Effect::Open } else { *effect };
            Some((effect, format!("{does} {level}")))
        });
        let told: Vec<(Effect, String)> = told.collect();
        let Some(effect) = told.iter().map(|(effect, _)| *effect).min() else { return };
        let scope: Vec<String> = told.into_iter().map(|(_, words)| words).collect();
        self.found.push(made("Pod Security", "Namespace", metadata.name.to_string(), effect, &scope));
    }

    /// Adds a configuration of webhooks; `effect` is what such webhooks do.
    pub(super) fn webhooks(
        &mut self,
        kind: &str,
        effect: Effect,
        metadata: &Metadata<'_>,
        hooks: &[Webhook<'_>],
    ) {
        if hooks.is_empty() {
            return;
        }
        let asked: BTreeSet<String> = hooks.iter().map(asked).collect();
        let mut scope = looked_at(hooks.iter().flat_map(|hook| &hook.rules));
        let places: BTreeSet<String> = hooks.iter().map(|hook| place(&hook.namespace_selector)).collect();
        scope.extend(places);
        let passing = hooks.iter().filter(|hook| *hook.failure_policy == *"Ignore").count();
        if passing > 0 {
            let some = if passing < hooks.len() { "some pass" } else { "all pass" };
            scope.push(format!("{some} where nobody answers"));
        }
        let asked: Vec<String> = asked.into_iter().collect();
        self.found.push(made(&listed(&asked), kind, metadata.name.to_string(), effect, &scope));
    }

    /// Adds a policy that the API server judges by.
    pub(super) fn policy(&mut self, metadata: &Metadata<'_>, spec: &ValidatingSpec<'_>) {
        let matched = &spec.match_constraints;
        let mut scope = looked_at(matched.resource_rules.iter());
        scope.push(place(&matched.namespace_selector));
        if *spec.failure_policy == *"Ignore" {
            scope.push("passes where it fails".to_owned());
        }
        self.policies.insert(metadata.name.to_string(), scope);
    }

    /// Adds what binds such a policy.
    pub(super) fn binding(&mut self, spec: &BindingSpec<'_>) {
        let (effects, places) = self.bindings.entry(spec.policy_name.to_string()).or_default();
        effects.extend(spec.validation_actions.iter().map(|action| match &**action {
            "Deny" => Effect::Enforce,
            "Warn" => Effect::Warn,
            "Audit" => Effect::Audit,
            _ => Effect::Unknown,
        }));
        places.insert(place(&spec.match_resources.namespace_selector));
    }

    /// Adds a policy of Kyverno, of a namespace or of all.
    pub(super) fn kyverno(&mut self, kind: &str, metadata: &Metadata<'_>, spec: &KyvernoSpec<'_>) {
        let usual = &*spec.validation_failure_action;
        let stated = |told: &str| {
            let told = if told.is_empty() { usual } else { told };
            if told.eq_ignore_ascii_case("enforce") { Effect::Enforce } else { Effect::Audit }
        };
        let effects = spec.rules.iter().flat_map(|rule| {
            let judged = rule.validate.iter().chain(&rule.verify_images);
            let judged = judged.map(|judged| stated(&judged.failure_action));
            judged.chain(rule.mutate.as_ref().map(|_| Effect::Change)).collect::<Vec<_>>()
        });
        let effect = effects.min().unwrap_or(Effect::Unknown);
        let filters = |rule: &KyvernoRule<'_>| -> Vec<String> {
            let some = rule.r#match.any.iter().chain(&rule.r#match.all).map(|filter| &filter.resources);
            let kinds = some.chain([&rule.r#match.resources]).flat_map(|one| &one.kinds);
            kinds.map(ToString::to_string).collect()
        };
        let kinds: BTreeSet<String> = spec.rules.iter().flat_map(filters).collect();
        let name = match metadata.namespace.filled() {
            Some(namespace) => format!("{namespace}/{}", &*metadata.name),
            None => metadata.name.to_string(),
        };
        self.found.push(made("Kyverno", kind, name, effect, &[of_kinds(kinds)]));
    }

    /// Adds a constraint of Gatekeeper, and what its last audit found.
    pub(super) fn constraint(
        &mut self,
        kind: &str,
        metadata: &Metadata<'_>,
        spec: &ConstraintSpec<'_>,
        status: &ConstraintStatus<'_>,
    ) {
        let effect = match &*spec.enforcement_action {
            "" | "deny" => Effect::Enforce,
            "warn" => Effect::Warn,
            "dryrun" => Effect::Audit,
            _ => Effect::Unknown,
        };
        let kinds = spec.r#match.kinds.iter().flat_map(|one| &one.kinds).map(ToString::to_string).collect();
        let scope = [of_kinds(kinds), audited(status)];
        self.found.push(made("Gatekeeper", kind, metadata.name.to_string(), effect, &scope));
    }

    /// All of it, policies with what binds them.
    pub(super) fn finish(self) -> impl Iterator<Item = Admission> {
        let Self { found, policies, mut bindings } = self;
        let policies = policies.into_iter().map(move |(name, mut scope)| {
            let (effects, places) = bindings.remove(&name).unwrap_or_default();
            // Strictest first.
            let effect = effects.first().copied().unwrap_or(Effect::Unknown);
            scope.extend(places.iter().map(|place| format!("bound in {place}")));
            if places.is_empty() {
                scope.push("nothing was seen to bind it".to_owned());
            }
            made(API_SERVER, "ValidatingAdmissionPolicy", name, effect, &scope)
        });
        found.into_iter().chain(policies)
    }
}

fn made(engine: &str, kind: &str, name: String, effect: Effect, scope: &[String]) -> Admission {
    Admission {
        cluster: None,
        engine: prose(engine),
        kind: prose(kind),
        name,
        effect,
        scope: prose(&scope.iter().filter(|words| !words.is_empty()).cloned().collect::<Vec<_>>().join("; ")),
    }
}

/// Whom a webhook asks: a service of the cluster, or the host of an address.
fn asked(hook: &Webhook<'_>) -> String {
    let config = &hook.client_config;
    if let Some(name) = config.service.name.filled() {
        return format!("{}/{name}", &*config.service.namespace);
    }
    let host = config.url.split_once("://").map_or(&*config.url, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    // What stands before the host is nobody's to read.
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    if host.is_empty() { "nobody named".to_owned() } else { host.to_owned() }
}

/// Resources and operations: `pods, deployments on CREATE, UPDATE`.
fn looked_at<'r, 'a: 'r>(rules: impl Iterator<Item = &'r ResourceRule<'a>>) -> Vec<String> {
    let (mut resources, mut operations) = (BTreeSet::new(), BTreeSet::new());
    for rule in rules {
        resources.extend(rule.resources.iter().map(ToString::to_string));
        operations.extend(rule.operations.iter().map(ToString::to_string));
    }
    let all = |words: BTreeSet<String>| listed(&words.into_iter().collect::<Vec<_>>());
    match (resources.is_empty(), operations.is_empty()) {
        (true, _) => vec!["no resource named".to_owned()],
        (false, true) => vec![all(resources)],
        (false, false) => vec![format!("{} on {}", all(resources), all(operations))],
    }
}

fn of_kinds(kinds: BTreeSet<String>) -> String {
    let kinds: Vec<String> = kinds.into_iter().collect();
    if kinds.is_empty() { "no kind named".to_owned() } else { listed(&kinds) }
}

/// What an audit found: `25 violations when it was audited, by Pod shop/web; 5 not listed`. Nothing where none is known
/// to have been.
fn audited(status: &ConstraintStatus<'_>) -> String {
    let listed_here = status.violations.len() as u64;
    let total = status.total_violations.whole().unwrap_or_default().max(listed_here);
    if total == 0 {
        let known = status.audit_timestamp.filled().is_some() && status.total_violations.whole().is_some();
        return if known { "no violation when it was audited".to_owned() } else { String::new() };
    }
    let objects = status.violations.iter().map(|one| match one.namespace.filled() {
        Some(namespace) => format!("{} {namespace}/{}", one.kind, one.name),
        None => format!("{} {}", one.kind, one.name),
    });
    let objects: Vec<String> = objects.collect::<BTreeSet<_>>().into_iter().collect();
    let mut words = format!("{total} violation{} when it was audited", if total == 1 { "" } else { "s" });
    if !objects.is_empty() {
        words.push_str(&format!(", by {}", listed(&objects)));
    }
    if total > listed_here {
        words.push_str(&format!("; {} not listed", total - listed_here));
    }
    words
}

/// Which namespaces a selector selects: `namespaces with environment=production`.
fn place(selector: &Selector<'_>) -> String {
    let labels = selector.match_labels.iter().map(|(key, value)| format!("{key}={value}"));
    let asked = selector.match_expressions.iter().map(|asks| {
        let values: Vec<String> = asks.values.iter().map(ToString::to_string).collect();
        format!("{} {} {}", asks.key, asks.operator, listed(&values)).trim_end().to_owned()
    });
    let words: Vec<String> = labels.chain(asked).collect();
    if words.is_empty() {
        "every namespace".to_owned()
    } else {
        format!("namespaces with {}", listed(&words))
    }
}

//! Constraints of Gatekeeper, of kinds that templates make: which there are, discovery tells. Refuses to take a discovery
//! that was not answered for a cluster without any.

use domain::source::Completeness;
use serde::Deserialize;

use super::client::Ask;
use super::resource::Resource;
use crate::{Failure, Sink};

/// Gatekeeper makes each kind in both versions.
const GATEKEEPER: &[&str] =
    &["apis/constraints.gatekeeper.sh/v1beta1", "apis/constraints.gatekeeper.sh/v1alpha1"];
/// What telling the kinds takes; whoever is signed in may do it, unless that was taken away.
const DISCOVERY: &str = "/apis/constraints.gatekeeper.sh: get";
/// More kinds than anybody has templates.
const MOST: usize = 1000;

/// Every kind of constraints.
pub(super) const CONSTRAINTS: Resource =
    Resource::of("*.constraints.gatekeeper.sh: list", GATEKEEPER, "*").above();

/// What a server tells of a version of a group.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Discovered {
    kind: String,
    resources: Option<Vec<Told>>,
}

/// What it tells of a kind, or of what hangs below one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    name: String,
    verbs: Option<Vec<String>>,
}

/// Hands on the constraints of all kinds. A cluster without Gatekeeper has none.
///
/// # Errors
/// When the kinds cannot be told, the run was cancelled, or the credentials are refused.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let kinds = kinds(ask).await?;
    let lists: Vec<Resource<'_>> = kinds.iter().map(|plural| of(plural)).collect();
    ask.gather(&lists, sink).await
}

/// Lists one object of each kind.
///
/// # Errors
/// When that is not allowed.
pub(super) async fn listed(ask: &Ask<'_>) -> Result<(), Failure> {
    for plural in kinds(ask).await? {
        ask.probe(&of(&plural)).await?;
    }
    Ok(())
}

/// The constraints of one kind.
fn of(plural: &str) -> Resource<'_> {
    Resource { plural, ..CONSTRAINTS }
}

/// The kinds, as paths have them, by the newest version of the API that the cluster has.
async fn kinds(ask: &Ask<'_>) -> Result<Vec<String>, Failure> {
    for group in GATEKEEPER {
        match ask.get(DISCOVERY, &format!("/{group}")).await {
            Ok(answer) => return told(&answer).map_err(|words| ask.caller.unreadable(DISCOVERY, &words)),
            Err(refused) if refused.refusal.is_absence() => {}
            Err(refused) => return Err(refused.failure),
        }
    }
    Ok(Vec::new())
}

/// The kinds of an answer that can be listed.
fn told(answer: &[u8]) -> Result<Vec<String>, String> {
    let discovered: Discovered = serde_json::from_slice(answer).map_err(|error| error.to_string())?;
    if discovered.kind != "APIResourceList" {
        return Err("no list of kinds".to_owned());
    }
    let listable = |told: &Told| told.verbs.iter().flatten().any(|verb| verb == "list");
    // What has a stroke hangs below an object, such as its status.
    let own = |told: &Told| !told.name.contains('/') && listable(told);
    let kinds: Vec<String> =
        discovered.resources.unwrap_or_default().into_iter().filter(own).map(|told| told.name).collect();
    if kinds.len() > MOST {
        return Err(format!("{} kinds of constraints", kinds.len()));
    }
    if kinds.iter().all(|name| is_plain(name)) {
        Ok(kinds)
    } else {
        Err("a kind that no path can name".to_owned())
    }
}

/// Whether a name is one that servers give to kinds.
fn is_plain(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    !name.is_empty() && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn listed(resources: &Value) -> Result<Vec<String>, String> {
        told(json!({ "kind": "APIResourceList", "resources": resources }).to_string().as_bytes())
    }

    #[test]
    fn kinds_are_what_can_be_listed() {
        let resources = json!([
            { "name": "k8sallowedrepos", "kind": "K8sAllowedRepos", "verbs": ["get", "list"] },
            { "name": "k8sallowedrepos/status", "kind": "K8sAllowedRepos", "verbs": ["get", "list"] },
            { "name": "writeonly", "verbs": ["create"] },
            { "name": "silent", "verbs": null },
        ]);
        assert_eq!(listed(&resources), Ok(vec!["k8sallowedrepos".to_owned()]));
        assert_eq!(listed(&Value::Null), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_discovery_is_not_empty() {
        for answer in ["", "[]", "{}", r#"{"kind":"Status"}"#, r#"{"kind":"APIResourceList","resources":{}}"#]
        {
            assert!(told(answer.as_bytes()).is_err(), "{answer}");
        }
    }

    #[test]
    fn hostile_kinds_are_not_asked_for() {
        for name in ["", "..", "a?watch=1", "a b", "Ä", "a#b", "a%2fb"] {
            assert!(listed(&json!([{ "name": name, "verbs": ["list"] }])).is_err(), "{name}");
        }
        let kind = |number: usize| json!({ "name": format!("k{number}"), "verbs": ["list"] });
        let many: Vec<Value> = (0..=MOST).map(kind).collect();
        assert!(listed(&json!(many[1..])).is_ok_and(|kinds| kinds.len() == MOST));
        assert_eq!(listed(&json!(many)), Err("1001 kinds of constraints".to_owned()));
    }

    #[test]
    fn each_kind_has_its_list() {
        let lists =
            of("k8sallowedrepos").paths("apis/constraints.gatekeeper.sh/v1beta1", &["shop".to_owned()]);
        assert_eq!(lists, ["/apis/constraints.gatekeeper.sh/v1beta1/k8sallowedrepos"]);
    }
}

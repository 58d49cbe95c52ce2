//! What a network policy lets in to the pods it selects. Refuses to say whether anything enforces it: that is the
//! network's to do, and nobody asks it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::port::Port;

/// A network policy of a namespace. Pods that a policy selects let in only what some policy that selects them lets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkPolicy {
    /// Cluster it belongs to, if the document says so; otherwise the submission's.
    pub cluster: Option<String>,
    /// Namespace, whose pods it selects.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// What labels of a pod have to fulfil, all of it; nothing selects every pod.
    pub selector: Vec<Requirement>,
    /// What it lets in: each rule for itself, none for nothing. Absent where it does not speak of what comes in.
    pub ingress: Option<Vec<Rule>>,
}

/// What labels have to fulfil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The label.
    pub key: String,
    /// What is asked of it.
    pub operator: Operator,
    /// The values it is held against.
    pub values: Vec<String>,
}

/// What is asked of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// It is there with one of the values.
    In,
    /// It is absent, or has another value.
    NotIn,
    /// It is there.
    Exists,
    /// It is absent.
    DoesNotExist,
    /// Something that cannot be decided here: an operator that is not known, or a label that differs from replica to
    /// replica.
    Undecided,
}

/// Who is let in, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Who; nobody named is everybody.
    pub from: Vec<Peer>,
    /// At which ports; none named is every port.
    pub ports: Vec<Ports>,
}

/// Who is let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Peer {
    /// Everybody, as far as can be told.
    Everybody,
    /// Pods of the cluster, by their labels or those of their namespaces.
    Pods,
    /// Addresses, as written: `10.0.0.0/8`. What is taken out of them is not told.
    Block(String),
}

/// Ports that a rule opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// `TCP`, `UDP`, `SCTP`.
    pub protocol: String,
    /// The port, or the first of several; absent for all of the protocol.
    pub first: Option<Port>,
    /// The last of several, by its number.
    pub last: Option<u16>,
}

/// Whether a selector selects pods with these labels; nothing where that cannot be decided.
#[must_use]
pub fn selects(selector: &[Requirement], labels: &BTreeMap<String, String>) -> Option<bool> {
    let mut decided = true;
    for requirement in selector {
        match requirement.holds(labels) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => decided = false,
        }
    }
    decided.then_some(true)
}

impl Requirement {
    /// Whether labels fulfil it. Of pods without any label nobody may have told them: what is absent is not decided.
    fn holds(&self, labels: &BTreeMap<String, String>) -> Option<bool> {
        let value = labels.get(&self.key);
        let absent = || if labels.is_empty() { None } else { Some(true) };
        match (self.operator, value) {
            (Operator::Undecided, _) => None,
            (Operator::In, value) => Some(value.is_some_and(|value| self.values.contains(value))),
            (Operator::NotIn, Some(value)) => Some(!self.values.contains(value)),
            (Operator::Exists, value) => Some(value.is_some()),
            (Operator::DoesNotExist, Some(_)) => Some(false),
            (Operator::NotIn | Operator::DoesNotExist, None) => absent(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(key: &str, operator: Operator, values: &[&str]) -> Requirement {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Requirement { key: key.to_owned(), operator, values }
    }

    #[test]
    fn selectors_ask_of_labels() {
        let labels: BTreeMap<String, String> =
            [("app", "web"), ("tier", "front")].map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        for (selector, expected) in [
            (vec![], Some(true)),
            (vec![asks("app", Operator::In, &["web", "api"])], Some(true)),
            (vec![asks("app", Operator::In, &["api"])], Some(false)),
            (vec![asks("gone", Operator::In, &["web"])], Some(false)),
            (vec![asks("app", Operator::NotIn, &["api"])], Some(true)),
            (vec![asks("app", Operator::NotIn, &["web"])], Some(false)),
            (vec![asks("gone", Operator::NotIn, &["web"])], Some(true)),
            (vec![asks("tier", Operator::Exists, &[])], Some(true)),
            (vec![asks("gone", Operator::Exists, &[])], Some(false)),
            (vec![asks("tier", Operator::DoesNotExist, &[])], Some(false)),
            (vec![asks("gone", Operator::DoesNotExist, &[])], Some(true)),
            (vec![asks("app", Operator::In, &["web"]), asks("tier", Operator::Undecided, &[])], None),
            (vec![asks("tier", Operator::Undecided, &[]), asks("app", Operator::In, &["api"])], Some(false)),
        ] {
            assert_eq!(selects(&selector, &labels), expected, "{selector:?}");
        }
    }

    #[test]
    fn of_pods_without_labels_nothing_is_concluded_from_what_is_absent() {
        let none = BTreeMap::new();
        for operator in [Operator::NotIn, Operator::DoesNotExist] {
            assert_eq!(selects(&[asks("app", operator, &["web"])], &none), None);
        }
        assert_eq!(selects(&[], &none), Some(true));
        assert_eq!(selects(&[asks("app", Operator::In, &["web"])], &none), Some(false));
    }
}

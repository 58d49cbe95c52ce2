//! The clusters that a cloud runs, as whoever asks inside finds them: what each is called, where its API server answers,
//! who signs its certificate, and what opens it. Refuses an address without TLS, which would show the token.

use std::sync::Arc;

use domain::source::Completeness;
use futures_util::future::BoxFuture;

use crate::missing::Missing;
use crate::token::Hidden;
use crate::{Context, Failure};

/// A cloud that can be asked which clusters it runs.
pub(crate) trait Cloud: Send + Sync {
    /// The clusters of its accounts, as far as they are seen.
    ///
    /// # Errors
    /// When there are no credentials, or no place could be asked.
    fn doors<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Doors, Failure>>;
}

/// What opens a cluster. Tokens are kept for as long as they are good.
pub(crate) trait Key: Send + Sync {
    /// A token that is good now.
    ///
    /// # Errors
    /// When the cloud gives none.
    fn token<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Arc<Hidden>, Failure>>;

    /// Forgets a token that was not taken, unless another came meanwhile.
    fn refused<'a>(&'a self, token: &'a Hidden) -> BoxFuture<'a, ()>;
}

/// Clusters, and what was not seen of them.
#[derive(Default)]
pub(crate) struct Doors {
    /// In the order in which they were found.
    pub(crate) found: Vec<Door>,
    /// Places that could not be asked, clusters that could not be read.
    pub(crate) missing: Missing,
}

/// A cluster.
pub(crate) struct Door {
    /// What the source of its cloud calls it: `shop (eks 111122223333 eu-west-1)`.
    pub(crate) name: String,
    /// Where it answers.
    pub(crate) way: Way,
    /// How it is entered.
    pub(crate) entry: Entry,
}

/// Where an API server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// Its address, which begins with `https://`.
    pub(crate) server: String,
    /// Who signs its certificate, as PEM in base64; none where the machine's authorities do.
    pub(crate) authority: Option<String>,
}

/// How a cluster is entered.
#[derive(Clone)]
pub(crate) struct Entry {
    /// What opens it.
    pub(crate) key: Arc<dyn Key>,
    /// What to do where it does not.
    pub(crate) advice: Arc<Advice>,
}

/// What to do where a cluster is not entered, in words that end a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Advice {
    /// It does not know who asks.
    pub(crate) unknown: String,
    /// It knows, and does not allow.
    pub(crate) denied: String,
    /// It does not answer.
    pub(crate) unreached: String,
}

impl Way {
    /// A way over TLS.
    ///
    /// # Errors
    /// In words, when the address is none.
    pub(crate) fn new(server: &str, authority: Option<&str>) -> Result<Self, String> {
        let host = server.strip_prefix("https://").unwrap_or_default();
        if host.is_empty() || host.contains(['@', '?', '#', ' ']) || reqwest::Url::parse(server).is_err() {
            return Err(format!("its address `{server}` is none that begins with https://"));
        }
        let authority = authority.map(str::trim).filter(|authority| !authority.is_empty());
        Ok(Self { server: server.to_owned(), authority: authority.map(str::to_owned) })
    }
}

impl Doors {
    /// What several places of a plan answered, together.
    ///
    /// # Errors
    /// When the run was cancelled, or nothing was found and a place could not be asked.
    pub(crate) fn joined(plan: Completeness, places: Vec<Result<Self, Failure>>) -> Result<Self, Failure> {
        let (mut all, mut first) = (Self::default(), None);
        if let Completeness::Partial(reason) = plan {
            all.missing.note(reason);
        }
        for place in places {
            match place {
                Ok(doors) => {
                    all.found.extend(doors.found);
                    all.missing.join(doors.missing);
                }
                Err(Failure::Cancelled) => return Err(Failure::Cancelled),
                Err(failure) => {
                    all.missing.note(&failure);
                    first.get_or_insert(failure);
                }
            }
        }
        match first {
            Some(failure) if all.found.is_empty() => Err(failure),
            _ => Ok(all),
        }
    }

    /// Adds a cluster, or notes why it cannot be entered.
    pub(crate) fn add(&mut self, name: String, way: Result<Way, String>, entry: Entry) {
        match way {
            Ok(way) => self.found.push(Door { name, way, entry }),
            Err(reason) => self.missing.note(format!("the cluster {name} cannot be entered: {reason}")),
        }
    }
}

impl Advice {
    /// A failure of a call to the cluster, with what to do about it. `silent` says that no answer came.
    pub(crate) fn added(&self, failure: Failure, silent: bool) -> Failure {
        match failure {
            Failure::Denied { action, scope, remedy } => {
                Failure::Denied { action, scope, remedy: format!("{remedy}, or {}", self.denied) }
            }
            Failure::Unauthenticated { scope, .. } => {
                Failure::Unauthenticated { scope, remedy: self.unknown.clone() }
            }
            Failure::Vendor { action, scope, detail } if silent => {
                Failure::Vendor { action, scope, detail: format!("{detail}; {}", self.unreached) }
            }
            Failure::TimedOut { action, scope, after } => {
                let detail = format!("no answer within {} s; {}", after.as_secs(), self.unreached);
                Failure::Vendor { action, scope, detail }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::source::Scope;

    use super::*;

    fn scope() -> Scope {
        Scope { account: "shop".to_owned(), region: String::new(), service: "nodes".to_owned() }
    }

    fn denied() -> Failure {
        Failure::Denied { action: "nodes: list".to_owned(), scope: scope(), remedy: "allow it".to_owned() }
    }

    #[test]
    fn only_an_address_with_tls_is_a_way() {
        let way = Way::new("https://a.example.com/clusters/a", Some(" Q0E= ")).unwrap();
        assert_eq!(way.authority.as_deref(), Some("Q0E="));
        assert_eq!(Way::new("https://192.0.2.1", Some("")).unwrap().authority, None);
        for odd in ["", "https://", "http://a.example.com", "https://a@b", "a.example.com", "https://a b"] {
            assert!(Way::new(odd, None).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_place_that_fails_is_noted_and_all_that_fail_are_a_failure() {
        let none = Doors::joined(Completeness::Complete, vec![Ok(Doors::default()), Err(denied())]);
        assert_eq!(none.err(), Some(denied()));
        let empty = Doors::joined(Completeness::Partial("a region".to_owned()), vec![Ok(Doors::default())]);
        let told = empty.map(|doors| doors.missing.completeness());
        assert_eq!(told.ok(), Some(Completeness::Partial("a region".to_owned())));
        let cancelled = Doors::joined(Completeness::Complete, vec![Err(Failure::Cancelled)]);
        assert_eq!(cancelled.err(), Some(Failure::Cancelled));
    }

    #[test]
    fn what_to_do_is_told_in_the_sentence() {
        let advice = Advice {
            unknown: "make an entry".to_owned(),
            denied: "add a policy".to_owned(),
            unreached: "go nearer".to_owned(),
        };
        let told = |failure, silent| advice.added(failure, silent).to_string();
        assert_eq!(
            told(denied(), false),
            "`nodes: list` was denied in shop / nodes: allow it, or add a policy"
        );
        let unknown = Failure::Unauthenticated { scope: scope(), remedy: "look".to_owned() };
        assert_eq!(told(unknown, false), "no credentials that shop / nodes accepts: make an entry");
        let action = "nodes: list".to_owned();
        let after = std::time::Duration::from_secs(2);
        let late = Failure::TimedOut { action: action.clone(), scope: scope(), after };
        assert_eq!(told(late, true), "`nodes: list` failed in shop / nodes: no answer within 2 s; go nearer");
        let vendor = Failure::Vendor { action, scope: scope(), detail: "500".to_owned() };
        assert_eq!(told(vendor, false), "`nodes: list` failed in shop / nodes: 500");
    }
}

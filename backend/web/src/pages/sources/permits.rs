//! What a source must be allowed to do, and what the last test of it came to: one line a permission, the
//! refused ones first. Refuses to call granted what was not tried.

use domain::source::{SourceKind, Trial};

use super::words;

/// Refusals told of one permission; the others are counted.
const MOST: usize = 3;

/// A permission, ready to show.
pub(super) struct Permit {
    /// The vendor's name.
    pub(super) action: String,
    /// What is lost without it.
    pub(super) why: &'static str,
    /// Places where it is granted.
    pub(super) granted: usize,
    /// Places where it is refused.
    pub(super) refused: usize,
    /// Some of the refusals: where, and the sentence that says what to do.
    pub(super) refusals: Vec<(String, String)>,
}

impl Permit {
    /// Whether anybody has tried it.
    pub(super) fn is_tried(&self) -> bool {
        self.granted + self.refused > 0
    }

    /// Refusals that are not told.
    pub(super) fn more(&self) -> usize {
        self.refused - self.refusals.len()
    }
}

/// Every permission of a kind with what its trials came to, and every other one that was tried.
pub(super) fn permits(kind: Option<&SourceKind>, trials: &[Trial]) -> Vec<Permit> {
    let needed = kind.map(|kind| kind.permissions).unwrap_or_default();
    let mut permits: Vec<Permit> = Vec::new();
    for permission in needed {
        if permits.iter().all(|known| known.action != permission.action) {
            permits.push(Permit::new(permission.action, permission.why));
        }
    }
    for trial in trials {
        let known = permits.iter().position(|known| known.action == trial.action);
        let place = known.unwrap_or_else(|| {
            permits.push(Permit::new(&trial.action, ""));
            permits.len() - 1
        });
        permits[place].add(trial);
    }
    // The sort keeps the kind's own order among equals.
    permits.sort_by_key(|permit| (std::cmp::Reverse(permit.refused), permit.is_tried()));
    permits
}

impl Permit {
    fn new(action: &str, why: &'static str) -> Self {
        Self { action: action.to_owned(), why, granted: 0, refused: 0, refusals: Vec::new() }
    }

    fn add(&mut self, trial: &Trial) {
        match &trial.refusal {
            None => self.granted += 1,
            Some(sentence) => {
                self.refused += 1;
                if self.refusals.len() < MOST {
                    self.refusals.push((trial.scope.to_string(), words::cut(sentence)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::source::{Permission, Scope};

    use super::*;

    const KIND: SourceKind = SourceKind {
        kind: "fake",
        title: "",
        summary: "",
        fields: &[],
        permissions: &[
            Permission { action: "read", why: "lists" },
            Permission { action: "scan", why: "findings" },
            Permission { action: "watch", why: "runtime" },
        ],
        docs: "",
    };

    fn trial(action: &str, region: &str, refusal: Option<&str>) -> Trial {
        let scope = Scope { account: "1".to_owned(), region: region.to_owned(), service: "ecr".to_owned() };
        Trial { action: action.to_owned(), scope, refusal: refusal.map(str::to_owned) }
    }

    #[test]
    fn refused_ones_come_first_and_untried_ones_are_not_granted() {
        let mut trials = vec![trial("read", "eu", None), trial("odd", "eu", None)];
        trials.extend((0..5).map(|region| trial("watch", &format!("r{region}"), Some("Grant it."))));
        let told: Vec<_> = permits(Some(&KIND), &trials)
            .into_iter()
            .map(|permit| {
                format!("{} +{} -{} ({} more)", permit.action, permit.granted, permit.refused, permit.more())
            })
            .collect();
        assert_eq!(
            told,
            ["watch +0 -5 (2 more)", "scan +0 -0 (0 more)", "read +1 -0 (0 more)", "odd +1 -0 (0 more)"]
        );
    }
}

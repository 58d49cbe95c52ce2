//! Lists read to their end, probes of permissions, and what was not seen of a scope. Refuses a list whose page
//! token repeats.

use std::fmt::Display;
use std::future::Future;

use domain::source::Completeness;

use super::Ask;
use crate::Failure;
use crate::paging::Pages;

/// Reasons told of one scope; further ones are counted.
const TOLD: usize = 3;

/// A probe: `probe!("ecs:ListClusters", aws_sdk_ecs, |client| client.list_clusters())`.
macro_rules! probe {
    ($action:literal, $sdk:ident, |$client:ident| $request:expr) => {
        $crate::aws::Probe {
            action: $action,
            attempt: |ask| {
                Box::pin(async move {
                    let $client = $sdk::Client::new(&ask.sdk);
                    ask.call($action, || $request.send()).await.map(drop)
                })
            },
        }
    };
}
pub(super) use probe;

impl Ask<'_> {
    /// Reads a list to its end. `page` makes the call for one page and answers its rows and the next token.
    ///
    /// # Errors
    /// When a page cannot be had, or a token repeats.
    pub(super) async fn list<T, Page>(
        &self,
        action: &str,
        page: impl Fn(Option<String>) -> Page,
    ) -> Result<Vec<T>, Failure>
    where
        Page: Future<Output = Result<(Vec<T>, Option<String>), Failure>>,
    {
        let (mut rows, mut pages, mut token) = (Vec::new(), Pages::default(), None);
        loop {
            let (more, next) = page(token).await?;
            rows.extend(more);
            token = self.next(action, &mut pages, next)?;
            if token.is_none() {
                return Ok(rows);
            }
        }
    }
}

/// What was not seen of a scope, each reason once.
#[derive(Debug, Default)]
pub(super) struct Missing {
    reasons: Vec<String>,
    more: usize,
}

impl Missing {
    /// Notes something.
    pub(super) fn note(&mut self, reason: impl Display) {
        let reason = reason.to_string();
        if self.reasons.contains(&reason) {
            return;
        }
        if self.reasons.len() < TOLD {
            self.reasons.push(reason);
        } else {
            self.more += 1;
        }
    }

    /// The answer, or nothing with a note: the scope goes on without it.
    ///
    /// # Errors
    /// When the run was cancelled or the credentials are refused: nothing further would be answered.
    pub(super) fn without<T>(&mut self, answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(failure @ (Failure::Cancelled | Failure::Unauthenticated { .. })) => Err(failure),
            Err(failure) => {
                self.note(failure);
                Ok(None)
            }
        }
    }

    /// Takes over what another noted.
    pub(super) fn join(&mut self, other: Self) {
        self.more += other.more;
        other.reasons.into_iter().for_each(|reason| self.note(reason));
    }

    /// Complete when nothing was noted.
    pub(super) fn completeness(self) -> Completeness {
        if self.reasons.is_empty() {
            return Completeness::Complete;
        }
        let mut told = self.reasons.join("; ");
        if self.more > 0 {
            told.push_str(&format!("; and {} more", self.more));
        }
        Completeness::Partial(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_once_and_not_without_end() {
        let mut missing = Missing::default();
        for reason in ["a", "b", "a", "c", "d", "e"] {
            missing.note(reason);
        }
        assert_eq!(missing.completeness(), Completeness::Partial("a; b; c; and 2 more".to_owned()));
        assert_eq!(Missing::default().completeness(), Completeness::Complete);
    }

    #[test]
    fn a_cancelled_run_is_not_a_gap() {
        let mut missing = Missing::default();
        assert_eq!(missing.without::<()>(Err(Failure::Cancelled)), Err(Failure::Cancelled));
        assert_eq!(missing.completeness(), Completeness::Complete);
    }
}

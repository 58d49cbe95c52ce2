//! What was not seen of a scope, in words. Refuses to repeat itself, and to go on without end.

use std::fmt::Display;

use domain::source::Completeness;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};

use crate::Failure;

/// Reasons told of one scope; further ones are counted.
const TOLD: usize = 5;

/// What was not seen of a scope, each reason once.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    reasons: Vec<String>,
    more: usize,
}

impl Missing {
    /// Notes something.
    pub(crate) fn note(&mut self, reason: impl Display) {
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
    pub(crate) fn without<T>(&mut self, answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
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
    pub(crate) fn join(&mut self, other: Self) {
        self.more += other.more;
        other.reasons.into_iter().for_each(|reason| self.note(reason));
    }

    /// Does something for each, several at once. What fails for one is noted, in the order of these; what would fail for
    /// all of them ends it.
    ///
    /// # Errors
    /// When nothing further would be answered.
    pub(crate) async fn of_each<'f, T>(
        each: Vec<T>,
        at_once: usize,
        work: impl Fn(T) -> BoxFuture<'f, Result<Self, Failure>>,
    ) -> Result<Self, Failure> {
        let work = |(place, one)| work(one).map(move |done| (place, done));
        let mut working =
            stream::iter(each.into_iter().enumerate()).map(work).buffer_unordered(at_once.max(1));
        let mut noted = Vec::new();
        while let Some((place, done)) = working.next().await {
            let mut missing = Self::default();
            match done {
                Ok(more) => missing = more,
                Err(failure @ (Failure::Throttled { .. } | Failure::TimedOut { .. })) => return Err(failure),
                Err(failure) => drop(missing.without::<()>(Err(failure))?),
            }
            if !missing.is_empty() {
                noted.push((place, missing));
            }
        }
        noted.sort_unstable_by_key(|(place, _)| *place);
        let mut all = Self::default();
        noted.into_iter().for_each(|(_, missing)| all.join(missing));
        Ok(all)
    }

    /// Whether nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Complete when nothing was noted.
    pub(crate) fn completeness(self) -> Completeness {
        if self.is_empty() {
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
        for reason in ["a", "b", "a", "c", "d", "e", "f", "g"] {
            missing.note(reason);
        }
        assert_eq!(missing.completeness(), Completeness::Partial("a; b; c; d; e; and 2 more".to_owned()));
        assert_eq!(Missing::default().completeness(), Completeness::Complete);
    }

    #[test]
    fn a_cancelled_run_is_not_a_gap() {
        let mut missing = Missing::default();
        assert_eq!(missing.without::<()>(Err(Failure::Cancelled)), Err(Failure::Cancelled));
        assert_eq!(missing.completeness(), Completeness::Complete);
    }
}

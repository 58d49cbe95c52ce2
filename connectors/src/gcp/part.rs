//! A part of a thing that takes a call of its own. Refuses to overwrite what was known with what could not be read
//! this time: only a missing permission leaves a part untold for good.

use crate::Failure;
use crate::missing::Missing;

/// What became of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<T> {
    /// It was answered.
    Told(T),
    /// It is not allowed: the thing is told without this part.
    Denied,
    /// It failed: the thing stays as it was seen last.
    Unread,
}

impl<T> Part<T> {
    /// Notes what is missing.
    ///
    /// # Errors
    /// When the run was cancelled or the credentials are refused: nothing further would be answered.
    pub(super) fn of(answer: Result<T, Failure>, missing: &mut Missing) -> Result<Self, Failure> {
        let denied = matches!(answer, Err(Failure::Denied { .. }));
        Ok(match missing.without(answer)? {
            Some(told) => Self::Told(told),
            None if denied => Self::Denied,
            None => Self::Unread,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::source::{Completeness, Scope};

    use super::*;

    #[test]
    fn only_a_denial_leaves_a_part_untold() {
        let scope = Scope { account: String::new(), region: String::new(), service: "gke".to_owned() };
        let (action, detail) = ("a".to_owned(), String::new());
        let failed = Failure::Vendor { action: action.clone(), scope: scope.clone(), detail };
        let denied = Failure::Denied { action, scope, remedy: String::new() };
        let mut missing = Missing::default();
        assert_eq!(Part::of(Ok(1), &mut missing), Ok(Part::Told(1)));
        assert_eq!(Part::<u8>::of(Err(failed), &mut missing), Ok(Part::Unread));
        assert_eq!(Part::<u8>::of(Err(denied), &mut missing), Ok(Part::Denied));
        assert_eq!(Part::<u8>::of(Err(Failure::Cancelled), &mut missing), Err(Failure::Cancelled));
        assert!(matches!(missing.completeness(), Completeness::Partial(_)));
    }
}

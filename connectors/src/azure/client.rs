//! Every call to Azure goes through [`Caller`]. Refuses to tell what an answer means: [`Refusal`] does.

use std::ops::Deref;

use super::refusal::Refusal;
use crate::caller;
use crate::http::{Answer, Asker, Request};

/// Makes calls in one scope.
#[derive(Clone, Debug)]
pub(super) struct Caller(pub(super) Asker);

/// Why a call was given up, with what Azure said where it refused.
pub(super) type Unsettled = caller::Unsettled<Refusal>;

impl Caller {
    /// Makes a call until it is answered, refused or out of time.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(super) async fn settle(&self, action: &str, request: &Request) -> Result<Answer, Unsettled> {
        self.0.settle(action, request).await
    }
}

impl Deref for Caller {
    type Target = caller::Caller;

    fn deref(&self) -> &caller::Caller {
        &self.0.caller
    }
}

//! Lists read to their end, and probes of permissions. Refuses a list whose page token repeats.

use std::future::Future;

use super::Ask;
use crate::Failure;
use crate::paging::Pages;

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

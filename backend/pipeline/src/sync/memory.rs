//! What connectors remember from one run to the next, in the store. Refuses to fail a run: what cannot be recalled is
//! read again, and the journal of the process says why.

use std::collections::{HashMap, HashSet};

use connectors::Memory;
use domain::reference::ImageReference;
use futures_util::future::BoxFuture;
use store::Store;
use store::save::documents::{self, Read};
use store::save::remembered;

/// Memory that lasts.
#[derive(Clone)]
pub(super) struct Lasting(pub(super) Store);

impl std::fmt::Debug for Lasting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Lasting")
    }
}

impl Memory for Lasting {
    fn recall<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, HashMap<String, Vec<u8>>> {
        Box::pin(async {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            or_nothing(remembered::recall(&self.0, &words).await).into_iter().collect()
        })
    }

    fn remember<'a>(&'a self, contents: &'a [(String, Vec<u8>)]) -> BoxFuture<'a, ()> {
        Box::pin(async { or_nothing(remembered::remember(&self.0, contents, chrono::Utc::now()).await) })
    }

    fn on_record<'a>(
        &'a self,
        wanted: &'a [(String, ImageReference)],
    ) -> BoxFuture<'a, HashSet<(String, ImageReference)>> {
        Box::pin(async { or_nothing(documents::on_record(&self.0, wanted).await) })
    }

    fn read_before<'a>(&'a self, cluster: &'a str, digests: &'a [String]) -> BoxFuture<'a, HashSet<String>> {
        Box::pin(async move {
            let read = or_nothing(documents::read_of(&self.0, cluster, digests).await).into_iter();
            let of_today = |read: &Read| {
                formats::by_kind(&read.kind).is_some_and(|format| format.version == read.version)
            };
            read.filter(of_today).map(|read| read.digest).collect()
        })
    }
}

fn or_nothing<T: Default>(answer: Result<T, store::Error>) -> T {
    answer.unwrap_or_else(|error| {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "what was remembered of a source cannot be used"
        );
        T::default()
    })
}

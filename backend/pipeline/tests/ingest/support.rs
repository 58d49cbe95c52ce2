//! Taking documents in and looking at what is there.

use chrono::{DateTime, TimeDelta, Utc};
use domain::document::Provenance;
use pipeline::Outcome;
use pipeline::ingest;
use store::Store;

/// The most bytes of a document here.
pub(crate) const SIZE: u64 = 64 << 20;

/// The moment at which tests take documents in: after every time they state.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-06-01T00:00:00Z").unwrap().to_utc()
}

/// What comes with a document.
pub(crate) fn provenance() -> Provenance {
    Provenance {
        name: "report.json".to_owned(),
        source: "test".to_owned(),
        image: None,
        cluster: Some("prod".to_owned()),
        as_of: now() - TimeDelta::days(1),
    }
}

/// Takes a document in that must be readable.
#[track_caller]
pub(crate) fn take(store: &Store, bytes: Vec<u8>) -> impl Future<Output = Outcome> {
    let at = std::panic::Location::caller();
    async move {
        let outcome = ingest::ingest(store, bytes, &provenance(), SIZE, now()).await.unwrap();
        assert_eq!(outcome.error(), None, "{at}");
        outcome
    }
}

/// Takes a readable document in that was looked at so long before [`now`].
pub(crate) async fn take_from(store: &Store, bytes: Vec<u8>, ago: TimeDelta) -> Outcome {
    let provenance = Provenance { as_of: now() - ago, ..provenance() };
    let outcome = ingest::ingest(store, bytes, &provenance, SIZE, now()).await.unwrap();
    assert_eq!(outcome.error(), None);
    outcome
}

/// Added, closed, unchanged, unresolved.
pub(crate) fn changes(outcome: &Outcome) -> [u64; 4] {
    let changes = outcome.changes();
    [changes.added, changes.closed, changes.unchanged, changes.unresolved]
}

/// One whole number from the database.
pub(crate) async fn number(store: &Store, sql: &str) -> i64 {
    store.number(sql).await.unwrap()
}

/// How many open findings there are.
pub(crate) async fn open_findings(store: &Store) -> i64 {
    number(store, "SELECT COUNT(*) FROM findings WHERE closed_at IS NULL").await
}

/// How many images there are.
pub(crate) async fn images(store: &Store) -> i64 {
    number(store, "SELECT COUNT(*) FROM images").await
}

//! Which events were seen before, so that one that comes again counts once. Refuses to remember forever: retention forgets
//! the oldest.

use std::collections::HashMap;

use domain::id::EventId;

use crate::bulk::{self, Given, Type, query_given};
use crate::{Error, Tx};

/// An event as it was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How often its sensor had counted it.
    pub count: i64,
    /// Whether its sensor had put it away.
    pub archived: bool,
}

/// Those of some events that were seen.
///
/// # Errors
/// When the database does not answer.
pub async fn seen(tx: &Tx, ids: &[EventId]) -> Result<HashMap<EventId, Seen>, Error> {
    let sql = "SELECT s.event_id, s.count, s.archived FROM given JOIN runtime_events_seen s ON s.event_id = given.key";
    let rows = query_given(tx, Given::ids(ids.iter().copied()), sql, vec![]).await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, Seen { count: row.integer(1)?, archived: row.boolean(2)? })))
        .collect()
}

/// Remembers events. Distinct by id.
///
/// # Errors
/// When the database cannot be written.
pub async fn remember(tx: &Tx, events: &[(EventId, Seen)], at: i64) -> Result<(), Error> {
    let mut given = Given::new(SEEN);
    for (id, seen) in events {
        given.push([bulk::id(*id), seen.count.into(), seen.archived.into()]);
    }
    let sql = "INSERT INTO runtime_events_seen (event_id, count, archived, received_at) \
               SELECT event_id, count, archived, $1 FROM given WHERE true \
               ON CONFLICT (event_id) DO UPDATE SET count = excluded.count, archived = excluded.archived, \
               received_at = excluded.received_at";
    tx.execute_given(given, sql, vec![at.into()]).await?;
    Ok(())
}

const SEEN: &[(&str, Type)] =
    &[("event_id", Type::Bytes), ("count", Type::Integer), ("archived", Type::Boolean)];

//! What the Overview shows, in a fixed number of queries. Refuses to compute a score: it adds up and
//! ranks what the last rescore wrote.

mod estate;
mod history;
#[cfg(test)]
mod tests;
mod types;

use chrono::{DateTime, Utc};
use domain::scope::Viewer;

pub use types::{
    Coverage, ExploitedContainer, Gap, Headline, Move, NextFix, Overview, Slices, Source, TrendEvent,
    TrendPoint, WorstWorkload,
};

use crate::{Error, Store};

/// Rows in each short list of the Overview.
const SHORT: i64 = 8;

/// Reads the whole Overview as of `now`, in ten queries. A scan made before `stale_before` covers nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn read(
    store: &Store,
    viewer: &Viewer,
    now: DateTime<Utc>,
    stale_before: DateTime<Utc>,
) -> Result<Overview, Error> {
    if !viewer.sees_everything() {
        return Ok(Overview::default());
    }
    let days = history::history(store, now).await?;
    let (workload_count, gap) = estate::gap(store).await?;
    let (exploited, exploited_count) = estate::exploited(store).await?;
    Ok(Overview {
        score: history::headline(store, &days, now).await?,
        slices: days.last().map(|day| day.slices.clone()).unwrap_or_default(),
        moves: history::moves(store, now).await?,
        events: history::events(store, now).await?,
        trend: days.into_iter().map(|day| day.point).collect(),
        gap,
        worst: estate::worst(store).await?,
        workload_count,
        fixes: estate::fixes(store).await?,
        exploited,
        exploited_count,
        coverage: estate::coverage(store, stale_before).await?,
        sources: estate::sources(store).await?,
    })
}

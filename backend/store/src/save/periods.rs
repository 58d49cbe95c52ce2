//! Work that one process does for all, once in a while. Refuses to let two processes begin it in one period.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Error, Store, bulk};

/// Takes the work in hand, unless somebody began it within this time; tells whether it is the caller's now.
///
/// # Errors
/// When the database cannot be written.
pub async fn begin(store: &Store, work: &str, period: TimeDelta, now: DateTime<Utc>) -> Result<bool, Error> {
    let sql = "INSERT INTO periodic_work (work, begun_at) VALUES ($1, $2) ON CONFLICT (work) \
               DO UPDATE SET begun_at = excluded.begun_at WHERE periodic_work.begun_at <= $3";
    let tx = store.begin().await?;
    let ours = tx.execute(sql, vec![work.into(), bulk::time(now), bulk::time(now - period)]).await? == 1;
    tx.commit().await?;
    Ok(ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::on_each_database;

    #[tokio::test]
    async fn one_begins_in_each_period() {
        on_each_database(async |store| {
            let start: DateTime<Utc> = "2026-11-25T10:00:00Z".parse().unwrap();
            let begun = async |work: &str, minutes: i64| {
                let now = start + TimeDelta::minutes(minutes);
                begin(&store, work, TimeDelta::minutes(15), now).await.unwrap()
            };
            let mut seen = Vec::new();
            for minute in [0, 0, 14, 15, 15, 29, 60] {
                seen.push(begun("judge", minute).await);
            }
            assert_eq!(seen, [true, false, false, true, false, false, true]);
            assert!(begun("other", 60).await);
            let (one, two) = tokio::join!(begun("judge", 90), begun("judge", 90));
            assert!(one != two, "{one} and {two}");
        })
        .await;
    }
}

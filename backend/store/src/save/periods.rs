//! Work that one process does for all: once in a while, or for as long as it renews what it began. Refuses to let two
//! processes begin it in one period.

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

/// Goes on with work that was begun, or renewed last, at this moment; tells whether it is still the caller's. Who begins it
/// a period after that has it.
///
/// # Errors
/// When the database cannot be written.
pub async fn renew(
    store: &Store,
    work: &str,
    begun: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let sql = "UPDATE periodic_work SET begun_at = $3 WHERE work = $1 AND begun_at = $2";
    let tx = store.begin().await?;
    let ours = tx.execute(sql, vec![work.into(), bulk::time(begun), bulk::time(now)]).await? == 1;
    tx.commit().await?;
    Ok(ours)
}

/// Leaves work that was begun, or renewed last, at this moment to whoever begins it next, at once.
///
/// # Errors
/// When the database cannot be written.
pub async fn leave(store: &Store, work: &str, begun: DateTime<Utc>) -> Result<(), Error> {
    let tx = store.begin().await?;
    let sql = "DELETE FROM periodic_work WHERE work = $1 AND begun_at = $2";
    tx.execute(sql, vec![work.into(), bulk::time(begun)]).await?;
    tx.commit().await
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

    #[tokio::test]
    async fn who_renews_keeps_it_and_who_leaves_it_gives_it_away() {
        on_each_database(async |store| {
            let start: DateTime<Utc> = "2026-11-25T10:00:00Z".parse().unwrap();
            let at = |seconds: i64| start + TimeDelta::seconds(seconds);
            let begin =
                async |now: i64| begin(&store, "follow", TimeDelta::seconds(60), at(now)).await.unwrap();
            let renew =
                async |begun: i64, now: i64| renew(&store, "follow", at(begun), at(now)).await.unwrap();
            assert!(begin(0).await && !begin(30).await);
            assert!(renew(0, 40).await && !begin(61).await, "it was renewed in between");
            assert!(begin(100).await && !renew(40, 101).await, "another has it");
            leave(&store, "follow", at(40)).await.unwrap();
            assert!(!begin(102).await, "what is another's cannot be left");
            leave(&store, "follow", at(100)).await.unwrap();
            assert!(begin(103).await);
        })
        .await;
    }
}

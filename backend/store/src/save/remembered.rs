//! What connectors remember of things that never change. Refuses to say anything of what was forgotten: it is read again.

use chrono::{DateTime, Utc};

use crate::bulk::{self, Given, Type, query_given};
use crate::{Error, Store};

/// The most that is forgotten at once, so that a registry is not read anew all at a time.
const FORGOTTEN_AT_ONCE: i64 = 1000;

/// What is remembered, of these words.
///
/// # Errors
/// When the database does not answer.
pub async fn recall(store: &Store, words: &[&str]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let sql = "SELECT r.word, r.contents FROM given JOIN remembered r ON r.word = given.key";
    let rows = query_given(store, Given::texts(words.iter().copied()), sql, vec![]).await?;
    rows.iter().map(|row| Ok((row.text("word")?, row.bytes("contents")?))).collect()
}

/// Remembers this; what is remembered already stays as it is.
///
/// # Errors
/// When the database cannot be written.
pub async fn remember(
    store: &Store,
    contents: &[(String, Vec<u8>)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut given = Given::new(&[("word", Type::Text), ("contents", Type::Bytes)]);
    for (word, bytes) in contents {
        given.push([word.as_str().into(), bytes.clone().into()]);
    }
    let sql = "INSERT INTO remembered (word, contents, remembered_at) SELECT word, contents, $1 FROM given \
               WHERE true ON CONFLICT (word) DO NOTHING";
    let tx = store.begin().await?;
    tx.execute_given(given, sql, vec![bulk::time(now)]).await?;
    tx.commit().await
}

/// Forgets some of what was remembered before a moment, the oldest first.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget(store: &Store, before: DateTime<Utc>) -> Result<(), Error> {
    let sql = "DELETE FROM remembered WHERE word IN (SELECT word FROM remembered WHERE remembered_at < $1 \
               ORDER BY remembered_at LIMIT $2)";
    let tx = store.begin().await?;
    tx.execute(sql, vec![bulk::time(before), FORGOTTEN_AT_ONCE.into()]).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::test_support::on_each_database;

    #[tokio::test]
    async fn what_is_remembered_stays_until_it_is_old() {
        on_each_database(async |store| {
            let start: DateTime<Utc> = "2026-11-25T10:00:00Z".parse().unwrap();
            let told = |word: &str, bytes: &[u8]| (word.to_owned(), bytes.to_vec());
            remember(&store, &[told("a", b"one"), told("b", b"\0two")], start).await.unwrap();
            remember(&store, &[told("a", b"other"), told("c", b"three")], start + TimeDelta::days(1))
                .await
                .unwrap();
            let mut known = recall(&store, &["a", "b", "c", "d"]).await.unwrap();
            known.sort();
            assert_eq!(known, [told("a", b"one"), told("b", b"\0two"), told("c", b"three")]);
            forget(&store, start + TimeDelta::hours(1)).await.unwrap();
            assert_eq!(recall(&store, &["a", "b", "c"]).await.unwrap(), [told("c", b"three")]);
        })
        .await;
    }
}

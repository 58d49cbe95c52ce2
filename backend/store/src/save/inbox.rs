//! The inbox of runtime events: bodies as they were sent, kept until they are read, in the order of receipt. Refuses to read
//! them.

use crate::bulk::{Given, Type};
use crate::connection::Conn;
use crate::{Error, Store, Tx};

/// A body on its way in, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// What people call it: who sent it.
    pub name: String,
    /// The cluster it speaks of where it names none.
    pub cluster: Option<String>,
    /// When it arrived, in milliseconds.
    pub received_at: i64,
    /// As it was sent.
    pub body: Vec<u8>,
}

/// A body that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number, in the order of receipt.
    pub number: i64,
    /// What arrived.
    pub incoming: Incoming,
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Bodies.
    pub bodies: u64,
    /// Their bytes.
    pub bytes: u64,
}

const INCOMING: &[(&str, Type)] = &[
    ("name", Type::Text),
    ("cluster", Type::Text),
    ("received_at", Type::Integer),
    ("size", Type::Integer),
    ("body", Type::Bytes),
];

/// Adds bodies.
///
/// # Errors
/// When the database cannot be written.
pub async fn add(tx: &Tx, bodies: Vec<Incoming>) -> Result<(), Error> {
    let mut given = Given::new(INCOMING);
    for one in bodies {
        let size = i64::try_from(one.body.len()).unwrap_or(i64::MAX);
        given.push([
            one.name.into(),
            one.cluster.into(),
            one.received_at.into(),
            size.into(),
            one.body.into(),
        ]);
    }
    let sql = "INSERT INTO event_inbox (name, cluster, received_at, size, body) \
               SELECT name, cluster, received_at, size, body FROM given WHERE true";
    tx.execute_given(given, sql, vec![]).await?;
    Ok(())
}

/// The oldest bodies that wait: at most so many, and beyond the first at most so many bytes.
///
/// # Errors
/// When the database does not answer.
pub async fn oldest(store: &Store, most: u32, bytes: i64) -> Result<Vec<Waiting>, Error> {
    let sql = "SELECT number, size FROM event_inbox ORDER BY number LIMIT $1";
    let rows = store.query(sql, vec![i64::from(most).into()]).await?;
    let (mut last, mut total) = (None, 0_i64);
    for row in &rows {
        total = total.saturating_add(row.integer(1)?);
        if last.is_some() && total > bytes {
            break;
        }
        last = Some(row.integer(0)?);
    }
    let Some(last) = last else { return Ok(Vec::new()) };
    let sql =
        "SELECT number, name, cluster, received_at, body FROM event_inbox WHERE number <= $1 ORDER BY number";
    let rows = store.query(sql, vec![last.into()]).await?;
    rows.iter()
        .map(|row| {
            let incoming = Incoming {
                name: row.text(1)?,
                cluster: row.optional_text(2)?,
                received_at: row.integer(3)?,
                body: row.bytes(4)?,
            };
            Ok(Waiting { number: row.integer(0)?, incoming })
        })
        .collect()
}

/// Takes bodies out; tells how many of them were still there.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &Tx, numbers: &[i64]) -> Result<u64, Error> {
    let mut given = Given::new(&[("key", Type::Integer)]);
    for number in numbers {
        given.push([(*number).into()]);
    }
    tx.execute_given(given, "DELETE FROM event_inbox WHERE number IN (SELECT key FROM given)", vec![]).await
}

/// How much waits.
///
/// # Errors
/// When the database does not answer.
pub async fn backlog(store: &Store) -> Result<Backlog, Error> {
    // PostgreSQL adds whole numbers up to a number of another type.
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM event_inbox";
    let row = store.query_one(sql, vec![]).await?.ok_or(Error::NotFound("inbox"))?;
    Ok(Backlog { bodies: row.count(0)?, bytes: row.count(1)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::on_each_database;

    fn body(text: &str) -> Incoming {
        Incoming { name: "falco".to_owned(), cluster: None, received_at: 7, body: text.as_bytes().to_vec() }
    }

    #[tokio::test]
    async fn what_came_first_is_read_first_and_taken_out_once() {
        on_each_database(async |store| {
            for bodies in [vec![body("one"), body("two!")], vec![body("three")]] {
                let tx = store.begin().await.unwrap();
                add(&tx, bodies).await.unwrap();
                tx.commit().await.unwrap();
            }
            assert_eq!(backlog(&store).await.unwrap(), Backlog { bodies: 3, bytes: 12 });
            assert_eq!(oldest(&store, 2, 1).await.unwrap().len(), 1, "a large one comes alone");
            let first = oldest(&store, 2, 100).await.unwrap();
            let bodies: Vec<&Incoming> = first.iter().map(|one| &one.incoming).collect();
            assert_eq!(bodies, [&body("one"), &body("two!")]);
            let numbers: Vec<i64> = first.iter().map(|one| one.number).collect();
            for expected in [2, 0] {
                let tx = store.begin().await.unwrap();
                assert_eq!(remove(&tx, &numbers).await.unwrap(), expected);
                tx.commit().await.unwrap();
            }
            assert_eq!(backlog(&store).await.unwrap(), Backlog { bodies: 1, bytes: 5 });
        })
        .await;
    }
}

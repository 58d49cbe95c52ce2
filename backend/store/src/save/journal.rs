//! The journal: one line for each thing that was done. Refuses secrets and stack traces.

use domain::id::DocumentId;

use crate::bulk::{Given, Type};
use crate::{Error, Tx};

/// One line.
#[derive(Clone, Debug)]
pub struct Entry {
    /// A word for the kind of event: `read`, `failed`, `images-joined`.
    pub event: &'static str,
    /// What it is about, for people.
    pub subject: String,
    /// What happened, in a sentence.
    pub message: String,
}

/// Adds lines.
///
/// # Errors
/// When the database cannot be written.
pub async fn add(tx: &Tx, at: i64, document: Option<DocumentId>, entries: &[Entry]) -> Result<(), Error> {
    let mut given = Given::new(&[("event", Type::Text), ("subject", Type::Text), ("message", Type::Text)]);
    for entry in entries {
        given.push([entry.event.into(), entry.subject.as_str().into(), entry.message.as_str().into()]);
    }
    let sql = "INSERT INTO journal (at, event, document_id, subject, message) \
               SELECT $1, event, $2, subject, message FROM given WHERE true";
    let document = document.map(|id| id.as_bytes().to_vec());
    tx.execute_given(given, sql, vec![at.into(), document.into()]).await?;
    Ok(())
}

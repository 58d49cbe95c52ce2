//! Signatures of an image, its own and those of the indexes that list it, and what became of checking them. Refuses to
//! take an image that nobody looked at for one that is not signed.

use domain::id::{DocumentId, ImageId};
use domain::scope::Viewer;
use domain::signature::State;

use crate::bulk;
use crate::connection::Conn;
use crate::{Error, Store};

/// Whether an image is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// One of its signatures is verified.
    Verified,
    /// One of them is invalid, and none is verified.
    Invalid,
    /// It has signatures for which nobody vouches.
    Unverified,
    /// Somebody looked beside it and found none.
    Unsigned,
    /// Nobody looked.
    #[default]
    Unknown,
}

impl Standing {
    /// All, the best first.
    pub const ALL: [Self; 5] =
        [Self::Verified, Self::Unverified, Self::Unsigned, Self::Invalid, Self::Unknown];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => State::Verified.as_str(),
            Self::Invalid => State::Invalid.as_str(),
            Self::Unverified => State::Unverified.as_str(),
            Self::Unsigned => "unsigned",
            Self::Unknown => "unknown",
        }
    }

    /// What a stored word stands for.
    #[must_use]
    pub fn of(word: Option<&str>) -> Self {
        let known = |word: &str| Self::ALL.into_iter().find(|standing| standing.as_str() == word);
        word.and_then(known).unwrap_or_default()
    }
}

/// A signature as it was judged.
#[derive(Clone, Debug)]
pub struct SignatureRow {
    /// The document that holds it.
    pub document: DocumentId,
    /// The digest that it is on: the image's, or that of an index which lists it.
    pub subject: String,
    /// What became of it.
    pub state: State,
    /// Why.
    pub sentence: String,
}

/// The signatures of an image, those that decide how it stands first.
///
/// # Errors
/// When the database does not answer.
pub async fn signatures(store: &Store, _: &Viewer, id: ImageId) -> Result<Vec<SignatureRow>, Error> {
    let sql = "SELECT document_id, subject, state, sentence FROM signatures WHERE subject IN \
               (SELECT digest FROM image_digests WHERE image_id = $1) ORDER BY \
               CASE state WHEN 'verified' THEN 1 WHEN 'invalid' THEN 2 ELSE 3 END, sentence, id LIMIT 200";
    let rows = store.query(sql, vec![bulk::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(SignatureRow {
                document: row.id("document_id")?,
                subject: row.text("subject")?,
                state: State::of(&row.text("state")?).unwrap_or(State::Unverified),
                sentence: row.text("sentence")?,
            })
        })
        .collect()
}

//! Signatures of images, by the document that holds them, and what became of checking them. Refuses to judge, and to keep
//! a word that was given by other keys than today's.

use std::collections::BTreeSet;

use domain::digest::Digest;
use domain::id::{DocumentId, Id, ImageId};
use domain::signature::{Signed, State};

use crate::bulk::{self, Given, Type};
use crate::connection::Conn;
use crate::{Error, Store, Tx};

/// Tells a signature from all others.
pub type SignatureId = Id<SignatureMark>;

/// Marks the ids of signatures.
#[derive(Clone, Copy, Debug)]
pub enum SignatureMark {}

/// What is said of a signature that nobody has judged.
const UNJUDGED: &str = "It was not checked yet.";

/// The strongest word on an image: of the signatures on a digest that leads to it.
const STRONGEST: &str = "(SELECT s.state FROM image_digests d JOIN signatures s ON s.subject = d.digest \
    WHERE d.image_id = images.id ORDER BY CASE s.state WHEN 'verified' THEN 1 WHEN 'invalid' THEN 2 ELSE 3 END LIMIT 1)";

/// A signature that has to be judged.
#[derive(Clone, Debug)]
pub struct Unjudged {
    /// Which one.
    pub id: SignatureId,
    /// The digest that it is on.
    pub subject: String,
    /// The signature; absent where what is stored cannot be read.
    pub signed: Option<Signed>,
}

/// A signature that was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Which one.
    pub id: SignatureId,
    /// The digest that it is on.
    pub subject: String,
    /// What became of it.
    pub state: State,
    /// Why.
    pub sentence: String,
}

/// Replaces the signatures that a document holds, each with the digest that it is on, unjudged.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace(tx: &Tx, document: DocumentId, signatures: &[(&Digest, &Signed)]) -> Result<(), Error> {
    let sql = "SELECT DISTINCT subject FROM signatures WHERE document_id = $1";
    let rows = tx.query(sql, vec![bulk::id(document)]).await?;
    let mut subjects: BTreeSet<String> =
        rows.iter().map(|row| row.text("subject")).collect::<Result<_, Error>>()?;
    if subjects.is_empty() && signatures.is_empty() {
        return Ok(());
    }
    tx.execute("DELETE FROM signatures WHERE document_id = $1", vec![bulk::id(document)]).await?;
    subjects.extend(signatures.iter().map(|(subject, _)| subject.to_string()));
    let mut given = Given::new(SIGNATURE);
    for (number, (subject, signed)) in signatures.iter().enumerate() {
        let place = (number as u64).to_le_bytes();
        let id: SignatureId = Id::derived(&[document.as_bytes(), &place]);
        given.push([bulk::id(id), subject.as_str().into(), bulk::optional_json(Some(signed))]);
    }
    let sql = "INSERT INTO signatures (id, document_id, subject, signed, state, sentence, judged_by) \
               SELECT id, $1, subject, signed, $2, $3, '' FROM given";
    let unverified = State::Unverified.as_str().into();
    tx.execute_given(given, sql, vec![bulk::id(document), unverified, UNJUDGED.into()]).await?;
    settle(tx, &subjects).await
}

/// Says how images stand beside which somebody looked: those on which there is no signature are not signed.
///
/// # Errors
/// When the database cannot be written.
pub async fn searched(tx: &Tx, images: &[ImageId]) -> Result<(), Error> {
    let sql = format!(
        "UPDATE images SET signing = COALESCE({STRONGEST}, 'unsigned') FROM given WHERE images.id = given.key \
         AND images.signing IS DISTINCT FROM COALESCE({STRONGEST}, 'unsigned')"
    );
    tx.execute_given(Given::ids(images.iter().copied()), &sql, vec![]).await?;
    Ok(())
}

/// Some signatures that were not judged under a mark, at most this many.
///
/// # Errors
/// When the database does not answer.
pub async fn unjudged(store: &Store, mark: &str, most: u32) -> Result<Vec<Unjudged>, Error> {
    let sql = "SELECT id, subject, signed FROM signatures WHERE judged_by < $1 OR judged_by > $1 LIMIT $2";
    let rows = store.query(sql, vec![mark.into(), i64::from(most).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Unjudged {
                id: row.id("id")?,
                subject: row.text("subject")?,
                signed: serde_json::from_str(&row.text("signed")?).ok(),
            })
        })
        .collect()
}

/// Writes what became of signatures under a mark, and how their images stand.
///
/// # Errors
/// When the database cannot be written.
pub async fn judged(tx: &Tx, mark: &str, judged: &[Judged]) -> Result<(), Error> {
    let mut given = Given::new(JUDGED);
    for one in judged {
        given.push([bulk::id(one.id), one.state.as_str().into(), one.sentence.as_str().into()]);
    }
    let sql = "UPDATE signatures SET state = given.state, sentence = given.sentence, judged_by = $1 FROM given \
               WHERE signatures.id = given.id";
    tx.execute_given(given, sql, vec![mark.into()]).await?;
    settle(tx, &judged.iter().map(|one| one.subject.clone()).collect()).await
}

/// Sums up on the images of some digests how they stand.
async fn settle(tx: &Tx, subjects: &BTreeSet<String>) -> Result<(), Error> {
    let sql = format!(
        "UPDATE images SET signing = COALESCE({STRONGEST}, 'unsigned') WHERE id IN \
         (SELECT d.image_id FROM given JOIN image_digests d ON d.digest = given.key)"
    );
    tx.execute_given(Given::texts(subjects.iter().map(String::as_str)), &sql, vec![]).await?;
    Ok(())
}

/// Sums up on every image that a signature is on how it stands: since the last time digests may have been learned that
/// lead there.
///
/// # Errors
/// When the database cannot be written.
pub async fn settle_all(tx: &Tx) -> Result<(), Error> {
    let sql = format!(
        "UPDATE images SET signing = {STRONGEST} WHERE id IN (SELECT d.image_id FROM signatures t \
         JOIN image_digests d ON d.digest = t.subject) AND signing IS DISTINCT FROM {STRONGEST}"
    );
    tx.execute(&sql, vec![]).await?;
    Ok(())
}

const SIGNATURE: &[(&str, Type)] = &[("id", Type::Bytes), ("subject", Type::Text), ("signed", Type::Text)];

const JUDGED: &[(&str, Type)] = &[("id", Type::Bytes), ("state", Type::Text), ("sentence", Type::Text)];

#[cfg(test)]
mod tests {
    use domain::scope::Viewer;

    use super::*;
    use crate::images::{Standing, signatures};
    use crate::seed;
    use crate::test_support::on_each_database;

    async fn stands(store: &Store, standing: Standing) -> BTreeSet<ImageId> {
        let sql = "SELECT id FROM images WHERE signing = $1";
        let rows = store.query(sql, vec![standing.as_str().into()]).await.unwrap();
        rows.iter().map(|row| row.id("id").unwrap()).collect()
    }

    async fn hold(store: &Store, document: DocumentId, signatures: &[(&Digest, &Signed)]) {
        let tx = store.begin().await.unwrap();
        replace(&tx, document, signatures).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn judge(store: &Store, mark: &str, state: State) -> usize {
        let waiting = unjudged(store, mark, 10).await.unwrap();
        let sentence = "So it is.".to_owned();
        let all: Vec<Judged> = waiting
            .into_iter()
            .map(|one| Judged { id: one.id, subject: one.subject, state, sentence: sentence.clone() })
            .collect();
        let tx = store.begin().await.unwrap();
        judged(&tx, mark, &all).await.unwrap();
        tx.commit().await.unwrap();
        all.len()
    }

    #[tokio::test]
    async fn an_image_stands_as_its_strongest_signature() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let (api, web) = (seed::image(seed::API), seed::image(seed::WEB));
            let (one, other) = (DocumentId::derived(&[b"one"]), DocumentId::derived(&[b"other"]));
            let signed = Signed { payload: "e30=".to_owned(), ..Signed::default() };
            let subject: Digest = seed::API.parse().unwrap();
            let tx = store.begin().await.unwrap();
            searched(&tx, &[web]).await.unwrap();
            tx.commit().await.unwrap();
            hold(&store, DocumentId::derived(&[b"signed"]), &[]).await;
            hold(&store, one, &[(&subject, &signed)]).await;
            assert_eq!(stands(&store, Standing::Unsigned).await, BTreeSet::from([web]));
            assert_eq!(stands(&store, Standing::Unverified).await, BTreeSet::from([api]));
            assert_eq!(unjudged(&store, "today", 10).await.unwrap()[0].signed.as_ref(), Some(&signed));
            assert_eq!(judge(&store, "today", State::Verified).await, 1);
            assert_eq!(judge(&store, "today", State::Invalid).await, 0, "it is judged once");
            hold(&store, other, &[(&subject, &signed)]).await;
            assert_eq!(judge(&store, "today", State::Invalid).await, 1);
            assert_eq!(stands(&store, Standing::Verified).await, BTreeSet::from([api]));
            let rows = signatures(&store, &Viewer::everything(), api).await.unwrap();
            let states: Vec<State> = rows.iter().map(|row| row.state).collect();
            assert_eq!(states, [State::Verified, State::Invalid]);
            assert_eq!(judge(&store, "tomorrow", State::Unverified).await, 2, "other keys judge anew");
            hold(&store, one, &[]).await;
            hold(&store, other, &[]).await;
            assert_eq!(stands(&store, Standing::Unsigned).await.len(), 2, "its signatures went");
        })
        .await;
    }
}

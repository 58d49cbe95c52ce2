//! Attestations, by the document that holds them. Refuses to keep what a document no longer says when it is
//! read again.

use domain::attestation::Attestation;
use domain::id::{DocumentId, Id, ImageId};

use crate::bulk::{self, Given, Type};
use crate::{Error, Tx};

enum AttestationMark {}

/// Replaces what a document attests of images.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace(
    tx: &Tx,
    document: DocumentId,
    attestations: &[(ImageId, &Attestation)],
) -> Result<(), Error> {
    tx.execute("DELETE FROM attestations WHERE document_id = $1", vec![bulk::id(document)]).await?;
    let mut given = Given::new(ATTESTATION);
    for (number, (image, attestation)) in attestations.iter().enumerate() {
        let place = (number as u64).to_le_bytes();
        let id: Id<AttestationMark> = Id::derived(&[document.as_bytes(), &place]);
        given.push([
            bulk::id(id),
            bulk::id(*image),
            attestation.predicate.as_str().into(),
            attestation.builder.clone().into(),
            attestation.source.clone().into(),
            bulk::optional_time(attestation.built_at),
            i64::try_from(attestation.signatures).unwrap_or(i64::MAX).into(),
        ]);
    }
    let sql = "INSERT INTO attestations (id, image_id, document_id, predicate, builder, source, built_at, signatures) \
               SELECT id, image_id, $1, predicate, builder, source, built_at, signatures FROM given";
    tx.execute_given(given, sql, vec![bulk::id(document)]).await?;
    Ok(())
}

const ATTESTATION: &[(&str, Type)] = &[
    ("id", Type::Bytes),
    ("image_id", Type::Bytes),
    ("predicate", Type::Text),
    ("builder", Type::Text),
    ("source", Type::Text),
    ("built_at", Type::Integer),
    ("signatures", Type::Integer),
];

//! What is attested of images, and how they are signed. Refuses to judge a signature: that is done under the keys of the
//! day, apart from reading.

use domain::digest::Digest;
use domain::document::Warning;
use domain::id::DocumentId;
use domain::scan::Target;
use domain::signature::Signature;
use store::Tx;
use store::save::{attestations, signatures};

use super::content::Content;
use super::images::Images;
use crate::Error;

/// Writes what a document attests and the signatures that it holds; says what is beside no image.
pub(super) async fn save(
    tx: &Tx,
    document: DocumentId,
    content: &Content,
    images: &Images,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let attested = content.attestations.iter().zip(&images.attested);
    let attested: Vec<_> = attested.filter_map(|(said, image)| Some(((*image)?, said))).collect();
    attestations::replace(tx, document, &attested).await?;
    let signed: Vec<_> =
        content.signatures.iter().filter_map(|one| Some((subject(one)?, &one.signed))).collect();
    let lost = content.signatures.len() - signed.len();
    if lost > 0 {
        let message = format!("{lost} of its signatures name no image, and were left out");
        warnings.push(Warning { at: String::new(), message });
    }
    Ok(signatures::replace(tx, document, &signed).await?)
}

/// The digest that a signature is on: beside which it lay, or else the one that it names.
fn subject(signature: &Signature) -> Option<&Digest> {
    let named = match &signature.target {
        Target::Image(image) => image.best_digest(),
        Target::Other { .. } | Target::Unstated => None,
    };
    signature.signed.beside.as_ref().or(named)
}

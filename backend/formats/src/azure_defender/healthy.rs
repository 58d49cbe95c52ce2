//! Assessments that say of a whole image that nothing was found in it. Refuses those of registries and of single
//! packages, and every word but `Healthy`: what is not applicable was not looked at.

use domain::digest::Digest;
use domain::image::{DigestRole, Image};
use domain::reference::ImageReference;

use super::wire::Row;

/// What is said of every other assessment.
pub(super) const NOTHING: &str =
    "an assessment that does not call a whole image healthy says nothing of its content";
const TYPE: &str = "microsoft.security/assessments";
/// The recommendations that are about one image each, in registries of Azure, Amazon and Google.
const RECOMMENDATIONS: [&str; 3] = [
    "33422d8f-ab1e-42be-bc9a-38685bb567b9",
    "2a139383-ec7e-462a-90ac-b1b60e87d576",
    "24e37609-dcf5-4a3b-b2b0-b7d76f2e4e04",
];

/// Whether a row is an assessment and not one of its findings.
pub(super) fn is_assessment(kind: &str) -> bool {
    kind.eq_ignore_ascii_case(TYPE)
}

/// The image in which nothing was found, if an assessment says so of one. Of an image in a registry of Azure no host
/// is told: whoever hands the document on names it.
pub(super) fn image(row: &Row<'_>) -> Option<Image> {
    let about_images = RECOMMENDATIONS.iter().any(|key| row.name.eq_ignore_ascii_case(key));
    if !about_images || !row.properties.status.code.eq_ignore_ascii_case("Healthy") {
        return None;
    }
    let id = &*row.properties.resource_details.id;
    let (digest, references) = match id.split_once("/images/") {
        Some((_, digest)) => (digest.parse::<Digest>().ok()?, Vec::new()),
        None => {
            let reference: ImageReference = id.parse().ok()?;
            (reference.digest.clone()?, vec![reference])
        }
    };
    Some(Image { references, digests: vec![(DigestRole::Repository, digest)], ..Image::default() })
}

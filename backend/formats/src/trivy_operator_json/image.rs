//! The image that the operator scanned. Refuses to call its digest a manifest's where it is the image's id:
//! only what was asked for by digest, and so has no tag, goes by the digest that was asked for.

use domain::image::{DigestRole, Image};

use crate::error::clip;
use crate::images::ImageBuilder;
use crate::warnings::Warnings;

/// The image of a registry, repository, tag and digest, as far as they are told; nothing where none is.
pub(crate) fn image(
    [server, repository, tag, digest]: [&str; 4],
    at: &str,
    warnings: &mut Warnings,
) -> Option<Image> {
    let mut builder = ImageBuilder::default();
    let role = if tag.is_empty() { DigestRole::Repository } else { DigestRole::Config };
    let known = !digest.is_empty() && builder.digest(role, digest);
    if !known && !digest.is_empty() {
        warnings.push(at, format!("`{}` is not a digest", clip(digest)));
    }
    if !repository.is_empty() {
        let mut name =
            if server.is_empty() { repository.to_owned() } else { format!("{server}/{repository}") };
        match (tag, known) {
            ("", true) => name.extend(["@", digest]),
            ("", false) => {}
            (tag, _) => name.extend([":", tag]),
        }
        if !builder.reference(&name) {
            warnings.push(at, format!("`{}` is not an image reference", clip(&name)));
        }
    }
    if builder.is_empty() { None } else { Some(builder.build()) }
}

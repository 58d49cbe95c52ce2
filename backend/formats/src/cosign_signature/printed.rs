//! What `cosign verify` and `cosign verify-attestation` print: words for people, and below them what was signed.
//!
//! Refuses the words: nothing vouches for what a text says was checked.

use super::wire::Payload;
use super::{KIND, map};
use crate::warnings::Warnings;
use crate::{Error, Head, Parsed, in_toto, json};

/// How the line begins that names the image.
const NAMED: &str = "Verification for ";
/// What stands above the checks.
const CHECKS: &str = "The following checks were performed on each of these signatures:";

/// Whether a text is what cosign prints.
pub(super) fn is_printed(text: &str) -> bool {
    text.contains(CHECKS) && text.lines().any(|line| line.starts_with(NAMED))
}

/// Reads what stands below the words: a list of claims, claims one after another, or attestations.
///
/// # Errors
/// When it is broken.
pub(super) fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let Some(start) = beginning(document) else {
        let mut warnings = Warnings::default();
        warnings.push("", "what was signed is not in the text, so nothing is recorded");
        return Ok(Parsed {
            skipped: warnings.skipped(),
            warnings: warnings.into_vec(),
            ..Parsed::default()
        });
    };
    let signed = document.get(start..).unwrap_or_default();
    let parsed =
        if Head::new(signed).has("payloadType") { (in_toto::FORMAT.parse)(signed) } else { claims(signed) };
    parsed.map_err(|error| error.after(start))
}

/// Maps a list of claims, or claims one after another.
///
/// # Errors
/// When one is broken.
pub(super) fn claims(signed: &[u8]) -> Result<Parsed, Error> {
    if signed.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Ok(map::claims(&json::from_slice::<Vec<Payload<'_>>>(signed, KIND)?));
    }
    Ok(map::claims(&json::documents(signed, KIND)?))
}

/// Where the first line begins that is JSON.
fn beginning(document: &[u8]) -> Option<usize> {
    let mut offset = 0;
    for line in document.split_inclusive(|byte| *byte == b'\n') {
        let indent = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if matches!(line.get(indent), Some(b'{' | b'[')) {
            return Some(offset + indent);
        }
        offset += line.len();
    }
    None
}

//! The ways by which a text leads to an image: any of its digests, the first twelve digits of one, its
//! id, a name with a tag. Refuses to choose where a text leads to several.

use domain::digest::Digest;
use domain::id::ImageId;
use domain::scope::Viewer;

use super::ImageRow;
use super::list::listing;
use crate::bulk;
use crate::list::{Clauses, Page, Sort};
use crate::{Error, Store};

/// Where a text leads.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// To no image.
    Nothing,
    /// To one.
    One(Box<ImageRow>),
    /// To several, of which the worst twenty are given.
    Several(Vec<ImageRow>),
}

/// The fewest digits of a digest that may stand for it.
const SHORTEST: usize = 12;
/// As many images are offered where a text leads to several.
const OFFERED: u32 = 20;

/// The image of a digest (of any role), of twelve or more of its digits, or of an id.
///
/// # Errors
/// When the database does not answer.
pub async fn resolve(store: &Store, viewer: &Viewer, text: &str) -> Result<Resolved, Error> {
    let text = text.trim();
    let mut clauses = Clauses::of(viewer);
    let hex = text.strip_prefix("sha256:").unwrap_or(text).to_ascii_lowercase();
    let hexadecimal = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Ok(digest) = text.parse::<Digest>() {
        clauses.and(
            "digest = ? OR id IN (SELECT image_id FROM image_digests WHERE digest = ?)",
            [digest.as_str().into(), digest.as_str().into()],
        );
    } else if let Ok(id) = text.parse::<ImageId>() {
        let (low, high) = range(&hex);
        clauses.and(
            "id = ? OR digest BETWEEN ? AND ?",
            [bulk::id(id), low.as_str().into(), high.as_str().into()],
        );
    } else if hexadecimal && (SHORTEST..64).contains(&hex.len()) {
        let (low, high) = range(&hex);
        clauses.and(
            "digest BETWEEN ? AND ? OR id IN (SELECT image_id FROM image_digests WHERE digest BETWEEN ? AND ?)",
            [low.as_str().into(), high.as_str().into(), low.as_str().into(), high.as_str().into()],
        );
    } else {
        return Ok(Resolved::Nothing);
    }
    let page = Page::first(OFFERED).uncounted();
    let found = listing(clauses).page(store, &Sort::descending("score"), &page).await?;
    let mut rows = found.rows;
    Ok(match rows.len() {
        0 => Resolved::Nothing,
        1 => rows.pop().map_or(Resolved::Nothing, |row| Resolved::One(Box::new(row))),
        _ => Resolved::Several(rows),
    })
}

/// All digests that begin with these digits, as a range that an index can answer. The bounds are whole
/// digests, so that every collation orders them alike.
fn range(hex: &str) -> (String, String) {
    (format!("sha256:{hex:0<64}"), format!("sha256:{hex:f<64}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_range_of_whole_digests() {
        let (low, high) = range("abc");
        assert_eq!((low.len(), high.len()), (71, 71));
        assert!(low.starts_with("sha256:abc0") && high.ends_with("ff"));
    }
}

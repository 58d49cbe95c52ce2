//! What vendors write alike: references to images, and moments. Refuses to guess where something is neither.

use chrono::{DateTime, Utc};
use domain::reference::ImageReference;
use serde::{Deserialize, Deserializer};

/// An image as a service was told it, completed with the tag that is pulled; nothing where it is no reference.
pub(crate) fn reference(image: &str) -> Option<ImageReference> {
    image.parse::<ImageReference>().ok().map(ImageReference::with_default_tag)
}

/// A moment; nothing where it is none.
pub(crate) fn moment(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc())
}

/// What may be `null` is as if it were absent.
///
/// # Errors
/// When it is something else.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn times_are_read_in_both_spellings() {
        assert!(moment("2026-10-01T00:00:00Z").is_some() && moment("2025-09-01T08:00:00+00:00").is_some());
        assert_eq!(moment(""), None);
    }
}

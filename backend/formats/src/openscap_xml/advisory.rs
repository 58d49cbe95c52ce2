//! What the title of an advisory tells: `RHSA-2006:0117: vixie-cron security update (Low)`. Refuses titles of more than
//! one package.

use crate::clair::is_advisory;
use crate::platforms::Platform;

/// Beginnings of advisories, and the distribution that publishes them.
const FAMILIES: [(&str, &str); 10] = [
    ("ALAS", "amazon"),
    ("ALSA-", "almalinux"),
    ("DLA-", "debian"),
    ("DSA-", "debian"),
    ("ELSA-", "oracle"),
    ("RHSA-", "rhel"),
    ("RLSA-", "rocky"),
    ("SUSE-", "sles"),
    ("USN-", "ubuntu"),
    ("openSUSE-", "opensuse"),
];

/// The advisory that a title begins with; empty where it begins with none.
pub(super) fn id(title: &str) -> &str {
    let first = title.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
    if is_advisory(first) { first } else { "" }
}

/// The distribution that publishes an advisory.
pub(super) fn platform(id: &str) -> Option<Platform> {
    let family = FAMILIES.iter().find(|(start, _)| id.starts_with(start)).map(|(_, family)| *family);
    family.and_then(Platform::of_family)
}

/// The one package that an advisory updates.
pub(super) fn package(title: &str) -> Option<&str> {
    let (_, rest) = title.split_once(": ")?;
    let (name, _) = rest.split_once(" security ")?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._+-:".contains(letter);
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// The distribution's own word for how bad it is, at the end of the title.
pub(super) fn word(title: &str) -> Option<&str> {
    title.trim_end().strip_suffix(')')?.rsplit_once('(').map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_tell_the_advisory_and_the_package() {
        let title = "RHSA-2026:0117: demo-cron security update (Important)";
        assert_eq!(
            (id(title), package(title), word(title)),
            ("RHSA-2026:0117", Some("demo-cron"), Some("Important"))
        );
        let several = "RHSA-2026:0118: demo and other packages security and bug fix update";
        assert_eq!((package(several), word(several)), (None, None));
        assert_eq!(platform("ELSA-2026-1").unwrap().namespace, "oracle");
        assert_eq!((id("Disable the demo"), package("Disable the demo")), ("", None));
    }
}

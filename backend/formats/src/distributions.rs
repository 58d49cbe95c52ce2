//! What links and versions prove of an image's distribution, where a document does not name it.
//! Refuses to guess: a tracker and a mark count that belong to one distribution alone.

use crate::platforms::Platform;

/// The host of a tracker, and the distribution that it tracks.
const TRACKERS: &[(&str, &str)] = &[
    ("security-tracker.debian.org", "debian"),
    ("ubuntu.com", "ubuntu"),
    ("people.canonical.com", "ubuntu"),
    ("alas.aws.amazon.com", "amazon"),
    ("access.redhat.com", "rhel"),
    ("linux.oracle.com", "oracle"),
    ("security.alpinelinux.org", "alpine"),
    ("suse.com", "sles"),
    ("errata.rockylinux.org", "rocky"),
    ("errata.almalinux.org", "almalinux"),
];
/// Marks in versions that only one distribution makes; a digit or a dot follows.
const MARKS: &[(&str, &str)] = &[
    ("ubuntu", "ubuntu"),
    ("+deb", "debian"),
    ("~deb", "debian"),
    (".amzn", "amazon"),
    (".fc", "fedora"),
    (".azl", "azurelinux"),
    (".ph", "photon"),
    (".rocky", "rocky"),
    (".alma", "almalinux"),
    (".centos", "centos"),
];

/// The family whose tracker a link leads to.
pub(crate) fn of_link(link: &str) -> Option<&'static str> {
    let host = link.split("://").nth(1)?.split('/').next()?;
    let tracks =
        |known: &str| host == known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'));
    TRACKERS.iter().find(|(known, _)| tracks(known)).map(|(_, family)| *family)
}

/// The family whose mark a version bears.
pub(crate) fn of_version(version: &str) -> Option<&'static str> {
    let marked = |mark: &str| {
        version
            .match_indices(mark)
            .filter_map(|(at, _)| version.get(at + mark.len()..)?.chars().next())
            .any(|next| next.is_ascii_digit() || next == '.')
    };
    MARKS.iter().find(|(mark, _)| marked(mark)).map(|(_, family)| *family)
}

/// Whether only a package of the distribution has such a version.
pub(crate) fn marks(platform: &Platform, version: &str) -> bool {
    match platform.kind {
        "apk" => is_apk_version(version),
        "rpm" if version.contains(".el") => true,
        _ => of_version(version) == Some(platform.distribution.family.as_str()),
    }
}

/// Whether a version ends in the revision of an apk package: `1.2.4-r2`.
pub(crate) fn is_apk_version(version: &str) -> bool {
    version.rsplit_once("-r").is_some_and(|(_, revision)| {
        !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trackers_and_marks_tell_the_family() {
        assert_eq!(of_link("https://security-tracker.debian.org/tracker/CVE-2025-1"), Some("debian"));
        assert_eq!(of_link("http://people.ubuntu.com/cve/CVE-2025-1"), Some("ubuntu"));
        assert_eq!(of_link("https://notubuntu.com/CVE-2025-1"), None);
        for (version, family) in [
            ("3.0.11-1~deb12u2", Some("debian")),
            ("2.36-9+deb12u3", Some("debian")),
            ("237-3ubuntu10.29", Some("ubuntu")),
            ("9.11-3.amzn2", Some("amazon")),
            ("5.2.15-3.fc38", Some("fedora")),
            ("4.4.19-8.el8.alma.1", Some("almalinux")),
            ("1.0.fcgi", None),
            ("1.2.3-4", None),
        ] {
            assert_eq!(of_version(version), family, "{version}");
        }
        let debian = Platform::of_family("debian").unwrap();
        assert!(marks(&debian, "2.36-9+deb12u3") && !marks(&debian, "2.36-9"));
        assert!(is_apk_version("1.2.4-r2") && !is_apk_version("1.2.4-rc1"));
    }
}

//! Distributions as scanners name them: one word with its version, `DEBIAN_12`, `ubuntu_linux_20.04`, or the
//! name and version of a release file, `Debian GNU/Linux` and `12 (bookworm)`.
//! Refuses a word that names none.

use domain::image::Distribution;

/// A platform's beginning, the distribution's id, and type and namespace of its packages' purls as
/// Trivy writes them.
const PLATFORMS: &[(&str, &str, &str, &str)] = &[
    ("ALPINE", "alpine", "apk", "alpine"),
    ("ALMA", "almalinux", "rpm", "alma"),
    ("AMAZON", "amazon", "rpm", "amazon"),
    ("AMZN", "amazon", "rpm", "amazon"),
    ("AZURE", "azurelinux", "rpm", "azurelinux"),
    ("BOTTLEROCKET", "bottlerocket", "rpm", "bottlerocket"),
    ("CBL_MARINER", "mariner", "rpm", "cbl-mariner"),
    ("CENTOS", "centos", "rpm", "centos"),
    ("CHAINGUARD", "chainguard", "apk", "chainguard"),
    ("DEBIAN", "debian", "deb", "debian"),
    ("FEDORA", "fedora", "rpm", "fedora"),
    ("MARINER", "mariner", "rpm", "cbl-mariner"),
    ("MINIMOS", "minimos", "apk", "minimos"),
    ("OPENSUSE", "opensuse", "rpm", "opensuse"),
    ("OPEN_SUSE", "opensuse", "rpm", "opensuse"),
    ("ORACLE", "oracle", "rpm", "oracle"),
    ("PHOTON", "photon", "rpm", "photon"),
    ("REDHAT", "rhel", "rpm", "redhat"),
    ("RED_HAT", "rhel", "rpm", "redhat"),
    ("RHEL", "rhel", "rpm", "redhat"),
    ("ROCKY", "rocky", "rpm", "rocky"),
    ("SLES", "sles", "rpm", "suse"),
    ("SUSE", "sles", "rpm", "suse"),
    ("UBUNTU", "ubuntu", "deb", "ubuntu"),
    ("WOLFI", "wolfi", "apk", "wolfi"),
];

/// Longest version of a release that is kept.
const LONGEST_VERSION: usize = 32;

/// The platform of an image: a distribution with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Platform {
    /// Purl type of its packages.
    pub kind: &'static str,
    /// Purl namespace of its packages.
    pub namespace: &'static str,
    /// The distribution.
    pub distribution: Distribution,
}

impl Platform {
    /// The platform of a word such as `UBUNTU_22_04`; nothing where it names no distribution.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_uppercase();
        let (_, family, kind, namespace) = PLATFORMS.iter().find(|(start, ..)| word.starts_with(start))?;
        let version: Vec<&str> = word
            .split('_')
            .skip_while(|part| !part.starts_with(|first: char| first.is_ascii_digit()))
            .collect();
        let version = Some(version.join(".").to_ascii_lowercase()).filter(|version| !version.is_empty());
        let distribution = Distribution { family: (*family).to_owned(), version, end_of_life: None };
        Some(Self { kind, namespace, distribution })
    }

    /// The platform of an operating system in words: `debian 12.8`, `alpine:3.18`, `Amazon Linux 2 (Karoo)`.
    pub(crate) fn of_os(stated: &str) -> Option<Self> {
        let (stated, _) = stated.split_once('(').unwrap_or((stated, ""));
        Self::of(&stated.trim().replace([' ', ':', '-'], "_"))
    }

    /// The platform of a distribution in words, its version behind them: `Ubuntu 20.04.2 LTS`, `alpine-3.11.5`,
    /// `debian:11`, `Rocky Linux 9.5 (Blue Onyx)`.
    pub(crate) fn of_words(stated: &str) -> Option<Self> {
        let (stated, _) = stated.split_once('(').unwrap_or((stated, ""));
        let start = stated.find(|letter: char| letter.is_ascii_digit()).unwrap_or(stated.len());
        let (name, version) = stated.split_at_checked(start)?;
        Self::of_release(name.trim_end_matches([' ', '-', ':', '_', 'v']), version)
    }

    /// The platform of a distribution's id where no version is known.
    pub(crate) fn of_family(family: &str) -> Option<Self> {
        let (_, _, kind, namespace) = PLATFORMS.iter().find(|(_, known, ..)| *known == family)?;
        let distribution = Distribution { family: family.to_owned(), version: None, end_of_life: None };
        Some(Self { kind, namespace, distribution })
    }

    /// The platform of a name or id and a version as release files state them: `amzn` and `2`.
    pub(crate) fn of_release(name: &str, version: &str) -> Option<Self> {
        let word = name.trim().to_ascii_uppercase().replace([' ', '-'], "_");
        let word = match word.as_str() {
            "AMZN" => "AMAZON_LINUX",
            "OL" => "ORACLE",
            other => other.strip_prefix("VMWARE_").unwrap_or(other),
        };
        let mut platform = Self::of(word)?;
        let version = version.split_whitespace().next();
        let version = version.map(|version| version.strip_prefix('v').unwrap_or(version));
        if let Some(version) =
            version.filter(|version| version.starts_with(|first: char| first.is_ascii_digit()))
        {
            platform.distribution.version = Some(version.chars().take(LONGEST_VERSION).collect());
        }
        Some(platform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_of_release_files() {
        let text = |name, version| {
            let platform = Platform::of_release(name, version)?;
            let Distribution { family, version, .. } = platform.distribution;
            Some(format!("{}/{} {family} {}", platform.kind, platform.namespace, version.unwrap_or_default()))
        };
        for (name, version, expected) in [
            ("Debian GNU/Linux", "12 (bookworm)", "deb/debian debian 12"),
            ("Red Hat Enterprise Linux Server", "8", "rpm/redhat rhel 8"),
            ("rhel", "9.4", "rpm/redhat rhel 9.4"),
            ("Alpine Linux", "", "apk/alpine alpine "),
            ("alpine", "v3.7", "apk/alpine alpine 3.7"),
            ("amzn", "2", "rpm/amazon amazon 2"),
            ("VMware Photon OS", "5.0", "rpm/photon photon 5.0"),
            ("opensuse-leap", "15.6", "rpm/opensuse opensuse 15.6"),
        ] {
            assert_eq!(text(name, version).as_deref(), Some(expected));
        }
        let words = |stated| Platform::of_words(stated).and_then(|platform| platform.distribution.version);
        assert_eq!(words("Ubuntu 20.04.2 LTS").as_deref(), Some("20.04.2"));
        assert_eq!(words("Alpine Linux v3.12").as_deref(), Some("3.12"));
        assert_eq!(words("debian:11").as_deref(), Some("11"));
        assert!(
            Platform::of_words("Debian GNU/Linux trixie/sid").is_some() && Platform::of_words("9").is_none()
        );
        assert_eq!(text("", "8"), None);
        assert_eq!(text("Windows Server", "2022"), None);
    }
}

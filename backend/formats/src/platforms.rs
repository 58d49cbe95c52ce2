//! Distributions as scanners of clouds name them: one word with its version, `DEBIAN_12`, `ubuntu_linux_20.04`.
//! Refuses a word that names none.

use domain::image::Distribution;

/// A platform's beginning, the distribution's id, and type and namespace of its packages' purls as
/// Trivy writes them.
const PLATFORMS: &[(&str, &str, &str, &str)] = &[
    ("ALPINE", "alpine", "apk", "alpine"),
    ("ALMA", "almalinux", "rpm", "alma"),
    ("AMAZON_LINUX", "amazon", "rpm", "amazon"),
    ("AZURE", "azurelinux", "rpm", "azurelinux"),
    ("BOTTLEROCKET", "bottlerocket", "rpm", "bottlerocket"),
    ("CENTOS", "centos", "rpm", "centos"),
    ("CHAINGUARD", "chainguard", "apk", "chainguard"),
    ("DEBIAN", "debian", "deb", "debian"),
    ("FEDORA", "fedora", "rpm", "fedora"),
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

    /// The platform of a distribution's id where no version is known.
    pub(crate) fn of_family(family: &str) -> Option<Self> {
        let (_, _, kind, namespace) = PLATFORMS.iter().find(|(_, known, ..)| *known == family)?;
        let distribution = Distribution { family: family.to_owned(), version: None, end_of_life: None };
        Some(Self { kind, namespace, distribution })
    }
}

/// Whether a version ends in the revision of an Alpine package: `1.2.4-r2`.
pub(crate) fn is_apk_version(version: &str) -> bool {
    version.rsplit_once("-r").is_some_and(|(_, revision)| {
        !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_digit())
    })
}

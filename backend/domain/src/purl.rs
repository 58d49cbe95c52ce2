//! Package URLs in the one spelling that identifies a component here (ECMA-427, `package-url/purl-spec`).
//!
//! Two scanners rarely write the same purl for the same package, so the volatile parts go: every
//! qualifier but `epoch` and `classifier`, the subpath, the `v` or `go` before a Go version.
//! Refuses text that is not a purl, and one that nobody wrote to be read; names without one become `pkg:generic/…` by
//! [`Purl::from_parts`].

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use packageurl::PackageUrl;
use serde::{Deserialize, Serialize};

/// Longest purl that is kept, in bytes.
const LONGEST: usize = 4096;

/// A canonical package URL, for example `pkg:deb/debian/openssl@3.0.11-1~deb12u2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Purl {
    canonical: String,
    kind: String,
    namespace: Option<String>,
    name: String,
    version: Option<String>,
}

/// Why a text is not a package URL.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{text}` is not a package URL: {reason}")]
pub struct InvalidPurl {
    text: String,
    reason: String,
}

impl Purl {
    /// The purl of a package known by ecosystem (a purl type such as `npm` or `deb`), optional
    /// namespace, name and optional version.
    ///
    /// # Errors
    /// When the ecosystem is not a valid purl type, the name is empty, or all of it is longer than 4096 bytes.
    pub fn from_parts(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
    ) -> Result<Self, InvalidPurl> {
        let refuse = |reason: String| InvalidPurl { text: clip(name), reason };
        let mut url = PackageUrl::new(kind, name).map_err(|error| refuse(error.to_string()))?;
        if let Some(namespace) = namespace.filter(|namespace| !namespace.is_empty()) {
            url.with_namespace(namespace).map_err(|error| refuse(error.to_string()))?;
        }
        if let Some(version) = version.filter(|version| !version.is_empty()) {
            url.with_version(version).map_err(|error| refuse(error.to_string()))?;
        }
        Self::canonicalise(&url).map_err(refuse)
    }

    fn canonicalise(url: &PackageUrl<'_>) -> Result<Self, String> {
        let (kind, namespace) = match (url.ty().to_ascii_lowercase(), url.namespace()) {
            (kind, None) if kind == "alpine" => ("apk".to_owned(), Some("alpine")),
            other => other,
        };
        let epoch = url.qualifiers().get("epoch").map(|epoch| epoch.to_string());
        let epoch = epoch.filter(|epoch| !epoch.is_empty() && epoch != "0");
        let version = url.version().map(|version| plain_version(&kind, version));
        let (version, epoch) = place_epoch(&kind, version, epoch);
        let mut canonical =
            PackageUrl::new(kind.clone(), url.name().to_owned()).map_err(|error| error.to_string())?;
        if let Some(namespace) = namespace {
            canonical.with_namespace(namespace.to_owned()).map_err(|error| error.to_string())?;
        }
        if let Some(version) = &version {
            canonical.with_version(version.to_string()).map_err(|error| error.to_string())?;
        }
        let classifier = url.qualifiers().get("classifier").map(|classifier| classifier.to_string());
        for (key, value) in [("classifier", classifier), ("epoch", epoch)] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                canonical.add_qualifier(key, value).map_err(|error| error.to_string())?;
            }
        }
        let text = canonical.to_string();
        if text.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
        }
        Ok(Self {
            canonical: text,
            kind,
            namespace: canonical.namespace().map(str::to_owned),
            name: canonical.name().to_owned(),
            version: version.map(Cow::into_owned),
        })
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.canonical
    }

    /// The purl type: `deb`, `npm`, `golang`…
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace: a distribution, a Maven group, an npm scope.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The package's name without its namespace.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, if stated.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

/// Go tools disagree on `v1.2.3`, `go1.22` and bare versions; the bare one is kept.
fn plain_version<'a>(kind: &str, version: &'a str) -> Cow<'a, str> {
    if kind != "golang" {
        return Cow::Borrowed(version);
    }
    let bare = version.strip_prefix("go").or_else(|| version.strip_prefix('v')).unwrap_or(version);
    Cow::Borrowed(if bare.starts_with(|first: char| first.is_ascii_digit()) { bare } else { version })
}

/// Some tools write a package's epoch into the version, others into a qualifier. By the purl types it
/// belongs to the version of a `deb` and to a qualifier of an `rpm`.
fn place_epoch<'a>(
    kind: &str,
    version: Option<Cow<'a, str>>,
    epoch: Option<String>,
) -> (Option<Cow<'a, str>>, Option<String>) {
    let written = version.as_deref().and_then(|version| version.split_once(':'));
    let written =
        written.filter(|(epoch, _)| !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()));
    match (kind, written, epoch) {
        ("deb", None, Some(epoch)) => (version.map(|version| Cow::Owned(format!("{epoch}:{version}"))), None),
        ("deb", Some(("0", rest)), _) => (Some(Cow::Owned(rest.to_owned())), None),
        ("deb", Some(_), _) => (version, None),
        ("rpm", Some((epoch, rest)), _) => {
            (Some(Cow::Owned(rest.to_owned())), (epoch != "0").then(|| epoch.to_owned()))
        }
        (_, _, epoch) => (version, epoch),
    }
}

fn clip(text: &str) -> String {
    text.chars().take(120).collect()
}

impl FromStr for Purl {
    type Err = InvalidPurl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |reason: String| InvalidPurl { text: clip(text), reason };
        let url = PackageUrl::from_str(text.trim()).map_err(|error| refuse(error.to_string()))?;
        Self::canonicalise(&url).map_err(refuse)
    }
}

impl TryFrom<String> for Purl {
    type Error = InvalidPurl;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Purl> for String {
    fn from(purl: Purl) -> Self {
        purl.canonical
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.canonical)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text.parse::<Purl>().unwrap().as_str(), expected);
    }

    #[test]
    fn drops_what_depends_on_the_tool() {
        check(
            "pkg:deb/debian/openssl@1.1.1d-0?arch=amd64&distro=debian-10.3&upstream=openssl",
            "pkg:deb/debian/openssl@1.1.1d-0",
        );
        check("pkg:golang/golang.org/x/net@v0.1.0#html", "pkg:golang/golang.org/x/net@0.1.0");
        check("pkg:golang/stdlib@go1.22.1", "pkg:golang/stdlib@1.22.1");
    }

    #[test]
    fn refuses_what_is_too_long() {
        let long = "a".repeat(LONGEST);
        let error = format!("pkg:npm/{long}").parse::<Purl>().unwrap_err().to_string();
        assert!(error.ends_with("is not a package URL: it is longer than 4096 bytes") && error.len() < 200);
        assert!(Purl::from_parts("npm", None, &long, None).is_err());
        assert!(Purl::from_parts("npm", None, "a", Some(&long)).is_err());
        assert!(Purl::from_parts("npm", None, &"a".repeat(LONGEST - "pkg:npm/".len()), None).is_ok());
    }

    #[test]
    fn keeps_what_tells_packages_apart() {
        check("pkg:rpm/centos/bind@9.11?arch=x86_64&epoch=32", "pkg:rpm/centos/bind@9.11?epoch=32");
        check("pkg:rpm/centos/bash@4.2?epoch=0", "pkg:rpm/centos/bash@4.2");
        check("pkg:rpm/centos/bind@32:9.11", "pkg:rpm/centos/bind@9.11?epoch=32");
        check("pkg:deb/debian/login@4.5-1?epoch=1", "pkg:deb/debian/login@1:4.5-1");
        check("pkg:deb/debian/login@1:4.5-1?epoch=1", "pkg:deb/debian/login@1:4.5-1");
        check(
            "pkg:maven/io.netty/netty@4.1?classifier=linux&type=jar",
            "pkg:maven/io.netty/netty@4.1?classifier=linux",
        );
        check("pkg:npm/%40angular/core@16", "pkg:npm/%40angular/core@16");
    }

    #[test]
    fn two_spellings_of_one_package_are_one() {
        check("pkg:deb/debian/zlib1g@1:1.2.13?arch=amd64", "pkg:deb/debian/zlib1g@1:1.2.13");
        check("pkg:rpm/redhat/bash@0:5.1-6.el9", "pkg:rpm/redhat/bash@5.1-6.el9");
        check("pkg:alpine/musl@1.2.4-r2?arch=x86_64", "pkg:apk/alpine/musl@1.2.4-r2");
    }

    #[test]
    fn canonical_text_is_a_fixed_point() {
        for text in ["pkg:pypi/Django_x@1.0", "pkg:npm/%40a/b@1?x=y", "pkg:golang/a/b@v1.0.0-2020"] {
            let once: Purl = text.parse().unwrap();
            assert_eq!(once.as_str().parse::<Purl>().unwrap(), once);
        }
    }

    #[test]
    fn refuses_what_is_not_a_purl() {
        for text in ["", "openssl", "pkg:", "pkg:npm", "http://example.org"] {
            assert!(text.parse::<Purl>().is_err(), "{text}");
        }
    }
}

//! Xray's identifiers of components (`deb://debian:buster:curl:7.64.0-4`, `gav://group:artifact:1.0`) as
//! the purls that other scanners give them.
//!
//! Refuses to guess a distribution: Xray tells the release of an rpm (`rpm://7:…`) and not whose rebuild
//! of Enterprise Linux it is, so its purl has a namespace only where the version bears one's own mark.

use domain::component::Component;
use domain::image::Distribution;
use domain::purl::Purl;

use crate::error::clip;
use crate::platforms::Platform;
use crate::purls::{from_name, from_parts};
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// Schemes of languages with the purl types of their packages.
const LANGUAGES: &[(&str, &str)] = &[
    ("cargo", "cargo"),
    ("cocoapods", "cocoapods"),
    ("composer", "composer"),
    ("conda", "conda"),
    ("cran", "cran"),
    ("gem", "gem"),
    ("go", "golang"),
    ("hex", "hex"),
    ("npm", "npm"),
    ("nuget", "nuget"),
    ("pip", "pypi"),
    ("pub", "pub"),
    ("pypi", "pypi"),
    ("rubygems", "gem"),
    ("swift", "swift"),
];

/// Marks in versions of rpms, followed by a number, that only one distribution makes.
const MARKS: &[(&str, &str)] = &[
    (".amzn", "amazon"),
    (".azl", "azurelinux"),
    (".cm", "cbl-mariner"),
    (".fc", "fedora"),
    (".ph", "photon"),
];

/// What an identifier says.
struct Named<'a> {
    purl: Option<Purl>,
    name: &'a str,
    version: Option<&'a str>,
}

/// The component of an identifier; nothing where it has no name.
pub(crate) fn component(id: &str, at: &str, warnings: &mut Warnings) -> Option<Component> {
    let (scheme, rest) = id.split_once("://").unwrap_or(("", id));
    if rest.is_empty() {
        return None;
    }
    let named = match scheme {
        "deb" => deb(rest),
        "rpm" => rpm(rest),
        "alpine" => alpine(rest),
        "gav" => maven(rest),
        "conan" => loose("conan", rest),
        "docker" | "oci" => image(rest),
        "generic" => file(rest),
        "" if is_of_alpine(rest) => alpine(rest),
        "" if rest.split(':').next().is_some_and(|first| vendor("deb", first).is_some()) => deb(rest),
        _ => match LANGUAGES.iter().find(|(known, _)| *known == scheme) {
            Some((_, kind)) => language(kind, rest),
            None => {
                let what = if scheme.is_empty() {
                    "no type".to_owned()
                } else {
                    format!("the type `{}`", clip(scheme))
                };
                warnings.push(at, format!("components of {what} are known by name alone"));
                loose("generic", rest)
            }
        },
    };
    let mut component = Component::from_purl(named.purl?);
    component.name = bounded(named.name, at, warnings);
    component.version = named.version.map(|version| bounded(version, at, warnings));
    Some(component)
}

/// The identifier without its scheme, as paths inside an artifact end in it.
pub(crate) fn tail(id: &str) -> &str {
    id.split_once("://").map_or(id, |(_, rest)| rest)
}

/// The distribution that an identifier of one of its packages tells.
pub(crate) fn distribution(id: &str) -> Option<Distribution> {
    let (scheme, rest) = id.split_once("://")?;
    let mut parts = rest.split(':');
    let first = parts.next()?;
    let (platform, release) = match scheme {
        "alpine" => (Platform::of_family("alpine")?, first),
        "deb" => (vendor("deb", first)?, parts.next()?),
        "rpm" => (vendor("rpm", first)?, parts.next()?),
        _ => return None,
    };
    // Debian's and Ubuntu's releases are told by code names, which are no versions.
    let numbered = release.starts_with(|first: char| first.is_ascii_digit());
    let version = (numbered && release.len() <= 16).then(|| release.to_owned());
    Some(Distribution { version, ..platform.distribution })
}

/// The layer in a path or identifier: `sha256__….tar.gz` is `sha256:…`.
pub(crate) fn layer(path: &str) -> Option<String> {
    let (_, rest) = path.split_once("sha256__")?;
    let hex = rest.get(..64)?;
    hex.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| format!("sha256:{}", hex.to_ascii_lowercase()))
}

/// `vendor:release:name:version`, the version with its epoch.
fn deb(rest: &str) -> Named<'_> {
    let parts: Vec<&str> = rest.splitn(4, ':').collect();
    let Some(platform) = parts.first().and_then(|first| vendor("deb", first)) else {
        return loose("deb", rest);
    };
    let (name, version) = match parts.as_slice() {
        [_, _, name, version] => (*name, Some(*version)),
        [_, _, name] => (*name, None),
        _ => return loose("deb", rest),
    };
    Named { purl: from_parts("deb", Some(platform.namespace), name, version), name, version }
}

/// `release:name:version`, the version with its epoch; newer releases may name a vendor first.
fn rpm(rest: &str) -> Named<'_> {
    let numbered = |part: &str| part.starts_with(|first: char| first.is_ascii_digit());
    let parts: Vec<&str> = rest.splitn(4, ':').collect();
    let platform = parts.first().and_then(|first| vendor("rpm", first));
    let (name, version) = match (parts.as_slice(), &platform) {
        ([_, release, name, version], Some(_)) if numbered(release) => (*name, *version),
        ([release, name, ..], _) if numbered(release) || platform.is_some() => {
            let Some((_, version)) = rest.get(release.len() + 1..).and_then(|rest| rest.split_once(':'))
            else {
                return Named { purl: from_parts("rpm", None, name, None), name, version: None };
            };
            (*name, version)
        }
        _ => return loose("rpm", rest),
    };
    let version = version.strip_prefix("0:").unwrap_or(version);
    let namespace = platform.map(|platform| platform.namespace).or_else(|| marked(version));
    Named { purl: from_parts("rpm", namespace, name, Some(version)), name, version: Some(version) }
}

/// `branch:name:version`.
fn alpine(rest: &str) -> Named<'_> {
    let (front, version) = rest.rsplit_once(':').unwrap_or((rest, ""));
    let version = Some(version).filter(|version| !version.is_empty());
    let name = front.rsplit(':').next().unwrap_or(front);
    Named { purl: from_parts("apk", Some("alpine"), name, version), name, version }
}

/// Whether branch and revision tell a package of Alpine: `3.12:openssl:1.1.1k-r0`.
fn is_of_alpine(rest: &str) -> bool {
    let Some((branch, package)) = rest.split_once(':') else { return false };
    let branch = branch.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor));
    branch && package.rsplit_once("-r").is_some_and(|(_, revision)| is_number(revision))
}

/// `group:artifact:version`.
fn maven(rest: &str) -> Named<'_> {
    let (name, version) = match rest.rsplit_once(':') {
        Some((name, version))
            if name.contains(':') || version.starts_with(|first: char| first.is_ascii_digit()) =>
        {
            (name, Some(version))
        }
        _ => (rest, None),
    };
    Named { purl: from_name("maven", name, version), name, version }
}

/// `name:version`.
fn language<'a>(kind: &str, rest: &'a str) -> Named<'a> {
    let (name, version) = match rest.rsplit_once(':') {
        Some((name, version)) => (name, Some(version)),
        None => (rest, None),
    };
    Named { purl: from_name(kind, name, version), name, version }
}

/// `namespace/name:tag`.
fn image(rest: &str) -> Named<'_> {
    let (name, version) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    let (namespace, last) = name.rsplit_once('/').map_or((None, name), |(path, last)| (Some(path), last));
    Named { purl: from_parts("docker", namespace, last, version), name, version }
}

/// `sha256:DIGEST/name` of a file without a package.
fn file(rest: &str) -> Named<'_> {
    let name = rest.split_once('/').map_or(rest, |(_, name)| name);
    Named { purl: from_parts("generic", None, name, None), name, version: None }
}

/// Name and version from the end, a number before the version being its epoch.
fn loose<'a>(kind: &str, rest: &'a str) -> Named<'a> {
    let Some((front, version)) = rest.rsplit_once(':') else {
        return Named { purl: from_parts(kind, None, rest, None), name: rest, version: None };
    };
    let (before, name) = front.rsplit_once(':').map_or((None, front), |(before, name)| (Some(before), name));
    let (name, version) = match before {
        Some(before) if is_number(name) => {
            let start = rest.len() - version.len() - name.len() - 1;
            (before.rsplit(':').next().unwrap_or(before), rest.get(start..).unwrap_or(version))
        }
        _ => (name, version),
    };
    Named { purl: from_parts(kind, None, name, Some(version)), name, version: Some(version) }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The distribution of a word, if its packages are of this type.
fn vendor(kind: &str, word: &str) -> Option<Platform> {
    Platform::of(word).filter(|platform| platform.kind == kind)
}

/// The namespace that a version of an rpm proves.
fn marked(version: &str) -> Option<&'static str> {
    if version.contains(".centos") {
        return Some("centos");
    }
    let (_, namespace) = MARKS.iter().find(|(mark, _)| {
        let after = version.split_once(mark).map(|(_, after)| after);
        after.is_some_and(|after| after.starts_with(|first: char| first.is_ascii_digit()))
    })?;
    Some(namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purls_are_those_of_other_scanners() {
        for (id, expected) in [
            ("deb://debian:buster:curl:7.64.0-4", "pkg:deb/debian/curl@7.64.0-4"),
            ("deb://ubuntu:jammy:libx11-6:2:1.7.5-1", "pkg:deb/ubuntu/libx11-6@2:1.7.5-1"),
            ("deb://debian:12:libxml2", "pkg:deb/debian/libxml2"),
            ("deb://lucid:i386:acl:2.2.49-2", "pkg:deb/acl@2.2.49-2"),
            ("rpm://7:rpm-python:7:4.11.3-43.el7", "pkg:rpm/rpm-python@4.11.3-43.el7?epoch=7"),
            ("rpm://7:libtasn1:0:4.10-1.el7", "pkg:rpm/libtasn1@4.10-1.el7"),
            ("rpm://7:bind:32:9.11-1.el7.centos", "pkg:rpm/centos/bind@9.11-1.el7.centos?epoch=32"),
            ("rpm://2:curl:0:7.61-1.amzn2", "pkg:rpm/amazon/curl@7.61-1.amzn2"),
            ("rpm://rhel:8:bash:0:5.1-6.el8", "pkg:rpm/redhat/bash@5.1-6.el8"),
            ("rpm://centos:7:bash:5.1-6", "pkg:rpm/centos/bash@5.1-6"),
            ("rpm://el6:i386:ImageMagick:6.7.2.7-4", "pkg:rpm/ImageMagick@6.7.2.7-4"),
            ("rpm://7:bash", "pkg:rpm/bash"),
            ("alpine://3.18:libcrypto3:3.1.1-r1", "pkg:apk/alpine/libcrypto3@3.1.1-r1"),
            ("gav://org.example:left:1.0.0", "pkg:maven/org.example/left@1.0.0"),
            ("gav://org.example:left", "pkg:maven/org.example/left"),
            ("gav://left:1.0", "pkg:maven/left@1.0"),
            ("gav://left", "pkg:maven/left"),
            ("npm://@demo/left:1.0.0", "pkg:npm/%40demo/left@1.0.0"),
            ("pypi://right:5.13.0", "pkg:pypi/right@5.13.0"),
            ("go://github.com/demo/left:v1.8.2", "pkg:golang/github.com/demo/left@1.8.2"),
            ("nuget://Left.Right:9.0.1", "pkg:nuget/Left.Right@9.0.1"),
            ("composer://demo/left:1.1", "pkg:composer/demo/left@1.1"),
            ("conan://demo:left:1.1.1", "pkg:conan/left@1.1.1"),
            ("rubygems://left:1.1.1", "pkg:gem/left@1.1.1"),
            ("docker://demo/left:latest", "pkg:docker/demo/left@latest"),
            ("generic://sha256:0a1b/left.bin", "pkg:generic/left.bin"),
            ("left:1", "pkg:generic/left@1"),
            ("3.12:openssl:1.1.1k-r0", "pkg:apk/alpine/openssl@1.1.1k-r0"),
            ("debian:buster:curl:7.64.0-4", "pkg:deb/debian/curl@7.64.0-4"),
        ] {
            let component = component(id, "", &mut Warnings::default()).unwrap();
            assert_eq!(component.purl.as_str(), expected, "{id}");
        }
        for id in ["", "deb://", "gav://", "rpm://7:", "npm://:1"] {
            assert_eq!(component(id, "", &mut Warnings::default()), None, "{id}");
        }
    }

    #[test]
    fn distributions_and_layers() {
        let text = |id| {
            let found = distribution(id)?;
            Some(format!("{} {}", found.family, found.version.unwrap_or_default()))
        };
        assert_eq!(text("alpine://3.18:musl:1.2.4-r2").as_deref(), Some("alpine 3.18"));
        assert_eq!(text("deb://debian:bookworm:tar:1").as_deref(), Some("debian "));
        assert_eq!(text("rpm://7:tar:0:1-1.el7"), None);
        let hex = "0f".repeat(32);
        assert_eq!(layer(&format!("a/sha256__{hex}.tar.gz/tar:1")), Some(format!("sha256:{hex}")));
        assert_eq!(layer("a/sha256__short.tar.gz"), None);
    }
}

//! Reads each distinct purl text of a document once. Refuses to invent one: what is not a purl stays
//! the caller's to name by parts.

use std::collections::HashMap;

use domain::purl::{InvalidPurl, Purl};

/// A cache of package URLs by their raw text.
#[derive(Debug, Default)]
pub struct Purls<'a> {
    known: HashMap<&'a str, Result<Purl, InvalidPurl>>,
}

impl<'a> Purls<'a> {
    /// The canonical purl of a text.
    ///
    /// # Errors
    /// When the text is not a purl.
    pub fn parse(&mut self, text: &'a str) -> Result<&Purl, &InvalidPurl> {
        self.known.entry(text).or_insert_with(|| text.parse()).as_ref()
    }
}

/// A purl from parts in an ecosystem that may be unknown: then `pkg:generic/…`. Nothing where the name is empty.
#[must_use]
pub fn from_parts(kind: &str, namespace: Option<&str>, name: &str, version: Option<&str>) -> Option<Purl> {
    Purl::from_parts(kind, namespace, name, version)
        .or_else(|_| Purl::from_parts("generic", namespace, name, version))
        .ok()
}

/// A purl from the one name that scanners print, split as its ecosystem does: `@scope/name`,
/// `group:artifact`, `vendor/package`, a Go module path.
#[must_use]
pub fn from_name(kind: &str, name: &str, version: Option<&str>) -> Option<Purl> {
    let (namespace, bare) = match kind {
        "maven" => name.split_once(':').map_or((None, name), |(group, artifact)| (Some(group), artifact)),
        "npm" if !name.starts_with('@') => (None, name),
        "npm" | "golang" | "composer" | "swift" | "github" => {
            name.rsplit_once('/').map_or((None, name), |(path, last)| (Some(path), last))
        }
        _ => (None, name),
    };
    from_parts(kind, namespace, bare, version)
}

/// A purl from the package type that Anchore's tools print (`deb`, `python`, `go-module`), for packages
/// that come without one. Distribution packages take the distribution as their namespace.
#[must_use]
pub fn from_anchore_type(
    kind: &str,
    name: &str,
    version: Option<&str>,
    distribution: Option<&str>,
) -> Option<Purl> {
    let ecosystem = match kind {
        "deb" | "rpm" | "apk" if distribution.is_some() => {
            return from_parts(kind, distribution, name, version);
        }
        "alpm" => return from_parts(kind, Some("arch"), name, version),
        "python" => "pypi",
        "java-archive" | "jenkins-plugin" => "maven",
        "go-module" => "golang",
        "rust-crate" => "cargo",
        "php-composer" => "composer",
        "dotnet" => "nuget",
        "deb" | "rpm" | "apk" | "npm" | "gem" | "conan" | "hex" | "pub" | "swift" | "cocoapods" => kind,
        _ => "generic",
    };
    from_name(ecosystem, name, version)
}

/// The purl type that a name's own shape tells: `@scope/name`, `group:artifact`, a Go module path,
/// `vendor/package`. Nothing for bare names, which every ecosystem has.
#[must_use]
pub fn ecosystem_of_name(name: &str) -> Option<&'static str> {
    let plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    if name == "stdlib" {
        return Some("golang");
    }
    match (name.split_once('/'), name.split_once(':')) {
        (Some((scope, rest)), _) if scope.starts_with('@') && plain(rest) => Some("npm"),
        (Some((host, path)), None) if host.contains('.') && plain(host) && plain(path) => Some("golang"),
        (Some((vendor, rest)), None) if plain(vendor) && plain(rest) && !rest.contains('/') => {
            Some("composer")
        }
        (None, Some((group, artifact))) if plain(group) && plain(artifact) && !artifact.contains(':') => {
            Some("maven")
        }
        _ => None,
    }
}

/// The purl type of a language or package manager as tools call it: `Python`, `nodejs`, `java-archive`.
#[must_use]
pub fn ecosystem_of_word(word: &str) -> Option<&'static str> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "cargo" | "crate" | "rust" | "rust-crate" => "cargo",
        "composer" | "packagist" | "php" | "php-composer" => "composer",
        "dotnet" | ".net" | "c#" | "nuget" => "nuget",
        "gem" | "ruby" | "rubygem" | "rubygems" => "gem",
        "go" | "go-module" | "golang" => "golang",
        "jar" | "java" | "java-archive" | "jenkins-plugin" | "maven" => "maven",
        "javascript" | "js" | "node" | "node.js" | "nodejs" | "npm" => "npm",
        "pip" | "pypi" | "python" => "pypi",
        _ => return None,
    })
}

/// The purl type of the package that a manifest, lock file or archive speaks of.
#[must_use]
pub fn ecosystem_of_file(path: &str) -> &'static str {
    let file = path.rsplit('/').next().unwrap_or_default();
    match file {
        "package.json" | "package-lock.json" | "yarn.lock" | "pnpm-lock.yaml" | "bun.lock" => "npm",
        "METADATA" | "PKG-INFO" | "requirements.txt" | "poetry.lock" | "Pipfile.lock" | "uv.lock" => "pypi",
        "go.mod" => "golang",
        "Cargo.lock" => "cargo",
        "Gemfile.lock" => "gem",
        "composer.lock" | "installed.json" => "composer",
        "pom.xml" | "gradle.lockfile" => "maven",
        "packages.lock.json" | "packages.config" | "Directory.Packages.props" => "nuget",
        _ => match file.rsplit('.').next().unwrap_or_default() {
            "jar" | "war" | "ear" => "maven",
            "gemspec" => "gem",
            _ => "generic",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_and_falls_back() {
        let mut purls = Purls::default();
        assert_eq!(purls.parse("pkg:npm/a@1?x=y").unwrap().as_str(), "pkg:npm/a@1");
        assert!(purls.parse("nope").is_err() && purls.parse("nope").is_err());
        assert_eq!(from_parts("not a type", None, "a b", Some("1")).unwrap().as_str(), "pkg:generic/a%20b@1");
        assert_eq!(from_parts("npm", None, "", None), None);
    }

    #[test]
    fn splits_names_by_ecosystem() {
        let text = |kind, name| from_name(kind, name, Some("1")).unwrap().to_string();
        assert_eq!(text("npm", "@a/b"), "pkg:npm/%40a/b@1");
        assert_eq!(text("maven", "org.x:y"), "pkg:maven/org.x/y@1");
        assert_eq!(text("golang", "golang.org/x/net"), "pkg:golang/golang.org/x/net@1");
        assert_eq!(text("pypi", "flask"), "pkg:pypi/flask@1");
        let text = |kind| from_anchore_type(kind, "tar", Some("1"), Some("debian")).unwrap().to_string();
        assert_eq!(text("deb"), "pkg:deb/debian/tar@1");
        assert_eq!(text("binary"), "pkg:generic/tar@1");
    }

    #[test]
    fn words_tell_ecosystems() {
        assert_eq!(ecosystem_of_word(" Python "), Some("pypi"));
        assert_eq!(ecosystem_of_word("java"), Some("maven"));
        assert_eq!(ecosystem_of_word("OS"), None);
    }

    #[test]
    fn some_names_tell_their_ecosystem() {
        for (name, kind) in [
            ("@a/b", Some("npm")),
            ("org.x:y", Some("maven")),
            ("golang.org/x/net", Some("golang")),
            ("stdlib", Some("golang")),
            ("vendor/package", Some("composer")),
            ("flask", None),
            ("a b/c", None),
            ("libc6:", None),
        ] {
            assert_eq!(ecosystem_of_name(name), kind, "{name}");
        }
    }
}

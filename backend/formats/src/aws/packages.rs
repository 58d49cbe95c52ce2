//! Packages as Amazon Inspector and Security Hub name them: name, version, epoch and release apart, the
//! package manager as one word, the distribution as the platform of the image (`DEBIAN_12`).
//!
//! Refuses to guess an ecosystem: an unknown package manager makes a `pkg:generic/…`.

use domain::component::Component;
use domain::fix::{Fix, FixState};
use domain::purl::Purl;

use crate::platforms::Platform;
use crate::purls;
use crate::untrusted::bounded;
use crate::warnings::Warnings;

/// A package as stated; empty texts are not stated.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Package<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub epoch: Option<u64>,
    pub release: &'a str,
    /// `OS`, `NODEPKG`, `GOBINARY`…
    pub manager: &'a str,
    pub path: &'a str,
    /// `0:1.2.3-4`, or `NotAvailable`.
    pub fixed_in: &'a str,
}

impl Package<'_> {
    /// The component; nothing where it has no name.
    pub(crate) fn component(
        &self,
        platform: Option<&Platform>,
        warnings: &mut Warnings,
    ) -> Option<Component> {
        let of_os = self.manager.eq_ignore_ascii_case("OS");
        let version = if of_os { self.os_version() } else { self.version.to_owned() };
        let version = Some(version).filter(|version| !version.is_empty());
        let purl = self.purl(platform.filter(|_| of_os), version.as_deref())?;
        let mut component = Component::from_purl(purl);
        component.name = bounded(self.name, "name of a package", warnings);
        component.version = version;
        if !self.path.is_empty() {
            component.paths.push(bounded(self.path, "path of a package", warnings));
        }
        Some(component)
    }

    fn purl(&self, platform: Option<&Platform>, version: Option<&str>) -> Option<Purl> {
        if let Some(platform) = platform {
            return purls::from_parts(platform.kind, Some(platform.namespace), self.name, version);
        }
        // Inspector writes the standard library of Go as `go/stdlib`, whatever found it.
        if self.name == "go/stdlib" {
            return purls::from_parts("golang", None, "stdlib", version);
        }
        purls::from_name(ecosystem(self.manager), self.name, version)
    }

    /// Epoch, version and release in one text, as package managers print it.
    fn os_version(&self) -> String {
        let mut text = self.version.to_owned();
        if let Some(epoch) = self.epoch.filter(|epoch| *epoch > 0) {
            text = format!("{epoch}:{text}");
        }
        if !self.release.is_empty() {
            text = format!("{text}-{}", self.release);
        }
        text
    }

    /// The fix, where `available` is the finding's `YES`, `NO` or `PARTIAL`.
    pub(crate) fn fix(&self, available: &str) -> Fix {
        let versions: Vec<String> = self
            .fixed_in
            .split(',')
            .map(str::trim)
            .filter(|version| !version.is_empty() && !version.eq_ignore_ascii_case("NotAvailable"))
            .map(|version| version.strip_prefix("0:").unwrap_or(version).to_owned())
            .collect();
        let none = self.fixed_in.eq_ignore_ascii_case("NotAvailable");
        let state = match available {
            _ if !versions.is_empty() => FixState::Fixed,
            "YES" if !none => FixState::Fixed,
            "NO" => FixState::NotFixed,
            _ if none => FixState::NotFixed,
            _ => FixState::Unknown,
        };
        Fix { state, versions }
    }
}

/// The purl type of a package manager's word.
fn ecosystem(manager: &str) -> &'static str {
    match manager.to_ascii_uppercase().as_str() {
        "NPM" | "NODEPKG" | "YARN" | "PNPM" | "BUN" => "npm",
        "PIP" | "PIPENV" | "POETRY" | "PYTHONPKG" | "PYTHON" | "UV" => "pypi",
        "JAR" | "POM" | "MAVEN" | "GRADLE" => "maven",
        "GOBINARY" | "GOMOD" | "GO" => "golang",
        "GEMSPEC" | "BUNDLER" | "GEM" | "RUBY" => "gem",
        "NUGET" | "DOTNET_CORE" | "DOTNET" => "nuget",
        "CARGO" | "RUSTBINARY" | "RUST" => "cargo",
        "COMPOSER" | "PHP" => "composer",
        "CONDA" => "conda",
        "CONAN" => "conan",
        "HEX" => "hex",
        "PUB" => "pub",
        "SWIFT" => "swift",
        "COCOAPODS" => "cocoapods",
        _ => "generic",
    }
}

/// Who published a score, in our word: `NVD` and `DEBIAN_CVE` are `nvd` and `debian`.
pub(crate) fn cvss_source(word: &str) -> String {
    let word = word.trim().to_ascii_lowercase();
    match word.strip_suffix("_cve").unwrap_or(&word) {
        "github" => "ghsa".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(package: Package<'_>, platform: &str, expected: &str) {
        let component = package.component(Platform::of(platform).as_ref(), &mut Warnings::default()).unwrap();
        assert_eq!(component.purl.as_str(), expected);
    }

    #[test]
    fn purls_are_those_of_other_scanners() {
        let os = Package {
            name: "libssl3",
            version: "3.0.11",
            release: "1~deb12u2",
            manager: "OS",
            ..Package::default()
        };
        check(os, "DEBIAN_12", "pkg:deb/debian/libssl3@3.0.11-1~deb12u2");
        check(Package { epoch: Some(1), ..os }, "UBUNTU_22_04", "pkg:deb/ubuntu/libssl3@1:3.0.11-1~deb12u2");
        let rpm = Package {
            name: "bind",
            version: "9.11",
            release: "3.amzn2",
            epoch: Some(32),
            manager: "OS",
            ..os
        };
        check(rpm, "AMAZON_LINUX_2", "pkg:rpm/amazon/bind@9.11-3.amzn2?epoch=32");
        let apk = Package { name: "musl", version: "1.2.4", release: "r2", ..os };
        check(apk, "ALPINE_LINUX_3_18", "pkg:apk/alpine/musl@1.2.4-r2");
        check(apk, "", "pkg:generic/musl@1.2.4-r2");
        for (manager, name, expected) in [
            ("NODEPKG", "@scope/left", "pkg:npm/%40scope/left@1"),
            ("PYTHONPKG", "requests", "pkg:pypi/requests@1"),
            ("JAR", "org.example:left", "pkg:maven/org.example/left@1"),
            ("GOBINARY", "golang.org/x/text", "pkg:golang/golang.org/x/text@1"),
            ("GENERIC", "go/stdlib", "pkg:golang/stdlib@1"),
            ("BUNDLER", "tzinfo", "pkg:gem/tzinfo@1"),
            ("DOTNET_CORE", "Left.Right", "pkg:nuget/Left.Right@1"),
            ("CARGO", "left", "pkg:cargo/left@1"),
            ("SOMETHING", "left", "pkg:generic/left@1"),
        ] {
            let package = Package { name, version: "1", manager, epoch: Some(0), ..Package::default() };
            check(package, "DEBIAN_12", expected);
        }
    }

    #[test]
    fn a_fix_is_what_the_package_says_before_what_the_finding_says() {
        let fix = |fixed_in, available| {
            let fix = Package { fixed_in, ..Package::default() }.fix(available);
            (fix.state, fix.versions.join(" "))
        };
        assert_eq!(fix("0:1.2-3", "YES"), (FixState::Fixed, "1.2-3".to_owned()));
        assert_eq!(fix("NotAvailable", "PARTIAL"), (FixState::NotFixed, String::new()));
        assert_eq!(fix("", "YES"), (FixState::Fixed, String::new()));
        assert_eq!(fix("", "NO"), (FixState::NotFixed, String::new()));
        assert_eq!(fix("", ""), (FixState::Unknown, String::new()));
    }

    #[test]
    fn platforms_name_a_distribution_and_its_version() {
        let text = |word| {
            let distribution = Platform::of(word)?.distribution;
            Some(format!("{} {}", distribution.family, distribution.version.unwrap_or_default()))
        };
        assert_eq!(text("ALPINE_LINUX_3_18").as_deref(), Some("alpine 3.18"));
        assert_eq!(text("AMAZON_LINUX_2023").as_deref(), Some("amazon 2023"));
        assert_eq!(text("UBUNTU_22_04").as_deref(), Some("ubuntu 22.04"));
        assert_eq!(text("WINDOWS_SERVER_2022"), None);
        assert_eq!(cvss_source("DEBIAN_CVE"), "debian");
    }
}

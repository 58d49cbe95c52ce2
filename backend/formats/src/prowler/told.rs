//! What Trivy found behind a finding on an image: its own finding, where the document has it, or Prowler's sentence of
//! it. Refuses a sentence of another shape: it names no package.

use serde::Deserialize;

use super::Finding;
use crate::json::{Number, Text, nullable};

/// What was found; empty texts are not stated. One of the first two says what it is, else it is a check.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found<'t> {
    pub vulnerability: &'t str,
    pub secret: &'t str,
    pub package: &'t str,
    pub version: &'t str,
    pub fixed: &'t str,
    pub purl: &'t str,
    pub path: &'t str,
    pub resource: &'t str,
    pub line: Option<u64>,
}

/// Trivy's own finding, of any class.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
pub(crate) struct Trivy<'a> {
    #[serde(rename = "VulnerabilityID")]
    vulnerability: Text<'a>,
    #[serde(rename = "RuleID")]
    rule: Text<'a>,
    #[serde(rename = "ID")]
    check: Text<'a>,
    pkg_name: Text<'a>,
    pkg_path: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pkg_identifier: Identifier<'a>,
    installed_version: Text<'a>,
    fixed_version: Text<'a>,
    start_line: Number,
    #[serde(deserialize_with = "nullable")]
    cause_metadata: Cause<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Identifier<'a> {
    #[serde(rename = "PURL")]
    purl: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, bound(deserialize = "'de: 'a"))]
struct Cause<'a> {
    resource: Text<'a>,
    start_line: Number,
}

impl Trivy<'_> {
    /// What it says; nothing where it is no finding of Trivy's.
    pub(crate) fn found(&self) -> Option<Found<'_>> {
        let named = [&self.vulnerability, &self.rule, &self.check].into_iter().any(|id| !id.is_empty());
        named.then(|| Found {
            vulnerability: &self.vulnerability,
            secret: &self.rule,
            package: &self.pkg_name,
            version: &self.installed_version,
            fixed: &self.fixed_version,
            purl: &self.pkg_identifier.purl,
            path: &self.pkg_path,
            resource: &self.cause_metadata.resource,
            line: self.cause_metadata.start_line.whole().or_else(|| self.start_line.whole()),
        })
    }
}

/// What a finding's sentence says: `CVE-2026-1 in package left@1.0.0 (fix available: 1.0.1) - Reads too far`.
pub(super) fn of_sentence<'t>(finding: &Finding<'t>) -> Found<'t> {
    let nothing = Found::default();
    let is = |word: &str| finding.categories.split(" | ").any(|category| category == word);
    let Some((_, rest)) = finding.sentence.split_once(" in package ") else {
        if is("secrets") {
            return Found { secret: finding.check, ..nothing };
        }
        let vulnerability = if is("vulnerabilities") { finding.check } else { "" };
        return Found { vulnerability, ..nothing };
    };
    let package = rest.split_whitespace().next().unwrap_or_default();
    // The name of a package may begin with the same sign.
    let (package, version) =
        package.rsplit_once('@').filter(|(name, _)| !name.is_empty()).unwrap_or((package, ""));
    let fixed = rest.split_once("(fix available: ").and_then(|(_, rest)| rest.split_once(')'));
    let fixed = fixed.map_or("", |(fixed, _)| fixed);
    Found { vulnerability: finding.check, package, version, fixed, ..nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentence: &str, expected: [&str; 3]) {
        let found = of_sentence(&Finding { check: "CVE-2026-1", sentence, ..Finding::default() });
        assert_eq!([found.package, found.version, found.fixed], expected, "{sentence}");
    }

    #[test]
    fn sentences_name_packages() {
        check(
            "CVE-2026-1 in package left@1.0 (fix available: 1.1, 2.0) - A (b)",
            ["left", "1.0", "1.1, 2.0"],
        );
        check("CVE-2026-1 in package @demo/left@1.0 - A", ["@demo/left", "1.0", ""]);
        check("CVE-2026-1 in package @demo/left", ["@demo/left", "", ""]);
        check("Something else", ["", "", ""]);
    }
}

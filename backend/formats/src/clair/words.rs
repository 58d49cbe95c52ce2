//! Words of Clair's updaters and repositories. Refuses to take a repository of a distribution for an ecosystem
//! of a language.

use domain::fix::Fix;
use domain::severity::Severity;

use crate::packages::unescape;
use crate::platforms::Platform;

/// The name under which what Clair says is kept, whichever of its clients wrote it down.
pub(crate) const TOOL: &str = "clair";

/// The purl type of what a repository holds, an updater tells of or a package database lists.
pub(crate) fn ecosystem(word: &str) -> Option<&'static str> {
    let word = word.strip_prefix("osv/").unwrap_or(word);
    Some(match word.to_ascii_lowercase().as_str() {
        "go" | "gobin" => "golang",
        "pypi" | "pyupio" | "python" => "pypi",
        "maven" | "java" => "maven",
        "npm" | "nodejs" => "npm",
        "rubygems" | "ruby" => "gem",
        "crates.io" => "cargo",
        "nuget" => "nuget",
        "packagist" => "composer",
        _ => return None,
    })
}

/// The distribution whose repository it is, where the repository is named by a CPE of Red Hat's.
pub(crate) fn platform_of_repository(name: &str) -> Option<Platform> {
    let of_redhat = name.starts_with("cpe:") && name.contains(":redhat:");
    if of_redhat { Platform::of_family("rhel") } else { None }
}

/// The fix that a text states: a version, or pairs of which one is `fixed`.
pub(crate) fn fix(text: &str) -> Fix {
    let stated = match text.contains('=') {
        true => text.split('&').find_map(|pair| pair.strip_prefix("fixed=")).unwrap_or_default(),
        false => text,
    };
    let version = unescape(stated).unwrap_or_else(|| stated.to_owned());
    let version = version.trim();
    let version = version.strip_prefix("0:").unwrap_or(version);
    let version = Some(version).filter(|version| !version.is_empty() && *version != "0");
    Fix::in_versions(version.map(str::to_owned).into_iter().collect())
}

/// The first of some words that is a severity, with what it means; else the first that says anything.
pub(crate) fn severity<'w>(words: &[&'w str]) -> (&'w str, Severity) {
    let told = words.iter().map(|word| (*word, crate::severity::from_word(word)));
    let known = told.clone().find(|(_, severity)| *severity != Severity::Unknown);
    known.or_else(|| told.into_iter().find(|(word, _)| !word.is_empty())).unwrap_or(("", Severity::Unknown))
}

#[cfg(test)]
mod tests {
    use domain::fix::FixState;

    use super::*;

    #[test]
    fn reads_fixes() {
        for (text, version) in [
            ("0:1.33.0-5.el8_8", Some("1.33.0-5.el8_8")),
            ("1:1.1.1k-12.el8_9", Some("1:1.1.1k-12.el8_9")),
            ("fixed=1.2.3%2Bx&introduced=0", Some("1.2.3+x")),
            ("introduced=0&lastAffected=1.2", None),
            ("0", None),
            ("", None),
        ] {
            let fix = fix(text);
            assert_eq!(fix.versions.first().map(String::as_str), version, "{text}");
            assert_eq!(fix.state == FixState::Fixed, version.is_some());
        }
    }

    #[test]
    fn takes_the_first_word_that_is_a_severity() {
        assert_eq!(severity(&["Unknown", "Important"]), ("Important", Severity::High));
        assert_eq!(severity(&["", "odd"]), ("odd", Severity::Unknown));
        assert_eq!(severity(&[]), ("", Severity::Unknown));
    }
}

//! Which rule a result breaks, how severe that is, and what kind of fact it makes. Refuses to read a
//! rule by position when its id says otherwise.

use std::collections::HashMap;

use domain::severity::Severity;
use domain::vulnerability::VulnerabilityId;

use super::wire::{Outcome, Rule, Run};
use crate::severity;

/// What kind of fact a result is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Vulnerability { id: VulnerabilityId, aliases: Vec<VulnerabilityId>, related: Vec<VulnerabilityId> },
    Secret,
    Licence,
    Misconfiguration,
}

/// The rules of a run by id.
pub(super) struct Rules<'r> {
    run: &'r Run<'r>,
    by_id: HashMap<&'r str, &'r Rule<'r>>,
}

impl<'r> Rules<'r> {
    pub(super) fn new(run: &'r Run<'r>) -> Self {
        let mut by_id = HashMap::new();
        for rule in std::iter::once(&run.tool.driver).chain(&run.tool.extensions).flat_map(|part| &part.rules)
        {
            by_id.entry(&*rule.id).or_insert(rule);
        }
        Self { run, by_id }
    }

    /// The id of a result's rule: stated in the result, looked up by index, or (Gitleaks 7) the rule
    /// that the message begins with.
    pub(super) fn id(&self, result: &'r Outcome<'r>) -> &'r str {
        result
            .rule_id
            .filled()
            .or_else(|| result.rule.id.filled())
            .or_else(|| self.at_index(result).map(|rule| &*rule.id))
            .or_else(|| {
                let rules = self.run.tool.driver.rules.iter().filter_map(|rule| rule.id.filled());
                rules.filter(|id| result.message.text.starts_with(id)).max_by_key(|id| id.len())
            })
            .unwrap_or_default()
    }

    /// The rule of a result: by index if the ids agree, else by id, else by the id's parent (`A/1` to `A`).
    pub(super) fn of(&self, result: &'r Outcome<'r>) -> Option<&'r Rule<'r>> {
        let id = self.id(result);
        let parent = id.rsplit_once('/').map_or(id, |(parent, _)| parent);
        self.at_index(result)
            .filter(|rule| *rule.id == *id || *rule.id == *parent)
            .or_else(|| self.by_id.get(id).copied())
            .or_else(|| self.by_id.get(parent).copied())
    }

    fn at_index(&self, result: &Outcome<'_>) -> Option<&'r Rule<'r>> {
        let index = result.rule_index.or(result.rule.index)?;
        let part = match result.rule.tool_component.index {
            None => &self.run.tool.driver,
            Some(extension) => self.run.tool.extensions.get(usize::try_from(extension).ok()?)?,
        };
        part.rules.get(usize::try_from(index).ok()?)
    }
}

/// Tools that look for credentials and nothing else.
const SECRET_TOOLS: [&str; 11] = [
    "gitleaks",
    "trufflehog",
    "detect-secrets",
    "ggshield",
    "gitguardian",
    "secretlint",
    "whispers",
    "noseyparker",
    "kingfisher",
    "talisman",
    "ripsecrets",
];

/// Whether a tool, lower case, looks for credentials only.
pub(super) fn is_secret_tool(tool: &str) -> bool {
    SECRET_TOOLS
        .iter()
        .any(|known| tool == *known || tool.strip_prefix(known).is_some_and(|rest| rest.starts_with(' ')))
}

/// The kind of fact that breaking a rule makes.
pub(super) fn fact(tool: &str, id: &str, rule: Option<&Rule<'_>>) -> Fact {
    let name = rule.map_or("", |rule| &*rule.name);
    match name {
        "Secret" => return Fact::Secret,
        "License" => return Fact::Licence,
        _ if is_secret_tool(tool) || id.starts_with("CKV_SECRET_") => return Fact::Secret,
        _ => {}
    }
    if id.starts_with("SNYK-") {
        return snyk(id, rule).unwrap_or(Fact::Misconfiguration);
    }
    let known = leading_id(id).or_else(|| {
        // Trivy, Grype and Scout report under ids of other advisories too, Grype with the package behind it.
        let package = match (tool, name) {
            ("trivy", "OsPackageVulnerability" | "LanguageSpecificPackageVulnerability") => None,
            (super::package::SCOUT, _) => None,
            ("grype", _) => rule.and_then(|rule| line(&rule.help.text, "Package:")),
            _ => return None,
        };
        let bare = package.and_then(|package| id.strip_suffix(package)?.strip_suffix('-')).unwrap_or(id);
        bare.parse().ok()
    });
    match known {
        Some(id) => Fact::Vulnerability { id, aliases: Vec::new(), related: Vec::new() },
        None => Fact::Misconfiguration,
    }
}

/// Snyk names the CVEs of its own advisory in the rule's description: `(CVE-2011-3374) apt/apt@2.6.1`.
fn snyk(id: &str, rule: Option<&Rule<'_>>) -> Option<Fact> {
    let own: VulnerabilityId = id.parse().ok()?;
    let description = rule.map_or("", |rule| &*rule.full_description.text);
    let listed =
        description.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or("", |(ids, _)| ids);
    let mut others: Vec<VulnerabilityId> =
        listed.split(',').filter_map(|text| leading_id(text.trim())).collect();
    Some(match others.len() {
        1 => Fact::Vulnerability { id: others.remove(0), aliases: vec![own], related: Vec::new() },
        _ => Fact::Vulnerability { id: own, aliases: Vec::new(), related: others },
    })
}

/// The CVE or GHSA that a text begins with.
fn leading_id(text: &str) -> Option<VulnerabilityId> {
    let mut parts = text.split('-');
    let shape: Vec<&str> = match parts.next()? {
        "CVE" => text.splitn(4, '-').take(3).collect(),
        "GHSA" => text.splitn(5, '-').take(4).collect(),
        _ => return None,
    };
    let valid = match shape.as_slice() {
        [_, year, number] => {
            year.len() == 4
                && number.len() >= 4
                && [year, number].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        }
        [_, groups @ ..] if groups.len() == 3 => groups
            .iter()
            .all(|group| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_alphanumeric())),
        _ => false,
    };
    if valid { shape.join("-").parse().ok() } else { None }
}

/// The rest of the line of a text that begins with a key: `Fixed Version: 1.2`.
pub(super) fn line<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(key)).map(str::trim).filter(|rest| !rest.is_empty())
}

/// Severity with the tool's word: a word in a known message, a CVSS-like number, a property, the level.
pub(super) fn severity_of(result: &Outcome<'_>, rule: Option<&Rule<'_>>) -> (Severity, String) {
    let stated = line(&result.message.text, "Severity:")
        .or_else(|| rule.and_then(|rule| line(&rule.help.text, "Severity:")));
    if let Some(word) = stated.filter(|word| severity::from_word(word) != Severity::Unknown) {
        return (severity::from_word(word), word.to_owned());
    }
    // Docker Scout's number is made up where nobody rated a vulnerability; its word then says so.
    if let Some(word) = rule.and_then(|rule| rule.properties.text("cvssV3_severity")) {
        return (severity::from_word(&word), word);
    }
    let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<f64>().ok());
    let score = result
        .properties
        .text("security-severity")
        .or_else(|| rule.and_then(|rule| rule.properties.text("security-severity")));
    if let Some(value) = number(&score) {
        return (Severity::from_cvss(value), score.unwrap_or_default());
    }
    if let Some(word) = result.properties.text("severity")
        && severity::from_word(&word) != Severity::Unknown
    {
        return (severity::from_word(&word), word);
    }
    let default = rule.and_then(|rule| rule.default_configuration.level.filled());
    let level = match result.kind.filled() {
        None | Some("fail") => result.level.filled().or(default).unwrap_or("warning"),
        Some(_) => result.level.filled().unwrap_or("none"),
    };
    (severity::from_word(level), level.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_leading_id() {
        let id = |text| leading_id(text).map(|id| id.to_string());
        assert_eq!(id("CVE-2005-2541-tar").as_deref(), Some("CVE-2005-2541"));
        assert_eq!(id("GHSA-c7hr-j4mj-j2w6-jsonwebtoken").as_deref(), Some("GHSA-c7hr-j4mj-j2w6"));
        assert_eq!(id("CVE-2021").as_deref(), None);
        assert_eq!(id("CVE-rule-7").as_deref(), None);
        assert_eq!(id("CKV_DOCKER_2").as_deref(), None);
    }

    #[test]
    fn reads_lines_of_known_messages() {
        assert_eq!(line("Package: apt\nFixed Version: \nSeverity: LOW", "Severity:"), Some("LOW"));
        assert_eq!(line("Package: apt\nFixed Version: \n", "Fixed Version:"), None);
    }
}

//! How the registry scans: basic or enhanced, and which repositories by rules. Refuses to guess from findings.

use aws_sdk_ecr::types::{RegistryScanningConfiguration, ScanType};

use crate::Failure;
use crate::aws::Ask;

const ACTION: &str = "ecr:GetRegistryScanningConfiguration";

/// The registry's scanning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scanning {
    /// `BASIC` or `ENHANCED`.
    kind: String,
    /// How often, and which repositories, as patterns.
    rules: Vec<(String, Vec<String>)>,
}

/// Asks for it.
///
/// # Errors
/// When it is not told.
pub(super) async fn read(ask: &Ask<'_>) -> Result<Scanning, Failure> {
    let client = aws_sdk_ecr::Client::new(&ask.sdk);
    let told = ask.call(ACTION, || client.get_registry_scanning_configuration().send()).await?;
    Ok(Scanning::of(
        &told.scanning_configuration.unwrap_or_else(|| RegistryScanningConfiguration::builder().build()),
    ))
}

impl Scanning {
    /// From the answer; ECR scans basically where nothing was set.
    pub(super) fn of(told: &RegistryScanningConfiguration) -> Self {
        let kind = told.scan_type().unwrap_or(&ScanType::Basic).as_str().to_owned();
        let rules = told.rules().iter().map(|rule| {
            let patterns = rule.repository_filters().iter().map(|filter| filter.filter().to_owned());
            (rule.scan_frequency().as_str().to_owned(), patterns.collect())
        });
        Self { kind, rules: rules.collect() }
    }

    /// Whether Amazon Inspector does it.
    pub(super) fn is_enhanced(&self) -> bool {
        self.kind == ScanType::Enhanced.as_str()
    }

    /// The settings for a repository, in the vendor's words: `ENHANCED, CONTINUOUS_SCAN`.
    pub(super) fn words(&self, repository: &str) -> String {
        match self.frequency(repository) {
            Some(frequency) => format!("{}, {frequency}", self.kind),
            None => self.kind.clone(),
        }
    }

    /// Whether a repository is scanned when something is pushed, given what itself says. Its own setting
    /// counts for basic scanning alone.
    pub(super) fn on_push(&self, repository: &str, own: Option<bool>) -> bool {
        let ruled = self.frequency(repository).is_some_and(|frequency| frequency != "MANUAL");
        ruled || (own == Some(true) && !self.is_enhanced())
    }

    /// Of several rules that meet it, the one that scans most.
    fn frequency(&self, repository: &str) -> Option<&str> {
        let met = self
            .rules
            .iter()
            .filter(|(_, patterns)| patterns.iter().any(|pattern| matches(pattern, repository)));
        let rank = |frequency: &str| {
            ["MANUAL", "SCAN_ON_PUSH", "CONTINUOUS_SCAN"].iter().position(|one| *one == frequency)
        };
        met.map(|(frequency, _)| frequency.as_str()).max_by_key(|frequency| rank(frequency))
    }
}

/// A pattern of ECR: `*` stands for anything; without one it meets every name that contains it.
fn matches(pattern: &str, name: &str) -> bool {
    if !pattern.contains('*') {
        return name.contains(pattern);
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some(last) = parts.next_back() else { return false };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_meet_names_as_ecr_says() {
        for (pattern, name, meets) in [
            ("*", "team/api", true),
            ("prod*", "prod/api", true),
            ("prod*", "team/prod", false),
            ("*api", "team/api", true),
            ("team/*/v1", "team/api/v1", true),
            ("team/*/v1", "team/v1", false),
            ("prod", "my-prod-api", true),
            ("prod", "team/api", false),
        ] {
            assert_eq!(matches(pattern, name), meets, "{pattern} {name}");
        }
    }
}

//! What tags mean: who owns a thing, which environment it belongs to, how much depends on it. Refuses to
//! guess from names: only tags speak.

use std::collections::BTreeMap;

use domain::workload::Criticality;

/// Tags that name an owner, the most telling first, where settings name none.
pub(crate) const OWNER_TAGS: [&str; 4] = ["plimsoll.dev/owner", "team", "owner", "service-owner"];
/// Tags that name an environment, where settings name none.
pub(crate) const ENVIRONMENT_TAGS: [&str; 4] = ["environment", "env", "stage", "deployment-environment"];
/// Tags whose value is a criticality by itself.
const CRITICALITY_TAGS: [&str; 2] = ["plimsoll.dev/criticality", "criticality"];
/// Environments that are not production.
const NON_PRODUCTION: [&str; 8] =
    ["dev", "development", "test", "testing", "staging", "qa", "sandbox", "preview"];

/// How tags are read. Names and values are compared without regard to case, as people write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagRules {
    owner: Vec<String>,
    environment: Vec<String>,
    criticality: Vec<CriticalityRule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct CriticalityRule {
    tag: String,
    value: String,
    means: Criticality,
}

impl Default for TagRules {
    fn default() -> Self {
        Self {
            owner: OWNER_TAGS.map(str::to_owned).to_vec(),
            environment: ENVIRONMENT_TAGS.map(str::to_owned).to_vec(),
            criticality: Vec::new(),
        }
    }
}

impl TagRules {
    /// Rules from settings; an empty list keeps the default. Criticality rules are lines like
    /// `tier=1 -> critical`.
    ///
    /// # Errors
    /// One sentence for each line that is no rule.
    pub(crate) fn parse(
        owner: &[String],
        environment: &[String],
        criticality: &[String],
    ) -> Result<Self, Vec<String>> {
        let mut rules = Self::default();
        let named = |names: &[String]| -> Vec<String> {
            names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
        };
        for (own, told) in [(&mut rules.owner, named(owner)), (&mut rules.environment, named(environment))] {
            if !told.is_empty() {
                *own = told;
            }
        }
        let mut refusals = Vec::new();
        for line in criticality.iter().filter(|line| !line.trim().is_empty()) {
            match criticality_rule(line) {
                Ok(rule) => rules.criticality.push(rule),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if refusals.is_empty() { Ok(rules) } else { Err(refusals) }
    }

    /// Who owns it, by the first tag that says so.
    pub(crate) fn owner(&self, tags: &BTreeMap<String, String>) -> Option<String> {
        self.owner.iter().find_map(|name| value(tags, name)).map(str::to_owned)
    }

    /// The environment it belongs to.
    pub(crate) fn environment(&self, tags: &BTreeMap<String, String>) -> Option<String> {
        self.environment.iter().find_map(|name| value(tags, name)).map(str::to_owned)
    }

    /// How much depends on it: the first rule of the settings that fits, a tag that says it in words, or low
    /// where the environment is not production.
    pub(crate) fn criticality(&self, tags: &BTreeMap<String, String>) -> Option<Criticality> {
        let fits = |rule: &&CriticalityRule| {
            value(tags, &rule.tag).is_some_and(|value| value.eq_ignore_ascii_case(&rule.value))
        };
        let ruled = self.criticality.iter().find(fits).map(|rule| rule.means);
        let stated = || {
            let word = CRITICALITY_TAGS.iter().find_map(|name| value(tags, name))?;
            Criticality::from_word(&word.to_ascii_lowercase())
        };
        let idle = || {
            let environment = self.environment(tags)?.to_ascii_lowercase();
            NON_PRODUCTION.contains(&environment.as_str()).then_some(Criticality::Low)
        };
        ruled.or_else(stated).or_else(idle)
    }
}

/// Checks one line of the settings.
///
/// # Errors
/// What was expected.
pub(crate) fn check_criticality_rule(line: &str) -> Result<(), String> {
    criticality_rule(line).map(|_| ())
}

fn criticality_rule(line: &str) -> Result<CriticalityRule, String> {
    let refusal =
        || format!("`{}` is no rule: expected `tag=value -> low`, `standard` or `critical`", line.trim());
    let (test, word) = line.split_once("->").ok_or_else(refusal)?;
    let (tag, value) = test.split_once('=').ok_or_else(refusal)?;
    let means = Criticality::from_word(&word.trim().to_ascii_lowercase()).ok_or_else(refusal)?;
    let (tag, value) = (tag.trim().to_owned(), value.trim().to_owned());
    if tag.is_empty() || value.is_empty() {
        return Err(refusal());
    }
    Ok(CriticalityRule { tag, value, means })
}

/// The value of a tag that says anything.
fn value<'t>(tags: &'t BTreeMap<String, String>, name: &str) -> Option<&'t str> {
    let exact = tags.get(name);
    let found = exact
        .or_else(|| tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))?;
    Some(found.trim()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(tags: &[(&str, &str)]) -> BTreeMap<String, String> {
        tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn the_usual_tags_speak_without_settings() {
        let rules = TagRules::default();
        let tags = tags(&[("Team", "payments"), ("Env", "Staging")]);
        assert_eq!(rules.owner(&tags).as_deref(), Some("payments"));
        assert_eq!(rules.environment(&tags).as_deref(), Some("Staging"));
        assert_eq!(rules.criticality(&tags), Some(Criticality::Low));
    }

    #[test]
    fn no_tag_says_nothing() {
        let rules = TagRules::default();
        for silent in [tags(&[]), tags(&[("team", " "), ("Name", "prod-critical")])] {
            assert_eq!(rules.owner(&silent), None);
            assert_eq!(rules.environment(&silent), None);
            assert_eq!(rules.criticality(&silent), None);
        }
    }

    #[test]
    fn settings_come_before_words_and_environments() {
        let rules = TagRules::parse(
            &lines(&["cost-centre"]),
            &lines(&["ring"]),
            &lines(&["tier=1 -> critical", "tier = 3 -> LOW"]),
        )
        .unwrap();
        let first = tags(&[("Tier", "1"), ("criticality", "low"), ("team", "a"), ("cost-centre", "77")]);
        assert_eq!(rules.criticality(&first), Some(Criticality::Critical));
        assert_eq!(rules.owner(&first).as_deref(), Some("77"));
        assert_eq!(rules.criticality(&tags(&[("tier", "3"), ("ring", "prod")])), Some(Criticality::Low));
        assert_eq!(rules.criticality(&tags(&[("criticality", "Standard")])), Some(Criticality::Standard));
        assert_eq!(rules.environment(&tags(&[("env", "dev")])), None);
    }

    #[test]
    fn every_line_that_is_no_rule_is_told() {
        let told = TagRules::parse(&[], &[], &lines(&["tier=1", "=1 -> low", "a=b -> high", "a=b -> low"]));
        let told = told.unwrap_err();
        assert_eq!(told.len(), 3);
        assert_eq!(told[0], "`tier=1` is no rule: expected `tag=value -> low`, `standard` or `critical`");
        assert!(check_criticality_rule("a=b -> low").is_ok());
    }
}

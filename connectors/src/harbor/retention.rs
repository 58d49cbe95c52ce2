//! What a project removes by itself, in words. Refuses to call that automatic which somebody has to start.

use super::rules;
use super::wire::{Retention, Rule};

/// What is removed from a repository, by its name below the project: nothing, or one phrase.
pub(super) fn cleanup(policy: &Retention, repository: &str) -> Vec<String> {
    let kept: Vec<String> = rules::about(&policy.rules, repository).map(kept).collect();
    if kept.is_empty() || policy.trigger.settings.cron.is_empty() {
        return Vec::new();
    }
    vec![format!("deletes all but {}", kept.join(" and "))]
}

/// What a rule keeps.
fn kept(rule: &Rule) -> String {
    let number = rule.params.get(&rule.template).map(ToString::to_string).unwrap_or_default();
    let number = number.trim_matches('"');
    let what = match rule.template.as_str() {
        "latestPushedK" => format!("the {number} most recently pushed artifacts"),
        "latestPulledN" => format!("the {number} most recently pulled artifacts"),
        "nDaysSinceLastPush" => format!("artifacts pushed within the last {number} days"),
        "nDaysSinceLastPull" => format!("artifacts pulled within the last {number} days"),
        "always" => "artifacts".to_owned(),
        other => format!("artifacts by `{other}`"),
    };
    format!("{what} with tags {}", rules::tags(rule))
}

//! What only a repository of Artifact Registry can be set to, and what it removes by itself, in phrases. Refuses to
//! call a rule that merely tries itself out one that removes.

use domain::setting::Setting;

use super::wire::{CleanupCondition, CleanupPolicy, Repository};
use crate::gcp::place::last_part;

/// Seconds of a day and of an hour.
const DAY: u64 = 86_400;
const HOUR: u64 = 3_600;

/// The settings of a repository.
pub(super) fn of(told: &Repository) -> Vec<Setting> {
    kind(told).map(|kind| Setting::new("repository-kind", kind)).into_iter().collect()
}

/// Whether it holds images itself, keeps copies of another's, or shows others'.
fn kind(told: &Repository) -> Option<String> {
    let words = match told.mode.as_str() {
        "STANDARD_REPOSITORY" => "standard".to_owned(),
        "REMOTE_REPOSITORY" => match upstream(told) {
            Some(upstream) => format!("remote, a cache of {upstream}"),
            None => "remote".to_owned(),
        },
        "VIRTUAL_REPOSITORY" => match members(told) {
            members if members.is_empty() => "virtual".to_owned(),
            members => format!("virtual, over {}", members.join(", ")),
        },
        "" | "MODE_UNSPECIFIED" => return None,
        other => other.to_owned(),
    };
    Some(words)
}

fn upstream(told: &Repository) -> Option<&str> {
    let upstream = &told.remote_repository_config.as_ref()?.docker_repository;
    let names = [&upstream.custom_repository.uri, &upstream.public_repository];
    names.into_iter().map(String::as_str).find(|name| !name.is_empty())
}

fn members(told: &Repository) -> Vec<&str> {
    let policies = told.virtual_repository_config.iter().flat_map(|config| &config.upstream_policies);
    policies.map(|policy| last_part(&policy.repository)).collect()
}

/// What it removes by itself, and what it keeps from being removed, by the name of the rule.
pub(super) fn cleanup(told: &Repository) -> Vec<String> {
    let phrases = told.cleanup_policies.iter().filter_map(|(name, policy)| {
        let phrase = phrase(policy)?;
        let tries = if told.cleanup_policy_dry_run { "dry run: " } else { "" };
        Some(format!("{tries}{phrase} ({name})"))
    });
    phrases.collect()
}

fn phrase(policy: &CleanupPolicy) -> Option<String> {
    let verb = match policy.action.as_str() {
        "DELETE" => "deletes",
        "KEEP" => "keeps",
        _ => return None,
    };
    Some(match &policy.most_recent_versions {
        Some(recent) => format!("{verb} the {} most recent", recent.keep_count),
        None => format!("{verb} {}", condition(&policy.condition)),
    })
}

fn condition(told: &CleanupCondition) -> String {
    let mut words = match told.tag_state.as_str() {
        "TAGGED" => "tagged images",
        "UNTAGGED" => "untagged images",
        _ => "images",
    }
    .to_owned();
    if !told.tag_prefixes.is_empty() {
        words.push_str(&format!(" with a tag of {}", told.tag_prefixes.join(", ")));
    }
    for (word, span) in [("older", &told.older_than), ("newer", &told.newer_than)] {
        if !span.is_empty() {
            words.push_str(&format!(" {word} than {}", time(span)));
        }
    }
    words
}

/// A span of time as people say it: `30 days` for `2592000s`.
fn time(span: &str) -> String {
    let seconds = span.strip_suffix('s').and_then(|seconds| seconds.parse::<u64>().ok());
    let said =
        |count: u64, unit: &str| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
    match seconds {
        Some(seconds) if seconds > 0 && seconds % DAY == 0 => said(seconds / DAY, "day"),
        Some(seconds) if seconds > 0 && seconds % HOUR == 0 => said(seconds / HOUR, "hour"),
        _ => span.to_owned(),
    }
}

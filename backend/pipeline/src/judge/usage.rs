//! Findings with what tools say of their component's use. Refuses to take what was not seen for not used, unless a tool
//! watched for long enough and says so, nobody says otherwise, and a sensor watches wherever the image runs: without that
//! nobody would see the day on which it changes.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{FindingId, ImageId};
use score::Constants;
use score::factors::in_use::InUse;
use store::Tx;
use store::facts::{self, FindingFact, UseFact, UseWordFact};

use super::Judge;
use crate::Error;

/// Says of findings that are not known to be executed or loaded what tools say of their use.
pub(super) async fn mark(
    tx: &Tx,
    judge: &Judge,
    images: &[ImageId],
    found: &mut [FindingFact],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let words = facts::use_words(tx, images).await?;
    let doubted: BTreeSet<ImageId> = words.iter().filter(|word| !word.used).map(|word| word.image).collect();
    let doubted: Vec<ImageId> = doubted.into_iter().collect();
    let watched = if doubted.is_empty() {
        HashMap::new()
    } else {
        let heard_since = now.checked_sub_signed(judge.silent_after).unwrap_or(DateTime::<Utc>::MIN_UTC);
        facts::watched(tx, &doubted, heard_since).await?
    };
    let used: BTreeSet<(ImageId, &str)> =
        words.iter().filter(|word| word.used).map(|word| (word.image, word.purl.as_str())).collect();
    let mut known: HashMap<(ImageId, FindingId), UseFact> = HashMap::new();
    for word in &words {
        let fact = if word.used {
            told(word)
        } else if used.contains(&(word.image, word.purl.as_str())) {
            continue;
        } else {
            let since = watched.get(&word.image).copied();
            let Some(days) = unused_days(word, since, now, &judge.constants) else { continue };
            UseFact::Never { tool: word.tool.clone(), days }
        };
        let other = known.entry((word.image, word.finding)).or_insert_with(|| fact.clone());
        if order(other) < order(&fact) {
            *other = fact;
        }
    }
    for fact in found.iter_mut().filter(|fact| fact.in_use.is_none()) {
        fact.in_use = known.remove(&(fact.image, fact.id));
    }
    Ok(())
}

fn told(word: &UseWordFact) -> UseFact {
    UseFact::Told {
        tool: word.tool.clone(),
        word: word.word.clone(),
        at: word.looked_at.map_or(word.since, |looked| looked.max(word.since)),
    }
}

/// What is said of a finding first: that it is used, then the latest and the longest.
fn order(fact: &UseFact) -> (bool, Option<DateTime<Utc>>, i64, &str) {
    match fact {
        UseFact::Executed(file) => (true, Some(file.last_seen_at), 0, file.tool.as_str()),
        UseFact::Told { tool, at, .. } => (true, Some(*at), 0, tool.as_str()),
        UseFact::Never { tool, days } => (false, None, *days, tool.as_str()),
    }
}

/// For how many whole days a tool says that a component is not used while sensors watch; nothing where that is not for long
/// enough, or the tool's last look at the image is longer ago than that. `watched` is since when each node on which the
/// image runs has a sensor, if each has one.
fn unused_days(
    word: &UseWordFact,
    watched: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    constants: &Constants,
) -> Option<i64> {
    let (looked, watched) = (word.looked_at?, watched?);
    let age = now - looked;
    if word.set_aside || age < TimeDelta::zero() || days(age) >= constants.in_use.sensor_days {
        return None;
    }
    let span = (looked - word.since).min(now - watched);
    let known = InUse::observed(false, Some(days(span)), constants);
    (known == InUse::NotLoaded).then(|| span.num_days())
}

fn days(span: TimeDelta) -> f64 {
    span.num_seconds() as f64 / 86_400.0
}

#[cfg(test)]
mod tests {
    use domain::id::Id;

    use super::*;

    #[test]
    fn only_a_long_watch_by_all_discounts() {
        let constants = Constants::embedded().unwrap();
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let ago = |days: i64| now - TimeDelta::days(days);
        let word = |since: i64, looked: Option<i64>, set_aside: bool| UseWordFact {
            image: Id::derived(&[b"image"]),
            finding: Id::derived(&[b"finding"]),
            purl: "pkg:npm/left@1.0".to_owned(),
            tool: "profiler".to_owned(),
            word: "not in use".to_owned(),
            used: false,
            set_aside,
            since: ago(since),
            looked_at: looked.map(ago),
        };
        for (word, watched, expected) in [
            (word(8, Some(0), false), Some(30), Some(8)),
            (word(7, Some(0), false), Some(7), Some(7)),
            (word(6, Some(0), false), Some(30), None),
            (word(30, Some(0), false), Some(6), None),
            (word(30, Some(0), false), Some(9), Some(9)),
            (word(30, Some(0), false), None, None),
            // Said once, long ago, or at a moment to come.
            (word(8, Some(8), false), Some(30), None),
            (word(8, None, false), Some(30), None),
            (word(30, Some(7), false), Some(30), None),
            (word(30, Some(-1), false), Some(30), None),
            (word(8, Some(0), true), Some(30), None),
        ] {
            assert_eq!(
                unused_days(&word, watched.map(ago), now, &constants),
                expected,
                "{word:?} {watched:?}"
            );
        }
    }
}

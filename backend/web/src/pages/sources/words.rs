//! How sources, runs and scopes are said: states with their tone, sentences, times. One table each, the same
//! on every page and in the stream of progress. Refuses to say *nothing there* of what nobody saw.

use chrono::{DateTime, TimeDelta, Utc};
use domain::source::{RunKind, RunState};
use store::sources::{Health, Run, Source, Summary};

use crate::filters::{grouped, relative};

/// A word for people, the tone of its badge, and what it means.
pub(crate) type Word = (&'static str, &'static str, &'static str);

/// How a source is.
pub(super) fn health(health: Health) -> Word {
    match health {
        Health::Off => ("off", "", "It is not asked; what it saw stays on record"),
        Health::Never => ("no run yet", "unknown", "No run of it is over"),
        Health::Complete => ("seen whole", "good", "Its last run saw every scope whole"),
        Health::Partial => ("in part", "warn unknown", "Its last run did not see every scope whole"),
        Health::Failed => ("failed", "bad unknown", "Nothing came of its last run"),
    }
}

/// How urgent that is, the most urgent first.
pub(super) fn urgency(health: Health) -> u8 {
    match health {
        Health::Failed => 0,
        Health::Partial => 1,
        Health::Never => 2,
        Health::Complete => 3,
        Health::Off => 4,
    }
}

/// How a run stands.
pub(super) fn run_state(run: &Run) -> Word {
    match (run.state, run.kind) {
        (RunState::Waiting, _) => ("waiting", "info", "Nobody has begun it"),
        (RunState::Running, _) if run.cancel_requested => ("stopping", "info", "Somebody asked to stop it"),
        (RunState::Running, _) => ("under way", "info", "A worker is at it"),
        (RunState::Complete, RunKind::Check) => ("all granted", "good", "Every permission is granted"),
        (RunState::Complete, _) => ("seen whole", "good", "Every scope was seen whole"),
        (RunState::Partial, RunKind::Check) => ("some refused", "bad", "Some permissions are refused"),
        (RunState::Partial, _) => ("in part", "warn unknown", "Not every scope was seen whole"),
        (RunState::Failed, _) => ("failed", "bad unknown", "Nothing came of it"),
        (RunState::Cancelled, _) => ("stopped", "unknown", "Somebody stopped it"),
    }
}

/// How a scope stands. `listed` is whether its source still shows it.
pub(crate) fn scope_state(state: RunState, listed: bool) -> Word {
    if !listed {
        return (
            "not listed",
            "unknown",
            "Its source does not show it any more; what it held stays on record",
        );
    }
    match state {
        RunState::Waiting => ("not asked yet", "unknown", "Nobody has asked it"),
        RunState::Running => ("being asked", "info", "A worker is at it"),
        RunState::Complete => ("seen whole", "good", "Every page of it was read"),
        RunState::Partial => ("in part", "warn unknown", "Something of it was not seen"),
        RunState::Failed => ("failed", "bad unknown", "Nothing of it was seen"),
        RunState::Cancelled => ("stopped", "unknown", "Its run was stopped before it was seen whole"),
    }
}

/// What a run is for.
pub(crate) fn run_kind(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Sync => "Sync",
        RunKind::DryRun => "Dry run",
        RunKind::Check => "Permission test",
        RunKind::Push => "Push",
        RunKind::Follow => "Changes",
    }
}

/// Where a run stands or what came of it, in one sentence.
pub(crate) fn sentence(run: &Run, now: DateTime<Utc>) -> String {
    let number = |count: u64| grouped(&count.to_string());
    match run.state {
        RunState::Waiting if !run.message.is_empty() && run.run_after > now => {
            format!("{} It is tried again {}.", run.message, relative(run.run_after, now))
        }
        RunState::Waiting => "It waits for a worker, which usually takes seconds.".to_owned(),
        RunState::Running if run.cancel_requested => {
            "It is being stopped: what is under way ends first.".to_owned()
        }
        RunState::Running if run.kind == RunKind::Check => "Every permission is being tried.".to_owned(),
        RunState::Running if run.scopes_total == 0 => "It is finding out which scopes there are.".to_owned(),
        RunState::Running => format!(
            "{} of {} scopes are over, {} objects seen so far.",
            number(run.scopes_done),
            number(run.scopes_total),
            number(run.counts.seen)
        ),
        _ if run.message.is_empty() => "It left no word of what came of it.".to_owned(),
        _ => run.message.clone(),
    }
}

/// When a source is asked: `every 6 hours`, `at 30 2 * * * (UTC)`, `on request`.
pub(super) fn schedule(text: &str) -> String {
    let Some(interval) = text.strip_prefix("every ").map(str::trim) else {
        return if text.is_empty() { "on request".to_owned() } else { format!("at {text} (UTC)") };
    };
    let (number, unit) = interval.split_at(interval.len().saturating_sub(1));
    let unit = match unit {
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        _ => return text.to_owned(),
    };
    match number.trim() {
        "1" => format!("every {unit}"),
        number => format!("every {number} {unit}s"),
    }
}

/// When a source is asked, or that a collector pushes to it.
pub(super) fn asked(source: &Source) -> String {
    if source.schedule.is_empty() && source.takes_pushes {
        "pushed by a collector elsewhere".to_owned()
    } else {
        format!("asked {}", schedule(&source.schedule))
    }
}

/// When a source runs next, in words; nothing where a moment says it.
pub(super) fn no_next_run(source: &Source) -> Option<&'static str> {
    match source.next_run_at {
        _ if !source.enabled => Some("off"),
        _ if source.schedule.is_empty() && source.takes_pushes => Some("when it is pushed"),
        _ if source.schedule.is_empty() => Some("on request"),
        None => Some("in a moment"),
        Some(_) => None,
    }
}

/// What the last run said of a source as a whole, in one sentence.
pub(super) fn standing(summary: &Summary) -> String {
    let number = |count: u64| grouped(&count.to_string());
    let whole = format!("{} of {} scopes", number(summary.complete), number(summary.scopes));
    match summary.health() {
        Health::Off => "It is off: nothing is asked, and what it saw stays on record.".to_owned(),
        Health::Never if summary.scopes > 0 => {
            format!("No run of it is over yet; {whole} were seen whole so far.")
        }
        Health::Never => "No run of it is over yet, so nothing of it is known.".to_owned(),
        Health::Complete if summary.scopes == 1 => "Its one scope was seen whole.".to_owned(),
        Health::Complete => format!("All {} scopes were seen whole.", number(summary.scopes)),
        Health::Failed if summary.scopes == 0 => "Nothing came of its last run.".to_owned(),
        Health::Failed | Health::Partial => {
            format!("{whole} were seen whole by the last run that asked them.")
        }
    }
}

/// How long something took: `12 s`, `4 min 10 s`, `2 h 5 min`.
pub(crate) fn duration(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    match seconds {
        0 => format!("{} ms", time.num_milliseconds().max(0)),
        1..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// How long a run took so far; nothing while it waits.
pub(crate) fn taken(run: &Run, now: DateTime<Utc>) -> Option<String> {
    let started = run.started_at.filter(|_| run.state != RunState::Waiting)?;
    Some(duration(run.ended_at.unwrap_or(now) - started))
}

/// A text in parts: what stands between backticks is code.
pub(crate) fn parts(text: &str) -> Vec<(bool, &str)> {
    if text.matches('`').count() % 2 == 1 {
        return vec![(false, text)];
    }
    let parts = text.split('`').enumerate().map(|(index, part)| (index % 2 == 1, part));
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

/// Letters of a sentence that a list has room for.
const ROOM: usize = 320;

/// A sentence as long as a list has room for; files and the API have all of it.
pub(super) fn cut(sentence: &str) -> String {
    cut_to(sentence, ROOM)
}

/// A sentence of at most so many letters. Code that would be cut in two is left out.
pub(crate) fn cut_to(sentence: &str, most: usize) -> String {
    if sentence.chars().count() <= most {
        return sentence.to_owned();
    }
    let mut kept: String = sentence.chars().take(most).collect();
    if kept.matches('`').count() % 2 == 1 {
        kept.truncate(kept.rfind('`').unwrap_or(kept.len()));
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_said() {
        for (text, expected) in [
            ("every 6h", "every 6 hours"),
            ("every 1d", "every day"),
            ("every 15m", "every 15 minutes"),
            ("30 2 * * *", "at 30 2 * * * (UTC)"),
            ("", "on request"),
        ] {
            assert_eq!(schedule(text), expected);
        }
    }

    #[test]
    fn times_taken_are_said() {
        for (milliseconds, expected) in [
            (340, "340 ms"),
            (12_400, "12 s"),
            (250_000, "4 min 10 s"),
            (7_500_000, "2 h 5 min"),
            (-5, "0 ms"),
        ] {
            assert_eq!(duration(TimeDelta::milliseconds(milliseconds)), expected);
        }
    }

    #[test]
    fn backticks_make_code() {
        assert_eq!(parts("`a` is *b* `c`"), [(true, "a"), (false, " is *b* "), (true, "c")]);
        assert_eq!(parts("odd ` one"), [(false, "odd ` one")]);
    }

    #[test]
    fn a_long_sentence_is_cut_between_letters() {
        let long = "é".repeat(400);
        assert_eq!(cut(&long).chars().count(), 321);
        assert_eq!(cut("short."), "short.");
        assert_eq!(cut_to("`a` with `bcd` at once", 12), "`a` with…");
    }
}

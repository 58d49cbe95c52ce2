//! Between the words of `normalise` and the rows of `store`. Refuses to decide anything.

use domain::fix::FixState;
use domain::id::FindingId;
use domain::severity::Severity;
use normalise::merge::{Attribution as Said, Effective};
use store::save::findings::{Attribution, State};

/// A row of what a tool says.
pub(super) fn row(finding: FindingId, tool: &str, said: &Said) -> Attribution {
    Attribution {
        finding,
        tool: tool.to_owned(),
        severity: said.severity.rank(),
        severity_word: said.severity_word.clone(),
        fix_state: said.fix_state.as_str().to_owned(),
        fix_version: said.fix_version.clone(),
        cvss_vector: said.cvss_vector.clone(),
        suppressed_reason: said.suppressed_reason.clone(),
        location: said.location.clone(),
        in_use: said.in_use.clone(),
        used: said.used,
        reported_as: said.reported_as.clone(),
    }
}

/// What a stored row says.
pub(super) fn heard(row: &Attribution) -> Said {
    Said {
        severity: Severity::from_rank(row.severity),
        severity_word: row.severity_word.clone(),
        fix_state: FixState::from_word(&row.fix_state),
        fix_version: row.fix_version.clone(),
        cvss_vector: row.cvss_vector.clone(),
        suppressed_reason: row.suppressed_reason.clone(),
        location: row.location.clone(),
        in_use: row.in_use.clone(),
        used: row.used,
        reported_as: row.reported_as.clone(),
    }
}

/// Whether a stored row says what the tool says now; a NUL was stored as the replacement character.
pub(super) fn same(row: &Attribution, said: &Said) -> bool {
    let text = |stored: &str, now: &str| {
        stored == now || (now.contains('\0') && stored == now.replace('\0', "\u{fffd}"))
    };
    let optional = |stored: &Option<String>, now: &Option<String>| match (stored, now) {
        (Some(stored), Some(now)) => text(stored, now),
        (stored, now) => stored.is_none() && now.is_none(),
    };
    row.severity == said.severity.rank()
        && row.used == said.used
        && row.fix_state == said.fix_state.as_str()
        && text(&row.severity_word, &said.severity_word)
        && text(&row.fix_version, &said.fix_version)
        && text(&row.reported_as, &said.reported_as)
        && optional(&row.cvss_vector, &said.cvss_vector)
        && optional(&row.suppressed_reason, &said.suppressed_reason)
        && optional(&row.location, &said.location)
        && optional(&row.in_use, &said.in_use)
}

/// The state of a finding that was not there before.
pub(super) fn stated(id: FindingId, effective: &Effective, at: i64) -> State {
    State {
        id,
        severity: effective.severity.rank(),
        fix_state: effective.fix_state.as_str().to_owned(),
        fix_version: effective.fix_version.clone(),
        suppressed: effective.suppressed,
        fix_seen_at: (effective.fix_state == FixState::Fixed).then_some(at),
        open: true,
    }
}

/// The state of a finding after its tools spoke; nothing where it stays as it is.
pub(super) fn restated(before: &State, effective: &Effective, at: Option<i64>) -> Option<State> {
    let fixed = effective.fix_state == FixState::Fixed;
    let after =
        State { fix_seen_at: before.fix_seen_at.or(at.filter(|_| fixed)), ..stated(before.id, effective, 0) };
    (after != *before).then_some(after)
}

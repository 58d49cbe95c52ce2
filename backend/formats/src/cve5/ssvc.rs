//! The points of an SSVC decision. Refuses words that SSVC does not have: what is not known stays absent, and is
//! told.

use domain::intel::{Decision, Exploitation};
use serde_json::Value;

use crate::error::clip;
use crate::time;
use crate::warnings::Warnings;

/// A decision with at least one point in known words.
pub(super) fn decision(content: &Value, by: &str, at: &str, warnings: &mut Warnings) -> Option<Decision> {
    let mut decision = Decision {
        by: by.to_owned(),
        exploitation: None,
        automatable: None,
        total_impact: None,
        decided_at: content.get("timestamp").and_then(Value::as_str).and_then(time::parse),
    };
    let options = content.get("options").and_then(Value::as_array).into_iter().flatten();
    for (point, value) in options.filter_map(Value::as_object).flatten() {
        let word = value.as_str().unwrap_or_default().to_ascii_lowercase();
        let known = match (point.as_str(), word.as_str()) {
            ("Exploitation", "none") => fill(&mut decision.exploitation, Exploitation::None),
            ("Exploitation", "poc") => fill(&mut decision.exploitation, Exploitation::Poc),
            ("Exploitation", "active") => fill(&mut decision.exploitation, Exploitation::Active),
            ("Automatable", "yes" | "no") => fill(&mut decision.automatable, word == "yes"),
            ("Technical Impact", "total" | "partial") => fill(&mut decision.total_impact, word == "total"),
            _ => false,
        };
        if !known {
            let message = format!(
                "`{}: {}` is no point of SSVC that is known, or stands twice",
                clip(point),
                clip(&word)
            );
            warnings.push(at, message);
        }
    }
    let decided =
        decision.exploitation.is_some() || decision.automatable.is_some() || decision.total_impact.is_some();
    if !decided {
        warnings.push(at, "an SSVC decision without points in known words was left out");
    }
    decided.then_some(decision)
}

/// Keeps the first value; whether this was it.
fn fill<T>(point: &mut Option<T>, value: T) -> bool {
    let first = point.is_none();
    point.get_or_insert(value);
    first
}

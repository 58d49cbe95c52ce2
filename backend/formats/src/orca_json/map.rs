//! Alerts in the words that all of Orca's lists share. Refuses to interpret them.

use super::wire;
use crate::Parsed;
use crate::orca::{Alert, Mapper};

/// Maps an export.
pub(super) fn exported(all: &[wire::Alert<'_>]) -> Parsed {
    let told = all.iter().enumerate().map(|(number, alert)| Alert {
        at: format!("[{number}]"),
        title: &alert.title,
        category: &alert.category,
        severity: "",
        score: &alert.orca_score,
        status: &alert.status,
        resource: alert.inventory.name.filled().unwrap_or(&alert.source),
        last_seen: &alert.last_seen,
    });
    alerts(told)
}

/// Maps an answer. Its scores run the other way round, and are left for its words.
pub(super) fn answer(answer: &wire::Answer<'_>) -> Parsed {
    let told = answer.data.iter().enumerate().map(|(number, alert)| Alert {
        at: format!("data[{number}]"),
        title: &alert.description,
        category: &alert.category,
        severity: &alert.state.severity,
        score: "",
        status: &alert.state.status,
        resource: &alert.asset_name,
        last_seen: &alert.state.last_seen,
    });
    alerts(told)
}

fn alerts<'a>(told: impl Iterator<Item = Alert<'a>>) -> Parsed {
    let mut mapper = Mapper::new();
    told.for_each(|alert| mapper.add(&alert));
    mapper.build()
}

//! OSV's records as ours. Refuses records without a usable id, and packages in ecosystems that have no purls;
//! both are told in warnings.

use chrono::{DateTime, Utc};
use domain::intel::{DatabaseRecord, IntelFeed};
use domain::observation::Observation;

use super::wire::Record;
use crate::warnings::Warnings;
use crate::{Parsed, severity};

/// All records as one feed; the latest change of any of them is its time.
pub(super) fn records(records: &[Record<'_>]) -> Parsed {
    let mut warnings = Warnings::default();
    let mut kept = Vec::with_capacity(records.len());
    for (index, wire) in records.iter().enumerate() {
        let at = if records.len() == 1 { String::new() } else { format!("[{index}]") };
        match record(wire, &at, &mut warnings) {
            Some(record) => kept.push(record),
            None => warnings.push(at, "a record without a usable id was left out"),
        }
    }
    let made_at: Option<DateTime<Utc>> =
        kept.iter().filter_map(|record| record.vulnerability.modified_at).max();
    let feed = (!kept.is_empty()).then(|| IntelFeed::Vulnerabilities {
        database: "osv".to_owned(),
        made_at,
        records: kept,
    });
    Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

fn record(wire: &Record<'_>, at: &str, warnings: &mut Warnings) -> Option<DatabaseRecord> {
    let mut vulnerability = wire.record()?;
    vulnerability.severity = severity::from_word(wire.severity_word().unwrap_or_default());
    let (affected, unnamed) = wire.affected();
    if unnamed > 0 {
        let message =
            format!("{unnamed} entries name no package of an ecosystem with purls and were left out");
        warnings.push(at, message);
    }
    Some(DatabaseRecord {
        vulnerability,
        withdrawn: wire.is_withdrawn(),
        exploited_since: None,
        decisions: Vec::new(),
        affected,
    })
}

//! Catalogue entries to feed records. Refuses entries without a CVE id; they are counted in a warning
//! that names the first.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::intel::{IntelFeed, KevEntry};
use domain::observation::Observation;
use domain::vulnerability::VulnerabilityId;

use super::wire::{Catalogue, Entry};
use crate::error::clip;
use crate::json::Text;
use crate::untrusted::{bounded, prose};
use crate::warnings::Warnings;
use crate::{Parsed, time};

/// The whole catalogue as one feed.
pub(super) fn catalogue(catalogue: Catalogue<'_>, mut warnings: Warnings) -> Parsed {
    let listed = catalogue.vulnerabilities.len();
    if let Some(stated) = catalogue.count.whole().filter(|&stated| stated != listed as u64) {
        let message =
            format!("the catalogue states {stated} entries and lists {listed}: it may be cut short");
        warnings.push("count", message);
    }
    if listed == 0 {
        warnings.push("vulnerabilities", "the catalogue lists nothing and was not taken as one");
    }
    let mut seen = HashSet::with_capacity(listed);
    let mut entries = Vec::with_capacity(listed);
    for (index, wire) in catalogue.vulnerabilities.iter().enumerate() {
        let at = format!("vulnerabilities[{index}]");
        match wire.cve_id.parse::<VulnerabilityId>() {
            Ok(id) if !id.is_cve() => {
                warnings.push(at, "an entry whose id is not a CVE was left out");
            }
            Ok(id) if !seen.insert(id.clone()) => {
                warnings.push(at, "an entry that repeats an earlier one was left out");
            }
            Ok(id) => entries.push(entry(id, wire, &at, &mut warnings)),
            Err(_) => warnings.push(at, "an entry without a readable CVE id was left out"),
        }
    }
    let version = catalogue.catalog_version.as_ref().and_then(Text::filled);
    let version = version.map(|text| bounded(text, "catalogVersion", &mut warnings));
    let released_at = catalogue.date_released.as_ref().and_then(|text| time::parse(text));
    // An empty catalogue is a failed download, not the end of exploitation.
    let feed = (!entries.is_empty()).then_some(IntelFeed::Kev { version, released_at, entries });
    Parsed {
        observations: feed.map(Observation::Intel).into_iter().collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
        ..Parsed::default()
    }
}

fn entry(id: VulnerabilityId, wire: &Entry<'_>, at: &str, warnings: &mut Warnings) -> KevEntry {
    KevEntry {
        id,
        added_on: day(&wire.date_added, at, "dateAdded", warnings),
        due_on: day(&wire.due_date, at, "dueDate", warnings),
        ransomware: ransomware(wire, at, warnings),
        title: title(wire, at, warnings),
        action: wire.required_action.filled().map(prose),
    }
}

fn day(text: &Text<'_>, at: &str, field: &str, warnings: &mut Warnings) -> Option<NaiveDate> {
    let text = text.filled()?;
    let day = time::date(text.get(..10).unwrap_or(text));
    if day.is_none() {
        warnings.push(format!("{at}.{field}"), "a day that is not written YYYY-MM-DD was left out");
    }
    day
}

fn ransomware(wire: &Entry<'_>, at: &str, warnings: &mut Warnings) -> Option<bool> {
    let word = wire.known_ransomware_campaign_use.as_ref()?.filled()?.trim();
    match word.to_ascii_lowercase().as_str() {
        "known" => Some(true),
        "unknown" => Some(false),
        _ => {
            let message = format!("`{}` is neither Known nor Unknown and was left out", clip(word));
            warnings.push(format!("{at}.knownRansomwareCampaignUse"), message);
            None
        }
    }
}

/// The name, which nearly always begins with vendor or product; otherwise these are put before it.
fn title(wire: &Entry<'_>, at: &str, warnings: &mut Warnings) -> String {
    let parts = [&wire.vendor_project, &wire.product].map(|text| text.trim());
    let name = wire.vulnerability_name.trim();
    let named = parts.iter().any(|part| !part.is_empty() && name.starts_with(part));
    let owner = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    let title = match (named, owner.is_empty(), name.is_empty()) {
        (true, ..) | (_, true, _) => name.to_owned(),
        (_, _, true) => owner,
        _ => format!("{owner}: {name}"),
    };
    bounded(&title.split_whitespace().collect::<Vec<_>>().join(" "), at, warnings)
}

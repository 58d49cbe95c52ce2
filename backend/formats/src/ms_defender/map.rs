//! Defender's rows in our words: a scan for each machine. Refuses to take a page for all that was found on a machine,
//! and a product's name for that of a package: Defender tells no ecosystem.

use std::collections::HashMap;

use domain::component::Component;
use domain::finding::{ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::wire::{Page, Row};
use crate::untrusted::bounded;
use crate::warnings::Warnings;
use crate::{Parsed, purls, severity, time};

/// The name under which what Defender for Endpoint says is kept.
const TOOL: &str = "ms-defender";
const EMPTY: &str = "the list is empty and names no machine, so nothing is recorded as checked";
const MORE: &str = "the list goes on: its next page is missing";
const BY_PRODUCT: &str = "a list by product holds what its query let through, and does not state it";
const BY_NAME: &str = "nothing tells the ecosystem of a package, so it is known by name alone";
/// How many paths of one product are kept.
const PATHS: usize = 16;

/// Maps a page.
pub(super) fn page(page: &Page<'_>) -> Parsed {
    let tool = Tool { name: TOOL.to_owned(), version: None };
    let partial = if page.next_link.is_empty() { BY_PRODUCT } else { MORE };
    let mut warnings = Warnings::default();
    let mut scans: Vec<ScanBuilder> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (number, row) in page.rows.iter().enumerate() {
        let at = format!("value[{number}]");
        let index = *known.entry(&*row.machine_id).or_insert_with(|| {
            let mut scan = ScanBuilder::new(tool.clone(), target(row, &at, &mut warnings));
            scan.scan_mut().partial = Some(partial.to_owned());
            scans.push(scan);
            scans.len() - 1
        });
        if let Some(scan) = scans.get_mut(index) {
            let seen = time::parse(&row.last_seen_timestamp);
            scan.scan_mut().scanned_at = scan.scan_mut().scanned_at.max(seen);
            add(scan, row, &at, &mut warnings);
        }
    }
    if page.rows.is_empty() {
        warnings.push("value", EMPTY);
    }
    Parsed {
        tool: Some(tool),
        entries: page.rows.len(),
        listed_components: 0,
        observations: scans.into_iter().map(|scan| Observation::Scan(scan.build())).collect(),
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn target(row: &Row<'_>, at: &str, warnings: &mut Warnings) -> Target {
    match row.device_name.filled().or(row.machine_id.filled()) {
        Some(name) => Target::Other { kind: "host".to_owned(), name: bounded(name, at, warnings) },
        None => Target::Unstated,
    }
}

fn add(scan: &mut ScanBuilder, row: &Row<'_>, at: &str, warnings: &mut Warnings) {
    let Ok(id) = row.cve_id.parse() else {
        warnings.skip(at, "a row without a usable vulnerability id was skipped");
        return;
    };
    let Some(component) = component(row, at, warnings) else {
        warnings.skip(at, "a row without a product was skipped");
        return;
    };
    let mut record = VulnerabilityRecord::bare(id);
    let exploit = match &*row.exploitability_level {
        "NoExploit" => Some(false),
        level if level.starts_with("ExploitIs") => Some(true),
        _ => None,
    };
    record.threat = exploit.map(|exploit| ThreatWord { exploit: Some(exploit), ..ThreatWord::default() });
    let (component, vulnerability) = (scan.component(component), scan.vulnerability(record));
    let subject = Subject::Vulnerability { component, vulnerability };
    let word = bounded(&row.severity, at, warnings);
    let mut finding = ReportedFinding::new(subject, severity::from_word(&word), word);
    // An update is named, and not the version of the product that it brings.
    let state = if row.fixing_kb_id.is_empty() { FixState::Unknown } else { FixState::Fixed };
    finding.fix = Fix { state, versions: Vec::new() };
    scan.finding(finding);
}

fn component(row: &Row<'_>, at: &str, warnings: &mut Warnings) -> Option<Component> {
    let name = row.product_name.filled()?;
    let version = row.product_version.filled();
    let mut component = Component::from_purl(purls::from_parts("generic", None, name, version)?);
    warnings.push(at, BY_NAME);
    component.name = bounded(name, "name of a product", warnings);
    component.version = version.map(|version| bounded(version, "version of a product", warnings));
    let paths = row.disk_paths.iter().take(PATHS);
    component.paths = paths.map(|path| bounded(path, "path of a product", warnings)).collect();
    Some(component)
}

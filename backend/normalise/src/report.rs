//! A scan as rows about one image: every finding once, with what the tool says of it, and a fingerprint
//! that is the same for the same content in any order.
//!
//! Refuses findings without identity: they are counted as dangling, never guessed.

use std::collections::{HashMap, HashSet};

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::id::{ComponentId, FindingId, ImageId};
use domain::sbom::Sbom;
use domain::scan::Scan;
use domain::vulnerability::VulnerabilityRecord;

use crate::aliases::AliasGroups;
use crate::identity::FindingKey;
use crate::merge::Attribution;

/// Raised when the fingerprint would be computed from other things.
const FINGERPRINT_VERSION: u8 = 3;

/// One finding of a scan on an image.
#[derive(Clone, Debug)]
pub struct Incoming<'a> {
    /// What it is about.
    pub key: FindingKey<'a>,
    /// Its component, if it has one.
    pub component: Option<ComponentId>,
    /// One line for people.
    pub title: Option<&'a str>,
    /// What the tool says.
    pub attribution: Attribution,
}

/// All findings of a scan on an image, entries on the same finding joined.
#[must_use]
pub fn findings<'a>(
    scan: &'a Scan,
    image: ImageId,
    groups: &'a AliasGroups,
) -> HashMap<FindingId, Incoming<'a>> {
    let components: Vec<ComponentId> = scan.components.iter().map(Component::id).collect();
    let mut found: HashMap<FindingId, Incoming<'a>> = HashMap::with_capacity(scan.findings.len());
    for finding in &scan.findings {
        let Some(key) = FindingKey::of(scan, finding, groups) else { continue };
        let component = match finding.subject {
            Subject::Vulnerability { component, .. } => components.get(component).copied(),
            Subject::Licence { component, .. } => component.and_then(|index| components.get(index).copied()),
            _ => None,
        };
        let attribution = attribution(scan, finding, &key);
        let title = finding.title.as_deref();
        match found.entry(key.id(image)) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(Incoming { key, component, title, attribution });
            }
            std::collections::hash_map::Entry::Occupied(mut place) => {
                let known = place.get_mut();
                known.title = [known.title, title].into_iter().flatten().min();
                known.attribution = known.attribution.clone().joined(attribution);
            }
        }
    }
    found
}

/// Findings of the scan that point outside its tables.
#[must_use]
pub fn dangling(scan: &Scan) -> usize {
    let groups = AliasGroups::default();
    scan.findings.iter().filter(|finding| FindingKey::of(scan, finding, &groups).is_none()).count()
}

fn attribution(scan: &Scan, finding: &ReportedFinding, key: &FindingKey<'_>) -> Attribution {
    let path = scan.component_of(finding).and_then(|component| component.paths.first());
    let reported_as = match (key, scan.vulnerability_of(finding)) {
        (FindingKey::Vulnerability { vulnerability, .. }, Some(record))
            if record.id.as_str() != *vulnerability =>
        {
            record.id.as_str()
        }
        _ => "",
    };
    Attribution::of(finding, reported_as, path.map(String::as_str))
}

/// What the scan says, as 32 bytes, and how many distinct findings that is: two scans with the same
/// fingerprint change nothing one after the other. Times, tool versions and the order of entries are left out; `mapping` is the version of the
/// format's mapping.
#[must_use]
pub fn fingerprint(scan: &Scan, groups: &AliasGroups, mapping: u32) -> ([u8; 32], usize) {
    let mut part = Part::default();
    let mut parts: Vec<[u8; 32]> = Vec::with_capacity(scan.findings.len() + scan.vulnerabilities.len());
    let mut distinct = HashSet::with_capacity(scan.findings.len());
    for finding in &scan.findings {
        if let Some(key) = FindingKey::of(scan, finding, groups) {
            part.finding(scan, finding, &key);
            parts.push(part.take());
            distinct.insert(key);
        }
    }
    for record in &scan.vulnerabilities {
        part.vulnerability(record);
        parts.push(part.take());
    }
    for component in &scan.components {
        part.component(component);
        parts.push(part.take());
    }
    parts.sort_unstable();
    part.add(&[FINGERPRINT_VERSION]);
    part.number(mapping.into());
    scan.covers.iter().for_each(|class| part.text(class.as_str()));
    part.text(scan.partial.as_deref().unwrap_or(""));
    parts.iter().for_each(|each| part.add(each));
    (part.take(), distinct.len())
}

/// What a bill of materials lists, as 32 bytes, in any order.
#[must_use]
pub fn sbom_fingerprint(sbom: &Sbom) -> [u8; 32] {
    let mut part = Part::default();
    let mut parts: Vec<[u8; 32]> = Vec::with_capacity(sbom.components.len());
    for component in &sbom.components {
        part.component(component);
        parts.push(part.take());
    }
    parts.sort_unstable();
    part.add(&[FINGERPRINT_VERSION]);
    parts.iter().for_each(|each| part.add(each));
    part.take()
}

/// Adds to a scan what another scan by the same tool says of the same image in the same document.
pub fn join(scan: &mut Scan, other: &Scan) {
    let (components, vulnerabilities) = (scan.components.len(), scan.vulnerabilities.len());
    scan.components.extend(other.components.iter().cloned());
    scan.vulnerabilities.extend(other.vulnerabilities.iter().cloned());
    scan.findings.extend(other.findings.iter().cloned().map(|mut finding| {
        match &mut finding.subject {
            Subject::Vulnerability { component, vulnerability } => {
                *component += components;
                *vulnerability += vulnerabilities;
            }
            Subject::Licence { component: Some(component), .. } => *component += components,
            _ => {}
        }
        finding
    }));
    scan.covers.extend(other.covers.iter().copied());
    scan.scanned_at = scan.scanned_at.max(other.scanned_at);
    scan.database_at = scan.database_at.max(other.database_at);
    scan.partial = scan.partial.take().or_else(|| other.partial.clone());
    scan.tool.version = scan.tool.version.take().or_else(|| other.tool.version.clone());
}

/// Length-prefixed fields, hashed when taken; the room is used again for the next.
#[derive(Default)]
struct Part(Vec<u8>);

impl Part {
    fn add(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        self.add(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        self.number(text.is_some().into());
        self.text(text.unwrap_or(""));
    }

    fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn finding(&mut self, scan: &Scan, finding: &ReportedFinding, key: &FindingKey<'_>) {
        self.text(key.class().as_str());
        if let FindingKey::Vulnerability { vulnerability, .. } = key {
            self.text(vulnerability);
        }
        let stored = key.stored();
        [stored.subject, stored.path, stored.resource].iter().for_each(|text| self.text(text));
        self.number(stored.line.unwrap_or(u64::MAX));
        self.text(scan.component_of(finding).map_or("", |component| component.purl.as_str()));
        self.text(scan.vulnerability_of(finding).map_or("", |record| record.id.as_str()));
        self.optional(finding.title.as_deref());
        self.number(finding.severity.rank().unsigned_abs().into());
        self.text(&finding.severity_word);
        self.text(finding.fix.state.as_str());
        finding.fix.versions.iter().for_each(|version| self.text(version));
        finding.cvss.iter().for_each(|score| self.text(&score.vector));
        self.optional(finding.location.as_deref());
        self.optional(finding.in_use.as_deref());
        self.number(finding.used.map_or(2, u64::from));
        self.optional(match &finding.verdict {
            Verdict::Affected => None,
            Verdict::Suppressed(reason) => Some(reason),
        });
    }

    /// The description counts by its length: hashing all of it would cost more than it tells.
    fn vulnerability(&mut self, record: &VulnerabilityRecord) {
        self.text(record.id.as_str());
        record.aliases.iter().chain(&record.related).for_each(|id| self.text(id.as_str()));
        self.optional(record.title.as_deref());
        self.number(record.description.as_ref().map_or(0, String::len) as u64);
        self.number(record.modified_at.map_or(0, |at| at.timestamp_millis().unsigned_abs()));
        self.number(record.severity.rank().unsigned_abs().into());
        record.cvss.iter().for_each(|score| {
            self.text(&score.source);
            self.text(&score.vector);
        });
    }

    fn component(&mut self, component: &Component) {
        self.text(component.purl.as_str());
        self.text(component.source.as_ref().map_or("", |source| &source.name));
        component.licences.iter().for_each(|licence| self.text(licence));
        self.text(component.paths.first().map_or("", String::as_str));
    }

    fn take(&mut self) -> [u8; 32] {
        let hash = *blake3::hash(&self.0).as_bytes();
        self.0.clear();
        hash
    }
}

/// The classes of a stored list such as `secret,vulnerability`.
#[must_use]
pub fn classes_of(words: &str) -> Vec<FindingClass> {
    words.split(',').filter_map(FindingClass::from_word).collect()
}

/// The stored list of some classes.
#[must_use]
pub fn classes_text<'a>(classes: impl IntoIterator<Item = &'a FindingClass>) -> String {
    classes.into_iter().map(|class| class.as_str()).collect::<Vec<_>>().join(",")
}

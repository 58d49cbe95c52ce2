//! A scan as rows about one image: every finding once, with what the tool says of it, and a fingerprint
//! that is the same for the same content in any order.
//!
//! Refuses findings without identity: they are counted as dangling, never guessed.

use std::collections::HashMap;

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::id::{ComponentId, FindingId, ImageId};
use domain::sbom::Sbom;
use domain::scan::Scan;

use crate::aliases::AliasGroups;
use crate::identity::FindingKey;
use crate::merge::Attribution;

/// Raised when the fingerprint would be computed from other things.
const FINGERPRINT_VERSION: u8 = 1;

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

/// What the scan says, as 32 bytes: two scans with the same fingerprint change nothing one after the
/// other. Times, tool versions and the order of entries are left out; `mapping` is the version of the
/// format's mapping.
#[must_use]
pub fn fingerprint(scan: &Scan, groups: &AliasGroups, mapping: u32) -> [u8; 32] {
    let nowhere = ImageId::from_bytes([0; 16]);
    let mut parts: Vec<[u8; 32]> = Vec::with_capacity(scan.findings.len() + scan.vulnerabilities.len());
    for (id, incoming) in findings(scan, nowhere, groups) {
        let mut part = Part::new(b"finding");
        part.add(id.as_bytes());
        part.text(incoming.title.unwrap_or(""));
        part.attribution(&incoming.attribution);
        parts.push(part.done());
    }
    parts.extend(scan.vulnerabilities.iter().map(|record| {
        let mut part = Part::new(b"vulnerability");
        part.text(record.id.as_str());
        record.aliases.iter().chain(&record.related).for_each(|id| part.text(id.as_str()));
        part.text(record.title.as_deref().unwrap_or(""));
        part.number(record.description.as_ref().map_or(0, String::len) as u64);
        part.number(record.modified_at.map_or(0, |at| at.timestamp_millis().unsigned_abs()));
        part.number(record.severity.rank().unsigned_abs().into());
        record.cvss.iter().for_each(|score| {
            part.text(&score.source);
            part.text(&score.vector);
        });
        part.done()
    }));
    parts.extend(scan.components.iter().map(|component| {
        let mut part = Part::new(b"component");
        part.text(component.purl.as_str());
        part.text(component.source.as_ref().map_or("", |source| &source.name));
        component.licences.iter().for_each(|licence| part.text(licence));
        part.done()
    }));
    parts.sort_unstable();
    let mut whole = Part::new(&[FINGERPRINT_VERSION]);
    whole.number(mapping.into());
    scan.covers.iter().for_each(|class| whole.text(class.as_str()));
    whole.text(scan.partial.as_deref().unwrap_or(""));
    parts.iter().for_each(|part| whole.add(part));
    whole.done()
}

/// What a bill of materials lists, as 32 bytes, in any order.
#[must_use]
pub fn sbom_fingerprint(sbom: &Sbom) -> [u8; 32] {
    let mut parts: Vec<[u8; 32]> = sbom
        .components
        .iter()
        .map(|component| {
            let mut part = Part::new(b"listed");
            part.text(component.purl.as_str());
            part.text(component.source.as_ref().map_or("", |source| &source.name));
            component.licences.iter().for_each(|licence| part.text(licence));
            part.text(component.paths.first().map_or("", String::as_str));
            part.done()
        })
        .collect();
    parts.sort_unstable();
    let mut whole = Part::new(&[FINGERPRINT_VERSION]);
    parts.iter().for_each(|part| whole.add(part));
    whole.done()
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

/// A hash of length-prefixed fields.
struct Part(blake3::Hasher);

impl Part {
    fn new(kind: &[u8]) -> Self {
        let mut part = Self(blake3::Hasher::new());
        part.add(kind);
        part
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.add(text.as_bytes());
    }

    fn number(&mut self, number: u64) {
        self.add(&number.to_le_bytes());
    }

    fn attribution(&mut self, said: &Attribution) {
        self.number(said.severity.rank().unsigned_abs().into());
        self.text(&said.severity_word);
        self.text(said.fix_state.as_str());
        self.text(&said.fix_version);
        for optional in [&said.cvss_vector, &said.suppressed_reason, &said.location] {
            self.number(optional.is_some().into());
            self.text(optional.as_deref().unwrap_or(""));
        }
        self.text(&said.reported_as);
    }

    fn done(self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
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

//! A scan: what one tool said of one target at one time. Components and vulnerabilities are tables that
//! the findings point into, so that a report of ten thousand findings repeats nothing.
//! Refuses nothing; [`ScanBuilder`] keeps the tables free of duplicates.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::component::Component;
use crate::finding::{FindingClass, ReportedFinding, Subject};
use crate::image::Image;
use crate::vulnerability::{VulnerabilityId, VulnerabilityRecord};

/// The program that made a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Lower-case product name without version: `trivy`. Attributions are kept by it.
    pub name: String,
    /// Version, if stated.
    pub version: Option<String>,
}

/// What was scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "one a scan: a box would cost every reader a dereference and save nothing"
)]
pub enum Target {
    /// A container image.
    Image(Image),
    /// Anything else: a directory, a repository, a machine, an SBOM file.
    Other {
        /// The document's word for it: `filesystem`, `repository`.
        kind: String,
        /// Its name or path.
        name: String,
    },
    /// The document does not say.
    Unstated,
}

/// What one tool said of one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// Who said it.
    pub tool: Tool,
    /// Of what.
    pub target: Target,
    /// When, if stated.
    pub scanned_at: Option<DateTime<Utc>>,
    /// How old the vulnerability database was, if stated.
    pub database_at: Option<DateTime<Utc>>,
    /// The classes of findings that the scan looked for; only these may close.
    pub covers: BTreeSet<FindingClass>,
    /// Why the scan is not whole, if the document says that it is not; such a scan closes nothing.
    pub partial: Option<String>,
    /// Components that findings point to.
    pub components: Vec<Component>,
    /// Vulnerabilities that findings point to.
    pub vulnerabilities: Vec<VulnerabilityRecord>,
    /// The findings, in document order, before identity: duplicates are still there.
    pub findings: Vec<ReportedFinding>,
}

/// Builds a [`Scan`] with tables that hold each component and vulnerability once.
#[derive(Debug)]
pub struct ScanBuilder {
    scan: Scan,
    /// By the text of the package URL, which takes a fifth of what all its parts take.
    components: HashMap<Box<str>, usize>,
    vulnerabilities: HashMap<VulnerabilityId, usize>,
}

impl ScanBuilder {
    /// An empty scan that covers nothing yet.
    #[must_use]
    pub fn new(tool: Tool, target: Target) -> Self {
        Self {
            scan: Scan {
                tool,
                target,
                scanned_at: None,
                database_at: None,
                covers: BTreeSet::new(),
                partial: None,
                components: Vec::new(),
                vulnerabilities: Vec::new(),
                findings: Vec::new(),
            },
            components: HashMap::new(),
            vulnerabilities: HashMap::new(),
        }
    }

    /// The scan so far, for its plain fields.
    pub fn scan_mut(&mut self) -> &mut Scan {
        &mut self.scan
    }

    /// The index of a component, adding it when it is new; paths and licences of a known one are joined.
    pub fn component(&mut self, mut component: Component) -> usize {
        if let Some(&index) = self.components.get(component.purl.as_str()) {
            let known = &mut self.scan.components[index];
            for path in component.paths {
                if !known.paths.contains(&path) {
                    known.paths.push(path);
                }
            }
            if known.source.is_none() {
                known.source = component.source;
            }
            if known.licences.is_empty() {
                known.licences = component.licences;
            }
            return index;
        }
        let index = self.scan.components.len();
        self.components.insert(component.purl.as_str().into(), index);
        // Most have one of each, and a list makes room for four.
        component.licences.shrink_to_fit();
        component.paths.shrink_to_fit();
        self.scan.components.push(component);
        index
    }

    /// The index of a vulnerability already added.
    #[must_use]
    pub fn known_vulnerability(&self, id: &VulnerabilityId) -> Option<usize> {
        self.vulnerabilities.get(id).copied()
    }

    /// The index of a vulnerability, adding the record when the id is new.
    pub fn vulnerability(&mut self, record: VulnerabilityRecord) -> usize {
        if let Some(index) = self.known_vulnerability(&record.id) {
            return index;
        }
        let index = self.scan.vulnerabilities.len();
        self.vulnerabilities.insert(record.id.clone(), index);
        self.scan.vulnerabilities.push(record);
        index
    }

    /// Adds a finding; its class counts as covered.
    pub fn finding(&mut self, finding: ReportedFinding) {
        self.scan.covers.insert(finding.subject.class());
        self.scan.findings.push(finding);
    }

    /// The finished scan.
    #[must_use]
    pub fn build(self) -> Scan {
        self.scan
    }
}

impl Scan {
    /// The component of a finding, if it has one.
    #[must_use]
    pub fn component_of(&self, finding: &ReportedFinding) -> Option<&Component> {
        match finding.subject {
            Subject::Vulnerability { component, .. }
            | Subject::Licence { component: Some(component), .. } => self.components.get(component),
            _ => None,
        }
    }

    /// The vulnerability of a finding, if it has one.
    #[must_use]
    pub fn vulnerability_of(&self, finding: &ReportedFinding) -> Option<&VulnerabilityRecord> {
        match finding.subject {
            Subject::Vulnerability { vulnerability, .. } => self.vulnerabilities.get(vulnerability),
            _ => None,
        }
    }
}

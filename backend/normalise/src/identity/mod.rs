//! When two reports speak of the same finding. A key per class, none of which holds a description, a
//! severity or a tool: two tools never make two findings.
//!
//! Refuses findings whose indices lead out of their scan's tables: they have no identity.

use std::collections::HashSet;

use domain::finding::{FindingClass, ReportedFinding, Subject, Verdict};
use domain::id::{FindingId, ImageId};
use domain::observation::Observation;
use domain::scan::{Scan, Target};

use crate::aliases::AliasGroups;

/// What makes a finding itself, apart from the image it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKey<'a> {
    /// A vulnerability in a component: canonical purl and canonical vulnerability id.
    Vulnerability {
        /// Canonical purl.
        purl: &'a str,
        /// The id that names the alias group.
        vulnerability: &'a str,
    },
    /// A credential: rule, file, line.
    Secret {
        /// The tool's rule.
        rule: &'a str,
        /// File.
        path: &'a str,
        /// First line.
        line: Option<u64>,
    },
    /// A failed check: check, file, resource, line.
    Misconfiguration {
        /// The check.
        check: &'a str,
        /// File.
        path: &'a str,
        /// Resource in the file; empty where none is named.
        resource: &'a str,
        /// First line.
        line: Option<u64>,
    },
    /// A licence of a component or file.
    Licence {
        /// Canonical purl; empty for a file's licence.
        purl: &'a str,
        /// File; empty for a component's licence.
        path: &'a str,
        /// Identifier or expression.
        licence: &'a str,
    },
    /// Malicious code in a file.
    Malware {
        /// Signature or family.
        name: &'a str,
        /// File.
        path: &'a str,
    },
}

impl<'a> FindingKey<'a> {
    /// The key of a reported finding, or nothing where its indices lead nowhere.
    #[must_use]
    pub fn of(scan: &'a Scan, finding: &'a ReportedFinding, groups: &'a AliasGroups) -> Option<Self> {
        let purl = |index: usize| scan.components.get(index).map(|component| component.purl.as_str());
        Some(match &finding.subject {
            Subject::Vulnerability { component, vulnerability } => Self::Vulnerability {
                purl: purl(*component)?,
                vulnerability: groups.canonical(&scan.vulnerabilities.get(*vulnerability)?.id).as_str(),
            },
            Subject::Secret { rule, path, line } => Self::Secret { rule, path, line: *line },
            Subject::Misconfiguration { check, path, resource, line } => {
                let resource = resource.as_deref().unwrap_or("");
                Self::Misconfiguration { check, path, resource, line: *line }
            }
            Subject::Licence { component, path, licence } => Self::Licence {
                purl: match component {
                    Some(index) => purl(*index)?,
                    None => "",
                },
                path: path.as_deref().unwrap_or(""),
                licence,
            },
            Subject::Malware { name, path } => Self::Malware { name, path },
        })
    }

    /// The class of the fact.
    #[must_use]
    pub fn class(&self) -> FindingClass {
        match self {
            Self::Vulnerability { .. } => FindingClass::Vulnerability,
            Self::Secret { .. } => FindingClass::Secret,
            Self::Misconfiguration { .. } => FindingClass::Misconfiguration,
            Self::Licence { .. } => FindingClass::Licence,
            Self::Malware { .. } => FindingClass::Malware,
        }
    }

    /// Its parts as stored: subject, path, resource, line.
    #[must_use]
    pub fn stored(&self) -> StoredKey<'a> {
        let (subject, path, resource, line) = match *self {
            Self::Vulnerability { .. } => ("", "", "", None),
            Self::Secret { rule, path, line } => (rule, path, "", line),
            Self::Misconfiguration { check, path, resource, line } => (check, path, resource, line),
            Self::Licence { path, licence, .. } => (licence, path, "", None),
            Self::Malware { name, path } => (name, path, "", None),
        };
        StoredKey { subject, path, resource, line }
    }

    /// The key of a stored finding.
    #[must_use]
    pub fn of_stored(
        class: FindingClass,
        purl: &'a str,
        vulnerability: &'a str,
        stored: StoredKey<'a>,
    ) -> Self {
        let StoredKey { subject, path, resource, line } = stored;
        match class {
            FindingClass::Vulnerability => Self::Vulnerability { purl, vulnerability },
            FindingClass::Secret => Self::Secret { rule: subject, path, line },
            FindingClass::Misconfiguration => Self::Misconfiguration { check: subject, path, resource, line },
            FindingClass::Licence => Self::Licence { purl, path, licence: subject },
            FindingClass::Malware => Self::Malware { name: subject, path },
        }
    }

    /// The id of this finding on an image, the same in every process and database.
    #[must_use]
    pub fn id(&self, image: ImageId) -> FindingId {
        let number = |line: Option<u64>| line.map_or(u64::MAX, |line| line).to_le_bytes();
        let derive = |parts: &[&str], line: Option<u64>| {
            let line = number(line);
            let mut all: Vec<&[u8]> = vec![image.as_bytes(), self.class().as_str().as_bytes()];
            all.extend(parts.iter().map(|part| part.as_bytes()));
            all.push(&line);
            FindingId::derived(&all)
        };
        match *self {
            Self::Vulnerability { purl, vulnerability } => derive(&[purl, vulnerability], None),
            Self::Secret { rule, path, line } => derive(&[rule, path], line),
            Self::Misconfiguration { check, path, resource, line } => derive(&[check, path, resource], line),
            Self::Licence { purl, path, licence } => derive(&[purl, path, licence], None),
            Self::Malware { name, path } => derive(&[name, path], None),
        }
    }
}

/// The parts of a key that have columns of their own besides component and vulnerability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredKey<'a> {
    /// Rule, check, licence or malware name; empty for vulnerabilities.
    pub subject: &'a str,
    /// File, or empty.
    pub path: &'a str,
    /// Resource, or empty.
    pub resource: &'a str,
    /// First line.
    pub line: Option<u64>,
}

/// How many findings the observations of one document hold: distinct for each target, by identity, with
/// the alias groups that the document itself states. `entries` is how many the document lists: where it
/// reports more than that, what it sets aside stands apart from its list and is not counted.
#[must_use]
pub fn distinct_findings(observations: &[Observation], entries: usize) -> usize {
    let scans: Vec<&Scan> = observations
        .iter()
        .filter_map(|observation| match observation {
            Observation::Scan(scan) => Some(scan),
            _ => None,
        })
        .collect();
    let groups = AliasGroups::of_records(scans.iter().flat_map(|scan| &scan.vulnerabilities));
    let reported: usize = scans.iter().map(|scan| scan.findings.len()).sum();
    let mut seen = HashSet::new();
    for scan in scans {
        let target = target_key(&scan.target);
        for finding in &scan.findings {
            if reported > entries && finding.verdict != Verdict::Affected {
                continue;
            }
            if let Some(key) = FindingKey::of(scan, finding, &groups) {
                seen.insert((target.clone(), key));
            }
        }
    }
    seen.len()
}

/// A text that tells targets of one document apart.
fn target_key(target: &Target) -> String {
    match target {
        Target::Image(image) => image
            .best_digest()
            .map(ToString::to_string)
            .or_else(|| image.references.first().map(ToString::to_string))
            .unwrap_or_default(),
        Target::Other { kind, name } => format!("{kind} {name}"),
        Target::Unstated => String::new(),
    }
}

#[cfg(test)]
mod tests;

//! What the portions of a document say, put together as if it had been read as a whole: tables joined, findings pointed at
//! them anew, counts added.
//!
//! Refuses to tell the same oddity of the document once for each portion.

use domain::document::Warning;
use domain::finding::{ReportedFinding, Subject};
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{Scan, ScanBuilder, Tool};

use crate::Parsed;
use crate::warnings::Warnings;

/// The whole so far.
#[derive(Default)]
pub(super) struct Merger {
    tool: Option<Tool>,
    entries: usize,
    skipped: usize,
    listed: usize,
    boms: Vec<(Sbom, ScanBuilder)>,
    scans: Vec<ScanBuilder>,
    others: Vec<Observation>,
    warnings: Vec<(Warning, usize)>,
}

impl Merger {
    /// Adds a portion; `lists` tells whether what it lists is new.
    pub(super) fn add(&mut self, parsed: Parsed, lists: bool) {
        self.tool = self.tool.take().or(parsed.tool);
        self.entries += parsed.entries;
        self.skipped += parsed.skipped;
        if lists {
            self.listed += parsed.listed_components;
        }
        for observation in parsed.observations {
            match observation {
                Observation::Sbom(bom) if lists => self.bom(bom),
                Observation::Sbom(_) => {}
                Observation::Scan(scan) => self.scan(scan),
                other => self.others.push(other),
            }
        }
        for warning in parsed.warnings {
            self.warn(warning);
        }
    }

    fn bom(&mut self, mut bom: Sbom) {
        let components = std::mem::take(&mut bom.components);
        if self.boms.is_empty() {
            let builder = ScanBuilder::new(bom.tool.clone(), bom.target.clone());
            self.boms.push((Sbom { listed: 0, ..bom.clone() }, builder));
        }
        if let Some((whole, builder)) = self.boms.first_mut() {
            whole.listed += bom.listed;
            for component in components {
                builder.component(component);
            }
        }
    }

    fn scan(&mut self, mut scan: Scan) {
        let (components, vulnerabilities, findings) = (
            std::mem::take(&mut scan.components),
            std::mem::take(&mut scan.vulnerabilities),
            std::mem::take(&mut scan.findings),
        );
        if self.scans.is_empty() {
            let mut builder = ScanBuilder::new(scan.tool.clone(), scan.target.clone());
            *builder.scan_mut() = scan.clone();
            self.scans.push(builder);
        }
        let Some(builder) = self.scans.first_mut() else { return };
        let whole = builder.scan_mut();
        whole.covers.append(&mut scan.covers);
        whole.partial = whole.partial.take().or(scan.partial);
        let components: Vec<usize> = components.into_iter().map(|one| builder.component(one)).collect();
        let records: Vec<usize> =
            vulnerabilities.into_iter().map(|record| builder.vulnerability(record)).collect();
        for mut finding in findings {
            repoint(&mut finding, &components, &records);
            builder.finding(finding);
        }
    }

    /// Of a message that says how often, the numbers are added where it speaks of lists.
    fn warn(&mut self, warning: Warning) {
        let (message, count) = counted(&warning.message);
        let listed = warning.at.contains('[');
        let known = self.warnings.iter_mut().find(|(known, _)| known.message == message);
        match known {
            Some((_, total)) if listed => *total += count,
            Some((_, total)) => *total = count.max(*total),
            None => self.warnings.push((Warning { at: warning.at, message: message.to_owned() }, count)),
        }
    }

    /// The whole.
    pub(super) fn finish(self) -> Parsed {
        let mut warnings = Warnings::default();
        for (warning, count) in self.warnings {
            warnings.push_many(warning.at, warning.message, count);
        }
        let boms = self
            .boms
            .into_iter()
            .map(|(bom, builder)| Observation::Sbom(Sbom { components: builder.build().components, ..bom }));
        let scans = self.scans.into_iter().map(|builder| Observation::Scan(builder.build()));
        Parsed {
            tool: self.tool,
            entries: self.entries,
            skipped: self.skipped,
            listed_components: self.listed,
            observations: boms.chain(scans).chain(self.others).collect(),
            warnings: warnings.into_vec(),
        }
    }
}

/// `odd (3 times)` as `odd` and 3.
fn counted(message: &str) -> (&str, usize) {
    let parts = message.strip_suffix(" times)").and_then(|rest| rest.rsplit_once(" ("));
    match parts.and_then(|(text, count)| Some((text, count.parse().ok()?))) {
        Some(parts) => parts,
        None => (message, 1),
    }
}

fn repoint(finding: &mut ReportedFinding, components: &[usize], records: &[usize]) {
    let to = |index: &mut usize, table: &[usize]| *index = table.get(*index).copied().unwrap_or(usize::MAX);
    match &mut finding.subject {
        Subject::Vulnerability { component, vulnerability } => {
            to(component, components);
            to(vulnerability, records);
        }
        Subject::Licence { component: Some(component), .. } => to(component, components),
        _ => {}
    }
}

//! Quay's answer in our words: one scan of the manifest, by Quay, or by Clair where the layer is its own.
//!
//! Refuses to make a bill of materials of the features: Quay tells the ecosystem only of those that a
//! vulnerability was found in.

use domain::cvss::CvssScore;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::package;
use super::wire::{Answer, Feature, Layer, Vulnerability};
use crate::Parsed;
use crate::clair::{self, Named};
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;

/// Who speaks, also where only the registry tells that an image was not scanned.
const TOOL: &str = "Quay";
/// What Quay writes as the version of the index; Clair itself counted to 3.
const INDEXED_BY_QUAY: u64 = 4;

/// Maps an answer.
pub(super) fn answer(answer: &Answer<'_>) -> Parsed {
    let mut warnings = Warnings::default();
    let nested = answer.data.as_ref().and_then(|data| data.layer.as_ref());
    let Some(layer) = nested.or(answer.layer.as_ref()) else {
        warnings.push("Layer", "the answer holds no layer: no scan was recorded");
        return Parsed { skipped: warnings.skipped(), warnings: warnings.into_vec(), ..Parsed::default() };
    };
    let of_quay =
        nested.is_some() || layer.indexed_by_version.whole().is_none_or(|version| version >= INDEXED_BY_QUAY);
    let name = if of_quay { TOOL } else { clair::TOOL };
    let tool = Tool { name: name.to_owned(), version: None };
    let mut scan = ScanBuilder::new(tool.clone(), target(layer, &mut warnings));
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    if let Some(status) = answer.status.filled().filter(|status| *status != "scanned") {
        scan.scan_mut().partial = Some(format!("the scan is {}", bounded(status, "status", &mut warnings)));
    }
    for (number, feature) in layer.features.iter().enumerate() {
        let at = || format!("Layer.Features[{number}]");
        add(&mut scan, feature, &at, &mut warnings);
    }
    Parsed {
        tool: Some(tool),
        entries: layer.features.iter().map(|feature| feature.vulnerabilities.len()).sum(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan.build())],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn target(layer: &Layer<'_>, warnings: &mut Warnings) -> Target {
    match layer.name.parse::<Digest>() {
        Ok(digest) => {
            let platform = layer.features.iter().find_map(package::platform);
            let distribution = platform.map(|platform| platform.distribution);
            Target::Image(Image {
                digests: vec![(DigestRole::Manifest, digest)],
                distribution,
                ..Image::default()
            })
        }
        Err(error) => {
            warnings.push("Layer.Name", error.to_string());
            Target::Unstated
        }
    }
}

/// Adds what was found in a feature.
fn add(scan: &mut ScanBuilder, feature: &Feature<'_>, at: &dyn Fn() -> String, warnings: &mut Warnings) {
    if feature.vulnerabilities.is_empty() {
        return;
    }
    let Some((component, told)) = package::component(feature, warnings) else {
        let message = "the vulnerabilities of a feature without a name were skipped";
        warnings.skip_all(feature.vulnerabilities.len(), at(), message);
        return;
    };
    if !told {
        warnings.push(at(), "nothing tells the ecosystem of a package, so it is known by name alone");
    }
    let component = scan.component(component);
    for found in &feature.vulnerabilities {
        let names = clair::names(&found.name, &found.link);
        if names.is_empty() {
            warnings.skip(at(), "a vulnerability that neither name nor links identify was skipped");
        }
        let single = names.len() == 1;
        for named in names {
            let vulnerability = scan.vulnerability(record(named, found, single));
            let subject = Subject::Vulnerability { component, vulnerability };
            let (word, severity) = clair::severity(&[&found.severity]);
            let mut finding = ReportedFinding::new(subject, severity, word);
            finding.fix = clair::fix(&found.fixed_by);
            finding.location = feature.added_by.filled().map(|layer| bounded(layer, "AddedBy", warnings));
            scan.finding(finding);
        }
    }
}

/// A vulnerability; the score beside several that one advisory covers is none of theirs.
fn record(named: Named, found: &Vulnerability<'_>, single: bool) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.title = Some(found.name.trim()).filter(|name| name.contains(' ')).map(prose);
    record.description = found.description.filled().map(prose);
    record.references = found.link.split_whitespace().filter_map(link).collect();
    if single {
        let nvd = &found.metadata.nvd;
        let scores = [&nvd.v3, &nvd.v2].into_iter().filter_map(|score| {
            let vector = score.vectors.filled()?.to_owned();
            Some(CvssScore { source: "nvd".to_owned(), vector, stated: score.score.0 })
        });
        record.cvss = scores.collect();
    }
    record
}

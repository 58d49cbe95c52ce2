//! Anchore's vulnerabilities in our words: a scan for each image that is named.
//!
//! Refuses to take the feed of a distribution for the distribution: those rebuilt from Enterprise Linux are matched
//! against its feed, and are themselves where a version bears their mark.

use std::collections::HashMap;

use domain::component::Component;
use domain::digest::Digest;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::{Fix, FixState};
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::{VulnerabilityId, VulnerabilityRecord};

use super::wire::{Item, Report};
use crate::json::Text;
use crate::platforms::Platform;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, distributions, purls, severity};

/// The name under which what Anchore says is kept, whichever of its programs wrote it down.
pub(crate) const TOOL: &str = "anchore";

/// Distributions that are built from Enterprise Linux and matched against its feed.
const REBUILDS: [&str; 3] = ["almalinux", "centos", "rocky"];

/// Maps an answer about one image.
pub(super) fn report<'r>(report: &'r Report<'r>) -> Parsed {
    let partial = match &*report.vulnerability_type {
        "os" => Some("only packages of the distribution were asked for"),
        "non-os" => Some("packages of the distribution were not asked for"),
        _ => None,
    };
    let mut mapper = Mapper::new(&report.vulnerabilities, partial);
    mapper.scan(&report.image_digest);
    for (number, item) in report.vulnerabilities.iter().enumerate() {
        mapper.item(item, &report.image_digest, &|| format!("vulnerabilities[{number}]"));
    }
    mapper.build(report.vulnerabilities.len())
}

/// Maps a bare list.
pub(super) fn list<'r>(items: &'r [Item<'r>]) -> Parsed {
    let mut mapper = Mapper::new(items, None);
    for (number, item) in items.iter().enumerate() {
        mapper.item(item, &item.image_digest, &|| format!("[{number}]"));
    }
    mapper.build(items.len())
}

struct Mapper<'r> {
    scans: Vec<ScanBuilder>,
    /// Scans by the digest as written.
    known: HashMap<&'r str, usize>,
    /// The distribution whose packages these are.
    platform: Option<Platform>,
    partial: Option<&'static str>,
    warnings: Warnings,
}

impl<'r> Mapper<'r> {
    fn new(items: &[Item<'_>], partial: Option<&'static str>) -> Self {
        Self {
            scans: Vec::new(),
            known: HashMap::new(),
            platform: platform(items),
            partial,
            warnings: Warnings::default(),
        }
    }

    /// Where the scan of an image stands.
    fn scan(&mut self, digest: &'r str) -> usize {
        if let Some(&index) = self.known.get(digest) {
            return index;
        }
        let mut scan = ScanBuilder::new(tool(), self.target(digest));
        let known = scan.scan_mut();
        known.covers.insert(FindingClass::Vulnerability);
        known.partial = self.partial.map(str::to_owned);
        self.scans.push(scan);
        let index = self.scans.len() - 1;
        self.known.insert(digest, index);
        index
    }

    fn target(&mut self, digest: &str) -> Target {
        if digest.is_empty() {
            return Target::Unstated;
        }
        match digest.parse::<Digest>() {
            Ok(digest) => {
                let distribution = self.platform.as_ref().map(|platform| platform.distribution.clone());
                let digests = vec![(DigestRole::Manifest, digest)];
                Target::Image(Image { digests, distribution, ..Image::default() })
            }
            Err(error) => {
                self.warnings.push("imageDigest", error.to_string());
                Target::Unstated
            }
        }
    }

    fn item(&mut self, item: &Item<'_>, digest: &'r str, at: &dyn Fn() -> String) {
        let Some(record) = record(item) else {
            self.warnings.skip(at(), "a finding without a usable vulnerability id was skipped");
            return;
        };
        let Some(component) = self.component(item, at) else {
            self.warnings.skip(at(), "a finding without a package name was skipped");
            return;
        };
        let index = self.scan(digest);
        let scan = &mut self.scans[index];
        let vulnerability = scan.vulnerability(record);
        let location = component.paths.first().cloned();
        let component = scan.component(component);
        let subject = Subject::Vulnerability { component, vulnerability };
        let mut finding = ReportedFinding::new(subject, severity::from_word(&item.severity), &*item.severity);
        finding.fix = fix(item);
        finding.location = location;
        scan.finding(finding);
    }

    fn component(&mut self, item: &Item<'_>, at: &dyn Fn() -> String) -> Option<Component> {
        let (name, version) = (said(&item.package_name)?, said(&item.package_version));
        let purl = match of_distribution(&item.package_type) {
            Some(kind) => {
                let platform = self.platform.as_ref().filter(|platform| platform.kind == kind);
                purls::from_parts(kind, platform.map(|platform| platform.namespace), name, version)?
            }
            None => {
                let ecosystem = purls::ecosystem_of_word(&item.package_type);
                if ecosystem.is_none() && !item.package_type.eq_ignore_ascii_case("binary") {
                    self.warnings
                        .push(at(), "nothing tells the ecosystem of a package, so it is known by name alone");
                }
                purls::from_name(ecosystem.unwrap_or("generic"), name, version)?
            }
        };
        let mut component = Component::from_purl(purl);
        component.name = bounded(name, "name of a package", &mut self.warnings);
        component.version = version.map(str::to_owned);
        // Packages of a distribution stand in its database, whose name is no path.
        if let Some(path) = said(&item.package_path).filter(|path| path.starts_with('/')) {
            component.paths.push(bounded(path, "path of a package", &mut self.warnings));
        }
        Some(component)
    }

    fn build(self, entries: usize) -> Parsed {
        Parsed {
            tool: Some(tool()),
            entries,
            listed_components: 0,
            observations: self.scans.into_iter().map(|scan| Observation::Scan(scan.build())).collect(),
            skipped: self.warnings.skipped(),
            warnings: self.warnings.into_vec(),
        }
    }
}

fn tool() -> Tool {
    Tool { name: TOOL.to_owned(), version: None }
}

/// A text, unless it is a way to say nothing.
fn said<'t>(text: &'t Text<'_>) -> Option<&'t str> {
    text.filled().filter(|text| !matches!(*text, "None" | "NA" | "N/A"))
}

/// The purl type of a package that a distribution delivers.
fn of_distribution(kind: &str) -> Option<&'static str> {
    match kind.to_ascii_lowercase().as_str() {
        "deb" | "dpkg" => Some("deb"),
        "rpm" => Some("rpm"),
        "apk" | "apkg" => Some("apk"),
        _ => None,
    }
}

/// The distribution that feeds and versions of its packages tell.
fn platform(items: &[Item<'_>]) -> Option<Platform> {
    let delivered = || items.iter().filter(|item| of_distribution(&item.package_type).is_some());
    let told = delivered().find_map(|item| of_feed(&item.feed_group))?;
    if told.namespace != "redhat" {
        return Some(told);
    }
    let marked = delivered()
        .filter_map(|item| distributions::of_version(&item.package_version))
        .find(|family| REBUILDS.contains(family));
    let rebuild = marked.and_then(Platform::of_family).map(|mut platform| {
        platform.distribution.version.clone_from(&told.distribution.version);
        platform
    });
    Some(rebuild.unwrap_or(told))
}

/// `rhel:8`, or `redhat:distro:redhat:8`.
fn of_feed(group: &str) -> Option<Platform> {
    let release = group.split_once(":distro:").map_or(group, |(_, release)| release);
    let (name, version) = release.split_once(':')?;
    Platform::of_release(name, version)
}

fn record(item: &Item<'_>) -> Option<VulnerabilityRecord> {
    let mut record = VulnerabilityRecord::bare(item.vuln.parse().ok()?);
    (record.aliases, record.related) = names(&record.id, item);
    record.description = said(&item.description).map(prose);
    record.references = link(&item.url).into_iter().collect();
    Some(record)
}

/// A GHSA beside exactly one CVE is that CVE; all else is related.
fn names(id: &VulnerabilityId, item: &Item<'_>) -> (Vec<VulnerabilityId>, Vec<VulnerabilityId>) {
    let mut others: Vec<VulnerabilityId> =
        item.nvd_data.iter().filter_map(|related| related.id.parse().ok()).collect();
    others.sort();
    others.dedup();
    others.retain(|other| other != id);
    let same = id.as_str().starts_with("GHSA-") && matches!(others.as_slice(), [other] if other.is_cve());
    if same { (others, Vec::new()) } else { (Vec::new(), others) }
}

fn fix(item: &Item<'_>) -> Fix {
    let stated = said(&item.fix).unwrap_or_default();
    let versions: Vec<String> =
        stated.split(',').map(str::trim).filter(|version| !version.is_empty()).map(str::to_owned).collect();
    if versions.is_empty() && &*item.will_not_fix == "true" {
        return Fix { state: FixState::WontFix, versions };
    }
    Fix::in_versions(versions)
}

//! Errata in our words: each CVE of an erratum in each package that it fixes, of a version that nobody tells.
//! Refuses errata without a CVE, which are no vulnerabilities, and to close anything: a page is of no host.

use domain::component::Component;
use domain::finding::{FindingClass, ReportedFinding, Subject};
use domain::fix::Fix;
use domain::observation::Observation;
use domain::scan::{ScanBuilder, Target, Tool};
use domain::vulnerability::VulnerabilityRecord;

use super::wire::{Erratum, Page};
use crate::aside::Aside;
use crate::clair::Named;
use crate::error::clip;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{Parsed, names, purls, severity, time};

const NO_HOST: &str = "a list of errata is of hosts together, and does not tell of which";
const NO_VULNERABILITY: &str = "they fix no CVE";
/// Ends of file names of packages that tell the architecture.
const ARCHITECTURES: [&str; 7] = [".x86_64", ".noarch", ".aarch64", ".i686", ".ppc64le", ".s390x", ".src"];

/// Maps a page.
pub(super) fn page(page: &Page<'_>) -> Parsed {
    let tool = Tool { name: "redhat-satellite".to_owned(), version: None };
    let (mut aside, mut warnings) = (Aside::default(), Warnings::default());
    let target = Target::Other { kind: "hosts".to_owned(), name: "Satellite".to_owned() };
    let mut scan = ScanBuilder::new(tool.clone(), target);
    scan.scan_mut().covers.insert(FindingClass::Vulnerability);
    scan.scan_mut().partial = Some(NO_HOST.to_owned());
    for (number, erratum) in page.results.iter().enumerate() {
        let at = format!("results[{number}]");
        if erratum.cves.is_empty() {
            let kind = erratum.kind.filled().unwrap_or("unstated");
            aside.put(format!("of the type `{}`", clip(kind)), NO_VULNERABILITY, || at);
            continue;
        }
        add(&mut scan, erratum, &at, &mut warnings);
    }
    let listed = u64::try_from(page.results.len()).unwrap_or(u64::MAX);
    if page.subtotal.whole().is_some_and(|total| total > listed) {
        warnings.push("subtotal", "the list goes on: its other pages are missing");
    }
    aside.tell(&mut warnings);
    let scan = scan.build();
    Parsed {
        tool: Some(tool),
        entries: page.results.len(),
        listed_components: 0,
        observations: vec![Observation::Scan(scan)],
        skipped: warnings.skipped(),
        warnings: warnings.into_vec(),
    }
}

fn add(scan: &mut ScanBuilder, erratum: &Erratum<'_>, at: &str, warnings: &mut Warnings) {
    let names = names::of(&erratum.errata_id, erratum.cves.iter().map(|cve| &*cve.cve_id));
    let vulnerabilities: Vec<usize> =
        names.into_iter().map(|named| scan.vulnerability(record(named, erratum))).collect();
    let packages = packages(erratum, at, warnings);
    if vulnerabilities.is_empty() || packages.is_empty() {
        warnings.skip(at, "an erratum without a usable id or package was skipped");
        return;
    }
    for (name, versions) in packages {
        let Some(purl) = purls::from_parts("rpm", Some("redhat"), &name, None) else { continue };
        let component = scan.component(Component::from_purl(purl));
        for &vulnerability in &vulnerabilities {
            let subject = Subject::Vulnerability { component, vulnerability };
            let word = &*erratum.severity;
            let mut finding = ReportedFinding::new(subject, severity::from_word(word), word);
            finding.fix = Fix::in_versions(versions.clone());
            finding.title = erratum.title.filled().map(prose);
            scan.finding(finding);
        }
    }
}

fn record(named: Named, erratum: &Erratum<'_>) -> VulnerabilityRecord {
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.description = erratum.description.filled().map(prose);
    let own = erratum.cves.iter().filter(|cve| cve.cve_id.eq_ignore_ascii_case(record.id.as_str()));
    record.references = own.filter_map(|cve| link(&cve.href)).collect();
    record.published_at = time::parse(&erratum.issued);
    record.modified_at = time::parse(&erratum.updated);
    record
}

/// The packages of an erratum by name, each with the versions that fix it.
fn packages(erratum: &Erratum<'_>, at: &str, warnings: &mut Warnings) -> Vec<(String, Vec<String>)> {
    let mut packages: Vec<(String, Vec<String>)> = Vec::new();
    for file in &erratum.packages {
        let Some((name, version)) = package(file) else {
            warnings.push(at, "a package whose name could not be read was passed over");
            continue;
        };
        let (name, version) = (bounded(name, at, warnings), bounded(version, at, warnings));
        match packages.iter_mut().find(|(known, _)| *known == name) {
            Some((_, versions)) if versions.contains(&version) => {}
            Some((_, versions)) => versions.push(version),
            None => packages.push((name, vec![version])),
        }
    }
    packages
}

/// Name and version behind `openssl-libs-1:3.0.7-18.el9.x86_64`.
fn package(file: &str) -> Option<(&str, &str)> {
    let file = file.strip_suffix(".rpm").unwrap_or(file);
    let file = ARCHITECTURES.iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file);
    let (front, _) = file.rsplit_once('-')?;
    let (name, _) = front.rsplit_once('-')?;
    let version = file.get(name.len() + 1..)?;
    (!name.is_empty() && !version.is_empty()).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn reads_names_of_packages() {
        for (file, expected) in [
            ("openssl-libs-1:3.0.7-18.el9.x86_64", Some(("openssl-libs", "1:3.0.7-18.el9"))),
            ("demo-2.0-1.el9.noarch.rpm", Some(("demo", "2.0-1.el9"))),
            ("left-right-1.2-3.1", Some(("left-right", "1.2-3.1"))),
            ("demo-1", None),
            ("", None),
        ] {
            assert_eq!(package(file), expected, "{file}");
        }
    }
}

//! What an entry is about: a vulnerability in a package, a secret, a setting, a licence, malicious code. Refuses to make a
//! vulnerability of a title: it needs an id.

use domain::component::Component;
use domain::cvss::CvssScore;
use domain::finding::{FindingClass, Subject};
use domain::purl::Purl;
use domain::scan::ScanBuilder;
use domain::vulnerability::{ThreatWord, VulnerabilityRecord};

use super::{Entry, Field};
use crate::clair::Named;
use crate::platforms::Platform;
use crate::purls::Purls;
use crate::untrusted::{bounded, link, prose};
use crate::warnings::Warnings;
use crate::{distributions, names, packages, purls};

const BY_NAME: &str = "nothing tells the ecosystem of a package, so it is known by name alone";
const UNTOLD: &str = "no package of a vulnerability is told, so it is the image's";
/// Words for classes.
const CLASSES: [(&str, FindingClass); 11] = [
    ("vulnerability", FindingClass::Vulnerability),
    ("secret", FindingClass::Secret),
    ("secrets", FindingClass::Secret),
    ("misconfiguration", FindingClass::Misconfiguration),
    ("config", FindingClass::Misconfiguration),
    ("configuration", FindingClass::Misconfiguration),
    ("compliance", FindingClass::Misconfiguration),
    ("licence", FindingClass::Licence),
    ("license", FindingClass::Licence),
    ("malware", FindingClass::Malware),
    ("virus", FindingClass::Malware),
];
/// Words that stand where there is no id.
const NO_ID: [&str; 5] = ["-", "n/a", "na", "none", "null"];
/// Words for packages of a distribution.
const OF_SYSTEM: [&str; 6] = ["apk", "deb", "dpkg", "linux", "os", "rpm"];

/// The class of an entry: its own word, or else whether it has the id of a vulnerability.
pub(super) fn class(entry: &Entry) -> FindingClass {
    let word = entry.text(Field::Class);
    let stated = CLASSES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, class)| *class);
    let has_id = !named(entry).is_empty();
    match stated {
        Some(FindingClass::Vulnerability) | None if has_id => FindingClass::Vulnerability,
        Some(FindingClass::Vulnerability) | None => FindingClass::Misconfiguration,
        Some(class) => class,
    }
}

/// What an entry is about; nothing, and a warning, where it does not tell.
pub(super) fn of(
    scan: &mut ScanBuilder,
    entry: &Entry,
    class: FindingClass,
    platform: Option<&Platform>,
    source: &str,
    warnings: &mut Warnings,
) -> Vec<Subject> {
    let at = entry.at.as_str();
    if class == FindingClass::Vulnerability {
        return vulnerabilities(scan, entry, platform, source, warnings);
    }
    let names = [entry.text(Field::Rule), entry.text(Field::Title), entry.text(Field::Vulnerability)];
    let Some(name) = names.into_iter().find(|name| !name.is_empty()) else {
        warnings.skip(at, "an entry without a title and a vulnerability was skipped");
        return Vec::new();
    };
    let name = bounded(name, at, warnings);
    let places = [entry.text(Field::Path), entry.text(Field::Place)];
    let path = places.into_iter().find(|place| !place.is_empty()).unwrap_or_default();
    let path = bounded(path, at, warnings);
    let line = entry.text(Field::Line).parse().ok();
    vec![match class {
        FindingClass::Secret => Subject::Secret { rule: name, path, line },
        FindingClass::Malware => Subject::Malware { name, path },
        FindingClass::Licence => Subject::Licence {
            component: component(entry, platform, warnings).map(|component| scan.component(component)),
            path: Some(path).filter(|path| !path.is_empty()),
            licence: name,
        },
        FindingClass::Vulnerability | FindingClass::Misconfiguration => {
            Subject::Misconfiguration { check: name, path, resource: None, line }
        }
    }]
}

/// The highest score that is stated.
pub(super) fn score(entry: &Entry) -> Option<f64> {
    let scores = entry.texts(Field::Cvss).filter_map(|text| text.parse::<f64>().ok());
    scores.filter(|score| (0.0..=10.0).contains(score)).reduce(f64::max)
}

/// The vulnerabilities that the ids of an entry are names of.
fn named(entry: &Entry) -> Vec<Named> {
    let is_none = |id: &&str| NO_ID.iter().any(|word| word.eq_ignore_ascii_case(id));
    let ids: Vec<&str> = entry.parts(Field::Vulnerability).filter(|id| !is_none(id)).collect();
    // Several CVEs are several vulnerabilities, so none of them leads.
    let is_cve = |id: &str| id.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("CVE-"));
    let several = ids.iter().filter(|id| is_cve(id)).count() > 1;
    let own = ids.iter().find(|id| !several || !is_cve(id)).copied().unwrap_or_default();
    names::of(own, ids.iter().copied())
}

fn vulnerabilities(
    scan: &mut ScanBuilder,
    entry: &Entry,
    platform: Option<&Platform>,
    source: &str,
    warnings: &mut Warnings,
) -> Vec<Subject> {
    let component = component(entry, platform, warnings).or_else(|| {
        warnings.push(entry.at.as_str(), UNTOLD);
        purls::from_parts("generic", None, "unknown", None).map(Component::from_purl)
    });
    let Some(component) = component.map(|component| scan.component(component)) else { return Vec::new() };
    let records = named(entry).into_iter().map(|named| record(named, entry, source, warnings));
    let known: Vec<usize> = records.map(|record| scan.vulnerability(record)).collect();
    known.into_iter().map(|vulnerability| Subject::Vulnerability { component, vulnerability }).collect()
}

fn component(entry: &Entry, platform: Option<&Platform>, warnings: &mut Warnings) -> Option<Component> {
    let (at, name) = (entry.at.as_str(), entry.text(Field::Component));
    let version = Some(entry.text(Field::Version)).filter(|version| !version.is_empty());
    let raw = entry.text(Field::Purl);
    let mut known = Purls::default();
    let stated = if raw.is_empty() { None } else { packages::purl(raw, &mut known, at, warnings) };
    let mut component = match stated {
        Some(purl) => Component::from_purl(purl),
        None => {
            let (purl, told) = purl(entry, name, version, platform)?;
            if !told {
                warnings.push(at, BY_NAME);
            }
            let mut component = Component::from_purl(purl);
            component.name = bounded(name, at, warnings);
            component.version = version.map(|version| bounded(version, at, warnings));
            component
        }
    };
    let paths = entry.texts(Field::Path).filter(|path| !path.is_empty());
    component.paths = paths.map(|path| bounded(path, at, warnings)).collect();
    Some(component)
}

/// The purl of a name, and whether something tells its ecosystem.
fn purl(
    entry: &Entry,
    name: &str,
    version: Option<&str>,
    platform: Option<&Platform>,
) -> Option<(Purl, bool)> {
    let word = entry.text(Field::Ecosystem);
    let of_system = OF_SYSTEM.iter().any(|known| known.eq_ignore_ascii_case(word));
    let by_mark = || version.and_then(distributions::of_version).and_then(Platform::of_family);
    let marked = |of: &&Platform| version.is_some_and(|version| distributions::marks(of, version));
    let platform = match word {
        _ if of_system => platform.cloned().or_else(by_mark),
        "" => platform.filter(marked).cloned().or_else(by_mark),
        _ => None,
    };
    if let Some(platform) = platform {
        return Some((purls::from_parts(platform.kind, Some(platform.namespace), name, version)?, true));
    }
    let ecosystem = purls::ecosystem_of_word(word).or_else(|| purls::ecosystem_of_name(name));
    let ecosystem = ecosystem.filter(|_| !of_system);
    Some((purls::from_name(ecosystem.unwrap_or("generic"), name, version)?, ecosystem.is_some()))
}

fn record(named: Named, entry: &Entry, source: &str, warnings: &mut Warnings) -> VulnerabilityRecord {
    let at = entry.at.as_str();
    let mut record = VulnerabilityRecord::bare(named.id);
    (record.aliases, record.related) = (named.aliases, named.related);
    record.description = Some(entry.text(Field::Description)).filter(|text| !text.is_empty()).map(prose);
    let vectors: Vec<&str> = entry.texts(Field::Cvss).filter(|text| text.contains(':')).collect();
    // Beside several vectors nothing tells of which a score is.
    let stated = score(entry).filter(|_| vectors.len() == 1);
    for vector in vectors {
        let vector = bounded(vector, at, warnings);
        record.cvss.push(CvssScore { source: source.to_owned(), vector, stated });
    }
    for part in entry.parts(Field::Weakness) {
        let number = part.get(4..).filter(|_| part.to_ascii_uppercase().starts_with("CWE-")).unwrap_or(part);
        if let Ok(number @ 1..) = number.parse::<u32>() {
            record.weaknesses.push(format!("CWE-{number}"));
        }
    }
    record.references = entry.parts(Field::Reference).filter_map(link).collect();
    let epss = entry.text(Field::Epss).parse::<f64>().ok().filter(|epss| (0.0..=1.0).contains(epss));
    let exploit = entry.truth(Field::Exploited);
    if epss.is_some() || exploit.is_some() {
        record.threat = Some(ThreatWord { epss, exploit, ..ThreatWord::default() });
    }
    record
}

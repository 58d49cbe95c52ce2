//! Documents in, observations out: the fixtures in detail, the corpus by its counts.

use domain::finding::Verdict;
use domain::observation::Observation;
use domain::sbom::Sbom;
use domain::scan::{Scan, Target};
use domain::severity::Severity;
use domain::vex::VexStatus;

use crate::test_support::corpus;
use crate::{Error, Limits, Parsed};

const ONE: &[u8] = include_bytes!("fixtures/one.xml");
const MANY: &[u8] = include_bytes!("fixtures/many.xml");

#[track_caller]
fn read(document: &[u8]) -> Parsed {
    let read = crate::read(document, Limits::default()).unwrap();
    assert_eq!(read.format.kind, super::KIND);
    read.parsed
}

fn sbom(parsed: &Parsed) -> Option<&Sbom> {
    parsed.observations.iter().find_map(|observation| match observation {
        Observation::Sbom(sbom) => Some(sbom),
        _ => None,
    })
}

fn scan(parsed: &Parsed) -> Option<&Scan> {
    parsed.observations.iter().find_map(|observation| match observation {
        Observation::Scan(scan) => Some(scan),
        _ => None,
    })
}

#[test]
fn none_is_a_bill_without_components() {
    let parsed = read(include_bytes!("fixtures/none.xml"));
    assert!(sbom(&parsed).unwrap().components.is_empty() && scan(&parsed).is_none());
    let Target::Image(image) = &sbom(&parsed).unwrap().target else { panic!("not an image") };
    assert_eq!(image.references[0].to_string(), "registry.example/shop/empty:1.0");
}

#[test]
fn one_reads_the_extension_inside_a_component() {
    let parsed = read(ONE);
    assert_eq!((parsed.entries, parsed.listed_components, parsed.warnings.len()), (1, 1, 0));
    let package = &sbom(&parsed).unwrap().components[0];
    assert_eq!(package.purl.as_str(), "pkg:deb/debian/libssl3@3.0.11-1");
    assert_eq!(package.licences, ["Apache & more"]);
    assert_eq!(package.source.as_ref().unwrap().name, "openssl");
    let scan = scan(&parsed).unwrap();
    assert_eq!((scan.tool.name.as_str(), scan.findings.len()), ("grype", 1));
    let finding = &scan.findings[0];
    assert_eq!(scan.component_of(finding).unwrap().purl, package.purl);
    assert_eq!((finding.severity, finding.severity_word.as_str()), (Severity::Critical, "Critical"));
    assert_eq!(finding.fix.versions, ["3.0.13-1"]);
    let record = scan.vulnerability_of(finding).unwrap();
    assert_eq!(record.id.as_str(), "CVE-2030-0001");
    assert_eq!(record.cvss[0].vector, "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    assert_eq!((record.cvss[0].source.as_str(), record.cvss[0].stated), ("debian:12", Some(9.8)));
    assert_eq!(record.weaknesses, ["CWE-787"]);
    assert_eq!(record.references, ["https://tracker.example/CVE-2030-0001", "https://advisories.example/1"]);
}

#[test]
fn many_reads_prefixes_nesting_and_references() {
    let parsed = read(MANY);
    assert_eq!((parsed.entries, parsed.listed_components), (2, 3));
    let bill = sbom(&parsed).unwrap();
    assert_eq!(bill.components[0].purl.as_str(), "pkg:generic/com.shop/web@4.0");
    assert_eq!(bill.components[1].licences, ["WTFPL OR MIT"]);
    assert_eq!(bill.components[1].paths, ["/app/left-pad/package.json"]);
    assert_eq!(bill.components.len(), 2, "the system is no package");
    let Target::Image(image) = &bill.target else { panic!("not an image") };
    assert_eq!(image.references[0].to_string(), "registry.example/shop/web:3.1");
    assert_eq!(image.digests.len(), 1);
    let scan = scan(&parsed).unwrap();
    assert_eq!(scan.tool.name, "trivy");
    let both: Vec<&str> =
        scan.findings.iter().map(|finding| scan.component_of(finding).unwrap().purl.as_str()).collect();
    assert_eq!(both, ["pkg:npm/left-pad@1.3.0"; 2]);
    assert_eq!(scan.findings[0].verdict, Verdict::Suppressed("not_affected: code_not_reachable".to_owned()));
    assert_eq!(scan.vulnerabilities[0].aliases[0].as_str(), "CVE-2030-1000");
    let Some(Observation::Vex(statement)) = parsed.observations.last() else { panic!("no statement") };
    assert_eq!((statement.status, statement.author.as_str()), (VexStatus::NotAffected, "Shop Security"));
    assert_eq!(statement.products[0].subcomponents, ["pkg:npm/left-pad@1.3.0"]);
}

#[test]
fn means_what_json_means() {
    let json = br#"{"bomFormat":"CycloneDX","metadata":{"tools":[{"name":"x"}]},"components":[
        {"type":"library","bom-ref":"r","name":"n","version":"1","purl":"pkg:npm/n@1"}],
        "vulnerabilities":[{"id":"CVE-2030-1","ratings":[{"score":5.0,"severity":"medium"}],"affects":[{"ref":"r"}]}]}"#;
    let xml = b"<bom><metadata><tools><tool><name>x</name></tool></tools></metadata><components>
        <component type='library' bom-ref='r'><name>n</name><version>1</version><purl>pkg:npm/n@1</purl></component>
        </components><vulnerabilities><vulnerability><id>CVE-2030-1</id><ratings><rating><score>5.0</score>
        <severity>medium</severity></rating></ratings><affects><target><ref>r</ref></target></affects>
        </vulnerability></vulnerabilities></bom>";
    let from_json = crate::read(json, Limits::default()).unwrap().parsed;
    assert_eq!(from_json, read(xml));
    assert_eq!(from_json.observations.len(), 2);
}

#[test]
fn broken_says_where() {
    let error = crate::read(include_bytes!("fixtures/broken.xml"), Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Truncated { at, .. } if at == "bom/components/component/version"),
        "{error}"
    );
}

#[test]
fn reads_the_corpus() {
    // File, entries, listed components, findings; counted with a script.
    const FILES: [(&str, usize, usize, usize); 12] = [
        ("cern.cdx.xml", 0, 43, 0),
        ("dd-cyclonedx_bom.xml", 0, 73, 0),
        ("dd-dd_1_15_0.xml", 381, 308, 381),
        ("dd-grype.xml", 327, 307, 327),
        ("dd-jake.xml", 0, 204, 0),
        ("dd-log4j.xml", 8, 1, 8),
        ("dd-valid-vulnerability-1.4.xml", 1, 1, 1),
        ("dtrack-valid-bom-1.7.xml", 0, 3, 0),
        ("guac-cyclonedx-vex.xml", 1, 0, 0),
        ("guac-laravel-cyclonedx.xml", 0, 62, 0),
        ("laravel-1.1.cdx.xml", 0, 62, 0),
        ("osvs-postgres-stretch.cdx.xml", 0, 137, 0),
    ];
    let Some(folder) = corpus("cyclonedx-xml") else { return };
    for (file, entries, listed, findings) in FILES {
        let parsed = read(&std::fs::read(folder.join(file)).unwrap());
        let found = scan(&parsed).map_or(0, |scan| scan.findings.len());
        assert_eq!((parsed.entries, parsed.listed_components, found), (entries, listed, findings), "{file}");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len(), "every file is in the table");
}

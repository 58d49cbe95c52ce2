//! Read in portions, a document says what it says as a whole: every fixture, in portions as small as can be, whole and
//! cut anywhere.

use std::path::{Path, PathBuf};

use domain::observation::Observation;

use super::*;

/// Every fixture of the kinds that have a plan.
fn fixtures() -> Vec<(&'static Format, PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for format in crate::FORMATS.iter().filter(|format| plan::lists(format.kind).is_some()) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(format.kind.replace('-', "_"));
        for entry in std::fs::read_dir(folder.join("fixtures")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "json") {
                let bytes = std::fs::read(&path).unwrap();
                found.push((format, path, bytes));
            }
        }
    }
    assert!(found.len() > 9, "{}", found.len());
    found
}

fn in_portions(format: &'static Format, bytes: &[u8], portion: usize) -> Result<Parsed, Stop> {
    let lists = plan::lists(format.kind).unwrap();
    Work { source: &bytes, format, lists, limits: Limits::default(), portion }.run()
}

/// What was said, in an order of its own: findings resolved, tables sorted.
fn sense(parsed: &Parsed) -> (usize, usize, Vec<String>, Vec<String>) {
    let mut said = Vec::new();
    for observation in &parsed.observations {
        match observation {
            Observation::Scan(scan) => {
                said.push(format!(
                    "{:?} {:?} {:?} {:?}",
                    scan.tool, scan.target, scan.covers, scan.scanned_at
                ));
                said.extend(scan.findings.iter().map(|finding| {
                    let component = scan.component_of(finding);
                    let record = scan.vulnerability_of(finding);
                    let rest =
                        (finding.severity, &finding.fix, &finding.location, &finding.verdict, &finding.title);
                    let subject = match (component, record) {
                        (None, None) => format!("{:?}", finding.subject),
                        _ => String::new(),
                    };
                    format!("{component:?} {record:?} {subject} {rest:?}")
                }));
            }
            Observation::Sbom(bom) => {
                said.push(format!("{:?} {:?} {:?} {}", bom.tool, bom.target, bom.created_at, bom.listed));
                said.extend(bom.components.iter().map(|component| format!("{component:?}")));
            }
            other => said.push(format!("{other:?}")),
        }
    }
    said.sort();
    // Places of nested components are numbered through.
    let mut warnings: Vec<String> = parsed.warnings.iter().map(|warning| warning.message.clone()).collect();
    warnings.sort();
    (parsed.entries, parsed.listed_components, said, warnings)
}

#[test]
fn portions_say_what_the_whole_says() {
    let mut compared = 0;
    for (format, path, bytes) in fixtures() {
        let plain = crate::document::open(&bytes, Limits::default(), |_| Ok(())).unwrap();
        let whole = (format.parse)(&plain);
        for portion in [1, 300, 2_000, PORTION] {
            match (in_portions(format, &bytes, portion), &whole) {
                (Ok(parsed), Ok(whole)) => {
                    assert_eq!(sense(&parsed), sense(whole), "{} by {portion}", path.display());
                    compared += 1;
                }
                (Err(Stop::Whole), _) | (Err(Stop::Failed(_)), Err(_)) => {}
                (got, _) => panic!("{} by {portion}: {got:?}, {whole:?}", path.display()),
            }
        }
    }
    assert!(compared >= 28, "{compared}");
}

#[test]
fn cut_or_damaged_both_ways_refuse_it() {
    for (format, path, bytes) in fixtures().into_iter().filter(|(_, _, bytes)| bytes.len() < 8_000) {
        for end in (0..bytes.len()).step_by(17) {
            let (whole, parts) = ((format.parse)(&bytes[..end]), in_portions(format, &bytes[..end], 300));
            let agree = matches!(parts, Err(Stop::Whole)) || parts.is_ok() == whole.is_ok();
            assert!(agree, "{} cut at {end}: {parts:?}", path.display());
            let mut damaged = bytes.clone();
            damaged[end] = b']';
            let (whole, parts) = ((format.parse)(&damaged), in_portions(format, &damaged, 300));
            let agree = matches!(parts, Err(Stop::Whole)) || parts.is_ok() == whole.is_ok();
            assert!(agree, "{} damaged at {end}: {parts:?}, {:?}", path.display(), whole.err());
        }
    }
}

#[test]
fn errors_and_warnings_tell_places_of_the_whole() {
    let element = |id: &str| format!(r#"{{"VulnerabilityID":"{id}","PkgName":"a","Severity":"LOW"}}"#);
    let document = |last: &str| {
        let good = vec![element("CVE-2026-1"); 5].join(", ");
        format!(
            r#"{{"SchemaVersion":2,"ArtifactName":"x","Results":[{{"Vulnerabilities": [ {good}, {last} ]}}]}}"#
        )
    };
    let text = document(&element(""));
    let parsed = in_portions(trivy(), text.as_bytes(), 1).unwrap();
    let told: Vec<&str> = parsed.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!((parsed.entries, told), (6, vec!["Results[0].Vulnerabilities[5]"]));
    let text = document(r#"{"VulnerabilityID":{}}"#);
    let Err(Stop::Failed(error)) = in_portions(trivy(), text.as_bytes(), 1) else { panic!("must fail") };
    let Error::Broken { at, offset, .. } = &error else { panic!("{error}") };
    assert_eq!(at, "Results[0].Vulnerabilities[5].VulnerabilityID");
    let place = text.find(r#"{"VulnerabilityID":{}"#).unwrap();
    assert!((place..place + 25).contains(offset), "{offset}, {place}");
}

fn trivy() -> &'static Format {
    crate::by_kind("trivy-json").unwrap()
}

#[test]
fn what_entries_point_to_stands_beside_them_in_every_portion() {
    let packages: Vec<String> = (0..50)
        .map(|n| {
            format!(r#"{{"ID":"p{n}@1","Name":"p{n}","Version":"1","SrcName":"s{n}","SrcVersion":"1"}}"#)
        })
        .collect();
    let found: Vec<String> = (0..50)
        .map(|n| {
            format!(r#"{{"VulnerabilityID":"CVE-2026-{n}","PkgID":"p{n}@1","PkgName":"p{n}","InstalledVersion":"1"}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"SchemaVersion":2,"ArtifactName":"x","Results":[{{"Vulnerabilities":[{}],"Packages":[{}],"Type":"debian","Class":"os-pkgs","Target":"x"}}]}}"#,
        found.join(","),
        packages.join(",")
    );
    let whole = (trivy().parse)(text.as_bytes()).unwrap();
    for portion in [1, 1_000, 5_000] {
        let parts = in_portions(trivy(), text.as_bytes(), portion).unwrap();
        assert_eq!(sense(&parts), sense(&whole), "{portion}");
    }
}

#[test]
fn compressed_or_not_a_long_document_streams() {
    let finding = r#"{"VulnerabilityID":"CVE-2026-1","PkgName":"a","InstalledVersion":"1","Description":"#;
    let number = LONG / 1_000 + 1;
    let list: Vec<String> = (0..number).map(|at| format!("{finding}\"{at:>1000}\"}}")).collect();
    let text = format!(
        r#"{{"SchemaVersion":2,"ArtifactName":"x","Results":[{{"Vulnerabilities":[{}]}}]}}"#,
        list.join(",")
    );
    let packed = zstd::encode_all(text.as_bytes(), 1).unwrap();
    assert!(is_long(text.as_bytes()) && !is_long(&text.as_bytes()[..LONG]));
    for bytes in [text.as_bytes(), &packed] {
        let read = read(&bytes, Limits::default()).unwrap().unwrap();
        assert_eq!((read.format.kind, read.parsed.entries), ("trivy-json", number));
    }
    let refused = read(&text.as_bytes(), Limits { size: LONG, ..Limits::default() });
    assert_eq!(refused.unwrap_err(), Error::TooLarge { limit: LONG });
}

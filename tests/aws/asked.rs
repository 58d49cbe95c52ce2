//! Where most tests ask, and what documents of AWS say. Refuses to judge.

use std::collections::BTreeSet;

use tests::asked::Collected;

/// The region of most tests.
pub(crate) const HERE: &str = "eu-central-1";
/// The other one that holds something.
pub(crate) const THERE: &str = "us-east-1";

/// Everything that documents say, however it is spread over them: a list by its rows, and other documents whole.
pub(crate) fn findings(collected: &Collected) -> BTreeSet<String> {
    let mut findings = BTreeSet::new();
    for (bytes, provenance) in &collected.documents {
        for document in serde_json::Deserializer::from_slice(bytes).into_iter::<serde_json::Value>() {
            let document = document.unwrap();
            let rows = ["Findings", "findings"].iter().find_map(|name| document[*name].as_array());
            let scanned = document["imageScanFindings"]["findings"].as_array();
            match rows.or(scanned) {
                Some(rows) => findings.extend(rows.iter().map(|row| format!("{:?} {row}", provenance.image))),
                None => drop(findings.insert(format!("{:?} {document}", provenance.image))),
            }
        }
    }
    findings
}

//! Threat feeds of the demo: KEV catalogues before and after a listing, EPSS days, a VEX statement.
//! Refuses to pretend: the EPSS figures are examples, marked by the model name `demo`.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, NaiveDate, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::catalogue::{FLAWS, Flaw};
use super::{DemoDocument, to_bytes};

/// Listed only in the second catalogue, three days ago, so that a listing can be seen to move the score.
const NEWLY_LISTED: &str = "CVE-2022-42889";

/// The feeds in the order of their days.
pub(super) fn documents(now: DateTime<Utc>) -> Vec<DemoDocument> {
    let day = |days: i64| now - Duration::days(days) - Duration::minutes(30);
    let mut documents = Vec::new();
    let mut add = |name: &str, at: DateTime<Utc>, bytes: Vec<u8>| {
        let name = format!("{name}-{}", at.format("%Y-%m-%d"));
        documents.push(DemoDocument { name, at, cluster: None, bytes });
    };
    add("kev", day(90), to_bytes(&kev(day(90), None)));
    add("kev", day(3), to_bytes(&kev(day(3), Some(NEWLY_LISTED))));
    for days in [90, 30, 0] {
        add("epss", day(days), epss(day(days)).into_bytes());
    }
    add("vex", day(6), to_bytes(&vex(day(6))));
    documents
}

fn kev(at: DateTime<Utc>, newly: Option<&str>) -> Value {
    let entry = |flaw: &Flaw, added: NaiveDate| {
        json!({
            "cveID": flaw.id, "vendorProject": "Various", "product": "Various",
            "vulnerabilityName": flaw.title, "dateAdded": added.to_string(),
            "shortDescription": flaw.title, "requiredAction": "Apply the vendor's update or stop using the product.",
            "dueDate": (added + Duration::days(21)).to_string(),
            "knownRansomwareCampaignUse": if flaw.id == "CVE-2021-44228" { "Known" } else { "Unknown" },
            "notes": "", "cwes": [],
        })
    };
    let mut entries: Vec<Value> =
        FLAWS.iter().filter_map(|flaw| Some(entry(flaw, flaw.kev.parse().ok()?))).collect();
    let added = at.date_naive();
    entries.extend(FLAWS.iter().filter(|flaw| Some(flaw.id) == newly).map(|flaw| entry(flaw, added)));
    json!({
        "title": "CISA Catalog of Known Exploited Vulnerabilities",
        "catalogVersion": at.format("%Y.%m.%d").to_string(),
        "dateReleased": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "count": entries.len(), "vulnerabilities": entries,
    })
}

fn epss(at: DateTime<Utc>) -> String {
    let mut text =
        format!("#model_version:demo,score_date:{}\ncve,epss,percentile\n", at.format("%Y-%m-%dT00:00:00Z"));
    for flaw in FLAWS {
        let percentile = 0.35 + 0.65 * flaw.epss.powf(0.12);
        let _ = writeln!(text, "{},{:.5},{:.5}", flaw.id, flaw.epss, percentile.min(0.99999));
    }
    text
}

/// The shop's own team says that a serialisation flaw cannot be reached in one service.
fn vex(at: DateTime<Utc>) -> Value {
    json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://vex.acme.example/2026/stream-processor",
        "author": "Acme product security", "version": 1,
        "timestamp": at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "statements": [{
            "vulnerability": { "name": "CVE-2020-36518" },
            "products": [{
                "@id": "pkg:oci/stream?repository_url=us-docker.pkg.dev/acme-data-prod/pipelines/stream",
                "subcomponents": [{ "@id": "pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.13.1" }],
            }],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
            "impact_statement": "Nested input is cut at depth 32 before it reaches the parser.",
        }]
    })
}

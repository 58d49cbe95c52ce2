//! Threat feeds on vulnerabilities known before and after them.

use store::test_support::on_each_database;

use crate::documents::Trivy;
use crate::support::{number, take};

fn epss(day: &str, scores: &[(&str, f64)]) -> Vec<u8> {
    let mut text =
        format!("#model_version:v2025.03.14,score_date:{day}T00:00:00+0000\ncve,epss,percentile\n");
    for (id, score) in scores {
        text.push_str(&format!("{id},{score},0.5\n"));
    }
    text.into_bytes()
}

fn kev(ids: &[&str]) -> Vec<u8> {
    let entries: Vec<_> = ids
        .iter()
        .map(|id| {
            serde_json::json!({"cveID": id, "vendorProject": "Acme", "product": "Api", "vulnerabilityName": "x",
                "dateAdded": "2026-01-05", "shortDescription": "y", "requiredAction": "patch",
                "dueDate": "2026-01-26", "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": []})
        })
        .collect();
    let document = serde_json::json!({"title": "CISA Catalog of Known Exploited Vulnerabilities",
        "catalogVersion": "2026.01.05", "dateReleased": "2026-01-05T00:00:00Z", "count": ids.len(),
        "vulnerabilities": entries});
    serde_json::to_vec(&document).unwrap()
}

/// Exploit-DB's list with an exploit of each CVE.
fn exploits(ids: &[&str]) -> Vec<u8> {
    let mut text = "id,file,description,date_published,codes\n".to_owned();
    for (number, id) in ids.iter().enumerate() {
        text.push_str(&format!("{number},a,b,2026-01-02,{id}\n"));
    }
    text.into_bytes()
}

const RATED: &str = "SELECT COUNT(*) FROM vulnerabilities WHERE epss > 0.4";
const EXPLOITED: &str = "SELECT COUNT(*) FROM vulnerabilities WHERE kev_added_at IS NOT NULL";

#[tokio::test]
async fn feeds_reach_vulnerabilities_before_and_after_them() {
    on_each_database(async |store| {
        take(&store, Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes()).await;
        let outcome = take(&store, epss("2026-01-10", &[("CVE-2026-1", 0.5), ("CVE-2026-2", 0.6)])).await;
        assert!(outcome.touched.intel);
        assert_eq!(outcome.inspection.counts.records, 2);
        assert_eq!(number(&store, RATED).await, 1);
        take(&store, kev(&["CVE-2026-1", "CVE-2026-2"])).await;
        take(&store, Trivy::new("2026-02-01T00:00:00Z").with("zlib", "CVE-2026-2").bytes()).await;
        assert_eq!(number(&store, RATED).await, 2);
        assert_eq!(number(&store, EXPLOITED).await, 2);
        take(&store, kev(&["CVE-2026-2"])).await;
        assert_eq!(number(&store, EXPLOITED).await, 1);
    })
    .await;
}

#[tokio::test]
async fn catalogues_of_exploits_reach_vulnerabilities_before_and_after_them() {
    const PUBLIC: &str = "SELECT COUNT(*) FROM vulnerabilities WHERE exploit_source = 'exploit-db'";
    on_each_database(async |store| {
        take(&store, Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes()).await;
        let outcome = take(&store, exploits(&["CVE-2026-1", "CVE-2026-2"])).await;
        assert_eq!((outcome.touched.images.len(), outcome.inspection.counts.records), (1, 2));
        assert!(outcome.inspection.warnings.is_empty(), "{:?}", outcome.inspection.warnings);
        assert_eq!(number(&store, PUBLIC).await, 1);
        take(&store, Trivy::new("2026-02-01T00:00:00Z").with("zlib", "CVE-2026-2").bytes()).await;
        assert_eq!(number(&store, PUBLIC).await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_older_feed_and_an_extract_take_nothing_away() {
    on_each_database(async |store| {
        let whole = [("CVE-2026-1", 0.5), ("CVE-2026-2", 0.6), ("CVE-2026-3", 0.7), ("CVE-2026-4", 0.8)];
        take(&store, epss("2026-01-10", &whole)).await;
        let older = take(&store, epss("2026-01-01", &[("CVE-2026-9", 0.1)])).await;
        assert_eq!(older.inspection.warnings.len(), 1);
        let extract = take(&store, epss("2026-01-11", &[("CVE-2026-1", 0.9)])).await;
        assert_eq!(extract.inspection.warnings.len(), 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM epss_scores").await, 4);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM epss_scores WHERE probability = 0.9").await, 1);
    })
    .await;
}

#[tokio::test]
async fn records_of_a_database_are_counted_and_said_to_be_kept() {
    on_each_database(async |store| {
        let record = serde_json::json!({"cve": {"id": "CVE-2026-1", "vulnStatus": "Analyzed",
            "sourceIdentifier": "a@b.example"}});
        let outcome = take(&store, serde_json::to_vec(&record).unwrap()).await;
        assert_eq!(outcome.inspection.counts.records, 1);
        assert!(!outcome.touched.intel);
        let told: Vec<&str> =
            outcome.inspection.warnings.iter().map(|warning| warning.message.as_str()).collect();
        assert_eq!(told, ["1 records are kept with the document; nothing is judged by them yet"]);
    })
    .await;
}

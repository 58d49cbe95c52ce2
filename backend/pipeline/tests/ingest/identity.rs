//! Alias groups: one vulnerability under several names is one finding, whichever name came first.

use store::test_support::on_each_database;

use crate::documents::{Trivy, grype, openvex};
use crate::support::{changes, number, open_findings, take};

const JANUARY: &str = "2026-01-01T00:00:00Z";
const FEBRUARY: &str = "2026-02-01T00:00:00Z";

#[tokio::test]
async fn an_alias_and_its_cve_are_one_finding() {
    on_each_database(async |store| {
        take(&store, Trivy::new(JANUARY).with("openssl", "CVE-2026-1").bytes()).await;
        let report = grype(FEBRUARY, &[("openssl", "GHSA-aaaa-bbbb-cccc", Some("CVE-2026-1"))]);
        assert_eq!(changes(&take(&store, report).await), [0, 0, 1, 0]);
        assert_eq!(open_findings(&store).await, 1);
        let named = "SELECT COUNT(*) FROM attributions WHERE reported_as = 'GHSA-aaaa-bbbb-cccc'";
        assert_eq!(number(&store, named).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_group_that_learns_its_cve_is_renamed_with_its_findings() {
    on_each_database(async |store| {
        take(&store, grype(JANUARY, &[("openssl", "GHSA-aaaa-bbbb-cccc", None)])).await;
        take(&store, Trivy::new(JANUARY).with("openssl", "CVE-2026-1").bytes()).await;
        assert_eq!(open_findings(&store).await, 2);
        let report = grype(FEBRUARY, &[("openssl", "GHSA-aaaa-bbbb-cccc", Some("CVE-2026-1"))]);
        let outcome = take(&store, report).await;
        assert_eq!(outcome.changes().added, 0);
        assert_eq!(open_findings(&store).await, 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM attributions").await, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM vulnerabilities").await, 1);
        assert_eq!(number(&store, "SELECT severity FROM findings").await, 1);
        let led = "SELECT COUNT(*) FROM vulnerability_aliases WHERE vulnerability_id = 'CVE-2026-1'";
        assert_eq!(number(&store, led).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_statement_reaches_findings_before_and_after_it() {
    on_each_database(async |store| {
        let marked = "SELECT COUNT(*) FROM findings WHERE vex_status = 'not_affected'";
        take(&store, openvex(JANUARY, "CVE-2026-1", "not_affected")).await;
        let scan = Trivy::new(JANUARY).with("openssl", "CVE-2026-1").with("zlib", "CVE-2026-2");
        let outcome = take(&store, scan.bytes()).await;
        assert_eq!(number(&store, marked).await, 1);
        assert_eq!(outcome.touched.images.len(), 1);
        let outcome = take(&store, openvex(FEBRUARY, "CVE-2026-2", "not_affected")).await;
        assert_eq!(outcome.inspection.counts.statements, 1);
        assert_eq!(outcome.touched.images.len(), 1);
        assert_eq!(number(&store, marked).await, 2);
        take(&store, openvex(FEBRUARY, "CVE-2026-1", "affected")).await;
        assert_eq!(number(&store, marked).await, 1);
    })
    .await;
}

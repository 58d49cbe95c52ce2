//! Set-difference: what a report replaces, and what it leaves alone.

use chrono::TimeDelta;
use store::test_support::on_each_database;

use crate::documents::{Trivy, grype};
use crate::support::{changes, now, number, open_findings, take, take_from};

const JANUARY: &str = "2026-01-01T00:00:00Z";
const FEBRUARY: &str = "2026-02-01T00:00:00Z";
const MARCH: &str = "2026-03-01T00:00:00Z";

#[tokio::test]
async fn the_same_bytes_again_write_no_finding_row() {
    on_each_database(async |store| {
        let report = Trivy::new(JANUARY).with("openssl", "CVE-2026-1").with("zlib", "CVE-2026-2").bytes();
        let first = take(&store, report.clone()).await;
        assert_eq!(changes(&first), [2, 0, 0, 0]);
        let written = (store.rows_written("findings"), store.rows_written("attributions"));
        assert_eq!(written, (2, 2));
        let again = take(&store, report).await;
        assert_eq!(changes(&again), [0, 0, 2, 0]);
        assert_eq!(again.document, first.document);
        assert_eq!((store.rows_written("findings"), store.rows_written("attributions")), written);
        assert_eq!(number(&store, "SELECT times_received FROM documents").await, 2);
    })
    .await;
}

/// A registry's scanner judges anew whenever it is asked, and states no moment.
#[tokio::test]
async fn what_states_no_moment_moves_the_last_scan_once_a_day() {
    on_each_database(async |store| {
        let report = Trivy::new("").with("openssl", "CVE-2026-1").bytes();
        let looked = async |hours: i64| {
            let outcome = take_from(&store, report.clone(), TimeDelta::hours(hours)).await;
            let at = number(&store, "SELECT last_scanned_at FROM images").await;
            (changes(&outcome), (now().timestamp_millis() - at) / 3_600_000)
        };
        assert_eq!(looked(72).await, ([1, 0, 0, 0], 72));
        let written = store.rows_written("scans");
        assert_eq!(looked(60).await, ([0, 0, 1, 0], 72));
        assert_eq!(store.rows_written("scans"), written);
        assert_eq!(looked(47).await, ([0, 0, 1, 0], 47));
        let clean = Trivy::new("").bytes();
        let outcome = take_from(&store, clean, TimeDelta::hours(46)).await;
        assert_eq!(changes(&outcome), [0, 1, 0, 0]);
        assert_eq!(looked(45).await, ([1, 0, 0, 0], 45), "another scan came between");
        assert_eq!(open_findings(&store).await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_equal_rescan_writes_no_finding_row() {
    on_each_database(async |store| {
        take(&store, Trivy::new(JANUARY).with("openssl", "CVE-2026-1").bytes()).await;
        let written = (store.rows_written("findings"), store.rows_written("attributions"));
        let again = take(&store, Trivy::new(FEBRUARY).with("openssl", "CVE-2026-1").bytes()).await;
        assert_eq!(changes(&again), [0, 0, 1, 0]);
        assert_eq!((store.rows_written("findings"), store.rows_written("attributions")), written);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM scans WHERE NOT superseded").await, 1);
        let dated = "SELECT last_scanned_at FROM images";
        assert_eq!(number(&store, dated).await, 1_769_904_000_000);
    })
    .await;
}

#[tokio::test]
async fn a_newer_scan_closes_what_is_gone_with_its_reason() {
    on_each_database(async |store| {
        take(&store, Trivy::new(JANUARY).with("openssl", "CVE-2026-1").with("zlib", "CVE-2026-2").bytes())
            .await;
        let newer =
            take(&store, Trivy::new(FEBRUARY).with("zlib", "CVE-2026-2").with("bash", "CVE-2026-3").bytes());
        assert_eq!(changes(&newer.await), [1, 1, 1, 0]);
        let closed = "SELECT COUNT(*) FROM findings WHERE vulnerability_id = 'CVE-2026-1' \
                      AND closed_reason = 'no_longer_reported' AND closed_at = 1769904000000";
        assert_eq!(number(&store, closed).await, 1);
        let back =
            take(&store, Trivy::new(MARCH).with("openssl", "CVE-2026-1").with("zlib", "CVE-2026-2").bytes());
        assert_eq!(changes(&back.await), [1, 1, 1, 0]);
        assert_eq!(open_findings(&store).await, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM findings").await, 3);
    })
    .await;
}

#[tokio::test]
async fn an_older_scan_is_history() {
    on_each_database(async |store| {
        take(&store, Trivy::new(FEBRUARY).with("openssl", "CVE-2026-1").bytes()).await;
        let older = take(&store, Trivy::new(JANUARY).with("zlib", "CVE-2026-2").bytes()).await;
        assert_eq!(changes(&older), [0, 0, 1, 0]);
        assert_eq!(open_findings(&store).await, 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM scans WHERE superseded").await, 1);
    })
    .await;
}

#[tokio::test]
async fn another_tools_report_never_closes_and_never_doubles() {
    on_each_database(async |store| {
        take(&store, Trivy::new(JANUARY).with("openssl", "CVE-2026-1").with("zlib", "CVE-2026-2").bytes())
            .await;
        let other =
            take(&store, grype(FEBRUARY, &[("openssl", "CVE-2026-1", None), ("bash", "CVE-2026-3", None)]));
        assert_eq!(changes(&other.await), [1, 0, 1, 0]);
        assert_eq!(open_findings(&store).await, 3);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM attributions").await, 4);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM images").await, 1);
        // Each tool takes back its own word only; the finding closes with the last.
        let less = take(&store, Trivy::new(MARCH).with("zlib", "CVE-2026-2").bytes()).await;
        assert_eq!(changes(&less), [0, 0, 1, 0]);
        let none = take(&store, grype(MARCH, &[])).await;
        assert_eq!(changes(&none), [0, 2, 0, 0]);
        assert_eq!(open_findings(&store).await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_worst_word_is_shown_and_each_tools_own_stays() {
    on_each_database(async |store| {
        take(&store, grype(JANUARY, &[("openssl", "CVE-2026-1", None)])).await;
        assert_eq!(number(&store, "SELECT severity FROM findings").await, 2);
        take(&store, Trivy::new(FEBRUARY).with("openssl", "CVE-2026-1").bytes()).await;
        assert_eq!(number(&store, "SELECT severity FROM findings").await, 1);
        assert_eq!(number(&store, "SELECT severity FROM attributions WHERE tool = 'grype'").await, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM findings WHERE fix_state = 'fixed'").await, 1);
        take(&store, Trivy::new(MARCH).bytes()).await;
        assert_eq!(number(&store, "SELECT severity FROM findings").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_class_that_was_not_looked_for_stays_open() {
    on_each_database(async |store| {
        let whole = Trivy::new(JANUARY).with("openssl", "CVE-2026-1").with_secret("aws-access-key-id");
        assert_eq!(changes(&take(&store, whole.bytes()).await), [2, 0, 0, 0]);
        let vulnerabilities = Trivy::new(FEBRUARY).with("openssl", "CVE-2026-1");
        let outcome = take(&store, vulnerabilities.bytes()).await;
        assert_eq!(outcome.changes().closed, 0);
        assert_eq!(open_findings(&store).await, 2);
    })
    .await;
}

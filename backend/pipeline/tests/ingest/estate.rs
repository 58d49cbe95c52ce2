//! Workloads and the images they run.

use store::test_support::on_each_database;

use crate::documents::{Trivy, pods};
use crate::support::{images, number, take};

#[tokio::test]
async fn a_running_digest_makes_an_image_that_a_scan_completes() {
    on_each_database(async |store| {
        let outcome = take(&store, pods()).await;
        assert!(!outcome.touched.clusters.is_empty());
        assert_eq!(outcome.inspection.counts.workloads, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM workloads WHERE cluster = 'prod'").await, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM images WHERE name = 'acme/api:1'").await, 1);
        let running = "SELECT COUNT(*) FROM containers WHERE running = 1 AND image_id IS NOT NULL";
        assert_eq!(number(&store, running).await, 1);
        take(&store, Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes()).await;
        assert_eq!(images(&store).await, 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM images WHERE last_scanned_at IS NOT NULL").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_cluster_again_changes_no_count() {
    on_each_database(async |store| {
        take(&store, pods()).await;
        let mut again = pods();
        again.push(b'\n');
        take(&store, again).await;
        let counts = "SELECT (SELECT COUNT(*) FROM workloads) * 100 + (SELECT COUNT(*) FROM containers) * 10 \
                      + (SELECT COUNT(*) FROM images)";
        assert_eq!(number(&store, counts).await, 221);
    })
    .await;
}

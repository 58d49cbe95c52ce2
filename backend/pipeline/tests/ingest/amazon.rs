//! Documents of Amazon's services: runtime events beside what scanners say, and Inspector beside Trivy.

use domain::coverage::{Coverage, InUse};
use domain::id::ImageId;
use domain::image::{DigestRole, Image};
use serde_json::{Value, json};
use store::test_support::on_each_database;

use crate::documents::{Trivy, digest, grype};
use crate::support::{changes, number, open_findings, take};

/// A finding of GuardDuty with malware in the one container of a task.
fn guardduty() -> Vec<u8> {
    let image = format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api@{}", digest('d'));
    let threat = json!({"Name": "Demo", "FilePaths": [{"FilePath": "tmp/demo", "Hash": "1"}]});
    let finding = json!({
        "AccountId": "111122223333", "Id": "1", "Type": "Execution:ECS/MaliciousFile", "Severity": 8.0,
        "Resource": {"ResourceType": "ECSCluster", "EcsClusterDetails": {"Name": "batch",
            "TaskDetails": {"Group": "service:mail", "Containers": [{"Name": "mail", "Image": image}]}}},
        "Service": {"DetectorId": "d", "Count": 2, "EventLastSeen": "2200-01-01T00:00:00Z",
            "EbsVolumeScanDetails": {"ScanDetections": {"ThreatDetectedByName": {"ThreatNames": [threat]}}}},
    });
    serde_json::to_vec(&json!({"Findings": [finding]})).unwrap()
}

/// A list of Inspector with one package of an image.
fn inspector(package: &str, id: &str) -> Vec<u8> {
    let details = json!({"imageHash": digest('d'), "repositoryName": "shop/api", "registry": "111122223333",
        "imageTags": ["1"], "platform": "DEBIAN_12", "architecture": "amd64"});
    let resource = json!({"type": "AWS_ECR_CONTAINER_IMAGE", "region": "eu-west-1",
        "id": format!("arn:aws:ecr:eu-west-1:111122223333:repository/shop/api/{}", digest('d')),
        "details": {"awsEcrContainerImage": details}});
    let listed: Value = json!([{"name": package, "version": "1.0", "packageManager": "OS", "epoch": 0}]);
    let finding = json!({"findingArn": "arn:aws:inspector2:eu-west-1:111122223333:finding/1",
        "awsAccountId": "111122223333", "type": "PACKAGE_VULNERABILITY", "severity": "MEDIUM", "status": "ACTIVE",
        "lastObservedAt": "2026-01-02T00:00:00Z", "resources": [resource],
        "packageVulnerabilityDetails": {"vulnerabilityId": id, "vulnerablePackages": listed}});
    serde_json::to_vec(&json!({"findings": [finding]})).unwrap()
}

#[tokio::test]
async fn inspector_and_trivy_make_one_finding_on_one_image() {
    on_each_database(async |store| {
        take(&store, Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes()).await;
        let outcome = take(&store, inspector("openssl", "CVE-2026-1")).await;
        assert_eq!(changes(&outcome), [0, 0, 1, 0]);
        assert_eq!(open_findings(&store).await, 1);
        let tools = "SELECT COUNT(DISTINCT tool) FROM attributions";
        assert_eq!(number(&store, tools).await, 2);
    })
    .await;
}

/// The same list, seen on a day, with what Inspector says of exploits.
fn with_threat(day: &str, epss: f64, exploit: &str) -> Vec<u8> {
    let mut list: Value = serde_json::from_slice(&inspector("openssl", "CVE-2026-1")).unwrap();
    let finding = &mut list["findings"][0];
    finding["updatedAt"] = json!(format!("2026-{day}T00:00:00Z"));
    finding["epss"] = json!({"score": epss});
    finding["exploitAvailable"] = json!(exploit);
    finding["exploitabilityDetails"] = json!({"lastKnownExploitAt": "2026-01-01T00:00:00Z"});
    serde_json::to_vec(&list).unwrap()
}

#[tokio::test]
async fn what_inspector_says_of_exploits_counts_where_the_feeds_are_silent() {
    on_each_database(async |store| {
        let rated = async |epss: &str, by: &str| {
            let sql = format!("SELECT COUNT(*) FROM vulnerabilities WHERE epss = {epss} AND COALESCE(epss_source, 'first') = '{by}'");
            number(&store, &sql).await
        };
        take(&store, Trivy::new("2026-01-01T00:00:00Z").with("openssl", "CVE-2026-1").bytes()).await;
        let outcome = take(&store, with_threat("02-01", 0.25, "YES")).await;
        assert_eq!(outcome.touched.images.len(), 1, "also the image that another tool reports it in");
        assert_eq!(rated("0.25", "aws-inspector").await, 1);
        let known = "SELECT COUNT(*) FROM vulnerabilities WHERE exploit_source = 'aws-inspector' AND exploit_seen_at > 0";
        assert_eq!(number(&store, known).await, 1);
        take(&store, with_threat("01-15", 0.75, "NO")).await;
        assert_eq!(rated("0.25", "aws-inspector").await, 1, "an older word changes nothing");
        take(&store, feed("2026-01-10", "CVE-2026-1", 0.5)).await;
        assert_eq!(rated("0.5", "first").await, 1, "the feed goes before");
        take(&store, with_threat("02-02", 0.125, "NO")).await;
        assert_eq!(rated("0.5", "first").await, 1);
        assert_eq!(number(&store, known).await, 0, "Inspector no longer knows of an exploit");
        take(&store, feed("2026-01-11", "CVE-2026-9", 0.5)).await;
        assert_eq!(rated("0.125", "aws-inspector").await, 1, "the feed fell silent");
    })
    .await;
}

#[tokio::test]
async fn a_vulnerability_that_gets_another_name_keeps_what_tools_say() {
    on_each_database(async |store| {
        let mut list: Value = serde_json::from_slice(&with_threat("02-01", 0.25, "YES")).unwrap();
        list["findings"][0]["packageVulnerabilityDetails"]["vulnerabilityId"] = json!("GHSA-aaaa-bbbb-cccc");
        take(&store, serde_json::to_vec(&list).unwrap()).await;
        let report = grype("2026-02-02T00:00:00Z", &[("zlib", "GHSA-aaaa-bbbb-cccc", Some("CVE-2026-1"))]);
        take(&store, report).await;
        let told = "SELECT COUNT(*) FROM vulnerabilities WHERE id = 'CVE-2026-1' AND epss = 0.25 AND exploit_source IS NOT NULL";
        assert_eq!(number(&store, told).await, 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM vulnerability_threats").await, 1);
    })
    .await;
}

/// FIRST's scores of a day, with one CVE.
fn feed(day: &str, id: &str, score: f64) -> Vec<u8> {
    let head = format!("#model_version:v2025.03.14,score_date:{day}T00:00:00+0000");
    format!("{head}\ncve,epss,percentile\n{id},{score},0.5\n").into_bytes()
}

/// Inspector's word on the image, as its coverage tells it.
fn expired() -> Coverage {
    let image = format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api@{}", digest('d'));
    Coverage {
        tool: "aws-inspector".to_owned(),
        image: Image {
            references: vec![image.parse().unwrap()],
            digests: vec![(DigestRole::Manifest, digest('d').parse().unwrap())],
            ..Image::default()
        },
        watched: Some(false),
        reason: "SCAN_ELIGIBILITY_EXPIRED".to_owned(),
        last_scanned_at: Some("2026-01-03T00:00:00Z".parse().unwrap()),
        in_use: Some(InUse { count: 3, last_at: None }),
    }
}

/// Inspector's findings say where an image runs and nothing of whether it is watched: they took the reason away
/// that its coverage had told.
#[tokio::test]
async fn findings_leave_the_word_on_watching_as_it_was() {
    on_each_database(async |store| {
        let list = String::from_utf8(inspector("openssl", "CVE-2026-1")).unwrap();
        let list = list.replacen("\"imageTags\"", "\"inUseCount\":3,\"imageTags\"", 1);
        take(&store, list.clone().into_bytes()).await;
        let row = "SELECT COUNT(*) FROM coverage WHERE in_use_count = 3 AND";
        assert_eq!(number(&store, &format!("{row} watched IS NULL AND reason = ''")).await, 1);
        let (word, image) = (expired(), ImageId::derived(&[digest('d').as_bytes()]));
        let tx = store.begin().await.unwrap();
        let rows = [(normalise::object::coverage_id(&word).unwrap(), image, &word)];
        store::save::coverage::put(&tx, &rows, 0).await.unwrap();
        tx.commit().await.unwrap();
        let told = "NOT watched AND reason = 'SCAN_ELIGIBILITY_EXPIRED' AND last_scanned_at = 1767398400000";
        assert_eq!(number(&store, &format!("{row} {told}")).await, 1);
        let written = store.rows_written("coverage");
        let later = list.replacen("2026-01-02T00:00:00Z", "2026-01-02T12:00:00Z", 1);
        assert_ne!(later, list);
        take(&store, later.into_bytes()).await;
        assert_eq!(number(&store, &format!("{row} {told}")).await, 1);
        assert_eq!(store.rows_written("coverage"), written);
    })
    .await;
}

#[tokio::test]
async fn an_event_of_a_workload_that_is_not_known_waits_for_it() {
    on_each_database(async |store| {
        let outcome = take(&store, guardduty()).await;
        let counts = outcome.inspection.counts;
        assert_eq!((counts.entries, counts.events, counts.findings), (1, 1, 1));
        assert_eq!(changes(&outcome), [1, 0, 0, 0]);
        let told: Vec<&str> =
            outcome.inspection.warnings.iter().map(|warning| warning.message.as_str()).collect();
        assert_eq!(told, ["1 runtime events are of workloads that are not known; they wait for them"]);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM findings WHERE class = 'malware'").await, 1);
        let waits = "SELECT CAST(SUM(count) AS BIGINT) FROM detections WHERE workload_id IS NULL";
        assert_eq!(number(&store, waits).await, 2);
    })
    .await;
}

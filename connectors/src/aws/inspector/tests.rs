//! Findings by image, and coverage. Refuses the network.

use aws_sdk_inspector2::types::{
    CoverageResourceType, CoveredResource, EcrContainerImageMetadata, ResourceScanMetadata, ScanStatus,
    ScanStatusCode, ScanStatusReason, ScanType,
};
use aws_smithy_types::DateTime;
use serde_json::value::RawValue;

use super::coverage::coverage;
use super::findings::{Gathering, document};

fn arn(letter: char) -> String {
    let digest = letter.to_string().repeat(64);
    format!("arn:aws:ecr:eu-west-1:111122223333:repository/team/api/sha256:{digest}")
}

fn finding(name: &str, letter: char, pushed_at: &str) -> Box<RawValue> {
    let text = format!(
        r#"{{"findingArn":"{name}","resources":[{{"type":"AWS_ECR_CONTAINER_IMAGE","id":"{}","details":{{"awsEcrContainerImage":{{"pushedAt":{pushed_at}}}}}}}],"unknownToUs":1.50}}"#,
        arn(letter)
    );
    RawValue::from_string(text).unwrap()
}

/// The images that became complete with each finding, by their letter and number of findings.
fn gathered(findings: &[(char, &str)]) -> Vec<String> {
    let mut gathering = Gathering::default();
    findings
        .iter()
        .map(|(letter, pushed_at)| {
            let complete = gathering.add(&finding("f", *letter, pushed_at));
            let shown = complete.iter().map(|(arn, findings)| {
                format!("{}{}", arn.chars().last().unwrap_or_default(), findings.len())
            });
            shown.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn an_image_is_complete_when_a_later_one_begins() {
    let list = [('a', "1.0"), ('a', "1.0"), ('b', "1.0"), ('a', "1.0"), ('c', "2.0"), ('d', "3.5")];
    assert_eq!(gathered(&list), ["", "", "", "", "a3 b1", "c1"]);
}

#[test]
fn an_image_that_comes_again_is_not_handed_on_in_parts() {
    assert_eq!(gathered(&[('a', "1"), ('b', "2"), ('a', "3"), ('c', "4")]), ["", "a1", "b1", ""]);
}

#[test]
fn findings_stay_as_they_came() {
    let findings = [finding("2", 'a', "1.0"), finding("1", 'a', "1.0")];
    let text = String::from_utf8(document(&findings)).unwrap();
    assert_eq!(text, format!("{{\"findings\":[{},{}]}}", findings[1].get(), findings[0].get()));
    assert!(text.contains("\"unknownToUs\":1.50"));
}

#[test]
fn what_is_no_image_is_left_out() {
    let mut gathering = Gathering::default();
    for text in [
        r#"{"resources":[{"id":"arn:aws:ec2:eu-west-1:111122223333:instance/i-1"}]}"#,
        r#"{"resources":[]}"#,
        "[]",
    ] {
        assert!(gathering.add(&RawValue::from_string(text.to_owned()).unwrap()).is_empty());
    }
    assert!(gathering.add(&finding("f", 'a', "1")).is_empty(), "nothing was held");
}

fn covered(
    code: ScanStatusCode,
    reason: ScanStatusReason,
    metadata: EcrContainerImageMetadata,
) -> CoveredResource {
    CoveredResource::builder()
        .resource_type(CoverageResourceType::AwsEcrContainerImage)
        .resource_id(arn('a'))
        .account_id("111122223333")
        .scan_type(ScanType::Package)
        .scan_status(ScanStatus::builder().status_code(code).reason(reason).build().unwrap())
        .last_scanned_at(DateTime::from_secs(1_770_000_000))
        .resource_metadata(ResourceScanMetadata::builder().ecr_image(metadata).build())
        .build()
        .unwrap()
}

#[test]
fn coverage_keeps_the_reason_and_where_it_runs() {
    let running = EcrContainerImageMetadata::builder()
        .in_use_count(3)
        .last_in_use_at(DateTime::from_secs(1_770_000_060));
    let watched =
        coverage(&covered(ScanStatusCode::Active, ScanStatusReason::Successful, running.build())).unwrap();
    assert_eq!(
        (watched.tool.as_str(), watched.watched, watched.reason.as_str()),
        ("aws-inspector", Some(true), "SUCCESSFUL")
    );
    let in_use = watched.in_use.unwrap();
    assert_eq!(in_use.count, 3);
    assert_eq!(in_use.last_at.unwrap().to_rfc3339(), "2026-02-02T02:41:00+00:00");
    let unknown = EcrContainerImageMetadata::builder().build();
    let expired =
        coverage(&covered(ScanStatusCode::Inactive, ScanStatusReason::ScanEligibilityExpired, unknown))
            .unwrap();
    assert_eq!((expired.watched, expired.reason.as_str()), (Some(false), "SCAN_ELIGIBILITY_EXPIRED"));
    assert_eq!(expired.in_use, None, "not told is not zero");
}

//! Each fault does what it says, to whom it says, as often as it says. Refuses faults that hit others too.

use std::time::Instant;

use serde_json::{Value, json};
use tests::aws::{Aws, Estate, Fault};
use tests::boto::{Boto, question};
use tests::cloud::Cloud;

const HERE: &str = "eu-central-1";
const THERE: &str = "us-east-1";

/// A small organisation without workloads, of its own: faults are orders for everybody.
fn organisation() -> Option<(Aws, Estate)> {
    let aws = Aws::start()?;
    let estate = aws.seed(&json!({ "repositories": 6, "workloads": false, "findings": 20 }));
    Some((aws, estate))
}

fn repositories(boto: &mut Boto, region: &str) -> Value {
    boto.ask(&question("ecr", region, "describe_repositories", &json!({ "maxResults": 5 })))
}

#[test]
fn throttling_hits_the_first_calls_and_says_when_to_come_back() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    let fault = aws.fault(&Fault::throttle().on("ecr", "DescribeRepositories").first(2).retry_after(3));
    for _ in 0..2 {
        let told = repositories(&mut boto, HERE);
        assert_eq!((&told["code"], &told["status"]), (&json!("ThrottlingException"), &json!(429)));
        assert_eq!(told["headers"]["retry-after"], "3");
    }
    assert!(repositories(&mut boto, HERE)["answer"].is_object());
    assert_eq!(aws.hits(fault), 2);
    let calls = aws.calls();
    assert_eq!(calls.of("ecr", "DescribeRepositories"), 3);
    let codes: Vec<_> = calls.each.iter().map(|call| call.code.as_deref()).collect();
    assert_eq!(codes, [Some("ThrottlingException"), Some("ThrottlingException"), None]);
}

#[test]
fn every_third_call_is_throttled_without_retry_after() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::throttle().every(3));
    let told: Vec<Value> = (0..6).map(|_| repositories(&mut boto, HERE)).collect();
    let hit: Vec<bool> = told.iter().map(|told| told["status"] == 429).collect();
    assert_eq!(hit, [false, false, true, false, false, true]);
    assert!(told[2]["headers"]["retry-after"].is_null(), "{}", told[2]);
}

#[test]
fn a_service_may_throttle_in_words_of_its_own() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::throttle().said("Throttling", 400).on("elbv2", "*"));
    let refused = boto.refused("elbv2", HERE, "describe_load_balancers", &json!({}));
    assert_eq!(refused, ("Throttling".to_owned(), 400));
    assert!(repositories(&mut boto, HERE)["answer"].is_object());
}

#[test]
fn access_is_denied_in_one_account_and_region_only() {
    let Some((aws, estate)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    let member = &estate.accounts[1];
    aws.fault(&Fault::deny().account(member).region(HERE).on("ecr", "*"));
    let mut asked = question("ecr", HERE, "describe_repositories", &json!({}));
    asked["account"] = member.as_str().into();
    assert_eq!(boto.ask(&asked)["code"], "AccessDeniedException");
    asked["region"] = THERE.into();
    assert!(boto.ask(&asked)["answer"].is_object());
    assert!(repositories(&mut boto, HERE)["answer"].is_object());
}

#[test]
fn a_region_that_hangs_does_not_answer_in_time_and_others_do() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::timeout(60.0).region(HERE));
    let mut asked = question("ecr", HERE, "describe_repositories", &json!({}));
    asked["seconds"] = 1.into();
    let told = boto.ask(&asked);
    assert!(told["broken"].as_str().unwrap().starts_with("ReadTimeoutError"), "{told}");
    assert!(repositories(&mut boto, THERE)["answer"].is_object());
    aws.heal();
    assert!(repositories(&mut boto, HERE)["answer"].is_object());
}

#[test]
fn garbage_comes_with_any_status() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::garbage(200).first(1));
    let told = repositories(&mut boto, HERE);
    assert!(told["broken"].is_string() || told["answer"]["repositories"].is_null(), "{told}");
    aws.heal();
    aws.fault(&Fault::garbage(502).first(1));
    let told = repositories(&mut boto, HERE);
    assert!(told["status"] == 502 || told["broken"].is_string(), "{told}");
    assert!(repositories(&mut boto, HERE)["answer"]["repositories"].is_array());
}

#[test]
fn an_image_that_was_listed_is_gone_when_described() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::vanish().repository("service-000").region(HERE));
    let name = json!({ "repositoryName": "service-000" });
    let listed = boto.call("ecr", HERE, "list_images", &name)["imageIds"].take();
    let with = json!({ "repositoryName": "service-000", "imageIds": listed });
    let refused = boto.refused("ecr", HERE, "describe_images", &with);
    assert_eq!(refused, ("ImageNotFoundException".to_owned(), 400));
    let got = boto.call("ecr", HERE, "batch_get_image", &with);
    assert_eq!(got["failures"][0]["failureCode"], "ImageNotFound");
    assert_eq!(got["failures"][0]["imageId"]["imageDigest"], listed[0]["imageDigest"]);
    let described = boto.call("ecr", HERE, "describe_images", &name);
    let digests = |rows: &Value| {
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["imageDigest"].clone()).collect::<std::collections::HashSet<_>>()
    };
    assert_eq!(digests(&described["imageDetails"]).len() + 1, digests(&listed).len());
    assert!(boto.call("ecr", THERE, "describe_images", &name)["imageDetails"].is_array());
}

#[test]
fn a_page_token_repeats_for_ever() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    for (service, call, action, with) in [
        ("ecr", "list_images", "ListImages", json!({ "repositoryName": "service-000" })),
        ("ecs", "list_clusters", "ListClusters", json!({})),
        ("inspector2", "list_findings", "ListFindings", json!({})),
    ] {
        aws.fault(&Fault::repeat_token().on(service, action));
        let first = boto.call(service, HERE, call, &with);
        let mut again = with.clone();
        again["nextToken"] = first["nextToken"].clone();
        assert!(first["nextToken"].is_string(), "{service} {call}: {first:.200}");
        assert_eq!(boto.call(service, HERE, call, &again), first, "{service} {call}");
    }
}

#[test]
fn a_connection_is_reset_in_the_middle_of_a_body() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::reset().on("ecr", "DescribeRepositories").first(1));
    let told = repositories(&mut boto, HERE);
    let broken = told["broken"].as_str().unwrap();
    assert!(broken.contains("Connection") || broken.contains("IncompleteRead"), "{told}");
    assert!(repositories(&mut boto, HERE)["answer"].is_object());
}

#[test]
fn a_body_comes_slowly_and_whole() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    assert!(repositories(&mut boto, HERE)["answer"].is_object());
    aws.fault(&Fault::slow(1.0));
    let started = Instant::now();
    let told = repositories(&mut boto, HERE);
    assert!(started.elapsed().as_secs_f64() >= 0.9, "{:?}", started.elapsed());
    assert_eq!(told["answer"]["repositories"].as_array().unwrap().len(), 5);
}

#[test]
fn an_error_of_any_code_comes_after_a_few_calls() {
    let Some((aws, _)) = organisation() else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::error("ExpiredTokenException", 403).after(2));
    let told: Vec<Value> = (0..4).map(|_| repositories(&mut boto, HERE)["code"].take()).collect();
    let expired = json!("ExpiredTokenException");
    assert_eq!(told, [Value::Null, Value::Null, expired.clone(), expired]);
}

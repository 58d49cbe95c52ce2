//! Lists are paged as AWS pages them. Refuses a list that answers everything at once.

use serde_json::{Value, json};
use tests::aws::{Aws, small};
use tests::boto::Boto;
use tests::cloud::Cloud;

const HERE: &str = "us-east-1";

/// Every list that a connector walks: service, call, input, the rows.
fn lists(boto: &mut Boto) -> Vec<(&'static str, &'static str, Value, &'static str)> {
    let detectors = boto.call("guardduty", HERE, "list_detectors", &json!({}));
    let detector = json!({ "DetectorId": detectors["DetectorIds"][0] });
    let balancers = boto.call("elbv2", HERE, "describe_load_balancers", &json!({}));
    let balancer = json!({ "LoadBalancerArn": balancers["LoadBalancers"][0]["LoadBalancerArn"] });
    let cluster = json!({ "cluster": "services" });
    vec![
        ("ecr", "describe_repositories", json!({}), "repositories"),
        ("ecr", "list_images", json!({ "repositoryName": "service-000" }), "imageIds"),
        ("ecr", "describe_images", json!({ "repositoryName": "service-000" }), "imageDetails"),
        ("ecr-public", "describe_repositories", json!({}), "repositories"),
        ("ecr-public", "describe_images", json!({ "repositoryName": "open/agent" }), "imageDetails"),
        ("organizations", "list_accounts", json!({}), "Accounts"),
        ("account", "list_regions", json!({}), "Regions"),
        ("ecs", "list_clusters", json!({}), "clusterArns"),
        ("ecs", "list_services", cluster.clone(), "serviceArns"),
        ("ecs", "list_tasks", cluster.clone(), "taskArns"),
        ("ecs", "list_container_instances", cluster, "containerInstanceArns"),
        ("ecs", "list_task_definitions", json!({}), "taskDefinitionArns"),
        ("eks", "list_clusters", json!({}), "clusters"),
        ("eks", "list_nodegroups", json!({ "clusterName": "shop" }), "nodegroups"),
        ("lambda", "list_functions", json!({}), "Functions"),
        ("elbv2", "describe_load_balancers", json!({}), "LoadBalancers"),
        ("elbv2", "describe_listeners", balancer, "Listeners"),
        ("elbv2", "describe_target_groups", json!({}), "TargetGroups"),
        ("ec2", "describe_security_groups", json!({}), "SecurityGroups"),
        ("ec2", "describe_subnets", json!({}), "Subnets"),
        ("batch", "describe_job_definitions", json!({}), "jobDefinitions"),
        ("inspector2", "list_coverage", json!({}), "coveredResources"),
        ("inspector2", "list_findings", json!({}), "findings"),
        ("guardduty", "list_findings", detector.clone(), "FindingIds"),
        ("guardduty", "list_coverage", detector, "Resources"),
        ("securityhub", "get_findings", json!({}), "Findings"),
    ]
}

#[test]
fn every_list_is_paged_and_no_row_is_lost_or_doubled() {
    let Some((aws, _)) = Aws::seeded(&small()) else { return };
    let mut boto = Boto::new(&aws);
    for (service, call, with, rows) in lists(&mut boto) {
        aws.set(&json!({ "page_cap": null }));
        let whole: Vec<Value> = boto.pages(service, HERE, call, &with, rows).concat();
        assert!(whole.len() > 1, "{service} {call}: {} rows are too few to page", whole.len());
        let size = whole.len().div_ceil(3);
        aws.set(&json!({ "page_cap": size }));
        let pages = boto.pages(service, HERE, call, &with, rows);
        assert!(pages.len() > 1 && pages.iter().all(|page| page.len() <= size), "{service} {call}");
        assert_eq!(pages.concat(), whole, "{service} {call}");
    }
}

#[test]
fn ecr_keeps_to_the_size_that_is_asked_for() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let first = boto.call("ecr", HERE, "describe_repositories", &json!({ "maxResults": 25 }));
    assert_eq!(first["repositories"].as_array().unwrap().len(), 25);
    let token = first["nextToken"].as_str().unwrap();
    let second =
        boto.call("ecr", HERE, "describe_repositories", &json!({ "maxResults": 50, "nextToken": token }));
    assert_eq!(second["repositories"].as_array().unwrap().len(), 35);
    assert!(second["nextToken"].is_null(), "{second:.200}");
    let with = json!({ "maxResults": 1001 });
    let refused = boto.ask(&tests::boto::question("ecr", HERE, "describe_repositories", &with));
    assert!(refused["code"] == "InvalidParameterException" || refused["broken"].is_string(), "{refused}");
}

#[test]
fn ecs_services_come_ten_at_a_time() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let pages = boto.pages("ecs", HERE, "list_services", &json!({ "cluster": "services" }), "serviceArns");
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 5]);
}

#[test]
fn a_token_of_another_list_an_unknown_one_and_an_old_one_are_refused() {
    let Some((aws, _)) = Aws::seeded(&small()) else { return };
    let mut boto = Boto::new(&aws);
    let with = json!({ "repositoryName": "service-000", "maxResults": 1 });
    let token = boto.call("ecr", HERE, "list_images", &with)["nextToken"].take();
    let invalid = ("InvalidParameterException".to_owned(), 400);
    let other = json!({ "repositoryName": "team-b/service-001", "nextToken": token });
    assert_eq!(boto.refused("ecr", HERE, "list_images", &other), invalid);
    let unknown = json!({ "repositoryName": "service-000", "nextToken": "made-up" });
    assert_eq!(boto.refused("ecr", HERE, "list_images", &unknown), invalid);
    aws.set(&json!({ "token_seconds": 0.0 }));
    let old = json!({ "repositoryName": "service-000", "nextToken": token });
    assert_eq!(boto.refused("ecr", HERE, "list_images", &old), invalid);
}

#[test]
fn a_hundred_ids_are_taken_and_not_one_more() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let ids: Vec<Value> = (0..101).map(|number| json!({ "imageTag": format!("1.{number}.0") })).collect();
    let with = json!({ "repositoryName": "service-000", "imageIds": ids });
    let told = boto.ask(&tests::boto::question("ecr", HERE, "batch_get_image", &with));
    assert!(told["code"] == "InvalidParameterException" || told["broken"].is_string(), "{told}");
    let with = json!({ "repositoryName": "service-000", "imageIds": ids[..100] });
    let told = boto.call("ecr", HERE, "batch_get_image", &with);
    assert_eq!(
        (told["images"].as_array().unwrap().len(), told["failures"].as_array().unwrap().len()),
        (2, 98)
    );
}

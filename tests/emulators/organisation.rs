//! Accounts, roles and regions of the seeded organisation. Refuses nothing of the product: no connector is
//! involved.

use serde_json::{Value, json};
use tests::aws::{Aws, Fault, small};
use tests::boto::{Boto, question};
use tests::cloud::Cloud;
use tests::measured;

const HERE: &str = "eu-central-1";

fn account(boto: &mut Boto, account: &str, region: &str) -> Value {
    let mut asked = question("sts", region, "get_caller_identity", &json!({}));
    asked["account"] = account.into();
    boto.ask(&asked)
}

#[test]
fn a_role_brings_its_account() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let mut boto = Boto::new(&aws);
    assert_eq!(estate.accounts.len(), 3);
    for wanted in &estate.accounts {
        assert_eq!(account(&mut boto, wanted, HERE)["answer"]["Account"], **wanted);
    }
    let mut asked = question("ecr", "us-east-1", "describe_repositories", &json!({ "maxResults": 1 }));
    asked["account"] = estate.accounts[2].clone().into();
    let told = boto.ask(&asked);
    assert_eq!(told["answer"]["repositories"][0]["registryId"], *estate.accounts[2]);
    assert_eq!(aws.calls().within(&estate.accounts[2], "us-east-1"), 1);
}

#[test]
fn a_role_is_refused_without_its_external_id_and_where_there_is_none() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let role = estate.role_in(&estate.accounts[1]);
    let without = json!({ "RoleArn": role, "RoleSessionName": "plimsoll" });
    assert_eq!(boto.refused("sts", HERE, "assume_role", &without), ("AccessDenied".to_owned(), 403));
    let unknown = json!({
        "RoleArn": format!("arn:aws:iam::{}:role/Other", estate.accounts[1]),
        "RoleSessionName": "plimsoll", "ExternalId": estate.external_id,
    });
    assert_eq!(boto.refused("sts", HERE, "assume_role", &unknown), ("AccessDenied".to_owned(), 403));
}

#[test]
fn a_region_that_is_not_enabled_refuses_credentials() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let regions = boto.call("account", "us-east-1", "list_regions", &json!({}));
    let state = |name: &str| {
        let mut rows = regions["Regions"].as_array().unwrap().iter();
        rows.find(|row| row["RegionName"] == name).unwrap()["RegionOptStatus"].clone()
    };
    assert_eq!(state(HERE), "ENABLED_BY_DEFAULT");
    assert_eq!(state("ap-east-1"), "DISABLED");
    let refused = boto.refused("ecr", "ap-east-1", "describe_repositories", &json!({}));
    assert_eq!(refused, ("UnrecognizedClientException".to_owned(), 403));
}

#[test]
fn an_account_leaves_the_organisation_and_another_is_suspended() {
    let Some((aws, estate)) = Aws::seeded(&small()) else { return };
    let mut boto = Boto::new(&aws);
    aws.fault(&Fault::leave(&estate.accounts[1]));
    aws.fault(&Fault::suspend(&estate.accounts[2]));
    let listed = boto.call("organizations", "us-east-1", "list_accounts", &json!({}));
    let rows: Vec<_> = listed["Accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["Id"].as_str().unwrap().to_owned(), row["Status"].as_str().unwrap().to_owned()))
        .collect();
    let active = (estate.accounts[0].clone(), "ACTIVE".to_owned());
    assert_eq!(rows, [active, (estate.accounts[2].clone(), "SUSPENDED".to_owned())]);
    for gone in &estate.accounts[1..] {
        assert_eq!(account(&mut boto, gone, HERE)["code"], "AccessDenied");
    }
    aws.heal();
    assert_eq!(account(&mut boto, &estate.accounts[1], HERE)["answer"]["Account"], *estate.accounts[1]);
}

#[test]
fn only_the_management_account_lists_the_organisation() {
    let Some((aws, estate)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let mut asked = question("organizations", "us-east-1", "list_accounts", &json!({}));
    asked["account"] = estate.accounts[1].clone().into();
    assert_eq!(boto.ask(&asked)["code"], "AccessDeniedException");
}

#[test]
fn workloads_run_images_of_the_repositories() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let with = json!({ "cluster": "services", "serviceName": "web" });
    let tasks = boto.call("ecs", HERE, "list_tasks", &with)["taskArns"].take();
    assert_eq!(tasks.as_array().unwrap().len(), 3);
    let with = json!({ "cluster": "services", "tasks": tasks });
    let described = boto.call("ecs", HERE, "describe_tasks", &with);
    let container = &described["tasks"][0]["containers"][0];
    assert_eq!(described["tasks"][0]["lastStatus"], "RUNNING");
    let (registry, name) = container["image"].as_str().unwrap().split_once('/').unwrap();
    assert!(registry.starts_with("111111111111.dkr.ecr.eu-central-1."), "{registry}");
    let name = name.split_once(':').unwrap().0;
    let with = json!({ "repositoryName": name, "imageIds": [{ "imageTag": "latest" }] });
    let image = boto.call("ecr", HERE, "describe_images", &with);
    assert_eq!(image["imageDetails"][0]["imageDigest"], container["imageDigest"]);

    let function = boto.call("lambda", HERE, "get_function", &json!({ "FunctionName": "resize" }));
    let resolved = function["Code"]["ResolvedImageUri"].as_str().unwrap();
    assert_eq!(function["Code"]["ImageUri"].as_str().unwrap(), resolved);
    let urls = boto.call("lambda", HERE, "list_function_url_configs", &json!({ "FunctionName": "resize" }));
    assert_eq!(urls["FunctionUrlConfigs"][0]["AuthType"], "NONE");
    let agent = boto.call("ecs", HERE, "describe_task_definition", &json!({ "taskDefinition": "agent" }));
    assert_eq!(agent["taskDefinition"]["networkMode"], "host");
    assert_eq!(agent["taskDefinition"]["containerDefinitions"][0]["privileged"], true);
}

#[test]
fn an_access_key_that_was_not_handed_out_is_refused() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    for (service, call, code) in [
        ("ecr", "describe_repositories", "UnrecognizedClientException"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
    ] {
        let mut asked = question(service, HERE, call, &json!({}));
        asked["key"] = "AKIANEVERHANDEDOUT01".into();
        let told = boto.ask(&asked);
        assert_eq!((&told["code"], &told["status"]), (&json!(code), &json!(403)));
    }
}

#[test]
fn a_task_that_is_gone_is_named_as_missing() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let with = json!({ "cluster": "services", "tasks": ["0123456789abcdef0123456789abcdef"] });
    let told = boto.call("ecs", HERE, "describe_tasks", &with);
    assert_eq!(told["tasks"], json!([]));
    assert_eq!(told["failures"][0]["reason"], "MISSING");
}

#[test]
fn more_than_aws_describes_at_once_is_refused() {
    let Some((aws, _)) = Aws::shared() else { return };
    let mut boto = Boto::new(aws);
    let eleven: Vec<String> = (0..11).map(|number| format!("small-{number:02}")).collect();
    let with = json!({ "cluster": "services", "services": eleven });
    let refused = boto.refused("ecs", HERE, "describe_services", &with);
    assert_eq!(refused, ("InvalidParameterException".to_owned(), 400));
}

#[test]
fn a_large_organisation_is_seeded_in_seconds_and_listed_by_bare_boto3() {
    let Some(aws) = Aws::start() else { return };
    let estate = aws.seed(&json!({ "plan": "large", "images": 20_000 }));
    assert_eq!(estate.images, 20_000);
    assert!(estate.seconds < 60.0 / 5.0, "{} s for a fifth of 100,000 images", estate.seconds);
    let output = aws.run("list_loop.py", &[]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((told["images"].as_u64(), told["repositories"].as_u64()), (Some(20_000), Some(360)));
    measured(&format!("20,000 images seeded in {} s; bare boto3 lists {told}", estate.seconds));
}

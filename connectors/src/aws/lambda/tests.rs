//! Functions, their versions and the ways to them. Refuses the network.

use aws_sdk_lambda::operation::get_function::GetFunctionOutput;
use aws_sdk_lambda::types::{
    AliasConfiguration, AliasRoutingConfiguration, FunctionCodeLocation, FunctionConfiguration,
    FunctionUrlAuthType, FunctionUrlConfig, State,
};
use domain::exposure::Reach;
use domain::workload::Criticality;

use super::functions::{called, workload};
use super::routes::{Ways, routes};
use crate::aws::elb::Front;
use crate::aws::place::tests::place;

const IMAGE: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/resize";

fn version(digit: char, state: State) -> GetFunctionOutput {
    let digest = digit.to_string().repeat(64);
    GetFunctionOutput::builder()
        .configuration(
            FunctionConfiguration::builder()
                .role("arn:aws:iam::111122223333:role/path/resize")
                .state(state)
                .build(),
        )
        .code(
            FunctionCodeLocation::builder()
                .image_uri(format!("{IMAGE}:prod"))
                .resolved_image_uri(format!("{IMAGE}@sha256:{digest}"))
                .build(),
        )
        .tags("team", "media")
        .tags("env", "dev")
        .build()
}

fn url(auth: FunctionUrlAuthType) -> FunctionUrlConfig {
    FunctionUrlConfig::builder()
        .function_url("https://abc.lambda-url.eu-west-1.on.aws/")
        .function_arn("arn:aws:lambda:eu-west-1:111122223333:function:resize:live")
        .creation_time("2026-01-01T00:00:00Z")
        .last_modified_time("2026-01-01T00:00:00Z")
        .auth_type(auth)
        .build()
        .unwrap()
}

fn check(ways: Ways<'_>, expected: &[(&str, &str, Reach, &str)]) {
    let routes = routes(&place(), "resize", ways);
    let told: Vec<_> = routes
        .iter()
        .map(|route| (route.kind.as_str(), route.name.as_str(), route.reach, route.evidence.as_str()))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn versions_with_one_digest_are_one_container() {
    let versions = [version('a', State::Active), version('b', State::Inactive), version('a', State::Active)];
    let found = workload(&place(), "resize", &versions);
    let digests: Vec<String> = found
        .containers
        .iter()
        .map(|container| container.digest.as_ref().map(|(_, digest)| digest.to_string()).unwrap_or_default())
        .collect();
    assert_eq!(digests, [format!("sha256:{}", "a".repeat(64)), format!("sha256:{}", "b".repeat(64))]);
    assert!(found.containers.iter().all(|container| container.running == 1));
    assert_eq!(found.owner.as_deref(), Some("media"));
    assert_eq!(found.criticality, Some(Criticality::Low));
    assert_eq!(found.cluster.as_deref(), Some("lambda (111122223333 eu-west-1)"));
    assert_eq!(found.isolation.service_account.as_deref(), Some("resize"));
}

#[test]
fn a_function_that_failed_runs_nothing() {
    let found = workload(&place(), "resize", &[version('a', State::Failed)]);
    assert_eq!(found.containers[0].running, 0);
}

#[test]
fn aliases_lead_to_versions() {
    let routed = AliasRoutingConfiguration::builder().additional_version_weights("7", 0.1).build();
    let aliases = [
        AliasConfiguration::builder().name("live").function_version("6").routing_config(routed).build(),
        AliasConfiguration::builder().name("next").function_version("$LATEST").build(),
    ];
    assert_eq!(called(&aliases).into_iter().collect::<Vec<_>>(), ["6", "7"]);
}

#[test]
fn urls_decide_by_their_authentication() {
    let closed = ("FunctionPolicy", "resize", Reach::Internal, "its policy lets no one in from outside");
    let anyone = [url(FunctionUrlAuthType::None)];
    let url_policy = r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunctionUrl",
        "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}}]}"#;
    check(
        Ways { urls: Some(&anyone), policy: Some(url_policy), fronts: Some(&[]) },
        &[closed, ("FunctionUrl", "resize:live", Reach::Internet, "function URL for anyone (AuthType NONE)")],
    );
    let signed = [url(FunctionUrlAuthType::AwsIam)];
    check(
        Ways { urls: Some(&signed), policy: Some(""), fronts: Some(&[]) },
        &[
            closed,
            (
                "FunctionUrl",
                "resize:live",
                Reach::Restricted,
                "function URL for signed calls only (AuthType AWS_IAM)",
            ),
        ],
    );
}

#[test]
fn policies_open_a_function() {
    let unread = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": ["events.amazonaws.com",
        "apigateway.amazonaws.com"]}, "Action": "lambda:InvokeFunction"}}"#;
    let world = r#"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "lambda:*"}]}"#;
    let some = r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}]}"#;
    for (policy, reach, evidence) in [
        (unread, Reach::Unknown, "API Gateway may call it, whose routes are not read"),
        (world, Reach::Internet, "its policy lets every AWS account call it"),
        (some, Reach::Restricted, "its policy lets other accounts call it under a condition"),
        ("{", Reach::Unknown, "its policy is not readable"),
    ] {
        check(
            Ways { urls: Some(&[]), policy: Some(policy), fronts: Some(&[]) },
            &[("FunctionPolicy", "resize", reach, evidence)],
        );
    }
}

#[test]
fn what_was_not_read_is_unknown() {
    check(
        Ways::default(),
        &[
            ("FunctionPolicy", "resize", Reach::Unknown, "its policy was not read"),
            ("FunctionUrl", "resize", Reach::Unknown, "its function URLs were not read"),
        ],
    );
}

#[test]
fn load_balancers_lead_to_functions() {
    let front =
        Front { balancer: "front".to_owned(), reach: Reach::Internet, evidence: "because".to_owned() };
    check(
        Ways { urls: Some(&[]), policy: Some(""), fronts: Some(&[front]) },
        &[
            ("FunctionPolicy", "resize", Reach::Internal, "its policy lets no one in from outside"),
            ("LoadBalancer", "front to resize", Reach::Internet, "because"),
        ],
    );
}

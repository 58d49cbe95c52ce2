//! Who can call a function: its URLs, its own policy, load balancers. Refuses to call a function internal
//! whose policy was not read, or which API Gateway may call: its routes are not read here.

use std::collections::BTreeMap;

use aws_sdk_lambda::types::{FunctionUrlAuthType, FunctionUrlConfig};
use domain::exposure::{Exposure, Landing, Reach};
use serde_json::Value;

use crate::aws::elb::Front;
use crate::aws::place::Place;

/// What was read of the ways to one function; `None` where it could not be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ways<'a> {
    /// Its URLs.
    pub(super) urls: Option<&'a [FunctionUrlConfig]>,
    /// Its policy as JSON text; empty where it has none.
    pub(super) policy: Option<&'a str>,
    /// Load balancers before it.
    pub(super) fronts: Option<&'a [Front]>,
}

/// The routes to a function, its own policy always among them.
pub(super) fn routes(place: &Place, name: &str, ways: Ways<'_>) -> Vec<Exposure> {
    let route = |kind: &str, route: String, (reach, evidence): (Reach, String)| Exposure {
        cluster: Some(place.product("lambda")),
        namespace: "functions".to_owned(),
        kind: kind.to_owned(),
        name: route,
        reach,
        selector: BTreeMap::from([("aws:lambda:functionName".to_owned(), name.to_owned())]),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    };
    let mut routes = vec![route("FunctionPolicy", name.to_owned(), policy(ways.policy))];
    match ways.urls {
        Some(urls) => routes.extend(urls.iter().map(|url| {
            // A URL may belong to an alias, whose name ends the ARN.
            let qualifier = url.function_arn().split(":function:").nth(1).unwrap_or(name);
            route("FunctionUrl", qualifier.to_owned(), open(url))
        })),
        None => {
            let unread = (Reach::Unknown, "its function URLs were not read".to_owned());
            routes.push(route("FunctionUrl", name.to_owned(), unread));
        }
    }
    for front in ways.fronts.unwrap_or_default() {
        let found = (front.reach, front.evidence.clone());
        routes.push(route("LoadBalancer", format!("{} to {name}", front.balancer), found));
    }
    if ways.fronts.is_none() && ways.policy.is_some_and(|policy| policy.contains("elasticloadbalancing.")) {
        let unread = (Reach::Unknown, "it is behind a load balancer that was not read".to_owned());
        routes.push(route("LoadBalancer", format!("load balancer to {name}"), unread));
    }
    routes
}

fn open(url: &FunctionUrlConfig) -> (Reach, String) {
    match url.auth_type() {
        FunctionUrlAuthType::None => (Reach::Internet, "function URL for anyone (AuthType NONE)".to_owned()),
        FunctionUrlAuthType::AwsIam => {
            (Reach::Restricted, "function URL for signed calls only (AuthType AWS_IAM)".to_owned())
        }
        other => (Reach::Unknown, format!("function URL with AuthType {}", other.as_str())),
    }
}

/// What the function's own policy says of who may call it.
fn policy(text: Option<&str>) -> (Reach, String) {
    let Some(text) = text else { return (Reach::Unknown, "its policy was not read".to_owned()) };
    let closed = || (Reach::Internal, "its policy lets no one in from outside".to_owned());
    if text.is_empty() {
        return closed();
    }
    let Ok(policy) = serde_json::from_str::<Value>(text) else {
        return (Reach::Unknown, "its policy is not readable".to_owned());
    };
    let statements = match &policy["Statement"] {
        Value::Array(statements) => statements.iter().collect(),
        Value::Null => Vec::new(),
        single => vec![single],
    };
    statements.into_iter().filter_map(statement).min_by_key(|(reach, _)| *reach).unwrap_or_else(closed)
}

fn statement(statement: &Value) -> Option<(Reach, String)> {
    if statement["Effect"].as_str() == Some("Deny") {
        return None;
    }
    let principal = &statement["Principal"];
    let services = named(&principal["Service"]);
    if services.contains(&"apigateway.amazonaws.com") {
        return Some((Reach::Unknown, "API Gateway may call it, whose routes are not read".to_owned()));
    }
    let anyone = principal.as_str() == Some("*") || named(&principal["AWS"]).contains(&"*");
    if !anyone {
        return None;
    }
    let condition = &statement["Condition"];
    // What lets a URL in is judged by the URL.
    if condition.to_string().to_ascii_lowercase().contains("lambda:functionurlauthtype")
        || condition.to_string().to_ascii_lowercase().contains("lambda:invokedviafunctionurl")
    {
        return None;
    }
    Some(if condition.as_object().is_none_or(serde_json::Map::is_empty) {
        (Reach::Internet, "its policy lets every AWS account call it".to_owned())
    } else {
        (Reach::Restricted, "its policy lets other accounts call it under a condition".to_owned())
    })
}

/// One text or a list of them.
fn named(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

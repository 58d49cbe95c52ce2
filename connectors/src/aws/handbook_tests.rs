//! The policies and the role in the handbook, parsed as those parse them who take them over. Refuses text that
//! only looks right.

use std::collections::{BTreeMap, BTreeSet};

use hcl::eval::{Context, Evaluate, FuncArgs, FuncDef, ParamType};
use hcl::structure::{Block, Body};
use serde_json::{Value, json};

use super::{PERMISSIONS, README};

/// What only the credentials that enter other accounts need.
const ENTERING: [&str; 2] = ["organizations:ListAccounts", "sts:AssumeRole"];

/// The fenced blocks of a language, each with the text before it.
fn fenced(language: &str) -> Vec<(&'static str, &'static str)> {
    let fence = format!("```{language}\n");
    let mut blocks = Vec::new();
    let mut rest = README;
    while let Some((before, after)) = rest.split_once(&fence) {
        let (block, next) = after.split_once("\n```").unwrap();
        blocks.push((before, block));
        rest = next;
    }
    blocks
}

/// The policies by the file that the text before them names.
fn policies() -> BTreeMap<&'static str, Value> {
    let named = |(before, block): (&'static str, &str)| {
        let (name, _) = before.rsplit_once("`):").unwrap();
        let (_, name) = name.rsplit_once("(`").unwrap();
        (name, serde_json::from_str(block).unwrap())
    };
    fenced("json").into_iter().map(named).collect()
}

fn actions(policy: &Value) -> BTreeSet<&str> {
    assert_eq!(policy["Version"], "2012-10-17");
    let statements = policy["Statement"].as_array().unwrap();
    assert!(statements.iter().all(|statement| statement["Effect"] == "Allow"));
    let listed = statements.iter().flat_map(|statement| statement["Action"].as_array().unwrap());
    listed.map(|action| action.as_str().unwrap()).collect()
}

#[test]
fn the_policies_allow_exactly_what_is_needed() {
    let policies = policies();
    let needed: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    let enter = actions(&policies["plimsoll-enter.json"]);
    assert_eq!(enter, BTreeSet::from(ENTERING));
    let read = actions(&policies["plimsoll-read.json"]);
    assert_eq!(read, needed.difference(&enter).copied().collect());
    assert_eq!(policies.len(), 2);
}

fn resource<'b>(body: &'b Body, kind: &str) -> &'b Block {
    let labels = |block: &Block| block.labels().first().map(|label| label.as_str().to_owned());
    let mut found = body
        .blocks()
        .filter(|block| block.identifier() == "resource" && labels(block).as_deref() == Some(kind));
    let block = found.next().unwrap();
    assert!(found.next().is_none(), "one {kind}");
    block
}

/// An attribute of a resource as Terraform works it out: a file is its name, and JSON is the value in it.
fn value(block: &Block, key: &str) -> Value {
    let mut context = Context::new();
    let given = |text: fn(FuncArgs) -> Result<hcl::Value, String>, of: ParamType| {
        FuncDef::builder().param(of).build(text)
    };
    context.declare_func("file", given(|arguments| Ok(arguments[0].clone()), ParamType::String));
    context.declare_func("jsonencode", given(|arguments| Ok(arguments[0].clone()), ParamType::Any));
    context.declare_var("path", hcl::value!({ module = "here" }));
    context.declare_var("var", hcl::value!({ reader = "the reader", external_id = "the external id" }));
    context.declare_var("aws_iam_role", hcl::value!({ plimsoll_reader = { id = "the role" } }));
    let attribute = block.body().attributes().find(|attribute| attribute.key() == key).unwrap();
    let value: hcl::Value = attribute.expr().evaluate(&context).unwrap();
    serde_json::to_value(value).unwrap()
}

#[test]
fn the_role_in_terraform_grants_the_policy_above_it_and_trusts_one_reader() {
    let snippets = fenced("hcl");
    assert_eq!(snippets.len(), 1);
    let body = hcl::parse(snippets[0].1).unwrap();
    let (role, policy) = (resource(&body, "aws_iam_role"), resource(&body, "aws_iam_role_policy"));
    assert_eq!(role.labels()[1].as_str(), "plimsoll_reader");
    assert_eq!(value(policy, "role"), "the role");
    let file = value(policy, "policy");
    let name = file.as_str().unwrap().strip_prefix("here/").unwrap();
    let granted = policies();
    let member = PERMISSIONS.iter().map(|permission| permission.action);
    let member = member.filter(|action| !ENTERING.contains(action)).collect();
    assert_eq!(actions(&granted[name]), member);
    let trust = value(role, "assume_role_policy");
    let [statement] = trust["Statement"].as_array().unwrap().as_slice() else { panic!("{trust}") };
    assert_eq!((&statement["Effect"], &statement["Action"]), (&json!("Allow"), &json!("sts:AssumeRole")));
    assert_eq!(statement["Principal"], json!({ "AWS": "the reader" }));
    let condition = json!({ "StringEquals": { "sts:ExternalId": "the external id" } });
    assert_eq!(statement["Condition"], condition);
    let variables = body.blocks().filter(|block| block.identifier() == "variable");
    let declared: BTreeSet<&str> = variables.map(|block| block.labels()[0].as_str()).collect();
    assert_eq!(declared, BTreeSet::from(["reader", "external_id"]));
}

#[test]
fn the_role_has_the_name_that_the_settings_give_it() {
    let body = hcl::parse(fenced("hcl")[0].1).unwrap();
    let name = value(resource(&body, "aws_iam_role"), "name");
    let settings: Vec<&str> = fenced("toml").into_iter().map(|(_, block)| block).collect();
    assert!(settings[0].contains(&format!("role = {name}")), "{name}");
}

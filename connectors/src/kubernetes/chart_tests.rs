//! The chart of `config/deploy/helm` as text: it grants what the plain manifests grant, its pods may do no more than
//! theirs, and every value has its rule. Refuses to need helm.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{SERVICES, config};

const MANIFESTS: &str = include_str!("../../../config/deploy/kubernetes.yaml");
const CHART: &str = include_str!("../../../config/deploy/helm/plimsoll/Chart.yaml");
const VALUES: &str = include_str!("../../../config/deploy/helm/plimsoll/values.yaml");
const SCHEMA: &str = include_str!("../../../config/deploy/helm/plimsoll/values.schema.json");
const HELPERS: &str = include_str!("../../../config/deploy/helm/plimsoll/templates/_helpers.tpl");
const COLLECT: &str = include_str!("../../../config/deploy/helm/plimsoll/templates/collect.yaml");
const ROLE: &str = include_str!("../../../config/deploy/helm/plimsoll/templates/role.yaml");
const SERVE: &str = include_str!("../../../config/deploy/helm/plimsoll/templates/serve.yaml");
const ACCOUNTS: &str = include_str!("../../../config/deploy/helm/plimsoll/templates/serviceaccount.yaml");
const OTHERS: [&str; 4] = [
    include_str!("../../../config/deploy/helm/plimsoll/templates/NOTES.txt"),
    include_str!("../../../config/deploy/helm/plimsoll/templates/claims.yaml"),
    include_str!("../../../config/deploy/helm/plimsoll/templates/networkpolicy.yaml"),
    include_str!("../../../config/deploy/helm/plimsoll/templates/settings.yaml"),
];

/// The rules of the one ClusterRole of a file.
fn rules(text: &str) -> &str {
    let role = text.split("---\n").find(|part| part.contains("kind: ClusterRole\n")).unwrap();
    role.split("rules:\n").nth(1).unwrap()
}

#[test]
fn the_role_is_that_of_the_plain_manifests() {
    assert_eq!(rules(ROLE), rules(MANIFESTS));
    assert_eq!(ROLE.matches("rules:").count(), 1, "and there is no other");
}

#[test]
fn pods_may_do_no_more_than_those_of_the_plain_manifests() {
    for pod in [COLLECT, SERVE] {
        for needed in [
            "{{- include \"plimsoll.podSecurity\" . |",
            "{{- include \"plimsoll.containerSecurity\" . |",
            "enableServiceLinks: false",
            "resources:",
            "serviceAccountName:",
        ] {
            assert!(pod.contains(needed), "{needed}");
        }
        for forbidden in ["privileged", "hostPath", "hostNetwork", "hostPID", "hostIPC", "hostPort"] {
            assert!(!pod.contains(forbidden), "{forbidden}");
        }
    }
    for needed in [
        "runAsNonRoot: true",
        "type: RuntimeDefault",
        "allowPrivilegeEscalation: false",
        "readOnlyRootFilesystem: true",
        "drop: [ALL]",
    ] {
        assert!(HELPERS.contains(needed) && MANIFESTS.contains(needed), "{needed}");
    }
    assert_eq!(ACCOUNTS.matches("automountServiceAccountToken: false").count(), 2);
    assert!(COLLECT.contains("automountServiceAccountToken: true"), "it has to ask");
    assert!(SERVE.contains("automountServiceAccountToken: {{ .Values.serve.asksCluster }}"), "where it asks");
}

#[test]
fn the_settings_file_has_fields_that_the_connector_knows() {
    let source = HELPERS.split("define \"plimsoll.source\"").nth(1).unwrap();
    let told = source.lines().filter_map(|line| line.split_once(" = ")).map(|(field, _)| field);
    let known: BTreeSet<&str> =
        config::FIELDS.iter().map(|field| field.name).chain(["name", "kind"]).collect();
    let told: BTreeSet<&str> = told.collect();
    assert!(told.len() == 5 && told.is_subset(&known), "{told:?}");
}

#[test]
fn the_chart_is_of_this_version() {
    assert!(CHART.contains(concat!("appVersion: \"", env!("CARGO_PKG_VERSION"), "\"")), "{CHART}");
}

/// Values with their texts by path, `collect.state.size`; an object in braces is one value.
fn values() -> BTreeMap<String, String> {
    let mut above: Vec<&str> = Vec::new();
    let mut found = BTreeMap::new();
    for line in VALUES.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#')) {
        let (key, value) = line.trim().split_once(':').unwrap();
        above.truncate((line.len() - line.trim_start().len()) / 2);
        above.push(key);
        if !value.is_empty() {
            found.insert(above.join("."), value.trim().to_owned());
        }
    }
    found
}

/// Rules by path, where they say no more of what is inside.
fn schema() -> BTreeMap<String, Value> {
    fn walk(path: &str, rule: &Value, found: &mut BTreeMap<String, Value>) {
        let Some(properties) = rule.get("properties").and_then(Value::as_object) else {
            found.insert(path.to_owned(), rule.clone());
            return;
        };
        assert_eq!(rule["additionalProperties"], false, "{path}");
        for (name, rule) in properties {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            walk(&path, rule, found);
        }
    }
    let mut found = BTreeMap::new();
    walk("", &serde_json::from_str(SCHEMA).unwrap(), &mut found);
    // Helm hands it to every chart within another.
    assert!(found.remove("global").is_some());
    found
}

fn fits(value: &str, rule: &Value) -> bool {
    match rule["type"].as_str() {
        Some("boolean") => value == "true" || value == "false",
        Some("integer") => value.parse::<u64>().is_ok(),
        Some("array") => value.starts_with('['),
        Some("object") => value.starts_with('{'),
        _ => value.parse::<f64>().is_err() && !["true", "false", "null"].contains(&value),
    }
}

#[test]
fn every_value_has_a_rule_and_every_rule_a_value() {
    let (values, schema) = (values(), schema());
    let names = |keys: Vec<&String>| keys.into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(names(values.keys().collect()), names(schema.keys().collect()));
    for (path, value) in &values {
        assert!(fits(value, &schema[path]), "{path}: {value} is not {}", schema[path]);
    }
    let services: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    assert_eq!(schema["collect.leaveOut"]["items"]["enum"], serde_json::json!(services));
}

#[test]
fn templates_use_every_value_and_no_other() {
    let text = [&[HELPERS, COLLECT, ROLE, SERVE, ACCOUNTS][..], &OTHERS[..]].concat().concat();
    let inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
    let used: BTreeSet<&str> = text
        .split(".Values.")
        .skip(1)
        .map(|rest| rest.split(|letter: char| !inside(letter)).next().unwrap_or_default())
        .collect();
    let known = values();
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    for path in &used {
        assert!(known.keys().any(|value| within(value, path)), "no value is called {path}");
    }
    for path in known.keys() {
        assert!(used.iter().any(|used| within(path, used)), "no template uses {path}");
    }
}

//! From Harbor's words to ours. Refuses the network.

use domain::observation::Observation;
use domain::registry::Repository;
use domain::source::validate;
use serde_json::{Value, json};

use super::artifacts::moment_of;
use super::projects::Known;
use super::scans::Told;
use super::wire::{Artifact, Project, Retention, Rule};
use super::{DESCRIPTOR, project, retention};
use crate::oci::Named;

fn api() -> Named {
    Named { registry: "harbor.example.com".to_owned(), name: "shop/team/api".to_owned() }
}

fn read<T: serde::de::DeserializeOwned>(told: Value) -> T {
    serde_json::from_value(told).unwrap()
}

/// A rule for these tags, of these repositories.
fn rule(tags: (&str, &str), repositories: (&str, &str)) -> Value {
    json!({
        "disabled": false, "template": "latestPushedK", "params": {"latestPushedK": 10},
        "tag_selectors": [{"kind": "doublestar", "decoration": tags.0, "pattern": tags.1}],
        "scope_selectors": {"repository": [{"kind": "doublestar", "decoration": repositories.0, "pattern": repositories.1}]},
    })
}

fn observed(told: Value, immutable: Option<Vec<Value>>, quota: Option<i64>) -> Repository {
    let immutable = immutable.map(|rules| rules.into_iter().map(read::<Rule>).collect());
    let known = Known { told: read::<Project>(told), immutable, retention: None, quota };
    known.repository(&api(), "2026-10-01T00:00:00.000Z")
}

/// Settings as `word: value`.
fn settings(repository: &Repository) -> Vec<String> {
    repository.settings.iter().map(|one| format!("{}: {}", one.key, one.value)).collect()
}

#[test]
fn a_repository_has_the_settings_of_its_project() {
    let told = json!({
        "name": "shop", "registry_id": 3,
        "metadata": {
            "public": "false", "auto_scan": "true", "auto_sbom_generation": "false", "enable_content_trust": "false",
            "enable_content_trust_cosign": "true", "prevent_vul": "true", "severity": "high",
            "reuse_sys_cve_allowlist": "false",
        },
        "cve_allowlist": {"items": [{"cve_id": "CVE-2011-3374"}]},
    });
    let found = observed(told, Some(vec![rule(("matches", "1.*"), ("repoMatches", "**"))]), Some(10 << 30));
    assert_eq!(
        (found.public, found.scan_on_push, found.tags_immutable),
        (Some(false), Some(true), Some(false))
    );
    assert_eq!(found.scanning.as_deref(), Some("auto_scan: true, auto_sbom_generation: false"));
    assert!(found.created_at.is_some());
    assert_eq!(
        settings(&found),
        [
            "repository-kind: proxy cache",
            "content-trust: cosign",
            "prevent-vulnerable: high and above",
            "cve-allowlist: its own, 1 entries",
            "immutable-tags: 1.*",
            "quota: 10240 MiB",
        ]
    );
}

#[test]
fn what_was_not_told_is_not_off() {
    for told in [json!({}), json!({"metadata": null, "cve_allowlist": null, "registry_id": null})] {
        let found = observed(told, None, None);
        assert_eq!((found.public, found.scan_on_push, found.tags_immutable), (None, None, None));
        assert_eq!((found.scanning.clone(), found.cleanup.clone(), settings(&found).len()), (None, None, 0));
    }
    let off = json!({"metadata": {"prevent_vul": "false", "enable_content_trust": "false", "reuse_sys_cve_allowlist": "true"}});
    assert_eq!(
        settings(&observed(off, None, Some(-1))),
        [
            "content-trust: off",
            "prevent-vulnerable: off",
            "cve-allowlist: that of the registry",
            "quota: unlimited"
        ]
    );
}

#[test]
fn tags_are_immutable_where_a_rule_holds_for_all_of_them() {
    let immutable = |rules: Vec<Value>| observed(json!({}), Some(rules), None).tags_immutable;
    let every = ("matches", "**");
    assert_eq!(immutable(vec![]), Some(false));
    assert_eq!(immutable(vec![rule(every, ("repoMatches", "**"))]), Some(true));
    assert_eq!(immutable(vec![rule(every, ("repoMatches", "{web,team/*}"))]), Some(true));
    assert_eq!(immutable(vec![rule(every, ("repoMatches", "web"))]), Some(false));
    assert_eq!(immutable(vec![rule(every, ("repoExcludes", "web"))]), Some(true));
    assert_eq!(immutable(vec![rule(("excludes", "dev-*"), ("repoMatches", "**"))]), Some(false));
    let mut disabled = rule(every, ("repoMatches", "**"));
    disabled["disabled"] = json!(true);
    assert_eq!(immutable(vec![disabled]), Some(false));
}

#[test]
fn a_retention_that_runs_by_itself_removes_all_but_what_its_rules_keep() {
    let cleanup = |cron: &str, rules: Vec<Value>| {
        let policy: Retention =
            read(json!({"rules": rules, "trigger": {"kind": "Schedule", "settings": {"cron": cron}}}));
        retention::cleanup(&policy, "team/api")
    };
    let pushed = rule(("matches", "**"), ("repoMatches", "**"));
    let mut pulled = rule(("excludes", "dev-*"), ("repoMatches", "team/*"));
    pulled["template"] = json!("nDaysSinceLastPull");
    pulled["params"] = json!({"nDaysSinceLastPull": 7});
    assert_eq!(
        cleanup("0 0 0 * * *", vec![pushed.clone(), pulled]),
        [
            "deletes all but the 10 most recently pushed artifacts with tags ** and artifacts pulled within the last 7 days with tags all but dev-*"
        ]
    );
    assert_eq!(cleanup("", vec![pushed]), [""; 0], "somebody has to start it");
    assert_eq!(cleanup("0 0 0 * * *", vec![rule(("matches", "**"), ("repoMatches", "web"))]), [""; 0]);
    assert_eq!(retention::cleanup(&read(json!({"rules": null, "trigger": null})), "team/api"), [""; 0]);
}

fn told(artifact: Value) -> Told {
    Told::new(&api(), format!("sha256:{}", "a".repeat(64)).parse().unwrap(), read::<Artifact>(artifact))
}

fn overview(status: &str) -> Value {
    let overview = json!({"report_id": "7", "scan_status": status, "end_time": "2026-10-02T06:00:00.000Z"});
    json!({"application/vnd.security.vulnerability.report; version=1.1": overview})
}

#[test]
fn an_image_without_a_report_has_harbors_word() {
    let link = json!({"vulnerabilities": {"absolute": false, "href": "/api"}});
    for (artifact, word, will_be) in [
        (json!({"scan_overview": overview("Pending")}), "Pending", true),
        (json!({"scan_overview": overview("Error")}), "Error", false),
        (json!({"addition_links": link}), "Not Scanned", false),
        (json!({"addition_links": {}, "scan_overview": null}), "Unsupported", false),
    ] {
        let told = told(artifact);
        assert!(!told.is_scanned());
        let Observation::Coverage(coverage) = told.unscanned() else { panic!("{word}") };
        assert_eq!((coverage.reason.as_str(), coverage.watched), (word, Some(will_be)));
        assert_eq!(coverage.image.references[0].name(), "harbor.example.com/shop/team/api");
    }
}

#[test]
fn a_report_speaks_for_the_end_of_its_scan() {
    let scanned =
        told(json!({"push_time": "2026-10-01T00:00:00.000Z", "scan_overview": overview("Success")}));
    assert!(scanned.is_scanned());
    assert!(scanned.word().unwrap().ends_with(":7:2026-10-02T06:00:00.000Z"));
    let from = scanned.provenance();
    assert_eq!(from.name, "Harbor scan of shop/team/api@aaaaaaaaaaaa");
    assert_eq!(from.as_of.to_rfc3339(), "2026-10-02T06:00:00+00:00");
    let unnamed = told(json!({"push_time": "2026-10-01T00:00:00.000Z"}));
    assert_eq!(unnamed.word(), None);
    assert_eq!(unnamed.provenance().as_of.to_rfc3339(), "2026-10-01T00:00:00+00:00");
}

#[test]
fn never_is_no_moment() {
    assert_eq!(moment_of("0001-01-01T00:00:00.000Z"), None);
    assert!(moment_of("2026-10-01T00:00:00.123Z").is_some());
}

#[test]
fn projects_and_settings_are_checked() {
    for right in ["shop", "my-shop_2.0", "1"] {
        assert_eq!(project(right), Ok(()), "{right}");
    }
    for odd in ["", "Shop", "a/b", "..", "a b", "*"] {
        assert!(project(odd).is_err(), "{odd}");
    }
    let values = |settings: &[(&str, &str)]| {
        settings.iter().map(|(name, told)| ((*name).to_owned(), vec![(*told).to_owned()])).collect()
    };
    let fields = DESCRIPTOR.about.fields;
    assert!(
        validate(fields, &values(&[("registry", "https://harbor.example.com"), ("leave_out", "scans")]))
            .is_ok()
    );
    assert!(validate(fields, &values(&[("leave_out", "scan")])).is_err());
    assert!((DESCRIPTOR.build)(&values(&[("registry", "harbor.example.com"), ("user", "robot$x")])).is_err());
}

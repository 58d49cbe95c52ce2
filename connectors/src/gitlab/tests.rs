//! From GitLab's answers to shelves, pages and words. Refuses the network.

use domain::source::Values;
use domain::source::validate;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::client::{Api, following};
use super::repositories::{cleanup, described};
use super::wire::{Expiration, Project, Repository};
use super::{DESCRIPTOR, scans};
use crate::http::Answer;

fn told(settings: &[(&str, &[&str])]) -> Values {
    let lines = |told: &[&str]| told.iter().map(|one| (*one).to_owned()).collect();
    settings.iter().map(|(name, values)| ((*name).to_owned(), lines(values))).collect()
}

fn answer(headers: &[(&'static str, &str)]) -> Answer {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect();
    Answer { status: 200, headers, body: Vec::new() }
}

fn policy(policy: Value) -> Option<Vec<String>> {
    let read: Expiration = serde_json::from_value(policy).unwrap();
    cleanup(&read)
}

#[test]
fn names_are_one_part_of_an_address() {
    let address = |endpoint: &str| {
        let api = Api::new(endpoint.parse().unwrap(), None);
        api.address(&["projects", "team/my shop", "jobs"], &[("job", "a&b")]).to_string()
    };
    let rest = "api/v4/projects/team%2Fmy%20shop/jobs?job=a%26b";
    assert_eq!(address("https://gitlab.com"), format!("https://gitlab.com/{rest}"));
    assert_eq!(address("https://example.com/gitlab/"), format!("https://example.com/gitlab/{rest}"));
}

#[test]
fn the_next_page_is_a_number_or_a_link_to_the_same_host() {
    let address = "https://gitlab.com/api/v4/projects?per_page=100&page=2".parse().unwrap();
    let next = |headers: &[(&'static str, &str)]| {
        following(&address, &answer(headers)).map(|next| next.map(|next| next.to_string()))
    };
    let link = r#"<https://gitlab.com/api/v4/projects?id_after=7>; rel="next""#;
    assert_eq!(
        next(&[("x-next-page", "3"), ("link", link)]).unwrap().as_deref(),
        Some("https://gitlab.com/api/v4/projects?per_page=100&page=3")
    );
    assert_eq!(next(&[("x-next-page", ""), ("link", link)]), Ok(None));
    assert_eq!(
        next(&[("link", link)]).unwrap().as_deref(),
        Some("https://gitlab.com/api/v4/projects?id_after=7")
    );
    assert_eq!(next(&[]), Ok(None));
    let elsewhere = next(&[("link", r#"<https://evil.com/api>; rel="next""#)]).unwrap_err();
    assert!(elsewhere.contains("evil.com, which gets no key"), "{elsewhere}");
}

#[test]
fn cleanup_is_told_in_words() {
    let whole = json!({
        "cadence": "7d", "enabled": true, "keep_n": 10, "older_than": "90d", "name_regex": ".*",
        "name_regex_delete": "dev-.*", "name_regex_keep": "v.+", "next_run_at": "2026-10-08T00:00:00Z",
    });
    assert_eq!(
        policy(whole).unwrap(),
        ["deletes tags like `dev-.*` older than 90d, but for the newest 10 and those like `v.+`, every 7d"]
    );
    assert_eq!(
        policy(json!({"enabled": true, "cadence": null, "name_regex": ".*", "keep_n": null})).unwrap(),
        ["deletes tags like `.*`"]
    );
    assert_eq!(policy(json!({"enabled": false, "keep_n": 10})), Some(Vec::new()), "nothing is deleted");
    assert_eq!(policy(json!({"keep_n": 10})), None, "whether it is on was not told");
}

#[test]
fn a_repository_is_described_by_its_project() {
    let repository: Repository = serde_json::from_value(json!({
        "id": 7, "name": "", "path": "team/shop", "project_id": 9, "created_at": "2026-10-01T08:00:00.000Z",
        "cleanup_policy_started_at": null,
    }))
    .unwrap();
    let of = |project: Value| {
        let project: Project = serde_json::from_value(project).unwrap();
        described(&repository, Some(&project))
    };
    let open = of(json!({
        "id": 9, "path_with_namespace": "team/shop", "visibility": "public",
        "container_registry_access_level": "enabled", "container_expiration_policy": {"enabled": false},
    }));
    assert_eq!((open.public, open.cleanup.as_deref()), (Some(true), Some([].as_slice())));
    assert_eq!(open.created_at.unwrap().to_rfc3339(), "2026-10-01T08:00:00+00:00");
    let words: Vec<(&str, &str)> =
        open.settings.iter().map(|one| (one.key.as_str(), one.value.as_str())).collect();
    assert_eq!(words, [("visibility", "public"), ("registry-access", "enabled")]);
    let public = |visibility: Value, access: Value| {
        of(json!({"visibility": visibility, "container_registry_access_level": access})).public
    };
    assert_eq!(public(json!("public"), json!("private")), Some(false), "for members only");
    assert_eq!(public(json!("internal"), json!("enabled")), Some(false), "for users only");
    assert_eq!(public(json!("public"), Value::Null), None);
    assert_eq!(public(Value::Null, json!("enabled")), None);
    let bare = described(&repository, None);
    assert_eq!((bare.public, bare.cleanup, bare.settings.len()), (None, None, 0));
}

#[test]
fn a_report_names_its_images_itself() {
    let from = scans::provenance("team/shop");
    assert_eq!((from.name.as_str(), from.source.as_str()), ("Container scanning of team/shop", "gitlab"));
    assert_eq!(from.image, None);
}

#[test]
fn the_token_of_ones_own_gitlab_goes_to_both_of_its_addresses() {
    let wrong = |settings: &[(&str, &[&str])]| {
        let problems = (DESCRIPTOR.build)(&told(settings)).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        wrong(&[("endpoint", &["https://git.example.com"])]),
        ["`registry`: is needed with `endpoint`"]
    );
    assert_eq!(wrong(&[("registry", &["registry.example.com"])]), ["`endpoint`: is needed with `registry`"]);
    assert_eq!(wrong(&[("user", &["plimsoll"])]), ["`password`: is needed with a user"]);
    assert!(wrong(&[]).is_empty());
}

#[test]
fn settings_are_checked() {
    let problems = |settings: &[(&str, &[&str])]| validate(DESCRIPTOR.about.fields, &told(settings)).is_err();
    assert!(!problems(&[("groups", &["team", "Team/sub"]), ("leave_out", &["scans"])]));
    assert!(problems(&[("groups", &["https://gitlab.com/team"])]));
    assert!(problems(&[("leave_out", &["jobs"])]));
}

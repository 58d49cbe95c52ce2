//! From Docker Hub's answers to repositories, tags and refusals. Refuses the network.

use std::time::Duration;

use domain::digest::Digest;
use domain::source::{Completeness, Scope, Values};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::wire::{Page, Repository, Tag};
use super::{DESCRIPTOR, build, namespace, repositories, tags};
use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::{Answer, Meant};
use crate::oci::config::Wanted;
use crate::oci::{Root, Told};

fn told(settings: &[(&str, &[&str])]) -> Values {
    let lines = |told: &[&str]| told.iter().map(|one| (*one).to_owned()).collect();
    settings.iter().map(|(name, values)| ((*name).to_owned(), lines(values))).collect()
}

fn digest(letter: char) -> Digest {
    format!("sha256:{}", letter.to_string().repeat(64)).parse().unwrap()
}

fn rows(rows: Value) -> Vec<Repository> {
    serde_json::from_value::<Page<Repository>>(json!({"results": rows})).unwrap().results.unwrap()
}

fn read(rows: Value) -> (Vec<(Digest, Root)>, Vec<String>) {
    tags::read(serde_json::from_value::<Vec<Tag>>(rows).unwrap())
}

#[test]
fn a_repository_is_what_is_told_of_it() {
    let rows = rows(json!([
        {"name": "web", "is_private": true, "date_registered": "2026-10-01T00:00:00.000000Z",
         "last_updated": "2026-11-02T03:04:05.678901Z", "star_count": 3, "pull_count": 9},
        {"name": "api", "is_private": false, "last_updated": null, "date_registered": null},
        {"name": "api", "is_private": false},
        {"name": "odd", "is_private": null},
        {"name": "Not A Name"}, {"name": null}, {},
    ]));
    let (shelves, missing) = repositories::shelves(Some(rows), "shop", &Wanted::default(), false);
    assert_eq!(missing.completeness(), Completeness::Complete);
    let seen: Vec<_> = shelves.iter().map(|one| (one.named.name.as_str(), one.repository.public)).collect();
    assert_eq!(seen, [("shop/api", Some(true)), ("shop/odd", None), ("shop/web", Some(false))]);
    let web = &shelves[2].repository;
    assert_eq!((web.registry.as_str(), web.created_at.is_some()), ("docker.io", true));
    let settings: Vec<_> = web.settings.iter().map(|one| (one.key.as_str(), one.value.as_str())).collect();
    assert_eq!(settings, [("last-updated", "2026-11-02")]);
    assert!(shelves[0].repository.settings.is_empty() && shelves[0].repository.created_at.is_none());
}

#[test]
fn what_is_named_and_not_shown_is_said() {
    let reason = |rows, wanted: &[&str], own| {
        let wanted = Wanted::read(&told(&[("repositories", wanted)]));
        match repositories::shelves(rows, "shop", &wanted, own).1.completeness() {
            Completeness::Partial(reason) => reason,
            Completeness::Complete => String::new(),
        }
    };
    assert!(reason(None, &[], false).contains("shows no namespace `shop` to this account"));
    assert_eq!(reason(None, &[], true), "");
    let some = || Some(rows(json!([{"name": "web"}])));
    assert_eq!(reason(some(), &["shop/web", "shop/a*", "team/api"], false), "");
    assert!(reason(some(), &["shop/web", "shop/api"], false).contains("no repository `shop/api`"));
}

#[test]
fn a_tag_leads_to_its_manifest_and_those_of_its_platforms() {
    let image = |letter: char, os: &str| {
        json!({"digest": digest(letter), "os": os, "architecture": "amd64", "variant": "", "size": 7,
               "last_pushed": "2026-10-01T00:00:00Z", "last_pulled": null})
    };
    let (mut seen, untold) = read(json!([
        {"name": "1.0", "digest": digest('e'), "media_type": "application/vnd.oci.image.index.v1+json",
         "content_type": "image", "tag_last_pushed": "2026-10-02T00:00:00Z", "tag_last_pulled": "2026-10-03T00:00:00Z",
         "images": [image('a', "linux"), image('b', "windows"), image('c', "unknown")]},
        {"name": "old", "images": [image('d', "linux")]},
        {"name": format!("sha256-{}.sig", "a".repeat(64)), "digest": digest('f')},
        {"name": "not/a tag", "digest": digest('f')},
        {},
    ]));
    seen.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert_eq!(untold, ["old"], "what it leads to is asked in the registry");
    let digests: Vec<&Digest> = seen.iter().map(|(digest, _)| digest).collect();
    assert_eq!(digests, [&digest('a'), &digest('b'), &digest('e')], "what runs nowhere is no image");
    let (member, index) = (&seen[0].1, &seen[2].1);
    assert_eq!((member.tags.len(), index.tags.as_slice()), (0, &["1.0".to_owned()][..]));
    assert!(member.pushed_at.is_some() && member.pulled_at.is_none() && index.pulled_at.is_some());
    assert!(matches!(&member.told, Some(Told::Image { platform: Some(_), size: Some(7) })));
    assert_eq!(index.told, Some(Told::Index(vec![digest('a'), digest('b')])));
}

#[test]
fn the_type_of_a_configuration_is_not_that_of_its_manifest() {
    let typed = |media: &str, content: &str| {
        let image = json!({"digest": digest('a'), "os": "linux", "architecture": "arm", "variant": "v7"});
        let row = json!({"name": "1", "digest": digest('a'), "media_type": media, "content_type": content, "images": [image]});
        let (seen, _) = read(json!([row]));
        assert_eq!(seen.len(), 1);
        (seen[0].1.media_type.clone(), seen[0].1.told.is_some())
    };
    assert_eq!(typed("application/vnd.docker.container.image.v1+json", "image"), (String::new(), true));
    assert_eq!(typed("application/vnd.cncf.helm.config.v1+json", "helm"), (String::new(), false));
    for kept in [
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
        "application/vnd.oci.image.manifest.v1+json",
    ] {
        assert_eq!(typed(kept, "image"), (kept.to_owned(), true));
    }
}

#[test]
fn a_page_without_rows_is_none() {
    let page = |text: Value| serde_json::from_value::<Page<Tag>>(text).unwrap();
    assert!(page(json!({"message": "welcome"})).results.is_none());
    assert!(page(json!({"results": null})).results.is_none());
    assert!(page(json!({"results": [], "next": null, "count": 0})).results.is_some());
}

#[test]
fn a_limit_of_calls_passes_and_a_denial_says_what_to_give() {
    let judged = |status: u16, headers: &[(&'static str, String)], body: &str| {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        let answer = Answer { status, headers, body: body.as_bytes().to_vec() };
        let scope = Scope {
            account: "docker.io".to_owned(),
            region: "shop".to_owned(),
            service: "images".to_owned(),
        };
        Refusal::of(&answer).judge(Circumstances {
            action: "repo:read",
            scope: &scope,
            grantee: "`plimsoll`",
        })
    };
    let limit = r#"{"detail": "Rate limit exceeded", "error": false}"#;
    let at = (chrono::Utc::now().timestamp() + 30).to_string();
    let (failure, again) = judged(429, &[("x-retry-after", at)], limit);
    let Again::Slower(Some(wait)) = again else { panic!("{again:?} {failure}") };
    assert!(wait > Duration::from_secs(20) && wait <= Duration::from_secs(30), "{wait:?}");
    let (_, again) = judged(429, &[("retry-after", "7".to_owned())], limit);
    assert_eq!(again, Again::Slower(Some(Duration::from_secs(7))));
    let (failure, again) = judged(403, &[], r#"{"message": "access to the resource is forbidden"}"#);
    assert!(matches!(failure, Failure::Denied { .. }) && again == Again::Never);
    assert!(failure.to_string().contains("give `plimsoll` a token with the scope `repo:read`"), "{failure}");
    let (failure, _) = judged(403, &[], "<html>Forbidden by the proxy</html>");
    assert!(failure.to_string().contains("is a proxy or a sign-in page in between?"), "{failure}");
}

#[test]
fn somebody_or_something_has_to_be_named() {
    let problems = |settings: &[(&str, &[&str])]| match build(&told(settings)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.into_iter().map(|problem| problem.field).collect(),
    };
    assert_eq!(problems(&[]), ["namespaces"]);
    assert_eq!(problems(&[("repositories", &["lib*"])]), ["namespaces"]);
    for right in [("namespaces", "library"), ("repositories", "library/debian")] {
        assert!(problems(&[(right.0, &[right.1])]).is_empty(), "{right:?}");
    }
    assert_eq!(problems(&[("user", &["u"])]), ["password"]);
    assert!(problems(&[("user", &["u"]), ("password", &["p"])]).is_empty());
    assert!(namespace("acme").is_ok() && namespace("Acme").is_err() && namespace("a/b").is_err());
    assert_eq!(DESCRIPTOR.about.kind, "docker-hub");
}

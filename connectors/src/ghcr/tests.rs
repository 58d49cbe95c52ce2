//! From GitHub's answers to repositories, manifests and refusals. Refuses the network.

use std::time::Duration;

use domain::digest::Digest;
use domain::source::{Completeness, Scope, Values};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::wire::{Package, Version};
use super::{DESCRIPTOR, ORGANISATIONS, READS, build, owner, packages, versions};
use crate::Failure;
use crate::caller::{Again, Circumstances, Refused};
use crate::http::{Answer, Meant};
use crate::oci::config::Wanted;
use crate::oci::{Root, Roots};

fn told(settings: &[(&str, &[&str])]) -> Values {
    let lines = |told: &[&str]| told.iter().map(|one| (*one).to_owned()).collect();
    settings.iter().map(|(name, values)| ((*name).to_owned(), lines(values))).collect()
}

fn digest(letter: char) -> Digest {
    format!("sha256:{}", letter.to_string().repeat(64)).parse().unwrap()
}

fn rows(rows: Value) -> Vec<Package> {
    serde_json::from_value(rows).unwrap()
}

fn judged(action: &str, status: u16, headers: &[(&'static str, &str)], body: &str) -> (Failure, Again) {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect();
    let answer = Answer { status, headers, body: body.as_bytes().to_vec() };
    let scope =
        Scope { account: "ghcr.io".to_owned(), region: "acme".to_owned(), service: "images".to_owned() };
    Refusal::of(&answer).judge(Circumstances { action, scope: &scope, grantee: "`plimsoll`" })
}

#[test]
fn a_package_is_what_is_told_of_it() {
    let rows = rows(json!([
        {"name": "shop/Web", "visibility": "private", "created_at": "2026-10-01T00:00:00Z", "version_count": 4,
         "repository": {"full_name": "Acme/shop", "private": true}},
        {"name": "inner", "visibility": "internal", "repository": null},
        {"name": "open", "visibility": "public"}, {"name": "open", "visibility": "public"},
        {"name": "unsaid", "visibility": null, "created_at": null},
        {"name": "Not A Name"}, {},
    ]));
    let (shelves, missing) = packages::shelves(Some(rows), ("ghcr.io", "Acme"), &Wanted::default(), false);
    assert_eq!(missing.completeness(), Completeness::Complete);
    let seen: Vec<_> = shelves.iter().map(|one| (one.named.name.as_str(), one.repository.public)).collect();
    let wanted = [
        ("acme/inner", Some(false)),
        ("acme/open", Some(true)),
        ("acme/shop/web", Some(false)),
        ("acme/unsaid", None),
    ];
    assert_eq!(seen, wanted);
    let settings = |at: usize| {
        let settings = &shelves[at].repository.settings;
        settings.iter().map(|one| (one.key.as_str(), one.value.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(settings(0), [("visibility", "internal")]);
    assert_eq!(settings(2), [("source-repository", "Acme/shop")]);
    assert!(settings(1).is_empty() && settings(3).is_empty());
    assert!(shelves[2].repository.created_at.is_some() && shelves[3].repository.created_at.is_none());
}

#[test]
fn what_is_named_and_not_shown_is_said() {
    let reason = |rows, wanted: &[&str], own| {
        let wanted = Wanted::read(&told(&[("repositories", wanted)]));
        match packages::shelves(rows, ("ghcr.io", "Acme"), &wanted, own).1.completeness() {
            Completeness::Partial(reason) => reason,
            Completeness::Complete => String::new(),
        }
    };
    assert!(reason(None, &[], false).contains("no organisation or user `Acme`"));
    assert_eq!(reason(None, &[], true), "");
    let some = || Some(rows(json!([{"name": "web"}])));
    assert_eq!(reason(some(), &["acme/web", "acme/a*", "team/api"], false), "");
    assert!(reason(some(), &["acme/web", "acme/api"], false).contains("no package `acme/api`"));
}

#[test]
fn versions_are_manifests_with_or_without_tags() {
    let signature = format!("sha256-{}.sig", "a".repeat(64));
    let version = |letter: char, tags: Value| {
        json!({"name": digest(letter), "created_at": "2026-10-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z",
               "metadata": {"container": {"tags": tags}}})
    };
    let rows: Vec<Version> = serde_json::from_value(json!([
        version('a', json!(["latest", "1.0"])), version('a', json!(["latest", "1.0"])), version('b', json!([])),
        version('c', Value::Null), version('d', json!([signature])), version('e', json!([signature, "kept", "not a tag"])),
        {"name": digest('f'), "metadata": null}, {"name": "1.0"}, {},
    ]))
    .unwrap();
    let mut wanted = Roots::default();
    let pushed_at = crate::reading::moment("2026-10-01T00:00:00Z");
    let words = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    for (letter, tags) in [('a', &["1.0", "latest"][..]), ('b', &[]), ('c', &[]), ('e', &["kept"])] {
        wanted.add(digest(letter), Root { tags: words(tags), pushed_at, ..Root::default() });
    }
    wanted.add(digest('f'), Root::default());
    assert_eq!(format!("{:?}", versions::roots(rows)), format!("{wanted:?}"));
}

#[test]
fn a_limit_is_no_denial() {
    let exceeded = r#"{"message": "API rate limit exceeded for user ID 1."}"#;
    let reset = (chrono::Utc::now().timestamp() + 90).to_string();
    for status in [403, 429] {
        let headers = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset.as_str())];
        let (failure, again) = judged(READS, status, &headers, exceeded);
        let Again::Slower(Some(wait)) = again else { panic!("{again:?} {failure}") };
        assert!(wait > Duration::from_secs(80) && wait <= Duration::from_secs(90), "{wait:?}");
        assert!(matches!(failure, Failure::Throttled { .. }), "{failure}");
    }
    let second = r#"{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}"#;
    let headers =
        [("x-ratelimit-remaining", "4000"), ("x-ratelimit-reset", reset.as_str()), ("retry-after", "5")];
    let (_, again) = judged(READS, 403, &headers, second);
    assert_eq!(again, Again::Slower(Some(Duration::from_secs(5))));
    let (_, again) = judged(READS, 403, &headers[..2], second);
    assert_eq!(again, Again::Slower(Some(Duration::from_secs(60))), "what its reference says");
}

#[test]
fn a_denial_says_what_to_do() {
    let said = |action: &str, status: u16, headers: &[(&'static str, &str)], message: &str| {
        let (failure, again) = judged(action, status, headers, &json!({ "message": message }).to_string());
        assert_eq!(again, Again::Never, "{failure}");
        failure.to_string()
    };
    let scope = "You need at least read:packages scope to list packages.";
    assert!(
        said(READS, 403, &[("x-ratelimit-remaining", "4999")], scope)
            .contains("the scope `read:packages` and let")
    );
    assert!(said(ORGANISATIONS, 403, &[], "Forbidden").contains("or name `organisations` in the settings"));
    let sso = [("x-github-sso", "required; url=https://github.com/orgs/acme/sso?authorization_request=A")];
    let told = said(READS, 403, &sso, "Resource protected by organization SAML enforcement.");
    assert!(told.contains("single sign-on") && !told.contains("authorization_request"), "{told}");
    let classic = "`acme` forbids access via a personal access token (classic).";
    assert!(said(READS, 403, &[], classic).contains("the organisation forbids classic tokens"));
    assert!(
        said(READS, 403, &[], "Resource not accessible by personal access token")
            .contains("a classic personal")
    );
    assert!(said(READS, 400, &[], "Invalid argument.").contains("a classic personal access token"));
    assert!(said(READS, 400, &[], "Problems parsing JSON").contains("failed in"));
    let told = said(READS, 401, &[], "Bad credentials");
    assert!(told.contains("GitHub does not know the token of `plimsoll`"), "{told}");
    let (failure, _) = judged(READS, 403, &[], "<html>Forbidden by the proxy</html>");
    assert!(failure.to_string().contains("is a proxy or a sign-in page in between?"), "{failure}");
}

#[test]
fn owners_are_written_as_github_writes_them() {
    for right in ["acme", "Acme-Corp", "octo_acme", "a1"] {
        assert_eq!(owner(right), Ok(()), "{right}");
    }
    for odd in ["", "a/b", "a b", "a.b", "../x"] {
        assert!(owner(odd).is_err(), "{odd}");
    }
    assert!(build(&told(&[("user", &["u"]), ("password", &["p"])])).is_ok());
    assert_eq!(DESCRIPTOR.about.kind, "ghcr");
}

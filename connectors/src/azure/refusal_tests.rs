//! Failures in words. Refuses the network.

use std::time::Duration;

use domain::source::Scope;
use reqwest::header::{HeaderMap, HeaderValue};

use super::{Again, Answer, Circumstances, Lost, Meant, Refusal, Refused};

const ACTION: &str = "Microsoft.ContainerRegistry/registries/read";

#[track_caller]
fn judged(refusal: &Refusal, words: &str, again: Again) {
    let scope = Scope { account: "0001".to_owned(), region: String::new(), service: "acr".to_owned() };
    let at = Circumstances { action: ACTION, scope: &scope, grantee: "application bbbb" };
    let (failure, told) = refusal.judge(at);
    assert_eq!((failure.to_string().as_str(), told), (words, again));
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }
}

#[track_caller]
fn check(status: u16, body: &str, words: &str, again: Again) {
    judged(&Refusal::of(&answer(status, body)), words, again);
}

const DENIED: &str = "`Microsoft.ContainerRegistry/registries/read` was denied in 0001 / acr: ";

#[test]
fn a_denial_names_action_and_scope() {
    let body = r#"{"error": {"code": "AuthorizationFailed", "message": "The client 'bbbb' with object id 'cccc' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/read' over scope '/subscriptions/0001' or the scope is invalid."}}"#;
    let remedy = "give application bbbb a role with `Microsoft.ContainerRegistry/registries/read` over \
                  `/subscriptions/0001` or above it";
    check(403, body, &format!("{DENIED}{remedy}"), Again::Never);
}

#[test]
fn a_registry_behind_its_firewall_is_told_from_a_missing_role() {
    let body = r#"{"errors": [{"code": "DENIED", "message": "client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#;
    let remedy = "the registry lets 203.0.113.9 not in; allow that address in its firewall, run where its private \
                  endpoint is, or name it in `leave_out_registries`";
    check(403, body, &format!("{DENIED}{remedy}"), Again::Never);
    let body = r#"{"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}"#;
    let remedy = "give application bbbb a role with `Microsoft.ContainerRegistry/registries/read` on the registry or \
                  above it";
    check(401, body, &format!("{DENIED}{remedy}"), Again::Never);
}

#[test]
fn throttling_is_known_by_status_or_code_and_says_how_long() {
    let words =
        format!("`{ACTION}` was throttled in 0001 / acr until the deadline: the next run goes on from here");
    check(429, "", &words, Again::Slower(None));
    let inner = r#"{"error": {"code": "BadRequest", "message": "…", "details": [{"code": "RateLimiting", "message": "…"}]}}"#;
    check(400, inner, &words, Again::Slower(None));
    for (name, value, wait) in
        [("retry-after", "3", Duration::from_secs(3)), ("retry-after-ms", "250", Duration::from_millis(250))]
    {
        let mut late = answer(429, "{}");
        late.headers.insert(name, HeaderValue::from_static(value));
        judged(&Refusal::of(&late), &words, Again::Slower(Some(wait)));
    }
}

#[test]
fn the_directory_says_what_is_wrong_with_credentials() {
    for (number, remedy) in [
        ("7000215", "AZURE_CLIENT_SECRET is wrong; it is the value of a secret, not its id"),
        ("90002", "no such tenant in this cloud; check `tenant` and `cloud`"),
    ] {
        let body = format!(r#"{{"error": "invalid_client", "error_description": "AADSTS{number}: No."}}"#);
        let words = format!("no credentials that 0001 / acr accepts: Azure said AADSTS{number}; {remedy}");
        check(401, &body, &words, Again::Never);
    }
}

#[test]
fn a_page_for_people_is_no_answer() {
    let words = format!(
        "`{ACTION}` in 0001 / acr answered something unreadable: status 502 with a web page, `<html> <p>Sign in`; is \
         a proxy or a sign-in page in between?"
    );
    check(502, "<html>\n<p>Sign in", &words, Again::AFewTimes);
}

#[test]
fn what_is_gone_is_told_from_a_subscription_that_is_not_there() {
    for (code, absent) in
        [("ResourceNotFound", true), ("MANIFEST_UNKNOWN", true), ("SubscriptionNotFound", false)]
    {
        let body = format!(r#"{{"error": {{"code": "{code}", "message": "…"}}}}"#);
        assert_eq!(Refusal::of(&answer(404, &body)).is_absence(), absent, "{code}");
    }
    assert!(!Refusal::of(&answer(404, "not found")).is_absence(), "somebody else's 404");
}

#[test]
fn a_certificate_is_not_tried_again() {
    let refusal = Refusal::lost(Lost { detail: "the certificate is not trusted".to_owned(), passing: false });
    judged(
        &refusal,
        &format!("`{ACTION}` failed in 0001 / acr: the certificate is not trusted"),
        Again::Never,
    );
}

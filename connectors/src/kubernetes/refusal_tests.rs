//! Refusals in words. Refuses the network.

use std::time::Duration;

use domain::source::Scope;

use super::*;

#[track_caller]
fn check(refusal: &Refusal, words: &str, again: Again) {
    let scope = Scope { account: "prod".to_owned(), region: String::new(), service: "workloads".to_owned() };
    let (failure, told) = refusal.judge(Circumstances { action: "pods: list", scope: &scope, grantee: "" });
    assert_eq!((failure.to_string().as_str(), told), (words, again));
}

fn answered(status: u16, reason: &str, message: &str) -> Refusal {
    let body = serde_json::json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "reason": reason, "message": message, "code": status,
    });
    Refusal::of(status, None, body.to_string().as_bytes())
}

#[test]
fn a_denial_says_who_needs_what_and_where() {
    let message = "pods is forbidden: User \"system:serviceaccount:plimsoll:plimsoll\" cannot list resource \"pods\" in \
                   API group \"\" at the cluster scope";
    check(
        &answered(403, "Forbidden", message),
        "`pods: list` was denied in prod / workloads: give system:serviceaccount:plimsoll:plimsoll a ClusterRole that \
         may `list` `pods`",
        Again::Never,
    );
    let message = "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"";
    check(
        &answered(403, "Forbidden", message),
        "`pods: list` was denied in prod / workloads: give jane a Role in shop that may `list` `pods`",
        Again::Never,
    );
}

#[test]
fn credentials_that_ended_are_named() {
    check(
        &answered(401, "Unauthorized", "Unauthorized"),
        "no credentials that prod / workloads accepts: Unauthorized; renew the token or certificate of its user in the \
         kubeconfig, or the service account",
        Again::Never,
    );
    check(
        &Refusal::no_credentials("the command `aws` was not found".to_owned()),
        "no credentials that prod / workloads accepts: the command `aws` was not found; renew the token or certificate \
         of its user in the kubeconfig, or the service account",
        Again::Never,
    );
}

#[test]
fn a_busy_server_is_waited_for() {
    let wait = Some(Duration::from_secs(2));
    check(
        &Refusal { retry_after: wait, ..answered(429, "TooManyRequests", "slow down") },
        "`pods: list` was throttled in prod / workloads until the deadline: the next run goes on from here",
        Again::Slower(wait),
    );
    check(
        &answered(503, "ServiceUnavailable", "no leader"),
        "`pods: list` failed in prod / workloads: ServiceUnavailable: no leader",
        Again::AFewTimes,
    );
}

#[test]
fn what_no_api_server_wrote_is_unreadable() {
    check(
        &Refusal::of(403, None, b"<html><title>Blocked</title>"),
        "`pods: list` in prod / workloads answered something unreadable: status 403 with a web page, \
         `<html><title>Blocked</title>`; is a proxy or a sign-in page in between?",
        Again::AFewTimes,
    );
    check(
        &Refusal::lost("invalid peer certificate: UnknownIssuer".to_owned()),
        "`pods: list` failed in prod / workloads: its certificate is not trusted: invalid peer certificate: UnknownIssuer; the \
         kubeconfig has to name who signed it in `certificate-authority-data`",
        Again::Never,
    );
}

#[test]
fn a_list_that_expired_tells_where_it_goes_on() {
    let body = br#"{"kind":"Status","metadata":{"continue":"abc"},"reason":"Expired","code":410}"#;
    let refusal = Refusal::of(410, None, body);
    assert!(refusal.is_expired());
    assert_eq!(refusal.resume.as_deref(), Some("abc"));
}

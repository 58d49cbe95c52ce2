//! Refusals in words. Refuses the network.

use std::time::Duration;

use domain::source::Scope;
use serde_json::{Value, json};

use super::{Again, Circumstances, Failure, Refusal, Refused, SIGN_IN_WAIT, SIGN_INS};

fn scope() -> Scope {
    Scope {
        account: "shop-prod".to_owned(),
        region: "europe-west1".to_owned(),
        service: "cloud-run".to_owned(),
    }
}

fn judged(refusal: &Refusal) -> (Failure, Again) {
    refusal.judge(Circumstances { action: "run.services.list", scope: &scope(), grantee: "" })
}

#[track_caller]
fn check(refusal: &Refusal, sentence: &str, again: Again) {
    let (failure, found) = judged(refusal);
    assert_eq!((failure.to_string().as_str(), found), (sentence, again));
}

fn error(status: u16, code: &str, message: &str, details: &Value) -> Refusal {
    let body = json!({"error": {"code": status, "status": code, "message": message, "details": details}});
    Refusal::of(status, None, body.to_string().as_bytes())
}

fn info(reason: &str, metadata: &Value) -> Value {
    json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "metadata": metadata}])
}

#[test]
fn a_denial_names_permission_and_resource() {
    let told = info(
        "IAM_PERMISSION_DENIED",
        &json!({"permission": "run.services.getIamPolicy", "resource": "projects/shop-prod/locations/europe-west1"}),
    );
    check(
        &error(403, "PERMISSION_DENIED", "denied", &told),
        "`run.services.getIamPolicy` was denied in shop-prod / europe-west1 / cloud-run: grant these credentials a \
         role with `run.services.getIamPolicy` on projects/shop-prod/locations/europe-west1",
        Again::Never,
    );
    check(
        &error(403, "PERMISSION_DENIED", "The caller does not have permission", &json!([])),
        "`run.services.list` was denied in shop-prod / europe-west1 / cloud-run: grant these credentials a role with \
         `run.services.list` on project shop-prod",
        Again::Never,
    );
}

#[test]
fn an_api_that_is_off_says_how_to_enable_it() {
    let told = info("SERVICE_DISABLED", &json!({"service": "run.googleapis.com", "consumer": "projects/31"}));
    check(
        &error(403, "PERMISSION_DENIED", "Cloud Run Admin API has not been used", &told),
        "`run.services.list` was denied in shop-prod / europe-west1 / cloud-run: run.googleapis.com is not enabled in \
         project shop-prod; enable it with `gcloud services enable run.googleapis.com --project shop-prod`, or leave \
         cloud-run out",
        Again::Never,
    );
    let told = info("CONSUMER_INVALID", &json!({}));
    check(
        &error(403, "PERMISSION_DENIED", "Project not found or deleted.", &told),
        "`run.services.list` was denied in shop-prod / europe-west1 / cloud-run: project shop-prod was not found or is \
         being deleted",
        Again::Never,
    );
}

#[test]
fn throttling_waits_as_long_as_the_longer_wish() {
    let told = json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"}]);
    let body =
        json!({"error": {"status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded", "details": told}});
    let refusal = Refusal::of(429, Some(1), body.to_string().as_bytes());
    let wait = Some(Duration::from_millis(2500));
    check(
        &refusal,
        "`run.services.list` was throttled in shop-prod / europe-west1 / cloud-run until the deadline: the next run \
         goes on from here",
        Again::Slower(wait),
    );
    let plain = Refusal::of(429, Some(3), b"slow down");
    assert_eq!(judged(&plain).1, Again::Slower(Some(Duration::from_secs(3))));
}

#[test]
fn a_token_that_ended_is_renewed() {
    let refusal = error(401, "UNAUTHENTICATED", "Invalid.", &info("ACCESS_TOKEN_EXPIRED", &json!({})));
    check(
        &refusal,
        "no credentials that shop-prod / europe-west1 / cloud-run accepts: check this machine's clock: Google said \
         ACCESS_TOKEN_EXPIRED: Invalid.; give the machine a service account, name a key file in GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth \
         application-default login`",
        Again::After(SIGN_INS, SIGN_IN_WAIT),
    );
    let refusal = Refusal { no_token: Some(false), message: "no file".to_owned(), ..Refusal::default() };
    assert_eq!(judged(&refusal).1, Again::Never);
}

#[test]
fn what_google_did_not_write_is_unreadable() {
    check(
        &Refusal::of(502, None, b"<!DOCTYPE html>\n<html><title>Bad gateway</title>"),
        "`run.services.list` in shop-prod / europe-west1 / cloud-run answered something unreadable: status 502 with a \
         web page, `<!DOCTYPE html> <html><title>Bad gateway</title>`; is a proxy or a sign-in page in between?",
        Again::AFewTimes,
    );
    let told = Refusal::unreadable(200, b"{\"a\":", &"EOF while parsing");
    check(
        &told,
        "`run.services.list` in shop-prod / europe-west1 / cloud-run answered something unreadable: status 200, `EOF \
         while parsing`",
        Again::AFewTimes,
    );
}

#[test]
fn other_codes_are_told_as_they_are() {
    check(
        &error(400, "INVALID_ARGUMENT", "Invalid location", &json!([])),
        "`run.services.list` failed in shop-prod / europe-west1 / cloud-run: INVALID_ARGUMENT: Invalid location",
        Again::Never,
    );
    check(
        &error(503, "UNAVAILABLE", "", &json!([])),
        "`run.services.list` failed in shop-prod / europe-west1 / cloud-run: UNAVAILABLE",
        Again::AFewTimes,
    );
    let gone = Refusal::of(404, None, br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"gone"}]}"#);
    assert!(gone.is_absent());
    let unreached = Refusal::unreached("connection refused".to_owned());
    assert_eq!(judged(&unreached).1, Again::AFewTimes);
}

//! Failures in words. Refuses the network.

use std::time::Duration;

use domain::source::Scope;

use super::{Again, Circumstances, Refusal};
use crate::Failure;

#[track_caller]
fn check(refusal: Refusal, words: &str, again: Again) {
    let scope = Scope {
        account: "111122223333".to_owned(),
        region: "eu-west-1".to_owned(),
        service: "ecr".to_owned(),
    };
    let at = Circumstances {
        action: "ecr:DescribeImages",
        scope: &scope,
        grantee: "role `reader` of account 111122223333",
    };
    let (failure, told) = refusal.judge(at);
    assert_eq!((failure.to_string().as_str(), told), (words, again));
}

fn coded(status: u16, code: &str, message: &str) -> Refusal {
    Refusal {
        code: Some(code.to_owned()),
        message: message.to_owned(),
        status: Some(status),
        ..Refusal::default()
    }
}

const DENIED: &str = "`ecr:DescribeImages` was denied in 111122223333 / eu-west-1 / ecr: ";

#[test]
fn a_denial_says_what_to_allow_and_where() {
    let message = "User: arn:aws:sts::111122223333:assumed-role/reader/plimsoll is not authorized to perform: \
                   ecr:DescribeImages because no identity-based policy allows the ecr:DescribeImages action";
    check(
        coded(400, "AccessDeniedException", message),
        &format!("{DENIED}allow `ecr:DescribeImages` in a policy of role `reader` of account 111122223333"),
        Again::Never,
    );
    check(
        coded(403, "AccessDenied", "… with an explicit deny in a service control policy"),
        &format!(
            "{DENIED}a service control policy stands in the way; let it allow `ecr:DescribeImages` for role \
             `reader` of account 111122223333"
        ),
        Again::Never,
    );
    check(
        coded(403, "UnauthorizedOperation", "… with an explicit deny in an identity-based policy"),
        &format!(
            "{DENIED}a policy denies it outright; exempt role `reader` of account 111122223333 from that denial \
             of `ecr:DescribeImages`"
        ),
        Again::Never,
    );
}

#[test]
fn throttling_is_known_by_code_or_status() {
    let words = "`ecr:DescribeImages` was throttled in 111122223333 / eu-west-1 / ecr until the deadline: the \
                 next run goes on from here";
    for code in ["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"] {
        check(coded(400, code, "Rate exceeded"), words, Again::Slower(None));
    }
    let after = Some(Duration::from_secs(7));
    let bare = Refusal { status: Some(429), retry_after: after, ..Refusal::default() };
    check(bare, words, Again::Slower(after));
}

#[test]
fn credentials_that_are_not_accepted_say_what_to_check() {
    check(
        coded(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
        "no credentials that 111122223333 / eu-west-1 / ecr accepts: AWS said UnrecognizedClientException; check \
         the keys, and whether region eu-west-1 is enabled in the account",
        Again::Never,
    );
    let none = Refusal {
        message: "no providers in chain provided credentials".to_owned(),
        no_credentials: true,
        ..Refusal::default()
    };
    check(
        none,
        "no credentials that 111122223333 / eu-west-1 / ecr accepts: no providers in chain provided credentials; \
         give the machine a role, or set a profile or AWS_ACCESS_KEY_ID and its secret",
        Again::Never,
    );
}

#[test]
fn what_aws_did_not_write_is_shown() {
    let page = |status| Refusal {
        status: Some(status),
        body: "<!DOCTYPE html>\n<html><head><title>Sign in</title>".to_owned(),
        ..Refusal::default()
    };
    for status in [200, 502] {
        let words = format!(
            "`ecr:DescribeImages` in 111122223333 / eu-west-1 / ecr answered something unreadable: status {status} \
             with a web page, `<!DOCTYPE html> <html><head><title>Sign in</title>`; is a proxy or a sign-in page in \
             between?"
        );
        check(page(status), &words, Again::AFewTimes);
    }
    let text = Refusal { status: Some(200), body: "{\"images\": [".to_owned(), ..Refusal::default() };
    check(
        text,
        "`ecr:DescribeImages` in 111122223333 / eu-west-1 / ecr answered something unreadable: status 200, \
         `{\"images\": [`",
        Again::AFewTimes,
    );
}

#[test]
fn the_vendors_own_failures_are_told_by_code() {
    check(
        coded(500, "ServerException", "Try again"),
        "`ecr:DescribeImages` failed in 111122223333 / eu-west-1 / ecr: ServerException: Try again",
        Again::AFewTimes,
    );
    check(
        coded(400, "RepositoryNotFoundException", "gone"),
        "`ecr:DescribeImages` failed in 111122223333 / eu-west-1 / ecr: RepositoryNotFoundException: gone",
        Again::Never,
    );
}

#[test]
fn a_failure_to_enter_the_account_is_told_as_it_was() {
    let refusal = Refusal { own: Some(Failure::Cancelled), ..Refusal::default() };
    check(refusal, "the run was cancelled", Again::Never);
}

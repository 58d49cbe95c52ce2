//! What is sent where, what is said when it is refused, and what a logbook remembers.

mod client;
mod logbook;
mod remembered;

use domain::source::{Completeness, RunCounts, RunState, Scope};

use super::{Destination, Handed, words};

fn scope(service: &str) -> Scope {
    Scope { account: "1".to_owned(), region: "eu".to_owned(), service: service.to_owned() }
}

fn handed(service: &str, state: RunState, reason: &str) -> Handed {
    Handed {
        scope: scope(service),
        state,
        reason: reason.to_owned(),
        observations: 3,
        documents: 1,
        parts: 1,
        bytes: 1_200_000,
        counts: RunCounts::default(),
        earlier: false,
    }
}

#[test]
fn an_address_is_a_server_that_may_have_the_token() {
    let check = |address: &str, in_the_clear: bool, expected: Result<&str, &str>| {
        let made = Destination::new(address, "t0ken", in_the_clear);
        match (made, expected) {
            (Ok(made), Ok(expected)) => assert_eq!(made.at(&["7"]).as_str(), expected),
            (Err(told), Err(expected)) => assert!(told.contains(expected), "{address}: {told}"),
            (made, expected) => panic!("{address}: {made:?}, not {expected:?}"),
        }
    };
    check("https://p.example", false, Ok("https://p.example/api/v1/observations/7"));
    check("https://p.example/below/", false, Ok("https://p.example/below/api/v1/observations/7"));
    check("http://127.0.0.1:8080", false, Ok("http://127.0.0.1:8080/api/v1/observations/7"));
    check("http://[::1]:8080/", false, Ok("http://[::1]:8080/api/v1/observations/7"));
    check("http://localhost", false, Ok("http://localhost/api/v1/observations/7"));
    check("http://p.example", true, Ok("http://p.example/api/v1/observations/7"));
    check("http://p.example", false, Err("add --insecure-http"));
    check("http://127.0.0.1.example.com", false, Err("in the clear"));
    check("p.example", false, Err("expected an address such as https://"));
    check("ftp://p.example", true, Err("expected an address such as https://"));
    check("https://me:secret@p.example", false, Err("holds a login"));
    check("https://p.example/?token=1", false, Err("without `?` and `#`"));
}

#[test]
fn a_token_shows_itself_nowhere() {
    let to = Destination::new("https://p.example", " s3cret\n", false).unwrap();
    assert!(!format!("{to:?} {to}").contains("s3cret"));
    assert_eq!(to.authorization, "Bearer s3cret");
    for wrong in ["", " \n", "two\nlines"] {
        let told = Destination::new("https://p.example", wrong, false).unwrap_err();
        assert!(!told.contains("lines"), "{told}");
    }
}

#[test]
fn a_summary_tells_what_was_sent_and_what_was_not_seen() {
    let whole = [handed("ecr", RunState::Complete, ""), handed("ecs", RunState::Complete, "")];
    let check = |sent, plan: &Completeness, scopes: &[Handed], expected: &str| {
        assert_eq!(words::summary(sent, plan, scopes), expected);
    };
    check(
        true,
        &Completeness::Complete,
        &whole,
        "Everything was seen. 6 observations and 2 documents of 2 scopes sent in 2 parts (2.4 MB). The server \
         saves it now.",
    );
    let earlier = Handed { earlier: true, ..whole[0].clone() };
    let scopes = [earlier, handed("ecs", RunState::Failed, "Denied.")];
    check(
        true,
        &Completeness::Partial("account 2 cannot be entered".to_owned()),
        &scopes,
        "1 of 2 scopes not seen whole. 6 observations and 2 documents of 2 scopes sent in 2 parts (2.4 MB), 1 scope \
         of them earlier. The server saves it now. The list of scopes is not whole: Account 2 cannot be entered. \
         1 / eu / ecs: Denied.",
    );
    check(
        false,
        &Completeness::Complete,
        &whole[..1],
        "Everything was seen. 3 observations and 1 document of 1 scope would be sent in 1 part (1.2 MB). Nothing \
         was sent.",
    );
}

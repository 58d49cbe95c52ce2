//! Signatures that hold and that do not, data in, verdict out.

use std::collections::BTreeMap;

use base64::Engine as _;
use domain::signature::{Signed, State};
use serde::Deserialize;

use super::{Given, STANDARD, Trust};

#[derive(Deserialize)]
struct Vectors {
    keys: BTreeMap<String, String>,
    roots: BTreeMap<String, String>,
    signed: BTreeMap<String, Signed>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("fixtures/vectors.json")).unwrap()
}

fn signed(name: &str) -> Signed {
    vectors().signed.remove(name).unwrap()
}

/// What is trusted: our key, an identity under our root, the log.
fn given() -> Given {
    let vectors = vectors();
    let key = |name: &str| (name.to_owned(), vectors.keys[name].clone());
    Given {
        keys: vec![key("ours")],
        identities: vec![
            "https://token.example.com https://code.example.com/shop/*/release.yml@refs/tags/*".to_owned(),
        ],
        roots: vec![("ours".to_owned(), vectors.roots["ours"].clone())],
        logs: vec![key("log")],
    }
}

#[track_caller]
fn check(given: &Given, signed: &Signed, state: State, words: &str) {
    let verdict = Trust::new(given).unwrap().judge(signed);
    assert_eq!(verdict.state, state, "{}", verdict.sentence);
    assert!(verdict.sentence.contains(words), "{}", verdict.sentence);
    assert!(verdict.sentence.ends_with('.'), "{}", verdict.sentence);
}

#[test]
fn a_configured_key_vouches_for_what_it_made() {
    check(&given(), &signed("by our key"), State::Verified, "The key ours made it");
    check(&given(), &signed("in an envelope"), State::Verified, "The key ours made it");
    for (name, word) in [("by a wide key", "wide"), ("by a key of Edwards", "edwards")] {
        let keys = vec![(word.to_owned(), vectors().keys[word].clone())];
        check(&Given { keys, ..Given::default() }, &signed(name), State::Verified, word);
        check(&given(), &signed(name), State::Unverified, "No configured key made it");
    }
}

#[test]
fn a_strangers_signature_is_unverified_and_not_false() {
    check(&given(), &signed("by a stranger"), State::Unverified, "No configured key made it");
    check(&Given::default(), &signed("by a stranger"), State::Unverified, "No key is configured");
    let nobody = Trust::default();
    assert_eq!(nobody.judge(&signed("by our key")).state, State::Unverified);
    assert!(!nobody.is_anybody());
}

#[test]
fn a_signature_of_another_image_is_invalid_whoever_made_it() {
    let other = signed("of another image");
    check(&given(), &other, State::Invalid, &format!("It is of sha256:{}", "b".repeat(64)));
    let lain_nowhere = Signed { beside: None, ..other };
    check(&given(), &lain_nowhere, State::Verified, "ours");
}

#[test]
fn an_authority_a_log_and_an_identity_vouch_together() {
    let words = "https://code.example.com/shop/api/release.yml@refs/tags/v1 of https://token.example.com made it by \
                 2026-10-01 06:05 UTC, as a transparency log proves";
    check(&given(), &signed("logged"), State::Verified, words);
    check(&given(), &signed("certified in an envelope"), State::Verified, words);
    let unlogged = Given { logs: Vec::new(), ..given() };
    check(&unlogged, &signed("logged"), State::Verified, "when is not proved");
    check(&unlogged, &signed("certified"), State::Verified, "when is not proved");
}

#[test]
fn what_is_missing_between_a_certificate_and_an_identity_is_told() {
    let unverified = |given: &Given, name: &str, words: &str| {
        check(given, &signed(name), State::Unverified, words);
    };
    unverified(&given(), "certified", "no entry of a transparency log");
    unverified(&given(), "logged elsewhere", "none of those whose keys are configured");
    unverified(&given(), "logged late", "whose certificate was not valid then");
    unverified(&given(), "by another authority", "leads to none of the configured roots");
    let others = vec!["https://token.example.com https://code.example.com/other/*".to_owned()];
    unverified(&Given { identities: others, ..given() }, "logged", "none of the configured identities");
    unverified(&Given { identities: Vec::new(), ..given() }, "logged", "no identity is configured");
    let without_chain = Signed { chain: None, ..signed("logged") };
    check(&given(), &without_chain, State::Unverified, "leads to none of the configured roots");
}

#[test]
fn an_entry_of_something_else_proves_no_time() {
    let (mut certified, logged) = (signed("certified in an envelope"), signed("logged"));
    certified.entry.clone_from(&logged.entry);
    check(&given(), &certified, State::Unverified, "is of something else");
    let mut forged = logged;
    forged.entry.as_mut().unwrap().integrated_time += 1;
    check(&given(), &forged, State::Unverified, "did not promise that entry");
    forged.entry.as_mut().unwrap().promise = "no".to_owned();
    check(&given(), &forged, State::Unverified, "promise cannot be read");
}

#[test]
fn what_was_changed_after_signing_is_invalid_where_that_is_proved() {
    let changed = |name: &str| {
        let mut signed = signed(name);
        let payload = STANDARD.decode(&signed.payload).unwrap();
        let text = String::from_utf8(payload)
            .unwrap()
            .replace("{}", "{\"added\":1}")
            .replace("shop/api", "shop/web");
        signed.payload = STANDARD.encode(text);
        signed
    };
    check(&given(), &changed("logged"), State::Invalid, "does not match the key in its own certificate");
    check(
        &given(),
        &changed("in an envelope"),
        State::Invalid,
        "It says that the key ours made it, which did not",
    );
    check(&given(), &changed("by our key"), State::Unverified, "No configured key made it");
    check(&given(), &signed("under a foreign certificate"), State::Invalid, "its own certificate");
    let retyped = Signed { envelope: Some("text/plain".to_owned()), ..signed("in an envelope") };
    check(&given(), &retyped, State::Invalid, "which did not");
}

#[test]
fn what_cannot_be_read_is_invalid() {
    let good = signed("by our key");
    let payload = |bytes: &[u8]| Signed { payload: STANDARD.encode(bytes), ..good.clone() };
    for bytes in [
        &b""[..],
        b"{}",
        b"{\"critical\":{\"image\":{\"docker-manifest-digest\":\"1.0\"}}}",
        b"\xff\xfe",
        b"[[[[",
    ] {
        check(&given(), &payload(bytes), State::Invalid, "names no image");
    }
    check(&given(), &Signed { payload: "*".to_owned(), ..good.clone() }, State::Invalid, "cannot be read");
    check(
        &given(),
        &Signed { payload: "A".repeat(2 << 20), ..good.clone() },
        State::Invalid,
        "cannot be read",
    );
    check(
        &given(),
        &Signed { signature: "\u{0}".to_owned(), ..good.clone() },
        State::Invalid,
        "is not Base64",
    );
    check(
        &given(),
        &Signed { signature: String::new(), ..good.clone() },
        State::Unverified,
        "No configured key",
    );
    let begin = "-----BEGIN CERTIFICATE-----\n";
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    for text in ["", "no PEM", begin, broken, &begin.repeat(1000), &"A".repeat(1 << 20)] {
        let hostile = Signed { certificate: Some(text.to_owned()), ..good.clone() };
        check(&given(), &hostile, State::Invalid, "certificate cannot be read");
    }
    let chained = Signed { chain: Some(begin.to_owned()), ..signed("logged") };
    let verdict = Trust::new(&given()).unwrap().judge(&chained);
    assert_eq!(verdict.state, State::Unverified, "{}", verdict.sentence);
}

#[test]
fn what_is_configured_wrongly_is_told_at_once() {
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let wrong = Given {
        keys: vec![
            pair("a.pub", "no key"),
            pair("b.pub", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
        ],
        identities: vec!["https://token.example.com".to_owned()],
        roots: vec![pair("ca.pem", "")],
        logs: vec![pair("rekor.pub", "")],
    };
    let problems = Trust::new(&wrong).unwrap_err();
    for name in
        ["key a.pub", "key b.pub", "identity `https://token.example.com`", "root ca.pem", "log rekor.pub"]
    {
        assert!(problems.iter().any(|problem| problem.contains(name)), "{name}: {problems:?}");
    }
    let rootless = Given { roots: Vec::new(), ..given() };
    assert!(Trust::new(&rootless).unwrap_err()[0].contains("need roots"));
}

#[test]
fn the_mark_differs_where_trust_does() {
    let mark = |given: &Given| Trust::new(given).unwrap().mark().to_owned();
    let nobody = Given::default();
    let (all, keyless) = (given(), Given { keys: Vec::new(), ..given() });
    assert_eq!(mark(&all), mark(&given()));
    assert_ne!(mark(&all), mark(&keyless));
    assert_ne!(mark(&keyless), mark(&nobody));
    assert_eq!(mark(&nobody), Trust::default().mark());
}

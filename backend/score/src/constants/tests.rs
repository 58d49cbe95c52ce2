//! The built-in file is good, and what is wrong with another is told as a whole.

use super::{Constants, EMBEDDED};
use crate::error::Error;

#[test]
fn the_built_in_file_is_good() {
    let constants = Constants::embedded().unwrap();
    assert_eq!(constants.version, "ces-1.0");
    assert_eq!(constants.prior.percentile, 80);
}

/// What the changed file is refused with.
fn refusal(changes: &[(&str, &str)]) -> Error {
    let text = changes.iter().fold(EMBEDDED.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    });
    Constants::load(&text).unwrap_err()
}

#[test]
fn every_problem_at_once() {
    let Error::Constants(problems) = refusal(&[
        ("version = \"ces-1.0\"", "version = \"ces-2.0\""),
        ("probability_cap = 0.999", "probability_cap = 1.0"),
        ("weaponised = 0.10", "weaponised = 0.97"),
        ("host_network = 0.1", "host_network = 1.1"),
        ("{ days = 14, share = 0.25 }", "{ days = 7, share = 0.75 }"),
        ("percentile = 80", "percentile = 101"),
        ("moderate = 400", "moderate = 600"),
        ("standard = 1.0", "standard = 4.0"),
    ]) else {
        panic!("expected problems");
    };
    assert_eq!(
        problems,
        [
            "version is \"ces-2.0\", but this program computes ces-1.x",
            "hazard.probability_cap is 1, but must lie between 0 and 1",
            "threat.weaponised is 0.97, but must not exceed threat.exploited, which is 0.95",
            "criticality.standard is 4, but must not exceed criticality.critical, which is 3",
            "escape.host_network is 1.1, but must be from 0 to 1",
            "staleness.steps[1].days is 7, but must exceed 7",
            "staleness.steps[2].share is 0.5, but must not be below 0.75",
            "prior.percentile is 101, but must be from 1 to 100",
            "bands are 600, 600 and 800, but must rise from above 0 to 1000 at most",
        ]
    );
}

#[test]
fn unknown_and_missing_keys_are_named_with_their_line() {
    let Error::ConstantsSyntax { line, message } =
        refusal(&[("exploited = 0.95", "exploited = 0.95\nhyped = 1")])
    else {
        panic!("expected a syntax error");
    };
    assert!(message.contains("`hyped`") && message.contains("exploited"), "{message}");
    assert_eq!(EMBEDDED.lines().nth(line - 2).map(str::trim), Some("exploited = 0.95"), "line {line}");

    let Error::ConstantsSyntax { message, .. } = refusal(&[("exploited = 0.95", "")]) else {
        panic!("expected a syntax error");
    };
    assert!(message.contains("`exploited`"), "{message}");
}

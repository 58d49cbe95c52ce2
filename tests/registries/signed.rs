//! Signatures that lie beside images, judged by the key that signs here. Refuses to ask the registry again: what was found
//! is enough.

use policy::trust::Given;

use crate::{shop, synced};

/// What becomes of a signature that the emulator made so, once its key is trusted.
fn expected(verdict: &str) -> &'static str {
    match verdict {
        "valid" => "verified",
        "another digest" => "invalid",
        _ => "unverified",
    }
}

#[test]
fn signatures_are_judged_by_whom_the_settings_trust() {
    let Some(world) = synced(&shop()) else { return };
    let in_state =
        |word: &str| world.number(&format!("SELECT COUNT(*) FROM signatures WHERE state = '{word}'"));
    assert_eq!(in_state("verified"), 0, "nobody is trusted");
    assert!(
        in_state("unverified") > 0 && in_state("invalid") > 0,
        "what is of another image is told without a key"
    );
    let ours = ("cosign.pub".to_owned(), world.cloud.public_key());
    world.trust(&Given { keys: vec![ours], ..Given::default() });
    let papers = world.estate.papers();
    let papers =
        papers.iter().filter(|paper| paper["what"] == "signature" && paper["repository"] != "shop/worker");
    let mut counted = 0;
    for paper in papers {
        let (subject, verdict) = (paper["digest"].as_str().unwrap(), paper["verdict"].as_str().unwrap());
        let state = expected(verdict);
        let sql =
            format!("SELECT COUNT(*) FROM signatures WHERE subject = '{subject}' AND state = '{state}'");
        assert!(world.number(&sql) > 0, "{paper}");
        counted += 1;
    }
    assert!(counted >= 8, "{counted} signatures");
    let by_ours = "SELECT COUNT(*) FROM signatures WHERE sentence = 'The key cosign.pub made it.'";
    assert_eq!(world.number(by_ours), in_state("verified"));
    for (repository, state) in [
        ("shop/web", "verified"),
        ("shop/search", "verified"),
        ("shop/api", "unverified"),
        ("shop/mail", "unverified"),
        ("shop/cart", "invalid"),
    ] {
        let sql =
            format!("SELECT COUNT(*) FROM images WHERE repository = '{repository}' AND signing = '{state}'");
        assert!(world.number(&sql) > 0, "{repository} has no image that is {state}");
    }
    assert!(world.number("SELECT COUNT(*) FROM images WHERE signing = 'unsigned'") > 0);
    world.trust(&Given::default());
    assert_eq!(in_state("verified"), 0, "nobody is trusted any more");
}

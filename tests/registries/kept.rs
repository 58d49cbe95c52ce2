//! What a fault leaves as it was: nothing is retired wrongly, the journal says where and why, and the next whole run
//! finds everything again.

use std::time::Duration;

use domain::source::Scope;
use serde_json::json;
use tests::synced::{LONG, open, says};

use crate::{shop, synced};

#[test]
fn nothing_is_retired_by_what_was_not_seen() {
    let Some(world) = synced(&shop()) else { return };
    for (fault, words) in [
        (
            json!({ "kind": "deny", "operation": "tags", "repository": "shop/web" }),
            "`repository:shop/web:pull` was denied",
        ),
        (json!({ "kind": "deny", "operation": "catalog" }), "`registry:catalog:*` was denied"),
        (
            json!({ "kind": "error", "operation": "manifest", "repository": "shop/api", "method": "HEAD" }),
            "failed in",
        ),
        (json!({ "kind": "garbage", "operation": "tags", "repository": "shop/api" }), "with a web page"),
        (
            json!({ "kind": "truncated", "operation": "tags", "repository": "shop/api" }),
            "answered something unreadable",
        ),
        (json!({ "kind": "cut", "operation": "catalog" }), "failed in"),
        (json!({ "kind": "repeat_token", "operation": "catalog" }), "repeated a page token after"),
    ] {
        world.cloud.set(&json!({ "page_cap": 3 }));
        let journal = world.keeps(&fault, LONG);
        assert!(!open(&journal).is_empty(), "{fault}");
        says(&journal, words);
    }
}

#[test]
fn what_passes_loses_nothing() {
    let Some(world) = synced(&shop()) else { return };
    for fault in [
        json!({ "kind": "throttle", "first": 3, "retry_after": 1 }),
        json!({ "kind": "reset", "operation": "manifest", "first": 2 }),
        json!({ "kind": "error", "operation": "tags", "status": 503, "first": 2 }),
        json!({ "kind": "expire", "operation": "tags", "first": 2 }),
    ] {
        let journal = world.keeps(&fault, LONG);
        assert_eq!(open(&journal), [] as [Scope; 0], "{fault}: {}", journal.run.message);
    }
}

#[test]
fn what_is_gone_between_the_list_and_the_question_is_no_gap() {
    let Some(world) = synced(&shop()) else { return };
    let _ =
        world.cloud.fault(&json!({ "kind": "vanish", "repository": "shop/mail", "operation": "manifest" }));
    let (_, journal) = world.sync();
    assert_eq!(open(&journal), [] as [Scope; 0], "{:?}", journal.scopes);
}

#[test]
fn other_bytes_than_those_of_the_digest_are_left_out() {
    let Some(world) = synced(&json!({ "plan": "none" })) else { return };
    let _ = world.cloud.seed_again(&shop());
    let _ = world.cloud.fault(&json!({ "kind": "wrong_digest", "repository": "shop/web" }));
    let (_, journal) = world.sync();
    says(&journal, "is not what its digest says");
    assert_eq!(world.number("SELECT COUNT(*) FROM image_locations WHERE repository = 'shop/web'"), 0);
    world.cloud.heal();
    let (_, journal) = world.sync();
    assert_eq!(open(&journal), [] as [Scope; 0], "{:?}", journal.scopes);
    assert!(world.number("SELECT COUNT(*) FROM image_locations WHERE repository = 'shop/web'") > 0);
}

#[test]
fn a_registry_that_does_not_answer_is_given_up() {
    let Some(world) = synced(&shop()) else { return };
    let fault = json!({ "kind": "timeout", "operation": "catalog", "seconds": 60 });
    let journal = world.keeps(&fault, Duration::from_secs(2));
    says(&journal, "did not answer within 2 s");
}

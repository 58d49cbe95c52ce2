//! A whole registry into the database, and once more, unchanged: it is looked at and not pulled from, and nothing is
//! written.

use domain::source::RunState;
use serde_json::{Value, json};

use crate::{shop, synced};

#[test]
fn a_registry_is_known_whole_and_a_second_sync_only_looks() {
    let Some(world) = synced(&shop()) else { return };
    assert_eq!(
        world.present()["repositories"],
        i64::try_from(world.estate.repositories().len()).unwrap() - 1
    );
    let described = "SELECT COUNT(*) FROM image_metadata WHERE config LIKE '%\"user\":\"10001%'";
    assert!(world.number(described) > 0);
    assert!(world.number("SELECT COUNT(*) FROM documents") > 5, "papers");
    assert!(
        world.number("SELECT COUNT(DISTINCT image_id) FROM image_components") > 0,
        "an image that brings its bill"
    );
    let remembered = world.written("remembered");
    assert!(remembered > 0);
    world.cloud.forget_calls();
    world.unchanged();
    let pulled = |call: &Value| {
        call["method"] == "GET"
            && ["manifest", "blob"].contains(&call["operation"].as_str().unwrap_or_default())
    };
    let pulled: Vec<Value> = world.cloud.log().into_iter().filter(pulled).collect();
    assert_eq!(pulled, [] as [Value; 0]);
    assert_eq!(world.written("remembered"), remembered);
}

#[test]
fn a_tag_that_moves_is_read_and_what_it_left_is_still_known() {
    let Some(world) = synced(&json!({ "plan": "none", "repositories": 4, "tags": 1 })) else {
        return;
    };
    let before = world.present();
    let _ = world.cloud.seed_again(&json!({ "plan": "none", "repositories": 4, "tags": 2 }));
    let (finished, _) = world.sync();
    assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
    assert!(world.present()["images"] > before["images"]);
    let moved = "SELECT COUNT(*) FROM image_tags WHERE tag = 'latest' AND ended_at IS NOT NULL";
    assert!(world.number(moved) > 0);
}

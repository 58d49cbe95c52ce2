//! What asking costs: pages are read to their end, each manifest once, papers once. Refuses the database.

use std::collections::BTreeSet;

use serde_json::json;
use tests::asked::Source;
use tests::cloud::Cloud;
use tests::registries::{Plain, Registries};

use crate::shop;

#[test]
fn pages_are_read_to_their_end_however_short() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let whole = Source::of(&cloud, &estate).collect(estate.host("oci"), "", "images").complete().shown();
    for links in ["relative", "absolute"] {
        cloud.set(&json!({ "page_cap": 2, "links": links }));
        let paged = Source::of(&cloud, &estate).collect(estate.host("oci"), "", "images").complete().shown();
        assert_eq!(paged, whole);
    }
}

#[test]
fn papers_are_found_in_every_way_in_which_they_are_attached() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    for referrers in [true, false] {
        cloud.set(&json!({ "referrers": referrers }));
        let seen = Source::of(&cloud, &estate).collect(estate.host("oci"), "", "attached");
        let missing = seen.outcome.as_ref().map(|all| format!("{all:?}"));
        let subjects: BTreeSet<String> = seen
            .documents
            .iter()
            .filter_map(|(_, from)| {
                Some(format!("{}@{}", from.image.as_ref()?.repository, from.image.as_ref()?.digest.as_ref()?))
            })
            .collect();
        let wanted = ["signature", "attestation", "spdx", "cyclonedx", "openvex"];
        for paper in estate
            .papers()
            .iter()
            .filter(|paper| wanted.contains(&paper["what"].as_str().unwrap_or_default()))
        {
            let subject =
                format!("{}@{}", paper["repository"].as_str().unwrap(), paper["digest"].as_str().unwrap());
            assert!(subjects.contains(&subject), "{paper} ({missing:?}, referrers {referrers})");
        }
    }
}

#[test]
fn a_key_is_fetched_once_for_each_repository_and_again_when_it_ends() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let source = Source::of(&cloud, &estate);
    let _ = source.collect(estate.host("oci"), "", "images").complete();
    let tokens = cloud.count(&[("operation", "token")]);
    assert_eq!(tokens, estate.repositories().len() + 2, "one for the door, one for the catalogue");
    cloud.expire();
    let _ = source.collect(estate.host("oci"), "", "images").complete();
    assert!(cloud.count(&[("operation", "token")]) <= 2 * tokens + 1);
}

#[test]
fn papers_that_are_not_what_they_are_said_to_be_are_left_out() {
    let Some((cloud, estate)) = Registries::<Plain>::seeded(&shop()) else { return };
    let source = Source::with(&cloud, &estate, &[("repositories", &["shop/worker"])]);
    let seen = source.collect(estate.host("oci"), "", "attached");
    for words in
        ["the registry does not have it", "not what its digest says", "longer than its manifest says"]
    {
        assert!(seen.partial().contains(words), "{}", seen.partial());
    }
    let sound = estate
        .papers()
        .iter()
        .filter(|paper| paper["repository"] == "shop/worker" && paper["what"] != "suspect");
    assert!(seen.documents.len() >= sound.filter(|paper| paper["what"] != "notation").count());
}

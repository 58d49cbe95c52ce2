//! From Quay's words to ours. Refuses the network.

use domain::observation::Observation;
use domain::source::Values;
use serde_json::json;

use super::wire::{Listing, Repository, Security, Tags};
use super::{Quay, listing, organisation, scans};
use crate::oci::Named;

fn api() -> Named {
    Named { registry: "quay.example.com".to_owned(), name: "shop/team/api".to_owned() }
}

#[test]
fn a_repository_is_as_it_is_listed() {
    let told: Repository = serde_json::from_value(json!({
        "namespace": "shop", "name": "team/api", "is_public": false, "state": "MIRROR",
        "quota_report": {"quota_bytes": 5, "configured_quota": 10_485_760},
    }))
    .unwrap();
    let found = listing::repository(&api(), &told);
    let settings: Vec<String> =
        found.settings.iter().map(|one| format!("{}: {}", one.key, one.value)).collect();
    assert_eq!((found.public, found.tags_immutable, found.cleanup), (Some(false), None, None));
    assert_eq!(settings, ["mode: MIRROR", "quota: 10 MiB"]);
    let silent: Repository =
        serde_json::from_value(json!({"state": null, "is_public": null, "quota_report": null})).unwrap();
    let found = listing::repository(&api(), &silent);
    assert_eq!((found.public, found.settings.len()), (None, 0));
}

#[test]
fn what_is_null_is_absent() {
    let listing: Listing = serde_json::from_value(json!({"repositories": null, "next_page": null})).unwrap();
    assert!(listing.repositories.is_empty() && listing.next_page.is_none());
    let tags: Tags = serde_json::from_value(json!({"tags": null, "has_additional": null})).unwrap();
    assert!(tags.tags.is_empty() && !tags.has_additional);
    let security: Security = serde_json::from_value(json!({"status": "queued", "data": null})).unwrap();
    assert!(security.data.is_none());
}

#[test]
fn an_image_without_a_report_has_quays_word() {
    let digest = || format!("sha256:{}", "a".repeat(64)).parse().unwrap();
    for (word, will_be) in [("queued", true), ("failed", false), ("unsupported", false)] {
        let Observation::Coverage(coverage) = scans::unscanned(&api(), digest(), word.to_owned()) else {
            panic!("{word}")
        };
        assert_eq!((coverage.reason.as_str(), coverage.watched), (word, Some(will_be)));
    }
    assert_eq!(scans::provenance(&api(), &digest()).name, "Quay scan of shop/team/api@aaaaaaaaaaaa");
}

#[test]
fn namespaces_are_the_first_parts_of_names() {
    let names = ["shop/web", "library/debian", "shop/team/api", "nowhere"];
    assert_eq!(listing::spaces(names.map(str::to_owned)), ["library", "shop"]);
    for right in ["shop", "my-shop_2"] {
        assert_eq!(organisation(right), Ok(()), "{right}");
    }
    for odd in ["", "Shop", "a/b", "..", "*"] {
        assert!(organisation(odd).is_err(), "{odd}");
    }
}

#[test]
fn nobody_reads_all_that_is_public_on_quay_io() {
    let read = |host: &str, settings: &[(&str, &str)]| {
        let values: Values =
            settings.iter().map(|(name, told)| ((*name).to_owned(), vec![(*told).to_owned()])).collect();
        Quay::read(&values, host).err().unwrap_or_default()
    };
    assert!(read("quay.io", &[])[0].message.contains("too much"));
    assert!(!read("quay.io", &[("repositories", "*")]).is_empty());
    for enough in [("organisations", "shop"), ("repositories", "shop/*"), ("api_token", "not-a-secret")] {
        assert!(read("quay.io", &[enough]).is_empty(), "{enough:?}");
    }
    assert!(read("quay.example.com", &[]).is_empty());
}

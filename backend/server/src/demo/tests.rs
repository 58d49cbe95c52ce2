//! The demo's documents before anything reads them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::catalogue::{FLAWS, PACKAGES, flaw, package};
use super::estate::{CLUSTERS, services};
use super::{documents, running};

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

#[test]
fn the_same_seed_gives_the_same_documents() {
    let bytes = |seed| documents(now(), seed).into_iter().map(|document| document.bytes).collect::<Vec<_>>();
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

#[test]
fn documents_arrive_in_order_and_none_in_the_future() {
    let documents = documents(now(), 1);
    assert!(documents.is_sorted_by_key(|document| document.at));
    assert!(documents.iter().all(|document| document.at <= now()));
}

#[test]
fn every_name_leads_to_something() {
    for package in PACKAGES {
        assert!(package.flaws.iter().all(|(id, _)| flaw(id).is_some()), "{}", package.key);
    }
    for service in services() {
        assert!(CLUSTERS.iter().any(|cluster| cluster.name == service.cluster), "{}", service.name);
        assert!(running(service, 0).is_some(), "{}", service.name);
        let packages = service.releases.iter().flat_map(|release| release.packages);
        for key in packages {
            assert!(package(key).is_some(), "{} names {key}", service.name);
        }
    }
}

#[test]
fn no_flaw_is_unused() {
    let used: BTreeSet<&str> =
        PACKAGES.iter().flat_map(|package| package.flaws.iter().map(|(id, _)| *id)).collect();
    let unused: Vec<&str> = FLAWS.iter().map(|flaw| flaw.id).filter(|id| !used.contains(id)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

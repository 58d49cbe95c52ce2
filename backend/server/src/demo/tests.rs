//! The demo's documents and runs before anything reads them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use domain::observation::Observation;
use formats::plimsoll_observations::End;

use super::catalogue::{FLAWS, PACKAGES, flaw, package};
use super::estate::{CLUSTERS, services};
use super::serverless::PLATFORMS;
use super::sources::{DemoRun, runs};
use super::{arrivals, documents, running};

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
    let arrivals = arrivals(now(), 1);
    assert!(arrivals.len() > documents.len() && arrivals.is_sorted_by_key(super::Arrival::at));
    assert!(arrivals.iter().all(|arrival| arrival.at() <= now()));
}

#[test]
fn the_same_seed_gives_the_same_runs() {
    let shown = |seed| format!("{:?}", runs(now(), seed));
    assert_eq!(shown(1), shown(1));
    assert_ne!(shown(1), shown(2));
}

#[test]
fn every_source_is_told_what_its_connector_takes() {
    // Whichever test comes first chooses it for the process.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    for DemoRun { source, .. } in runs(now(), 1) {
        let connector = connectors::by_kind(source.kind).unwrap();
        domain::source::validate(connector.about.fields, &source.values()).unwrap();
        assert!((connector.build)(&source.values()).is_ok(), "{}", source.name);
    }
}

#[test]
fn the_last_runs_show_every_cloud_and_what_was_in_the_way() {
    let last: Vec<DemoRun> =
        runs(now(), 1).into_iter().filter(|run| (now() - run.at).num_days() == 0).collect();
    for provider in ["aws", "azure", "gcp"] {
        let shown = |wanted: fn(&Observation) -> Option<&domain::account::Account>| {
            let all = last.iter().flat_map(|run| &run.scopes).flat_map(|(_, shown, _)| shown);
            all.filter_map(wanted).filter(|account| account.provider == provider).count()
        };
        let of = [
            shown(|one| if let Observation::Repository(one) = one { one.account.as_ref() } else { None }),
            shown(|one| if let Observation::Cluster(one) = one { one.account.as_ref() } else { None }),
            shown(|one| if let Observation::Workload(one) = one { one.account.as_ref() } else { None }),
        ];
        assert!(of.iter().all(|count| *count > 0), "{provider}: {of:?}");
    }
    let whole = last.iter().filter(|run| run.scopes.iter().all(|(.., end)| *end == End::Complete));
    assert_eq!(whole.filter(|run| run.plan.refusal.is_none()).count(), 2);
    assert_eq!(last.iter().filter(|run| run.plan.refusal.is_some()).count(), 1);
}

#[test]
fn a_provider_wants_as_many_nodes_as_its_cluster_lists() {
    for run in runs(now(), 1) {
        let shown = run.scopes.iter().flat_map(|(_, shown, _)| shown);
        for cluster in
            shown.filter_map(|one| if let Observation::Cluster(one) = one { Some(one) } else { None })
        {
            let groups = cluster.node_groups.iter().flatten().map(|group| group.wanted);
            // Google tells bounds only.
            let Some(wanted) = groups.sum::<Option<u32>>().filter(|wanted| *wanted > 0) else { continue };
            let listed = CLUSTERS.iter().find(|listed| listed.name == cluster.name).unwrap();
            assert_eq!(wanted, listed.nodes, "{}", cluster.name);
        }
    }
}

#[test]
fn every_name_leads_to_something() {
    for package in PACKAGES {
        assert!(package.flaws.iter().all(|(id, _)| flaw(id).is_some()), "{}", package.key);
    }
    for service in services() {
        let kubernetes = CLUSTERS.iter().any(|cluster| cluster.name == service.cluster);
        let serverless = PLATFORMS.iter().any(|platform| platform.cluster == service.cluster);
        assert!(kubernetes != serverless, "{}", service.name);
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

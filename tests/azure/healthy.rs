//! Images in which Defender finds nothing any more: what closes, and what stays open because nobody said so.

use std::collections::BTreeSet;

use domain::source::RunState;
use pipeline::sync::SyncSettings;
use serde_json::{Value, json};
use store::Store;
use store::test_support::on_each_database;
use tests::asked::{Collected, Source};
use tests::azure::{Azure, Estate};
use tests::cloud::Cloud;
use tests::sync;

/// What a finding of an image in a registry of Azure is of.
const IN_AZURE: &str = "AzureContainerRegistryVulnerability";

/// One subscription with few repositories.
fn world() -> Option<(Azure, Estate)> {
    Azure::seeded(&json!({ "plan": "tiny", "repositories": 5, "findings": 24, "attached": false }))
}

/// The digests of images in Azure's registries with findings, and of those that are said to have nothing.
fn digests(found: &Collected) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut dirty, mut clean) = (BTreeSet::new(), BTreeSet::new());
    for (bytes, provenance) in &found.documents {
        let document: Value = serde_json::from_slice(bytes).unwrap();
        let digest = provenance.image.as_ref().unwrap().digest.as_ref().unwrap().to_string();
        let rows = document["data"].as_array().unwrap().iter().map(|row| &row["properties"]);
        if rows.clone().any(|row| row["status"]["code"] == "Healthy") {
            clean.insert(digest);
        } else if rows.clone().any(|row| row["additionalData"]["assessedResourceType"] == IN_AZURE) {
            dirty.insert(digest);
        }
    }
    (dirty, clean)
}

#[test]
fn an_image_is_clean_where_defender_says_so_of_it_alone() {
    let Some((azure, estate)) = world() else { return };
    azure.set(&json!({ "page_cap": 4 }));
    let source = Source::of(&azure, &estate);
    let collect = || source.collect(&estate.subscriptions[0], "", "defender").complete();
    let (dirty, clean) = digests(&collect());
    assert!(dirty.len() > 3 && !clean.is_empty() && dirty.is_disjoint(&clean));
    let mut all = dirty.iter();
    let (mended, forgotten) = (all.next().unwrap(), all.next().unwrap());
    azure.fault(&json!({ "kind": "mend", "digest": mended }));
    azure.fault(&json!({ "kind": "forget", "digest": forgotten }));
    let found = collect();
    let (left, cleaner) = digests(&found);
    assert!(!left.contains(mended) && !left.contains(forgotten));
    assert!(cleaner.contains(mended), "Defender said so");
    assert!(!cleaner.contains(forgotten), "to say nothing of it is not to call it clean");
    let hosts: BTreeSet<_> =
        found.documents.iter().map(|(_, provenance)| &provenance.image.as_ref().unwrap().registry).collect();
    assert!(hosts.iter().any(|host| host.as_str() == "plimsoll1weu.azurecr.io"), "{hosts:?}");
}

#[test]
fn half_an_answer_calls_nothing_clean() {
    let Some((azure, estate)) = world() else { return };
    azure.set(&json!({ "page_cap": 4 }));
    azure.fault(&json!({ "kind": "error", "service": "graph", "after": 2, "status": 403, "code": "AuthorizationFailed" }));
    let found = Source::of(&azure, &estate).collect(&estate.subscriptions[0], "", "defender");
    assert!(found.outcome.is_err(), "{:?}", found.outcome);
    assert!(digests(&found).1.is_empty());
}

/// Open findings of an image, and those that Defender reports.
async fn open(store: &Store, digest: &str) -> i64 {
    let sql = format!(
        "SELECT COUNT(*) FROM findings f JOIN image_digests d ON d.image_id = f.image_id \
         WHERE d.digest = '{digest}' AND f.closed_at IS NULL"
    );
    store.number(&sql).await.unwrap()
}

#[test]
fn findings_of_an_image_that_became_clean_close_and_those_of_others_stay() {
    let Some((azure, estate)) = world() else { return };
    let (dirty, _) = digests(&Source::of(&azure, &estate).collect(&estate.subscriptions[0], "", "defender"));
    let mut dirty = dirty.into_iter();
    let (mended, forgotten, kept) = (dirty.next().unwrap(), dirty.next().unwrap(), dirty.next().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(on_each_database(async |store| {
        azure.heal();
        let leave_out: &[(&str, &[&str])] = &[("leave_out", &["acr-attached"])];
        let source = sync::Source::of(&store, (&azure, &estate), leave_out, SyncSettings::default()).await;
        let finished = source.sync().await;
        assert_eq!(finished.state, RunState::Complete, "{}", finished.message);
        let before = [open(&store, &mended).await, open(&store, &forgotten).await, open(&store, &kept).await];
        assert!(before.iter().all(|open| *open > 0), "{before:?}");
        azure.fault(&json!({ "kind": "mend", "digest": mended }));
        azure.fault(&json!({ "kind": "forget", "digest": forgotten }));
        azure.fault(
            &json!({ "kind": "error", "service": "graph", "status": 403, "code": "AuthorizationFailed" }),
        );
        let broken = source.sync().await;
        assert_eq!(open(&store, &mended).await, before[0], "nothing was answered: {}", broken.message);
        azure.heal();
        azure.fault(&json!({ "kind": "mend", "digest": mended }));
        azure.fault(&json!({ "kind": "forget", "digest": forgotten }));
        assert_eq!(source.sync().await.state, RunState::Complete);
        let after = [open(&store, &mended).await, open(&store, &forgotten).await, open(&store, &kept).await];
        assert_eq!(after, [0, before[1], before[2]], "only what was called clean closes");
        let reason = "SELECT COUNT(*) FROM findings WHERE closed_at IS NOT NULL AND closed_reason IS NULL";
        assert_eq!(store.number(reason).await.unwrap(), 0);
    }));
}

//! How what runs differs from what its registry holds: several digests under one tag, a tag that has moved since, a
//! digest that the repository no longer lists. Refuses to call anything drift where the platform of an image is not
//! known, or the last look at the repository was not whole.

use std::sync::LazyLock;

use crate::bulk::Given;
use crate::sources::SHOWN_BY;
use crate::{Error, Tx};

/// Another container of the workload runs another digest under the same name, on the same platform.
const MIXED: &str = "c.tag <> '' AND EXISTS (SELECT 1 FROM containers o JOIN images i ON i.id = o.image_id \
    WHERE o.workload_id = c.workload_id AND o.position <> c.position AND o.running > 0 AND o.image_id <> c.image_id \
    AND o.registry = c.registry AND o.repository = c.repository AND o.tag = c.tag \
    AND i.os = own.os AND i.architecture = own.architecture)";

/// The tag leads to another image of the same platform now.
const MOVED: &str = "c.tag <> '' AND NOT EXISTS (SELECT 1 FROM image_tags t WHERE t.registry = c.registry \
    AND t.repository = c.repository AND t.tag = c.tag AND t.ended_at IS NULL AND t.image_id = c.image_id) \
    AND EXISTS (SELECT 1 FROM image_tags t JOIN images i ON i.id = t.image_id WHERE t.registry = c.registry \
    AND t.repository = c.repository AND t.tag = c.tag AND t.ended_at IS NULL \
    AND i.os = own.os AND i.architecture = own.architecture)";

/// The last look at the repository was whole, or found it gone, and no registry holds the digest.
static UNLISTED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "EXISTS (SELECT 1 FROM repositories r WHERE r.registry = c.registry AND r.name = c.repository \
         AND (r.retired_at IS NOT NULL OR EXISTS (SELECT 1 FROM {SHOWN_BY} WHERE o.object = r.id \
         AND s.last_state = 'complete'))) AND NOT EXISTS (SELECT 1 FROM image_locations l \
         WHERE l.image_id = c.image_id AND l.removed_at IS NULL)"
    )
});

/// Marks the containers of some clusters; writes only rows that change.
///
/// # Errors
/// When the database cannot be written.
pub async fn mark(tx: &Tx, clusters: &[String]) -> Result<(), Error> {
    let sql = format!(
        "UPDATE containers SET drift = n.drift FROM (SELECT c.workload_id, c.position, \
         CASE WHEN own.id IS NULL OR c.running = 0 OR w.retired_at IS NOT NULL THEN '' WHEN {MIXED} THEN 'mixed' \
         WHEN {MOVED} THEN 'moved' WHEN {} THEN 'unlisted' ELSE '' END AS drift \
         FROM given JOIN workloads w ON w.cluster = given.key JOIN containers c ON c.workload_id = w.id \
         LEFT JOIN images own ON own.id = c.image_id) AS n \
         WHERE n.workload_id = containers.workload_id AND n.position = containers.position \
         AND n.drift <> containers.drift",
        *UNLISTED
    );
    tx.execute_given(Given::texts(clusters.iter().map(String::as_str)), &sql, vec![]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::scope::Viewer;

    use super::*;
    use crate::Store;
    use crate::connection::Value;
    use crate::list::{Page, Sort};
    use crate::seed;
    use crate::test_support::on_each_database;
    use crate::workloads::{Filter, list};

    /// The workloads that differ in this way.
    async fn drifting(store: &Store, how: &str) -> Vec<String> {
        let filter = Filter { drift: Some(how.to_owned()), ..Filter::default() };
        let page = Page::first(10);
        let listed =
            list(store, &Viewer::everything(), &filter, &Sort::ascending("name"), &page).await.unwrap();
        listed.rows.into_iter().map(|row| row.name).collect()
    }

    async fn run(store: &Store, statements: &[(&str, Vec<Value>)]) {
        let tx = store.begin().await.unwrap();
        for (sql, values) in statements {
            tx.execute(sql, values.clone()).await.unwrap();
        }
        mark(&tx, &["prod".to_owned()]).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn image(digest: &str) -> Value {
        crate::bulk::id(seed::image(digest))
    }

    #[tokio::test]
    async fn what_runs_is_held_against_what_its_registry_holds() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let (api, web) = (seed::workload("api"), seed::workload("web"));
            run(
                &store,
                &[
                    ("UPDATE containers SET registry = 'r', repository = name || position, tag = '1'", vec![]),
                    ("DELETE FROM image_locations", vec![]),
                    (
                        "INSERT INTO image_tags (registry, repository, tag, image_id, first_seen_at, last_seen_at) \
                         VALUES ('r', 'main0', '1', $1, 1, 1)",
                        vec![image(seed::WEB)],
                    ),
                ],
            )
            .await;
            assert_eq!(drifting(&store, "any").await, [""; 0], "no platform is known, and no repository");
            run(&store, &[("UPDATE images SET os = 'linux', architecture = 'amd64'", vec![])]).await;
            assert_eq!(drifting(&store, "moved").await, ["api", "batch"], "the tag is that of another image now");
            run(
                &store,
                &[
                    (
                        "INSERT INTO containers (workload_id, position, name, image, registry, repository, tag, image_id, \
                         running) VALUES ($1, 1, 'main', 'r/main0:1', 'r', 'main0', '1', $2, 1)",
                        vec![crate::bulk::id(api), image(seed::WEB)],
                    ),
                    (
                        "UPDATE repositories SET registry = 'r', name = 'main9'",
                        vec![],
                    ),
                    (
                        "UPDATE containers SET repository = 'main9', tag = '' WHERE workload_id = $1",
                        vec![crate::bulk::id(web)],
                    ),
                ],
            )
            .await;
            assert_eq!(drifting(&store, "mixed").await, ["api"]);
            assert_eq!(drifting(&store, "unlisted").await, [""; 0], "no look at the repository was whole");
            let (source, _) = seed::source(&store, "registry", "fake", 3).await.unwrap();
            let shown = |scope: &str| {
                let sql = "INSERT INTO source_objects (source_id, account, region, service, noun, object, key, \
                           fingerprint, first_seen_at) SELECT $1, $2, 'eu-central-1', 'ecr', 'repository', id, name, 0, 1 \
                           FROM repositories";
                (sql, vec![crate::bulk::id(source), scope.into()])
            };
            run(&store, &[shown("000000000001")]).await;
            assert_eq!(drifting(&store, "unlisted").await, [""; 0], "the look was in part");
            run(&store, &[shown("000000000002")]).await;
            assert_eq!(drifting(&store, "unlisted").await, ["web"]);
            assert_eq!(drifting(&store, "any").await, ["api", "batch", "web"]);
            let before = store.rows_written("containers");
            run(&store, &[]).await;
            assert_eq!(store.rows_written("containers"), before, "what is marked is not written again");
            run(&store, &[("UPDATE images SET architecture = 'arm64' WHERE id = $1", vec![image(seed::WEB)])]).await;
            assert_eq!(drifting(&store, "mixed").await, [""; 0], "each platform has a digest of its own");
        })
        .await;
    }
}

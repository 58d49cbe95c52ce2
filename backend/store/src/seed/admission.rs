//! What decides of admission to the seeded cluster `prod`, and a source that looked for it. Refuses to let it find any.

use super::{ago, insert};
use crate::bulk::id;
use crate::{Error, Store};

/// Writes a namespace that is enforced, and a webhook with a hostile name.
///
/// # Errors
/// When the database refuses it.
pub async fn admission(store: &Store) -> Result<(), Error> {
    let tx = store.begin().await?;
    for (kind, name, engine, effect, scope) in [
        ("ValidatingWebhookConfiguration", "<b>guard</b>", "kyverno/kyverno-svc", "ask", "pods on CREATE"),
        ("Namespace", "shop", "Pod Security", "enforce", "enforces restricted"),
    ] {
        let cells = vec![
            ("id", id(domain::id::ObjectId::derived(&[name.as_bytes()]))),
            ("cluster", "prod".into()),
            ("kind", kind.into()),
            ("name", name.into()),
            ("engine", engine.into()),
            ("effect", effect.into()),
            ("scope", scope.into()),
            ("last_seen_at", ago(1)),
        ];
        insert(&tx, "admission_policies", cells).await?;
    }
    tx.commit().await
}

/// Writes a source that has seen all that decides of admission to a cluster.
///
/// # Errors
/// When the database refuses it.
pub async fn looked(store: &Store, cluster: &str) -> Result<(), Error> {
    let tx = store.begin().await?;
    let source = || id(domain::id::ObjectId::derived(&[b"looks for admission"]));
    let cells = vec![
        ("id", source()),
        ("name", "clusters".into()),
        ("kind", "kubernetes".into()),
        ("origin", "page".into()),
        ("created_at", ago(3)),
        ("updated_at", ago(3)),
    ];
    insert(&tx, "sources", cells).await?;
    let cells = vec![
        ("source_id", source()),
        ("account", cluster.into()),
        ("region", "".into()),
        ("service", domain::admission::SERVICE.into()),
        ("last_complete_at", ago(1)),
    ];
    insert(&tx, "source_scopes", cells).await?;
    tx.commit().await
}

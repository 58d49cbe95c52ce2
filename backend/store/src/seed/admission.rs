//! What decides of admission to the seeded cluster `prod`. Refuses to say that all of it was looked at.

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

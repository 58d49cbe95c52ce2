//! The seeded estate spread over clouds: a workload, an account and a registry in each of two, one workload in a
//! third, the rest in none. Refuses to be complete: only one of them has a source.

use super::{API, WEB, ago, image, insert, workload};
use crate::bulk::id;
use crate::{Error, Store};

/// The account in AWS.
pub const ACCOUNT: &str = "111122223333";
/// The registry in AWS.
pub const REGISTRY: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

/// Moves parts of the estate into clouds; after [`super::estate`].
///
/// # Errors
/// When the database refuses it.
pub async fn clouds(store: &Store) -> Result<(), Error> {
    let tx = store.begin().await?;
    for (provider, account, name) in
        [("aws", ACCOUNT, Some("shop")), ("azure", "6d2f", None), ("gcp", "billing-prod", None)]
    {
        let row = vec![
            ("provider", provider.into()),
            ("id", account.into()),
            ("name", name.into()),
            ("first_seen_at", ago(30)),
        ];
        insert(&tx, "accounts", row).await?;
    }
    let sql = "UPDATE workloads SET provider = $1, account_id = $2 WHERE id = $3";
    for (provider, account, name) in
        [("aws", ACCOUNT, "api"), ("azure", "6d2f", "web"), ("gcp", "billing-prod", "batch")]
    {
        tx.execute(sql, vec![provider.into(), account.into(), id(workload(name))]).await?;
    }
    let sql = "UPDATE images SET registry = $1 WHERE id = $2";
    for (registry, digest) in [(REGISTRY, API), ("shop.azurecr.io", WEB)] {
        tx.execute(sql, vec![registry.into(), id(image(digest))]).await?;
    }
    for table in ["repositories", "image_locations"] {
        tx.execute(&format!("UPDATE {table} SET registry = $1"), vec![REGISTRY.into()]).await?;
    }
    let sql = "UPDATE repositories SET provider = 'aws', account_id = $1";
    tx.execute(sql, vec![ACCOUNT.into()]).await?;
    tx.commit().await
}

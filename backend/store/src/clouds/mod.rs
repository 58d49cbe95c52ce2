//! The clouds side by side: what each holds, what runs in it, how much of that is known. Accounts and
//! repositories are the lists behind the numbers.
//!
//! Refuses to put what names no provider into a cloud: it stands apart, under an empty name.

use std::sync::LazyLock;

use domain::cloud::CLOUDS;

mod accounts;
mod repositories;
mod summary;
#[cfg(test)]
mod tests;

pub use accounts::{AccountRow, Filter as AccountFilter, SORTS as ACCOUNT_SORTS, accounts};
pub use repositories::{
    Filter as RepositoryFilter, RepositoryRow, SORTS as REPOSITORY_SORTS, repositories, repository,
};
pub use summary::{Cloud, Freshness, clouds};

/// The provider whose registry has this host, as SQL over a column `registry`.
pub(crate) static CLOUD_OF_REGISTRY: LazyLock<String> = LazyLock::new(|| {
    let mut sql = String::from("CASE");
    for cloud in CLOUDS {
        let hosts: Vec<String> = cloud
            .registries
            .iter()
            .map(|host| format!("registry LIKE '{}'", host.replace('*', "%")))
            .collect();
        sql.push_str(&format!(" WHEN {} THEN '{}'", hosts.join(" OR "), cloud.provider));
    }
    sql + " ELSE '' END"
});

/// The words of all providers, as SQL.
pub(crate) fn providers() -> String {
    CLOUDS.map(|cloud| format!("'{}'", cloud.provider)).join(", ")
}

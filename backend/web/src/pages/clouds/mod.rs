//! The clouds side by side, the lists of accounts and repositories behind the numbers, and one repository. Refuses a number
//! without the list it counts, and a cloud nobody asked as an empty one.

use domain::cloud::cloud;

mod accounts;
mod line;
mod repositories;
mod repository;
mod show;
#[cfg(test)]
mod tests;

pub(crate) use accounts::{export as export_accounts, list as accounts};
pub(crate) use repositories::{export as export_repositories, list as repositories};
pub(crate) use repository::show as repository;
pub(crate) use show::{export, show};

/// What people call a provider.
fn title(provider: &str) -> &str {
    match cloud(provider) {
        Some(cloud) => cloud.title,
        None if provider.is_empty() => "No cloud named",
        None => provider,
    }
}

/// A provider as the value of a filter.
fn word(provider: &str) -> &str {
    if provider.is_empty() { super::listing::NONE } else { provider }
}

//! The clouds side by side: what each holds, what runs in it, how much of that is known. Accounts and
//! repositories are the lists behind the numbers.
//!
//! Refuses to put what names no provider into a cloud: it stands apart, under an empty name.

mod accounts;
mod repositories;
mod summary;
#[cfg(test)]
mod tests;

pub use accounts::{AccountRow, Filter as AccountFilter, SORTS as ACCOUNT_SORTS, accounts};
pub use repositories::{Filter as RepositoryFilter, RepositoryRow, SORTS as REPOSITORY_SORTS, repositories};
pub use summary::{Cloud, Freshness, clouds};

/// The provider whose registry has this host, as SQL over a column `registry`: the hosts that AWS (ECR and ECR
/// Public), Azure (ACR) and Google Cloud (Artifact Registry and what gcr.io became) hand out.
pub(crate) const CLOUD_OF_REGISTRY: &str = "CASE \
    WHEN registry LIKE '%.dkr.ecr.%' OR registry = 'public.ecr.aws' THEN 'aws' \
    WHEN registry LIKE '%.azurecr.io' OR registry LIKE '%.azurecr.cn' OR registry LIKE '%.azurecr.us' THEN 'azure' \
    WHEN registry LIKE '%.pkg.dev' OR registry = 'gcr.io' OR registry LIKE '%.gcr.io' THEN 'gcp' ELSE '' END";

//! Which scopes there are: subscriptions of the settings, of a management group or of the whole tenant, their
//! locations where some were named, the products. Refuses subscriptions that were deleted: nothing in them answers.

use std::collections::BTreeMap;

use domain::account::Account;
use domain::source::{Scope, Trial};
use serde::Deserialize;

use super::PROVIDER;
use super::ask::Ask;
use super::config::{Config, Subscriptions};
use super::place::last_part;
use super::service::{Places, Service};
use crate::{Failure, Plan};

/// What listing subscriptions takes.
pub(super) const SUBSCRIPTIONS: &str = "Microsoft.Resources/subscriptions/read";
/// What listing those below a management group takes.
pub(super) const DESCENDANTS: &str = "Microsoft.Management/managementGroups/descendants/read";

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Subscription {
    subscription_id: String,
    display_name: Option<String>,
    state: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Descendant {
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// The plan of a source; `ask` stands for the tenant.
///
/// # Errors
/// When there are no credentials, or the subscriptions cannot be listed.
pub(super) async fn plan(ask: &Ask<'_>) -> Result<Plan, Failure> {
    let accounts = accounts(ask).await?;
    let scopes = accounts.iter().flat_map(|account| scopes(ask.settings, &account.id)).collect();
    Ok(Plan { scopes, accounts, completeness: domain::source::Completeness::Complete })
}

/// Tries what finding subscriptions takes.
pub(super) async fn check(ask: &Ask<'_>) -> Vec<Trial> {
    let trial = |action: &str, outcome: Result<(), Failure>| Trial {
        action: action.to_owned(),
        scope: ask.caller.scope.clone(),
        refusal: outcome.err().map(|failure| failure.to_string()),
    };
    let mut trials = vec![trial(SUBSCRIPTIONS, seen(ask).await.map(drop))];
    if let Subscriptions::Below(group) = &ask.settings.subscriptions {
        trials.push(trial(DESCENDANTS, below(ask, group).await.map(drop)));
    }
    trials
}

/// The scopes of one subscription.
fn scopes(settings: &Config, subscription: &str) -> Vec<Scope> {
    let wanted = Service::wanted(&settings.leave_out);
    let everywhere = [String::new()];
    let regions = |service: &Service| {
        let named = service.places == Places::Located && !settings.locations.is_empty();
        if named { settings.locations.clone() } else { everywhere.to_vec() }
    };
    let of_service = |service: &'static Service| {
        let scope =
            |region| Scope { account: subscription.to_owned(), region, service: service.name.to_owned() };
        regions(service).into_iter().map(scope).collect::<Vec<_>>()
    };
    wanted.flat_map(of_service).collect()
}

async fn accounts(ask: &Ask<'_>) -> Result<Vec<Account>, Failure> {
    let seen = seen(ask).await?;
    let ids = match &ask.settings.subscriptions {
        Subscriptions::Seen => seen.keys().cloned().collect(),
        Subscriptions::Listed(ids) => ids.clone(),
        Subscriptions::Below(group) => below(ask, group).await?,
    };
    let account = |id: String| {
        let name = seen.get(&id).cloned().flatten();
        Account { provider: PROVIDER.to_owned(), id, name }
    };
    Ok(ids.into_iter().map(account).collect())
}

/// The subscriptions that the credentials see, by id, with their names.
async fn seen(ask: &Ask<'_>) -> Result<BTreeMap<String, Option<String>>, Failure> {
    let told: Vec<Subscription> = ask.list(SUBSCRIPTIONS, "/subscriptions", "2022-12-01").await?;
    let alive = told.into_iter().filter(|one| one.state != "Deleted");
    Ok(alive.map(|one| (one.subscription_id.to_ascii_lowercase(), one.display_name)).collect())
}

async fn below(ask: &Ask<'_>, group: &str) -> Result<Vec<String>, Failure> {
    let path = format!("/providers/Microsoft.Management/managementGroups/{group}/descendants");
    let told: Vec<Descendant> = ask.list(DESCENDANTS, &path, "2020-05-01").await?;
    let subscriptions = told.iter().filter(|one| one.kind.to_ascii_lowercase().ends_with("/subscriptions"));
    let mut ids: Vec<String> = subscriptions.map(|one| last_part(&one.id).to_ascii_lowercase()).collect();
    ids.sort();
    ids.dedup();
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use domain::source::Values;

    use super::*;

    #[test]
    fn scopes_are_products_and_locations_where_some_were_named() {
        let told = |told: &[(&str, &[&str])]| {
            let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
            let values: Values =
                told.iter().map(|(name, lines)| ((*name).to_owned(), owned(lines))).collect();
            scopes(&Config::read(&values).unwrap(), "1").iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let left: &[&str] = &["acr", "acr-attached", "aks", "container-apps", "web-apps"];
        assert_eq!(told(&[("leave_out", left)]), ["1 / aci", "1 / defender"]);
        let here: &[&str] = &["westeurope", "EastUS"];
        assert_eq!(
            told(&[("leave_out", left), ("locations", here)]),
            ["1 / westeurope / aci", "1 / eastus / aci", "1 / defender"]
        );
    }
}

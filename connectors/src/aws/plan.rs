//! Which scopes there are: accounts of the settings or the organisation, their regions, the services. Refuses
//! to call the list complete when an account could not be asked for its regions.

use domain::account::Account;
use domain::source::{Scope, Trial};
use futures_util::{StreamExt, stream};

use super::config::Accounts;
use super::service::Service;
use super::sessions::Sessions;
use super::{PROVIDER, organizations, regions};
use crate::missing::Missing;
use crate::{Context, Failure, Plan};

/// Accounts that are entered at once.
const AT_ONCE: usize = 8;

/// The plan of a source.
///
/// # Errors
/// When there are no credentials, the organisation cannot be listed, or no account can be entered.
pub(super) async fn plan(sessions: &Sessions, context: &Context) -> Result<Plan, Failure> {
    let accounts = accounts(sessions, context).await?;
    let ids: Vec<String> = accounts.iter().map(|account| account.id.clone()).collect();
    let asked = stream::iter(ids)
        .map(|id| async move { (regions_of(sessions, &id, context).await, id) })
        .buffered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let (mut scopes, mut missing, mut first) = (Vec::new(), Missing::default(), None);
    for (regions, id) in asked {
        match regions {
            Ok(regions) => scopes.extend(
                Service::wanted(&sessions.settings().leave_out)
                    .flat_map(|service| scopes_of(service, &id, &regions)),
            ),
            Err(Failure::Cancelled) => return Err(Failure::Cancelled),
            Err(failure) => {
                missing.note(&failure);
                first.get_or_insert(failure);
            }
        }
    }
    match first {
        Some(failure) if scopes.is_empty() => Err(failure),
        _ => Ok(Plan { scopes, accounts, completeness: missing.completeness() }),
    }
}

/// Tries what finding accounts and regions takes.
pub(super) async fn check(sessions: &Sessions, context: &Context) -> Vec<Trial> {
    let trial = |action: &str, scope: Scope, refusal: Option<Failure>| Trial {
        action: action.to_owned(),
        scope,
        refusal: refusal.map(|failure| failure.to_string()),
    };
    let own = match sessions.own_account(context).await {
        Ok(own) => own,
        Err(failure) => return vec![trial("sts:GetCallerIdentity", whole(""), Some(failure))],
    };
    let mut trials = Vec::new();
    let listed = accounts(sessions, context).await;
    if sessions.settings().accounts == Accounts::Organisation {
        trials.push(trial("organizations:ListAccounts", whole(&own), listed.as_ref().err().cloned()));
    }
    for account in listed.unwrap_or_default() {
        let scope = whole(&account.id);
        let entered = sessions.enter(&scope, context).await;
        if account.id != own {
            trials.push(trial("sts:AssumeRole", scope.clone(), entered.as_ref().err().cloned()));
        }
        if entered.is_ok() && sessions.settings().regions.is_empty() {
            let told = regions_of(sessions, &account.id, context).await;
            trials.push(trial("account:ListRegions", scope, told.err()));
        }
    }
    trials
}

/// The scope of what is asked once for an account.
fn whole(account: &str) -> Scope {
    Scope { account: account.to_owned(), region: String::new(), service: "account".to_owned() }
}

async fn accounts(sessions: &Sessions, context: &Context) -> Result<Vec<Account>, Failure> {
    let own = sessions.own_account(context).await?;
    let nameless = |id: &String| Account { provider: PROVIDER.to_owned(), id: id.clone(), name: None };
    match &sessions.settings().accounts {
        Accounts::Own => Ok(vec![nameless(&own)]),
        Accounts::Listed(ids) => Ok(ids.iter().map(nameless).collect()),
        Accounts::Organisation => {
            let entered = sessions.enter(&whole(&own), context).await?;
            organizations::accounts(&entered).await
        }
    }
}

async fn regions_of(sessions: &Sessions, account: &str, context: &Context) -> Result<Vec<String>, Failure> {
    if !sessions.settings().regions.is_empty() {
        return Ok(sessions.settings().regions.clone());
    }
    let entered = sessions.enter(&whole(account), context).await?;
    regions::enabled(&entered).await
}

fn scopes_of(service: &Service, account: &str, regions: &[String]) -> Vec<Scope> {
    let scope = |region| Scope { account: account.to_owned(), region, service: service.name.to_owned() };
    service.places.among(regions).into_iter().map(scope).collect()
}

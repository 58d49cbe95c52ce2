//! The accounts of an organisation. Refuses suspended ones: nothing in them answers.

use aws_sdk_organizations::types::AccountState;
use domain::account::Account;

use super::{Ask, PROVIDER};
use crate::Failure;
use crate::paging::Pages;

const ACTION: &str = "organizations:ListAccounts";

/// Every active account.
///
/// # Errors
/// When the list cannot be read to its end.
pub(super) async fn accounts(ask: &Ask<'_>) -> Result<Vec<Account>, Failure> {
    let client = aws_sdk_organizations::Client::new(&ask.sdk);
    let (mut accounts, mut pages, mut token) = (Vec::new(), Pages::default(), None::<String>);
    loop {
        let send = || client.list_accounts().max_results(20).set_next_token(token.clone()).send();
        let page = ask.call(ACTION, send).await?;
        let active = page.accounts.into_iter().flatten().filter(is_active);
        accounts.extend(active.filter_map(|account| {
            Some(Account { provider: PROVIDER.to_owned(), id: account.id?, name: account.name })
        }));
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(accounts);
        }
    }
}

/// By its state, or by the older status where a partition does not tell the state.
fn is_active(account: &aws_sdk_organizations::types::Account) -> bool {
    if let Some(state) = &account.state {
        return *state == AccountState::Active;
    }
    account.status.as_ref().is_none_or(|status| status.as_str() == "ACTIVE")
}

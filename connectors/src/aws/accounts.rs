//! Whose calls are made: the credentials' own account, the accounts listed in settings, or those of the
//! organisation, each by its role. Refuses an account that is suspended or closing: nothing runs there.

use std::collections::HashMap;

use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_organizations::types::AccountState;
use aws_smithy_types::retry::RetryConfig;
use domain::account::Account;
use tokio::sync::Mutex;

use super::config::Config;
use super::{Ask, PROVIDER};
use crate::Failure;
use crate::paging::Pages;

/// Region for calls that belong to none.
pub(super) const HOME: &str = "us-east-1";

/// SDK settings by account.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    known: Mutex<HashMap<String, SdkConfig>>,
}

impl Accounts {
    /// Settings for calls in an account and region. An empty account is that of the credentials.
    pub(super) async fn sdk(&self, config: &Config, account: &str, region: &str) -> SdkConfig {
        let mut known = self.known.lock().await;
        if !known.contains_key("") {
            known.insert(String::new(), ambient(config).await);
        }
        let base = known.get("").cloned().unwrap_or_else(|| SdkConfig::builder().build());
        let sdk = match (&config.role, account) {
            (Some(role), account) if !account.is_empty() => match known.get(account) {
                Some(sdk) => sdk.clone(),
                None => {
                    let sdk = assumed(config, &base, role, account).await;
                    known.insert(account.to_owned(), sdk.clone());
                    sdk
                }
            },
            _ => base,
        };
        sdk.to_builder().region(Region::new(region.to_owned())).build()
    }
}

async fn ambient(config: &Config) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).retry_config(RetryConfig::disabled());
    if let Some(profile) = &config.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &config.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    let region = config.regions.first().map_or(HOME, String::as_str);
    loader.region(Region::new(region.to_owned())).load().await
}

async fn assumed(config: &Config, base: &SdkConfig, role: &str, account: &str) -> SdkConfig {
    let arn = format!("arn:{}:iam::{account}:role/{role}", partition(config));
    let mut provider = AssumeRoleProvider::builder(arn).session_name(&config.session_name).configure(base);
    if let Some(external_id) = &config.external_id {
        provider = provider.external_id(external_id);
    }
    let provider = SharedCredentialsProvider::new(provider.build().await);
    base.to_builder().credentials_provider(provider).build()
}

/// The partition of the regions asked: ARNs begin with it.
fn partition(config: &Config) -> &'static str {
    match config.regions.first().map(String::as_str) {
        Some(region) if region.starts_with("cn-") => "aws-cn",
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
        Some(region) if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}

/// The account of the credentials.
pub(super) async fn own(ask: &Ask<'_>) -> Result<Account, Failure> {
    let client = aws_sdk_sts::Client::new(&ask.sdk);
    let answer = ask.call("sts:GetCallerIdentity", || client.get_caller_identity().send()).await?;
    Ok(Account { provider: PROVIDER.to_owned(), id: answer.account.unwrap_or_default(), name: None })
}

/// The active accounts of the organisation.
pub(super) async fn of_organisation(ask: &Ask<'_>) -> Result<Vec<Account>, Failure> {
    const ACTION: &str = "organizations:ListAccounts";
    let client = aws_sdk_organizations::Client::new(&ask.sdk);
    let (mut accounts, mut pages, mut token) = (Vec::new(), Pages::default(), None::<String>);
    loop {
        let page = ask.call(ACTION, || client.list_accounts().set_next_token(token.clone()).send()).await?;
        for account in page.accounts.unwrap_or_default() {
            let active = account.state.is_none_or(|state| state == AccountState::Active);
            if let (true, Some(id)) = (active, account.id) {
                accounts.push(Account { provider: PROVIDER.to_owned(), id, name: account.name });
            }
        }
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(accounts);
        }
    }
}

/// The regions that are enabled in the account.
pub(super) async fn regions(ask: &Ask<'_>) -> Result<Vec<String>, Failure> {
    use aws_sdk_account::types::RegionOptStatus::{Enabled, EnabledByDefault};
    const ACTION: &str = "account:ListRegions";
    let client = aws_sdk_account::Client::new(&ask.sdk);
    let (mut regions, mut pages, mut token) = (Vec::new(), Pages::default(), None::<String>);
    loop {
        let list = || {
            let request = client.list_regions().region_opt_status_contains(Enabled);
            request.region_opt_status_contains(EnabledByDefault).set_next_token(token.clone()).send()
        };
        let page = ask.call(ACTION, list).await?;
        regions.extend(page.regions.unwrap_or_default().into_iter().filter_map(|region| region.region_name));
        token = ask.next(ACTION, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(regions);
        }
    }
}

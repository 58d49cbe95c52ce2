//! Credentials: the ambient chain for the own account, an assumed role for every other, each kept until it is
//! about to end. Refuses to hand a key to anything but the library that signs with it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::identity::IdentityCache;
use aws_config::meta::region::RegionProviderChain;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use domain::account::Account;
use domain::source::Scope;
use tokio::sync::{OnceCell, Semaphore};

use super::PROVIDER;
use super::client::{Ask, Caller};
use super::config::Config;
use super::partition::Partition;
use super::place::Place;
use crate::pace::Pace;
use crate::{Context, Failure};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// A session is renewed this long before it ends.
const MARGIN: Duration = Duration::from_secs(300);

/// The credentials of one source.
#[derive(Debug)]
pub(super) struct Sessions {
    settings: Config,
    /// Credentials to use instead of the ambient ones.
    given: Option<SharedCredentialsProvider>,
    base: OnceCell<Base>,
    own: OnceCell<Identity>,
    members: Mutex<HashMap<String, Arc<Member>>>,
    whole: OnceCell<Arc<Semaphore>>,
}

/// What every account and region begins with.
#[derive(Debug)]
struct Base {
    /// Ambient settings and credentials.
    sdk: SdkConfig,
    /// The connections of all clients, for calls that no library makes.
    connections: SharedHttpConnector,
}

/// Whose the ambient credentials are.
#[derive(Debug)]
struct Identity {
    account: String,
    /// `arn:aws:sts::111122223333:assumed-role/plimsoll/i-0123`.
    arn: String,
}

impl Sessions {
    /// Nothing is asked before it is needed.
    pub(super) fn new(settings: Config, given: Option<SharedCredentialsProvider>) -> Self {
        Self {
            settings,
            given,
            base: OnceCell::new(),
            own: OnceCell::new(),
            members: Mutex::default(),
            whole: OnceCell::new(),
        }
    }

    /// The settings.
    pub(super) fn settings(&self) -> &Config {
        &self.settings
    }

    /// The partition, by the first region of the settings or that of the environment.
    pub(super) async fn partition(&self) -> Partition {
        let base = &self.base().await.sdk;
        let ambient = base.region().map(Region::as_ref).unwrap_or_default();
        Partition::of(self.settings.regions.first().map_or(ambient, String::as_str))
    }

    /// The account of the credentials.
    ///
    /// # Errors
    /// When there are none that AWS accepts.
    pub(super) async fn own_account(&self, context: &Context) -> Result<String, Failure> {
        self.identity(context).await.map(|own| own.account.clone())
    }

    /// The user or role as whom an account is entered, as policies of others name it:
    /// `arn:aws:iam::111122223333:role/plimsoll`. The path of a role that the machine has is not known.
    ///
    /// # Errors
    /// As [`Sessions::own_account`].
    pub(super) async fn principal(&self, account: &str, context: &Context) -> Result<String, Failure> {
        let own = self.identity(context).await?;
        if own.account == account {
            return Ok(principal_of(&own.arn));
        }
        let partition = self.partition().await.name;
        Ok(role_arn(partition, account, self.settings.role.as_deref().unwrap_or_default()))
    }

    async fn identity(&self, context: &Context) -> Result<&Identity, Failure> {
        let asked = self.own.get_or_try_init(|| async {
            let sdk = self.sdk_at(self.partition().await.home).await;
            let scope = Scope { account: String::new(), region: String::new(), service: "sts".to_owned() };
            let caller = self.caller(scope, context, "the credentials in use".to_owned()).await;
            let client = aws_sdk_sts::Client::new(&sdk);
            let action = "sts:GetCallerIdentity";
            let identity = caller.call(action, || client.get_caller_identity().send()).await?;
            let account = identity.account.ok_or_else(|| Failure::Unreadable {
                action: action.to_owned(),
                scope: caller.scope.clone(),
                detail: "an identity without account".to_owned(),
            })?;
            Ok::<_, Failure>(Identity { account, arn: identity.arn.unwrap_or_default() })
        });
        asked.await
    }

    /// Enters the account and region of a scope.
    ///
    /// # Errors
    /// When the role there cannot be assumed, or there are no credentials at all.
    pub(super) async fn enter<'a>(&'a self, scope: &Scope, context: &'a Context) -> Result<Ask<'a>, Failure> {
        let own = self.own_account(context).await?;
        let region = if scope.region.is_empty() { self.partition().await.home } else { &scope.region };
        let mut sdk = self.sdk_at(region).await;
        let mut grantee = format!("the credentials in use in account {own}");
        if own != scope.account {
            let renewed = self.renewed(&scope.account, context).await;
            renewed.current().await?;
            grantee.clone_from(&renewed.caller.grantee);
            sdk = sdk
                .into_builder()
                .credentials_provider(SharedCredentialsProvider::new(renewed))
                .identity_cache(IdentityCache::no_cache())
                .build();
        }
        let caller = self.caller(scope.clone(), context, grantee).await;
        let account = Account { provider: PROVIDER.to_owned(), id: scope.account.clone(), name: None };
        let place = Place { account, region: scope.region.clone(), rules: self.settings.rules.clone() };
        let connections = self.base().await.connections.clone();
        Ok(Ask { sdk, connections, place, context, settings: &self.settings, caller })
    }

    async fn caller(&self, scope: Scope, context: &Context, grantee: String) -> Caller {
        let whole =
            self.whole.get_or_init(|| async { Arc::new(Semaphore::new(context.concurrency.max(1))) }).await;
        Caller {
            scope,
            grantee,
            pace: Arc::new(Pace::new(context.concurrency)),
            whole: Arc::clone(whole),
            context: context.clone(),
        }
    }

    async fn sdk_at(&self, region: &str) -> SdkConfig {
        let base = &self.base().await.sdk;
        base.to_builder().region(Region::new(region.to_owned())).build()
    }

    async fn base(&self) -> &Base {
        self.base.get_or_init(|| load(&self.settings, self.given.clone())).await
    }

    async fn renewed(&self, account: &str, context: &Context) -> Renewed {
        let partition = self.partition().await;
        let region = self.settings.regions.first().map_or(partition.home, String::as_str);
        let scope = Scope { account: account.to_owned(), region: String::new(), service: "sts".to_owned() };
        let role = self.settings.role.as_deref().unwrap_or_default();
        let sdk = self.sdk_at(region).await;
        let mut caller = self.caller(scope, context, format!("role `{role}` of account {account}")).await;
        // A session that is renewed in the midst of a call must not wait for that call's own leave.
        caller.whole = Arc::new(Semaphore::new(1));
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let made = members.entry(account.to_owned()).or_insert_with(|| {
            Arc::new(Member {
                arn: role_arn(partition.name, account, role),
                external_id: self.settings.external_id.clone(),
                session_name: self.settings.session_name.clone(),
                client: aws_sdk_sts::Client::new(&sdk),
                kept: tokio::sync::Mutex::new(None),
            })
        });
        Renewed { member: Arc::clone(made), caller }
    }
}

fn role_arn(partition: &str, account: &str, role: &str) -> String {
    format!("arn:{partition}:iam::{account}:role/{role}")
}

/// The role of a session, or the user as it is.
fn principal_of(arn: &str) -> String {
    let mut parts = arn.splitn(6, ':');
    let (partition, account) = (parts.nth(1), parts.nth(2));
    let role = parts.next().and_then(|rest| rest.strip_prefix("assumed-role/")?.split('/').next());
    match (partition, account, role) {
        (Some(partition), Some(account), Some(role)) => role_arn(partition, account, role),
        _ => arn.to_owned(),
    }
}

/// The ambient chain with one set of connections for everything; asking again is ours.
async fn load(settings: &Config, given: Option<SharedCredentialsProvider>) -> Base {
    let home = settings.regions.first().map_or("us-east-1", |region| Partition::of(region).home);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(RegionProviderChain::default_provider().or_else(Region::new(home)))
        .retry_config(RetryConfig::disabled());
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &settings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if let Some(given) = given {
        loader = loader.credentials_provider(given);
    }
    let sdk = loader.load().await;
    let connections = connections(&sdk);
    Base { sdk: sdk.into_builder().http_client(client(connections.clone())).build(), connections }
}

/// One set of connections for every client: each would keep its own otherwise. A proxy named by the
/// environment is used.
fn connections(sdk: &SdkConfig) -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
    let mut connector =
        Connector::builder().connector_settings(settings).proxy_config(ProxyConfig::from_env());
    connector.set_sleep_impl(sdk.sleep_impl());
    let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
    SharedHttpConnector::new(connector.tls_provider(provider).build())
}

/// The same connections, whatever a client of the library asks for.
fn client(connections: SharedHttpConnector) -> SharedHttpClient {
    http_client_fn(move |_, _| connections.clone())
}

/// An account that is entered by assuming a role.
struct Member {
    arn: String,
    external_id: Option<String>,
    session_name: String,
    client: aws_sdk_sts::Client,
    kept: tokio::sync::Mutex<Option<Credentials>>,
}

/// The credentials of an account, renewed when they are about to end.
struct Renewed {
    member: Arc<Member>,
    caller: Caller,
}

impl Renewed {
    /// Credentials that will last a while yet. One caller renews them, the others wait for it.
    async fn current(&self) -> Result<Credentials, Failure> {
        let mut kept = self.member.kept.lock().await;
        let soon = SystemTime::now() + MARGIN;
        if let Some(credentials) = kept.as_ref().filter(|kept| kept.expiry().is_none_or(|end| end > soon)) {
            return Ok(credentials.clone());
        }
        let action = "sts:AssumeRole";
        let send = || {
            let Member { client, arn, session_name, external_id, .. } = &*self.member;
            let request = client.assume_role().role_arn(arn).role_session_name(session_name);
            request.set_external_id(external_id.clone()).send()
        };
        let told = self.caller.call(action, send).await?.credentials.ok_or_else(|| Failure::Unreadable {
            action: action.to_owned(),
            scope: self.caller.scope.clone(),
            detail: "an assumed role without credentials".to_owned(),
        })?;
        let ends = SystemTime::try_from(told.expiration).ok();
        let credentials = Credentials::new(
            told.access_key_id,
            told.secret_access_key,
            Some(told.session_token),
            ends,
            "assumed role",
        );
        *kept = Some(credentials.clone());
        Ok(credentials)
    }
}

impl ProvideCredentials for Renewed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.current().await.map_err(CredentialsError::provider_error)
        })
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Member({})", self.arn)
    }
}

impl fmt::Debug for Renewed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.member.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::principal_of;

    #[test]
    fn a_session_is_told_by_its_role() {
        let session = "arn:aws-cn:sts::111122223333:assumed-role/plimsoll/i-0123";
        assert_eq!(principal_of(session), "arn:aws-cn:iam::111122223333:role/plimsoll");
        for other in ["arn:aws:iam::111122223333:user/ops/plimsoll", "arn:aws:iam::1:root", "", "arn"] {
            assert_eq!(principal_of(other), other);
        }
    }
}

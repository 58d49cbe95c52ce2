//! Clusters as they are entered: address and authority as EKS describes them, a token of the credentials that describe
//! them. Refuses clusters that are being made or deleted: nothing answers there.

use std::sync::Arc;
use std::time::SystemTime;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_eks::Client;
use aws_sdk_eks::types::{Cluster as Described, ClusterStatus};
use domain::source::{Problem, Scope, Values};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use tokio::sync::Mutex;

use super::collect::{AT_ONCE, DESCRIBE, names};
use super::{SERVICE, token};
use crate::aws::config::Config;
use crate::aws::connector::Aws;
use crate::aws::plan;
use crate::aws::sessions::Sessions;
use crate::door::{Advice, Cloud, Doors, Entry, Key, Way};
use crate::service::all_but;
use crate::token::{Hidden, Kept};
use crate::{Context, Failure};

/// Regions that are asked at once.
const REGIONS_AT_ONCE: usize = 8;
/// The policy of EKS that lets everything be read.
const POLICY: &str = "AmazonEKSAdminViewPolicy";

/// The clusters of the accounts and regions of some settings.
struct Eks(Arc<Sessions>);

/// What opens one cluster.
struct Opens {
    sessions: Arc<Sessions>,
    /// Where it is.
    scope: Scope,
    /// Its name.
    cluster: String,
    kept: Mutex<Option<Kept>>,
}

/// The clusters that a source of these settings would list.
///
/// # Errors
/// When the settings contradict each other.
pub(crate) fn cloud(values: &Values) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    with(values, None)
}

/// The same with the key of an account of an emulator and its secret, in a list.
///
/// # Errors
/// As [`cloud`].
#[cfg(feature = "test-support")]
pub(crate) fn cloud_with_key(
    values: &Values,
    key: &serde_json::Value,
) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    let word = |place: usize| key.get(place).and_then(|word| word.as_str()).unwrap_or_default();
    let credentials = aws_credential_types::Credentials::new(word(0), word(1), None, None, "a test");
    with(values, Some(SharedCredentialsProvider::new(credentials)))
}

fn with(values: &Values, given: Option<SharedCredentialsProvider>) -> Result<Box<dyn Cloud>, Vec<Problem>> {
    let settings = Config { leave_out: all_but::<Aws>(SERVICE.name), ..Config::read(values)? };
    Ok(Box::new(Eks(Arc::new(Sessions::new(settings, given)))))
}

impl Cloud for Eks {
    fn doors<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Doors, Failure>> {
        Box::pin(async move {
            let sessions = &self.0;
            let plan = plan::plan(sessions, context).await?;
            let places = stream::iter(plan.scopes)
                .map(|scope| async move { of_place(sessions, scope, context).await })
                .buffered(REGIONS_AT_ONCE)
                .collect::<Vec<_>>()
                .await;
            Doors::joined(plan.completeness, places)
        })
    }
}

/// The clusters of one account and region.
async fn of_place(sessions: &Arc<Sessions>, scope: Scope, context: &Context) -> Result<Doors, Failure> {
    let ask = &sessions.enter(&scope, context).await?;
    let client = &Client::new(&ask.sdk);
    let names = names(ask, client).await?;
    let principal = sessions.principal(&scope.account, context).await?;
    let described = stream::iter(names).map(|name| async move {
        let answer = ask.call(DESCRIBE, || client.describe_cluster().name(&name).send()).await;
        (name, answer)
    });
    let (mut described, mut doors) = (described.buffered(AT_ONCE), Doors::default());
    while let Some((name, answer)) = described.next().await {
        let Some(told) = doors.missing.without(answer)?.and_then(|answer| answer.cluster) else { continue };
        if matches!(told.status(), Some(ClusterStatus::Creating | ClusterStatus::Deleting)) {
            continue;
        }
        let advice = Arc::new(advice(&told, &name, &principal));
        let called = ask.place.cluster("eks", &name);
        let (sessions, scope) = (Arc::clone(sessions), scope.clone());
        let key = Arc::new(Opens { sessions, scope, cluster: name, kept: Mutex::default() });
        doors.add(called, way(&told), Entry { key, advice });
    }
    Ok(doors)
}

/// Where it answers.
fn way(told: &Described) -> Result<Way, String> {
    let server = told.endpoint().ok_or("EKS tells no endpoint of it")?;
    let authority = told.certificate_authority().and_then(|authority| authority.data());
    Way::new(server, Some(authority.ok_or("EKS tells no certificate authority of it")?))
}

/// What to do where it is not entered.
fn advice(told: &Described, name: &str, principal: &str) -> Advice {
    let public = told.resources_vpc_config().is_some_and(|endpoint| endpoint.endpoint_public_access());
    let inside = "run `plimsoll collect` where its network is reached";
    Advice {
        unknown: format!(
            "the cluster {name} has no access entry for {principal}; create one, and associate the access policy \
             {POLICY} with it, or a Kubernetes group that a ClusterRoleBinding gives the role of the handbook"
        ),
        denied: format!("associate the access policy {POLICY} with the access entry of {principal}"),
        unreached: if public {
            format!("let the address of this machine into its public access CIDRs, or {inside}")
        } else {
            format!("its endpoint is private: {inside}")
        },
    }
}

impl Key for Opens {
    fn token<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Arc<Hidden>, Failure>> {
        Box::pin(async move {
            let mut kept = self.kept.lock().await;
            if let Some(known) = kept.as_ref().filter(|known| known.is_fresh()) {
                return Ok(Arc::clone(&known.token));
            }
            let made = self.made(context).await?;
            let token = Arc::clone(&made.token);
            *kept = Some(made);
            Ok(token)
        })
    }

    fn refused<'a>(&'a self, token: &'a Hidden) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let mut kept = self.kept.lock().await;
            if kept.as_ref().is_some_and(|known| *known.token == *token) {
                *kept = None;
            }
        })
    }
}

impl Opens {
    /// A token that is signed now.
    async fn made(&self, context: &Context) -> Result<Kept, Failure> {
        let ask = self.sessions.enter(&self.scope, context).await?;
        let refused = |remedy: String| Failure::Unauthenticated { scope: self.scope.clone(), remedy };
        let provider =
            ask.sdk.credentials_provider().ok_or_else(|| refused("no credentials are set".to_owned()))?;
        let credentials = provider.provide_credentials().await.map_err(|error| refused(error.to_string()))?;
        token::kept(credentials, &self.scope.region, &self.cluster, SystemTime::now())
            .map_err(|error| refused(format!("no token for the cluster can be signed: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_eks::types::{Certificate, VpcConfigResponse};

    use super::*;

    fn described(public: bool) -> Described {
        let endpoint = VpcConfigResponse::builder().endpoint_public_access(public).build();
        Described::builder().name("shop").resources_vpc_config(endpoint).build()
    }

    #[test]
    fn a_cluster_answers_where_eks_says_with_the_authority_that_it_names() {
        let mut told = described(true);
        assert_eq!(way(&told).err().as_deref(), Some("EKS tells no endpoint of it"));
        told.endpoint = Some("https://A1.gr7.eu-west-1.eks.amazonaws.com".to_owned());
        assert_eq!(way(&told).err().as_deref(), Some("EKS tells no certificate authority of it"));
        told.certificate_authority = Some(Certificate::builder().data("Q0E=").build());
        let found = way(&told).unwrap();
        assert_eq!(found.server, "https://A1.gr7.eu-west-1.eks.amazonaws.com");
        assert_eq!(found.authority.as_deref(), Some("Q0E="));
    }

    #[test]
    fn what_to_do_names_the_one_who_needs_it() {
        let role = "arn:aws:iam::111122223333:role/PlimsollReader";
        let told = advice(&described(false), "shop", role);
        assert!(
            told.unknown.starts_with(&format!("the cluster shop has no access entry for {role}; create one"))
        );
        assert!(told.denied.ends_with(&format!("AmazonEKSAdminViewPolicy with the access entry of {role}")));
        assert!(told.unreached.starts_with("its endpoint is private: run `plimsoll collect`"));
        assert!(advice(&described(true), "shop", role).unreached.contains("public access CIDRs"));
    }
}

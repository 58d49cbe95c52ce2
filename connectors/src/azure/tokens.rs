//! Tokens of the directory, each kept until it is about to end. One caller renews, the others wait for it. Refuses
//! to hand a token to anyone but the door that it was made out to.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::client::Caller;
use super::credential::{Credential, Giver};
use crate::Failure;
use crate::http::Request;
use crate::token::{Hidden, Kept};

/// How calls for tokens are named in sentences.
const ACTION: &str = "sign-in";
/// How long `az` may take.
const COMMAND: Duration = Duration::from_secs(30);
/// How long the service of a machine may take: where there is none, nothing answers.
const MACHINE: Duration = Duration::from_secs(3);
/// How somebody else's token is presented.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The tokens of a source.
#[derive(Debug)]
pub(super) struct Tokens {
    ways: Result<Vec<Credential>, String>,
    authority: String,
    kept: Mutex<HashMap<String, Kept>>,
}

/// A token as the directory, a machine and a sidecar give it.
#[derive(Deserialize)]
struct Given {
    access_token: String,
    /// Seconds, as a number or as text.
    #[serde(default)]
    expires_in: Value,
}

/// A token as `az` prints it.
#[derive(Deserialize)]
struct Printed {
    #[serde(rename = "accessToken")]
    access_token: String,
    /// Seconds since 1970; older ones print only the local time.
    #[serde(default)]
    expires_on: Option<i64>,
}

impl Tokens {
    /// Nothing is asked before it is needed.
    pub(super) fn new(ways: Result<Vec<Credential>, String>, authority: String) -> Self {
        Self { ways, authority, kept: Mutex::default() }
    }

    /// Who needs the roles, for people.
    pub(super) fn grantee(&self) -> String {
        let first = self.ways.as_ref().ok().and_then(|ways| ways.first());
        first.map_or_else(|| "the credentials".to_owned(), Credential::grantee)
    }

    /// A token for whom it is to be made out to, such as `https://management.azure.com`.
    ///
    /// # Errors
    /// When the directory gives none.
    pub(super) async fn current(&self, audience: &str, caller: &Caller) -> Result<Arc<Hidden>, Failure> {
        let mut kept = self.kept.lock().await;
        if let Some(known) = kept.get(audience).filter(|known| known.is_fresh()) {
            return Ok(Arc::clone(&known.token));
        }
        let ways = self.ways.as_ref().map_err(|missing| unauthenticated(caller, missing))?;
        let mut first = None;
        for way in ways {
            match self.ask(way, audience, caller).await {
                Ok(given) => {
                    let token = Arc::clone(&given.token);
                    kept.insert(audience.to_owned(), given);
                    return Ok(token);
                }
                Err(Failure::Cancelled) => return Err(Failure::Cancelled),
                Err(failure) => drop(first.get_or_insert(failure)),
            }
        }
        Err(match first {
            Some(failure) if ways.len() == 1 => failure,
            _ => unauthenticated(
                caller,
                "neither the environment nor `az` nor a managed identity offers any; set AZURE_TENANT_ID, \
                 AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run where there is an identity",
            ),
        })
    }

    /// Forgets a token that was not taken, unless another came meanwhile.
    pub(super) async fn forget(&self, audience: &str, token: &Hidden) {
        let mut kept = self.kept.lock().await;
        if kept.get(audience).is_some_and(|known| *known.token == *token) {
            kept.remove(audience);
        }
    }

    async fn ask(&self, way: &Credential, audience: &str, caller: &Caller) -> Result<Kept, Failure> {
        match way {
            Credential::Secret { tenant, client, secret } => {
                let proof = [("client_secret", secret.0.as_str())];
                self.of_directory(tenant, client, &proof, audience, caller).await
            }
            Credential::Assertion { tenant, client, file } => {
                let assertion = read(file).await.map_err(|reason| unauthenticated(caller, &reason))?;
                let proof =
                    [("client_assertion_type", ASSERTION), ("client_assertion", assertion.0.as_str())];
                self.of_directory(tenant, client, &proof, audience, caller).await
            }
            Credential::Managed { client, from } => managed(client.as_deref(), from, audience, caller).await,
            Credential::CommandLine { tenant } => command_line(tenant.as_deref(), audience, caller).await,
        }
    }

    async fn of_directory(
        &self,
        tenant: &str,
        client: &str,
        proof: &[(&str, &str)],
        audience: &str,
        caller: &Caller,
    ) -> Result<Kept, Failure> {
        let scope = format!("{audience}/.default");
        let mut fields = vec![("grant_type", "client_credentials"), ("client_id", client), ("scope", &scope)];
        fields.extend(proof);
        let address = format!("{}/{tenant}/oauth2/v2.0/token", self.authority);
        let address = parsed(&address, caller)?;
        given(&Request::form(address, &fields), caller).await
    }
}

async fn managed(
    client: Option<&str>,
    from: &Giver,
    audience: &str,
    caller: &Caller,
) -> Result<Kept, Failure> {
    let (address, version, (name, value)) = match from {
        Giver::Machine(host) => {
            let host = host.trim_end_matches('/');
            (format!("{host}/metadata/identity/oauth2/token"), "2018-02-01", ("metadata", "true"))
        }
        Giver::Sidecar(address, header) => {
            (address.clone(), "2019-08-01", ("x-identity-header", header.0.as_str()))
        }
    };
    let mut address = parsed(&address, caller)?;
    address.query_pairs_mut().append_pair("api-version", version).append_pair("resource", audience);
    if let Some(client) = client {
        address.query_pairs_mut().append_pair("client_id", client);
    }
    let mut hasty = caller.clone();
    let context = &mut hasty.0.caller.context;
    context.call_deadline = context.call_deadline.min(MACHINE);
    given(&Request::get(address).with(name, value), &hasty).await
}

async fn given(request: &Request, caller: &Caller) -> Result<Kept, Failure> {
    let answer = caller.settle(ACTION, request).await.map_err(|unsettled| unsettled.failure)?;
    // Why it is unreadable is not told: the text may hold the token.
    let given: Given = serde_json::from_slice(&answer.body)
        .map_err(|_| caller.unreadable(ACTION, &"an answer without a token"))?;
    let seconds = given.expires_in.as_u64().or_else(|| given.expires_in.as_str()?.parse().ok());
    Ok(Kept::lasting(given.access_token, Duration::from_secs(seconds.unwrap_or_default())))
}

/// Asks `az`, which holds the sign-in of a person.
async fn command_line(tenant: Option<&str>, audience: &str, caller: &Caller) -> Result<Kept, Failure> {
    let mut command = tokio::process::Command::new("az");
    command.args(["account", "get-access-token", "--output", "json", "--resource", audience]);
    if let Some(tenant) = tenant {
        command.args(["--tenant", tenant]);
    }
    command.kill_on_drop(true);
    let said = tokio::time::timeout(COMMAND, command.output()).await;
    let said = said.map_err(|_| unauthenticated(caller, "`az` did not answer; try `az account show`"))?;
    let said = said.map_err(|error| unauthenticated(caller, &format!("`az` cannot be started: {error}")))?;
    if !said.status.success() {
        let words = String::from_utf8_lossy(&said.stderr);
        let line = words.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
        return Err(unauthenticated(caller, &format!("`az` said: {line}")));
    }
    let printed: Printed = serde_json::from_slice(&said.stdout)
        .map_err(|_| unauthenticated(caller, "`az` printed no token; is it version 2?"))?;
    let now = chrono::Utc::now().timestamp();
    let lasts = printed.expires_on.and_then(|ends| u64::try_from(ends - now).ok()).unwrap_or(600);
    Ok(Kept::lasting(printed.access_token, Duration::from_secs(lasts)))
}

async fn read(file: &Path) -> Result<Hidden, String> {
    let read = tokio::fs::read_to_string(file).await;
    let read = read.map_err(|error| format!("the federated token in `{}`: {error}", file.display()))?;
    Ok(Hidden(read.trim().to_owned()))
}

fn parsed(address: &str, caller: &Caller) -> Result<Url, Failure> {
    address.parse().map_err(|error| caller.unreadable(ACTION, &format!("`{address}` is no address: {error}")))
}

fn unauthenticated(caller: &Caller, remedy: &str) -> Failure {
    Failure::Unauthenticated { scope: caller.scope.clone(), remedy: remedy.to_owned() }
}

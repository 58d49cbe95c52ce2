//! Who asks: Application Default Credentials, in the order in which Google's own clients look for them. Refuses to
//! keep a token that was refused, and to print one.

use std::fmt;

use google_cloud_auth::credentials::{AccessTokenCredentials, Builder, service_account};
use google_cloud_auth::signer::Signer;
use serde_json::Value;
use tokio::sync::Mutex;

/// What tokens may be used for: reading and writing, as Google has no narrower word that every API takes. What
/// these credentials may do is decided by their roles.
pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// The credentials of a source, found when they are first needed.
pub(super) struct SignIn {
    /// The key of a service account, where a test gives one.
    key: Option<Value>,
    current: Mutex<Option<AccessTokenCredentials>>,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoToken {
    /// In the words of the library.
    pub(super) message: String,
    /// Whether asking again may help.
    pub(super) transient: bool,
}

impl SignIn {
    /// With this key, or with what the environment offers.
    pub(super) fn new(key: Option<Value>) -> Self {
        Self { key, current: Mutex::default() }
    }

    /// A token that is good now.
    pub(super) async fn token(&self) -> Result<String, NoToken> {
        let credentials = {
            let mut current = self.current.lock().await;
            match &*current {
                Some(credentials) => credentials.clone(),
                None => current.insert(self.found()?).clone(),
            }
        };
        match credentials.access_token().await {
            Ok(token) => Ok(token.token),
            Err(error) => {
                // What failed for good is looked for anew by the next call.
                *self.current.lock().await = None;
                Err(NoToken { message: told(&error), transient: error.is_transient() })
            }
        }
    }

    /// Forgets the credentials whose token was refused; those that were renewed meanwhile stay.
    pub(super) async fn refused(&self, token: &str) {
        let mut current = self.current.lock().await;
        let Some(credentials) = &*current else { return };
        if credentials.access_token().await.is_ok_and(|known| known.token == token) {
            *current = None;
        }
    }

    /// What signs with the credentials' key.
    pub(super) fn signer(&self) -> Result<Signer, NoToken> {
        let built = match &self.key {
            Some(key) => service_account::Builder::new(key.clone()).build_signer(),
            None => Builder::default().build_signer(),
        };
        built.map_err(|error| NoToken { message: told(&error), transient: false })
    }

    fn found(&self) -> Result<AccessTokenCredentials, NoToken> {
        let built = match &self.key {
            Some(key) => service_account::Builder::new(key.clone())
                .with_access_specifier(service_account::AccessSpecifier::from_scopes([SCOPE]))
                .build_access_token_credentials(),
            None => Builder::default().with_scopes([SCOPE]).build_access_token_credentials(),
        };
        built.map_err(|error| NoToken { message: told(&error), transient: false })
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SignIn")
    }
}

/// An error with its causes, each once.
pub(super) fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut causes: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(this) = next {
        let text = this.to_string();
        if causes.last().is_none_or(|last| !last.contains(&text)) {
            causes.push(text);
        }
        next = this.source();
    }
    causes.join(": ")
}

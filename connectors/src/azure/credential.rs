//! Where credentials come from: what the settings say, and what the environment offers. Refuses to show a secret.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::config::Config;
use crate::token::Hidden;

/// Variables of the environment that are read.
const VARIABLES: [&str; 8] = [
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
];
/// Where a machine of Azure tells its own identity.
const MACHINE: &str = "http://169.254.169.254";

/// What the environment says.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment(BTreeMap<String, Hidden>);

impl Environment {
    /// That of this process.
    pub(super) fn of_process() -> Self {
        let read = VARIABLES.into_iter().filter_map(|name| Some((name, std::env::var(name).ok()?)));
        Self::told(read)
    }

    /// This one.
    pub(super) fn told<N: Into<String>, V: Into<String>>(told: impl IntoIterator<Item = (N, V)>) -> Self {
        let told = told.into_iter().map(|(name, value)| (name.into(), Hidden(value.into())));
        Self(told.filter(|(_, value)| !value.0.is_empty()).collect())
    }

    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| value.0.clone())
    }
}

/// A way to get tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Credential {
    /// An application with its secret.
    Secret {
        /// Tenant.
        tenant: String,
        /// Application.
        client: String,
        /// Its secret.
        secret: Hidden,
    },
    /// An application that trusts somebody else's token, which stands in a file and changes.
    Assertion {
        /// Tenant.
        tenant: String,
        /// Application.
        client: String,
        /// Where the token is.
        file: PathBuf,
    },
    /// An identity that Azure gives to a machine or an application.
    Managed {
        /// Which, where there are several.
        client: Option<String>,
        /// Who hands out tokens.
        from: Giver,
    },
    /// The sign-in of `az`.
    CommandLine {
        /// Tenant, where it is not the usual one.
        tenant: Option<String>,
    },
}

/// Who hands out tokens of a managed identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Giver {
    /// The service of the machine.
    Machine(String),
    /// A sidecar of the application, which asks for a header.
    Sidecar(String, Hidden),
}

impl Credential {
    /// Who needs the roles, for people.
    pub(super) fn grantee(&self) -> String {
        match self {
            Self::Secret { client, .. } | Self::Assertion { client, .. } => {
                format!("the application {client}")
            }
            Self::Managed { client: Some(client), .. } => format!("the managed identity {client}"),
            Self::Managed { client: None, .. } => "the managed identity".to_owned(),
            Self::CommandLine { .. } => "whoever signed in with az".to_owned(),
        }
    }
}

/// The ways to try, the first that is meant first.
///
/// # Errors
/// What is missing of the one that the settings name.
pub(super) fn ways(settings: &Config, environment: &Environment) -> Result<Vec<Credential>, String> {
    let tenant = settings.tenant.clone().or_else(|| environment.get("AZURE_TENANT_ID"));
    let client = settings.client.clone().or_else(|| environment.get("AZURE_CLIENT_ID"));
    let both = tenant.clone().zip(client.clone());
    let secret = both
        .clone()
        .zip(environment.get("AZURE_CLIENT_SECRET"))
        .map(|((tenant, client), secret)| Credential::Secret { tenant, client, secret: Hidden(secret) });
    let assertion = both
        .zip(environment.get("AZURE_FEDERATED_TOKEN_FILE"))
        .map(|((tenant, client), file)| Credential::Assertion { tenant, client, file: file.into() });
    let sidecar = environment.get("IDENTITY_ENDPOINT").zip(environment.get("IDENTITY_HEADER")).map(
        |(address, header)| Credential::Managed {
            client: client.clone(),
            from: Giver::Sidecar(address, Hidden(header)),
        },
    );
    let machine = environment.get("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    let machine = Giver::Machine(machine.unwrap_or_else(|| MACHINE.to_owned()));
    let machine = Credential::Managed { client, from: machine };
    let by_hand = Credential::CommandLine { tenant };
    let named = |found: Option<Credential>, needs: &str| {
        found
            .map(|way| vec![way])
            .ok_or_else(|| format!("that needs {needs} in the environment or the settings"))
    };
    match settings.credential.as_deref() {
        Some("secret") => named(secret, "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"),
        Some("workload-identity") => {
            named(assertion, "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE")
        }
        Some("managed-identity") => Ok(vec![sidecar.unwrap_or(machine)]),
        Some(_) => Ok(vec![by_hand]),
        // What was set on purpose is meant; a machine has an identity without anyone's doing.
        None => Ok(match secret.or(assertion).or(sidecar) {
            Some(way) => vec![way],
            None => vec![by_hand, machine],
        }),
    }
}

/// Where the directory hands out tokens.
pub(super) fn authority(settings: &Config, environment: &Environment) -> String {
    let told = settings.authority.clone().or_else(|| environment.get("AZURE_AUTHORITY_HOST"));
    let told = told.unwrap_or_else(|| settings.cloud.authority.to_owned());
    let told = told.trim_end_matches('/');
    if told.contains("://") { told.to_owned() } else { format!("https://{told}") }
}

#[cfg(test)]
mod tests {
    use domain::source::Values;

    use super::*;

    fn check(credential: &str, told: &[(&str, &str)], expected: &str) {
        let values = Values::from([("credential".to_owned(), vec![credential.to_owned()])]);
        let settings = Config::read(&values).unwrap();
        let found = ways(&settings, &Environment::told(told.iter().copied()));
        let words = found.map(|ways| ways.iter().map(Credential::grantee).collect::<Vec<_>>().join(", "));
        assert_eq!(words.unwrap_or_else(|refusal| refusal), expected);
    }

    const WHO: [(&str, &str); 2] = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c")];

    #[test]
    fn what_was_set_on_purpose_is_meant() {
        let with = |more: &[(&'static str, &'static str)]| [WHO.as_slice(), more].concat();
        check("", &with(&[("AZURE_CLIENT_SECRET", "s"), ("IDENTITY_ENDPOINT", "e")]), "the application c");
        check("", &with(&[("AZURE_FEDERATED_TOKEN_FILE", "/f")]), "the application c");
        check("", &[("IDENTITY_ENDPOINT", "e"), ("IDENTITY_HEADER", "h")], "the managed identity");
        check("", &[], "whoever signed in with az, the managed identity");
        check("managed-identity", &with(&[("AZURE_CLIENT_SECRET", "s")]), "the managed identity c");
    }

    #[test]
    fn what_is_missing_is_named() {
        let needs = "that needs AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET in the environment or the \
                     settings";
        check("secret", &WHO, needs);
    }

    #[test]
    fn secrets_are_not_printed() {
        let environment = Environment::told([("AZURE_CLIENT_SECRET", "a secret")]);
        assert!(!format!("{environment:?}").contains("a secret"));
    }

    #[test]
    fn an_authority_may_be_a_host_alone() {
        let settings = Config::read(&Values::new()).unwrap();
        let told = |told| authority(&settings, &Environment::told([("AZURE_AUTHORITY_HOST", told)]));
        assert_eq!(told("login.microsoftonline.us"), "https://login.microsoftonline.us");
        assert_eq!(told(""), "https://login.microsoftonline.com");
    }
}

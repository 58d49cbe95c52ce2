//! What a source that is a registry can be told, and how it is opened with that. Refuses a password without a name, and
//! authorities that cannot be read.

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::source::{Field, FieldKind, Problem, Values};
use reqwest::{Certificate, Url};

use super::client::Registry;
use super::login::{Credentials, Login};
use crate::fields::{address, bare, expect, list, many, one, problem, text};
use crate::http::Http;
use crate::token::Hidden;

/// The name of the user.
pub(crate) const USER: Field =
    text("user", "User", "Name of a user or robot that may pull. Empty: what anybody may pull.", word);
/// What proves it.
pub(crate) const PASSWORD: Field = Field {
    name: "password",
    title: "Password",
    help: "Its password, or a token that stands for it.",
    kind: FieldKind::Secret,
    required: false,
};
/// Which repositories.
pub(crate) const REPOSITORIES: Field = list(
    "repositories",
    "Repositories",
    "Repositories that are looked into, one a line: `team/api`, or `team/*` for all below. Empty: all that are listed.",
    pattern,
);
/// Which not.
pub(crate) const LEAVE_OUT_REPOSITORIES: Field = list(
    "leave_out_repositories",
    "Repositories to leave out",
    "Repositories that are not looked into, one a line, as above.",
    pattern,
);
/// Who else may see the password.
pub(crate) const SIGN_IN: Field = list(
    "sign_in",
    "Sign-in addresses",
    "Addresses besides the registry's own domain that hand out its tokens, and may see the password.",
    address,
);
/// Whose certificates are believed.
pub(crate) const AUTHORITIES: Field = text(
    "authorities",
    "Certificate authorities",
    "File with certificates (PEM) that are trusted besides those of this machine.",
    path,
);

/// Which repositories are looked into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    some: Vec<String>,
    not: Vec<String>,
}

impl Wanted {
    /// As the fields tell it.
    pub(crate) fn read(values: &Values) -> Self {
        Self { some: many(values, REPOSITORIES.name), not: many(values, LEAVE_OUT_REPOSITORIES.name) }
    }

    /// The repositories by their names, where nothing but names is told: then no list of them is needed.
    pub(crate) fn named(&self) -> Option<Vec<String>> {
        let whole = !self.some.is_empty() && self.some.iter().all(|pattern| !pattern.ends_with('*'));
        whole.then(|| self.some.iter().filter(|name| self.takes(name)).cloned().collect())
    }

    /// Those that are told by their whole names, whatever else is told.
    pub(crate) fn exact(&self) -> impl Iterator<Item = &String> {
        self.some.iter().filter(|name| !name.ends_with('*') && self.takes(name))
    }

    /// The first parts of the names, where each has one: then no list of owners is needed.
    pub(crate) fn owners(&self) -> Option<Vec<String>> {
        let owners: Option<BTreeSet<&str>> =
            self.some.iter().map(|name| Some(name.split_once('/')?.0)).collect();
        owners
            .filter(|owners| !owners.is_empty())
            .map(|owners| owners.into_iter().map(str::to_owned).collect())
    }

    /// Whether a repository is looked into.
    pub(crate) fn takes(&self, name: &str) -> bool {
        let fits = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        };
        (self.some.is_empty() || self.some.iter().any(fits)) && !self.not.iter().any(fits)
    }

    /// Whether a repository of an owner may be looked into.
    pub(crate) fn enters(&self, owner: &str) -> bool {
        let below = format!("{owner}/");
        let whole =
            |pattern: &String| pattern.strip_suffix('*').is_some_and(|start| below.starts_with(start));
        let some = self.some.is_empty()
            || self.some.iter().any(|pattern| pattern.starts_with(&below) || whole(pattern));
        some && !self.not.iter().any(whole)
    }
}

/// A registry's connections and its door, by what the usual fields tell. `host` is what it is called in references,
/// `others` may see the password besides.
///
/// # Errors
/// Every problem at once.
pub(crate) fn open(
    values: &Values,
    host: &str,
    base: Url,
    others: &[Url],
) -> Result<(Registry, Arc<Http>), Vec<Problem>> {
    open_by(values, credentials(values), (host, base), others)
}

/// The same by credentials of the vendor's own manner.
///
/// # Errors
/// Every problem at once.
pub(crate) fn open_by(
    values: &Values,
    credentials: Result<Option<Credentials>, Problem>,
    (host, base): (&str, Url),
    others: &[Url],
) -> Result<(Registry, Arc<Http>), Vec<Problem>> {
    let authorities = one(values, AUTHORITIES.name).map_or(Ok(Vec::new()), |path| authorities(&path));
    let trusted: Vec<Url> = many(values, SIGN_IN.name).iter().filter_map(|told| told.parse().ok()).collect();
    match (credentials, authorities) {
        (Ok(credentials), Ok(authorities)) => {
            let login = Login::new(credentials, &base, &[&trusted[..], others].concat());
            Ok((Registry::new(host.to_owned(), base, login), Arc::new(Http::trusting(authorities))))
        }
        (credentials, authorities) => Err(credentials.err().into_iter().chain(authorities.err()).collect()),
    }
}

/// A name and a password, or neither.
fn credentials(values: &Values) -> Result<Option<Credentials>, Problem> {
    match (one(values, USER.name), one(values, PASSWORD.name)) {
        (Some(user), Some(password)) => Ok(Some(Credentials { user, password: Hidden(password) })),
        (Some(_), None) => Err(problem(PASSWORD.name, "is needed with a user")),
        (None, Some(_)) => Err(problem(USER.name, "is needed with a password")),
        (None, None) => Ok(None),
    }
}

/// The same where a password without a name is a token that opens everything by itself.
///
/// # Errors
/// When there is a name without a password.
pub(crate) fn credentials_or_token(values: &Values) -> Result<Option<Credentials>, Problem> {
    match (one(values, USER.name), one(values, PASSWORD.name)) {
        (None, Some(token)) => Ok(Some(Credentials { user: String::new(), password: Hidden(token) })),
        _ => credentials(values),
    }
}

fn authorities(path: &str) -> Result<Vec<Certificate>, Problem> {
    let odd = |why: String| problem(AUTHORITIES.name, format!("`{path}` {why}"));
    let bytes = std::fs::read(path).map_err(|error| odd(format!("cannot be read: {error}")))?;
    let read =
        Certificate::from_pem_bundle(&bytes).map_err(|_| odd("holds no certificates in PEM".to_owned()))?;
    if read.is_empty() { Err(odd("holds no certificates in PEM".to_owned())) } else { Ok(read) }
}

/// An address of a field, or the usual one.
pub(crate) fn base(values: &Values, field: &str, usual: &str) -> Result<Url, Vec<Problem>> {
    let told = bare(values, field).unwrap_or_else(|| usual.to_owned());
    let whole = if told.contains("://") { told } else { format!("https://{told}") };
    whole.parse().map_err(|error| vec![problem(field, format!("`{whole}` is no address: {error}"))])
}

/// What a registry at an address is called in references.
pub(crate) fn host_of(base: &Url) -> String {
    let host = base.host_str().unwrap_or_default();
    base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The host of a registry, with a port, or its address.
pub(crate) fn registry(text: &str) -> Result<(), String> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let right = address(&whole).is_ok() && whole.parse::<Url>().is_ok_and(|url| url.host_str().is_some());
    expect(right, text, "a host such as registry.example.com:5000, or its address")
}

/// The name of a repository, or its beginning and `*`.
fn pattern(text: &str) -> Result<(), String> {
    let name = text.strip_suffix('*').unwrap_or(text);
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-/".contains(&byte);
    let right =
        !text.is_empty() && name.bytes().all(allowed) && !name.contains("//") && !name.starts_with('/');
    expect(
        right && text.len() <= 255 && !name.contains(".."),
        text,
        "the name of a repository, or its beginning and `*`",
    )
}

fn word(text: &str) -> Result<(), String> {
    let right = text.len() <= 255 && !text.chars().any(|letter| letter.is_control() || letter == ':');
    expect(right, text, "a name without `:`")
}

fn path(text: &str) -> Result<(), String> {
    expect(text.starts_with('/') && !text.chars().any(char::is_control), text, "a path that begins with /")
}

/// The word of a service.
pub(crate) fn service_of(services: &[&str], text: &str) -> Result<(), String> {
    expect(services.contains(&text), text, &format!("one of {}", services.join(", ")))
}

//! One set of connections for everything that a source is asked. Refuses redirections, which would carry tokens
//! on, and answers longer than was agreed.

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Method, Url};

use crate::caller::{Caller, Refused, Unsettled};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// The most bytes of an answer, where nothing else was agreed.
pub(crate) const LONGEST: usize = 64 << 20;

/// Bytes by which a page for people is known.
const SHOWN: usize = 120;

/// The connections of a source.
#[derive(Debug)]
pub(crate) struct Http {
    /// Trusted besides those of the machine.
    authorities: Vec<Certificate>,
    client: OnceLock<Result<Client, String>>,
}

/// What a vendor means by an answer that is none.
pub(crate) trait Meant: Refused {
    /// By a status, headers and a body.
    fn of(answer: &Answer) -> Self;
    /// By no answer at all.
    fn lost(lost: Lost) -> Self;
}

/// Asks over HTTP, in one scope.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    /// When and how often.
    pub(crate) caller: Caller,
    /// The connections.
    pub(crate) http: Arc<Http>,
}

impl Asker {
    /// Asks until it is answered, refused or out of time.
    ///
    /// # Errors
    /// In words: what, where, what to do.
    pub(crate) async fn settle<R: Meant>(
        &self,
        action: &str,
        request: &Request,
    ) -> Result<Answer, Unsettled<R>> {
        self.caller.settle(action, || self.attempt(request)).await
    }

    /// One attempt, without leave.
    ///
    /// # Errors
    /// As the vendor says it.
    pub(crate) async fn attempt<R: Meant>(&self, request: &Request) -> Result<Answer, R> {
        match self.http.send(request).await {
            Ok(answer) if answer.status < 400 && !is_page(&answer.body) => Ok(answer),
            Ok(answer) => Err(R::of(&answer)),
            Err(lost) => Err(R::lost(lost)),
        }
    }
}

/// Whether an answer is a page for people.
pub(crate) fn is_page(body: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&body[..body.len().min(SHOWN)]).to_ascii_lowercase();
    ["<!doctype html", "<html"].iter().any(|tag| start.trim_start().starts_with(tag))
}

/// A question, which may be asked again.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// How it is asked.
    pub(crate) method: Method,
    /// Where.
    pub(crate) address: Url,
    /// What is said besides.
    pub(crate) headers: HeaderMap,
    /// What is sent.
    pub(crate) body: Option<String>,
    /// The most bytes of an answer.
    pub(crate) most: usize,
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// In words.
    pub(crate) detail: String,
    /// Whether asking again could help.
    pub(crate) passing: bool,
}

impl Request {
    /// A question that sends nothing.
    pub(crate) fn get(address: Url) -> Self {
        Self { method: Method::GET, address, headers: HeaderMap::new(), body: None, most: LONGEST }
    }

    /// A question for the headers of an answer alone.
    pub(crate) fn head(address: Url) -> Self {
        Self { method: Method::HEAD, ..Self::get(address) }
    }

    /// A form that is sent.
    pub(crate) fn form(address: Url, fields: &[(&str, &str)]) -> Self {
        // The same words as in the query of an address.
        let mut form = address.clone();
        form.query_pairs_mut().clear().extend_pairs(fields);
        let body = form.query().unwrap_or_default().to_owned();
        let request = Self { method: Method::POST, body: Some(body), ..Self::get(address) };
        request.with("content-type", "application/x-www-form-urlencoded")
    }

    /// A document that is sent.
    pub(crate) fn json(address: Url, document: &serde_json::Value) -> Self {
        let body = Some(document.to_string());
        Self { method: Method::POST, body, ..Self::get(address) }.with("content-type", "application/json")
    }

    /// With a header; one that cannot be written is left out.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// On behalf of whom the token was made out to.
    #[must_use]
    pub(crate) fn bearing(self, token: &str) -> Self {
        self.authorized(&format!("Bearer {token}"))
    }

    /// With what opens the door, in the words of its scheme: `Basic …`.
    #[must_use]
    pub(crate) fn authorized(self, words: &str) -> Self {
        self.secretly(reqwest::header::AUTHORIZATION, words)
    }

    /// With a header that nobody else should read; one that cannot be written is left out.
    #[must_use]
    pub(crate) fn secretly(mut self, name: HeaderName, words: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(words) {
            value.set_sensitive(true);
            self.headers.insert(name, value);
        }
        self
    }
}

impl Answer {
    /// A header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Http {
    /// Nothing is connected before it is needed.
    pub(crate) fn new() -> Self {
        Self::trusting(Vec::new())
    }

    /// The same, with authorities that are trusted besides those of the machine.
    pub(crate) fn trusting(authorities: Vec<Certificate>) -> Self {
        Self { authorities, client: OnceLock::new() }
    }

    fn client(&self) -> Result<&Client, &String> {
        let made = self.client.get_or_init(|| {
            let client = Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT)
                .tls_certs_merge(self.authorities.clone())
                .user_agent(concat!("plimsoll/", env!("CARGO_PKG_VERSION")));
            client.build().map_err(|error| chain(&error))
        });
        made.as_ref()
    }

    /// Asks once.
    ///
    /// # Errors
    /// When no whole answer came.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer, Lost> {
        let client = self.client().map_err(|detail| Lost { detail: detail.clone(), passing: false })?;
        let asked = client.request(request.method.clone(), request.address.clone());
        let asked = asked.headers(request.headers.clone());
        let asked = if let Some(body) = &request.body { asked.body(body.clone()) } else { asked };
        let mut response = asked.send().await.map_err(|error| lost(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + piece.len() > request.most {
                let detail = format!("the answer is longer than {} bytes", request.most);
                return Err(Lost { detail, passing: false });
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status, headers, body })
    }
}

/// What a failed connection means. A certificate that is not trusted will not be trusted the next time either.
fn lost(error: &reqwest::Error) -> Lost {
    let detail = chain(error);
    if detail.contains("certificate") {
        let remedy = "let the machine trust who signed it, or correct the address in the settings";
        return Lost {
            detail: format!("the certificate is not trusted: {detail}; {remedy}"),
            passing: false,
        };
    }
    Lost { detail, passing: true }
}

/// The causes of an error, without the address: it may hold what nobody should read.
fn chain(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(this) = next {
        let told = this.to_string();
        if causes.last() != Some(&told) {
            causes.push(told);
        }
        next = this.source();
    }
    if causes.is_empty() { "the connection failed".to_owned() } else { causes.join(": ") }
}

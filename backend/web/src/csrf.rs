//! Proof that a form was sent from our own page. Every unsafe request must come from this origin as the
//! browser states it, and every form must carry a token tied to a SameSite cookie that script cannot read.
//!
//! Programs send neither `Sec-Fetch-Site` nor `Origin`; under `/api` that is enough, since nothing a
//! browser holds authorises them. Refuses to keep anything on the server.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::State;
use crate::error::{self, Error};

const COOKIE: &str = "plimsoll_form";
const CONTEXT: &str = "plimsoll 2026-11 form token";

/// The secret of one browser, from its cookie.
#[derive(Clone, Debug)]
pub(crate) struct Token([u8; 16]);

impl Token {
    /// The text for a form's `csrf` field: another one each time, so that compression cannot leak it.
    pub(crate) fn for_form(&self) -> String {
        let mask = Uuid::new_v4().into_bytes();
        format!("{}{}", hex(&mask), hex(&xor(mask, self.expected())))
    }

    /// Whether a text was made by [`Token::for_form`] of the same browser.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        let (Some(mask), Some(masked)) = (text.get(..32).and_then(unhex), text.get(32..).and_then(unhex))
        else {
            return false;
        };
        let wanted = self.expected();
        xor(mask, masked).iter().zip(wanted).fold(0, |sum, (left, right)| sum | (left ^ right)) == 0
    }

    fn expected(&self) -> [u8; 16] {
        let mut token = [0; 16];
        token.copy_from_slice(&blake3::derive_key(CONTEXT, &self.0)[..16]);
        token
    }
}

/// Checks where unsafe requests come from and gives each browser its secret.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let known = request.cookie(COOKIE).and_then(|cookie| unhex(cookie.value()));
    let secret = known.unwrap_or_else(|| Uuid::new_v4().into_bytes());
    request.extensions_mut().insert(Token(secret));
    if !request.method().is_safe() && !is_ours(request.request()) {
        let answer = error::answer(request.request(), &Error::ForeignForm);
        return Ok(request.into_response(answer));
    }
    let secure = request.app_data::<web::Data<State>>().is_some_and(|state| state.settings.secure_cookies);
    let mut response = next.call(request).await?.map_into_boxed_body();
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if known.is_none() && is_page {
        let cookie = Cookie::build(COOKIE, hex(&secret))
            .path("/")
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(secure)
            .finish();
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

/// Whether the browser says that this origin sent the request, or no browser is involved.
fn is_ours(request: &HttpRequest) -> bool {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, name)| name.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// A posted form whose `csrf` field has been checked.
#[derive(Debug)]
pub(crate) struct Form<T>(T);

#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    csrf: String,
}

impl<T> Deref for Form<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let token = request.extensions().get::<Token>().cloned();
        let body = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = body.await?;
            let unreadable = |_| Error::Unreadable("The form".to_owned());
            let text = std::str::from_utf8(&body).map_err(|_| Error::Unreadable("The form".to_owned()))?;
            let sent = web::Query::<Sent>::from_query(text).map_err(unreadable)?;
            check(token.as_ref(), &sent.csrf)?;
            Ok(Self(web::Query::<T>::from_query(text).map_err(unreadable)?.into_inner()))
        })
    }
}

/// The browser's secret in a handler that reads its form itself, such as an upload.
#[derive(Debug)]
pub(crate) struct Guard(Option<Token>);

impl Guard {
    /// Checks the text of the `csrf` field.
    pub(crate) fn check(&self, text: &str) -> Result<(), Error> {
        check(self.0.as_ref(), text)
    }
}

impl FromRequest for Guard {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self(request.extensions().get::<Token>().cloned())))
    }
}

fn check(token: Option<&Token>, text: &str) -> Result<(), Error> {
    if token.is_some_and(|token| token.accepts(text)) { Ok(()) } else { Err(Error::ForeignForm) }
}

fn xor(mut left: [u8; 16], right: [u8; 16]) -> [u8; 16] {
    left.iter_mut().zip(right).for_each(|(left, right)| *left ^= right);
    left
}

fn hex(bytes: &[u8; 16]) -> String {
    Uuid::from_bytes(*bytes).simple().to_string()
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 {
        return None;
    }
    Uuid::try_parse(text).ok().map(Uuid::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_its_own_tokens_only() {
        let (mine, other) = (Token([7; 16]), Token([8; 16]));
        let (first, second) = (mine.for_form(), mine.for_form());
        assert_ne!(first, second, "tokens are masked anew each time");
        assert!(mine.accepts(&first) && mine.accepts(&second));
        assert!(!other.accepts(&first));
        for text in ["", "00", &first[1..], &format!("{first}0"), "é".repeat(32).as_str()] {
            assert!(!mine.accepts(text), "{text:?}");
        }
    }
}

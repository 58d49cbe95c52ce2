//! Headers that confine every page, and the check of the Host header. Refuses inline script and style
//! without this response's nonce, framing, foreign forms, and on loopback any name but loopback's own.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use tracing_actix_web::RequestId;
use uuid::Uuid;

use crate::State;
use crate::error::{self, Error};

/// The nonce of one response.
#[derive(Clone, Debug)]
pub(crate) struct Nonce(pub(crate) String);

/// Headers that never vary.
const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), \
         payment=(), usb=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Gives the request its nonce, refuses foreign host names, and adds the headers to whatever comes back.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let nonce = Uuid::new_v4().simple().to_string();
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let loopback = request.app_data::<web::Data<State>>().is_some_and(|state| state.settings.loopback);
    let host =
        request.uri().host().map(str::to_owned).or_else(|| {
            request.headers().get("host").and_then(|value| value.to_str().ok()).map(str::to_owned)
        });
    let mut response = if loopback && !host.as_deref().is_some_and(is_loopback) {
        let refusal = Error::ForeignHost(host.unwrap_or_default());
        let answer = error::answer(request.request(), &refusal);
        request.into_response(answer)
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    let request_id = response.request().extensions().get::<RequestId>().map(ToString::to_string);
    seal(response.headers_mut(), &nonce, request_id.as_deref());
    Ok(response)
}

/// Answers HEAD as GET; the connection leaves the body out.
pub(crate) async fn head_as_get(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn seal(headers: &mut HeaderMap, nonce: &str, request_id: Option<&str>) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(HeaderName::from_static("content-security-policy"), policy);
    }
    if let Some(Ok(id)) = request_id.map(HeaderValue::from_str) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Whether a Host header, with or without a port, names this machine itself.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_names() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST:8080", true),
            ("127.0.0.1:1", true),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("localhost.evil.example", false),
            ("127.0.0.1.nip.io:8080", false),
            ("evil.example", false),
            ("localhost:80:80", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}

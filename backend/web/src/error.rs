//! The only place that knows how an error looks over HTTP: a sentence with a way out and the request's
//! id, as a page for people and as problem+json (RFC 9457) under `/api`.
//!
//! Which one where: a name in the address that leads nowhere is [`Error::NotFound`]; an address or form
//! that says something impossible is [`Error::Invalid`] with what would be possible; what the store
//! refuses is [`Error::Store`]. Refuses to show internal text: that is logged once, here.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::frame::Frame;
use crate::{filters, render};

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing has this name. The text names it: `image 0123…`.
    #[error("There is no {0}.")]
    NotFound(String),
    /// The address or form asks for something that does not exist. The text is a whole sentence that says
    /// what would be possible.
    #[error("{0}")]
    Invalid(String),
    /// Something sent could not be read.
    #[error("{0} could not be read.")]
    Unreadable(String),
    /// The address does not take this method.
    #[error("This address does not answer that kind of request.")]
    Method,
    /// A body in a form that is not taken. The text is a whole sentence that says which are.
    #[error("{0}")]
    Unsupported(String),
    /// More bytes than the server takes.
    #[error("What was sent is larger than this server takes: {0} at most.")]
    TooLarge(String),
    /// Too much waits already. The number is the seconds after which to come again.
    #[error("Too much waits to be read: come again in {0} seconds.")]
    Busy(u64),
    /// A form that was not made by one of our pages for this browser.
    #[error("This form was not sent from a page of this server, or the page was open for too long.")]
    ForeignForm,
    /// A Host header that is not this machine's.
    #[error("This server answers to localhost only, not to `{0}`.")]
    ForeignHost(String),
    /// The store refused or failed.
    #[error("The stored facts could not be read.")]
    Store(#[source] store::Error),
    /// A template failed.
    #[error("The page could not be made.")]
    Render(#[source] askama::Error),
    /// Anything else that the framework refused, by its status.
    #[error("The request was refused.")]
    Refused(StatusCode),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound(what) => Self::NotFound(format!("{what} at this address")),
            other => Self::Store(other),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Invalid(_) | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::ForeignHost(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::Store(_) | Self::Render(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused(status) => *status,
        }
    }

    /// Only the status: [`present`] writes the body, since only it knows who asks.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

impl Error {
    /// What to do about it, one sentence.
    fn way_out(&self) -> &'static str {
        match self {
            Self::NotFound(_) => {
                "It may have been retired, or the address is mistyped. Search finds what is known."
            }
            Self::Invalid(_) => "Go back and choose from what is offered, or start from the unfiltered list.",
            Self::Unreadable(_) => "Reload the page and send it again.",
            Self::Method => "Use the link or button on the page that led here.",
            Self::Unsupported(_) => "The description at /api/openapi.json says what each operation takes.",
            Self::TooLarge(_) => "Compress it with gzip or zstd, or raise the limit in the settings.",
            Self::Busy(_) => {
                "Nothing of it was taken. Send it again after the time in the header Retry-After."
            }
            Self::ForeignForm => "Go back, reload the page and send the form again. Nothing was changed.",
            Self::ForeignHost(_) => "Open it by http://localhost or http://127.0.0.1 with the same port.",
            Self::Store(_) | Self::Render(_) => {
                "Nothing was changed. Reload in a moment; if it stays, look for the request id in the log."
            }
            Self::Refused(_) => "Go back and try again.",
        }
    }

    /// Three or four words for a heading.
    fn title(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "Nothing here",
            Self::Invalid(_) | Self::Unreadable(_) | Self::Refused(_) => "That cannot be shown",
            Self::Method => "Not that way",
            Self::Unsupported(_) => "Not in this form",
            Self::TooLarge(_) => "Too large",
            Self::Busy(_) => "Too much at once",
            Self::ForeignForm => "Form not accepted",
            Self::ForeignHost(_) => "Unknown host name",
            Self::Store(_) | Self::Render(_) => "Something failed here",
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    status: u16,
    title: &'static str,
    sentence: String,
    way_out: &'static str,
}

/// A problem as RFC 9457 has it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem<'a> {
    /// Always `about:blank`: the status and the sentence say it all.
    r#type: &'static str,
    /// Three or four words.
    #[schema(example = "Nothing here")]
    title: &'a str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What happened, in one sentence.
    #[schema(example = "There is no document 0193590e5a7c7d1ab0c1d2e3f4a5b6c7.")]
    detail: &'a str,
    /// What to do about it.
    way_out: &'a str,
    /// The request's id, as the log has it.
    request_id: &'a str,
}

/// The answer to a request that ended in an error: a page, or problem+json under `/api`.
pub(crate) fn answer(request: &HttpRequest, error: &Error) -> HttpResponse {
    let status = error.status_code();
    let (frame, sentence) = (Frame::of(request), error.to_string());
    if request.path().starts_with("/api/") {
        let mut response = HttpResponse::build(status);
        if let Error::Busy(seconds) = error {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        return response
            .content_type("application/problem+json")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(Problem {
                r#type: "about:blank",
                title: error.title(),
                status: status.as_u16(),
                detail: &sentence,
                way_out: error.way_out(),
                request_id: &frame.request_id,
            });
    }
    let page = ErrorPage {
        frame,
        status: status.as_u16(),
        title: error.title(),
        sentence,
        way_out: error.way_out(),
    };
    render::page_with(status, &page).unwrap_or_else(|_| HttpResponse::new(status))
}

/// Turns every response that is an error without a body into an answer, and logs the server's own faults.
pub(crate) async fn present(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    let ours = response.response().error().and_then(actix_web::Error::as_error::<Error>);
    if ours.is_none()
        && (status.as_u16() < 400
            || response.headers().contains_key(header::CONTENT_TYPE) && response.response().error().is_none())
    {
        return Ok(response);
    }
    let fallback = match status {
        StatusCode::NOT_FOUND => Error::NotFound("page at this address".to_owned()),
        StatusCode::METHOD_NOT_ALLOWED => Error::Method,
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge("see upload_limit".to_owned()),
        status => Error::Refused(status),
    };
    let error = ours.unwrap_or(&fallback);
    if status.is_server_error() {
        tracing::error!(error = %chain(error), path = response.request().path(), "request failed");
    }
    let answer = answer(response.request(), error);
    Ok(ServiceResponse::new(response.request().clone(), answer))
}

/// The error with its sources, for operators.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The handler of every address without one.
pub(crate) async fn nowhere() -> Result<HttpResponse, Error> {
    Err(Error::NotFound("page at this address".to_owned()))
}

/// A path segment that is not what the route expects names nothing.
pub(crate) fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| Error::NotFound("page at this address".to_owned()).into())
}

/// A query that cannot be read.
pub(crate) fn query_config() -> web::QueryConfig {
    web::QueryConfig::default().error_handler(|error, _| {
        Error::Invalid(format!("The address says something unclear: {error}.")).into()
    })
}

/// A form that cannot be read.
pub(crate) fn form_config() -> web::FormConfig {
    web::FormConfig::default().error_handler(|_, _| Error::Unreadable("The form".to_owned()).into())
}

/// JSON that cannot be read.
pub(crate) fn json_config() -> web::JsonConfig {
    web::JsonConfig::default()
        .error_handler(|error, _| Error::Invalid(format!("The JSON is not as expected: {error}.")).into())
}

//! Light, dark, or as the system says: a cookie set by a plain form, so that it works without script.
//! Refuses to send the browser anywhere but back to a page of ours.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::csrf::Form;
use crate::{State, render};

const COOKIE: &str = "theme";

/// A colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Theme {
    /// As the system prefers.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order of the switch.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The choice a request's cookie states.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let word = request.cookie(COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or_default()
    }

    /// The word in the cookie and in `data-theme`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The word on the switch.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::System => "Auto",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// Every choice, for the switch.
    pub(crate) fn choices(self) -> [Self; 3] {
        Self::ALL
    }
}

/// The form of the switch.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    theme: Theme,
    #[serde(default)]
    back: String,
}

/// Remembers the choice for a year and returns to the page it was made on.
pub(crate) async fn choose(form: Form<Choice>, state: web::Data<State>) -> HttpResponse {
    let mut response = render::see_other(local(&form.back));
    let cookie = Cookie::build(COOKIE, form.theme.as_str())
        .path("/")
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(state.settings.secure_cookies)
        .max_age(Duration::days(365))
        .finish();
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::warn!(%error, "theme cookie not set");
    }
    response
}

/// The path if it stays on this server, otherwise the start page. `//host` and `/\host` would leave it.
fn local(path: &str) -> &str {
    let stays = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    if stays { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_only_to_this_server() {
        for (path, expected) in [
            ("/images?q=a", "/images?q=a"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(path), expected, "{path:?}");
        }
    }
}

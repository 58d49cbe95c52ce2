//! How pages look to one viewer: light, dark or as the system says, and how tall rows are. Cookies set by
//! a plain form, so that it works without script. Refuses to send the browser anywhere but back to a page
//! of ours.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::csrf::Form;
use crate::{State, render};

const THEME: &str = "theme";
const ROWS: &str = "rows";

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
        chosen(request, THEME, &Self::ALL.map(|theme| (theme.as_str(), theme)))
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

/// How tall the rows of a list are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Rows {
    /// Room for two lines.
    #[default]
    Comfortable,
    /// More rows on a screen.
    Dense,
}

impl Rows {
    /// The choice a request's cookie states.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        chosen(request, ROWS, &[Self::Comfortable, Self::Dense].map(|rows| (rows.as_str(), rows)))
    }

    /// The word on the switch.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Comfortable => "Comfortable",
            Self::Dense => "Dense",
        }
    }

    /// Every choice, for the switch.
    pub(crate) fn choices(self) -> [Self; 2] {
        [Self::Comfortable, Self::Dense]
    }

    /// The word in the cookie and in `data-rows`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Dense => "dense",
        }
    }
}

/// The value whose word a cookie holds, or the default.
fn chosen<T: Copy + Default>(request: &HttpRequest, cookie: &str, values: &[(&str, T)]) -> T {
    let word = request.cookie(cookie).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    values.iter().find(|(known, _)| *known == word).map(|(_, value)| *value).unwrap_or_default()
}

/// The form of the switch: one of the two is sent.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    theme: Option<Theme>,
    rows: Option<Rows>,
    #[serde(default)]
    back: String,
}

/// Remembers the choice for a year and returns to the page it was made on.
pub(crate) async fn choose(form: Form<Choice>, state: web::Data<State>) -> HttpResponse {
    let mut response = render::see_other(local(&form.back));
    let chosen =
        [form.theme.map(|theme| (THEME, theme.as_str())), form.rows.map(|rows| (ROWS, rows.as_str()))];
    for (name, word) in chosen.into_iter().flatten() {
        let cookie = Cookie::build(name, word)
            .path("/")
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(state.settings.secure_cookies)
            .max_age(Duration::days(365))
            .finish();
        if let Err(error) = response.add_cookie(&cookie) {
            tracing::warn!(%error, name, "cookie not set");
        }
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

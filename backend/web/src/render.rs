//! The one seam between a template and the wire: status, content type, caching. Refuses to let a page
//! into a cache: pages carry a nonce, a form token and what the estate looks like. Refuses letters that
//! nobody sees: documents bring control characters and such as turn the direction of writing round.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use askama::Template;

use crate::error::Error;

/// A page with status 200.
pub(crate) fn page(template: &impl Template) -> Result<HttpResponse, Error> {
    page_with(StatusCode::OK, template)
}

/// A page with another status.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
    let html = template.render().map_err(Error::Render)?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(visible(html)))
}

/// The page with its invisible letters made visible: control characters as their pictures, those that turn
/// the direction of writing round as the sign for what cannot be shown.
fn visible(html: String) -> String {
    if !html.contains(is_unseen) {
        return html;
    }
    html.chars().map(|letter| if is_unseen(letter) { picture(letter) } else { letter }).collect()
}

fn is_unseen(letter: char) -> bool {
    (letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn picture(letter: char) -> char {
    match letter {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// After a form: look at `path` with GET.
pub(crate) fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unseen_letters_are_shown() {
        for (text, expected) in [
            ("plain\n\tnaïve – 報告 🚢", "plain\n\tnaïve – 報告 🚢"),
            ("bell\u{7}", "bell␇"),
            ("\u{1b}[31mred", "␛[31mred"),
            ("gpj\u{202e}nosj", "gpj\u{fffd}nosj"),
            ("\u{0}\u{7f}\u{9b}", "␀␡\u{fffd}"),
        ] {
            assert_eq!(visible(text.to_owned()), expected);
        }
    }
}

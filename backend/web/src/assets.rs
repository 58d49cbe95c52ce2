//! Style sheets, scripts and pictures out of the binary, under addresses that change with their content
//! and may therefore be kept for ever. Refuses anything that was not there when the binary was built.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{self, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::error::Error;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../templates/static"]
struct Files;

/// The style sheets in the order of their layers; they are served as one file.
const SHEETS: [&str; 10] =
    ["reset", "tokens", "base", "frame", "parts", "pages", "documents", "lists", "sources", "print"];
/// The address of all style sheets in one.
const ALL_SHEETS: &str = "css/plimsoll.css";

/// One fingerprint for all files, so that a script may import its neighbour by a relative address.
static FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut hasher = Sha256::new();
    for name in names {
        if let Some(file) = Files::get(&name) {
            hasher.update(name.as_bytes());
            hasher.update(file.metadata.sha256_hash());
        }
    }
    hex(&hasher.finalize()[..8])
});

static STYLES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut all = format!("@layer {};\n", SHEETS.join(", "));
    for sheet in SHEETS {
        if let Some(file) = Files::get(&format!("css/{sheet}.css")) {
            let _ = write!(all, "@layer {sheet} {{\n{}}}\n", packed(&String::from_utf8_lossy(&file.data)));
        }
    }
    all.into_bytes()
});

/// A style sheet without what only its readers need: indentation, comments, blanks between declarations.
fn packed(sheet: &str) -> String {
    let mut packed = String::with_capacity(sheet.len());
    let mut in_comment = false;
    for line in sheet.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() {
            packed.push_str(&line.replace(" { ", "{").replace("; }", "}").replace("; ", ";"));
            packed.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    packed
}

/// The address of a file below `templates/static`: `js/app.js`, `css/plimsoll.css`.
pub(crate) fn href(path: &str) -> String {
    format!("/static/{}/{path}", *FINGERPRINT)
}

/// A file, for a year. An old fingerprint gets the present file, unkept: a page rendered before an update
/// still looks right.
pub(crate) async fn serve(
    request: HttpRequest,
    at: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (fingerprint, path) = at.into_inner();
    let bytes = read(&path).ok_or_else(|| Error::NotFound(format!("file {path}")))?;
    let etag = EntityTag::new_strong(hex(&Sha256::digest(&bytes)[..12]));
    let cache = if fingerprint == *FINGERPRINT { "public, max-age=31536000, immutable" } else { "no-cache" };
    let unchanged = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&etag)),
        Err(_) => false,
    };
    let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::CACHE_CONTROL, cache)).insert_header(ETag(etag));
    if unchanged {
        return Ok(response.finish());
    }
    Ok(response.content_type(content_type(&path)).body(bytes.into_owned()))
}

/// The mark, for browsers that ask for it by its old name.
pub(crate) async fn favicon() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, href("mark.svg"))).finish()
}

fn read(path: &str) -> Option<Cow<'static, [u8]>> {
    if path == ALL_SHEETS {
        return Some(Cow::Borrowed(STYLES.as_slice()));
    }
    Files::get(path).map(|file| file.data)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::packed;

    #[test]
    fn a_packed_sheet_says_the_same() {
        let sheet = "/* Two\n   lines. */\n.a { color: red; }\n\n@media print {\n  .b::after { content: \" ↑\"; top: 0; }\n}\n";
        let expected = ".a{color: red}\n@media print {\n.b::after{content: \" ↑\";top: 0}\n}\n";
        assert_eq!(packed(sheet), expected);
    }
}

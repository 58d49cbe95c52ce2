//! The search field of the top bar: sends the viewer to the list that can answer. Refuses to search by
//! itself; each list has its own text filter.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::query::href;
use crate::render;

/// The form of the search field.
#[derive(Debug, Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

/// To the list that knows most about such a text.
pub(crate) async fn redirect(search: web::Query<Search>) -> HttpResponse {
    let text = search.q.trim();
    if text.is_empty() {
        return render::see_other("/");
    }
    render::see_other(&href(best_list(text), &[("q", text)]))
}

/// Vulnerability ids have a known head, images have a tag, a path or a digest; a plain word is a workload.
fn best_list(text: &str) -> &'static str {
    let upper = text.to_ascii_uppercase();
    let heads = ["CVE-", "GHSA-", "RHSA-", "DSA-", "DLA-", "USN-", "ALAS", "ELSA-", "TEMP-", "GO-", "PYSEC-", "RUSTSEC-", "OSV-"];
    if heads.iter().any(|head| upper.starts_with(head)) {
        "/vulnerabilities"
    } else if text.contains([':', '/', '@']) || is_hex(text) {
        "/images"
    } else {
        "/workloads"
    }
}

/// Twelve or more hexadecimal digits: a digest as people quote it.
fn is_hex(text: &str) -> bool {
    text.len() >= 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_a_list() {
        for (text, expected) in [
            ("cve-2021-44228", "/vulnerabilities"),
            ("GHSA-jfh8-c2jp-5v3q", "/vulnerabilities"),
            ("nginx:1.27", "/images"),
            ("shop/api", "/images"),
            ("0123456789ab", "/images"),
            ("checkout", "/workloads"),
        ] {
            assert_eq!(best_list(text), expected, "{text}");
        }
    }
}

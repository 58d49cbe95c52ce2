//! What Aqua finds in images: the result of its scanner, the list of one image that the first version of its API
//! gives, and the pages over many images of the second.
//!
//! Refuses Trivy's reports, which are of the same house, and answers of the API about anything but vulnerabilities.

mod image;
mod map;
mod package;
mod vulnerability;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, json};

const KIND: &str = "aqua-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "Aqua scan",
    docs: "https://docs.aquasec.com/",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    head.is_json_object() && (is_scan(head) || is_list(head) || is_page(head))
}

fn is_scan(head: &Head) -> bool {
    let listed = head.has("resources[].resource") && head.has("resources[].scanned");
    let empty = ["image", "vulnerability_summary", "scan_options"].iter().all(|key| head.has(key));
    listed || empty
}

fn is_list(head: &Head) -> bool {
    head.has("cves") && head.has("image_name")
}

fn is_page(head: &Head) -> bool {
    let item = head.has("result[].resource.name") || head.has("result[].resource.cpe");
    let listed = item && head.has("result[].image_name");
    let empty = head.has("result") && head.has("pagesize") && head.has("more_data_all_pages");
    listed || empty
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let head = Head::new(document);
    if is_page(&head) {
        let page: wire::Page<'_> = json::from_slice(document, KIND)?;
        return Ok(map::page(&page));
    }
    if is_list(&head) {
        let list: wire::List<'_> = json::from_slice(document, KIND)?;
        return Ok(map::list(&list));
    }
    let scan: wire::Scan<'_> = json::from_slice(document, KIND)?;
    Ok(map::scan(&scan))
}

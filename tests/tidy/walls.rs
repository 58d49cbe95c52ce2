//! What may not be said in which room, beyond what manifests can hold.

use crate::tree::{files, is_test, none, product, read, short};

/// Rooms whose product code has no clock, no randomness and no IO.
const PURE: [&str; 5] = [
    "backend/domain/src",
    "backend/formats/src",
    "backend/normalise/src",
    "backend/policy/src",
    "backend/score/src",
];
/// What would break that.
const IMPURE: [&str; 13] = [
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::net::ToSocketAddrs",
    "std::net::*",
    "std::env",
    "std::process",
    "tokio::",
    "rand::",
];

#[test]
fn pure_rooms_have_no_clock_and_no_io() {
    let mut problems = Vec::new();
    for room in PURE {
        for path in files(room, &[".rs"]).iter().filter(|path| !is_test(path)) {
            let text = read(path);
            for word in IMPURE.iter().filter(|word| code(product(&text)).contains(*word)) {
                problems.push(format!("{}: {word}", short(path)));
            }
        }
    }
    none(problems);
}

/// Functions of these files that write: whoever calls them has read the row with its viewer before.
const WRITES: [&str; 2] = [
    "backend/store/src/documents/receive.rs: request_replay",
    "backend/store/src/documents/receive.rs: name_image",
];

#[test]
fn every_read_takes_a_viewer() {
    let mut problems = Vec::new();
    for noun in [
        "detections",
        "documents",
        "findings",
        "images",
        "mappings",
        "overview",
        "sources",
        "vulnerabilities",
        "workloads",
    ] {
        let plain = files("backend/store/src", &[".rs"]).into_iter().filter(|path| {
            let short = short(path);
            short == format!("backend/store/src/{noun}.rs")
                || short.starts_with(&format!("backend/store/src/{noun}/"))
        });
        for path in plain.filter(|path| !is_test(path)) {
            let text = read(&path);
            for head in product(&text).split("pub async fn ").skip(1) {
                let signature = head.split('{').next().unwrap_or_default();
                if signature.contains("&Store") && !signature.contains("&Viewer") {
                    let name = signature.split(['(', '<']).next().unwrap_or_default();
                    let place = format!("{}: {name}", short(&path));
                    if !WRITES.contains(&place.as_str()) {
                        problems.push(format!("{place} takes no viewer"));
                    }
                }
            }
        }
    }
    none(problems);
}

#[test]
fn templates_have_no_inline_script_or_style() {
    let mut problems = Vec::new();
    for path in files("templates", &[".html"]) {
        let text = read(&path);
        for word in
            ["style=\"", "<style", "onclick=", "onload=", "onsubmit=", "onchange=", "javascript:", "|safe"]
        {
            if text.contains(word) {
                problems.push(format!("{}: {word}", short(&path)));
            }
        }
        for part in text.split("<script").skip(1) {
            let tag = part.split('>').next().unwrap_or_default();
            if !tag.contains("src=") {
                problems.push(format!("{}: a script without src", short(&path)));
            }
        }
    }
    none(problems);
}

/// The text without comments, which may name what the code may not.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

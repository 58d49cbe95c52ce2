//! TruffleHog's JSON, one line a secret: of release 3, from images, repositories, files and buckets, and of release 2,
//! from a repository. Its log, which goes along where both streams are kept in one file, tells the release and when it
//! ended.
//!
//! Refuses an empty document: a clean run without its log prints nothing.

mod map;
mod wire;

#[cfg(test)]
mod tests;

use crate::{Error, Format, Head, Parsed, objects};

const KIND: &str = "trufflehog-json";

/// See the module.
pub(crate) const FORMAT: Format = Format {
    kind: KIND,
    title: "TruffleHog JSON",
    docs: "https://github.com/trufflesecurity/trufflehog#readme",
    version: 1,
    recognise,
    parse,
};

fn recognise(head: &Head) -> bool {
    ["", "[]."].iter().any(|prefix| {
        let has = |key: &str| head.has(&format!("{prefix}{key}"));
        let found = has("SourceMetadata") && has("DetectorType");
        let old = has("stringsFound") && has("commitHash") && has("reason");
        found || old || head.value(&format!("{prefix}logger")) == Some("trufflehog")
    })
}

fn parse(document: &[u8]) -> Result<Parsed, Error> {
    let lines: Vec<wire::Line<'_>> = objects::read(document, KIND)?;
    Ok(map::lines(&lines))
}

//! A broken rule as Hadolint's formatter writes it. Refuses to interpret; every field may be absent. Text is borrowed
//! from the document.

use serde::Deserialize;

use crate::json::{Number, Text};

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub(super) struct Broken<'a> {
    /// `DL3008`, or `SC2086` where ShellCheck speaks.
    pub code: Text<'a>,
    /// `error`, `warning`, `info`, `style`, `ignore`.
    pub level: Text<'a>,
    pub message: Text<'a>,
    pub file: Text<'a>,
    pub line: Number,
}

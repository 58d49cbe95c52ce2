//! Why a document cannot be read: one sentence each with what, where and what to do. Refuses to repeat
//! the document's content beyond a short clipped piece of it.

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing in it.
    #[error("the document is empty: the tool that should have written it probably failed")]
    Empty,
    /// A web page, usually a login or error page saved as a report.
    #[error("this is an HTML page, not a report: it was probably saved from a login or error page")]
    Html,
    /// A container of files where one document is wanted, or of a kind that is not opened.
    #[error("this is {what}: unpack it and submit the documents inside")]
    Archive {
        /// `a 7-Zip archive`.
        what: &'static str,
    },
    /// A container of which no file could be taken.
    #[error("nothing could be taken out of {what}: {why}")]
    NothingInside {
        /// `a zip archive`.
        what: &'static str,
        /// Why not, of the whole or of the first file.
        why: String,
    },
    /// Compressed bytes that do not decompress.
    #[error("the {what} compression is broken after {offset} decompressed bytes: {reason}")]
    Compression {
        /// `gzip`, `zstd` or `xz`.
        what: &'static str,
        /// How many bytes came out before the damage.
        offset: usize,
        /// What the decoder says.
        reason: String,
    },
    /// Bytes that cannot be had.
    #[error("the document cannot be read on after {offset} bytes: {reason}")]
    Unreadable {
        /// How many bytes were read before.
        offset: usize,
        /// What the system says.
        reason: String,
    },
    /// Over the size cap.
    #[error("the document is larger than the cap of {limit} bytes (decompressed)")]
    TooLarge {
        /// The cap.
        limit: usize,
    },
    /// Over the nesting cap.
    #[error("the document is nested deeper than {limit} levels at byte {offset}")]
    TooDeep {
        /// The cap.
        limit: usize,
        /// Where the cap was crossed.
        offset: usize,
    },
    /// No format claims it.
    #[error("no known format: the document looks like {looks}")]
    NotRecognised {
        /// What it looks like.
        looks: String,
    },
    /// Columns were to be told of something that has none.
    #[error(
        "only a table (CSV) or a list of objects (JSON) has columns to map: the document looks like {looks}"
    )]
    Unmappable {
        /// What it looks like.
        looks: String,
    },
    /// A mapping says what no column can mean here.
    #[error("the mapping gives a column the meaning `{word}`, which is not known here")]
    UnknownMeaning {
        /// The word.
        word: String,
    },
    /// By its mapping the document says nothing.
    #[error("by this mapping no row has a title or the id of a vulnerability")]
    Untold,
    /// More than one format claims it, which is a defect here.
    #[error("both {first} and {second} claim the document: please report it with the document")]
    Ambiguous {
        /// One kind.
        first: &'static str,
        /// Another.
        second: &'static str,
    },
    /// The document stops too early.
    #[error("truncated {what} at byte {offset}: the document ends inside {}", place(at))]
    Truncated {
        /// A kind, or `JSON` where none was recognised.
        what: &'static str,
        /// Length of what there is.
        offset: usize,
        /// Path of the value it ends in; empty at the top.
        at: String,
    },
    /// Of this kind, but not as its specification says.
    #[error("broken {kind} at byte {offset}, {}: {}", place(at), one_line(expectation, 400))]
    Broken {
        /// The kind that was recognised, or `JSON`.
        kind: &'static str,
        /// JSON path, element or line; empty at the top.
        at: String,
        /// Where.
        offset: usize,
        /// What was found and what was expected.
        expectation: String,
    },
}

impl Error {
    /// The same error in a document that stands this many bytes behind the beginning.
    pub(crate) fn after(mut self, bytes: usize) -> Self {
        if let Self::Truncated { offset, .. } | Self::Broken { offset, .. } = &mut self {
            *offset += bytes;
        }
        self
    }
}

fn place(at: &str) -> String {
    if at.is_empty() || at == "." { "its outermost value".to_owned() } else { format!("`{}`", clip(at)) }
}

/// At most the first 120 characters, control characters made visible.
#[must_use]
pub fn clip(text: &str) -> String {
    one_line(text, 120)
}

/// At most so many characters, as [`clip`] has them.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut letters = text.chars();
    let visible = |letter: char| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter };
    let mut clipped: String = letters.by_ref().take(most).map(visible).collect();
    if letters.next().is_some() {
        clipped.push('…');
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_and_what() {
        let truncated = Error::Truncated {
            what: "trivy-json",
            offset: 18234,
            at: "Results[0].Vulnerabilities".to_owned(),
        };
        assert_eq!(
            truncated.to_string(),
            "truncated trivy-json at byte 18234: the document ends inside `Results[0].Vulnerabilities`"
        );
        let broken = Error::Broken {
            kind: "kev",
            at: String::new(),
            offset: 0,
            expectation: "expected an object".to_owned(),
        };
        assert_eq!(broken.to_string(), "broken kev at byte 0, its outermost value: expected an object");
    }

    #[test]
    fn clips_hostile_text() {
        assert_eq!(clip(&"é".repeat(200)).chars().count(), 121);
        assert_eq!(clip("short"), "short");
        assert_eq!(clip("\u{1b}[31m"), "\u{fffd}[31m");
    }
}

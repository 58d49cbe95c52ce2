//! Raw bytes to a plain document: what is compressed expanded, UTF-16 and byte order marks, the size cap
//! and the nesting cap.
//!
//! Refuses archives, which are opened by [`crate::archive`] before; anything over a cap; and to decompress twice.

use std::borrow::Cow;

use crate::archive;
use crate::error::Error;
use crate::expansion::{GZIP, XZ, ZSTD, expand};

/// What a document may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes after decompression.
    pub size: usize,
    /// Most levels of nested JSON arrays and objects.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { size: 512 * 1024 * 1024, depth: 128 }
    }
}

/// Decompresses and decodes, within the limits. Plain UTF-8 input is borrowed. `promising` is asked about
/// the beginning of what is compressed before the rest is expanded.
///
/// # Errors
/// When the bytes are empty, an archive, over a limit, or compressed in a way that cannot be read; and what
/// `promising` says.
pub fn open(
    raw: &[u8],
    limits: Limits,
    promising: impl Fn(&[u8]) -> Result<(), Error>,
) -> Result<Cow<'_, [u8]>, Error> {
    let plain = expand(raw, limits.size, &|beginning| {
        refuse_containers(beginning)?;
        let text = decode(Cow::Borrowed(beginning), limits.size)?;
        check_nesting(&text, limits.depth)?;
        promising(&text)
    })?;
    refuse_containers(&plain)?;
    let text = decode(plain, limits.size)?;
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::Empty);
    }
    check_nesting(&text, limits.depth).map(|()| text)
}

fn refuse_containers(bytes: &[u8]) -> Result<(), Error> {
    match container(bytes).or_else(|| compressed(bytes)) {
        Some(what) => Err(Error::Archive { what }),
        None => Ok(()),
    }
}

fn container(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 3] =
        [(b"BZh", "a bzip2 archive"), (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"), (b"%PDF-", "a PDF file")];
    let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what);
    known.or_else(|| archive::recognise(bytes).map(archive::Kind::name))
}

fn compressed(bytes: &[u8]) -> Option<&'static str> {
    let twice = [GZIP, ZSTD, XZ].iter().any(|magic| bytes.starts_with(magic));
    twice.then_some("a document compressed twice")
}

/// Drops a UTF-8 byte order mark and turns UTF-16, which Windows shells write on redirection, to UTF-8.
fn decode(plain: Cow<'_, [u8]>, size: usize) -> Result<Cow<'_, [u8]>, Error> {
    let unit: fn([u8; 2]) -> u16 = match plain.as_ref() {
        [0xef, 0xbb, 0xbf, ..] => {
            return Ok(match plain {
                Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[3..]),
                Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(3)),
            });
        }
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return Ok(plain),
    };
    let units = plain[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(plain.len() / 2);
    for letter in char::decode_utf16(units) {
        text.push(letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        if text.len() > size {
            return Err(Error::TooLarge { limit: size });
        }
    }
    Ok(Cow::Owned(text.into_bytes()))
}

/// Nothing but JSON nests.
fn check_nesting(text: &[u8], limit: usize) -> Result<(), Error> {
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => check_depth(text, limit),
        _ => Ok(()),
    }
}

/// Walks the brackets outside strings; strings are skipped in long strides.
fn check_depth(bytes: &[u8], limit: usize) -> Result<(), Error> {
    let mut depth = 0_usize;
    let mut rest = bytes;
    while let Some(found) = rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')) {
        let next = found + 1;
        match rest[found] {
            b'"' => {
                rest = &rest[next..];
                rest = &rest[end_of_string(rest)..];
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Err(Error::TooDeep { limit, offset: bytes.len() - rest.len() + found });
                }
            }
            _ => depth = depth.saturating_sub(1),
        }
        rest = &rest[next..];
    }
    Ok(())
}

/// Position after the closing quote, or the end.
pub(crate) fn end_of_string(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        if bytes[at + found] == b'"' {
            return at + found + 1;
        }
        at += found + 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn open(raw: &[u8], limits: Limits) -> Result<Cow<'_, [u8]>, Error> {
        super::open(raw, limits, |_| Ok(()))
    }

    const SMALL: Limits = Limits { size: 1000, depth: 4 };

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn opens_plain_gzip_zstd_and_utf16() {
        let text = br#"{"a":"b"}"#;
        let zstd = zstd::encode_all(&text[..], 1).unwrap();
        let mut wide = vec![0xff, 0xfe];
        wide.extend(text.iter().flat_map(|&byte| [byte, 0]));
        let mut marked = vec![0xef, 0xbb, 0xbf];
        marked.extend(text);
        for raw in [text.to_vec(), gzip(text), zstd, wide, marked] {
            assert_eq!(open(&raw, SMALL).unwrap().as_ref(), text);
        }
    }

    #[test]
    fn stops_at_the_size_cap() {
        let bomb = vec![b' '; 100_000];
        assert_eq!(open(&gzip(&bomb), SMALL), Err(Error::TooLarge { limit: 1000 }));
        assert_eq!(
            open(&zstd::encode_all(&bomb[..], 1).unwrap(), SMALL),
            Err(Error::TooLarge { limit: 1000 })
        );
        assert_eq!(open(&bomb, SMALL), Err(Error::TooLarge { limit: 1000 }));
    }

    #[test]
    fn stops_at_the_nesting_cap_outside_strings() {
        assert!(open(br#"[[[["[[[[[\"[["]]]]"#, SMALL).is_ok());
        assert_eq!(open(b"[[[[[", SMALL), Err(Error::TooDeep { limit: 4, offset: 4 }));
    }

    #[test]
    fn refuses_what_is_not_a_document() {
        assert_eq!(open(b" \n", SMALL), Err(Error::Empty));
        assert_eq!(open(b"PK\x03\x04....", SMALL), Err(Error::Archive { what: "a zip archive" }));
        assert!(matches!(open(&gzip(&gzip(b"{}")), SMALL), Err(Error::Archive { .. })));
        let cut = gzip(&[b'x'; 500]);
        assert!(matches!(open(&cut[..cut.len() - 9], SMALL), Err(Error::Compression { what: "gzip", .. })));
    }
}

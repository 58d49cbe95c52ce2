//! Compressed bytes to plain ones, in stages: a beginning that must promise a document, a middle that is
//! kept as it comes, and the rest, which is counted before a byte more is kept. What grows past the cap
//! costs time and [`KEPT`] bytes, whatever it grows to.
//!
//! Refuses to judge by the ratio: honest reports shrink to a hundredth.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use crate::error::Error;
use crate::xz;

/// First bytes of a gzip file.
pub(crate) const GZIP: &[u8] = &[0x1f, 0x8b];
/// First bytes of a zstd file.
pub(crate) const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// First bytes of an xz file.
pub(crate) const XZ: &[u8] = b"\xfd7zXZ\x00";

/// Bytes by which a document must be recognised; twice what recognition reads, for UTF-16.
const BEGINNING: usize = 128 << 10;
/// Most bytes kept of something that may still turn out to be over the cap.
const KEPT: usize = 64 << 20;
/// Bytes counted at a time.
const STRIDE: usize = 64 << 10;

/// What one stage may find wrong with what has come out so far.
pub(crate) type Check<'c> = &'c dyn Fn(&[u8]) -> Result<(), Error>;

/// Decompresses to at most `size` bytes; plain input is borrowed. `promising` looks at the beginning of
/// what is longer than that, and once more where it gets long.
pub(crate) fn expand<'r>(raw: &'r [u8], size: usize, promising: Check<'_>) -> Result<Cow<'r, [u8]>, Error> {
    expand_in([BEGINNING, KEPT], raw, size, promising)
}

fn expand_in<'r>(
    stages: [usize; 2],
    raw: &'r [u8],
    size: usize,
    promising: Check<'_>,
) -> Result<Cow<'r, [u8]>, Error> {
    let Some(what) = method(raw) else {
        return if raw.len() > size { Err(Error::TooLarge { limit: size }) } else { Ok(Cow::Borrowed(raw)) };
    };
    let mut reader = reader(what, raw)?;
    let mut out = Vec::new();
    for stage in stages {
        let stage = stage.min(size.saturating_add(1));
        fill(what, &mut reader, &mut out, stage)?;
        if out.len() < stage {
            return Ok(Cow::Owned(out));
        }
        if out.len() > size {
            return Err(Error::TooLarge { limit: size });
        }
        promising(&out)?;
    }
    let total = count(what, reader, out.len(), size)?;
    drop(out);
    let mut out = Vec::with_capacity(total);
    fill(what, &mut self::reader(what, raw)?, &mut out, total)?;
    Ok(Cow::Owned(out))
}

/// Whether bytes are compressed in a way that is read.
pub(crate) fn is_compressed(raw: &[u8]) -> bool {
    method(raw).is_some()
}

/// Whether so many bytes and more come out; what is broken before is not.
pub(crate) fn is_longer(raw: &[u8], size: usize) -> bool {
    let Some(what) = method(raw) else { return raw.len() > size };
    let counted = reader(what, raw).and_then(|reader| count(what, reader, 0, size));
    matches!(counted, Err(Error::TooLarge { .. }))
}

/// The plain bytes of what streams in, of whatever length: whoever reads them counts. Bytes that xz packed stay as they
/// are.
pub(crate) fn plain<'r>(mut reader: impl BufRead + 'r) -> std::io::Result<Box<dyn Read + 'r>> {
    Ok(match method(reader.fill_buf()?) {
        Some("gzip") => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
        Some("zstd") => Box::new(zstd::stream::read::Decoder::with_buffer(reader)?),
        _ => Box::new(reader),
    })
}

fn method(raw: &[u8]) -> Option<&'static str> {
    if raw.starts_with(GZIP) {
        Some("gzip")
    } else if raw.starts_with(ZSTD) {
        Some("zstd")
    } else if raw.starts_with(XZ) {
        Some("xz")
    } else {
        None
    }
}

fn reader<'r>(what: &'static str, raw: &'r [u8]) -> Result<Box<dyn Read + 'r>, Error> {
    match what {
        "gzip" => Ok(Box::new(flate2::bufread::MultiGzDecoder::new(raw))),
        "xz" => Ok(Box::new(xz::Decoder::new(raw))),
        _ => match zstd::stream::read::Decoder::with_buffer(raw) {
            Ok(decoder) => Ok(Box::new(decoder)),
            Err(error) => Err(broken(what, 0, &error)),
        },
    }
}

/// The plain bytes one after the other, of whatever length: whoever reads them counts.
pub(crate) fn stream(raw: &[u8]) -> Result<Box<dyn Read + '_>, Error> {
    match method(raw) {
        Some(what) => reader(what, raw),
        None => Ok(Box::new(raw)),
    }
}

/// The first plain bytes, at most so many; fewer where no more can be read.
pub(crate) fn beginning(raw: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    if let Ok(mut reader) = stream(raw) {
        // What came out before the damage is the beginning.
        let _ = fill("", &mut reader, &mut out, length);
    }
    out
}

/// Reads on until there are `length` bytes or no more.
#[expect(clippy::disallowed_methods, reason = "this is the one reader, and it stops at the length")]
fn fill(what: &'static str, reader: &mut dyn Read, out: &mut Vec<u8>, length: usize) -> Result<(), Error> {
    let wanted = length.saturating_sub(out.len()) as u64;
    match reader.take(wanted).read_to_end(out) {
        Ok(_) => Ok(()),
        Err(error) => Err(broken(what, out.len(), &error)),
    }
}

/// How long the whole is, of which `known` bytes were read; keeps none of it.
fn count(what: &'static str, reader: impl Read, known: usize, size: usize) -> Result<usize, Error> {
    let mut total = known;
    let mut rest = BufReader::with_capacity(STRIDE, reader);
    loop {
        let read = rest.fill_buf().map_err(|error| broken(what, total, &error))?.len();
        if read == 0 {
            return Ok(total);
        }
        total += read;
        if total > size {
            return Err(Error::TooLarge { limit: size });
        }
        rest.consume(read);
    }
}

fn broken(what: &'static str, offset: usize, error: &std::io::Error) -> Error {
    Error::Compression { what, offset, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_stage_gives_the_same_bytes() {
        fn expand(raw: &[u8], size: usize) -> Result<Vec<u8>, Error> {
            expand_in([100, 5_000], raw, size, &|_| Ok(())).map(Cow::into_owned)
        }
        for length in [0, 1, 99, 100, 101, 4_999, 5_000, 5_001, 5_000 + 3 * STRIDE] {
            let plain: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
            for raw in [gzip(&plain), zstd::encode_all(&plain[..], 1).unwrap()] {
                assert!(expand(&raw, length).unwrap() == plain, "{length}");
                let refused = length.checked_sub(1).map(|size| (expand(&raw, size), size));
                assert!(
                    refused.is_none_or(|(error, limit)| error == Err(Error::TooLarge { limit })),
                    "{length}"
                );
            }
        }
    }

    #[test]
    fn what_promises_nothing_is_not_expanded() {
        let raw = gzip(&vec![0; 3 << 20]);
        let seen = RefCell::new(Vec::new());
        let refused = expand(&raw, 512 << 20, &|beginning| {
            seen.borrow_mut().push(beginning.len());
            Err(Error::Empty)
        });
        assert_eq!((refused, seen.into_inner()), (Err(Error::Empty), vec![BEGINNING]));
    }

    #[test]
    fn members_of_one_file_follow_each_other() {
        let raw = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(&*expand(&raw, 100, &|_| Ok(())).unwrap(), b"one two");
    }
}

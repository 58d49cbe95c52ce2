//! Tar: entry after entry from a stream, with the long paths of GNU and POSIX. Refuses headers whose checksum is wrong,
//! paths longer than [`LONGEST`] and sparse files.

use std::io::{self, Read};

use super::meter::read_capped;
use super::walk::What;

/// Bytes of a header; what follows it is padded to as many.
pub(super) const BLOCK: usize = 512;
/// The longest extension header, in bytes.
const LONGEST: u64 = 64 << 10;
/// Most extension headers of one entry.
const EXTENSIONS: usize = 8;

/// The next file, folder or other thing.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: Vec<u8>,
    pub(super) what: What,
    pub(super) size: u64,
}

/// Entries of a stream.
pub(super) struct Reader<R> {
    inner: R,
    /// Bytes of the current entry that were not read, padding included.
    left: u64,
}

/// What extension headers say of the entry that follows them.
#[derive(Default)]
struct Extended {
    path: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

/// Whether these bytes begin with a header.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    let Some(block) = bytes.get(..BLOCK) else { return false };
    let fields = block.iter().enumerate();
    let sum: u64 =
        fields.map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) }).sum();
    number(field(block, 148, 8)) == Some(sum)
}

impl<R: Read> Reader<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, left: 0 }
    }

    /// The next entry; nothing at the end.
    pub(super) fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        let mut extended = Extended::default();
        for _ in 0..=EXTENSIONS {
            self.skip()?;
            let Some(block) = self.block()? else { return Ok(None) };
            let stated = number(field(&block, 124, 12)).ok_or_else(|| broken("a size is no number"))?;
            let kind = block.get(156).copied().unwrap_or_default();
            let extends = matches!(kind, b'L' | b'x' | b'K' | b'g');
            let size = if extends { stated } else { extended.size.unwrap_or(stated) };
            self.left =
                size.checked_next_multiple_of(BLOCK as u64).ok_or_else(|| broken("a size is too large"))?;
            match kind {
                b'L' => extended.path = Some(until_nul(&self.extension(size)?).to_vec()),
                b'x' => {
                    let records = self.extension(size)?;
                    extended
                        .read(&records)
                        .ok_or_else(|| broken("an extended header is no list of records"))?;
                }
                b'K' | b'g' => {}
                _ => return Ok(Some(entry(&block, kind, size, extended))),
            }
        }
        Err(broken("an entry has too many headers"))
    }

    /// The bytes of the current entry.
    pub(super) fn bytes(&mut self, size: u64) -> io::Result<Vec<u8>> {
        let bytes = read_capped(self.inner.by_ref().take(size), size)?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if (bytes.len() as u64) < size { Err(cut()) } else { Ok(bytes) }
    }

    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > LONGEST { Err(broken("an extended header is too long")) } else { self.bytes(size) }
    }

    fn skip(&mut self) -> io::Result<()> {
        let skipped = io::copy(&mut self.inner.by_ref().take(self.left), &mut io::sink())?;
        let short = skipped < self.left;
        self.left = 0;
        if short { Err(cut()) } else { Ok(()) }
    }

    /// The next header; nothing at the end, which is a block of zeros or no more bytes.
    fn block(&mut self) -> io::Result<Option<Vec<u8>>> {
        let block = read_capped(self.inner.by_ref().take(BLOCK as u64), BLOCK as u64)?;
        if block.is_empty() || block.len() == BLOCK && block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        if block.len() < BLOCK {
            return Err(cut());
        }
        if is_header(&block) { Ok(Some(block)) } else { Err(broken("the checksum of a header is wrong")) }
    }
}

impl Extended {
    /// Reads records of the form `LENGTH KEY=VALUE` and a line feed; nothing where they are none.
    fn read(&mut self, mut records: &[u8]) -> Option<()> {
        while !records.is_empty() {
            let space = memchr::memchr(b' ', records)?;
            let length: usize = std::str::from_utf8(records.get(..space)?).ok()?.parse().ok()?;
            let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
            let equals = memchr::memchr(b'=', record)?;
            let (key, value) = (record.get(..equals)?, record.get(equals + 1..)?);
            match key {
                b"path" => self.path = Some(value.to_vec()),
                b"size" => self.size = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
                _ => self.sparse |= key.starts_with(b"GNU.sparse."),
            }
            records = records.get(length..)?;
        }
        Some(())
    }
}

fn entry(block: &[u8], kind: u8, size: u64, extended: Extended) -> Entry {
    let name = until_nul(field(block, 0, 100));
    let prefix = until_nul(field(block, 345, 155));
    let path = extended.path.unwrap_or_else(|| {
        if field(block, 257, 6) == b"ustar\0" && !prefix.is_empty() {
            [prefix, b"/", name].concat()
        } else {
            name.to_vec()
        }
    });
    let what = match kind {
        b'5' => What::Folder,
        0 | b'0' | b'7' if path.ends_with(b"/") => What::Folder,
        0 | b'0' | b'7' if !extended.sparse => What::File,
        0 | b'0' | b'7' | b'S' => What::Other("it is a sparse file, which is not read; it was left out"),
        b'1' | b'2' => What::Other("it is a link, which is not followed; it was left out"),
        b'3' | b'4' => What::Other("it is a device; it was left out"),
        b'6' => What::Other("it is a pipe; it was left out"),
        _ => What::Other("it is of a kind that is not known; it was left out"),
    };
    Entry { path, what, size }
}

fn field(block: &[u8], at: usize, length: usize) -> &[u8] {
    block.get(at..at + length).unwrap_or_default()
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits, or where the first bit is set, the bytes of the number themselves.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((first, rest)) = field.split_first()
        && first & 0x80 != 0
    {
        let add = |sum: u64, byte: &u8| sum.checked_mul(256)?.checked_add(u64::from(*byte));
        return rest.iter().try_fold(u64::from(first & 0x7f), add);
    }
    let digits = std::str::from_utf8(until_nul(field)).ok()?.trim();
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the end is missing")
}

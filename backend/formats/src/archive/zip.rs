//! Zip: the entries of the directory at the end, with the large numbers of Zip64. Refuses to open what is encrypted or
//! compressed in rare ways, and bytes that are not as the directory says.

use std::io::Read;

use super::meter::{Budget, Metered, read_capped};
use super::walk::What;

/// First bytes of a file in the archive.
const LOCAL: &[u8] = b"PK\x03\x04";
/// First bytes of an entry of the directory.
const CENTRAL: &[u8] = b"PK\x01\x02";
/// First bytes of the end of the directory.
const END: &[u8] = b"PK\x05\x06";
/// First bytes of the end with large numbers, and of what tells where that is.
const END_LARGE: &[u8] = b"PK\x06\x06";
const LOCATOR: &[u8] = b"PK\x06\x07";
/// Bytes of the end of the directory, and the most of the comment that follows it.
const TAIL: usize = 22 + 0xffff;

/// An entry of the directory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'z> {
    pub(super) path: &'z [u8],
    pub(super) what: What,
    /// Bytes after decompression, as stated.
    pub(super) size: u64,
    method: u16,
    checksum: u32,
    /// Its bytes as they are kept; absent where the archive has none there.
    packed: Option<&'z [u8]>,
}

/// The entries in the order of the directory.
#[derive(Debug)]
pub(super) struct Entries<'z> {
    raw: &'z [u8],
    rest: &'z [u8],
    count: u64,
}

/// Whether these bytes begin as a zip archive does, also one without a file.
pub(super) fn is_zip(raw: &[u8]) -> bool {
    raw.starts_with(LOCAL) || raw.starts_with(END)
}

/// The directory; nothing where there is none.
pub(super) fn entries(raw: &[u8]) -> Option<Entries<'_>> {
    let from = raw.len().saturating_sub(TAIL);
    let at = from + memchr::memmem::rfind(raw.get(from..)?, END)?;
    let end = raw.get(at..)?;
    let (count, start) = (short(end, 10)?, long(end, 16)?);
    if count != u16::MAX && start != u32::MAX {
        return Some(Entries { raw, rest: raw.get(start as usize..)?, count: count.into() });
    }
    let locator = raw.get(at.checked_sub(20)?..at).filter(|bytes| bytes.starts_with(LOCATOR))?;
    let end = raw.get(place(wide(locator, 8)?)?..).filter(|bytes| bytes.starts_with(END_LARGE))?;
    Some(Entries { raw, rest: raw.get(place(wide(end, 48)?)?..)?, count: wide(end, 32)? })
}

impl<'z> Iterator for Entries<'z> {
    type Item = Result<Entry<'z>, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        self.count = self.count.checked_sub(1)?;
        let entry = self.entry();
        if entry.is_none() {
            self.count = 0;
        }
        Some(entry.ok_or("its directory breaks off"))
    }
}

impl<'z> Entries<'z> {
    fn entry(&mut self) -> Option<Entry<'z>> {
        let header = self.rest;
        if !header.starts_with(CENTRAL) {
            return None;
        }
        let name_end = 46 + usize::from(short(header, 28)?);
        let extra_end = name_end + usize::from(short(header, 30)?);
        let path = header.get(46..name_end)?;
        let extra = header.get(name_end..extra_end)?;
        self.rest = header.get(extra_end + usize::from(short(header, 32)?)..)?;
        let stated = [long(header, 24)?, long(header, 20)?, long(header, 42)?];
        let [size, packed, offset] = widened(stated, extra)?;
        Some(Entry {
            path,
            what: what(path, short(header, 8)?, short(header, 4)?, long(header, 38)?),
            size,
            method: short(header, 10)?,
            checksum: long(header, 16)?,
            packed: self.packed(offset, packed),
        })
    }

    fn packed(&self, offset: u64, length: u64) -> Option<&'z [u8]> {
        let local = self.raw.get(place(offset)?..).filter(|bytes| bytes.starts_with(LOCAL))?;
        let start = 30 + usize::from(short(local, 26)?) + usize::from(short(local, 28)?);
        local.get(start..start.checked_add(place(length)?)?)
    }
}

impl Entry<'_> {
    /// The bytes, which are as many and have the checksum that the directory states.
    pub(super) fn bytes(&self, budget: &Budget) -> Result<Vec<u8>, String> {
        let packed = self.packed.ok_or("its bytes are not in the archive")?;
        let reader: Box<dyn Read + '_> = match self.method {
            0 => Box::new(packed),
            8 => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
            93 => Box::new(
                zstd::stream::read::Decoder::with_buffer(packed).map_err(|error| unreadable(&error))?,
            ),
            method => return Err(format!("it is compressed in a way that is not read (method {method})")),
        };
        let bytes =
            read_capped(Metered::new(reader, budget), self.size).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 != self.size {
            return Err("its size is not as stated".to_owned());
        }
        let mut checksum = flate2::Crc::new();
        checksum.update(&bytes);
        if checksum.sum() == self.checksum { Ok(bytes) } else { Err("its checksum is wrong".to_owned()) }
    }
}

fn unreadable(error: &std::io::Error) -> String {
    format!("its compression is broken: {}", crate::error::clip(&error.to_string()))
}

/// Size, packed size and offset: those that do not fit into the header stand in an extra field, in this order.
fn widened(stated: [u32; 3], extra: &[u8]) -> Option<[u64; 3]> {
    let mut large = field(extra, 1).unwrap_or_default();
    let mut numbers = stated.map(u64::from);
    for number in numbers.iter_mut().filter(|number| **number == u64::from(u32::MAX)) {
        *number = wide(large, 0)?;
        large = large.get(8..)?;
    }
    Some(numbers)
}

/// The extra field with this number.
fn field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let end = 4 + usize::from(short(extra, 2)?);
        if short(extra, 0)? == wanted {
            return extra.get(4..end);
        }
        extra = extra.get(end..)?;
    }
}

fn what(path: &[u8], flags: u16, made_by: u16, attributes: u32) -> What {
    // Only what Unix and macOS made says what a file is.
    let mode = if matches!(made_by >> 8, 3 | 19) { (attributes >> 16) & 0o170_000 } else { 0 };
    match mode {
        0o120_000 => What::Other("it is a link, which is not followed; it was left out"),
        0o020_000 | 0o060_000 => What::Other("it is a device; it was left out"),
        0o010_000 | 0o140_000 => What::Other("it is a pipe; it was left out"),
        _ if mode == 0o040_000 || path.ends_with(b"/") || path.ends_with(b"\\") => What::Folder,
        _ if flags & 1 != 0 => What::Other("it is encrypted; it was left out"),
        _ => What::File,
    }
}

fn place(number: u64) -> Option<usize> {
    usize::try_from(number).ok()
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk::<2>().map(|number| u16::from_le_bytes(*number))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|number| u32::from_le_bytes(*number))
}

fn wide(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk::<8>().map(|number| u64::from_le_bytes(*number))
}

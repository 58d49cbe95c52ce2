//! A scope as it is sent: lines packed while they come, cut into parts between lines, so that neither side
//! ever holds more than a part. Refuses to cut a line: one that is longer than a part is a part of its own.

use std::io::{Error, Write};

use zstd::stream::write::Encoder;

use super::wire::{End, Header};
use super::{end_line, header_line};

/// How hard zstd tries: lines repeat each other, which the usual level finds.
const LEVEL: i32 = 3;

/// Makes the parts of one scope.
pub struct Packer {
    header: Header,
    most: usize,
    encoder: Encoder<'static, Vec<u8>>,
    /// Bytes of lines in the part under way, its header apart.
    written: usize,
}

/// A part, packed with zstd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Its number in the scope, from 1.
    pub number: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it ends the scope.
    pub last: bool,
}

impl Packer {
    /// Begins with the scope's first part; the lines of a part have at most `most` bytes together.
    ///
    /// # Errors
    /// When there is no memory to pack in.
    pub fn new(header: Header, most: usize) -> Result<Self, Error> {
        let encoder = begin(&header)?;
        Ok(Self { header, most, encoder, written: 0 })
    }

    /// Adds a line; gives the part before it where that became full.
    ///
    /// # Errors
    /// When there is no memory to pack in.
    pub fn line(&mut self, line: &str) -> Result<Option<Packed>, Error> {
        let full = self.written > 0 && self.written.saturating_add(line.len()) > self.most;
        let before = if full { Some(self.cut()?) } else { None };
        self.encoder.write_all(line.as_bytes())?;
        self.written += line.len();
        Ok(before)
    }

    /// Ends the scope; gives its last part.
    ///
    /// # Errors
    /// When there is no memory to pack in.
    pub fn end(mut self, end: End) -> Result<Packed, Error> {
        self.encoder.write_all(end_line(end).as_bytes())?;
        Ok(Packed { number: self.header.part, bytes: self.encoder.finish()?, last: true })
    }

    fn cut(&mut self) -> Result<Packed, Error> {
        let number = self.header.part;
        self.header.part += 1;
        self.written = 0;
        let full = std::mem::replace(&mut self.encoder, begin(&self.header)?);
        Ok(Packed { number, bytes: full.finish()?, last: false })
    }
}

fn begin(header: &Header) -> Result<Encoder<'static, Vec<u8>>, Error> {
    let mut encoder = Encoder::new(Vec::new(), LEVEL)?;
    encoder.write_all(header_line(header).as_bytes())?;
    Ok(encoder)
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Packer").field("part", &self.header.part).finish_non_exhaustive()
    }
}

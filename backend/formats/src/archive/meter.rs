//! A reader that counts against what an archive may still cost. Refuses to read on once that is used up.

use std::cell::Cell;
use std::io::{self, Read};

/// What may still come out of an archive; shared by all that is read of it.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Budget {
    /// Room for this many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        Self(Cell::new(bytes.saturating_add(1)))
    }

    /// Whether more came out than there was room for.
    pub(super) fn is_over(&self) -> bool {
        self.0.get() == 0
    }

    /// Whether there is room for this many bytes more.
    pub(super) fn has(&self, bytes: u64) -> bool {
        bytes < self.0.get()
    }

    fn take(&self, bytes: usize) -> io::Result<usize> {
        self.0.set(self.0.get().saturating_sub(bytes as u64));
        if self.is_over() { Err(io::Error::other("more than the limit comes out")) } else { Ok(bytes) }
    }
}

/// What is read through it is taken from the budget.
pub(super) struct Metered<'b, R> {
    inner: R,
    budget: &'b Budget,
}

impl<'b, R: Read> Metered<'b, R> {
    /// A reader of `inner` on this budget.
    pub(super) fn new(inner: R, budget: &'b Budget) -> Self {
        Self { inner, budget }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.budget.take(read)
    }
}

/// Reads to the end, or one byte past `most`, which tells that there is more.
#[expect(clippy::disallowed_methods, reason = "the reader is capped by `take`")]
pub(super) fn read_capped(reader: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

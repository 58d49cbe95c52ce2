//! Bytes compressed with xz to plain ones, as they are asked for. Refuses dictionaries larger than `xz -9` makes: the
//! header of a small file may ask for four gigabytes of memory.

use std::io::{self, Read};

use lzma_rust2::{Action, Status, XzStream};

/// Most memory for one decoder, in KiB; what `xz -9` made takes 65 MiB.
const MEMORY: u32 = 96 << 10;

/// A decoder over bytes at hand. Files that follow each other are one.
pub(crate) struct Decoder<'r> {
    stream: XzStream,
    rest: &'r [u8],
}

impl<'r> Decoder<'r> {
    /// Nothing is read before it is asked for.
    pub(crate) fn new(raw: &'r [u8]) -> Self {
        Self { stream: XzStream::new_mem_limit(true, MEMORY), rest: raw }
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            let step = self.stream.process(self.rest, buffer, Action::Finish)?;
            self.rest = self.rest.get(step.bytes_consumed..).unwrap_or_default();
            if step.bytes_produced > 0 || step.status == Status::StreamEnd {
                return Ok(step.bytes_produced);
            }
            if step.bytes_consumed == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the end is missing"));
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use crate::expansion::expand;

    /// `{"a":"b"}` and a line feed, as `xz -6` packs it.
    const SMALL: &[u8] = include_bytes!("archive/fixtures/small.json.xz");

    #[test]
    fn what_xz_packed_is_read_alone_and_in_a_row() {
        let plain = b"{\"a\":\"b\"}\n";
        assert_eq!(&*expand(SMALL, 100, &|_| Ok(())).unwrap(), plain);
        let row = [SMALL, SMALL].concat();
        assert_eq!(&*expand(&row, 100, &|_| Ok(())).unwrap(), [&plain[..], &plain[..]].concat());
    }

    #[test]
    fn no_cut_and_no_flipped_bit_is_taken_for_the_whole() {
        for end in 6..SMALL.len() {
            assert!(expand(&SMALL[..end], 100, &|_| Ok(())).is_err(), "cut at {end}");
        }
        let mut broken = SMALL.to_vec();
        let middle = broken.len() / 2;
        broken[middle] ^= 1;
        assert!(expand(&broken, 100, &|_| Ok(())).is_err());
    }

    #[test]
    fn a_dictionary_that_is_too_large_is_refused() {
        let greedy = include_bytes!("archive/fixtures/greedy.xz");
        let error = expand(greedy, 100, &|_| Ok(())).unwrap_err();
        assert!(error.to_string().starts_with("the xz compression is broken after 0"), "{error}");
    }
}

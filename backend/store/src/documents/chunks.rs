//! How the bytes of a document are kept: slices of [`CHUNK`] bytes as they arrived, each packed by
//! itself, so that a document streams in and out. Refuses to keep more than one slice in hand.

use domain::id::DocumentId;
use sha2::{Digest, Sha256};

use crate::Error;

/// Bytes of a document in one chunk, before packing.
pub(crate) const CHUNK: usize = 1 << 20;
/// The level of zstd: half the time of the default and a few per cent larger on JSON.
const LEVEL: i32 = 1;

/// A chunk as it is stored.
pub(crate) fn pack(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    zstd::bulk::compress(bytes, LEVEL).map_err(Error::Compression)
}

/// A chunk as it arrived.
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>, Error> {
    zstd::bulk::decompress(packed, CHUNK).map_err(Error::Compression)
}

/// A digest of a whole document as it is stored: `sha256:` and 64 hexadecimal digits.
pub(crate) fn digest_of(hasher: Sha256) -> String {
    hasher.finalize().iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// An id for a document that arrives now.
pub(crate) fn new_id() -> DocumentId {
    DocumentId::from_bytes(uuid::Uuid::now_v7().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_survives_packing() {
        for bytes in [Vec::new(), b"{}".to_vec(), vec![7; CHUNK]] {
            assert_eq!(unpack(&pack(&bytes).unwrap()).unwrap(), bytes);
        }
        assert!(unpack(b"not packed").is_err());
    }

    #[test]
    fn digests_are_the_ones_people_compute() {
        let expected = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest_of(Sha256::new()), expected);
    }
}

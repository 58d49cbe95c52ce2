//! PEM as people and strangers write it. Refuses texts that are too long to be keys or certificates.

use pki_types::pem::PemObject;
use pki_types::{CertificateDer, SubjectPublicKeyInfoDer};

/// The longest text that is read, in bytes.
const LONGEST: usize = 256 << 10;
/// The most certificates that are read of one text.
const MOST: usize = 16;

/// The certificates of a text, in its order; nothing where one of them is broken.
pub(super) fn certificates(text: &str) -> Option<Vec<CertificateDer<'static>>> {
    let text = within(text)?;
    CertificateDer::pem_slice_iter(text).take(MOST).collect::<Result<_, _>>().ok()
}

/// The first public key of a text.
pub(super) fn public_key(text: &str) -> Option<SubjectPublicKeyInfoDer<'static>> {
    SubjectPublicKeyInfoDer::pem_slice_iter(within(text)?).next()?.ok()
}

fn within(text: &str) -> Option<&[u8]> {
    (text.len() <= LONGEST).then_some(text.as_bytes())
}

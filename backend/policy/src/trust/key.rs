//! Public keys and what they verify. Refuses kinds of keys that cosign does not sign with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use sigstore::crypto::{CosignVerificationKey, Signature};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{pem, sha256};

/// A key that somebody configured.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// What people call it.
    pub(super) name: String,
    pub(super) material: Material,
    /// The SHA-256 of it in DER, in Base64 as signatures name their keys.
    pub(super) hint: String,
    /// The same in hexadecimal, as logs are named.
    pub(super) id: String,
}

/// A key as the mathematics take it.
#[derive(Clone, Debug)]
pub(super) struct Material(CosignVerificationKey);

impl Material {
    /// A key in DER, if its kind is known.
    pub(super) fn of_der(der: &[u8]) -> Option<Self> {
        CosignVerificationKey::try_from_der(der).ok().map(Self)
    }

    /// The key of a certificate, if its kind is known.
    pub(super) fn of(key: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        CosignVerificationKey::try_from(key).ok().map(Self)
    }

    /// Whether it made a signature over a message.
    pub(super) fn verifies(&self, signature: &[u8], message: &[u8]) -> bool {
        self.0.verify_signature(Signature::Raw(signature), message).is_ok()
    }
}

impl Key {
    fn new(name: &str, text: &str) -> Option<Self> {
        let der = pem::public_key(text)?;
        let material = Material::of_der(&der)?;
        let (hint, id) = (STANDARD.encode(Sha256::digest(&der)), sha256(&der));
        Some(Self { name: name.to_owned(), material, hint, id })
    }
}

/// The keys of texts; what is none is a problem.
pub(super) fn read(given: &[(String, String)], what: &str, problems: &mut Vec<String>) -> Vec<Key> {
    let mut keys = Vec::new();
    for (name, text) in given {
        match Key::new(name, text) {
            Some(key) => keys.push(key),
            None => problems.push(format!(
                "the {what} {name} is not a public key in PEM (ECDSA on P-256, P-384 or P-521, Ed25519 or RSA)"
            )),
        }
    }
    keys
}

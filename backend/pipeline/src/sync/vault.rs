//! Secrets of sources at rest: XChaCha20-Poly1305 under a key that is never in the database. Refuses to
//! show a key or a secret in any message.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::source::Values;
use store::save::sources::Secrets as Sealed;

use super::Secrets;

/// Bytes of a key.
const KEY: usize = 32;
/// Bytes of a nonce.
const NONCE: usize = 24;
/// What is authenticated besides the secrets: bytes of another purpose do not open.
const PURPOSE: &[u8] = b"plimsoll source secrets 1";

/// The key, and what is done with it.
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

impl Vault {
    /// The vault of a key: 32 bytes in Base64 or hexadecimal.
    ///
    /// # Errors
    /// One sentence that says how to make a key; the text is not in it.
    pub fn new(key: &str) -> Result<Self, String> {
        let key = key.trim();
        let bytes = hexadecimal(key).or_else(|| STANDARD.decode(key).ok());
        let bytes: [u8; KEY] = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
            "the key for stored secrets is not 32 bytes in Base64 or hexadecimal: make one with \
             `openssl rand -base64 32`"
                .to_owned()
        })?;
        Ok(Self { cipher: XChaCha20Poly1305::new(&bytes.into()) })
    }

    /// Encrypts secret values.
    ///
    /// # Errors
    /// When the cipher refuses, which it does for nothing that fits into memory.
    pub fn seal(&self, values: &Values) -> Result<Sealed, String> {
        let nonce = nonce();
        let clear = serde_json::to_vec(values).map_err(|_| "the secrets could not be written".to_owned())?;
        let payload = Payload { msg: &clear, aad: PURPOSE };
        let mut sealed = nonce.to_vec();
        let body = self.cipher.encrypt(&XNonce::from(nonce), payload);
        sealed.extend(body.map_err(|_| "the secrets could not be encrypted".to_owned())?);
        Ok(Sealed { sealed, fields: values.keys().cloned().collect() })
    }

    /// Encrypts changed secrets together with those on record: a text replaces one, nothing takes it away.
    ///
    /// # Errors
    /// When those on record do not open with this key.
    pub fn reseal(
        &self,
        sealed: Option<&[u8]>,
        changes: &BTreeMap<String, Option<String>>,
    ) -> Result<Sealed, String> {
        let mut values = sealed.map_or_else(|| Ok(Values::new()), |sealed| self.open(sealed))?;
        for (field, change) in changes {
            match change {
                Some(text) => drop(values.insert(field.clone(), vec![text.clone()])),
                None => drop(values.remove(field)),
            }
        }
        self.seal(&values)
    }
}

impl Secrets for Vault {
    fn open(&self, sealed: &[u8]) -> Result<Values, String> {
        let refuse = || {
            "The stored secrets of the source do not open with this key: set the key they were stored with, or \
             enter the secrets again."
                .to_owned()
        };
        let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(refuse)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| refuse())?;
        let clear = self
            .cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: PURPOSE })
            .map_err(|_| refuse())?;
        serde_json::from_slice(&clear).map_err(|_| refuse())
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Vault(…)")
    }
}

/// A nonce that never comes again: two time-ordered UUIDs hold the time and 136 random bits.
fn nonce() -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    let (one, two) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
    nonce[..16].copy_from_slice(one.as_bytes());
    nonce[16..].copy_from_slice(&two.as_bytes()[8..]);
    nonce
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    (text.len() == 2 * KEY && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| {
        let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap_or_default();
        (0..text.len()).step_by(2).map(digits).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Values {
        Values::from([("password".to_owned(), vec!["hunter2".to_owned()])])
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_alone() {
        let vault = Vault::new(&"ab".repeat(32)).unwrap();
        let sealed = vault.seal(&secrets()).unwrap();
        assert_eq!(sealed.fields, ["password"]);
        assert!(!sealed.sealed.windows(7).any(|window| window == b"hunter2"));
        assert_eq!(vault.open(&sealed.sealed).unwrap(), secrets());
        assert_ne!(vault.seal(&secrets()).unwrap().sealed, sealed.sealed);
        let other = Vault::new(&STANDARD.encode([7; 32])).unwrap();
        assert!(other.open(&sealed.sealed).unwrap_err().contains("this key"));
        let changes =
            BTreeMap::from([("token".to_owned(), Some("t".to_owned())), ("password".to_owned(), None)]);
        let changed = vault.reseal(Some(&sealed.sealed), &changes).unwrap();
        assert_eq!(changed.fields, ["token"]);
        let mut broken = sealed.sealed.clone();
        broken[NONCE] ^= 1;
        assert!(vault.open(&broken).is_err());
        assert!(vault.open(b"short").is_err());
    }

    #[test]
    fn a_wrong_key_is_told_without_showing_it() {
        for key in ["", "abc", &"zz".repeat(32), "c2hvcnQ="] {
            let refused = Vault::new(key).unwrap_err();
            assert!(refused.contains("openssl rand -base64 32"), "{refused}");
            assert!(key.is_empty() || !refused.contains(key));
        }
        assert_eq!(format!("{:?}", Vault::new(&"ab".repeat(32)).unwrap()), "Vault(…)");
    }
}

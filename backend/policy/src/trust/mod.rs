//! Whose signatures count: keys and identities as data, and what they make of a signature that lay beside an image.
//! Everything is checked offline, by what lies beside the image and what the settings hold.
//!
//! Refuses to ask a transparency log, an authority or a clock: the same signature and the same settings give the same
//! word. Refuses to take "nobody vouches for it" for "it is false".

mod certificate;
mod claim;
mod entry;
mod identity;
mod key;
mod pem;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use domain::signature::{Signed, State};
use pki_types::TrustAnchor;
use sha2::{Digest as _, Sha256};

use certificate::Certificate;
use claim::Claim;
use identity::Identity;
use key::Key;

/// Says how signatures are judged: when it changes, every one is judged again.
const JUDGEMENT: &str = "signatures-1";

/// What the operator trusts, as written. A name and a PEM text each, where it is not an identity.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Public keys.
    pub keys: Vec<(String, String)>,
    /// Issuer and subject, separated by white space; `*` stands for anything.
    pub identities: Vec<String>,
    /// Authorities that the certificates of identities must lead to.
    pub roots: Vec<(String, String)>,
    /// Keys of transparency logs.
    pub logs: Vec<(String, String)>,
}

/// Whose signatures count.
#[derive(Clone, Debug)]
pub struct Trust {
    keys: Vec<Key>,
    identities: Vec<Identity>,
    roots: Vec<TrustAnchor<'static>>,
    logs: Vec<Key>,
    mark: String,
}

/// What became of a signature, in a word and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The word.
    pub state: State,
    /// Why, as a whole sentence.
    pub sentence: String,
}

impl Default for Trust {
    /// Trusts nobody: only what is false by itself is told.
    fn default() -> Self {
        let mark = mark(&Given::default());
        Self { keys: Vec::new(), identities: Vec::new(), roots: Vec::new(), logs: Vec::new(), mark }
    }
}

impl Trust {
    /// Reads what the operator trusts.
    ///
    /// # Errors
    /// Every text that is no key, identity or certificate, in a sentence each.
    pub fn new(given: &Given) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let keys = key::read(&given.keys, "key", &mut problems);
        let logs = key::read(&given.logs, "key of a log", &mut problems);
        let roots = certificate::roots(&given.roots, &mut problems);
        let mut identities = Vec::new();
        for text in &given.identities {
            match Identity::read(text) {
                Some(identity) => identities.push(identity),
                None => problems.push(format!(
                    "the identity `{text}` is not an issuer and a subject with a space between them"
                )),
            }
        }
        if !identities.is_empty() && given.roots.is_empty() {
            problems
                .push("identities need roots: without one nobody vouches for their certificates".to_owned());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { keys, identities, roots, logs, mark: mark(given) })
    }

    /// A text that differs where what is trusted, or how it is judged, differs.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// Whether anybody is trusted.
    #[must_use]
    pub fn is_anybody(&self) -> bool {
        !self.keys.is_empty() || !self.identities.is_empty()
    }

    /// What becomes of a signature.
    #[must_use]
    pub fn judge(&self, signed: &Signed) -> Verdict {
        let claim = match Claim::read(signed) {
            Ok(claim) => claim,
            Err(sentence) => return Verdict::invalid(sentence),
        };
        if let Some(beside) = &signed.beside
            && !claim.digests.contains(beside)
        {
            return Verdict::invalid(format!("It is of {}, not of this image.", claim.named()));
        }
        let Some(signature) = decoded(&signed.signature) else {
            return Verdict::invalid("The signature is not Base64.");
        };
        let proof = Proof { signed, claim: &claim, signature: &signature };
        let certificate = match &signed.certificate {
            None => None,
            Some(text) => match self.own_certificate(text, &proof) {
                Ok(certificate) => Some(certificate),
                Err(verdict) => return verdict,
            },
        };
        if let Some(verdict) = self.by_key(&proof) {
            return verdict;
        }
        match certificate {
            Some(certificate) => self.by_identity(&certificate, &proof),
            None if self.keys.is_empty() => Verdict::unverified("No key is configured to check it with."),
            None => Verdict::unverified("No configured key made it."),
        }
    }

    /// The certificate that came with a signature, which has to match it.
    fn own_certificate(&self, text: &str, proof: &Proof<'_>) -> Result<Certificate, Verdict> {
        let Some(certificate) = Certificate::read(text) else {
            return Err(Verdict::invalid("Its certificate cannot be read."));
        };
        let Some(key) = &certificate.key else {
            let sentence = "The key in its certificate is of a kind that is not checked here.";
            return Err(Verdict::unverified(sentence));
        };
        if proof.is_by(key) {
            Ok(certificate)
        } else {
            Err(Verdict::invalid("It does not match the key in its own certificate."))
        }
    }

    /// What the configured keys say, if one of them has anything to say.
    fn by_key(&self, proof: &Proof<'_>) -> Option<Verdict> {
        if let Some(key) = self.keys.iter().find(|key| proof.is_by(&key.material)) {
            return Some(Verdict::verified(format!("The key {} made it.", key.name)));
        }
        let hint = proof.signed.hint.as_deref()?;
        let meant = self.keys.iter().find(|key| key.hint == hint)?;
        let sentence = format!("It says that the key {} made it, which did not.", meant.name);
        Some(Verdict::invalid(sentence))
    }

    /// What the configured identities say of a certificate that matches the signature.
    fn by_identity(&self, certificate: &Certificate, proof: &Proof<'_>) -> Verdict {
        let who = certificate.who();
        if self.identities.is_empty() {
            return Verdict::unverified(format!("It is by {who}, and no identity is configured."));
        }
        let time = entry::time(proof, certificate, &self.logs);
        let proved = match (&time, self.logs.is_empty()) {
            (Ok(seconds), _) => Some(*seconds),
            (Err(_), true) => None,
            (Err(why), false) => {
                return Verdict::unverified(format!(
                    "It is by {who}, but when it was made is not proved: {why}."
                ));
            }
        };
        let chain = proof.signed.chain.as_deref().unwrap_or_default();
        if let Err(why) = certificate.leads_to(&self.roots, chain, proved) {
            return Verdict::unverified(format!("It is by {who}, whose certificate {why}."));
        }
        if !self.identities.iter().any(|identity| certificate.is_of(identity)) {
            return Verdict::unverified(format!("It is by {who}, who is none of the configured identities."));
        }
        Verdict::verified(match proved.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
            Some(at) => {
                format!("{who} made it by {}, as a transparency log proves.", at.format("%Y-%m-%d %H:%M UTC"))
            }
            None => {
                format!("{who} made it; when is not proved, as no key of a transparency log is configured.")
            }
        })
    }
}

/// A signature with what it is over.
struct Proof<'a> {
    signed: &'a Signed,
    claim: &'a Claim,
    signature: &'a [u8],
}

impl Proof<'_> {
    /// Whether a key made the signature.
    fn is_by(&self, key: &key::Material) -> bool {
        key.verifies(self.signature, &self.claim.message)
    }
}

impl Verdict {
    fn verified(sentence: String) -> Self {
        Self { state: State::Verified, sentence }
    }

    fn unverified(sentence: impl Into<String>) -> Self {
        Self { state: State::Unverified, sentence: sentence.into() }
    }

    fn invalid(sentence: impl Into<String>) -> Self {
        Self { state: State::Invalid, sentence: sentence.into() }
    }
}

/// Bytes from Base64; line breaks in it are nothing.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(text).ok()
}

/// The SHA-256 of bytes in lower-case hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A fingerprint of what is trusted, with the names that sentences quote.
fn mark(given: &Given) -> String {
    let mut hash = Sha256::new();
    let pairs = [("key", &given.keys), ("root", &given.roots), ("log", &given.logs)];
    let texts = pairs
        .into_iter()
        .flat_map(|(kind, all)| all.iter().map(move |(name, pem)| [kind, name.as_str(), pem.as_str()]));
    let identities = given.identities.iter().map(|identity| ["identity", identity.as_str(), ""]);
    for part in std::iter::once([JUDGEMENT, "", ""]).chain(texts).chain(identities).flatten() {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

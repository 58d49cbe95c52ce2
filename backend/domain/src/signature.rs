//! Signatures of images, and what became of checking them. Refuses to judge: [`Signed`] is what lies beside an image,
//! and whether it holds is told by the keys and identities of the settings.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::scan::Target;

/// One signature on one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The image: beside which it lay or, where nobody says where it lay, the one that it names.
    pub target: Target,
    /// What was signed, and the proof.
    pub signed: Signed,
}

/// Everything that is needed to check a signature without asking anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The digest beside which it lay, if that is known. What is signed has to name this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Digest>,
    /// What was signed, in Base64.
    pub payload: String,
    /// Of a DSSE envelope: the type of its payload, which is signed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envelope: Option<String>,
    /// The signature, in Base64.
    pub signature: String,
    /// The certificate of the key, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Certificates between that one and a root, in PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// Which key it says it is of: the SHA-256 of the public key in DER, in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What a transparency log says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
}

/// An entry of a transparency log, with the log's promise that it holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The entry as the log keeps it, in Base64.
    pub body: String,
    /// When the log took it, in seconds since 1970.
    pub integrated_time: i64,
    /// The log: the SHA-256 of its public key in DER, in lower-case hexadecimal.
    pub log: String,
    /// Its place in the log.
    pub index: i64,
    /// The log's signature over these four, in Base64.
    pub promise: String,
}

/// What became of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// A configured key or identity vouches for it.
    Verified,
    /// It is of another image, cannot be read, or does not match the key that it says it is of.
    Invalid,
    /// It may hold, but no configured key or identity vouches for it.
    Unverified,
}

impl State {
    /// All, the strongest word on an image first: one that is verified is not unsettled by others beside it.
    pub const ALL: [Self; 3] = [Self::Verified, Self::Invalid, Self::Unverified];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Invalid => "invalid",
            Self::Unverified => "unverified",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_their_states() {
        for state in State::ALL {
            assert_eq!(State::of(state.as_str()), Some(state));
        }
        assert_eq!(State::of("trusted"), None);
    }

    #[test]
    fn what_is_not_told_is_not_written() {
        let signed = Signed { payload: "e30=".to_owned(), signature: "MEUC".to_owned(), ..Signed::default() };
        let text = serde_json::to_string(&signed).unwrap();
        assert_eq!(text, r#"{"payload":"e30=","signature":"MEUC"}"#);
        assert_eq!(serde_json::from_str::<Signed>(&text).unwrap(), signed);
    }
}

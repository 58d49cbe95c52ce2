//! What a service account's key is exchanged for where its own word is not taken: APIs of Google take a token that the
//! key signed itself, API servers of clusters do not. After
//! <https://developers.google.com/identity/protocols/oauth2/service-account>. Refuses to exchange any other token.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use google_cloud_auth::signer::Signer;
use serde::Deserialize;
use serde_json::{Value, json};

use super::sign_in::{NoToken, SCOPE, told};
use crate::token::Kept;

/// Where keys are exchanged.
pub(super) const HOST: &str = "oauth2.googleapis.com";
/// Below it.
pub(super) const PATH: &str = "token";
/// For how long what the key signs is good, in seconds: the most that Google takes.
const LASTS: i64 = 3600;
/// The grant of RFC 7523, as a form has it.
const GRANT: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";

/// What is handed out.
#[derive(Deserialize)]
pub(super) struct Answer {
    access_token: String,
    expires_in: u64,
}

impl Answer {
    /// Kept for as long as it is good.
    pub(super) fn kept(self) -> Kept {
        Kept::lasting(self.access_token, Duration::from_secs(self.expires_in))
    }
}

/// Whether a key signed it itself: the three parts of a JSON Web Token, the first of which is an object. Access tokens
/// are no such thing.
pub(super) fn is_self_signed(token: &str) -> bool {
    token.starts_with("eyJ") && token.split('.').count() == 3
}

/// The form that asks for an access token.
///
/// # Errors
/// When nothing can be signed.
pub(super) async fn form(signer: &Signer) -> Result<String, NoToken> {
    let refused = |message: String| NoToken { message, transient: false };
    let email = signer.client_email().await.map_err(|error| refused(told(&error)))?;
    let unsigned = unsigned(&email, Utc::now().timestamp());
    let signature = signer.sign(&unsigned).await.map_err(|error| refused(told(&error)))?;
    Ok(format!("{GRANT}&assertion={unsigned}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// What is signed, at a moment in seconds.
fn unsigned(email: &str, now: i64) -> String {
    let encoded = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let head = encoded(json!({ "alg": "RS256", "typ": "JWT" }));
    let audience = format!("https://{HOST}/{PATH}");
    let claims = json!({ "iss": email, "scope": SCOPE, "aud": audience, "iat": now, "exp": now + LASTS });
    format!("{head}.{}", encoded(claims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_who_asks_for_what_and_until_when() {
        let unsigned = unsigned("reader@plimsoll.example", 1_700_000_000);
        let (_, claims) = unsigned.split_once('.').unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let expected = json!({
            "iss": "reader@plimsoll.example",
            "scope": "https://www.googleapis.com/auth/cloud-platform",
            "aud": "https://oauth2.googleapis.com/token",
            "iat": 1_700_000_000,
            "exp": 1_700_003_600,
        });
        assert_eq!(claims, expected);
    }

    #[test]
    fn what_a_key_signed_is_told_from_what_was_handed_out() {
        assert!(is_self_signed(&format!("{}.c2ln", unsigned("reader@plimsoll.example", 0))));
        for token in ["ya29.c.b0AXv0zT", "ya29.a0AfB_by.C-d.e", "eyJhbGciOiJkaXIifQ..a.b.c", ""] {
            assert!(!is_self_signed(token), "{token}");
        }
    }
}

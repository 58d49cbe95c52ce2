//! Certificates as PEM. Refuses to look into them.

/// Letters on a line.
const LINE: usize = 64;

/// A certificate in PEM, out of DER in Base64.
pub(crate) fn pem(base64: &str) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for (place, letter) in base64.chars().enumerate() {
        if place > 0 && place % LINE == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
}

//! Secrets: the hazard of a credential in an image, tried or not, and of malicious code. Policy; a
//! credential counts once an image, whichever tools report it.

use crate::constants::Constants;
use crate::hazard::Nano;

/// The hazard of a credential; `verified` means that somebody tried it and it works.
#[must_use]
pub fn credential_hazard(verified: bool, constants: &Constants) -> Nano {
    let secret = &constants.secret;
    constants.hazard_of(if verified { secret.verified } else { secret.unverified })
}

/// The hazard of malicious code.
#[must_use]
pub fn malware_hazard(constants: &Constants) -> Nano {
    constants.hazard_of(constants.secret.malware)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_kind() {
        let constants = Constants::embedded().unwrap();
        for (found, expected) in [
            (credential_hazard(true, &constants), 356_674_944),
            (credential_hazard(false, &constants), 51_293_294),
            (malware_hazard(&constants), 2_302_585_093),
        ] {
            assert_eq!(found, Nano(expected));
        }
    }
}

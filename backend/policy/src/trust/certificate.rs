//! Certificates of those who sign without a key of their own: whose they are, and whether a configured authority says so.
//! Refuses names that are no address: only e-mail, URI and DNS names are somebody.

use std::time::Duration;

use pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage};
use x509_cert::der::Decode;
use x509_cert::der::asn1::Utf8StringRef;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::identity::Identity;
use super::key::Material;
use super::pem;

/// Who says who it is: the issuer of the token, in DER and, in older certificates, as bare text.
const ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.8");
const ISSUER_BARE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.1");
/// The key usage of code signing, 1.3.6.1.5.5.7.3.3 as bytes.
const CODE_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 3];
/// The longest name that a sentence quotes, in characters.
const QUOTED: usize = 200;

/// A certificate that came with a signature.
#[derive(Debug)]
pub(super) struct Certificate {
    /// Its bytes.
    pub(super) der: CertificateDer<'static>,
    /// Its key, if that is of a kind that is checked here.
    pub(super) key: Option<Material>,
    issuer: String,
    subjects: Vec<String>,
    /// From when it is valid, in seconds since 1970.
    not_before: u64,
}

impl Certificate {
    /// The first certificate of a PEM text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let der = pem::certificates(text)?.into_iter().next()?;
        let read = x509_cert::Certificate::from_der(&der).ok()?;
        let told = read.tbs_certificate();
        let key = Material::of(told.subject_public_key_info());
        let names = told.get_extension::<SubjectAltName>().ok()?;
        let names = names.map(|(_, names)| names.0).unwrap_or_default();
        let extension = |wanted: ObjectIdentifier| {
            let found = told.extensions()?.iter().find(|extension| extension.extn_id == wanted)?;
            Some(found.extn_value.as_bytes())
        };
        let issuer = match extension(ISSUER) {
            Some(der) => Some(Utf8StringRef::from_der(der).ok()?.as_str().to_owned()),
            None => extension(ISSUER_BARE).and_then(|text| String::from_utf8(text.to_vec()).ok()),
        };
        Some(Self {
            key,
            issuer: issuer.unwrap_or_default(),
            subjects: names.iter().filter_map(subject).collect(),
            not_before: told.validity().not_before.to_unix_duration().as_secs(),
            der,
        })
    }

    /// Whose it is, for people.
    pub(super) fn who(&self) -> String {
        let subject = self.subjects.first().map_or("somebody without a name", String::as_str);
        match self.issuer.as_str() {
            "" => quoted(subject),
            issuer => format!("{} of {}", quoted(subject), quoted(issuer)),
        }
    }

    /// Whether it is of an identity.
    pub(super) fn is_of(&self, identity: &Identity) -> bool {
        self.subjects.iter().any(|subject| identity.is(&self.issuer, subject))
    }

    /// Whether it leads to one of these roots, at a time in seconds since 1970 or, where none is proved, when it began
    /// to be valid; else why not, to be said after "whose certificate".
    pub(super) fn leads_to(
        &self,
        roots: &[TrustAnchor<'static>],
        chain: &str,
        proved: Option<i64>,
    ) -> Result<(), &'static str> {
        let between = pem::certificates(chain).ok_or("comes with a chain that cannot be read")?;
        let end = EndEntityCert::try_from(&self.der).map_err(|_| "cannot be read")?;
        let seconds = match proved {
            Some(seconds) => u64::try_from(seconds).map_err(|_| "was not valid then")?,
            None => self.not_before,
        };
        let judged = end.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            roots,
            &between,
            UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
            KeyUsage::required(CODE_SIGNING),
            None,
            None,
        );
        match judged {
            Ok(_) => Ok(()),
            Err(webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. }) => {
                Err("was not valid then")
            }
            Err(_) => Err("leads to none of the configured roots"),
        }
    }
}

/// The authorities of texts; what is none is a problem.
pub(super) fn roots(given: &[(String, String)], problems: &mut Vec<String>) -> Vec<TrustAnchor<'static>> {
    let mut roots = Vec::new();
    for (name, text) in given {
        let certificates = pem::certificates(text).unwrap_or_default();
        let anchors: Result<Vec<_>, _> = certificates
            .iter()
            .map(|der| webpki::anchor_from_trusted_cert(der).map(|anchor| anchor.to_owned()))
            .collect();
        match anchors {
            Ok(anchors) if !anchors.is_empty() => roots.extend(anchors),
            _ => problems.push(format!("the root {name} is not a certificate in PEM")),
        }
    }
    roots
}

fn subject(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Rfc822Name(text)
        | GeneralName::DnsName(text)
        | GeneralName::UniformResourceIdentifier(text) => Some(text.as_str().to_owned()),
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(QUOTED).collect()
}

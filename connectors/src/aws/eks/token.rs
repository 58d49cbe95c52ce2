//! The token by which a cluster of EKS knows who asks: a call to STS that is signed here and made by the cluster. Refuses
//! to say of itself whom it stands for: STS tells the cluster.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::box_error::BoxError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;

use crate::aws::partition::Partition;
use crate::token::Kept;

/// What tokens begin with.
const PREFIX: &str = "k8s-aws-v1.";
/// The header that binds a token to a cluster: whoever makes the call has to send its name.
const CLUSTER: &str = "x-k8s-aws-id";
/// How long the call may be made, as the address says.
const EXPIRES: Duration = Duration::from_secs(60);
/// How long a cluster takes a token, a minute less than a quarter of an hour.
const LASTS: Duration = Duration::from_secs(14 * 60);

/// A token for a cluster of a region, good for as long as the credentials, and no longer than a cluster takes it.
///
/// # Errors
/// When it cannot be signed.
pub(super) fn kept(
    credentials: Credentials,
    region: &str,
    cluster: &str,
    now: SystemTime,
) -> Result<Kept, BoxError> {
    let left = credentials.expiry().map(|ends| ends.duration_since(now).unwrap_or_default());
    let lasts = left.map_or(LASTS, |left| left.min(LASTS));
    Ok(Kept::lasting(signed(credentials, region, cluster, now)?, lasts))
}

/// A token for a cluster of a region.
fn signed(
    credentials: Credentials,
    region: &str,
    cluster: &str,
    now: SystemTime,
) -> Result<String, BoxError> {
    let suffix = Partition::of(region).suffix;
    let address = format!("https://sts.{region}.{suffix}/?Action=GetCallerIdentity&Version=2011-06-15");
    let identity = credentials.into();
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(EXPIRES);
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("sts")
        .time(now)
        .settings(settings)
        .build()?
        .into();
    let headers = [(CLUSTER, cluster)].into_iter();
    let signable = SignableRequest::new("GET", address.as_str(), headers, SignableBody::Bytes(&[]))?;
    let (instructions, _) = sign(signable, &parameters)?.into_parts();
    let mut address: Url = address.parse()?;
    for (name, value) in instructions.params() {
        address.query_pairs_mut().append_pair(name, value);
    }
    Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(address.as_str())))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    /// Noon of the first of October 2026.
    const NOON: u64 = 1_790_856_000;

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOON)
    }

    fn opened(token: &str) -> Url {
        let encoded = token.strip_prefix(PREFIX).unwrap();
        assert!(!encoded.contains(['=', '+', '/']), "{encoded}");
        String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap().parse().unwrap()
    }

    #[test]
    fn it_is_the_token_of_the_command_line_of_aws() {
        // As botocore signs it at that moment.
        let expected = "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15\
            &X-Amz-Algorithm=AWS4-HMAC-SHA256\
            &X-Amz-Credential=AKIDEXAMPLE%2F20261001%2Feu-west-1%2Fsts%2Faws4_request\
            &X-Amz-Date=20261001T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id\
            &X-Amz-Signature=87cf4fec442fdeab62914d20d1ca2826bf4177442083fb66b89fa87a084c5b0b";
        let credentials = Credentials::new("AKIDEXAMPLE", SECRET, None, None, "a test");
        let token = signed(credentials, "eu-west-1", "shop", now()).unwrap();
        assert_eq!(opened(&token).as_str(), expected);
    }

    #[test]
    fn a_session_is_told_and_its_partition_asked() {
        let session = Some("IQoJb3JpZ2luX2VjE+/abc==".to_owned());
        let credentials = Credentials::new("ASIDEXAMPLE", SECRET, session, None, "a test");
        let address = opened(&signed(credentials, "cn-north-1", "ledger_1", now()).unwrap());
        assert_eq!(address.host_str(), Some("sts.cn-north-1.amazonaws.com.cn"));
        let told: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!(told["X-Amz-Security-Token"], "IQoJb3JpZ2luX2VjE+/abc==");
        assert_eq!(told["X-Amz-SignedHeaders"], "host;x-k8s-aws-id");
        assert_eq!(told["X-Amz-Expires"], "60");
        let signature = "323158c59c291ddb860ce4c239dbface8c738dc7633d4f1a2a9b5f27da4dbaa9";
        assert_eq!(told["X-Amz-Signature"], signature, "as botocore signs it");
    }

    #[test]
    fn another_cluster_or_moment_is_another_token() {
        let told = |cluster: &str, now| {
            let credentials = Credentials::new("AKIDEXAMPLE", SECRET, None, None, "a test");
            signed(credentials, "eu-west-1", cluster, now).unwrap()
        };
        let tokens = [told("shop", now()), told("ledger", now()), told("shop", now() + EXPIRES)];
        assert!(tokens[0] != tokens[1] && tokens[0] != tokens[2]);
        assert_eq!(tokens[0], told("shop", now()));
    }

    #[test]
    fn it_is_kept_no_longer_than_the_credentials() {
        let kept = |ends: Option<SystemTime>| {
            let credentials = Credentials::new("AKIDEXAMPLE", SECRET, None, ends, "a test");
            super::kept(credentials, "eu-west-1", "shop", now()).unwrap()
        };
        assert!(kept(None).is_fresh() && kept(Some(now() + LASTS)).is_fresh());
        assert!(!kept(Some(now())).is_fresh());
    }

    #[test]
    fn a_name_that_no_header_takes_is_no_token() {
        let credentials = Credentials::new("AKIDEXAMPLE", SECRET, None, None, "a test");
        assert!(signed(credentials, "eu-west-1", "a\u{1}b", now()).is_err());
    }
}

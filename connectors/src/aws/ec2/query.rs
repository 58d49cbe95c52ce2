//! The two calls to EC2, written and signed by hand: `DescribeNetworkInterfaces` and
//! `DescribeSecurityGroups` of the Query interface. Refuses every other action.

use std::fmt;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::answers::{self, Page};
use super::openings::Network;
use crate::Failure;
use crate::aws::Ask;
use crate::missing::Missing;

/// Rows of a page.
const ROWS: &str = "1000";
/// The version of the interface.
const VERSION: &str = "2016-11-15";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

type Refused = SdkError<Refusal, HttpResponse>;

/// A refusal of EC2.
#[derive(Debug)]
pub(in crate::aws) struct Refusal {
    told: ErrorMetadata,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told.fmt(formatter)
    }
}

impl std::error::Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.told
    }
}

/// The interfaces and security groups of the region; nothing, with a note, where either is denied.
///
/// # Errors
/// When the run was cancelled.
pub(in crate::aws) async fn network(
    ask: &Ask<'_>,
    missing: &mut Missing,
) -> Result<Option<Network>, Failure> {
    let interfaces = listed(ask, "ec2:DescribeNetworkInterfaces", answers::interfaces).await;
    let Some(interfaces) = missing.without(interfaces)? else { return Ok(None) };
    let groups = listed(ask, "ec2:DescribeSecurityGroups", answers::groups).await;
    // Interfaces alone tell who has an address; a group that was not read counts as open.
    let groups = missing.without(groups)?.unwrap_or_default();
    Ok(Some(Network {
        interfaces: interfaces.into_iter().map(|interface| (interface.id.clone(), interface)).collect(),
        groups: groups.into_iter().map(|group| (group.id.clone(), group)).collect(),
    }))
}

/// Tries one of the two calls.
///
/// # Errors
/// When it is denied.
pub(in crate::aws) async fn attempt(ask: &Ask<'_>, action: &'static str) -> Result<(), Failure> {
    let parameters = [("MaxResults", "5")];
    ask.call(action, || send(ask, operation(action), &parameters, |_| Ok(()))).await
}

async fn listed<T>(
    ask: &Ask<'_>,
    action: &'static str,
    read: fn(&[u8]) -> Result<Page<T>, String>,
) -> Result<Vec<T>, Failure> {
    let page = |token: Option<String>| async move {
        let mut parameters = vec![("MaxResults", ROWS)];
        parameters.extend(token.as_deref().map(|token| ("NextToken", token)));
        ask.call(action, || send(ask, operation(action), &parameters, read)).await
    };
    ask.list(action, page).await
}

/// `ec2:DescribeSecurityGroups` is asked by `DescribeSecurityGroups`.
fn operation(action: &str) -> &str {
    action.split_once(':').map_or(action, |(_, operation)| operation)
}

/// Sends one signed call and reads its answer.
async fn send<T>(
    ask: &Ask<'_>,
    operation: &str,
    parameters: &[(&str, &str)],
    read: impl Fn(&[u8]) -> Result<T, String>,
) -> Result<T, Refused> {
    let sdk = &ask.sdk;
    let region = sdk.region().map(ToString::to_string).unwrap_or_default();
    let address = sdk.endpoint_url().map_or_else(|| endpoint(&region), str::to_owned);
    let body = form(operation, parameters);
    let request = signed(sdk, &region, &address, &body).await.map_err(Refused::construction_failure)?;
    let mut response = ask.connections.call(request).await.map_err(Refused::dispatch_failure)?;
    let body = ByteStream::new(response.take_body()).collect().await;
    let bytes =
        body.map_err(|error| Refused::dispatch_failure(ConnectorError::io(error.into())))?.into_bytes();
    *response.body_mut() = SdkBody::from(bytes.clone());
    if response.status().is_success() {
        return read(&bytes).map_err(|reason| Refused::response_error(reason, response));
    }
    let told = answers::refusal(&bytes)
        .map(|(code, message)| ErrorMetadata::builder().code(code).message(message).build());
    Err(Refused::service_error(Refusal { told: told.unwrap_or_default() }, response))
}

async fn signed(sdk: &SdkConfig, region: &str, address: &str, body: &str) -> Result<HttpRequest, BoxError> {
    let provider = sdk.credentials_provider().ok_or("no credentials are set")?;
    let identity = provider.provide_credentials().await?.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("ec2")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()?
        .into();
    let headers = [("content-type", FORM)].into_iter();
    let signable = SignableRequest::new("POST", address, headers, SignableBody::Bytes(body.as_bytes()))?;
    let (instructions, _) = sign(signable, &parameters)?.into_parts();
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    request.set_uri(address)?;
    request.headers_mut().try_insert("content-type", FORM)?;
    for (name, value) in instructions.headers() {
        request.headers_mut().try_insert(name.to_owned(), value.to_owned())?;
    }
    Ok(request)
}

/// The body of a call.
fn form(operation: &str, parameters: &[(&str, &str)]) -> String {
    let mut body = format!("Action={operation}&Version={VERSION}");
    for (name, value) in parameters {
        body.push('&');
        body.push_str(name);
        body.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    body.push(char::from(byte))
                }
                other => body.push_str(&format!("%{other:02X}")),
            }
        }
    }
    body
}

/// The address of EC2 in a region: the suffix is the partition's.
fn endpoint(region: &str) -> String {
    let suffix = match region {
        region if region.starts_with("cn-") => "amazonaws.com.cn",
        region if region.starts_with("eusc-") => "amazonaws.eu",
        region if region.starts_with("us-iso-") => "c2s.ic.gov",
        region if region.starts_with("us-isob-") => "sc2s.sgov.gov",
        region if region.starts_with("us-isof-") => "csp.hci.ic.gov",
        region if region.starts_with("eu-isoe-") => "cloud.adc-e.uk",
        _ => "amazonaws.com",
    };
    format!("https://ec2.{region}.{suffix}/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_escaped() {
        assert_eq!(
            form("DescribeSecurityGroups", &[("MaxResults", "5"), ("NextToken", "a+b/c=")]),
            "Action=DescribeSecurityGroups&Version=2016-11-15&MaxResults=5&NextToken=a%2Bb%2Fc%3D"
        );
    }

    #[test]
    fn partitions_have_addresses_of_their_own() {
        assert_eq!(endpoint("eu-west-1"), "https://ec2.eu-west-1.amazonaws.com/");
        assert_eq!(endpoint("us-gov-west-1"), "https://ec2.us-gov-west-1.amazonaws.com/");
        assert_eq!(endpoint("cn-north-1"), "https://ec2.cn-north-1.amazonaws.com.cn/");
        assert_eq!(endpoint("eusc-de-east-1"), "https://ec2.eusc-de-east-1.amazonaws.eu/");
    }
}

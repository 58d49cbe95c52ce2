//! Plain downloads from addresses that AWS hands out, on the connections of the signed calls. Refuses addresses
//! without TLS unless the settings name such an endpoint, redirections, and bodies over a limit.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::Ask;

/// Where downloads come from.
#[derive(Clone, Debug)]
pub(super) struct Downloads {
    connector: Option<SharedHttpConnector>,
    /// Whether the endpoint of the settings has no TLS either: an emulator.
    plain: bool,
}

impl Downloads {
    /// On the connections of a scope.
    pub(super) fn new(ask: &Ask<'_>) -> Self {
        let parts = RuntimeComponentsBuilder::new("download").build().ok();
        let connector = ask
            .sdk
            .http_client()
            .zip(parts)
            .map(|(client, parts)| client.http_connector(&HttpConnectorSettings::default(), &parts));
        Self {
            connector,
            plain: ask.sdk.endpoint_url().is_some_and(|address| address.starts_with("http://")),
        }
    }
}

/// Why a download was refused.
#[derive(Debug)]
pub(super) struct Refused(ErrorMetadata);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

/// Gets the bytes behind an address.
///
/// # Errors
/// As a call of the SDK fails.
pub(super) async fn get(
    downloads: &Downloads,
    address: &str,
    largest: u64,
) -> Result<Vec<u8>, SdkError<Refused, HttpResponse>> {
    let refuse = |reason: &'static str| SdkError::construction_failure(reason);
    let allowed = address.starts_with("https://") || (downloads.plain && address.starts_with("http://"));
    if !allowed {
        return Err(refuse("the address that was handed out has no TLS"));
    }
    let connector = downloads.connector.as_ref().ok_or_else(|| refuse("there are no connections"))?;
    let request = HttpRequest::get(address).map_err(SdkError::construction_failure)?;
    let mut response = connector.call(request).await.map_err(SdkError::dispatch_failure)?;
    if !response.status().is_success() {
        let code = format!("status {}", response.status().as_u16());
        let told = ErrorMetadata::builder().code(code).message("the blob was not handed out").build();
        return Err(SdkError::service_error(Refused(told), response));
    }
    let mut body = ByteStream::new(response.take_body());
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| SdkError::dispatch_failure(ConnectorError::io(error.into())))?;
        if (bytes.len() + piece.len()) as u64 > largest {
            return Err(refuse("the blob is larger than its manifest says"));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

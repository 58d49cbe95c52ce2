//! Plain downloads from addresses that AWS hands out, on the connections of the signed calls. Refuses addresses
//! without TLS unless the settings name such an endpoint, redirections, and bodies that are longer than expected.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::Ask;

/// Where downloads come from.
#[derive(Clone, Debug)]
pub(super) struct Downloads {
    connector: SharedHttpConnector,
    /// Whether the endpoint of the settings has no TLS either: an emulator.
    plain: bool,
}

impl Downloads {
    /// On the connections of a scope.
    pub(super) fn new(ask: &Ask<'_>) -> Self {
        Self {
            connector: ask.connections.clone(),
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

/// What was downloaded, or why it was not taken: asking again would come to the same.
pub(super) type Taken = Result<Vec<u8>, &'static str>;

/// Gets the bytes behind an address, of which there should be `size` at the most.
///
/// # Errors
/// As a call of the SDK fails.
pub(super) async fn get(
    downloads: &Downloads,
    address: &str,
    size: u64,
) -> Result<Taken, SdkError<Refused, HttpResponse>> {
    let allowed = address.starts_with("https://") || (downloads.plain && address.starts_with("http://"));
    if !allowed {
        return Ok(Err("the address that was handed out has no TLS"));
    }
    let request = HttpRequest::get(address).map_err(SdkError::construction_failure)?;
    let mut response = downloads.connector.call(request).await.map_err(SdkError::dispatch_failure)?;
    if !response.status().is_success() {
        let code = format!("status {}", response.status().as_u16());
        let told = ErrorMetadata::builder().code(code).message("the blob was not handed out").build();
        return Err(SdkError::service_error(Refused(told), response));
    }
    let mut body = ByteStream::new(response.take_body());
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| SdkError::dispatch_failure(ConnectorError::io(error.into())))?;
        if (bytes.len() + piece.len()) as u64 > size {
            return Ok(Err("it is longer than its manifest says"));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Ok(bytes))
}

//! ministack, another emulator of AWS, as a second opinion where moto has none. Refuses other interfaces than
//! the loopback one, though it would listen on all.

use std::net::TcpStream;
use std::process::Command;

use serde_json::{Value, json};

use crate::emulator::{PATIENCE, Process, ask_with, python};
use crate::served::free_port;

/// The account that asks; an access key of twelve digits is one.
pub const ACCOUNT: &str = "111111111111";

/// A running ministack, which ends when this is dropped.
#[derive(Debug)]
pub struct Ministack {
    /// Where it is, for every service and region.
    pub address: String,
    _process: Process,
}

impl Ministack {
    /// An empty one; `None`, with a sentence, where Python is absent. An access key of twelve digits is the
    /// account of that number.
    #[must_use]
    pub fn start() -> Option<Self> {
        let port = free_port();
        let mut command = Command::new(python()?);
        command
            .args(["-m", "ministack"])
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("PYTHONDONTWRITEBYTECODE", "1");
        let mut process = Process::start(&command);
        process.wait_for(PATIENCE, |_| TcpStream::connect(("127.0.0.1", port)).ok());
        Some(Self { address: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// Asks an operation of a REST service with an empty body, in `eu-central-1`.
    #[must_use]
    pub fn ask(&self, service: &str, method: &str, path: &str) -> Value {
        let signed = signed(service);
        ask_with(&self.address, method, path, Some(&json!({})), &[("Authorization", &signed)])
    }

    /// Calls an operation of a JSON service: `call("ecr", "AmazonEC2ContainerRegistry_V20150921.PutImage", …)`.
    #[must_use]
    pub fn call(&self, service: &str, operation: &str, with: &Value) -> Value {
        let signed = signed(service);
        let headers = [("Authorization", signed.as_str()), ("X-Amz-Target", operation)];
        ask_with(&self.address, "POST", "/", Some(with), &headers)
    }

    /// Switches a feature on by a REST call with this body.
    #[must_use]
    pub fn order(&self, service: &str, path: &str, with: &Value) -> Value {
        let signed = signed(service);
        ask_with(&self.address, "POST", path, Some(with), &[("Authorization", &signed)])
    }
}

/// A signature of the account, for nobody to verify.
fn signed(service: &str) -> String {
    let scope = format!("{ACCOUNT}/20261125/eu-central-1/{service}/aws4_request");
    format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0")
}

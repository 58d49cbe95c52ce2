//! ministack, another emulator of AWS, as a second opinion where moto has none. Refuses other interfaces than
//! the loopback one, though it would listen on all.

use std::net::TcpStream;
use std::process::Command;

use serde_json::{Value, json};

use crate::emulator::{PATIENCE, Process, ask_as, python};
use crate::served::free_port;

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
        let scope = format!("111111111111/20261125/eu-central-1/{service}/aws4_request");
        let authorization = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        ask_as(&self.address, method, path, Some(&json!({})), &authorization)
    }
}

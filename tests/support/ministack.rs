//! ministack, another emulator of AWS, as a second opinion where moto has none. Refuses other interfaces than
//! the loopback one, though it would listen on all.

use std::net::TcpStream;
use std::process::Command;

use crate::emulator::{PATIENCE, Process, python};
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
}

//! A running `plimsoll` on a port of its own. It ends with the test process, however that ends: the server
//! runs below a shell that waits on a pipe which the kernel closes. Refuses fixed ports and leftovers.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::run::command;
use crate::{must, there};

/// Starts its arguments in the background and ends them when standard input closes.
const KEEPER: &str = r#""$@" & pid=$!; read -r _; kill -TERM "$pid" 2>/dev/null; wait "$pid""#;
/// How long a server may take until it answers; a debug build on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(240);

/// A server that runs until this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Its address without a trailing slash: `http://127.0.0.1:43210`.
    pub address: String,
    /// How long it took from the start until it said where it is.
    pub ready_after: Duration,
    folder: TempDir,
    keeper: Child,
    said: Arc<Mutex<String>>,
}

impl Served {
    /// A demo of its own.
    #[must_use]
    pub fn demo() -> Self {
        Self::start(|_, listen| ["demo", "--listen", listen, "--directory", "."].map(OsString::from).to_vec())
    }

    /// The demo that the tests of this process share; read it, or add to it what no other test counts.
    pub fn shared_demo() -> &'static Self {
        static SHARED: OnceLock<Served> = OnceLock::new();
        SHARED.get_or_init(Self::demo)
    }

    /// An empty database, served.
    #[must_use]
    pub fn empty() -> Self {
        Self::over("sqlite://served.db")
    }

    /// A database, served. SQLite paths are relative to the server's own directory.
    #[must_use]
    pub fn over(database: &str) -> Self {
        Self::start(|_, listen| {
            ["serve", "--listen", listen, "--database", database].map(OsString::from).to_vec()
        })
    }

    /// Starts with the arguments made from the server's directory and where to listen.
    pub fn start(arguments: impl Fn(&Path, &str) -> Vec<OsString>) -> Self {
        Self::with(&[], arguments)
    }

    /// The same with these variables in its environment.
    pub fn with(variables: &[(&str, &str)], arguments: impl Fn(&Path, &str) -> Vec<OsString>) -> Self {
        let started = Instant::now();
        let folder = must(tempfile::tempdir(), "no temporary directory");
        let plain = command(folder.path(), arguments(folder.path(), &format!("127.0.0.1:{}", free_port())));
        let mut keeper = Command::new("bash");
        keeper.args(["-c", KEEPER, "keeper"]).arg(plain.get_program()).args(plain.get_args());
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => keeper.env(name, value),
                None => keeper.env_remove(name),
            };
        }
        keeper.envs(variables.iter().copied());
        keeper.current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut keeper = must(keeper.spawn(), "bash cannot be started");
        let said = Arc::new(Mutex::new(String::new()));
        collect(there(keeper.stderr.take(), "standard error"), Arc::clone(&said));
        collect(there(keeper.stdout.take(), "standard output"), Arc::clone(&said));
        let mut served = Self { address: String::new(), ready_after: Duration::ZERO, folder, keeper, said };
        served.wait_until_ready(started);
        served
    }

    #[expect(clippy::panic, reason = "a test without a server must fail loudly")]
    fn wait_until_ready(&mut self, started: Instant) {
        loop {
            let said = self.said();
            if let Some(address) = address_in(&said) {
                self.address = address;
                self.ready_after = started.elapsed();
                return;
            }
            let ended = matches!(self.keeper.try_wait(), Ok(Some(_)));
            if ended || started.elapsed() > PATIENCE || said.contains("error:") {
                panic!("the server did not start; it said:\n{said}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Everything it has said so far.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The address of a path.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The directory it runs in, which holds its database.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.folder.path()
    }

    /// The only SQLite file in its directory.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        let entries = must(std::fs::read_dir(self.directory()), "the server's directory");
        let mut paths = entries.filter_map(Result::ok).map(|entry| entry.path());
        there(paths.find(|path| path.extension().is_some_and(|ending| ending == "db")), "a database")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The address in the line that tells where the server is.
#[must_use]
pub fn address_in(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("Plimsoll is at ")?;
    let (address, _) = rest.split_once(char::is_whitespace)?;
    Some(address.trim_end_matches('/').to_owned())
}

/// A port that was free a moment ago.
#[must_use]
pub fn free_port() -> u16 {
    let listener = must(TcpListener::bind("127.0.0.1:0"), "no port is free");
    must(listener.local_addr(), "the port is not known").port()
}

fn collect(pipe: impl Read + Send + 'static, into: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut text = into.lock().unwrap_or_else(PoisonError::into_inner);
            text.push_str(&line);
            text.push('\n');
        }
    });
}

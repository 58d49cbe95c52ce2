//! Debian's `docker-registry`, on a loopback port, over a folder of its own: open to anybody, by password, or by signed
//! tokens of a service of ours. Refuses to be installed as a service: `tests/run` unpacks it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize, SigningKey};
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::binary::root;
use crate::emulator::{PATIENCE, Process};
use crate::{choose_encryption, must, skipped, there};

/// Names the program.
const VARIABLE: &str = "PLIMSOLL_TEST_REGISTRY";
/// Who may ask, where somebody must.
pub const USER: &str = "plimsoll";
/// What proves it.
pub const PASSWORD: &str = "not-a-secret";
/// The same as `htpasswd -B` writes it.
const HASHED: &str = "plimsoll:$2b$04$u.xtu79DKoIfxsZotrqxyONCCjYJGC0LR2yyPaYRlfv0HO7vKZUba\n";
/// For whom tokens are made out.
const SERVICE: &str = "registry.example.com";

/// How it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// By anybody.
    Open,
    /// By name and password.
    Password,
    /// By tokens that our service signs for name and password.
    Tokens,
}

/// A running registry.
#[derive(Debug)]
pub struct Registry {
    /// Where it is: `127.0.0.1:43210`.
    pub host: String,
    entry: Entry,
    signer: Option<Arc<Signer>>,
    folder: TempDir,
    runtime: Runtime,
    client: Client,
    _process: Process,
}

/// Signs tokens.
struct Signer {
    key: KeyPair,
    certificate: rcgen::Certificate,
    listener: TcpListener,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Signer")
    }
}

/// The program, if `tests/run` has prepared it.
///
/// # Panics
/// When it was named and is not there.
fn program() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(VARIABLE).map(PathBuf::from) {
        assert!(path.is_file(), "{VARIABLE} names {}, which is not there", path.display());
        return Some(path);
    }
    let path = root().join(".tests/registry/usr/bin/docker-registry");
    if !path.is_file() {
        skipped(&format!("no docker-registry at {}; tests/run prepares it", path.display()));
        return None;
    }
    Some(path)
}

impl Registry {
    /// An empty one; `None`, with a sentence, where the program is absent.
    #[must_use]
    pub fn start(entry: Entry) -> Option<Self> {
        choose_encryption();
        let program = program()?;
        let folder = must(TempDir::new(), "a folder");
        let free = must(TcpListener::bind("127.0.0.1:0"), "a port");
        let host = must(free.local_addr(), "a port").to_string();
        drop(free);
        let signer = (entry == Entry::Tokens).then(|| Arc::new(Signer::new()));
        let auth = match (entry, &signer) {
            (Entry::Tokens, Some(signer)) => signer.open(folder.path()),
            (Entry::Password, _) => {
                let file = folder.path().join("htpasswd");
                must(std::fs::write(&file, HASHED), "a file of passwords");
                format!("auth: {{htpasswd: {{realm: here, path: {}}}}}\n", file.display())
            }
            _ => String::new(),
        };
        let settings = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: {host}}}\n{auth}",
            folder.path().join("storage").display()
        );
        let file = folder.path().join("config.yml");
        must(std::fs::write(&file, settings), "its settings");
        let mut command = Command::new(program);
        command.arg("serve").arg(file);
        let mut process = Process::start(&command);
        process.wait_for(PATIENCE, |_| TcpStream::connect(&host).ok());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let (runtime, client) = (must(runtime, "a runtime"), Client::new());
        Some(Self { host, entry, signer, folder, runtime, client, _process: process })
    }

    /// Where its tokens are had.
    #[must_use]
    pub fn sign_in(&self) -> Option<String> {
        self.signer.as_ref().map(|signer| signer.host())
    }

    /// Where it keeps the bytes of a digest.
    #[must_use]
    pub fn blob_file(&self, digest: &str) -> PathBuf {
        let hex = there(digest.strip_prefix("sha256:"), "a digest");
        let below = format!("storage/docker/registry/v2/blobs/sha256/{}/{hex}/data", &hex[..2]);
        self.folder.path().join(below)
    }

    /// Pushes bytes and answers their digest.
    #[must_use]
    pub fn push_blob(&self, name: &str, bytes: &[u8]) -> String {
        let digest = digest_of(bytes);
        self.runtime.block_on(async {
            let begun = self
                .send(
                    Method::POST,
                    name,
                    &format!("http://{}/v2/{name}/blobs/uploads/", self.host),
                    "",
                    Vec::new(),
                )
                .await;
            let place = begun.headers().get("location").and_then(|place| place.to_str().ok());
            let mut place: Url = must(there(place, "where to push to").parse(), "an address");
            place.query_pairs_mut().append_pair("digest", &digest);
            self.send(Method::PUT, name, place.as_str(), "application/octet-stream", bytes.to_vec()).await;
        });
        digest
    }

    /// Pushes a manifest under a tag or its digest, and answers its digest.
    #[must_use]
    pub fn push_manifest(&self, name: &str, reference: Option<&str>, manifest: &Value) -> String {
        let bytes = manifest.to_string().into_bytes();
        let digest = digest_of(&bytes);
        let media = there(manifest["mediaType"].as_str(), "a media type");
        let address = format!("http://{}/v2/{name}/manifests/{}", self.host, reference.unwrap_or(&digest));
        self.runtime.block_on(self.send(Method::PUT, name, &address, media, bytes));
        digest
    }

    async fn send(
        &self,
        method: Method,
        name: &str,
        address: &str,
        media: &str,
        body: Vec<u8>,
    ) -> reqwest::Response {
        let asked = self.client.request(method, address).header("content-type", media).body(body);
        let asked = match (self.entry, &self.signer) {
            (Entry::Tokens, Some(signer)) => {
                asked.bearer_auth(signer.token(&format!("repository:{name}:pull,push")))
            }
            (Entry::Password, _) => asked.basic_auth(USER, Some(PASSWORD)),
            _ => asked,
        };
        let answer = must(asked.send().await, "the registry does not answer");
        assert!(answer.status().is_success(), "{address}: {}", answer.status());
        answer
    }
}

impl Signer {
    fn new() -> Self {
        let key = must(KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048), "a key");
        let params = must(CertificateParams::new(Vec::new()), "a certificate");
        let certificate = must(params.self_signed(&key), "a certificate");
        let listener = must(TcpListener::bind("127.0.0.1:0"), "a port");
        Self { key, certificate, listener }
    }

    fn host(&self) -> String {
        must(self.listener.local_addr(), "a port").to_string()
    }

    /// Serves tokens until the process ends, and answers the registry's setting for it.
    fn open(self: &Arc<Self>, folder: &Path) -> String {
        let roots = folder.join("roots.pem");
        must(std::fs::write(&roots, self.certificate.pem()), "the certificate");
        let address = self.host();
        let signer = Arc::clone(self);
        std::thread::spawn(move || {
            for stream in signer.listener.incoming().flatten() {
                let _ = signer.answer(&stream);
            }
        });
        format!(
            "auth: {{token: {{realm: 'http://{address}/token', service: {SERVICE}, issuer: tests, rootcertbundle: {}}}}}\n",
            roots.display()
        )
    }

    /// One call: a token for whoever knows the password.
    fn answer(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let basic = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
        let mut known = false;
        for line in lines {
            let line = line?;
            known |= line.to_ascii_lowercase().starts_with("authorization:") && line.ends_with(&basic);
            if line.is_empty() {
                break;
            }
        }
        let path = first.split(' ').nth(1).unwrap_or_default();
        let address = must(Url::parse(&format!("http://tests{path}")), "an address");
        let scope =
            address.query_pairs().find(|(name, _)| name == "scope").map(|(_, scope)| scope.into_owned());
        let (status, body) = if known {
            (
                "200 OK",
                json!({ "token": self.token(&scope.unwrap_or_default()), "expires_in": 300 }).to_string(),
            )
        } else {
            ("401 Unauthorized", json!({ "details": "incorrect username or password" }).to_string())
        };
        write!(
            stream,
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    /// A token for a scope, as the registry verifies it.
    fn token(&self, scope: &str) -> String {
        let now = chrono::Utc::now().timestamp();
        let parts: Vec<&str> = scope.rsplitn(2, ':').collect();
        let access = match (parts.as_slice(), scope.split_once(':')) {
            ([actions, named], Some((kind, _))) => {
                let name = named.trim_start_matches(kind).trim_start_matches(':');
                json!([{ "type": kind, "name": name, "actions": actions.split(',').collect::<Vec<_>>() }])
            }
            _ => json!([]),
        };
        let chain = STANDARD.encode(self.certificate.der());
        let head = json!({ "typ": "JWT", "alg": "RS256", "x5c": [chain] });
        let claims = json!({
            "iss": "tests", "sub": USER, "aud": SERVICE, "exp": now + 300, "nbf": now - 10, "iat": now, "jti": "1",
            "access": access,
        });
        let said = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(head.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature = must(self.key.sign(said.as_bytes()), "a signature");
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The digest of bytes.
#[must_use]
pub fn digest_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

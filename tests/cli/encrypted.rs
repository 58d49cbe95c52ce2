//! Encrypted connections out of the finished binary, with every vendor's client linked in: whom it trusts, and
//! what it says of whom it does not. Refuses a certificate that outlives its test.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tests::choose_encryption;
use tests::run::{Ended, command, finish};

const SETTINGS: &str = "[[sources]]\nname = \"prod\"\nkind = \"aws\"\nregions = [\"eu-central-1\"]\n";
const REFUSAL: &[u8] = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// A server that refuses every token, and what is sent to it.
struct Server {
    port: u16,
    heads: Receiver<String>,
}

impl Server {
    /// One with a new certificate of its own, which is written to a file.
    fn start(certificate: &Path) -> Self {
        choose_encryption();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(certificate, made.cert.pem()).unwrap();
        let chain = vec![CertificateDer::from(made.cert.der().to_vec())];
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
        let port = listener.local_addr().unwrap().port();
        let (tell, heads) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(connection, stream);
                let mut head = [0; 4_096];
                let Ok(length) = stream.read(&mut head) else { continue };
                let _ = tell.send(String::from_utf8_lossy(&head[..length]).into_owned());
                let _ = stream.write_all(REFUSAL);
            }
        });
        Self { port, heads }
    }
}

fn collect(folder: &Path, server: &Server, trusted: Option<&Path>) -> Ended {
    std::fs::write(folder.join("plimsoll.toml"), SETTINGS).unwrap();
    let to = format!("https://localhost:{}", server.port);
    let mut command = command(folder, ["--config", "plimsoll.toml", "collect", "prod", "--to", &to]);
    command.env("PLIMSOLL_PUSH_TOKEN", "plimsoll_push_of-a-test");
    command.envs([("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret")]);
    if let Some(certificate) = trusted {
        command.env("SSL_CERT_FILE", certificate);
    }
    finish(command, None)
}

#[test]
fn a_certificate_nobody_vouches_for_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("server.pem"));
    let ended = collect(folder.path(), &server, None).expect(2);
    assert!(ended.err.contains("certificate"), "{}", ended.err);
    assert_eq!(ended.err.trim_end().lines().count(), 1, "{}", ended.err);
    assert!(server.heads.try_recv().is_err(), "a token was sent to a stranger");
}

#[test]
fn a_trusted_server_is_spoken_to() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("server.pem");
    let server = Server::start(&certificate);
    let ended = collect(folder.path(), &server, Some(&certificate)).expect(2);
    let head = server.heads.try_recv().expect("a request");
    assert!(head.to_ascii_lowercase().contains("authorization: bearer plimsoll_push_of-a-test"), "{head}");
    assert!(ended.err.contains("token"), "{}", ended.err);
}

//! `plimsoll demo` and `plimsoll serve`: where they listen, what they refuse, and how they end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tests::run::{command, run};
use tests::served::{Served, address_in, free_port};

/// A server started directly, ended by force if a test leaves it running.
struct Direct(Child);

impl Direct {
    fn start(arguments: &[&str], directory: &std::path::Path) -> (Self, String) {
        let mut started = command(directory, arguments);
        let mut child = started.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let pipe = BufReader::new(child.stdout.take().unwrap());
        let this = Self(child);
        let line = pipe.lines().map_while(Result::ok).find(|line| line.contains("Plimsoll is at"));
        let address = address_in(&format!("{}\n", line.expect("it says where it is"))).unwrap();
        (this, address)
    }

    fn interrupt(&self) {
        let sent = Command::new("bash").args(["-c", &format!("kill -INT {}", self.0.id())]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Direct {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_demo_comes_up_and_says_where() {
    let demo = tokio::task::spawn_blocking(Served::demo).await.unwrap();
    tests::measured(&format!("the demo was ready after {:.2} s", demo.ready_after.as_secs_f64()));
    let page = tests::page::client().get(demo.at("/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(demo.said().contains("this machine only"), "{}", demo.said());
    tokio::task::spawn_blocking(move || drop(demo)).await.unwrap();
}

#[test]
fn an_interrupt_ends_it_within_two_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.1:{}", free_port());
    let (mut server, _) = Direct::start(&["serve", "--listen", &listen], folder.path());
    // Once it has answered, its handler is in place; the connection stays open and must not keep it.
    let mut held = TcpStream::connect(&listen).unwrap();
    held.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert!(held.read(&mut [0; 512]).unwrap() > 0);
    let asked = Instant::now();
    server.interrupt();
    let status = server.0.wait().unwrap();
    let took = asked.elapsed();
    tests::measured(&format!("it ended {:.2} s after the interrupt", took.as_secs_f64()));
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_taken_port_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    for name in ["serve", "demo"] {
        let ended = run(folder.path(), [name, "--listen", &listen]).expect(2);
        assert!(ended.err.contains(&listen) && ended.err.contains("--listen"), "{name}: {}", ended.err);
    }
}

#[test]
fn others_are_kept_out_until_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let open = format!("0.0.0.0:{}", free_port());
    for listen in [open.as_str(), "[::]:8080"] {
        let ended = run(folder.path(), ["serve", "--listen", listen]).expect(2);
        assert!(ended.err.contains("--insecure-no-login"), "{}", ended.err);
    }
    let (_server, address) =
        Direct::start(&["serve", "--listen", &open, "--insecure-no-login"], folder.path());
    assert!(address.starts_with("http://0.0.0.0:"), "{address}");
}

#[test]
fn a_wrong_address_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), ["serve", "--listen", "here"]).expect(2);
    assert!(ended.err.contains("here"), "{}", ended.err);
}

#[test]
fn the_documents_of_the_demo_can_be_exported() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), ["demo", "--export", "documents"]).expect(0);
    let ended = run(folder.path(), ["inspect", "--json", "documents"]).expect(0);
    let refused: Vec<_> = ended.lines().into_iter().filter(|line| !line["error"].is_null()).collect();
    assert!(refused.is_empty(), "{refused:?}");
    assert!(ended.lines().len() > 40);
}

//! A client before a server that answers by the list.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::DateTime;
use domain::id::RunId;
use formats::plimsoll_observations::Packed;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::super::client::{Answer, Client};
use super::super::{Destination, Event};
use super::scope;
use crate::sync::{PushedPlan, Watcher};

/// A server that gives these answers, one a connection, each a status with headers and after an empty line a
/// body; an empty one hangs up. Ends with what it was asked.
fn answering(answers: &[&str]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    let asked = std::thread::spawn(move || {
        answers.iter().map(|answer| one(listener.accept().unwrap().0, answer)).collect()
    });
    (address, asked)
}

fn one(mut stream: TcpStream, answer: &str) -> String {
    let mut asked = Vec::new();
    let whole = |asked: &[u8]| {
        let text = String::from_utf8_lossy(asked).to_lowercase();
        let head = text.find("\r\n\r\n")? + 4;
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        Some(asked.len() >= head + length.map_or(0, |length| length.parse::<usize>().unwrap()))
    };
    while whole(&asked) != Some(true) {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "the request ended early");
        asked.extend_from_slice(&buffer[..read]);
    }
    let (head, body) = answer.split_once("\n\n").unwrap_or((answer, ""));
    if !answer.is_empty() {
        let told =
            format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(told.as_bytes()).unwrap();
    }
    String::from_utf8_lossy(&asked).into_owned()
}

fn client(address: &str, watcher: Option<Watcher>) -> Client {
    // As the binary does first of all.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Client::new(Destination::new(address, "t0ken", false).unwrap(), watcher)
}

fn run() -> RunId {
    RunId::from_bytes([7; 16])
}

fn part() -> Packed {
    Packed { number: 2, bytes: vec![1; 3000], last: true }
}

#[tokio::test]
async fn a_refusal_is_told_with_a_way_out_and_not_repeated() {
    for (answer, expected) in [
        ("401 Unauthorized", "does not know this token"),
        ("404 Not Found\n\n<html>", "not as plimsoll does"),
        ("404 Not Found\n\n{\"detail\":\"There is no such address.\"}", "must be of version"),
        ("200 OK\n\n<html>Please log in</html>", "not as plimsoll does"),
        ("302 Found\r\nlocation: https://login.example/", "sends us on to https://login.example/"),
        ("403 Forbidden\n\n{\"detail\":\"Not from here.\"}", "refused with status 403: Not from here"),
    ] {
        let (address, asked) = answering(&[answer]);
        let told = client(&address, None).here(run()).await.unwrap_err().to_string();
        assert!(told.starts_with(&address) && told.contains(expected), "{told}");
        assert!(!told.contains("t0ken"), "{told}");
        let asked = asked.join().unwrap().concat();
        assert!(asked.starts_with(&format!("GET /api/v1/observations/{} ", run())), "{asked}");
        assert!(asked.contains("authorization: Bearer t0ken"), "{asked}");
    }
}

#[tokio::test]
async fn a_part_that_is_too_large_is_told_with_its_size() {
    let (address, asked) = answering(&["413 Payload Too Large"]);
    let told = client(&address, None).push(run(), &scope("ecr"), &part()).await.unwrap_err().to_string();
    assert!(
        told.contains("does not take 3 kB at once") && told.contains("server.max_upload_bytes"),
        "{told}"
    );
    let asked = asked.join().unwrap().concat();
    let address = "/api/v1/observations?run=07070707070707070707070707070707&account=1&region=eu&service=ecr&part=2\
                   &last=true";
    assert!(asked.starts_with(&format!("POST {address} HTTP/1.1")), "{asked}");
}

#[tokio::test]
async fn what_may_pass_is_asked_again_and_the_wait_is_told() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let hearing = Arc::clone(&told);
    let watcher: Watcher = Arc::new(move |event: &Event| {
        if let Event::Delayed(sentence) = event {
            hearing.lock().unwrap().push(sentence.clone());
        }
    });
    let (address, asked) = answering(&[
        "503 Service Unavailable",
        "",
        "429 Too Many Requests\r\nretry-after: 0",
        "409 Conflict\r\nretry-after: 0",
        "202 Accepted",
    ]);
    let plan = PushedPlan::refused("No plan.".to_owned());
    client(&address, Some(watcher)).end(run(), &plan).await.unwrap();
    let asked = asked.join().unwrap();
    assert_eq!(asked.len(), 5);
    assert!(asked.iter().all(|asked| asked.contains("\"refusal\":\"No plan.\"")), "{asked:?}");
    let told = told.lock().unwrap();
    let expected =
        ["status 503", "cannot be reached", "status 429", "still has the last push of this source to save"];
    assert_eq!(told.len(), expected.len());
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.contains(expected) && told.contains("tried again in"), "{told}");
    }
}

#[tokio::test]
async fn nobody_waits_long_for_an_address_that_is_wrong() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let begun = std::time::Instant::now();
    let told = client(&format!("http://{closed}"), None).here(run()).await.unwrap_err().to_string();
    assert!(told.contains("cannot be reached: ") && told.contains("check the address"), "{told}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn a_wait_is_in_seconds_or_until_a_date() {
    let now = DateTime::parse_from_rfc3339("2026-11-25T10:00:00Z").unwrap().to_utc();
    let check = |value: &str, expected: Option<u64>| {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        let answer = Answer { status: StatusCode::TOO_MANY_REQUESTS, headers, body: Vec::new() };
        assert_eq!(answer.retry_after(now), expected.map(Duration::from_secs), "{value}");
    };
    check("7", Some(7));
    check("Wed, 25 Nov 2026 10:00:30 GMT", Some(30));
    check("Wed, 25 Nov 2026 09:00:00 GMT", Some(0));
    check("soon", None);
}

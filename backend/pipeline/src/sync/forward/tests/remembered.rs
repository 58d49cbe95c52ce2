//! What is remembered from one run to the next: for how long, of what, and what becomes of a file that is broken.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use connectors::Memory;
use domain::document::Provenance;
use domain::id::RunId;
use domain::reference::ImageReference;

use super::super::super::live::{Event, Watcher};
use super::super::remembered::{Remembered, key};
use super::super::{Destination, Logbook};

/// The digest of no bytes.
const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn today() -> DateTime<Utc> {
    "2026-11-25T10:00:00Z".parse().unwrap()
}

fn tomorrow() -> DateTime<Utc> {
    "2026-11-26T10:00:00Z".parse().unwrap()
}

fn yesterday() -> DateTime<Utc> {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

fn later() -> DateTime<Utc> {
    "2026-12-25T10:00:00Z".parse().unwrap()
}

/// A memory, and what it warned of when it was opened.
fn open(path: &Path, clock: fn() -> DateTime<Utc>) -> (Remembered, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let hearing = Arc::clone(&told);
    let watcher: Watcher = Arc::new(move |event: &Event| {
        if let Event::Warned(sentence) = event {
            hearing.lock().unwrap().push(sentence.clone());
        }
    });
    (Remembered::open(path.to_owned(), clock, Some(watcher)), told)
}

fn contents(word: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (word.to_owned(), bytes.to_vec())
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("collect-prod-00.memory")
}

/// A document of a cluster, or of an image, by its key.
fn document(cluster: Option<&str>, image: Option<&ImageReference>) -> Option<String> {
    let provenance = Provenance {
        name: "report".to_owned(),
        source: "kubernetes".to_owned(),
        image: image.cloned(),
        cluster: cluster.map(str::to_owned),
        as_of: today(),
    };
    key(b"", &provenance)
}

#[tokio::test]
async fn what_was_read_is_there_at_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (first, told) = open(&path, today);
    assert!(told.lock().unwrap().is_empty(), "nothing there is nothing wrong");
    first.remember(&[contents("a", b"one"), contents("b", b"\0\xff")]).await;
    first.remember(&[contents("a", b"other")]).await;
    first.save();
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap());
        assert_eq!(mode & 0o777, 0o600, "it is nobody else's business");
    }
    let (second, told) = open(&path, tomorrow);
    let recalled = second.recall(&words(&["a", "b", "c"])).await;
    assert_eq!(recalled, HashMap::from([contents("a", b"one"), contents("b", b"\0\xff")]));
    assert!(told.lock().unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[tokio::test]
async fn what_nobody_asks_for_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (first, _) = open(&path, today);
    first.remember(&[contents("used", b"1"), contents("unused", b"2")]).await;
    first.save();
    let (second, _) = open(&path, tomorrow);
    second.recall(&words(&["used"])).await;
    second.save();
    let (third, _) = open(&path, later);
    third.save();
    let (fourth, _) = open(&path, later);
    assert_eq!(fourth.recall(&words(&["used", "unused"])).await.into_keys().collect::<Vec<_>>(), ["used"]);
}

#[tokio::test]
async fn the_longest_unused_goes_where_there_is_too_much() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let large = vec![b'x'; 8 << 20];
    let (first, _) = open(&path, yesterday);
    first.remember(&[contents("old", &large)]).await;
    first.save();
    let (second, _) = open(&path, today);
    let many: Vec<_> = (0..8).map(|number| contents(&format!("new {number}"), &large)).collect();
    second.remember(&many).await;
    assert!(second.recall(&words(&["old"])).await.is_empty());
    assert!(!second.recall(&words(&["new 7"])).await.is_empty());
}

#[tokio::test]
async fn a_document_is_sent_again_unless_it_arrived_within_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let image: ImageReference = "registry.example/shop/api:1".parse().unwrap();
    let papers = [(EMPTY.to_owned(), image.clone())];
    let reports = words(&[EMPTY]);
    let keys =
        || [document(Some("prod"), None), document(None, Some(&image))].into_iter().flatten().collect();
    let known = async |memory: &Remembered, cluster: &str| {
        (memory.on_record(&papers).await.len(), memory.read_before(cluster, &reports).await.len())
    };

    let run = RunId::from_bytes([7; 16]);
    let (first, _) = open(&path, today);
    first.sent(keys());
    first.save();
    let (second, _) = open(&path, today);
    assert_eq!(known(&second, "prod").await, (0, 0), "the run was never over");
    assert_eq!(second.last_run(), None);
    second.sent(keys());
    second.arrived(run);
    assert_eq!(known(&second, "prod").await, (1, 1));
    assert_eq!(known(&second, "staging").await, (1, 0), "what one cluster says, another does not");
    second.save();
    assert_eq!(known(&open(&path, today).0, "prod").await, (1, 1));
    assert_eq!(known(&open(&path, tomorrow).0, "prod").await, (0, 0));
    assert_eq!(known(&open(&path, yesterday).0, "prod").await, (0, 0), "a clock that was set back");
    let (third, _) = open(&path, today);
    assert_eq!(third.last_run(), Some(run));
    third.deliver_anew();
    assert_eq!((third.last_run(), known(&third, "prod").await), (None, (0, 0)), "it is another destination");
    assert_eq!(document(None, None), None, "nobody asks for one that came with nothing");
}

#[tokio::test]
async fn a_broken_file_is_told_once_and_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (sound, _) = open(&path, today);
    sound.remember(&[contents("a", b"one")]).await;
    sound.save();
    let bytes = std::fs::read(&path).unwrap();
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let cut = bytes.split_last().unwrap().1.to_vec();
    for broken in [flipped, cut, Vec::new(), b"{}".to_vec(), b"plimsoll memory 1\n".to_vec()] {
        std::fs::write(&path, &broken).unwrap();
        let (memory, told) = open(&path, today);
        assert!(memory.recall(&words(&["a"])).await.is_empty());
        let sentences = told.lock().unwrap().clone();
        assert_eq!(sentences.len(), 1, "{sentences:?}");
        assert!(sentences[0].contains("is not as it was written: everything is read anew"), "{sentences:?}");
        memory.remember(&[contents("a", b"two")]).await;
        memory.save();
        let (next, told) = open(&path, today);
        assert_eq!(next.recall(&words(&["a"])).await, HashMap::from([contents("a", b"two")]));
        assert!(told.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_told_once_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (memory, told) = open(&folder.path().join("nowhere/x.memory"), today);
    memory.remember(&[contents("a", b"one")]).await;
    memory.save();
    memory.save();
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("cannot be written"), "{told:?}");
    assert_eq!(memory.recall(&words(&["a"])).await.len(), 1);
}

#[test]
fn whoever_begins_anew_forgets() {
    let folder = tempfile::tempdir().unwrap();
    let to = Destination::new("https://p.example", "t", false).unwrap();
    let logbook = |anew| Logbook::open(folder.path(), "prod", &to, anew, today()).unwrap();
    let path = logbook(false).memory();
    std::fs::write(&path, b"x").unwrap();
    assert_eq!(logbook(false).memory(), path);
    assert!(path.exists());
    drop(logbook(true));
    assert!(!path.exists());
    drop(logbook(true));
}

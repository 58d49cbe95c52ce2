//! The walk on real directories.

use std::fs;
use std::path::PathBuf;

use super::{LONG, count, deliveries};
use crate::{CollectError, Content};

fn world() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    for (name, content) in [("a.json", "one"), ("b/c.json", "two"), (".hidden", "no"), ("z.json", "three")] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link")).unwrap();
    folder
}

#[test]
fn walks_in_order_and_skips_links_and_hidden_files() {
    let folder = world();
    let contents: Vec<String> = deliveries(&[folder.path().to_owned()], 100)
        .map(|delivery| String::from_utf8(delivery.content.unwrap().into_bytes().unwrap()).unwrap())
        .collect();
    assert_eq!(contents, ["one", "two", "three"]);
    assert_eq!(count(&[folder.path().to_owned(), PathBuf::from("-")]), 4);
}

#[test]
fn says_what_is_missing_and_goes_on() {
    let folder = world();
    let paths = [PathBuf::from("/nowhere/x"), folder.path().join("a.json")];
    let outcomes: Vec<_> =
        deliveries(&paths, 100).map(|delivery| delivery.content.and_then(Content::into_bytes)).collect();
    assert!(matches!(outcomes[0], Err(CollectError::Missing(_))));
    assert_eq!(outcomes[1].as_deref().unwrap(), b"one");
}

#[test]
fn stops_at_the_limit() {
    let folder = world();
    let outcome = deliveries(&[folder.path().join("z.json")], 3).next().unwrap().content;
    assert!(matches!(outcome, Err(CollectError::TooLarge { size: 5, limit: 3, .. })));
}

#[test]
fn a_long_file_is_named_and_not_read() {
    let folder = world();
    let path = folder.path().join("long.json");
    fs::File::create(&path).unwrap().set_len(LONG).unwrap();
    let content = deliveries(std::slice::from_ref(&path), LONG).next().unwrap().content.unwrap();
    assert!(matches!(&content, Content::Long(named) if *named == path));
    assert_eq!(content.into_bytes().unwrap().len() as u64, LONG);
}

//! The grammar of folders: connectors and formats all look alike inside, and maps name what is there.

use std::path::Path;

use crate::tree::{none, read, root, short};

/// What a format's folder must hold.
const FORMAT_FILES: [&str; 4] = ["mod.rs", "map.rs", "tests.rs", "fixtures"];
/// The cases that a format's fixtures must show.
const FIXTURES: [&str; 4] = ["none.", "one.", "many.", "broken."];

fn folders(below: &str) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(root().join(below))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn formats_look_alike() {
    let registry = read(&root().join("backend/formats/src/lib.rs"));
    let mut problems = Vec::new();
    for folder in folders("backend/formats/src") {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if !registry.contains(&format!("{name}::FORMAT")) {
            continue;
        }
        let inside = entries(&folder);
        for wanted in FORMAT_FILES.iter().filter(|wanted| !inside.iter().any(|name| name == *wanted)) {
            problems.push(format!("{}: {wanted} is missing", short(&folder)));
        }
        let cases =
            if folder.join("fixtures").is_dir() { entries(&folder.join("fixtures")) } else { Vec::new() };
        for wanted in FIXTURES.iter().filter(|wanted| !cases.iter().any(|name| name.starts_with(*wanted))) {
            problems.push(format!("{}/fixtures: no case {wanted}*", short(&folder)));
        }
    }
    none(problems);
}

#[test]
fn the_codemap_names_every_room() {
    let map = read(&root().join("backend/README.md"));
    let problems = folders("backend")
        .iter()
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| !map.contains(&format!("`{name}`")))
        .map(|name| format!("backend/README.md does not name `{name}`"))
        .collect();
    none(problems);
}

#[test]
fn every_connector_is_in_the_list() {
    let registry = read(&root().join("connectors/src/lib.rs"));
    let problems = folders("connectors/src")
        .iter()
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        // Files and folders are named by hand, each time: nothing to schedule, no scope to complete. What
        // registries of all vendors hold is no vendor's.
        .filter(|name| name != "folder" && name != "oci")
        .filter(|name| !registry.contains(&format!("{name}::DESCRIPTOR")))
        .map(|name| format!("connectors/src/{name} is not in the list"))
        .collect();
    none(problems);
}

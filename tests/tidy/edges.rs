//! Who may depend on whom. A new edge is a decision: it is made here, with its reason in the commit.

use crate::tree::{none, read, root};

/// Crate folder and the rooms it may name outside its tests.
const EDGES: &[(&str, &[&str])] = &[
    ("backend/domain", &[]),
    ("backend/formats", &["domain"]),
    ("backend/normalise", &["domain"]),
    ("backend/score", &["domain"]),
    ("backend/policy", &["domain"]),
    ("backend/store", &["domain"]),
    ("backend/pipeline", &["connectors", "domain", "formats", "normalise", "policy", "score", "store"]),
    ("backend/reports", &["domain", "policy", "store"]),
    ("backend/web", &["domain", "policy", "reports", "store"]),
    (
        "backend/server",
        &[
            "connectors",
            "domain",
            "formats",
            "migrations",
            "normalise",
            "pipeline",
            "policy",
            "reports",
            "score",
            "store",
            "web",
        ],
    ),
    ("connectors", &["domain", "formats"]),
    ("migrations", &[]),
];

/// A library and the only rooms whose product code may name it.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("sea-orm", &["backend/store"]),
    ("sea-orm-migration", &["migrations"]),
    ("sqlx", &["backend/store"]),
    ("apalis", &["backend/store"]),
    ("apalis-postgres", &["backend/store"]),
    ("apalis-sqlite", &["backend/store"]),
    ("actix-web", &["backend/web", "backend/server"]),
    ("askama", &["backend/web", "backend/reports"]),
    ("typst", &["backend/reports"]),
    ("sigstore", &["backend/policy"]),
    ("reqwest", &["connectors", "backend/pipeline"]),
];

fn manifest(folder: &str) -> toml::Table {
    read(&root().join(folder).join("Cargo.toml")).parse().unwrap()
}

fn names(manifest: &toml::Table, section: &str) -> Vec<String> {
    manifest
        .get(section)
        .and_then(toml::Value::as_table)
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

/// Dependencies of product code: all but the optional ones that only the feature `test-support` brings.
fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let features = manifest.get("features").and_then(toml::Value::as_table);
    let brings = |feature: &toml::Value, name: &str| {
        feature
            .as_array()
            .is_some_and(|list| list.iter().any(|item| item.as_str() == Some(&format!("dep:{name}"))))
    };
    let for_tests = |name: &String| {
        let optional =
            manifest["dependencies"][name].get("optional").is_some_and(|value| value.as_bool() == Some(true));
        let mut bringing =
            features.into_iter().flatten().filter(|(_, list)| brings(list, name)).map(|(feature, _)| feature);
        optional
            && bringing.next().is_some_and(|feature| feature == "test-support")
            && bringing.next().is_none()
    };
    names(manifest, "dependencies").into_iter().filter(|name| !for_tests(name)).collect()
}

fn rooms() -> Vec<&'static str> {
    EDGES.iter().map(|(folder, _)| folder.rsplit('/').next().unwrap()).collect()
}

#[test]
fn every_edge_is_allowed() {
    let rooms = rooms();
    let mut problems = Vec::new();
    for (folder, allowed) in EDGES {
        for name in dependencies(&manifest(folder)) {
            if rooms.contains(&name.as_str()) && !allowed.contains(&name.as_str()) {
                problems.push(format!("{folder} may not depend on {name}"));
            }
        }
    }
    none(problems);
}

#[test]
fn every_crate_is_in_the_table() {
    let mut folders: Vec<String> = std::fs::read_dir(root().join("backend"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| format!("backend/{}", path.file_name().unwrap().to_string_lossy()))
        .collect();
    folders.extend(["connectors".to_owned(), "migrations".to_owned()]);
    folders.sort();
    let mut known: Vec<String> = EDGES.iter().map(|(folder, _)| (*folder).to_owned()).collect();
    known.sort();
    assert_eq!(folders, known);
}

#[test]
fn a_crate_is_named_as_its_folder() {
    let mut problems = Vec::new();
    for (folder, _) in EDGES {
        let name = manifest(folder)["package"]["name"].as_str().unwrap().to_owned();
        if Some(name.as_str()) != folder.rsplit('/').next() {
            problems.push(format!("{folder} is called {name}"));
        }
    }
    none(problems);
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut problems = Vec::new();
    for (folder, _) in EDGES {
        for name in dependencies(&manifest(folder)) {
            let owner = LIBRARIES.iter().find(|(library, _)| *library == name);
            if owner.is_some_and(|(_, rooms)| !rooms.contains(folder)) {
                problems.push(format!("{folder} may not name {name}"));
            }
        }
    }
    none(problems);
}

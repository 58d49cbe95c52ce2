//! `plimsoll check --sources` and `sync` as processes, with credentials as a machine has them: a key file, or the
//! metadata server. Refuses the credentials of whoever runs the tests.

use serde_json::json;
use tempfile::TempDir;
use tests::gcp::{Estate, Gcp};
use tests::run::{Ended, command, finish};

/// A Google Cloud that lets nobody in without a token, and a directory with settings.
struct World {
    gcp: Gcp,
    estate: Estate,
    folder: TempDir,
}

impl World {
    fn new() -> Option<Self> {
        let gcp = Gcp::start()?;
        let estate = gcp.seed(&json!({"projects": 1, "repositories": 2, "packages": 2, "findings": 6}));
        gcp.set(&json!({"anonymous": false}));
        let folder = tempfile::tempdir().unwrap();
        let settings =
            format!("[[sources]]\nname = \"prod\"\nkind = \"gcp\"\nendpoint = \"{}\"\n", gcp.address);
        std::fs::write(folder.path().join("plimsoll.toml"), settings).unwrap();
        std::fs::write(folder.path().join("key.json"), estate.key.to_string()).unwrap();
        Some(Self { gcp, estate, folder })
    }

    /// Runs a command with this in its environment and nothing else of Google's.
    fn run(&self, arguments: &[&str], (name, value): (&str, &str)) -> Ended {
        let mut command = command(self.folder.path(), ["--config", "plimsoll.toml"].iter().chain(arguments));
        for others in ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT", "GCE_METADATA_HOST"] {
            command.env_remove(others);
        }
        command.env("HOME", self.folder.path()).env("NO_PROXY", "127.0.0.1").env(name, value);
        finish(command, None)
    }
}

#[test]
fn a_key_file_and_the_metadata_server_open_everything() {
    let Some(world) = World::new() else { return };
    let key = world.folder.path().join("key.json");
    let key = ("GOOGLE_APPLICATION_CREDENTIALS", key.to_str().unwrap());
    let metadata = ("GCE_METADATA_HOST", world.gcp.address.strip_prefix("http://").unwrap());
    world.run(&["migrate"], key).expect(0);
    for credentials in [key, metadata] {
        let granted = world.run(&["check", "--sources"], credentials).expect(0);
        let lines: Vec<&str> = granted.out.lines().skip(2).collect();
        assert!(lines.len() > 10 && lines.iter().all(|line| line.ends_with("  granted")), "{}", granted.out);
    }
    let synced = world.run(&["sync", "prod", "--json"], metadata).expect(0);
    assert!(synced.out.contains("complete"), "{}", synced.out);
    let again = world.run(&["sync", "prod"], key).expect(0);
    assert!(again.out.contains("0 added, 0 changed, 0 retired"), "{}", again.out);
    assert_eq!(world.estate.projects, ["plimsoll-shop"]);
}

#[test]
fn no_credentials_are_told_with_what_to_do() {
    let Some(world) = World::new() else { return };
    let nowhere = ("GOOGLE_APPLICATION_CREDENTIALS", "nothing.json");
    let refused = world.run(&["check", "--sources"], nowhere);
    assert_ne!(refused.status, 0);
    let told = format!("{}{}", refused.out, refused.err);
    assert!(told.contains("no credentials that projects accepts") && told.contains("nothing.json"), "{told}");
}

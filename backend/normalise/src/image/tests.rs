//! Images by their digests: which claims join, which part, and which digest names them.

use super::*;

fn digest(letter: char) -> Digest {
    format!("sha256:{}", letter.to_string().repeat(64)).parse().unwrap()
}

fn image(digests: &[(DigestRole, char)], architecture: Option<&str>) -> Image {
    Image {
        digests: digests.iter().map(|(role, letter)| (*role, digest(*letter))).collect(),
        platform: architecture.map(|architecture| Platform {
            os: "linux".to_owned(),
            architecture: architecture.to_owned(),
            variant: None,
        }),
        ..Image::default()
    }
}

/// A catalogue as if everything so far were stored.
fn stored(catalogue: &Catalogue) -> Catalogue {
    Catalogue::new(catalogue.images.values().cloned())
}

use DigestRole::{Config, Index, Manifest, Repository};

#[test]
fn a_config_digest_then_the_manifest_is_one_image() {
    let mut catalogue = Catalogue::default();
    let first = catalogue.claim(&image(&[(Config, 'c')], None)).unwrap();
    let mut catalogue = stored(&catalogue);
    let second = catalogue.claim(&image(&[(Manifest, 'a'), (Config, 'c')], None)).unwrap();
    assert_eq!(first, second);
    let changes = catalogue.changes();
    assert_eq!(changes.upgraded, [(first, Manifest, digest('a'))]);
    assert!(changes.new.is_empty() && changes.merges.is_empty());
}

#[test]
fn two_names_of_one_image_are_bridged() {
    let mut catalogue = Catalogue::default();
    let running = catalogue.claim_digest(Repository, &digest('d')).unwrap();
    let scanned = catalogue.claim(&image(&[(Config, 'c')], Some("amd64"))).unwrap();
    assert_ne!(running, scanned);
    let mut catalogue = stored(&catalogue);
    let both = catalogue.claim(&image(&[(Repository, 'd'), (Config, 'c')], Some("amd64"))).unwrap();
    assert_eq!(both, scanned);
    assert_eq!(catalogue.changes().merges, [Merge { from: running, into: scanned }]);
    assert_eq!(catalogue.current(running), scanned);
    assert_eq!(catalogue.get(both).unwrap().digest, (Repository, digest('d')));
}

#[test]
fn platforms_that_share_an_index_stay_apart() {
    let mut catalogue = Catalogue::default();
    let amd = catalogue.claim(&image(&[(Repository, 'd'), (Config, 'a')], Some("amd64"))).unwrap();
    let arm = catalogue.claim(&image(&[(Repository, 'd'), (Config, 'b')], Some("arm64"))).unwrap();
    assert_ne!(amd, arm);
    assert_eq!(catalogue.claim_digest(Repository, &digest('d')), Some(amd));
    assert_eq!(catalogue.claim_digest(Config, &digest('b')), Some(arm));
    assert!(catalogue.changes().merges.is_empty());
}

#[test]
fn platforms_known_by_nothing_but_the_index_stay_apart() {
    let mut catalogue = Catalogue::default();
    let amd = catalogue.claim(&image(&[(Index, 'd')], Some("amd64"))).unwrap();
    let arm = catalogue.claim(&image(&[(Index, 'd')], Some("arm64"))).unwrap();
    assert_ne!(amd, arm);
}

#[test]
fn manifests_that_share_a_config_stay_apart() {
    let mut catalogue = Catalogue::default();
    let one = catalogue.claim(&image(&[(Manifest, 'a'), (Config, 'c')], None)).unwrap();
    let two = catalogue.claim(&image(&[(Manifest, 'b'), (Config, 'c')], None)).unwrap();
    assert_ne!(one, two);
    let again = catalogue.claim(&image(&[(Config, 'c')], None)).unwrap();
    assert!(again == one || again == two);
    assert!(catalogue.changes().merges.is_empty());
}

#[test]
fn a_container_digest_is_upgraded_by_the_scan() {
    let mut catalogue = Catalogue::default();
    let running = catalogue.claim_digest(Repository, &digest('d')).unwrap();
    let mut catalogue = stored(&catalogue);
    let scan = catalogue.claim(&image(&[(Repository, 'd'), (Config, 'c')], Some("arm64"))).unwrap();
    assert_eq!(running, scan);
    assert_eq!(catalogue.changes().digests, [(scan, Config, digest('c'))]);
}

#[test]
fn nothing_is_made_of_nothing_and_a_repeated_claim_changes_nothing() {
    let mut catalogue = Catalogue::default();
    assert_eq!(catalogue.claim(&Image::default()), None);
    let claim = image(&[(Manifest, 'a'), (Config, 'c')], Some("amd64"));
    let id = catalogue.claim(&claim);
    let mut catalogue = stored(&catalogue);
    assert_eq!(catalogue.claim(&claim), id);
    assert_eq!(catalogue.changes(), Changes::default());
}

#[test]
fn a_manifest_of_a_local_engine_does_not_split_the_image() {
    let mut catalogue = Catalogue::default();
    let registry = catalogue.claim(&image(&[(Manifest, 'a'), (Config, 'c'), (Repository, 'd')], None));
    let local = catalogue.claim(&image(&[(Manifest, 'b'), (Config, 'c'), (Repository, 'd')], None));
    assert_eq!(registry, local);
    let mut catalogue = Catalogue::default();
    let registry = catalogue.claim(&image(&[(Manifest, 'a')], None));
    let local = catalogue.claim(&image(&[(Manifest, 'b'), (Config, 'c'), (Repository, 'a')], None));
    assert_eq!(registry, local);
}

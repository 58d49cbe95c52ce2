//! From ECR's words to ours. Refuses the network.

use aws_sdk_ecr::types::{
    ImageDetail, ImageScanningConfiguration, ImageTagMutability, RegistryScanningConfiguration,
    RegistryScanningRule, Repository, ScanFrequency, ScanType, ScanningRepositoryFilter,
    ScanningRepositoryFilterType,
};
use aws_smithy_types::DateTime;
use domain::digest::Digest;
use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use domain::registry::Repository as Observed;

use super::repositories::{Known, known, observation};
use super::scanning::Scanning;
use super::{arn, images};
use crate::aws::place::tests::place;
use crate::oci::{
    self, Attached, Described, Manifests, in_index, is_digest_of, kind, subject, subject_of_tag,
};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

fn digest(letter: char) -> Digest {
    format!("sha256:{}", letter.to_string().repeat(64)).parse().unwrap()
}

fn api() -> Known {
    let told = Repository::builder()
        .repository_name("team/api")
        .repository_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api")
        .image_tag_mutability(ImageTagMutability::ImmutableWithExclusion)
        .image_scanning_configuration(ImageScanningConfiguration::builder().scan_on_push(false).build())
        .created_at(DateTime::from_secs(1_770_000_000))
        .build();
    known(told).unwrap()
}

fn detail(letter: char, media: &str, tags: &[&str]) -> ImageDetail {
    ImageDetail::builder()
        .image_digest(digest(letter).as_str())
        .image_manifest_media_type(media)
        .set_artifact_media_type((media == MANIFEST).then(|| CONFIG.to_owned()))
        .set_image_tags(Some(tags.iter().map(|tag| (*tag).to_owned()).collect()))
        .image_size_in_bytes(28_000_000)
        .image_pushed_at(DateTime::from_secs(1_770_000_000))
        .last_recorded_pull_time(DateTime::from_secs(1_770_003_600))
        .build()
}

/// Each image as `platform | references | digests`.
fn shown(manifests: &Manifests) -> Vec<String> {
    let show = |image: Image| {
        let platform = image.platform.map_or("?".to_owned(), |platform| platform.architecture);
        let names: Vec<String> =
            image.references.iter().map(domain::reference::ImageReference::familiar).collect();
        let digests: Vec<String> = image
            .digests
            .iter()
            .map(|(role, digest)| format!("{} {}", role.as_str(), &digest.short()[..1]))
            .collect();
        format!("{platform} | {} | {}", names.join(" "), digests.join(", "))
    };
    manifests.images(&api().named()).map(show).collect()
}

fn index() -> oci::Manifest {
    oci::parse(include_str!("fixtures/many.index.json")).unwrap()
}

#[test]
fn members_of_an_index_are_images_under_its_tags() {
    let mut manifests = Manifests::default();
    images::add(
        &mut manifests,
        vec![
            detail('a', MANIFEST, &["1.0-amd64"]),
            detail('b', MANIFEST, &[]),
            detail('c', MANIFEST, &[]),
            detail('d', INDEX, &["1.0", "latest"]),
        ],
    );
    manifests.add_index(&digest('d'), &index());
    assert_eq!(
        shown(&manifests),
        [
            "amd64 | team/api:1.0-amd64 team/api:1.0 team/api:latest | manifest a, index d",
            "arm64 | team/api:1.0 team/api:latest | manifest b, index d",
        ]
    );
    let image = manifests.images(&api().named()).next().unwrap();
    assert_eq!(image.digests[0].0, DigestRole::Manifest);
    assert_eq!(image.pushed_at.unwrap().to_rfc3339(), "2026-02-02T02:40:00+00:00");
    assert_eq!((image.pulled_at.unwrap() - image.pushed_at.unwrap()).num_minutes(), 60);
    assert_eq!((image.size, image.media_type.as_deref()), (Some(28_000_000), Some(MANIFEST)));
}

#[test]
fn an_index_whose_manifest_was_not_read_stands_for_itself() {
    let mut manifests = Manifests::default();
    images::add(&mut manifests, vec![detail('b', MANIFEST, &[]), detail('d', INDEX, &["1.0"])]);
    assert_eq!(shown(&manifests), ["? | team/api@bbbbbbbbbbbb | manifest b", "? | team/api:1.0 | index d"]);
}

#[test]
fn what_is_attached_is_no_image() {
    let mut manifests = Manifests::default();
    let chart = ImageDetail::builder()
        .image_digest(digest('1').as_str())
        .artifact_media_type("application/vnd.cncf.helm.config.v1+json")
        .build();
    let referrer = ImageDetail::builder()
        .image_digest(digest('2').as_str())
        .image_manifest_media_type(MANIFEST)
        .subject_manifest_digest(digest('a').as_str())
        .build();
    let signature = format!("sha256-{}.sig", "a".repeat(64));
    images::add(
        &mut manifests,
        vec![chart, referrer, detail('3', MANIFEST, &[&signature]), detail('a', MANIFEST, &["1.0"])],
    );
    assert_eq!(shown(&manifests), ["? | team/api:1.0 | manifest a"]);
}

#[test]
fn no_answer_is_no_image() {
    let mut manifests = Manifests::default();
    images::add(&mut manifests, vec![ImageDetail::builder().image_digest("sha256:short").build()]);
    assert_eq!(shown(&manifests), [""; 0]);
    let none = oci::parse(include_str!("fixtures/none.index.json")).unwrap();
    manifests.add_index(&digest('d'), &none);
    assert_eq!(shown(&manifests), [""; 0]);
    assert!(oci::parse(include_str!("fixtures/broken.index.json")).is_none());
}

#[test]
fn attached_documents_know_their_subject_in_three_ways() {
    assert_eq!(in_index(&index()), [Attached { holder: digest('c'), subject: digest('a') }]);
    let referrer = oci::parse(include_str!("fixtures/one.referrer.json")).unwrap();
    assert_eq!(subject(&referrer, &Described::default()), Some(digest('a')));
    let kinds: Vec<_> = referrer.layers.iter().map(kind).collect();
    assert_eq!(kinds, [Some("bill of materials"), None]);
    let tagged = Described { tags: vec![format!("sha256-{}.att", "b".repeat(64))], ..Described::default() };
    assert_eq!(subject(&oci::Manifest::default(), &tagged), Some(digest('b')));
    for tag in ["1.0.sig", "sha256-12.sig", "latest", "sha256.sig"] {
        assert_eq!(subject_of_tag(tag), None, "{tag}");
    }
}

#[test]
fn bytes_are_held_against_their_digest() {
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let long = "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
                47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";
    assert!(is_digest_of(empty, b"") && is_digest_of(long, b""));
    for (digest, bytes) in [(empty, "x"), (long, "x"), ("md5:d41d8cd98f00b204e9800998ecf8427e", ""), ("", "")]
    {
        assert!(!is_digest_of(digest, bytes.as_bytes()), "{digest}");
    }
}

fn repository(scanning: Option<&Scanning>) -> Observed {
    match observation(&api(), &place(), scanning) {
        Observation::Repository(repository) => repository,
        other => panic!("{other:?}"),
    }
}

fn rule(frequency: ScanFrequency, pattern: &str) -> RegistryScanningRule {
    let filter = ScanningRepositoryFilter::builder()
        .filter(pattern)
        .filter_type(ScanningRepositoryFilterType::Wildcard)
        .build()
        .unwrap();
    RegistryScanningRule::builder().scan_frequency(frequency).repository_filters(filter).build().unwrap()
}

#[test]
fn tags_that_some_may_move_are_not_immutable() {
    let repository = repository(None);
    assert_eq!(repository.tags_immutable, Some(false));
    assert_eq!(
        (repository.registry.as_str(), repository.name.as_str()),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com", "team/api")
    );
    assert_eq!((repository.scan_on_push, repository.scanning), (None, None), "the registry did not say");
    assert_eq!(repository.created_at.unwrap().to_rfc3339(), "2026-02-02T02:40:00+00:00");
}

#[test]
fn rules_of_the_registry_decide_what_is_scanned() {
    for (kind, rules, on_push, words) in [
        (ScanType::Basic, vec![], false, "BASIC"),
        (ScanType::Basic, vec![rule(ScanFrequency::ScanOnPush, "team/*")], true, "BASIC, SCAN_ON_PUSH"),
        (
            ScanType::Enhanced,
            vec![rule(ScanFrequency::ScanOnPush, "*"), rule(ScanFrequency::ContinuousScan, "team/*")],
            true,
            "ENHANCED, CONTINUOUS_SCAN",
        ),
        (ScanType::Enhanced, vec![rule(ScanFrequency::ContinuousScan, "prod/*")], false, "ENHANCED"),
        (ScanType::Enhanced, vec![rule(ScanFrequency::Manual, "*")], false, "ENHANCED, MANUAL"),
    ] {
        let told = RegistryScanningConfiguration::builder().scan_type(kind).set_rules(Some(rules)).build();
        let repository = repository(Some(&Scanning::of(&told)));
        assert_eq!((repository.scan_on_push, repository.scanning.as_deref()), (Some(on_push), Some(words)));
    }
}

#[test]
fn an_arn_tells_where_an_image_is_pulled_from() {
    let image = |partition: &str, region: &str| {
        arn::image(&format!("arn:{partition}:ecr:{region}:111122223333:repository/team/api/{}", digest('a')))
    };
    assert_eq!(
        image("aws", "eu-west-1").unwrap().to_string(),
        format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/api@{}", digest('a'))
    );
    assert_eq!(
        image("aws-cn", "cn-north-1").unwrap().registry,
        "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"
    );
    for other in [
        "arn:aws:ecr:eu-west-1:111122223333:repository/team/api",
        "arn:aws:lambda:eu-west-1:111122223333:function:f",
        "team/api",
    ] {
        assert_eq!(arn::image(other), None, "{other}");
        assert!(!arn::is_image(other));
    }
}

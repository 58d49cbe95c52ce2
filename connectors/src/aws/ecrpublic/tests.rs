//! From ECR Public's words to ours. Refuses the network.

use aws_sdk_ecrpublic::types::{ImageDetail, Repository};
use domain::image::DigestRole;

use super::map::{image, repository};
use crate::aws::place::tests::place;

fn tool() -> Repository {
    let address = "public.ecr.aws/a1b2c3d4/tool";
    Repository::builder().repository_name("tool").repository_uri(address).build()
}

fn detail(media: &str, tags: &[&str]) -> ImageDetail {
    ImageDetail::builder()
        .image_digest(format!("sha256:{}", "a".repeat(64)))
        .image_manifest_media_type(media)
        .set_image_tags(Some(tags.iter().map(|tag| (*tag).to_owned()).collect()))
        .build()
}

#[test]
fn anyone_may_pull() {
    let told = repository(&tool(), &place()).unwrap();
    assert_eq!((told.registry.as_str(), told.name.as_str()), ("public.ecr.aws", "a1b2c3d4/tool"));
    assert_eq!((told.public, told.tags_immutable, told.scan_on_push), (Some(true), None, None));
}

#[test]
fn an_index_is_told_as_one() {
    let index = image(&tool(), detail("application/vnd.oci.image.index.v1+json", &["1.0"])).unwrap();
    assert_eq!(index.digests[0].0, DigestRole::Index);
    assert_eq!(index.references[0].to_string(), "public.ecr.aws/a1b2c3d4/tool:1.0");
    let single = image(&tool(), detail("application/vnd.oci.image.manifest.v1+json", &[])).unwrap();
    assert_eq!(single.digests[0].0, DigestRole::Manifest);
    assert_eq!(single.references[0].familiar(), "a1b2c3d4/tool@aaaaaaaaaaaa");
}

#[test]
fn what_cannot_be_run_is_no_image() {
    let chart = ImageDetail::builder()
        .image_digest(format!("sha256:{}", "a".repeat(64)))
        .artifact_media_type("application/vnd.cncf.helm.config.v1+json")
        .build();
    assert_eq!(image(&tool(), chart), None);
    assert_eq!(image(&tool(), ImageDetail::builder().image_digest("none").build()), None);
}

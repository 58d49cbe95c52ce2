//! The connector against ministack, an AWS of other people's making: a second opinion on the shapes that it
//! reads.

use connectors::aws;
use domain::source::{Completeness, Values};
use serde_json::json;
use tests::asked::Source;
use tests::aws::Aws;
use tests::ministack::{ACCOUNT, Ministack};

use crate::asked::HERE;

const ECR: &str = "AmazonEC2ContainerRegistry_V20150921";

#[test]
fn an_inventory_of_another_emulator_is_read() {
    let Some(ministack) = Ministack::start() else { return };
    let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": digest("c")},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 9, "digest": digest("d")}],
    });
    let _ =
        ministack.call("ecr", &format!("{ECR}.CreateRepository"), &json!({ "repositoryName": "shop/api" }));
    let pushed = json!({ "repositoryName": "shop/api", "imageManifest": manifest.to_string(), "imageTag": "1.9",
        "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json" });
    let told = ministack.call("ecr", &format!("{ECR}.PutImage"), &pushed);
    let told = told["image"]["imageId"]["imageDigest"].as_str().unwrap().to_owned();
    let values = [("endpoint", ministack.address.as_str()), ("regions", HERE)];
    let values: Values =
        values.into_iter().map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect();
    let source = Source::told::<Aws>(&values, |values| aws::build_with_key(values, ACCOUNT, "not-a-secret"));
    let plan = source.plan().unwrap();
    assert_eq!(plan.completeness, Completeness::Complete);
    assert!(plan.scopes.iter().all(|scope| scope.account == ACCOUNT), "{:?}", plan.scopes);

    let registries = source.collect(ACCOUNT, HERE, "ecr");
    // It has no settings of a registry, which takes nothing from the inventory.
    assert!(
        registries.partial().contains("ecr:GetRegistryScanningConfiguration"),
        "{}",
        registries.partial()
    );
    let images = registries.images();
    let image = images.values().next().unwrap();
    assert_eq!((images.len(), image.best_digest().unwrap().as_str()), (1, told.as_str()));
    assert_eq!(image.references[0].tag.as_deref(), Some("1.9"));

    // Inspector is off, and then on: what it makes up has no image of a registry, so that nothing is taken.
    let off = source.collect(ACCOUNT, HERE, "inspector").complete();
    assert_eq!((off.coverage().len(), off.documents.len()), (0, 0));
    let _ = ministack.order("inspector2", "/enable", &json!({ "resourceTypes": ["ECR"] }));
    let on = source.collect(ACCOUNT, HERE, "inspector");
    assert_eq!((on.coverage().len(), on.documents.len()), (0, 0), "{:?}", on.outcome);
    let listed = ministack.ask("inspector2", "POST", "/coverage/list");
    assert!(!listed["coveredResources"].as_array().unwrap().is_empty(), "{listed}");
    for service in ["ecs", "eks", "lambda"] {
        let collected = source.collect(ACCOUNT, HERE, service).complete();
        assert_eq!(collected.documents.len(), 0, "{service}");
    }
}

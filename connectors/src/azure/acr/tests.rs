//! From the registry's words to ours. Refuses the network.

use domain::image::{DigestRole, Image};
use domain::observation::Observation;
use serde_json::{Value, json};

use super::door::next;
use super::registries::{Registry, host};
use super::wire::{Attributes, Manifests as Listed};
use super::{images, repositories, scanning, settings};
use crate::azure::place::tests::place;
use crate::oci::{Manifests, Named, parse};

const OCI: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

fn digest(letter: &str) -> String {
    format!("sha256:{}", letter.repeat(64))
}

fn api() -> Named {
    Named { registry: "shop.azurecr.io".to_owned(), name: "team/api".to_owned() }
}

fn listed(rows: Value) -> Manifests {
    let told: Listed = serde_json::from_value(json!({ "manifests": rows })).unwrap();
    let mut manifests = Manifests::default();
    images::add(&mut manifests, told.manifests);
    manifests
}

/// Each image as `platform | references | digests`.
fn shown(manifests: &Manifests) -> Vec<String> {
    let show = |image: Image| {
        let platform = image.platform.map_or("?".to_owned(), |platform| {
            format!("{}{}", platform.architecture, platform.variant.unwrap_or_default())
        });
        let names: Vec<String> = image.references.iter().map(|name| name.familiar()).collect();
        let digests: Vec<String> = image
            .digests
            .iter()
            .map(|(role, digest)| format!("{} {}", role.as_str(), &digest.short()[..1]))
            .collect();
        format!("{platform} | {} | {}", names.join(" "), digests.join(", "))
    };
    manifests.images(&api()).map(show).collect()
}

#[test]
fn manifests_are_images_with_their_platform_and_the_tags_of_their_index() {
    let mut manifests = listed(json!([
        {"digest": digest("a"), "mediaType": OCI, "configMediaType": CONFIG, "os": "linux", "architecture": "amd64",
         "imageSize": 28, "createdTime": "2026-02-03T08:00:00.1234567Z"},
        {"digest": digest("b"), "mediaType": OCI, "configMediaType": CONFIG, "os": "linux", "architecture": "arm64"},
        {"digest": digest("c"), "mediaType": INDEX, "tags": ["1.0", "latest"]},
        {"digest": digest("d"), "mediaType": OCI, "configMediaType": "application/vnd.cncf.helm.config.v1+json"},
        {"digest": digest("e"), "mediaType": OCI, "configMediaType": CONFIG,
         "tags": [format!("sha256-{}.sig", "a".repeat(64))]},
        {"digest": "sha256:short"},
    ]));
    let index = json!({"manifests": [
        {"digest": digest("a"), "platform": {"os": "linux", "architecture": "amd64"}},
        {"digest": digest("b"), "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
    ]});
    manifests.add_index(&digest("c").parse().unwrap(), &parse(&index.to_string()).unwrap());
    assert_eq!(
        shown(&manifests),
        [
            "amd64 | team/api:1.0 team/api:latest | manifest a, index c",
            "arm64v8 | team/api:1.0 team/api:latest | manifest b, index c",
        ]
    );
    let image = manifests.images(&api()).next().unwrap();
    assert_eq!((image.size, image.digests[0].0), (Some(28), DigestRole::Manifest));
    assert_eq!(image.pushed_at.unwrap().to_rfc3339(), "2026-02-03T08:00:00.123456700+00:00");
}

#[test]
fn no_rows_are_no_images() {
    let told: Listed = serde_json::from_value(json!({ "manifests": null })).unwrap();
    assert_eq!(told.manifests.len(), 0);
    assert_eq!(shown(&listed(json!([]))), [""; 0]);
}

fn registry(properties: Value) -> Registry {
    let told = json!({"id": "/x/shop", "name": "shop", "location": "West Europe", "properties": properties});
    serde_json::from_value(told).unwrap()
}

fn observed(properties: Value, attributes: Value) -> domain::registry::Repository {
    let attributes: Attributes = serde_json::from_value(attributes).unwrap();
    let scanning = scanning::of(&[]);
    match repositories::observation(&api(), &registry(properties), &attributes, &place(), Some(&scanning)) {
        Observation::Repository(repository) => repository,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_repository_has_the_settings_of_its_registry_and_its_own_lock() {
    let open = json!({"anonymousPullEnabled": true, "encryption": {"status": "disabled"}});
    let locked =
        json!({"createdTime": "2026-02-03T08:00:00Z", "changeableAttributes": {"writeEnabled": false}});
    let found = observed(open, locked);
    assert_eq!((found.public, found.tags_immutable), (Some(true), Some(true)));
    assert_eq!(found.encryption.as_deref(), Some("Microsoft-managed key"));
    assert_eq!(
        (found.scan_on_push, found.scanning.as_deref()),
        (Some(false), Some("Defender for Containers is off"))
    );
    assert_eq!((found.region.as_deref(), found.created_at.is_some()), (Some("westeurope"), true));
    let silent = observed(json!({}), json!({}));
    assert_eq!((silent.public, silent.tags_immutable, silent.encryption), (None, None, None));
}

#[test]
fn who_may_pull_without_login_must_also_be_let_in() {
    for (properties, public) in [
        (json!({"anonymousPullEnabled": false}), false),
        (json!({"anonymousPullEnabled": true, "publicNetworkAccess": "Disabled"}), false),
        (json!({"anonymousPullEnabled": true, "networkRuleSet": {"defaultAction": "Deny"}}), false),
        (json!({"anonymousPullEnabled": true, "networkRuleSet": {"defaultAction": "Allow"}}), true),
    ] {
        assert_eq!(registry(properties.clone()).properties.is_public(), Some(public), "{properties}");
    }
}

#[test]
fn the_plan_for_containers_decides_what_is_scanned() {
    let plan = |tier: &str, enabled: &str| {
        let part = json!({"name": "ContainerRegistriesVulnerabilityAssessments", "isEnabled": enabled});
        let told = json!({"name": "Containers", "properties": {"pricingTier": tier, "extensions": [part]}});
        scanning::of(&[serde_json::from_value(told).unwrap()])
    };
    assert!(plan("Standard", "True").on_push);
    assert_eq!(plan("Standard", "False").words, "Defender for Containers without registries");
    assert!(!plan("Free", "True").on_push);
}

#[test]
fn a_server_is_a_name_and_nothing_besides() {
    let named = |server: &str| host(&registry(json!({ "loginServer": server })));
    assert_eq!(named("Shop.azurecr.io").as_deref(), Some("shop.azurecr.io"));
    for odd in ["", "shop", "shop.azurecr.io/x", "a@b.c", "shop.azurecr.io:8080"] {
        assert_eq!(named(odd), None, "{odd}");
    }
}

#[test]
fn a_link_tells_the_next_page() {
    assert_eq!(next(r#"</acr/v1/_catalog?last=a&n=2>; rel="next""#), Some("/acr/v1/_catalog?last=a&n=2"));
    assert_eq!(next(r#"</acr/v1/_catalog>; rel="prev""#), None);
    assert_eq!(next("nonsense"), None);
}

/// The settings of a registry as `word: value` with a benchmark's word.
fn settings_of(properties: Value) -> Vec<String> {
    let mut told = registry(properties);
    told.sku.name = Some("Premium".to_owned());
    let shown = settings::of(&told).into_iter().map(|setting| {
        let judged = match &setting.judged {
            Some(judged) if judged.safe => " (safe)",
            Some(_) => " (unsafe)",
            None => "",
        };
        format!("{}: {}{judged}", setting.key, setting.value)
    });
    shown.collect()
}

#[test]
fn settings_are_told_in_the_managers_words_and_judged_where_a_policy_speaks() {
    let open = json!({
        "adminUserEnabled": true, "anonymousPullEnabled": false, "publicNetworkAccess": "Enabled",
        "zoneRedundancy": "Disabled", "roleAssignmentMode": "LegacyRegistryPermissions",
        "dataEndpointEnabled": true,
        "policies": {
            "exportPolicy": {"status": "enabled"}, "quarantinePolicy": {"status": "disabled"},
            "trustPolicy": {"type": "Notary", "status": "enabled"},
        },
    });
    assert_eq!(
        settings_of(open),
        [
            "tier: Premium",
            "public-network: every network (unsafe)",
            "admin-user: on (unsafe)",
            "anonymous-pull: off (safe)",
            "export: on (unsafe)",
            "quarantine: off",
            "content-trust: on",
            "data-endpoint: on",
            "zone-redundancy: Disabled",
            "role-mode: LegacyRegistryPermissions",
        ]
    );
    assert_eq!(settings_of(json!({"policies": null})), ["tier: Premium"], "what was not told is not there");
    for (more, words) in [
        (json!({"publicNetworkAccess": "Disabled"}), "private endpoints only (safe)"),
        (
            json!({"publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Deny"}}),
            "selected networks (safe)",
        ),
        (json!({"publicNetworkAccess": "SecuredByPerimeter"}), "SecuredByPerimeter"),
    ] {
        assert_eq!(settings_of(more)[1], format!("public-network: {words}"));
    }
}

#[test]
fn untagged_manifests_go_after_some_days_or_stay() {
    let cleanup = |policy: Value| {
        let told = registry(json!({"policies": {"retentionPolicy": policy}}));
        settings::cleanup(&told.properties.policies)
    };
    assert_eq!(
        cleanup(json!({"status": "enabled", "days": 7})).unwrap(),
        ["deletes untagged manifests after 7 days"]
    );
    assert_eq!(cleanup(json!({"status": "disabled", "days": 7})).unwrap(), [""; 0]);
    assert_eq!(cleanup(Value::Null), None, "not told is not off");
}

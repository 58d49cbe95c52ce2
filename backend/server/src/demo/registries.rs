//! The registries of the demo as their clouds describe them: repositories with their settings, and every image that
//! lies in them, builds that nobody runs any more among them. Refuses the registries of others, which nobody asks.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use domain::image::{DigestRole, Image, Platform};
use domain::observation::Observation;
use domain::registry::Repository;

use super::accounts::{DATA, Holder, PRODUCTION, RETAIL, SHOP};
use super::{digest, images, posture};

/// A registry.
#[derive(Debug)]
struct Registry {
    host: &'static str,
    holder: &'static Holder,
    region: &'static str,
    /// Whether it tells when an image was last pulled.
    tells_pulls: bool,
}

static REGISTRIES: &[Registry] = &[
    Registry {
        host: "412233445566.dkr.ecr.eu-west-1.amazonaws.com",
        holder: &PRODUCTION,
        region: "eu-west-1",
        tells_pulls: true,
    },
    Registry {
        host: "412233445599.dkr.ecr.eu-central-1.amazonaws.com",
        holder: &RETAIL,
        region: "eu-central-1",
        tells_pulls: true,
    },
    Registry { host: "acmeshop.azurecr.io", holder: &SHOP, region: "westeurope", tells_pulls: false },
    Registry { host: "us-docker.pkg.dev", holder: &DATA, region: "us", tells_pulls: false },
];

/// How repositories are set up whose names begin alike.
#[derive(Debug)]
struct Setup {
    prefix: &'static str,
    public: bool,
    immutable: bool,
    encryption: &'static str,
    scans: bool,
    scanning: &'static str,
}

macro_rules! setups {
    ($($prefix:literal public $public:literal immutable $immutable:literal encryption $encryption:literal
        scans $scans:literal $scanning:literal;)*) => {
        &[$(Setup {
            prefix: $prefix, public: $public, immutable: $immutable, encryption: $encryption, scans: $scans,
            scanning: $scanning,
        }),*]
    };
}

/// How repositories are set up: the first that fits counts.
static SETUPS: &[Setup] = setups! {
    "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/" public false immutable true encryption "KMS" scans true "BASIC, SCAN_ON_PUSH";
    "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/" public false immutable true encryption "AES256" scans true "BASIC, SCAN_ON_PUSH";
    "412233445566.dkr.ecr.eu-west-1.amazonaws.com/ci/" public false immutable false encryption "AES256" scans false "BASIC, MANUAL";
    "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/legacy" public false immutable false encryption "AES256" scans false "BASIC, MANUAL";
    "412233445566.dkr.ecr.eu-west-1.amazonaws.com/" public false immutable false encryption "AES256" scans true "BASIC, SCAN_ON_PUSH";
    "412233445599.dkr.ecr.eu-central-1.amazonaws.com/" public false immutable false encryption "AES256" scans false "BASIC";
    "acmeshop.azurecr.io/payments/" public false immutable true encryption "customer-managed key" scans true "Defender for Containers";
    "acmeshop.azurecr.io/" public false immutable false encryption "customer-managed key" scans true "Defender for Containers";
    "us-docker.pkg.dev/acme-data-prod/research/" public true immutable false encryption "Google-managed" scans false "DISABLED, SCANNING_DISABLED";
    "us-docker.pkg.dev/acme-data-prod/models/" public false immutable false encryption "Google-managed" scans false "DISABLED, SCANNING_DISABLED";
    "us-docker.pkg.dev/" public false immutable true encryption "CMEK" scans true "INHERITED, SCANNING_ACTIVE";
};

/// Builds that lie in a registry and run nowhere: repository, tag, days before now at which they were pushed.
static SHELVED: &[(&str, &str, i64)] = &[
    ("acmeshop.azurecr.io/shop/storefront", "3.7.2", 118),
    ("acmeshop.azurecr.io/shop/cart", "2.3.1", 140),
    ("acmeshop.azurecr.io/payments/legacy-gateway", "1.4.0", 402),
    ("412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/accounts", "7.0.3", 131),
    ("412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/legacy", "2019.3", 690),
    ("us-docker.pkg.dev/acme-data-prod/research/notebook", "2026-08", 89),
    ("412233445599.dkr.ecr.eu-central-1.amazonaws.com/pos/gateway", "4.2.0", 96),
    ("412233445599.dkr.ecr.eu-central-1.amazonaws.com/pos/terminal", "9.1.4", 203),
];

/// An image that lies in a registry.
struct Lying {
    repository: &'static str,
    tag: &'static str,
    /// Days before now at which it was pushed.
    pushed: i64,
    runs: bool,
}

/// What the registries of an account and region show on a day: repositories first, then their images.
pub(super) fn shown(
    account: &str,
    region: &str,
    days_ago: i64,
    now: DateTime<Utc>,
    seed: u64,
) -> Vec<Observation> {
    let here =
        REGISTRIES.iter().filter(|registry| (registry.holder.id, registry.region) == (account, region));
    here.flat_map(|registry| {
        let lying = lying(registry, days_ago);
        let names: BTreeSet<&str> = lying.iter().map(|image| image.repository).collect();
        let repositories: Vec<_> = names.into_iter().map(|name| repository(registry, name, now)).collect();
        let images = lying.into_iter().map(|image| described(registry, &image, days_ago, now, seed));
        let repositories = repositories.into_iter().map(Observation::Repository);
        repositories.chain(images.map(Observation::Image)).collect::<Vec<_>>()
    })
    .collect()
}

fn lying(registry: &Registry, days_ago: i64) -> Vec<Lying> {
    let released = images().into_iter().map(|image| Lying {
        repository: image.repository,
        tag: image.release.tag,
        pushed: image.release.days_ago,
        runs: image.replaced < days_ago.max(1),
    });
    let shelved = SHELVED.iter().map(|(repository, tag, pushed)| Lying {
        repository,
        tag,
        pushed: *pushed,
        runs: false,
    });
    let all = released.chain(shelved);
    all.filter(|image| image.repository.split('/').next() == Some(registry.host) && image.pushed >= days_ago)
        .collect()
}

fn repository(registry: &Registry, name: &str, now: DateTime<Utc>) -> Repository {
    let setup = SETUPS.iter().find(|setup| name.starts_with(setup.prefix));
    posture::of_repository(Repository {
        registry: registry.host.to_owned(),
        name: name.split_once('/').map_or("", |(_, path)| path).to_owned(),
        account: Some(registry.holder.account()),
        region: Some(registry.region.to_owned()),
        public: setup.map(|setup| setup.public),
        tags_immutable: setup.map(|setup| setup.immutable),
        encryption: setup.map(|setup| setup.encryption.to_owned()),
        scan_on_push: setup.map(|setup| setup.scans),
        scanning: setup.map(|setup| setup.scanning.to_owned()),
        created_at: Some((now - Duration::days(720)).date_naive().and_time(chrono::NaiveTime::MIN).and_utc()),
        ..Repository::default()
    })
}

fn described(registry: &Registry, lying: &Lying, days_ago: i64, now: DateTime<Utc>, seed: u64) -> Image {
    let digest = digest(seed, "manifest", lying.repository, lying.tag);
    // Between 20 and 180 megabytes, the same for the same image.
    let size = 20_000_000 + u64::from_str_radix(&digest[7..14], 16).unwrap_or_default() % 160_000_000;
    let pulled = now - Duration::days(days_ago) - Duration::hours(9);
    Image {
        references: format!("{}:{}", lying.repository, lying.tag).parse().into_iter().collect(),
        digests: digest.parse().map(|digest| (DigestRole::Manifest, digest)).into_iter().collect(),
        platform: Some(Platform { os: "linux".to_owned(), architecture: "amd64".to_owned(), variant: None }),
        size: Some(size),
        media_type: Some("application/vnd.oci.image.manifest.v1+json".to_owned()),
        pushed_at: Some(now - Duration::days(lying.pushed) - Duration::hours(3)),
        pulled_at: Some(pulled).filter(|_| registry.tells_pulls && lying.runs),
        ..Image::default()
    }
}

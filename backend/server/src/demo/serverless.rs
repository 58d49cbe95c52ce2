//! What the demo runs without Kubernetes: services on Fargate, functions, Container Apps, Cloud Run. As sources
//! tell it: with its reach, and without the nodes that nobody sees.

use std::collections::BTreeMap;

use domain::exposure::{Exposure, Landing, Reach};
use domain::image::DigestRole;
use domain::observation::Observation;
use domain::workload::{Container, ContainerSecurity, Criticality, Isolation, Workload};

use super::accounts::{DATA, Holder, PRODUCTION, SHOP};
use super::estate::{Door, Privilege, Release, Scanning, Service, service_table};
use super::{digest, running};

/// Every service that runs without Kubernetes.
pub(super) static SERVERLESS: &[Service] = service_table! {
    "partner-api" @ "web (ecs 412233445566 eu-west-1)" / "web" "EcsService" "partners" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/partners/api" on "debian" x 3 Internet Default Twice
        ["6.4.0" since 60: "openssl-mid" "glibc-mid" "zlib" "tomcat-old" "jackson-old"];
    "receipt-mailer" @ "web (ecs 412233445566 eu-west-1)" / "web" "EcsService" "crm" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/receipt-mailer" on "alpine" x 2 Cluster Restricted Trivy
        ["2.2.1" since 60: "musl-new" "libcrypto-new" "express-new"];
    "thumbnailer" @ "lambda (412233445566 eu-west-1)" / "functions" "LambdaFunction" "shop-web" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/media/thumbnailer" on "debian" x 1 Internet Restricted Twice
        ["1.5.0" since 60: "webp-old" "openssl-mid" "glibc-mid";
         "1.6.1" since 5: "openssl-new" "glibc-new"];
    "order-events" @ "lambda (412233445566 eu-west-1)" / "functions" "LambdaFunction" "logistics" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/order-events" on "distroless" x 1 Cluster Restricted Grype
        ["3.0.2" since 60: "go-net-new"];
    "gift-finder" @ "shop-apps (container-apps 3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10 westeurope)" / "shop-apps" "ContainerApp" "shop-web" "standard" "acmeshop.azurecr.io/shop/gift-finder" on "debian" x 2 Internet Default Twice
        ["0.8.3" since 45: "openssl-mid" "glibc-mid" "zlib" "aiohttp-old" "requests-old"];
    "stock-webhook" @ "shop-apps (container-apps 3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10 westeurope)" / "shop-apps" "ContainerApp" "logistics" "standard" "acmeshop.azurecr.io/shop/stock-webhook" on "alpine" x 1 AllowList Restricted Trivy
        ["1.2.0" since 45: "musl-new" "libcrypto-new" "express-new"];
    "public-dashboards" @ "cloud-run (acme-data-prod us-central1)" / "services" "CloudRunService" "data" "standard" "us-docker.pkg.dev/acme-data-prod/analytics/dashboards" on "debian" x 1 Internet Default Trivy
        ["2.7.0" since 40: "openssl-mid" "glibc-mid" "zlib" "django-old"];
    "embeddings" @ "cloud-run (acme-data-prod us-central1)" / "services" "CloudRunService" "research" "" "us-docker.pkg.dev/acme-data-prod/research/embeddings" on "debian" x 1 AllowList Default Never
        ["0.3.0" since 40: "openssl-mid" "glibc-mid" "cryptography-old"];
};

/// Where services run without Kubernetes, and what their providers tell of all of them.
#[derive(Debug)]
pub(super) struct Platform {
    /// What stands for their cluster.
    pub(super) cluster: &'static str,
    /// The word for it in scopes.
    pub(super) service: &'static str,
    pub(super) holder: &'static Holder,
    pub(super) region: &'static str,
    /// What keeps one from another.
    runtime: &'static str,
    /// The label by which routes find one, and what its value begins with.
    label: (&'static str, &'static str),
    /// Whether its provider tells which digest runs.
    digests: bool,
}

/// Every platform.
pub(super) static PLATFORMS: &[Platform] = &[
    Platform {
        cluster: "web (ecs 412233445566 eu-west-1)",
        service: "ecs",
        holder: &PRODUCTION,
        region: "eu-west-1",
        runtime: "fargate-microvm",
        label: ("aws:ecs:serviceName", ""),
        digests: true,
    },
    Platform {
        cluster: "lambda (412233445566 eu-west-1)",
        service: "lambda",
        holder: &PRODUCTION,
        region: "eu-west-1",
        runtime: "lambda-microvm",
        label: ("aws:lambda:functionName", ""),
        digests: true,
    },
    Platform {
        cluster: "shop-apps (container-apps 3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10 westeurope)",
        service: "container-apps",
        holder: &SHOP,
        region: "westeurope",
        runtime: "container-apps",
        label: ("azure:resource", "containerapps/"),
        digests: false,
    },
    Platform {
        cluster: "cloud-run (acme-data-prod us-central1)",
        service: "cloud-run",
        holder: &DATA,
        region: "us-central1",
        runtime: "cloud-run-microvm",
        label: ("run.googleapis.com/service", ""),
        digests: true,
    },
];

/// What runs on the platforms of a scope on a day, and the routes to it.
pub(super) fn shown(
    account: &str,
    region: &str,
    service: &str,
    days_ago: i64,
    seed: u64,
) -> Vec<Observation> {
    let here = PLATFORMS.iter().filter(|platform| {
        (platform.holder.id, platform.region, platform.service) == (account, region, service)
    });
    here.flat_map(|platform| {
        let placed = SERVERLESS.iter().filter(|service| service.cluster == platform.cluster);
        placed.filter_map(move |service| Some((platform, service, running(service, days_ago)?)))
    })
    .flat_map(|(platform, service, release)| {
        [
            Observation::Workload(workload(platform, service, release, seed)),
            Observation::Exposure(route(platform, service)),
        ]
    })
    .collect()
}

fn labels(platform: &Platform, service: &Service) -> BTreeMap<String, String> {
    let (label, prefix) = platform.label;
    BTreeMap::from([(label.to_owned(), format!("{prefix}{}", service.name))])
}

fn workload(platform: &Platform, service: &Service, release: &Release, seed: u64) -> Workload {
    let mut labels = labels(platform, service);
    labels.insert("team".to_owned(), service.team.to_owned());
    Workload {
        cluster: Some(platform.cluster.to_owned()),
        account: Some(platform.holder.account()),
        region: Some(platform.region.to_owned()),
        namespace: service.namespace.to_owned(),
        kind: service.kind.to_owned(),
        name: service.name.to_owned(),
        labels,
        owner: Some(service.team.to_owned()),
        environment: Some("production".to_owned()),
        criticality: Criticality::from_word(service.criticality),
        replicas: (platform.service == "ecs").then_some(service.replicas),
        nodes: Vec::new(),
        containers: vec![container(platform, service, release, seed)],
        isolation: Isolation {
            runtime_class: Some(platform.runtime.to_owned()),
            service_account: Some(format!("{}-runtime", service.name)),
            ..Isolation::default()
        },
        observed_running: true,
    }
}

fn container(platform: &Platform, service: &Service, release: &Release, seed: u64) -> Container {
    let image = format!("{}:{}", service.repository, release.tag);
    let runs = digest(seed, "manifest", service.repository, release.tag).parse().ok();
    let restricted = service.privilege == Privilege::Restricted;
    Container {
        name: service.name.to_owned(),
        reference: image.parse().ok(),
        image,
        digest: runs.filter(|_| platform.digests).map(|runs| (DigestRole::Repository, runs)),
        running: service.replicas,
        init: false,
        security: ContainerSecurity {
            run_as_non_root: restricted.then_some(true),
            read_only_root: restricted.then_some(true),
            ..ContainerSecurity::default()
        },
        instances: Vec::new(),
    }
}

/// The way to a service, in the words of its provider's connector.
fn route(platform: &Platform, service: &Service) -> Exposure {
    let name = service.name;
    let (kind, reach, evidence) = match (platform.service, service.door) {
        ("ecs", Door::Internet) => {
            ("LoadBalancer", Reach::Internet, format!("internet-facing, HTTPS 443, target group {name}"))
        }
        ("ecs", _) => ("Network", Reach::Internal, "its interfaces have no public address".to_owned()),
        ("lambda", Door::Internet) => {
            ("FunctionUrl", Reach::Internet, "function URL for anyone (AuthType NONE)".to_owned())
        }
        ("lambda", _) => {
            ("FunctionPolicy", Reach::Internal, "its policy lets no one in from outside".to_owned())
        }
        ("container-apps", Door::Internet) => {
            let host = format!("{name}.happysea-1a2b3c4d.westeurope.azurecontainerapps.io");
            ("ContainerApp", Reach::Internet, format!("external ingress {host}"))
        }
        ("container-apps", _) => {
            let host = format!("{name}.happysea-1a2b3c4d.westeurope.azurecontainerapps.io");
            ("ContainerApp", Reach::Restricted, format!("{host} for 198.51.100.0/24"))
        }
        (_, Door::Internet) => {
            let everyone = "by anyone: allUsers may call it";
            (
                "CloudRun",
                Reach::Internet,
                format!("reached from everywhere https://{name}-7kq2x.run.app, {everyone}"),
            )
        }
        _ => {
            let some = "by those whom its policy names";
            (
                "CloudRun",
                Reach::Restricted,
                format!("reached from everywhere https://{name}-7kq2x.run.app, {some}"),
            )
        }
    };
    Exposure {
        cluster: Some(platform.cluster.to_owned()),
        namespace: service.namespace.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        reach,
        selector: labels(platform, service),
        backends: Vec::new(),
        evidence,
        landing: Landing::default(),
    }
}

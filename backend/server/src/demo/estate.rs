//! The demo's company: five Kubernetes clusters in three clouds and at the edge, the services on them, and how
//! each is scanned. Refuses randomness: what is random is drawn from the seed in `mod.rs`.

/// How the images of a service are scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scanning {
    /// By two tools, every few days.
    Twice,
    /// By Trivy, every few days.
    Trivy,
    /// By Grype, every few days.
    Grype,
    /// Once, long ago.
    Stale,
    /// Never.
    Never,
}

/// Who can reach a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// A load balancer for everyone.
    Internet,
    /// An ingress with an allow-list.
    AllowList,
    /// Only from the cluster.
    Cluster,
    /// No service in front at all.
    None,
}

/// What a service is allowed to do on its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Privilege {
    /// Non-root, nothing added, seccomp.
    Restricted,
    /// Whatever the orchestrator's defaults are.
    Default,
    /// Privileged.
    Privileged,
    /// Mounts the runtime's socket.
    RuntimeSocket,
    /// On the node's network.
    HostNetwork,
}

/// A release of a service: the day (before now) from which it runs, and what is inside.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) tag: &'static str,
    pub(super) days_ago: i64,
    pub(super) packages: &'static [&'static str],
}

/// A service that runs somewhere.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) cluster: &'static str,
    pub(super) namespace: &'static str,
    pub(super) kind: &'static str,
    pub(super) team: &'static str,
    /// `low`, `standard`, `critical`, or empty where nobody said.
    pub(super) criticality: &'static str,
    pub(super) repository: &'static str,
    pub(super) base: &'static str,
    pub(super) replicas: u32,
    pub(super) door: Door,
    pub(super) privilege: Privilege,
    pub(super) scanning: Scanning,
    pub(super) releases: &'static [Release],
}

/// A cluster with its nodes.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) name: &'static str,
    /// Prefix of each node's provider id.
    pub(super) provider: &'static str,
    pub(super) region: &'static str,
    pub(super) nodes: u32,
    pub(super) kernel: &'static str,
    pub(super) os_image: &'static str,
    pub(super) runtime: &'static str,
    pub(super) kubelet: &'static str,
}

/// Every cluster.
pub(super) static CLUSTERS: &[Cluster] = &[
    Cluster {
        name: "eks-prod-eu",
        provider: "aws:///eu-west-1a/i-0",
        region: "eu-west-1",
        nodes: 12,
        kernel: "6.1.115-126.197.amzn2023.x86_64",
        os_image: "Amazon Linux 2023.6",
        runtime: "containerd://1.7.23",
        kubelet: "v1.33.4-eks-99d6cc0",
    },
    Cluster {
        name: "aks-shop-weu",
        provider: "azure:///subscriptions/3f0c9d52-7d1e-4c55-9a1b-6f2d4f7e1a10/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/pool/virtualMachines/",
        region: "westeurope",
        nodes: 10,
        kernel: "5.15.0-1049-azure",
        os_image: "Ubuntu 22.04.3 LTS",
        runtime: "containerd://1.6.26",
        kubelet: "v1.33.3",
    },
    Cluster {
        name: "gke-data-us",
        provider: "gce://acme-data-prod/us-central1-a/gke-data-",
        region: "us-central1",
        nodes: 10,
        kernel: "6.6.56+",
        os_image: "Container-Optimized OS from Google",
        runtime: "containerd://1.7.22",
        kubelet: "v1.33.4-gke.1172000",
    },
    Cluster {
        name: "eks-staging",
        provider: "aws:///eu-west-1b/i-1",
        region: "eu-west-1",
        nodes: 3,
        kernel: "6.1.115-126.197.amzn2023.x86_64",
        os_image: "Amazon Linux 2023.6",
        runtime: "containerd://1.7.23",
        kubelet: "v1.29.15-eks-473151a",
    },
    Cluster {
        name: "k3s-edge",
        provider: "k3s://edge-",
        region: "stores-north",
        nodes: 6,
        kernel: "5.10.0-8-amd64",
        os_image: "Debian GNU/Linux 11 (bullseye)",
        runtime: "containerd://1.4.12",
        kubelet: "v1.28.15+k3s1",
    },
];

macro_rules! service_table {
    ($($name:literal @ $cluster:literal / $namespace:literal $kind:literal $team:literal $criticality:literal
        $repository:literal on $base:literal x $replicas:literal $door:ident $privilege:ident $scanning:ident
        [$($tag:literal since $days:literal: $($package:literal)*);*];)*) => {
        &[$(Service {
            name: $name, cluster: $cluster, namespace: $namespace, kind: $kind, team: $team,
            criticality: $criticality, repository: $repository, base: $base, replicas: $replicas,
            door: Door::$door, privilege: Privilege::$privilege, scanning: Scanning::$scanning,
            releases: &[$(Release { tag: $tag, days_ago: $days, packages: &[$($package),*] }),*],
        }),*]
    };
}

/// The services that the demo tells stories about.
static NOTABLE: &[Service] = service_table! {
    "storefront" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "critical" "acmeshop.azurecr.io/shop/storefront" on "debian" x 6 Internet Restricted Twice
        ["3.8.0" since 90: "openssl-mid" "glibc-mid" "curl-mid" "zlib" "next-old" "semver-old" "lodash-old";
         "3.9.1" since 9: "openssl-new" "glibc-new" "zlib" "next-new" "express-new"];
    "cart" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "critical" "acmeshop.azurecr.io/shop/cart" on "debian" x 4 Cluster Restricted Twice
        ["2.4.0" since 90: "openssl-mid" "glibc-mid" "zlib" "expat-old" "spring-beans-old" "jackson-old" "snakeyaml-old"];
    "checkout" @ "aks-shop-weu" / "shop" "Deployment" "payments" "critical" "acmeshop.azurecr.io/shop/checkout" on "debian" x 4 Internet Default Twice
        ["1.19.2" since 90: "openssl-mid" "glibc-mid" "curl-mid" "zlib" "krb5-old" "spring-beans-new" "log4j-new" "commons-text-old"];
    "payments-api" @ "aks-shop-weu" / "payments" "Deployment" "payments" "critical" "acmeshop.azurecr.io/payments/api" on "redhat" x 3 AllowList Restricted Twice
        ["5.2.0" since 90: "ubi-openssl" "spring-beans-new" "log4j-new" "jackson-old"];
    "invoice-renderer" @ "aks-shop-weu" / "payments" "Deployment" "payments" "standard" "acmeshop.azurecr.io/payments/invoice-renderer" on "debian" x 2 Cluster Default Trivy
        ["0.9.4" since 90: "openssl-mid" "glibc-mid" "webp-old" "zlib" "perl" "kernel-headers" "jinja2-old"];
    "search" @ "aks-shop-weu" / "shop" "StatefulSet" "search" "standard" "acmeshop.azurecr.io/shop/search" on "redhat" x 3 Cluster Default Trivy
        ["8.4.1" since 90: "ubi-openssl" "ubi-nghttp2" "log4j-old" "jackson-old";
         "8.11.2" since 21: "ubi-openssl" "ubi-nghttp2" "log4j-new"];
    "reviews" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "" "acmeshop.azurecr.io/shop/reviews" on "alpine" x 2 Cluster Restricted Twice
        ["1.6.3" since 90: "libcrypto-old" "busybox-old" "jsonwebtoken-old" "minimist-old" "semver-old"];
    "recommendations" @ "aks-shop-weu" / "shop" "Deployment" "data" "standard" "acmeshop.azurecr.io/shop/recommendations" on "debian" x 2 Cluster Restricted Grype
        ["2025.11" since 90: "openssl-mid" "glibc-mid" "zlib" "urllib3-old" "requests-old"];
    "session-cache" @ "aks-shop-weu" / "shop" "StatefulSet" "platform" "standard" "docker.io/library/redis" on "debian" x 3 Cluster Default Trivy
        ["6.0-bullseye" since 90: "redis-deb" "openssl-mid" "glibc-mid" "perl"];
    "edge-proxy" @ "eks-prod-eu" / "ingress" "DaemonSet" "platform" "critical" "registry.k8s.io/ingress-nginx/controller" on "alpine" x 6 Internet HostNetwork Twice
        ["v1.9.4" since 90: "libcrypto-old" "busybox-old" "go-net-old" "go-grpc-old";
         "v1.12.1" since 30: "libcrypto-new" "musl-new" "go-net-new"];
    "accounts" @ "eks-prod-eu" / "identity" "Deployment" "identity" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/accounts" on "debian" x 4 Internet Restricted Twice
        ["7.1.0" since 90: "openssl-mid" "glibc-mid" "zlib" "spring-beans-old" "log4j-old" "jackson-old";
         "7.2.0" since 14: "openssl-new" "glibc-new" "zlib" "spring-beans-new" "log4j-new"];
    "token-service" @ "eks-prod-eu" / "identity" "Deployment" "identity" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/token-service" on "distroless" x 3 Cluster Restricted Twice
        ["2.0.8" since 90: "go-crypto-mid" "go-net-new"];
    "event-bus" @ "eks-prod-eu" / "messaging" "StatefulSet" "platform" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/messaging/activemq" on "redhat" x 3 Cluster Default Twice
        ["5.17.3" since 90: "ubi-openssl" "activemq-old" "log4j-new"];
    "notifier" @ "eks-prod-eu" / "messaging" "Deployment" "crm" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/messaging/notifier" on "alpine" x 2 Cluster Restricted Trivy
        ["1.14.0" since 90: "libcrypto-old" "busybox-old" "axios-old" "lodash-old"];
    "partner-portal" @ "eks-prod-eu" / "partners" "Deployment" "crm" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/partners/portal" on "debian" x 2 AllowList Default Twice
        ["4.3.2" since 90: "openssl-mid" "glibc-mid" "zlib" "struts-old" "log4j-new"];
    "log-shipper" @ "eks-prod-eu" / "observability" "DaemonSet" "platform" "standard" "docker.io/fluent/fluent-bit" on "distroless" x 6 None Privileged Grype
        ["2.1.8" since 90: "openssl-mid" "zlib"];
    "image-builder" @ "eks-prod-eu" / "ci" "StatefulSet" "developer-experience" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/ci/builder" on "debian" x 2 None RuntimeSocket Trivy
        ["23.0.6" since 90: "runc-old" "go-crypto-mid" "openssl-mid" "glibc-mid" "kernel-headers"];
    "legacy-crm" @ "eks-prod-eu" / "crm" "Deployment" "crm" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/legacy" on "debian" x 1 AllowList Default Stale
        ["2019.4" since 90: "openssl-old" "glibc-old" "curl-old" "zlib" "expat-old" "krb5-old" "perl" "log4j-old" "spring-web-old" "jackson-old" "struts-old"];
    "feature-flags" @ "eks-prod-eu" / "platform" "Deployment" "platform" "" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/platform/flags" on "distroless" x 2 Cluster Restricted Twice
        ["1.3.0" since 90: "go-net-new"];
    "warehouse-loader" @ "gke-data-us" / "pipelines" "CronJob" "data" "standard" "us-docker.pkg.dev/acme-data-prod/pipelines/loader" on "debian" x 1 None Default Twice
        ["2026.10" since 90: "openssl-mid" "glibc-mid" "zlib" "pyyaml-old" "urllib3-old"];
    "analytics-ui" @ "gke-data-us" / "analytics" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/analytics/ui" on "debian" x 2 Internet Default Twice
        ["0.31.0" since 90: "openssl-mid" "glibc-mid" "zlib" "django-old" "jinja2-old" "urllib3-old";
         "0.33.0" since 5: "openssl-new" "glibc-new" "zlib" "requests-new"];
    "notebooks" @ "gke-data-us" / "research" "StatefulSet" "research" "low" "us-docker.pkg.dev/acme-data-prod/research/notebook" on "debian" x 5 AllowList Default Never
        ["2026-09" since 58: "openssl-mid" "glibc-mid" "pyyaml-old" "cryptography-old" "aiohttp-old"];
    "model-server" @ "gke-data-us" / "models" "Deployment" "research" "" "us-docker.pkg.dev/acme-data-prod/models/server" on "debian" x 3 Cluster Default Never
        ["1.0.0-rc2" since 25: "openssl-mid" "glibc-mid" "aiohttp-old"];
    "stream-processor" @ "gke-data-us" / "pipelines" "Deployment" "data" "critical" "us-docker.pkg.dev/acme-data-prod/pipelines/stream" on "redhat" x 4 Cluster Restricted Twice
        ["3.3.0" since 90: "ubi-openssl" "netty-old" "jackson-old" "log4j-new"];
    "gpu-plugin" @ "gke-data-us" / "kube-system" "DaemonSet" "platform" "" "gcr.io/gke-release/device-plugin" on "distroless" x 5 None Privileged Never
        ["0.14.3" since 90: "go-net-new"];
    "till-sync" @ "k3s-edge" / "stores" "Deployment" "stores" "critical" "ghcr.io/acme-stores/till-sync" on "alpine" x 3 Cluster Default Stale
        ["1.0.9" since 90: "libcrypto-old" "busybox-old" "minimist-old" "axios-old"];
    "price-display" @ "k3s-edge" / "stores" "DaemonSet" "stores" "standard" "ghcr.io/acme-stores/price-display" on "debian" x 3 AllowList HostNetwork Trivy
        ["0.4.2" since 90: "webp-old" "openssl-mid" "glibc-mid" "expat-old" "zlib"];
    "camera-gateway" @ "k3s-edge" / "stores" "DaemonSet" "stores" "" "docker.io/vendorcam/gateway" on "debian" x 3 AllowList Privileged Never
        ["latest" since 90: "openssl-old" "glibc-old" "curl-old"];
    "storefront" @ "eks-staging" / "staging" "Deployment" "shop-web" "low" "acmeshop.azurecr.io/shop/storefront" on "debian" x 1 AllowList Restricted Twice
        ["3.9.1" since 12: "openssl-new" "glibc-new" "zlib" "next-new" "express-new"];
    "load-generator" @ "eks-staging" / "staging" "Deployment" "developer-experience" "low" "docker.io/grafana/k6" on "alpine" x 1 None Restricted Grype
        ["0.46.0" since 90: "go-net-new" "go-crypto-mid" "libcrypto-old"];
    "feature-flags" @ "eks-staging" / "staging" "Deployment" "platform" "low" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/platform/flags" on "distroless" x 1 Cluster Restricted Twice
        ["1.3.0" since 90: "go-net-new"];
};

/// Every service: the notable ones, the quiet fleet around them, and what runs without a cluster of its own.
pub(super) fn services() -> impl Iterator<Item = &'static Service> {
    NOTABLE.iter().chain(super::fleet::FLEET).chain(super::serverless::SERVERLESS)
}

pub(super) use service_table;

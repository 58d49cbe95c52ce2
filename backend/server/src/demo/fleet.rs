//! The quiet fleet of the demo: services that are mostly in order, so that the notable ones stand out as they
//! would in a real estate. Refuses stories: those are in `estate.rs`.

use super::estate::{Door, Privilege, Release, Scanning, Service, service_table};

/// Every quiet service.
pub(super) static FLEET: &[Service] = service_table! {
    "orders" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/orders" on "alpine" x 1 Cluster Restricted Trivy
        ["1.11.9" since 90: "musl-new" "libcrypto-new" "express-new" "semver-old"];
    "pricing" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/pricing" on "debian" x 1 Cluster Restricted Trivy
        ["4.13.1" since 90: "openssl-new" "glibc-new"];
    "catalogue" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "critical" "acmeshop.azurecr.io/shop/catalogue" on "distroless" x 1 Internet Restricted Trivy
        ["1.7.9" since 90: "go-net-new"];
    "basket-api" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/basket-api" on "debian" x 1 AllowList Restricted Trivy
        ["2.1.8" since 90: "openssl-new" "glibc-new"];
    "promotions" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/promotions" on "alpine" x 1 Cluster Restricted Trivy
        ["3.17.2" since 90: "musl-new" "libcrypto-new"];
    "gift-cards" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/gift-cards" on "distroless" x 2 AllowList Restricted Trivy
        ["1.17.1" since 90: "go-net-new"];
    "wishlist" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "critical" "acmeshop.azurecr.io/shop/wishlist" on "debian" x 3 AllowList Restricted Trivy
        ["4.10.7" since 90: "openssl-new" "glibc-new" "perl"];
    "stock-level" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/stock-level" on "debian" x 2 Cluster Restricted Trivy
        ["2.7.1" since 90: "openssl-new" "glibc-new" "perl"];
    "product-images" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/product-images" on "distroless" x 2 Internet Restricted Trivy
        ["4.9.9" since 90: "go-net-new"];
    "seo-feed" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "critical" "acmeshop.azurecr.io/shop/seo-feed" on "distroless" x 2 AllowList Restricted Trivy
        ["3.4.7" since 90: "go-net-new"];
    "returns" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "critical" "acmeshop.azurecr.io/shop/returns" on "alpine" x 2 Cluster Restricted Grype
        ["3.11.9" since 90: "musl-new" "libcrypto-new" "express-new" "lodash-old"];
    "loyalty" @ "aks-shop-weu" / "shop" "Deployment" "shop-web" "standard" "acmeshop.azurecr.io/shop/loyalty" on "debian" x 1 Cluster Restricted Trivy
        ["3.15.1" since 90: "openssl-new" "glibc-new" "requests-new" "jinja2-old"];
    "ledger" @ "aks-shop-weu" / "payments" "StatefulSet" "payments" "critical" "acmeshop.azurecr.io/payments/ledger" on "debian" x 3 Cluster Restricted Grype
        ["3.12.5" since 90: "openssl-new" "glibc-new"];
    "fraud-check" @ "aks-shop-weu" / "payments" "Deployment" "payments" "critical" "acmeshop.azurecr.io/payments/fraud-check" on "debian" x 2 Cluster Restricted Twice
        ["1.15.0" since 90: "openssl-new" "glibc-new"];
    "refunds" @ "aks-shop-weu" / "payments" "Deployment" "payments" "critical" "acmeshop.azurecr.io/payments/refunds" on "debian" x 2 Cluster Restricted Twice
        ["4.12.7" since 90: "openssl-new" "glibc-new" "zlib"];
    "payout-scheduler" @ "aks-shop-weu" / "payments" "Deployment" "payments" "critical" "acmeshop.azurecr.io/payments/payout-scheduler" on "distroless" x 3 Cluster Restricted Trivy
        ["3.4.6" since 90: "go-net-new"];
    "card-vault" @ "aks-shop-weu" / "payments" "StatefulSet" "payments" "critical" "acmeshop.azurecr.io/payments/card-vault" on "distroless" x 2 Cluster Restricted Trivy
        ["4.7.2" since 90: "go-net-new"];
    "reconciler" @ "aks-shop-weu" / "payments" "Deployment" "payments" "critical" "acmeshop.azurecr.io/payments/reconciler" on "distroless" x 2 Cluster Restricted Twice
        ["2.0.7" since 90: "go-net-new"];
    "sessions" @ "eks-prod-eu" / "identity" "Deployment" "identity" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/sessions" on "debian" x 1 Cluster Restricted Trivy
        ["2.13.8" since 90: "openssl-new" "glibc-new" "perl"];
    "consent" @ "eks-prod-eu" / "identity" "Deployment" "identity" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/consent" on "alpine" x 2 AllowList Restricted Trivy
        ["1.14.8" since 90: "musl-new" "libcrypto-new" "express-new" "semver-old"];
    "directory-sync" @ "eks-prod-eu" / "identity" "Deployment" "identity" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/directory-sync" on "alpine" x 1 Cluster Restricted Trivy
        ["4.20.6" since 90: "musl-new" "libcrypto-new" "express-new" "lodash-old"];
    "mfa" @ "eks-prod-eu" / "identity" "Deployment" "identity" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/mfa" on "debian" x 3 Cluster Restricted Trivy
        ["2.3.5" since 90: "openssl-new" "glibc-new"];
    "audit-log" @ "eks-prod-eu" / "identity" "Deployment" "identity" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/identity/audit-log" on "debian" x 2 Cluster Restricted Trivy
        ["1.11.9" since 90: "openssl-new" "glibc-new" "perl"];
    "contacts" @ "eks-prod-eu" / "crm" "Deployment" "crm" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/contacts" on "debian" x 3 Cluster Restricted Grype
        ["2.20.4" since 90: "openssl-new" "glibc-new"];
    "tickets" @ "eks-prod-eu" / "crm" "Deployment" "crm" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/tickets" on "alpine" x 1 Cluster Restricted Trivy
        ["1.15.7" since 90: "musl-new" "libcrypto-new" "express-new" "semver-old"];
    "call-router" @ "eks-prod-eu" / "crm" "Deployment" "crm" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/call-router" on "debian" x 2 Cluster Restricted Trivy
        ["1.10.4" since 90: "openssl-new" "glibc-new" "requests-new" "jinja2-old"];
    "knowledge-base" @ "eks-prod-eu" / "crm" "Deployment" "crm" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/knowledge-base" on "distroless" x 2 Internet Restricted Trivy
        ["3.4.8" since 90: "go-net-new"];
    "survey" @ "eks-prod-eu" / "crm" "Deployment" "crm" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/crm/survey" on "debian" x 2 Cluster Restricted Stale
        ["3.5.5" since 90: "openssl-new" "glibc-new"];
    "shipments" @ "eks-prod-eu" / "logistics" "Deployment" "logistics" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/shipments" on "debian" x 2 AllowList Restricted Grype
        ["2.19.3" since 90: "openssl-new" "glibc-new" "zlib"];
    "carrier-gateway" @ "eks-prod-eu" / "logistics" "Deployment" "logistics" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/carrier-gateway" on "debian" x 3 Cluster Restricted Trivy
        ["3.0.0" since 90: "openssl-new" "glibc-new" "zlib"];
    "label-printer" @ "eks-prod-eu" / "logistics" "Deployment" "logistics" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/label-printer" on "debian" x 2 Cluster Restricted Trivy
        ["4.11.5" since 90: "openssl-new" "glibc-new" "spring-beans-new" "log4j-new" "jackson-old"];
    "slot-planner" @ "eks-prod-eu" / "logistics" "Deployment" "logistics" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/slot-planner" on "distroless" x 3 Cluster Restricted Trivy
        ["2.10.3" since 90: "go-net-new"];
    "customs" @ "eks-prod-eu" / "logistics" "Deployment" "logistics" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/customs" on "debian" x 3 AllowList Restricted Trivy
        ["3.20.1" since 90: "openssl-new" "glibc-new" "requests-new" "jinja2-old"];
    "track-and-trace" @ "eks-prod-eu" / "logistics" "Deployment" "logistics" "critical" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/track-and-trace" on "distroless" x 3 Internet Restricted Trivy
        ["2.13.5" since 90: "go-net-new"];
    "depot-api" @ "eks-prod-eu" / "logistics" "Deployment" "logistics" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/logistics/depot-api" on "distroless" x 1 Cluster Restricted Trivy
        ["2.5.2" since 90: "go-net-new"];
    "config-api" @ "eks-prod-eu" / "platform" "Deployment" "platform" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/platform/config-api" on "debian" x 2 AllowList Restricted Trivy
        ["4.11.2" since 90: "openssl-new" "glibc-new"];
    "cert-rotator" @ "eks-prod-eu" / "platform" "Deployment" "platform" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/platform/cert-rotator" on "distroless" x 1 Cluster Restricted Trivy
        ["1.16.2" since 90: "go-net-new"];
    "job-runner" @ "eks-prod-eu" / "platform" "Deployment" "platform" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/platform/job-runner" on "alpine" x 2 Cluster Restricted Trivy
        ["2.9.8" since 90: "musl-new" "libcrypto-new" "express-new" "lodash-old"];
    "webhook-relay" @ "eks-prod-eu" / "platform" "Deployment" "platform" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/platform/webhook-relay" on "debian" x 3 Cluster Restricted Trivy
        ["2.1.5" since 90: "openssl-new" "glibc-new" "zlib"];
    "rate-limiter" @ "eks-prod-eu" / "platform" "Deployment" "platform" "standard" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/platform/rate-limiter" on "debian" x 2 AllowList Restricted Trivy
        ["2.16.8" since 90: "openssl-new" "glibc-new" "requests-new" "jinja2-old"];
    "clickstream" @ "gke-data-us" / "pipelines" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/pipelines/clickstream" on "debian" x 1 Cluster Restricted Grype
        ["2.5.2" since 90: "openssl-new" "glibc-new"];
    "sessioniser" @ "gke-data-us" / "pipelines" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/pipelines/sessioniser" on "debian" x 1 Cluster Restricted Grype
        ["3.16.8" since 90: "openssl-new" "glibc-new" "requests-new" "jinja2-old"];
    "geo-enrich" @ "gke-data-us" / "pipelines" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/pipelines/geo-enrich" on "distroless" x 1 Cluster Restricted Grype
        ["2.6.4" since 90: "go-net-new"];
    "dedupe" @ "gke-data-us" / "pipelines" "Deployment" "data" "critical" "us-docker.pkg.dev/acme-data-prod/pipelines/dedupe" on "debian" x 1 AllowList Restricted Trivy
        ["1.14.5" since 90: "openssl-new" "glibc-new"];
    "exporter" @ "gke-data-us" / "pipelines" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/pipelines/exporter" on "debian" x 2 AllowList Restricted Grype
        ["3.14.8" since 90: "openssl-new" "glibc-new" "perl"];
    "schema-registry" @ "gke-data-us" / "pipelines" "StatefulSet" "data" "standard" "us-docker.pkg.dev/acme-data-prod/pipelines/schema-registry" on "distroless" x 2 AllowList Restricted Trivy
        ["2.14.2" since 90: "go-net-new"];
    "cubes" @ "gke-data-us" / "analytics" "StatefulSet" "data" "critical" "us-docker.pkg.dev/acme-data-prod/analytics/cubes" on "alpine" x 2 Cluster Restricted Trivy
        ["1.7.6" since 90: "musl-new" "libcrypto-new" "express-new" "lodash-old"];
    "report-api" @ "gke-data-us" / "analytics" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/analytics/report-api" on "distroless" x 2 Cluster Restricted Trivy
        ["3.4.4" since 90: "go-net-new"];
    "alerting" @ "gke-data-us" / "analytics" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/analytics/alerting" on "alpine" x 3 Cluster Restricted Trivy
        ["4.5.3" since 90: "musl-new" "libcrypto-new"];
    "forecast" @ "gke-data-us" / "analytics" "Deployment" "data" "standard" "us-docker.pkg.dev/acme-data-prod/analytics/forecast" on "alpine" x 2 AllowList Restricted Stale
        ["4.6.5" since 90: "musl-new" "libcrypto-new"];
    "shelf-labels" @ "k3s-edge" / "stores" "Deployment" "stores" "standard" "ghcr.io/acme-stores/shelf-labels" on "alpine" x 2 Cluster Restricted Trivy
        ["4.14.0" since 90: "musl-new" "libcrypto-new" "express-new" "semver-old"];
    "queue-counter" @ "k3s-edge" / "stores" "Deployment" "stores" "standard" "ghcr.io/acme-stores/queue-counter" on "alpine" x 2 AllowList Restricted Never
        ["1.3.3" since 90: "musl-new" "libcrypto-new" "express-new" "lodash-old"];
    "energy-meter" @ "k3s-edge" / "stores" "Deployment" "stores" "standard" "ghcr.io/acme-stores/energy-meter" on "distroless" x 1 Cluster Restricted Trivy
        ["2.8.2" since 90: "go-net-new"];
    "preview" @ "eks-staging" / "staging" "Deployment" "developer-experience" "low" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/staging/preview" on "alpine" x 2 Cluster Restricted Trivy
        ["4.10.1" since 90: "musl-new" "libcrypto-new" "express-new" "lodash-old"];
    "seed-data" @ "eks-staging" / "staging" "Deployment" "developer-experience" "low" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/staging/seed-data" on "debian" x 3 Cluster Restricted Trivy
        ["1.8.0" since 90: "openssl-new" "glibc-new" "spring-beans-new" "log4j-new" "jackson-old"];
    "smoke-tests" @ "eks-staging" / "staging" "Deployment" "developer-experience" "low" "412233445566.dkr.ecr.eu-west-1.amazonaws.com/staging/smoke-tests" on "redhat" x 1 Cluster Restricted Trivy
        ["2.2.4" since 90: "ubi-openssl" "log4j-new" "spring-beans-new"];
};

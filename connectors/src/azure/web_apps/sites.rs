//! Sites and functions as workloads. Refuses a digest that a site was not told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::workload::{ContainerSecurity, Workload};

use super::wire::{Config, Site, SiteContainer};
use crate::azure::place::{Place, Runs, container};

/// What a site is made from.
#[derive(Clone, Debug)]
pub(super) enum Made {
    /// One image.
    Image(String),
    /// Images by the name of their service in a file of Docker Compose.
    Composed(Vec<(String, String)>),
    /// Containers that are listed apart.
    Beside(Vec<SiteContainer>),
    /// Code.
    Code,
}

/// What the configuration says: `DOCKER|shop.azurecr.io/api:1`.
pub(super) fn made(config: &Config) -> Made {
    let told = [&config.linux_fx_version, &config.windows_fx_version];
    let told = told.into_iter().find(|told| !told.is_empty()).map_or("", String::as_str);
    let (word, rest) = told.split_once('|').unwrap_or((told, ""));
    match word.to_ascii_uppercase().as_str() {
        "DOCKER" => Made::Image(rest.trim_start_matches("https://").to_owned()),
        "COMPOSE" => Made::Composed(composed(rest)),
        "SITECONTAINERS" => Made::Beside(Vec::new()),
        _ => Made::Code,
    }
}

/// The images of a file of Docker Compose, which stands in the configuration in base64. Only the lines that name a
/// service and an image are read, by their indentation.
fn composed(encoded: &str) -> Vec<(String, String)> {
    let bytes = STANDARD.decode(encoded.trim()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (mut services, mut within, mut depth, mut name) = (Vec::new(), false, None, "");
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let indent = line.len() - line.trim_start().len();
        let Some((key, value)) = line.trim().split_once(':') else { continue };
        if indent == 0 {
            within = key == "services";
        } else if within && *depth.get_or_insert(indent) == indent {
            name = key;
        } else if within && key == "image" {
            services.push((name.to_owned(), value.trim().trim_matches(['"', '\'']).to_owned()));
        }
    }
    services
}

/// A site that runs containers.
pub(super) fn workload(place: &Place, site: &Site, made: &Made) -> Option<Workload> {
    let images: Vec<(String, String)> = match made {
        Made::Image(image) => vec![(site.name.clone(), image.clone())],
        Made::Composed(services) => services.clone(),
        Made::Beside(beside) => {
            beside.iter().map(|one| (one.name.clone(), one.properties.image.clone())).collect()
        }
        Made::Code => return None,
    };
    let running = u32::from(site.properties.state.eq_ignore_ascii_case("Running"));
    let containers =
        images.iter().map(|(name, image)| container(name, image, running, ContainerSecurity::default()));
    let function = site.kind.to_ascii_lowercase().contains("functionapp");
    Some(place.workload(
        site,
        Runs {
            cluster: place.product("web-apps", &site.location),
            kind: if function { "FunctionApp" } else { "WebApp" },
            runtime: "app-service",
            replicas: None,
            containers: containers.collect(),
            observed_running: true,
        },
    ))
}

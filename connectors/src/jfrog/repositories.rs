//! The images of a repository of Artifactory, each a repository of the registry. Refuses to ask where a remote
//! repository has its images from: what was pulled through it lies in its cache.

use std::collections::BTreeSet;

use domain::registry::Repository;
use domain::setting::Setting;

use super::Jfrog;
use super::files;
use super::keys::Key;
use super::wire::Setup;
use crate::Failure;
use crate::missing::Missing;
use crate::oci::{ATTACHED, Ask, IMAGES, Shelf, named};

/// The repositories of a place, with what is said of them.
///
/// # Errors
/// When the place is not shown, or not to its end.
pub(super) async fn shelves(
    shop: &Jfrog,
    ask: &Ask<'_>,
    place: &str,
) -> Result<(Vec<Shelf>, Missing), Failure> {
    let (mut missing, service) = (Missing::default(), ask.asker.caller.scope.service.as_str());
    let key = shop.keys.find(&shop.api, ask, place).await?;
    if key.is_virtual() {
        missing.note(format!(
            "`{place}` is a virtual repository, which shows what others hold: name those as `keys`"
        ));
        return Ok((Vec::new(), missing));
    }
    // Whoever asks for what is attached in a remote repository has it fetched from elsewhere.
    if key.is_remote() && service == ATTACHED {
        return Ok((Vec::new(), missing));
    }
    let below = format!("{place}/");
    let named_ones = shop.wanted.named();
    let demanded = named_ones.is_some();
    let names = match named_ones {
        Some(names) => names.into_iter().filter(|name| name.starts_with(&below)).collect(),
        None => {
            let images = images(shop, ask, key, &mut missing).await?;
            let full = images.into_iter().map(|image| format!("{below}{image}"));
            full.filter(|name| shop.wanted.takes(name)).collect::<Vec<_>>()
        }
    };
    let setup = match service {
        IMAGES => missing.without(shop.api.setup(ask, place).await)?.flatten(),
        _ => None,
    };
    let shelf = |name| {
        let named = named(&ask.registry.host, name)?;
        let repository = Repository {
            registry: named.registry.clone(),
            name: named.name.clone(),
            // What is pulled here without a name, anybody pulls.
            public: shop.anybody.then_some(true),
            ..described(key, setup.as_ref())
        };
        Some(Shelf { named, repository, demanded })
    };
    Ok((names.into_iter().filter_map(shelf).collect(), missing))
}

/// The names of the images of a repository, below its key.
async fn images(
    shop: &Jfrog,
    ask: &Ask<'_>,
    key: &Key,
    missing: &mut Missing,
) -> Result<BTreeSet<String>, Failure> {
    if !key.is_remote() {
        let listed = shop.api.catalogue(ask, (&key.package, &key.name)).await?;
        return Ok(listed.unwrap_or_default().into_iter().collect());
    }
    let found = shop.api.search(ask, files::query(key, None)).await?;
    missing.join(files::cut(key, &found));
    Ok(files::images(&found.results))
}

/// What is told of each image of a repository: it is set for all of them.
pub(super) fn described(key: &Key, setup: Option<&Setup>) -> Repository {
    let indexed = setup.and_then(|setup| setup.xray_index);
    let most = setup.and_then(|setup| setup.max_unique_tags).filter(|most| *most > 0);
    let mut settings = vec![Setting::new("repository-kind", key.kind.as_str())];
    settings.extend(indexed.map(|on| Setting::switch("xray-index", on)));
    Repository {
        scan_on_push: indexed,
        cleanup: most.map(|most| vec![format!("deletes the oldest tags of an image beyond {most}")]),
        settings,
        ..Repository::default()
    }
}

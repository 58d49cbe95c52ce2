//! The addresses of the former Container Registry, which Artifact Registry answers for now. Refuses every other host.

use domain::reference::ImageReference;

/// A former host, and the host and repository that answer for it.
const HOSTS: [(&str, &str); 4] = [
    ("gcr.io", "us-docker.pkg.dev"),
    ("us.gcr.io", "us-docker.pkg.dev"),
    ("eu.gcr.io", "europe-docker.pkg.dev"),
    ("asia.gcr.io", "asia-docker.pkg.dev"),
];

/// The place in Artifact Registry of an image with a former address; any other stays as it is.
pub(super) fn place(reference: ImageReference) -> ImageReference {
    let Some((former, host)) = HOSTS.iter().find(|(former, _)| *former == reference.registry) else {
        return reference;
    };
    let Some((project, image)) = split(&reference.repository) else { return reference };
    let repository = format!("{project}/{former}/{image}");
    ImageReference { registry: (*host).to_owned(), repository, ..reference }
}

/// The former address of an image in a repository that took over from Container Registry.
pub(super) fn address(reference: &ImageReference) -> Option<ImageReference> {
    let (project, rest) = split(&reference.repository)?;
    let (repository, image) = rest.split_once('/')?;
    let (former, _) =
        HOSTS.iter().find(|(former, host)| *former == repository && *host == reference.registry)?;
    let repository = format!("{project}/{image}");
    Some(ImageReference { registry: (*former).to_owned(), repository, ..reference.clone() })
}

/// Project and rest of a path; projects of a domain (`example.com/shop`) have two parts.
fn split(path: &str) -> Option<(&str, &str)> {
    let (first, rest) = path.split_once('/')?;
    if !first.contains('.') {
        return Some((first, rest));
    }
    let (second, _) = rest.split_once('/')?;
    let project = first.len() + 1 + second.len();
    Some((&path[..project], &path[project + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(former: &str, now: &str) {
        let there: ImageReference = now.parse().unwrap();
        assert_eq!(place(former.parse().unwrap()), there);
        assert_eq!(place(there.clone()), there, "a second time");
        assert_eq!(address(&there), Some(former.parse().unwrap()));
    }

    #[test]
    fn both_addresses_name_one_place() {
        check("gcr.io/shop-prod/api:1", "us-docker.pkg.dev/shop-prod/gcr.io/api:1");
        check("eu.gcr.io/shop-prod/team/api:1", "europe-docker.pkg.dev/shop-prod/eu.gcr.io/team/api:1");
        check("us.gcr.io/example.com/shop/api", "us-docker.pkg.dev/example.com/shop/us.gcr.io/api");
    }

    #[test]
    fn others_stay() {
        for text in ["docker.io/library/nginx:1", "ghcr.io/shop-prod/api:1"] {
            assert_eq!(place(text.parse().unwrap()).to_string(), text);
        }
        for text in
            ["us-docker.pkg.dev/shop-prod/images/api:1", "europe-docker.pkg.dev/shop-prod/gcr.io/api:1"]
        {
            assert_eq!(address(&text.parse().unwrap()), None, "{text}");
        }
    }
}

//! Images in Amazon's registry, put together from details and from the resource name (ARN) that names
//! region, account, repository and digest again. Refuses to make up a registry where no region is known.

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::image::{self, DigestRole, Image};

use crate::platforms::Platform;
use crate::warnings::Warnings;

/// An image as stated; empty texts are not stated.
#[derive(Clone, Debug, Default)]
pub(crate) struct EcrImage<'a> {
    /// `arn:aws:ecr:eu-west-1:111122223333:repository/shop/api/sha256:…`
    pub arn: &'a str,
    pub region: &'a str,
    /// Account of the registry.
    pub registry: &'a str,
    pub repository: &'a str,
    pub digest: &'a str,
    pub tags: Vec<&'a str>,
    pub architecture: &'a str,
    pub platform: Option<&'a Platform>,
    pub pushed_at: Option<DateTime<Utc>>,
}

impl EcrImage<'_> {
    /// The image; nothing, with a warning, where neither digest nor repository is known.
    pub(crate) fn image(&self, at: &dyn Fn() -> String, warnings: &mut Warnings) -> Option<Image> {
        let name = Name::of(self.arn).unwrap_or_default();
        let mut image = Image { pushed_at: self.pushed_at, ..Image::default() };
        let text = or(self.digest, name.digest);
        match text.parse::<Digest>() {
            Ok(digest) => image.add_digest(DigestRole::Manifest, digest),
            Err(_) if text.is_empty() => {}
            Err(error) => warnings.push(at(), error.to_string()),
        }
        if let Some(repository) = self.address(&name) {
            let tags = self.tags.iter().map(|tag| format!("{repository}:{tag}"));
            image.references = tags.filter_map(|text| text.parse().ok()).collect();
            if image.references.is_empty() {
                let suffix =
                    image.digests.first().map(|(_, digest)| format!("@{digest}")).unwrap_or_default();
                image.references.extend(format!("{repository}{suffix}").parse());
            }
        }
        if image.digests.is_empty() && (self.tags.is_empty() || image.references.is_empty()) {
            warnings.skip(at(), "an image that neither a digest nor an address names was skipped");
            return None;
        }
        image.platform = (!self.architecture.is_empty()).then(|| image::Platform {
            os: "linux".to_owned(),
            architecture: self.architecture.to_ascii_lowercase(),
            variant: None,
        });
        image.distribution = self.platform.map(|platform| platform.distribution.clone());
        if image.distribution.is_none() {
            // Without a distribution the system may as well be Windows.
            image.platform = None;
        }
        Some(image)
    }

    /// `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api`.
    fn address(&self, name: &Name<'_>) -> Option<String> {
        let region = or(name.region, self.region);
        let registry = or(self.registry, name.account);
        let repository = or(self.repository, name.repository);
        if repository.is_empty() || registry.is_empty() {
            return None;
        }
        if registry.contains('.') {
            return Some(format!("{registry}/{repository}"));
        }
        let suffix = if name.partition == "aws-cn" { ".cn" } else { "" };
        (!region.is_empty())
            .then(|| format!("{registry}.dkr.ecr.{region}.amazonaws.com{suffix}/{repository}"))
    }
}

fn or<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.is_empty() { second } else { first }
}

/// The parts of an image's ARN.
#[derive(Clone, Copy, Debug, Default)]
struct Name<'a> {
    partition: &'a str,
    region: &'a str,
    account: &'a str,
    repository: &'a str,
    digest: &'a str,
}

impl<'a> Name<'a> {
    fn of(arn: &'a str) -> Option<Self> {
        let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
        let mut next = || parts.next();
        let (partition, service, region, account, resource) = (next()?, next()?, next()?, next()?, next()?);
        let path = resource.strip_prefix("repository/").filter(|_| service == "ecr")?;
        let (repository, digest) = match path.rsplit_once('/') {
            Some((repository, digest)) if digest.starts_with("sha256:") => (repository, digest),
            _ => (path, ""),
        };
        Some(Self { partition, region, account, repository, digest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    #[track_caller]
    fn check(image: &EcrImage<'_>, references: &str, digests: usize) {
        let image = image.image(&String::new, &mut Warnings::default()).unwrap();
        let names: Vec<String> = image.references.iter().map(ToString::to_string).collect();
        assert_eq!((names.join(" ").as_str(), image.digests.len()), (references, digests));
    }

    #[test]
    fn joins_details_and_resource_name() {
        let arn = format!("arn:aws:ecr:eu-west-1:111122223333:repository/shop/api/sha256:{HEX}");
        let host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
        check(&EcrImage { arn: &arn, ..EcrImage::default() }, &format!("{host}/shop/api@sha256:{HEX}"), 1);
        let tagged = EcrImage { arn: &arn, tags: vec!["1.2", "latest"], ..EcrImage::default() };
        check(&tagged, &format!("{host}/shop/api:1.2 {host}/shop/api:latest"), 1);
        let china = arn.replace("arn:aws:", "arn:aws-cn:").replace("eu-west-1", "cn-north-1");
        let china = EcrImage { arn: &china, tags: vec!["1"], ..EcrImage::default() };
        check(&china, "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/shop/api:1", 1);
    }

    #[test]
    fn makes_up_no_registry() {
        let digest = format!("sha256:{HEX}");
        let image =
            EcrImage { registry: "111122223333", repository: "api", digest: &digest, ..EcrImage::default() };
        check(&image, "", 1);
        let nothing = EcrImage { repository: "api", ..EcrImage::default() };
        assert!(nothing.image(&String::new, &mut Warnings::default()).is_none());
    }
}

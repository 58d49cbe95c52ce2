//! Amazon ECR Public: what an account hands to everybody from `public.ecr.aws`. It answers in one region for the
//! whole world, and tells no manifests, so that the platforms of an index stay unknown.
//!
//! Refuses other accounts' repositories, of which there are millions.

mod map;
#[cfg(test)]
mod tests;

use aws_sdk_ecrpublic::Client;
use aws_sdk_ecrpublic::types::Repository;
use domain::observation::Observation;
use domain::source::{Completeness, Permission};

use super::Ask;
use super::listing::probe;
use super::service::{Regions, Service};
use crate::missing::Missing;
use crate::paging::Pages;
use crate::{Failure, Sink};

const REPOSITORIES: &str = "ecr-public:DescribeRepositories";
const IMAGES: &str = "ecr-public:DescribeImages";
/// The most that a page may have.
const ROWS: i32 = 1000;

/// See the module.
pub(super) const SERVICE: Service = Service {
    name: "ecr-public",
    places: Regions::Global("us-east-1"),
    permissions: &[
        Permission { action: REPOSITORIES, why: "to find public repositories" },
        Permission { action: IMAGES, why: "to find the images that anyone can pull" },
    ],
    collect: |ask, sink| Box::pin(collect(ask, sink)),
    probes: &[
        probe!("ecr-public:DescribeRepositories", aws_sdk_ecrpublic, |client| client.describe_repositories()),
        probe!("ecr-public:DescribeImages", aws_sdk_ecrpublic, |client| client
            .describe_images()
            .repository_name("plimsoll-asks-whether-it-may")),
    ],
};

async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    let client = &Client::new(&ask.sdk);
    let repositories = ask.list(REPOSITORIES, |token| async move {
        let page = || client.describe_repositories().max_results(ROWS).set_next_token(token.clone()).send();
        let page = ask.call(REPOSITORIES, page).await?;
        Ok((page.repositories.unwrap_or_default(), page.next_token))
    });
    let mut missing = Missing::default();
    for repository in repositories.await? {
        let Some(observed) = map::repository(&repository, &ask.place) else { continue };
        sink.observe(Observation::Repository(observed)).await?;
        missing.without(images(ask, client, &repository, sink).await)?;
    }
    Ok(missing.completeness())
}

async fn images(ask: &Ask<'_>, client: &Client, repository: &Repository, sink: &Sink) -> Result<(), Failure> {
    let name = repository.repository_name().unwrap_or_default();
    let (mut pages, mut token) = (Pages::default(), None::<String>);
    loop {
        let send = || {
            let request = client.describe_images().repository_name(name).max_results(ROWS);
            request.set_next_token(token.clone()).send()
        };
        let page = ask.call(IMAGES, send).await?;
        for image in page.image_details.unwrap_or_default() {
            if let Some(image) = map::image(repository, image) {
                sink.observe(Observation::Image(image)).await?;
            }
        }
        token = ask.next(IMAGES, &mut pages, page.next_token)?;
        if token.is_none() {
            return Ok(());
        }
    }
}

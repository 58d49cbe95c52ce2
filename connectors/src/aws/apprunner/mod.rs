//! App Runner: services made from images, and whether anyone may call them. Refuses services built from
//! source code.

mod collect;
mod services;

use domain::source::Permission;

use crate::aws::listing::probe;
use crate::aws::service::{Regions, Service};

/// An ARN that belongs to nobody.
const NOBODY: &str = "arn:aws:apprunner:us-east-1:000000000000:service/plimsoll-probe/0";

/// The regions that have App Runner; asking elsewhere finds no address.
const REGIONS: &[&str] = &[
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];

/// App Runner.
pub(in crate::aws) const SERVICE: Service = Service {
    name: "apprunner",
    places: Regions::Some(REGIONS),
    permissions: PERMISSIONS,
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: &[
        probe!("apprunner:ListServices", aws_sdk_apprunner, |client| client.list_services().max_results(1)),
        probe!("apprunner:DescribeService", aws_sdk_apprunner, |client| {
            client.describe_service().service_arn(NOBODY)
        }),
        probe!("apprunner:ListTagsForResource", aws_sdk_apprunner, |client| {
            client.list_tags_for_resource().resource_arn(NOBODY)
        }),
    ],
};

const PERMISSIONS: &[Permission] = &[
    Permission { action: "apprunner:ListServices", why: "to find services" },
    Permission {
        action: "apprunner:DescribeService",
        why: "to read their image and whether they are public",
    },
    Permission { action: "apprunner:ListTagsForResource", why: "to read their owner" },
];

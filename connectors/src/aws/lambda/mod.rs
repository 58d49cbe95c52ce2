//! Lambda: functions made from images, with resolved digest and who may call them. Refuses functions made
//! from archives.

mod collect;
mod functions;
mod routes;
#[cfg(test)]
mod tests;

use domain::source::Permission;

use crate::aws::listing::probe;
use crate::aws::service::{Regions, Service};

/// A function that belongs to nobody.
const NOBODY: &str = "plimsoll-probe";

/// Lambda, with the load balancers before its functions.
pub(in crate::aws) const SERVICE: Service = Service {
    name: "lambda",
    places: Regions::Every,
    permissions: PERMISSIONS,
    collect: |ask, sink| Box::pin(collect::collect(ask, sink)),
    probes: &[
        probe!("lambda:ListFunctions", aws_sdk_lambda, |client| client.list_functions().max_items(1)),
        probe!("lambda:GetFunction", aws_sdk_lambda, |client| client.get_function().function_name(NOBODY)),
        probe!("lambda:ListAliases", aws_sdk_lambda, |client| client.list_aliases().function_name(NOBODY)),
        probe!("lambda:ListFunctionUrlConfigs", aws_sdk_lambda, |client| {
            client.list_function_url_configs().function_name(NOBODY)
        }),
        probe!("lambda:GetPolicy", aws_sdk_lambda, |client| client.get_policy().function_name(NOBODY)),
        probe!("elasticloadbalancing:DescribeTargetHealth", aws_sdk_elasticloadbalancingv2, |client| {
            client.describe_target_health().target_group_arn(NOBODY)
        }),
    ],
};

const PERMISSIONS: &[Permission] = &[
    Permission { action: "lambda:ListFunctions", why: "to find functions made from images" },
    Permission { action: "lambda:GetFunction", why: "to read the digest that a function runs" },
    Permission { action: "lambda:ListAliases", why: "to know which older versions are still called" },
    Permission {
        action: "lambda:ListFunctionUrlConfigs",
        why: "to know which functions the internet can call",
    },
    Permission { action: "lambda:GetPolicy", why: "to know who else may call them" },
    Permission {
        action: "elasticloadbalancing:DescribeTargetHealth",
        why: "to know to which functions load balancers lead",
    },
];

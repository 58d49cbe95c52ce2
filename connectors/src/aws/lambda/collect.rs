//! The calls to Lambda: functions made from images, each with what leads to it. Refuses to ask anything about
//! functions made from archives.

use std::collections::BTreeMap;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::get_function::GetFunctionOutput;
use aws_sdk_lambda::operation::get_policy::GetPolicyError;
use aws_sdk_lambda::types::{AliasConfiguration, FunctionConfiguration, FunctionUrlConfig, PackageType};
use domain::exposure::Exposure;
use domain::observation::Observation;
use domain::source::Completeness;
use domain::workload::Workload;
use futures_util::{StreamExt, stream};

use super::functions::{called, workload};
use super::routes::{Ways, routes};
use crate::aws::Ask;
use crate::aws::elb::{Balancers, Front};
use crate::aws::{ec2, place::Place};
use crate::missing::Missing;
use crate::{Failure, Sink};

/// Functions asked about at once.
const AT_ONCE: usize = 8;

/// Load balancers by the ARN of the function they lead to.
type Fronts = BTreeMap<String, Vec<Front>>;

/// Collects the functions of a region.
///
/// # Errors
/// When the functions cannot be listed.
pub(super) async fn collect(ask: &Ask<'_>, sink: &Sink) -> Result<Completeness, Failure> {
    const ACTION: &str = "lambda:ListFunctions";
    let (place, mut missing) = (&ask.place, Missing::default());
    let client = &Client::new(&ask.sdk);
    let functions = ask.list(ACTION, |marker| async move {
        let page = ask.call(ACTION, || client.list_functions().set_marker(marker.clone()).send()).await?;
        let mut functions = page.functions.unwrap_or_default();
        functions.retain(|function| function.package_type == Some(PackageType::Image));
        Ok((functions, page.next_marker))
    });
    let functions = functions.await?;
    if functions.is_empty() {
        return Ok(Completeness::Complete);
    }
    let fronts = before(ask, &mut missing).await?;
    let fronts = fronts.as_ref();
    let asked = stream::iter(functions)
        .map(|function| async move { one(ask, client, place, &function, fronts).await });
    let mut asked = asked.buffered(AT_ONCE);
    while let Some(answer) = asked.next().await {
        let (found, gaps) = answer?;
        gaps.into_iter().for_each(|gap| missing.note(gap));
        if let Some((workload, routes)) = found {
            sink.observe(Observation::Workload(workload)).await?;
            for route in routes {
                sink.observe(Observation::Exposure(route)).await?;
            }
        }
    }
    Ok(missing.completeness())
}

type Found = (Option<(Workload, Vec<Exposure>)>, Vec<Failure>);

/// Everything about one function, with what could not be had of it.
async fn one(
    ask: &Ask<'_>,
    client: &Client,
    place: &Place,
    function: &FunctionConfiguration,
    fronts: Option<&Fronts>,
) -> Result<Found, Failure> {
    let name = function.function_name().unwrap_or_default();
    let mut gaps = Vec::new();
    let Some(latest) = kept(version(ask, client, name, None).await, &mut gaps)? else {
        return Ok((None, gaps));
    };
    let mut versions = vec![latest];
    let aliases = kept(aliases(ask, client, name).await, &mut gaps)?.unwrap_or_default();
    for qualifier in called(&aliases) {
        versions.extend(kept(version(ask, client, name, Some(&qualifier)).await, &mut gaps)?);
    }
    let urls = kept(urls(ask, client, name).await, &mut gaps)?;
    let policy = kept(policy(ask, client, name).await, &mut gaps)?;
    let arn = function.function_arn().unwrap_or_default();
    let own = fronts.map(|fronts| fronts.get(arn).map(Vec::as_slice).unwrap_or_default());
    let ways = Ways { urls: urls.as_deref(), policy: policy.as_deref(), fronts: own };
    Ok((Some((workload(place, name, &versions), routes(place, name, ways))), gaps))
}

/// The answer, or nothing with a gap; a function that was deleted since the list is neither.
fn kept<T>(answer: Result<T, Failure>, gaps: &mut Vec<Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failure @ (Failure::Cancelled | Failure::Unauthenticated { .. })) => Err(failure),
        Err(Failure::Vendor { detail, .. }) if detail.starts_with("ResourceNotFoundException") => Ok(None),
        Err(failure) => {
            gaps.push(failure);
            Ok(None)
        }
    }
}

async fn version(
    ask: &Ask<'_>,
    client: &Client,
    name: &str,
    qualifier: Option<&str>,
) -> Result<GetFunctionOutput, Failure> {
    let qualifier = qualifier.map(str::to_owned);
    let call = || client.get_function().function_name(name).set_qualifier(qualifier.clone()).send();
    ask.call("lambda:GetFunction", call).await
}

async fn aliases(ask: &Ask<'_>, client: &Client, name: &str) -> Result<Vec<AliasConfiguration>, Failure> {
    const ACTION: &str = "lambda:ListAliases";
    let aliases = ask.list(ACTION, |marker| async move {
        let call = || client.list_aliases().function_name(name).set_marker(marker.clone()).send();
        let page = ask.call(ACTION, call).await?;
        Ok((page.aliases.unwrap_or_default(), page.next_marker))
    });
    aliases.await
}

async fn urls(ask: &Ask<'_>, client: &Client, name: &str) -> Result<Vec<FunctionUrlConfig>, Failure> {
    const ACTION: &str = "lambda:ListFunctionUrlConfigs";
    let urls = ask.list(ACTION, |marker| async move {
        let call =
            || client.list_function_url_configs().function_name(name).set_marker(marker.clone()).send();
        let page = ask.call(ACTION, call).await?;
        Ok((page.function_url_configs, page.next_marker))
    });
    urls.await
}

/// The policy of a function; empty where it has none.
async fn policy(ask: &Ask<'_>, client: &Client, name: &str) -> Result<String, Failure> {
    const ACTION: &str = "lambda:GetPolicy";
    match ask.answer(ACTION, || client.get_policy().function_name(name).send()).await? {
        Ok(answer) => Ok(answer.policy.unwrap_or_default()),
        Err(GetPolicyError::ResourceNotFoundException(_)) => Ok(String::new()),
        Err(error) => Err(ask.refused(ACTION, &error)),
    }
}

/// Load balancers that lead to functions; nothing, with a note, where they cannot be read.
async fn before(ask: &Ask<'_>, missing: &mut Missing) -> Result<Option<Fronts>, Failure> {
    let Some(mut balancers) = missing.without(Balancers::read(ask).await)? else { return Ok(None) };
    let Some(functions) = missing.without(balancers.functions(ask).await)? else { return Ok(None) };
    if functions.is_empty() {
        return Ok(Some(Fronts::new()));
    }
    let network = ec2::network(ask, missing).await?;
    let groups = functions.values().flatten().cloned().collect();
    let by_group = balancers.before(ask, &groups, network.as_ref(), missing).await?;
    let leading = |groups: Vec<String>| -> Vec<Front> {
        groups.iter().filter_map(|group| by_group.get(group)).flatten().cloned().collect()
    };
    Ok(Some(functions.into_iter().map(|(function, groups)| (function, leading(groups))).collect()))
}

//! Which scopes there are: projects, their locations, the services. Refuses to call the list complete when a
//! project could not be asked for its locations.

use domain::source::{Scope, Trial};
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::client::Ask;
use super::config::Projects;
use super::connector::Gcp;
use super::projects::{self, GET, Project};
use super::request::Request;
use super::service::{Places, Service};
use crate::missing::Missing;
use crate::{Context, Failure, Plan};

/// Projects that are asked for their locations at once.
const AT_ONCE: usize = 8;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Location {
    location_id: String,
}

/// The plan of a source, with the projects that it is about.
///
/// # Errors
/// When there are no credentials, or no project can be found or asked.
pub(super) async fn plan(gcp: &Gcp, context: &Context) -> Result<(Plan, Vec<Project>), Failure> {
    let mut missing = Missing::default();
    let everything = gcp.ask(&whole(""), context);
    let projects = projects::all(&everything, &mut missing).await?;
    let ids: Vec<String> = projects.iter().map(|project| project.project_id.clone()).collect();
    let asked = stream::iter(ids)
        .map(|id| async move { scopes_of(gcp, &id, context).await })
        .buffered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let (mut scopes, mut first) = (Vec::new(), None);
    for (found, refused) in asked {
        scopes.extend(found);
        for failure in refused {
            first.get_or_insert(failure.clone());
            missing.without::<()>(Err(failure))?;
        }
    }
    if let (Some(failure), true) = (first, scopes.is_empty()) {
        return Err(failure);
    }
    let accounts = projects.iter().map(Project::account).collect();
    Ok((Plan { scopes, accounts, completeness: missing.completeness() }, projects))
}

/// Tries what finding projects and locations takes.
pub(super) async fn check(gcp: &Gcp, context: &Context) -> Vec<Trial> {
    let mut trials = Vec::new();
    let ask = gcp.ask(&whole(""), context);
    let found = projects::all(&ask, &mut Missing::default()).await;
    let action = match ask.settings.projects {
        Projects::Below(_) => projects::LIST,
        Projects::Listed(_) | Projects::Visible => GET,
    };
    trials.push(trial(action, whole(""), found.as_ref().err()));
    for project in found.unwrap_or_default() {
        for (action, answer) in locations(gcp, &project.project_id, context).await {
            trials.push(trial(action, whole(&project.project_id), answer.err().as_ref()));
        }
    }
    trials
}

fn trial(action: &str, scope: Scope, refusal: Option<&Failure>) -> Trial {
    Trial { action: action.to_owned(), scope, refusal: refusal.map(ToString::to_string) }
}

/// The scope of what is asked once for a project, or for all.
fn whole(project: &str) -> Scope {
    Scope { account: project.to_owned(), region: String::new(), service: "projects".to_owned() }
}

/// The scopes of a project, and why some may be missing.
async fn scopes_of(gcp: &Gcp, project: &str, context: &Context) -> (Vec<Scope>, Vec<Failure>) {
    let (mut scopes, mut refused) = (Vec::new(), Vec::new());
    let told = locations(gcp, project, context).await;
    let scope = |region: String, service: &Service| Scope {
        account: project.to_owned(),
        region,
        service: service.name.to_owned(),
    };
    for service in Service::wanted(&gcp.settings.leave_out) {
        let regions = match service.places {
            Places::Whole => vec![String::new()],
            Places::Each { action, .. } => match told.iter().find(|(asked, _)| *asked == action) {
                Some((_, Ok(all))) => service.places.among(all),
                Some((_, Err(_))) => Vec::new(),
                None => service.places.among(&gcp.settings.locations),
            },
        };
        scopes.extend(regions.into_iter().map(|region| scope(region, service)));
    }
    refused.extend(told.into_iter().filter_map(|(_, answer)| answer.err()));
    (scopes, refused)
}

type Told = (&'static str, Result<Vec<String>, Failure>);

/// The locations of each service that lists its own, by the permission that takes; none where settings name them.
async fn locations(gcp: &Gcp, project: &str, context: &Context) -> Vec<Told> {
    let mut told = Vec::new();
    if !gcp.settings.locations.is_empty() {
        return told;
    }
    for service in Service::wanted(&gcp.settings.leave_out) {
        if let Places::Each { host, action, .. } = service.places {
            let scope = Scope { service: service.name.to_owned(), ..whole(project) };
            told.push((action, located(&gcp.ask(&scope, context), host, action).await));
        }
    }
    told
}

async fn located(ask: &Ask<'_>, host: &str, action: &str) -> Result<Vec<String>, Failure> {
    let request = Request::get(host, format!("v1/projects/{}/locations", ask.place.account.id));
    let told = ask.list::<Location>(action, request, &mut Missing::default()).await?;
    let mut ids: Vec<String> = told.into_iter().map(|location| location.location_id).collect();
    ids.sort();
    Ok(ids)
}

//! One workload: where it stands, how bad, why, what to fix, then the evidence in tabs. Refuses to
//! compute a score: the reasons are the stored ones.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use domain::id::WorkloadId;
use store::findings::Filter;
use store::workloads::{self, WorkloadDetail};

use super::list::Line;
use super::tabs::{self, Link, Tab};
use crate::State;
use crate::charts::{Band, LoadLine};
use crate::error::Error;
use crate::filters::{self, percentage};
use crate::frame::{Frame, Section};
use crate::pages::asked::Asked;
use crate::pages::explanation::Explanation;
use crate::pages::findings;
use crate::pages::images::counted;
use crate::pages::words;
use crate::query::href;
use crate::render;
use crate::viewer::CurrentViewer;

#[derive(Template)]
#[template(path = "workloads/detail.html")]
struct Detail {
    frame: Frame,
    detail: WorkloadDetail,
    line: Line,
    reading: LoadLine,
    explanation: Option<Explanation>,
    tabs: Vec<Link>,
    tab: Tab,
}

impl Detail {
    /// Cluster and namespace, each leading to what else is there.
    fn crumbs(&self) -> Vec<(String, String)> {
        let row = &self.detail.workload;
        let mut crumbs = vec![("Workloads".to_owned(), "/workloads".to_owned())];
        if !row.cluster.is_empty() {
            crumbs.push((row.cluster.clone(), href("/workloads", &[("cluster", &row.cluster)])));
        }
        let place = [("cluster", row.cluster.as_str()), ("namespace", row.namespace.as_str())];
        let place: Vec<_> = place.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        if !row.namespace.is_empty() {
            crumbs.push((row.namespace.clone(), href("/workloads", &place)));
        }
        crumbs
    }

    /// What it is and how bad, in one sentence.
    fn sentence(&self) -> String {
        let row = &self.detail.workload;
        let running = match row.running {
            0 => "none of its containers running".to_owned(),
            running => format!("{} running", counted(running, "container", "containers")),
        };
        let total: u64 = row.severities.iter().sum();
        let found = match (total, row.severities[0]) {
            (0, _) => "no open findings".to_owned(),
            (total, 0) => counted(total, "open finding", "open findings"),
            (total, critical) => {
                format!("{critical} critical among {}", counted(total, "open finding", "open findings"))
            }
        };
        let exploited = if row.kev > 0 {
            format!(", {} known to be exploited", filters::grouped(&row.kev.to_string()))
        } else {
            String::new()
        };
        let why = if row.why.is_empty() { String::new() } else { format!(" Above all: {}.", row.why) };
        format!("{} with {running} and {found}{exploited}.{why}", row.kind)
    }

    fn band(&self) -> &'static str {
        Band::of(self.detail.workload.score, 100.0).as_str()
    }

    fn criticality(&self) -> (&'static str, &'static str) {
        words::criticality(self.detail.workload.criticality.as_deref())
    }

    /// What the pod shares with its node.
    fn isolation(&self) -> Vec<String> {
        words::isolation(&self.detail.isolation)
    }

    /// How easily a container of it is left for the node.
    fn escape(&self) -> String {
        percentage(self.detail.escape_ease)
    }

    /// What its sandbox is, in words.
    fn sandbox(&self) -> &'static str {
        match self.detail.sandbox {
            through if through <= 0.1 => {
                "a separate kernel or micro virtual machine stands between it and the node"
            }
            through if through < 0.5 => "a user namespace stands between it and the node",
            through if through < 1.0 => "a restricted profile stands between it and the node",
            _ => "nothing but the shared kernel stands between it and the node",
        }
    }

    fn owner_href(&self) -> String {
        let owner = self.detail.workload.owner.as_deref().unwrap_or("none");
        href("/workloads", &[("owner", owner)])
    }
}

fn id_of(text: &str) -> Result<WorkloadId, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("workload {}", text.chars().take(80).collect::<String>())))
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let id = id_of(&id)?;
    let found = workloads::detail(&state.store, &viewer, id).await?;
    let detail = found.ok_or_else(|| Error::NotFound(format!("workload {id}")))?;
    let word = tabs::word(&request);
    let tab = tabs::read(&state, &viewer, &detail, word, &request).await?;
    render::page(&Detail {
        frame: frame.at(Section::Workloads),
        line: Line::of(detail.workload.clone()),
        reading: LoadLine::new(detail.workload.score, 100, None, None),
        explanation: Explanation::read(&detail.explanation),
        tabs: tabs::links(&detail, word),
        tab,
        detail,
    })
}

/// The findings of its images as a file.
pub(crate) async fn export_findings(
    at: web::Path<(String, String)>,
    asked: Asked,
) -> Result<HttpResponse, Error> {
    let (id, extension) = at.into_inner();
    let list = asked.list(&findings::SPEC)?;
    let filter = Filter { workload: Some(id_of(&id)?), ..findings::filter_of(&list)? };
    let read = store::findings::list;
    asked.file(("findings", &extension), (findings::COLUMNS, findings::cells), &list, filter, read).await
}

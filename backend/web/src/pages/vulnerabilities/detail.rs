//! "Where does it run?": one vulnerability, what is known of it, and everything here that has it.
//! Refuses links of other kinds than web addresses.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use domain::vulnerability::VulnerabilityId;
use store::vulnerabilities::{
    self, AffectedComponent, CvssRow, ReportingTool, ThreatRow, VexRow, VulnerabilityDetail,
};

use super::list::Line;
use crate::State;
use crate::error::Error;
use crate::filters::{self, percentage};
use crate::frame::{Frame, Section};
use crate::pages::findings::fix_words;
use crate::pages::images::counted;
use crate::pages::{images, words, workloads};
use crate::query::{encoded, href};
use crate::render;
use crate::viewer::CurrentViewer;

/// Images and workloads shown here; the lists have the rest.
const SHOWN: u32 = 15;

#[derive(Template)]
#[template(path = "vulnerabilities/detail.html")]
struct Detail {
    frame: Frame,
    detail: VulnerabilityDetail,
    line: Line,
    aliases: Vec<String>,
    related: Vec<String>,
    cvss: Vec<CvssRow>,
    components: Vec<AffectedComponent>,
    images: Vec<images::Line>,
    more_images: bool,
    workloads: Vec<workloads::Line>,
    more_workloads: bool,
    tools: Vec<ReportingTool>,
    threats: Vec<ThreatRow>,
    vex: Vec<VexRow>,
}

impl Detail {
    fn crumbs(&self) -> [(&'static str, &'static str); 1] {
        [("Vulnerabilities", "/vulnerabilities")]
    }

    /// Where it runs, in one sentence.
    fn sentence(&self) -> String {
        let row = &self.detail.vulnerability;
        if row.finding_count == 0 {
            return "No stored image has it open.".to_owned();
        }
        let images = counted(row.image_count, "image has it", "images have it");
        let running = match row.running {
            0 => "none of them running now".to_owned(),
            running => format!(
                "{} of {} running now",
                counted(running, "container", "containers"),
                counted(row.workload_count, "workload", "workloads")
            ),
        };
        let fix = match row.fixable {
            0 => "no finding has a fix".to_owned(),
            fixable if fixable == row.finding_count => "every finding has a fix".to_owned(),
            fixable => format!(
                "{} of {} findings have a fix",
                filters::grouped(&fixable.to_string()),
                filters::grouped(&row.finding_count.to_string())
            ),
        };
        format!("{images}, {running}; {fix}.")
    }

    fn percentile(&self) -> Option<String> {
        self.detail.vulnerability.epss_percentile.map(|share| percentage(1.0 - share))
    }

    fn images_href(&self) -> String {
        href("/images", &[("vulnerability", &self.detail.vulnerability.id), ("sort", "-running")])
    }

    fn workloads_href(&self) -> String {
        href("/workloads", &[("vulnerability", &self.detail.vulnerability.id)])
    }

    /// The stored links that a browser may open.
    fn links(&self) -> Vec<&str> {
        let web = |link: &&str| link.starts_with("https://") || link.starts_with("http://");
        self.detail.links.iter().map(String::as_str).filter(web).take(30).collect()
    }

    /// A fix in words.
    fn fix(&self, component: &AffectedComponent) -> String {
        fix_words(&component.fix_state, &component.fix_version)
    }

    /// What one tool says, in words.
    fn verdict(&self, tool: &ReportingTool) -> String {
        let images = |count: u64| counted(count, "image", "images");
        match (tool.reported, tool.scanned) {
            (0, scanned) => format!("scanned {} of these and does not report it", images(scanned)),
            (reported, scanned) if reported == scanned => {
                format!("reports it in all {} it scanned", images(scanned))
            }
            (reported, scanned) => {
                format!("reports it in {} of the {} it scanned", reported, images(scanned))
            }
        }
    }

    /// What one tool says of exploits, in words.
    fn threat(&self, row: &ThreatRow) -> String {
        let day = |at: &DateTime<Utc>| at.format("%-d %b %Y").to_string();
        let exploit = match (row.exploit, &row.exploit_seen_at) {
            (Some(true), Some(at)) => Some(format!("knows of an exploit, last on {}", day(at))),
            (Some(true), None) => Some("knows of an exploit".to_owned()),
            (Some(false), _) => Some("knows of no exploit".to_owned()),
            (None, _) => None,
        };
        let epss = row.epss.map(|epss| format!("repeats an EPSS of {}", percentage(epss)));
        exploit.into_iter().chain(epss).collect::<Vec<_>>().join(", ")
    }

    fn vex_words(&self, row: &VexRow) -> &'static str {
        words::vex(&row.status)
    }
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    asked: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let unknown = || Error::NotFound(format!("vulnerability {}", asked.chars().take(80).collect::<String>()));
    let named: VulnerabilityId = asked.parse().map_err(|_| unknown())?;
    let store = &state.store;
    let id = vulnerabilities::resolve(store, &viewer, named.as_str()).await?.ok_or_else(unknown)?;
    if id != *asked {
        return Ok(render::see_other(&format!("/vulnerabilities/{}", encoded(&id))));
    }
    let detail = vulnerabilities::detail(store, &viewer, &id).await?.ok_or_else(unknown)?;
    let (aliases, related) = vulnerabilities::names(store, &viewer, &id).await?;
    let found = vulnerabilities::affected_images(store, &viewer, &id, SHOWN).await?;
    let used = vulnerabilities::affected_workloads(store, &viewer, &id, SHOWN).await?;
    let stale_before = state.stale_before();
    render::page(&Detail {
        frame: frame.at(Section::Vulnerabilities),
        line: Line::of(detail.vulnerability.clone()),
        aliases,
        related,
        cvss: vulnerabilities::cvss(store, &viewer, &id).await?,
        components: vulnerabilities::components(store, &viewer, &id).await?,
        more_images: found.next.is_some(),
        images: found.rows.into_iter().map(|row| images::Line::of(row, stale_before)).collect(),
        more_workloads: used.next.is_some(),
        workloads: used.rows.into_iter().map(workloads::Line::of).collect(),
        tools: vulnerabilities::tools(store, &viewer, &id).await?,
        threats: vulnerabilities::threats(store, &viewer, &id).await?,
        vex: vulnerabilities::vex(store, &viewer, &id).await?,
        detail,
    })
}

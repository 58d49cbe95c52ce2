//! One image: what it is and how bad in one sentence, why, what to do, then the evidence in tabs.
//! Refuses to compute a score: the reasons are the stored ones.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use domain::scope::Viewer;
use store::images::{self, ImageDetail, ImageRow, Resolved, Standing};

use super::list::Line;
use super::sentence::sentence;
use super::tabs::{self, Link, Tab};
use super::watch::{self, Watch};
use crate::State;
use crate::charts::{Band, LoadLine};
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::explanation::Explanation;
use crate::pages::findings::Said;
use crate::render;
use crate::viewer::CurrentViewer;

#[derive(Template)]
#[template(path = "images/detail.html")]
struct Detail {
    frame: Frame,
    detail: ImageDetail,
    line: Line,
    sentence: String,
    scanners: String,
    watches: Vec<Watch>,
    reading: LoadLine,
    explanation: Option<Explanation>,
    tabs: Vec<Link>,
    tab: Tab,
}

#[derive(Template)]
#[template(path = "images/several.html")]
struct Several {
    frame: Frame,
    key: String,
    rows: Vec<Line>,
}

impl Detail {
    fn crumbs(&self) -> [(&'static str, &'static str); 1] {
        [("Images", "/images")]
    }

    /// The score's band, for colours.
    fn band(&self) -> &'static str {
        Band::of(self.detail.image.score, 100.0).as_str()
    }

    /// How the score is to be read where the image does not run.
    fn latent(&self) -> bool {
        self.detail.image.running == 0
    }

    /// Which tools do not watch it, and why.
    fn gaps(&self) -> Vec<String> {
        watch::gaps(&self.watches)
    }

    /// Where tools saw it run: the tool, and what it counts.
    fn in_use(&self) -> Vec<(&str, String)> {
        let told = |watch: &Watch| watch.in_use(&self.frame.now);
        self.watches.iter().filter_map(|watch| Some((watch.row.tool.as_str(), told(watch)?))).collect()
    }

    /// Whether it is signed, where that deserves notice: a word, its tone and what it means.
    fn signing(&self) -> Option<(&'static str, &'static str, &'static str)> {
        match self.detail.image.signing {
            Standing::Verified => {
                Some(("signature verified", "good", "A configured key or identity vouches for it"))
            }
            Standing::Invalid => Some(("signature invalid", "bad", "It is of another image, or was changed")),
            Standing::Unverified | Standing::Unsigned | Standing::Unknown => None,
        }
    }

    /// What is stale or was never looked at, said once at the top.
    fn warning(&self) -> Option<String> {
        let image = &self.detail.image;
        let Some(at) = image.last_scanned_at else {
            return Some(
                "No tool has scanned this image. It counts like the worst fifth of comparable images until one does."
                    .to_owned(),
            );
        };
        self.line.is_stale().then(|| {
            format!(
                "Not scanned for {} days: what was published since is not in these findings.",
                (self.frame.now - at).num_days()
            )
        })
    }
}

/// The image that a text leads to.
pub(super) async fn find(state: &State, viewer: &Viewer, key: &str) -> Result<Resolved, Error> {
    Ok(images::resolve(&state.store, viewer, key).await?)
}

/// The image, if it is one.
pub(super) fn one(found: Resolved, key: &str) -> Result<ImageRow, Error> {
    match found {
        Resolved::One(image) => Ok(*image),
        Resolved::Several(_) => Err(Error::Invalid(format!("`{}` leads to several images.", shown(key)))),
        Resolved::Nothing => Err(Error::NotFound(format!("image {}", shown(key)))),
    }
}

fn shown(key: &str) -> String {
    key.chars().take(80).collect()
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    key: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (frame, now) = (frame.at(Section::Images), state.now());
    let image = match find(&state, &viewer, &key).await? {
        Resolved::Several(rows) => {
            let rows = rows.into_iter().map(|row| Line::of(row, state.stale_before())).collect();
            return render::page(&Several { frame, key: shown(&key), rows });
        }
        found => one(found, &key)?,
    };
    let unknown = || Error::NotFound(format!("image {}", shown(&key)));
    let detail = images::detail(&state.store, &viewer, image.id).await?.ok_or_else(unknown)?;
    let scans = images::scans(&state.store, &viewer, image.id).await?;
    let scanners = scanners(&scans);
    let watches = images::coverage(&state.store, &viewer, image.id).await?;
    let word = tabs::word(&request);
    let tab = tabs::read(&state, &viewer, &detail, word, scans, &request).await?;
    render::page(&Detail {
        sentence: sentence(&detail.image, now),
        scanners,
        watches: watches.into_iter().map(|row| Watch { row }).collect(),
        reading: LoadLine::new(detail.image.score, 100, None, None),
        explanation: Explanation::read(&detail.explanation),
        tabs: tabs::links(&detail, word),
        line: Line::of(detail.image.clone(), state.stale_before()),
        tab,
        frame,
        detail,
    })
}

/// The tools whose word counts now: `grype 0.85.0, trivy 0.58.1`.
fn scanners(scans: &[store::images::ScanRow]) -> String {
    let mut tools: Vec<String> = scans
        .iter()
        .filter(|scan| !scan.superseded)
        .map(|scan| {
            scan.tool_version.as_ref().map_or(scan.tool.clone(), |version| format!("{} {version}", scan.tool))
        })
        .collect();
    tools.sort();
    tools.dedup();
    tools.join(", ")
}

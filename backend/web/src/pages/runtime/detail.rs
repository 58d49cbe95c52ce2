//! One detection: what was seen, where, how often, what its latest events say, and what people decided of it. Refuses to
//! shorten the evidence.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::id::DetectionId;
use domain::scope::Viewer;
use store::detections::{self, DecisionRow, DetectionRow, EventRow, HourRow};

use super::{Line, line};
use crate::State;
use crate::charts::Bar;
use crate::error::Error;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::pages::images::counted;
use crate::query::href;
use crate::render;
use crate::viewer::CurrentViewer;

/// Hours shown on the page.
const SHOWN_HOURS: usize = 48;

#[derive(Template)]
#[template(path = "runtime/detail.html")]
struct Page {
    frame: Frame,
    line: Line,
    events: Vec<EventRow>,
    hours: Vec<(HourRow, Bar)>,
    decisions: Vec<(DecisionRow, &'static str)>,
}

impl Page {
    fn crumbs(&self) -> [(&'static str, &'static str); 1] {
        [("Runtime", "/runtime")]
    }

    /// What was seen, in one sentence.
    fn sentence(&self) -> String {
        let row = &self.line.row;
        let what =
            if self.line.is_drift() { "Something ran that the image does not hold" } else { "A threat" };
        let times = counted(row.count, "event", "events");
        format!("{what}, seen by {} in {times} on {}.", row.tool, self.line.subject())
    }

    fn is_open(&self) -> bool {
        self.line.row.disposition == "open"
    }

    /// The facts of the place, as the sensor names them.
    fn said(&self) -> Vec<(&'static str, &String)> {
        let place = &self.line.row.place;
        let facts = [
            ("Account", &place.account),
            ("Region", &place.region),
            ("Cluster", &place.cluster),
            ("Namespace", &place.namespace),
            ("Kind", &place.kind),
            ("Name", &place.name),
            ("Node", &place.node),
            ("Container", &place.container),
            ("Container id", &place.container_id),
            ("Image, as written", &place.image),
            ("Digest", &place.digest),
        ];
        facts.into_iter().filter_map(|(term, text)| Some((term, text.as_ref()?))).collect()
    }

    /// Everything else that this rule has seen.
    fn same_rule(&self) -> String {
        href("/runtime", &[("rule", &self.line.row.rule), ("state", "any")])
    }
}

/// The detection that an address names; an old name leads to what it became.
pub(crate) async fn find(state: &State, viewer: &Viewer, text: &str) -> Result<DetectionRow, Error> {
    let unknown = || Error::NotFound(format!("detection {}", text.chars().take(64).collect::<String>()));
    let id: DetectionId = text.parse().map_err(|_| unknown())?;
    let id = detections::resolve(&state.store, viewer, id).await?;
    detections::detail(&state.store, viewer, id).await?.ok_or_else(unknown)
}

/// The page.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let row = find(&state, &viewer, &id).await?;
    let hours = detections::hours(&state.store, &viewer, row.id).await?;
    let most = hours.iter().map(|hour| hour.count).max().unwrap_or(0) as f64;
    let drawn = |hour: HourRow| (hour, Bar::new(hour.count as f64, most, "accent"));
    let told = |decision: DecisionRow| {
        let words = line::state(&decision.disposition).0;
        (decision, words)
    };
    let decisions = detections::decisions(&state.store, &viewer, row.id).await?;
    render::page(&Page {
        frame: frame.at(Section::Runtime),
        events: detections::events(&state.store, &viewer, row.id).await?,
        hours: hours.into_iter().take(SHOWN_HOURS).map(drawn).collect(),
        decisions: decisions.into_iter().map(told).collect(),
        line: Line::of(row),
    })
}

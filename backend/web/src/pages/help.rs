//! What the score means and what it does not, in plain words, with an example that is drawn by the same
//! code as the real ones; and the handbook page of each kind of source. Refuses promises: the score ranks, it
//! does not foretell.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::source::{Permission, SourceKind};

use super::handbook::Handbook;
use crate::charts::{Band, Step, Waterfall};
use crate::error::Error;
use crate::frame::{Frame, Section};
use crate::{State, filters, render};

#[derive(Template)]
#[template(path = "help/score.html")]
struct Page {
    frame: Frame,
    bands: [(Band, &'static str, &'static str); 4],
    example: Waterfall,
}

/// The page at `/help/score`.
pub(crate) async fn score(frame: Frame) -> Result<HttpResponse, Error> {
    render::page(&Page {
        frame,
        bands: [
            (Band::Severe, "800–1000", "More than 16 % of all that is critical is expected to be lost"),
            (Band::High, "600–799", "Between 2.5 % and 16 %"),
            (Band::Moderate, "400–599", "Between 0.4 % and 2.5 %"),
            (Band::Low, "0–399", "Less than 0.4 %"),
        ],
        example: example(),
    })
}

#[derive(Template)]
#[template(path = "help/source.html")]
struct SourcePage {
    frame: Frame,
    kind: SourceKind,
    docs: Handbook,
    /// Whether the handbook page leaves a permission out.
    lists_permissions: bool,
}

/// The page at `/help/sources/{kind}`: what a kind of source brings, what it must be allowed to do, and how.
pub(crate) async fn source(
    frame: Frame,
    state: web::Data<State>,
    kind: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let unknown = || Error::NotFound(format!("kind of source {}", kind.chars().take(64).collect::<String>()));
    let kind = *state.sources.kind(&kind).ok_or_else(unknown)?;
    let told = |permission: &Permission| kind.docs.contains(permission.action);
    render::page(&SourcePage {
        frame: frame.at(Section::Sources),
        docs: Handbook::of(kind.docs),
        lists_permissions: !kind.permissions.iter().all(told),
        kind,
    })
}

/// A finding listed as exploited, reachable from inside the cluster only, on a standard workload.
fn example() -> Waterfall {
    let step = |label: &str, finding: &str, factor: f64| Step {
        label: label.to_owned(),
        finding: finding.to_owned(),
        points: 25.0 * factor.log10(),
    };
    let steps = vec![
        step("Threat", "known to be exploited: 0.95", 0.95),
        step("Reach", "from inside the cluster: 0.1", 0.1),
        step("In use", "no sensor, so no discount: 1", 1.0),
        step("Impact", "total: 1", 1.0),
        step("Criticality", "standard, a third of critical", 1.0 / 3.0),
    ];
    let score = 100.0 + steps.iter().map(|step| step.points).sum::<f64>();
    Waterfall::new(100, steps, score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_one_of_the_specification() {
        let html = example().render().unwrap();
        assert!(html.contains("<b>62.5</b>"), "{html}");
    }
}

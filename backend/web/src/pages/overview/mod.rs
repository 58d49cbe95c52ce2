//! The Overview: how exposed the estate is, why it moved, what nobody watches, what to do next.
//! Refuses to compute: it words, orders and links what the last rescore stored.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use store::overview::{Coverage, ExploitedContainer, Headline, NextFix, Overview, Source, WorstWorkload};

use crate::charts::{Band, Bar, Event, LoadLine, Point, Slices, Sliver, Trend};
use crate::error::Error;
use crate::filters::{self, grouped, percentage};
use crate::frame::{Frame, Section};
use crate::query::{encoded, href};
use crate::viewer::CurrentViewer;
use crate::{Settings, State, render};
use unobserved::Unobserved;

mod slices;
mod unobserved;
mod words;

/// The page, as the template shows it.
#[derive(Template)]
#[template(path = "overview/show.html")]
pub(crate) struct Page {
    frame: Frame,
    summary: String,
    band: Band,
    line: LoadLine,
    headline: Option<Headline>,
    change: Option<String>,
    rises: bool,
    trend: Trend,
    moves: Vec<MoveRow>,
    running: u64,
    gap: Vec<GapRow>,
    gap_share: String,
    gap_note: Option<&'static str>,
    slices: Slices,
    worst: Vec<WorkloadRow>,
    worst_title: String,
    fixes: Vec<FixRow>,
    exploited: Vec<ExploitedRow>,
    exploited_count: u64,
    coverage: Vec<GapRow>,
    coverage_note: Option<String>,
    sources: Vec<SourceRow>,
    unobserved: Unobserved,
}

/// A cause of change.
#[derive(Debug)]
struct MoveRow {
    points: String,
    rises: bool,
    cause: String,
    subject: String,
    link: String,
    exposure: String,
    at: DateTime<Utc>,
}

/// A stage of the gap, or a part of the coverage.
#[derive(Debug)]
struct GapRow {
    label: &'static str,
    hint: String,
    href: String,
    /// Absent where nothing is checked.
    count: Option<u64>,
    share: String,
    bar: Bar,
}

/// A workload among the worst.
#[derive(Debug)]
struct WorkloadRow {
    workload: WorstWorkload,
    href: String,
    sliver: Sliver,
}

/// A fix.
#[derive(Debug)]
struct FixRow {
    fix: NextFix,
    href: String,
    what: String,
    change: String,
    bar: Bar,
}

/// A container with something known to be exploited.
#[derive(Debug)]
struct ExploitedRow {
    container: ExploitedContainer,
    href: String,
    image: String,
    example_href: String,
}

/// A source of facts.
#[derive(Debug)]
struct SourceRow {
    source: Source,
    href: String,
    tone: &'static str,
}

/// Causes shown, and the least change of the score worth a line.
const MOST_MOVES: usize = 6;
const LEAST_POINTS: f64 = 0.05;

/// The page at `/`.
pub(crate) async fn show(
    frame: Frame,
    viewer: CurrentViewer,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let overview = store::overview::read(&state.store, &viewer, state.now(), state.stale_before()).await?;
    let unobserved = Unobserved::read(&state.store, &viewer).await?;
    render::page(&Page::new(frame.at(Section::Exposure), overview, unobserved, &state.settings))
}

impl Page {
    /// Words and drawings for what was read.
    pub(crate) fn new(frame: Frame, overview: Overview, unobserved: Unobserved, settings: &Settings) -> Self {
        let sanction_checked = settings.sanction_checked;
        let stale_after = i64::from(settings.stale_after_days);
        let headline = overview.score;
        let change =
            headline.as_ref().and_then(|headline| headline.week_ago.map(|(_, then)| headline.ces - then));
        let points: Vec<_> =
            overview.trend.iter().map(|point| Point { day: point.day, value: point.ces }).collect();
        let events: Vec<_> = overview
            .events
            .iter()
            .map(|event| Event { day: event.day, text: format!("{}: {}", event.cause, event.subject) })
            .collect();
        let ces = headline.as_ref().map(|headline| headline.ces);
        let most = overview.fixes.iter().map(|fix| fix.score_change.abs()).fold(0.0, f64::max);
        let gap_count = overview.gap.running.saturating_sub(overview.gap.in_order);
        Self {
            summary: summary(&overview.gap, overview.exploited_count, gap_count),
            band: Band::of(ces, 1000.0),
            line: LoadLine::new(
                ces,
                1000,
                headline.as_ref().and_then(|headline| headline.baseline_ces),
                change.map(|by| (by, "since last week")),
            ),
            change: change.map(filters::with_sign),
            rises: change.is_some_and(|by| by > 0.0),
            trend: Trend::new("Cyber Exposure score", &points, &events, 1000.0),
            moves: overview
                .moves
                .into_iter()
                .filter(|moved| moved.points.abs() >= LEAST_POINTS)
                .take(MOST_MOVES)
                .map(MoveRow::new)
                .collect(),
            running: overview.gap.running,
            gap: gap_rows(&overview.gap, sanction_checked),
            gap_note: (!sanction_checked).then_some(
                "Registries are not checked: no approved ones are set, so none can be called unsanctioned.",
            ),
            gap_share: share(gap_count, overview.gap.running),
            slices: slices::slices(&overview.slices),
            worst: overview.worst.into_iter().map(WorkloadRow::new).collect(),
            worst_title: words::worst_title(overview.workload_count),
            fixes: overview.fixes.into_iter().map(|fix| FixRow::new(fix, most)).collect(),
            exploited: overview.exploited.into_iter().map(ExploitedRow::new).collect(),
            exploited_count: overview.exploited_count,
            coverage: coverage_rows(&overview.coverage, settings.stale_after_days),
            coverage_note: unresolved(&overview.coverage),
            sources: overview
                .sources
                .into_iter()
                .map(|source| SourceRow::new(source, frame.now, stale_after))
                .collect(),
            headline,
            unobserved,
            frame,
        }
    }

    /// Whether anything has been taken in at all.
    fn is_new(&self) -> bool {
        self.sources.is_empty()
    }
}

impl MoveRow {
    fn new(moved: store::overview::Move) -> Self {
        Self {
            points: filters::with_sign(moved.points),
            rises: moved.change > 0.0,
            cause: moved.cause,
            subject: moved.subject,
            link: moved.link,
            exposure: format!("{:+.3} critical-asset equivalents", moved.change),
            at: moved.at,
        }
    }
}

/// How a bar is drawn: in a colour role, or hatched for what nobody knows.
enum Look {
    Role(&'static str),
    Hatched,
}

impl GapRow {
    fn new(label: &'static str, hint: &str, href: String, count: u64, of: u64, look: Look) -> Self {
        let bar = match look {
            Look::Role(role) => Bar::new(count as f64, of as f64, role),
            Look::Hatched => Bar::new(count as f64, of as f64, "unknown").hatched(),
        };
        Self { label, hint: hint.to_owned(), href, count: Some(count), share: share(count, of), bar }
    }
}

impl WorkloadRow {
    fn new(workload: WorstWorkload) -> Self {
        Self {
            href: format!("/workloads/{}", workload.id),
            sliver: Sliver::new(workload.score, 100),
            workload,
        }
    }
}

impl FixRow {
    fn new(fix: NextFix, most: f64) -> Self {
        Self {
            href: words::fix_href(&fix),
            change: filters::with_sign(fix.score_change),
            bar: Bar::new(fix.score_change.abs(), most, "accent"),
            what: words::fix(&fix.kind, fix.findings),
            fix,
        }
    }
}

impl ExploitedRow {
    fn new(container: ExploitedContainer) -> Self {
        let image = container.image_name.rsplit('/').next().unwrap_or_default().to_owned();
        Self {
            href: format!("/workloads/{}", container.workload),
            example_href: format!("/vulnerabilities/{}", encoded(&container.example)),
            image,
            container,
        }
    }
}

impl SourceRow {
    /// A source whose newest facts are older than `stale_after` days has its date marked.
    fn new(source: Source, now: DateTime<Utc>, stale_after: i64) -> Self {
        let fresh = source.as_of.is_some_and(|at| (now - at).num_days() <= stale_after);
        let tone = match (source.as_of, fresh) {
            (None, _) => "unknown",
            (_, true) => "plain",
            (_, false) => "warn",
        };
        Self { href: href("/documents", &[("kind", &source.kind)]), tone, source }
    }
}

/// The one sentence a board reads.
fn summary(gap: &store::overview::Gap, exploited: u64, gap_count: u64) -> String {
    if gap.running == 0 {
        return "No running container has been observed yet, so nothing can be said about exposure."
            .to_owned();
    }
    let number = |count: u64| grouped(&count.to_string());
    let exploit = match exploited {
        0 => "none runs anything known to be exploited".to_owned(),
        1 => "one runs something known to be exploited".to_owned(),
        many => format!("{} run something known to be exploited", number(many)),
    };
    format!(
        "{} of {} running containers ({}) are unwatched or overdue; {exploit}.",
        number(gap_count),
        number(gap.running),
        share(gap_count, gap.running)
    )
}

fn share(part: u64, whole: u64) -> String {
    percentage(if whole == 0 { f64::NAN } else { part as f64 / whole as f64 })
}

fn gap_rows(gap: &store::overview::Gap, sanction_checked: bool) -> Vec<GapRow> {
    let row = |label, hint, word: &str, count: u64, look: Look| {
        GapRow::new(label, hint, href("/workloads", &[("gap", word)]), count, gap.running, look)
    };
    let mut rows = vec![
        row(
            "unknown",
            "Running, but owner, account or cluster is not on record",
            "unknown",
            gap.unknown,
            Look::Hatched,
        ),
        row(
            "unassessed",
            "On record, but the image was never scanned",
            "unassessed",
            gap.unassessed,
            Look::Hatched,
        ),
        row("stale", "Scanned, but too long ago to rely on", "stale", gap.stale, Look::Hatched),
        row(
            "unsanctioned",
            "Current, but not from an approved registry",
            "unsanctioned",
            gap.unsanctioned,
            Look::Role("warn"),
        ),
        row("overdue", "With a fix that is past its deadline", "overdue", gap.overdue, Look::Role("bad")),
        row("in order", "None of these", "in-order", gap.in_order, Look::Role("good")),
    ];
    if !sanction_checked && gap.unsanctioned == 0 {
        rows[3].count = None;
        rows[3].bar = Bar::new(0.0, 1.0, "unknown");
    }
    rows
}

fn coverage_rows(coverage: &Coverage, days: u32) -> Vec<GapRow> {
    let window = if days == 1 { "day".to_owned() } else { format!("{days} days") };
    let row = |label, hint: &str, word: &str, count: u64, look: Look| {
        let href = href("/images", &[("running", "yes"), ("scan", word)]);
        GapRow::new(label, hint, href, count, coverage.images, look)
    };
    vec![
        row(
            "scanned",
            &format!("Scanned within the last {window}"),
            "current",
            coverage.scanned,
            Look::Role("good"),
        ),
        row(
            "stale",
            &format!("Scanned, but not within the last {window}"),
            "stale",
            coverage.stale,
            Look::Hatched,
        ),
        row("unscanned", "Never scanned by any tool", "none", coverage.unscanned, Look::Hatched),
    ]
}

fn unresolved(coverage: &Coverage) -> Option<String> {
    (coverage.unresolved > 0).then(|| {
        let noun = if coverage.unresolved == 1 { "container runs" } else { "containers run" };
        format!("{} {noun} an image that no source describes.", grouped(&coverage.unresolved.to_string()))
    })
}

#[cfg(test)]
mod tests;

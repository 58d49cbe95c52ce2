//! What a load balancer and a metrics collector ask. Refuses names: an outsider
//! learns yes or no, a collector learns numbers.

use std::fmt::Write as _;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::PrometheusHandle;
use store::overview::Overview;

use crate::State;
use crate::viewer::CurrentViewer;

/// The process answers.
pub(crate) async fn alive() -> HttpResponse {
    text("ok\n")
}

/// The process can do its work: the database answers.
pub(crate) async fn ready(state: web::Data<State>) -> HttpResponse {
    match state.store.ping().await {
        Ok(()) => text("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain; charset=utf-8")
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .body("the database does not answer\n")
        }
    }
}

/// Metrics in the text format of Prometheus: the process's own, then the estate's.
pub(crate) async fn metrics(viewer: CurrentViewer, state: web::Data<State>) -> HttpResponse {
    let mut body = state.metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    match store::overview::read(&state.store, &viewer, state.now(), state.stale_before()).await {
        Ok(overview) => body.push_str(&estate(&overview, state.settings.sanction_checked)),
        Err(error) => {
            tracing::warn!(%error, "metrics without the estate");
            body.push_str("# the database does not answer\n");
        }
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}

/// What the Overview says, as gauges. What is not known has no line rather than a zero.
fn estate(overview: &Overview, sanction_checked: bool) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, values: &[(&str, f64)]| {
        let _ = write!(text, "# HELP plimsoll_{name} {help}\n# TYPE plimsoll_{name} gauge\n");
        for (labels, value) in values {
            let _ = writeln!(text, "plimsoll_{name}{labels} {value}");
        }
    };
    if let Some(score) = &overview.score {
        gauge("exposure_score", "Cyber Exposure score, 0 to 1000", &[("", score.ces)]);
        gauge("exposure", "Exposure in critical-asset equivalents", &[("", score.exposure)]);
        let at = score.at.timestamp() as f64;
        gauge("scored_timestamp_seconds", "When the score was computed", &[("", at)]);
    }
    let gap = &overview.gap;
    let mut stages = vec![
        ("{stage=\"unknown\"}", gap.unknown as f64),
        ("{stage=\"unassessed\"}", gap.unassessed as f64),
        ("{stage=\"stale\"}", gap.stale as f64),
        ("{stage=\"unsanctioned\"}", gap.unsanctioned as f64),
        ("{stage=\"overdue\"}", gap.overdue as f64),
        ("{stage=\"in-order\"}", gap.in_order as f64),
    ];
    if !sanction_checked {
        stages.remove(3);
    }
    gauge("running_containers", "Running containers by the first stage of the gap they fail", &stages);
    let exploited = [("", overview.exploited_count as f64)];
    gauge("exploited_containers", "Running containers with a known exploited vulnerability", &exploited);
    gauge("workloads", "Workloads observed", &[("", overview.workload_count as f64)]);
    text
}

/// Counts and times every request by its route, never by its address.
pub(crate) async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let began = Instant::now();
    let method = match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        _ => "other",
    };
    let response = next.call(request).await?.map_into_boxed_body();
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_str().to_owned();
    metrics::counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("http_request_duration_seconds", "route" => route)
        .record(began.elapsed().as_secs_f64());
    Ok(response)
}

fn text(body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_has_no_line() {
        let text = estate(&Overview::default(), false);
        assert!(!text.contains("unsanctioned"), "{text}");
        assert!(!text.contains("exposure_score"), "{text}");
        assert!(text.contains("plimsoll_running_containers{stage=\"in-order\"} 0\n"), "{text}");
        assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with("plimsoll_")), "{text}");
    }
}

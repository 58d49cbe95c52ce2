//! The Overview as it is rendered, asked by selector.

use chrono::{NaiveDate, TimeDelta};
use domain::id::{ImageId, WorkloadId};
use scraper::{Html, Selector};
use store::overview::{Gap, Move, TrendEvent, TrendPoint};

use super::*;

fn now() -> DateTime<Utc> {
    "2026-11-23T10:04:00Z".parse().unwrap()
}

fn frame() -> Frame {
    Frame { now: now(), ..Frame::of(&actix_web::test::TestRequest::default().to_http_request()) }
        .at(Section::Exposure)
}

/// An estate like the one of the demo.
fn estate() -> Overview {
    let first = NaiveDate::from_ymd_opt(2026, 8, 26).unwrap();
    let trend = (0..90)
        .map(|day| {
            let wave = f64::from(day) * 0.21;
            TrendPoint {
                day: first + TimeDelta::days(i64::from(day)),
                ces: 560.0 + wave.sin() * 22.0 + f64::from(day) * 0.55,
                exposure: 1.9,
            }
        })
        .collect();
    let moved = |points: f64, cause: &str, subject: &str, days: i64| Move {
        cause: cause.to_owned(),
        subject: subject.to_owned(),
        link: "/workloads".to_owned(),
        change: points / 100.0,
        points,
        count: 1,
        at: now() - TimeDelta::days(days),
    };
    let event = |days: i64, cause: &str| TrendEvent {
        day: (now() - TimeDelta::days(days)).date_naive(),
        cause: cause.to_owned(),
        subject: "prod-eu-1".to_owned(),
    };
    let worst = |name: &str, score: f64, why: &str, owner: Option<&str>| WorstWorkload {
        id: WorkloadId::derived(&[name.as_bytes()]),
        cluster: "prod-eu-1".to_owned(),
        namespace: "shop".to_owned(),
        kind: "Deployment".to_owned(),
        name: name.to_owned(),
        owner: owner.map(str::to_owned),
        score: Some(score),
        loss: 0.1,
        why: why.to_owned(),
        severities: [4, 31, 120, 88, 2],
        running: 3,
        reach: "internet".to_owned(),
        gap_stage: "overdue".to_owned(),
    };
    let fix = |name: &str, from: &str, to: &str, change: f64| NextFix {
        kind: "update package".to_owned(),
        name: name.to_owned(),
        from_version: from.to_owned(),
        to_version: to.to_owned(),
        findings: 812,
        images: 88,
        workloads: 41,
        owners: 9,
        exposure_change: change / 100.0,
        score_change: change,
        link: String::new(),
    };
    let source = |kind: &str, tool: &str, days: i64, failed: u64| Source {
        kind: kind.to_owned(),
        tool: tool.to_owned(),
        documents: 412,
        failed,
        as_of: Some(now() - TimeDelta::days(days)),
        received_at: now(),
    };
    Overview {
        score: Some(Headline {
            ces: 612.4,
            exposure: 4.31,
            baseline: 152.0,
            baseline_at: Some(now() - TimeDelta::days(80)),
            baseline_ces: Some(571.0),
            week_ago: Some((NaiveDate::from_ymd_opt(2026, 11, 16).unwrap(), 594.0)),
            at: now() - TimeDelta::minutes(12),
            constants: "ces-1.0".to_owned(),
        }),
        trend,
        events: vec![
            event(70, "thirty workloads added"),
            event(24, "base images rebuilt"),
            event(2, "newly listed as exploited"),
        ],
        moves: vec![
            moved(31.0, "threat intelligence", "CVE-2026-31337", 2),
            moved(-12.0, "scanned", "shop/api:1.9", 3),
            moved(-5.0, "vendor statement", "14 findings", 4),
            moved(4.0, "time passed", "scans grew older", 1),
        ],
        gap: Gap {
            running: 1240,
            unknown: 12,
            unassessed: 85,
            stale: 40,
            unsanctioned: 22,
            overdue: 130,
            in_order: 951,
        },
        slices: store::overview::Slices {
            known: 2.61,
            config: 0.52,
            kernel: 0.71,
            runtime: Some(0.02),
            gap: 0.45,
        },
        worst: vec![
            worst("storefront", 91.0, "exploited, internet, 2 of 3 stale", Some("team-shop")),
            worst("payments-api", 84.0, "weaponised, internet, business critical", Some("team-pay")),
            worst("ci-runner", 71.0, "never scanned, privileged", None),
            worst("ledger-sync", 58.0, "public exploit, cluster-internal", Some("team-ledger")),
            worst("docs", 22.0, "old base image, isolated", Some("team-docs")),
        ],
        workload_count: 318,
        fixes: vec![
            fix("debian base image", "12.5", "12.9", -118.0),
            fix("openssl", "3.0.11", "3.0.15", -41.0),
            fix("log4j-core", "2.14.1", "2.17.1", -22.0),
        ],
        exploited: vec![ExploitedContainer {
            workload: WorkloadId::derived(&[b"storefront"]),
            workload_name: "storefront".to_owned(),
            namespace: "shop".to_owned(),
            container: "web".to_owned(),
            image: ImageId::derived(&[b"web"]),
            image_name: "registry.acme.example/shop/storefront:4.2.0".to_owned(),
            running: 3,
            exploited: 2,
            example: "CVE-2021-44228".to_owned(),
            listed_at: Some(now()),
            reach: "internet".to_owned(),
        }],
        exploited_count: 12,
        coverage: Coverage { images: 402, scanned: 348, stale: 31, unscanned: 23, unresolved: 4 },
        sources: vec![
            source("trivy-json", "trivy", 9, 2),
            source("grype-json", "grype", 1, 0),
            source("kev", "", 2, 0),
            source("epss", "", 1, 0),
            source("kubernetes", "", 0, 0),
        ],
    }
}

fn page(overview: Overview, sanction_checked: bool) -> Page {
    Page::new(frame(), overview, Unobserved::default(), &Settings { sanction_checked, ..Settings::default() })
}

/// Texts at a selector, white space joined.
fn texts(html: &str, selector: &str) -> Vec<String> {
    Html::parse_document(html)
        .select(&Selector::parse(selector).unwrap())
        .map(|found| found.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn says_how_bad_and_why() {
    let html = page(estate(), true).render().unwrap();
    if let Some(folder) = std::env::var_os("PLIMSOLL_PREVIEW") {
        std::fs::write(std::path::Path::new(&folder).join("index.html"), &html).unwrap();
    }
    assert_eq!(texts(&html, "h1"), ["Exposure"]);
    assert_eq!(
        texts(&html, ".head .lead"),
        [
            "289 of 1 240 running containers (23 %) are unwatched or overdue; 12 run something known to be exploited."
        ]
    );
    assert_eq!(texts(&html, ".loadline title"), ["612 of 1000, high, +18 since last week"]);
    assert_eq!(texts(&html, ".ledger b"), ["+31", "−12", "−5", "+4"]);
    assert_eq!(texts(&html, ".gap .funnel td.num:nth-child(2)"), ["12", "85", "40", "22", "130", "951"]);
    assert!(html.len() < 60_000, "{} bytes", html.len());
}

#[test]
fn every_number_of_the_gap_leads_to_its_list() {
    let html = page(estate(), true).render().unwrap();
    let page = Html::parse_document(&html);
    let links: Vec<_> = page
        .select(&Selector::parse(".gap .funnel a").unwrap())
        .filter_map(|link| link.attr("href"))
        .collect();
    assert_eq!(links.len(), 12, "a label and a number a stage");
    assert!(links.iter().all(|link| link.starts_with("/workloads?gap=")), "{links:?}");
}

#[test]
fn a_fix_leads_to_the_images_that_hold_its_package_or_to_its_own_page() {
    let mut overview = estate();
    overview.fixes[1].name = "@babel/core+é".to_owned();
    overview.fixes[2].link = "/images/sha256:0123".to_owned();
    let html = page(overview, true).render().unwrap();
    let page = Html::parse_document(&html);
    let selector = Selector::parse(".fixes tbody th a").unwrap();
    let links: Vec<_> = page.select(&selector).filter_map(|link| link.attr("href")).collect();
    assert_eq!(
        links,
        [
            "/images?package=debian%20base%20image%4012.5",
            "/images?package=%40babel%2Fcore%2B%C3%A9%403.0.11",
            "/images/sha256:0123",
        ]
    );
}

#[test]
fn an_empty_estate_says_what_to_do_and_shows_no_zero_score() {
    let html = page(Overview::default(), false).render().unwrap();
    assert_eq!(texts(&html, ".empty .button"), ["Upload documents"]);
    assert_eq!(texts(&html, ".hero .badge.unknown"), ["not scored yet"]);
    assert_eq!(texts(&html, ".loadline title"), ["Not scored yet"]);
    assert!(html.contains("url(#hatch)"));
}

#[test]
fn names_from_documents_are_escaped() {
    let mut overview = estate();
    overview.worst[0].name = "<img src=x onerror=alert(1)>".to_owned();
    overview.worst[0].why = "\"><script>alert(1)</script>".to_owned();
    let html = page(overview, true).render().unwrap();
    assert!(!html.contains("<img src=x") && !html.contains("<script>alert"));
    assert_eq!(texts(&html, ".worst tbody th a")[0], "<img src=x onerror=alert(1)>");
}

#[test]
fn what_is_not_checked_is_not_zero() {
    let overview = Overview { gap: Gap { running: 10, in_order: 10, ..Gap::default() }, ..estate() };
    let html = page(overview, false).render().unwrap();
    assert_eq!(texts(&html, ".gap .funnel tr:nth-child(4) td:nth-child(2)"), ["not checked"]);
}

#[test]
fn without_a_sensor_runtime_evidence_is_not_known() {
    let slices = store::overview::Slices { runtime: None, ..estate().slices };
    let html = page(Overview { slices, ..estate() }, true).render().unwrap();
    assert_eq!(texts(&html, ".slices .badge.unknown"), ["no sensor"]);
    let html = page(estate(), true).render().unwrap();
    assert!(texts(&html, ".slices .badge.unknown").is_empty());
}

#[test]
fn the_window_of_scans_is_the_one_set() {
    let settings = Settings { stale_after_days: 30, ..Settings::default() };
    let html = Page::new(frame(), estate(), Unobserved::default(), &settings).render().unwrap();
    assert!(html.contains("Scanned within the last 30 days"));
    let tones = texts(&html, ".sources .badge.warn");
    assert!(tones.is_empty(), "nine days are not old when thirty are set: {tones:?}");
}

//! Parts of pages as a screen reader and a style sheet meet them, asked by selector and held against what
//! was agreed: elements, classes, what is said of them, and their words. Refuses whole pages, whose every
//! change would be a change here.

use insta::assert_snapshot;
use store::test_support::on_each_database;
use store::{Store, seed};

use crate::test_app::TestApp;

/// The outline of a part of a page over the seeded estate, the same on each database.
async fn seeded(address: &str, selector: &str) -> String {
    outline(address, selector, async |store| seed::estate(store).await.unwrap()).await
}

/// The outline of a part of a page over an empty store.
async fn empty(address: &str, selector: &str) -> String {
    outline(address, selector, async |_| ()).await
}

async fn outline(address: &str, selector: &str, prepare: impl AsyncFn(&Store)) -> String {
    let outlines = std::cell::RefCell::new(Vec::new());
    on_each_database(async |store| {
        prepare(&store).await;
        let answer = TestApp::new(store).get(address).await;
        outlines.borrow_mut().push(answer.outline(selector));
    })
    .await;
    let mut outlines = outlines.into_inner();
    outlines.dedup();
    assert_eq!(outlines.len(), 1, "databases differ: {outlines:#?}");
    outlines.remove(0)
}

#[actix_web::test]
async fn an_image_of_the_list() {
    assert_snapshot!(seeded("/images", "tbody tr:first-child").await, @r#"
    tr
      th [scope=row]
        a [href=/images/9325caa6d009b731d72878aed4041180] shop/api:1.9
        small.soft linux/amd64
          code aaaaaaaaaaaa
      td
        span.band-severe.sliver
          svg [role=img]
            title 88.2 of 100, severe
            use [href=#track]
            path.load
            path.water
          b [aria-hidden=true] 88
      td
        span.counts
          span.s0 1
            i C
          span.s1 1
            i H
          span.s2 1
            i M
          span.none 0
            i L
          span.none 0
            i ?
      td
        b.rises 1
      td 2
      td 3
      td 2
      td
        span.badge.plain [title=21 Nov 2026 10:00 UTC] 2 days ago
      td debian 12.9
    "#);
    assert_snapshot!(seeded("/images", "tbody tr:last-child").await, @r#"
    tr
      th [scope=row]
        a [href=/images/cf689b58621b866a1614af7f5788fd60] <img src=x onerror=alert(1)>:=1+1
        small.soft
          code dddddddddddd
      td
        span.band-unknown.sliver
          svg [role=img]
            title Not scored yet
            rect
          b [aria-hidden=true] ?
      td
        span.badge.unknown not scanned
      td ?
      td ?
      td 1
      td 0
      td
        span.badge.unknown never
      td
        span.badge.unknown not known
    "#);
}

#[actix_web::test]
async fn a_vulnerability_of_the_list() {
    assert_snapshot!(seeded("/vulnerabilities", "tbody tr:first-child").await, @r#"
    tr
      th [scope=row]
        a [href=/vulnerabilities/CVE-2021-44228] CVE-2021-44228
        small.clip.soft Remote code execution in Log4j
      td
        span.critical.severity critical
          i C
      td
        span.bad.badge exploited
        span.bad.badge ransomware
      td 97 %
      td 10.0
      td 1
      td 2
      td 3
      td 1
        span.soft of 1
      td 9 Dec 2021
    "#);
}

#[actix_web::test]
async fn the_gap_of_the_overview() {
    assert_snapshot!(seeded("/", ".gap tbody tr:nth-child(3)").await, @r#"
    tr
      th [scope=row]
        a [href=/workloads?gap=stale] [title=Scanned, but too long ago to rely on] stale
      td.num
        a [href=/workloads?gap=stale] [title=As of 23 Nov 2026 10:04 UTC] 2
      td.num.soft 67 %
      td.draw
        svg.meter [aria-hidden=true]
          rect
    "#);
    assert_snapshot!(seeded("/", ".gap tbody tr:nth-child(4)").await, @r#"
    tr
      th [scope=row]
        a [href=/workloads?gap=unsanctioned] [title=Current, but not from an approved registry] unsanctioned
      td.num
        span.badge.unknown not checked
      td.draw
        svg.meter [aria-hidden=true]
          rect.fill-unknown
    "#);
}

#[actix_web::test]
async fn an_empty_list_and_a_wrong_address_tell_a_way_out() {
    assert_snapshot!(empty("/images", "main .empty").await, @r#"
    div.empty
      p.lead No images yet
      p Scanner reports, SBOMs and Kubernetes object lists bring images.
      p
        a.button.primary [href=/documents] Upload documents
    "#);
    assert_snapshot!(empty("/images?q=nothing", "main .empty").await, @r#"
    div.empty
      p.lead No images match
      p Nothing stored fits these filters.
      p
        a.button.primary [href=/images] Show all images
    "#);
    assert_snapshot!(empty("/nowhere", "main .actions").await, @r#"
    p.actions
      a.button.primary [href=/] Go to Exposure
      a.button [href=/documents] Go to Documents
    "#);
}

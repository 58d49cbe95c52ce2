//! Every page that can be reached: it answers, it is guarded, it is small, and it leads on.

use tests::page::{Crawl, Page, client, crawl, get};
use tests::served::Served;
use tokio::sync::OnceCell;

/// Pages that must be reachable from `/` in a filled estate, by the shape of their addresses.
const SECTIONS: [&str; 6] = ["/", "/images", "/workloads", "/vulnerabilities", "/runtime", "/documents"];
/// Most bytes of a page before compression.
const LARGEST: usize = 60_000;

/// The crawl of the shared demo, done once.
async fn visited() -> &'static Crawl {
    static VISITED: OnceCell<Crawl> = OnceCell::const_new();
    VISITED
        .get_or_init(|| async {
            let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
            crawl(&demo.address, 300, 4).await
        })
        .await
}

fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn html(crawl: &Crawl) -> impl Iterator<Item = &Page> {
    crawl.pages.values().filter(|page| page.is_html())
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let visited = visited().await;
    let broken = visited.pages.values().filter(|page| page.status >= 400);
    none(
        broken
            .map(|page| {
                let from = visited.found_on.get(&page.path).map_or("", String::as_str);
                format!("{} answers {} (linked from {from})", page.path, page.status)
            })
            .collect(),
    );
    for section in SECTIONS {
        assert!(visited.pages.contains_key(section), "{section} is not linked from anywhere");
    }
    let details = |prefix: &str| visited.pages.keys().filter(|path| path.starts_with(prefix)).count();
    for prefix in ["/images/", "/workloads/", "/vulnerabilities/", "/documents/"] {
        assert!(details(prefix) > 0, "no detail below {prefix} is linked from anywhere");
    }
}

#[tokio::test]
async fn every_page_is_guarded() {
    let mut problems = Vec::new();
    for page in html(visited().await) {
        let policy = page.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'nonce-", "frame-ancestors 'none'", "base-uri 'none'"]
        {
            if !policy.contains(part) {
                problems.push(format!("{}: the policy lacks {part}: {policy}", page.path));
            }
        }
        for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY")] {
            if page.header(name) != value {
                problems.push(format!("{}: {name} is `{}`", page.path, page.header(name)));
            }
        }
        let text = page.text();
        for sign in [" style=\"", "<style", "onclick=", "javascript:", "src=\"http", "href=\"//"] {
            if text.contains(sign) {
                problems.push(format!("{}: {sign}", page.path));
            }
        }
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default();
        if page.attributes("script", "nonce").iter().any(|found| found != nonce) {
            problems.push(format!("{}: a script without this answer's nonce", page.path));
        }
    }
    none(problems);
}

#[tokio::test]
async fn every_page_is_small() {
    let large = html(visited().await).filter(|page| page.body.len() > LARGEST);
    none(
        large.map(|page| format!("{}: {} bytes, more than {LARGEST}", page.path, page.body.len())).collect(),
    );
    let sizes = html(visited().await).map(|page| page.body.len());
    let (count, largest) = (html(visited().await).count(), sizes.max().unwrap_or(0));
    tests::measured(&format!("{count} pages, the largest {largest} bytes"));
}

#[tokio::test]
async fn every_page_has_landmarks_a_title_and_one_heading() {
    let mut problems = Vec::new();
    for page in html(visited().await) {
        for (selector, wanted) in
            [("main", 1), ("h1", 1), ("title", 1), ("nav[aria-label]", 1), ("a.skip", 1)]
        {
            let found = page.texts(selector).len();
            if found < wanted
                || (wanted == 1 && selector != "nav[aria-label]" && selector != "title" && found != 1)
            {
                problems.push(format!("{}: {found} × {selector}", page.path));
            }
        }
        let ids = page.attributes("[id]", "id");
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        if unique.len() != ids.len() {
            problems.push(format!("{}: an id is given twice", page.path));
        }
    }
    none(problems);
}

#[tokio::test]
async fn no_page_shows_what_went_wrong_inside() {
    let mut problems = Vec::new();
    for page in html(visited().await) {
        let text = page.texts("main").join(" ");
        for sign in ["NaN", "Some(", "None,", "panicked", "undefined", "&amp;lt;", "{{", "inf%"] {
            if text.contains(sign) {
                problems.push(format!("{}: shows `{sign}`", page.path));
            }
        }
    }
    none(problems);
}

#[tokio::test]
async fn the_overview_shows_the_estate() {
    let page = &visited().await.pages["/"];
    assert!(!page.texts(".hero svg[role=img]").is_empty(), "the load line is drawn");
    for card in ["Cyber Exposure gap", "Fix next", "Worst of ", "Known exploited, running", "Sources"] {
        assert!(page.texts("h2").iter().any(|heading| heading.starts_with(card)), "{card} is missing");
    }
    assert!(page.texts("#main").join(" ").contains("storefront") || page.texts("td, th").len() > 20);
}

#[tokio::test]
async fn a_wrong_address_tells_a_way_out() {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let client = client();
    for path in [
        "/nowhere",
        "/images/0123456789abcdef0123456789abcdef",
        "/images/not-an-id",
        "/workloads/0123456789abcdef0123456789abcdef",
        "/vulnerabilities/CVE-1999-0000",
        "/documents/0123456789abcdef0123456789abcdef",
    ] {
        let page = get(&client, &demo.address, path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.is_html(), "{path}");
        let ways = page.attributes("main a[href]", "href");
        assert!(ways.iter().any(|href| href == "/"), "{path} leads nowhere: {ways:?}");
    }
    for path in
        ["/images?sort=beauty", "/workloads?colour=red", "/vulnerabilities?size=7", "/documents?page=0"]
    {
        let page = get(&client, &demo.address, path).await;
        assert_eq!(page.status, 400, "{path}");
        assert!(page.texts(".lead").join("").len() > 20, "{path} says nothing");
    }
}

#[tokio::test]
async fn an_empty_estate_tells_what_to_do() {
    let empty = tokio::task::spawn_blocking(Served::empty).await.unwrap();
    let client = client();
    for path in SECTIONS {
        let page = get(&client, &empty.address, path).await;
        assert_eq!(page.status, 200, "{path}");
        let text = page.texts("main").join(" ");
        assert!(
            text.contains("No ") || text.contains("Nothing"),
            "{path} does not say that it is empty: {text:.300}"
        );
        if path != "/documents" {
            let ways = page.attributes("main a.button", "href");
            assert!(ways.iter().any(|href| href == "/documents"), "{path} leads to no upload: {ways:?}");
        }
    }
    let overview = get(&client, &empty.address, "/").await;
    assert!(overview.texts(".unknown").join(" ").contains("not scored yet"), "an empty estate has no score");
    tokio::task::spawn_blocking(move || drop(empty)).await.unwrap();
}

#[tokio::test]
async fn every_list_sorts_by_every_column_and_pages() {
    let demo = tokio::task::spawn_blocking(Served::shared_demo).await.unwrap();
    let client = client();
    let mut problems = Vec::new();
    for list in ["/images", "/workloads", "/vulnerabilities", "/runtime", "/documents"] {
        let first = get(&client, &demo.address, list).await;
        let sorts = first.attributes("thead th[aria-sort] a", "href");
        if sorts.len() < 4 {
            problems.push(format!("{list}: only {} columns sort", sorts.len()));
        }
        for href in sorts {
            let page = get(&client, &demo.address, &href).await;
            let sorted = page.attributes("thead th[aria-sort]", "aria-sort");
            let in_force = sorted.iter().filter(|word| *word != "none").count();
            if page.status != 200 || in_force != 1 {
                problems.push(format!("{href}: status {}, {in_force} columns in force", page.status));
            }
        }
        let small = get(&client, &demo.address, &format!("{list}?size=25")).await;
        if small.texts("tbody tr").len() > 25 {
            problems.push(format!("{list}?size=25 has {} rows", small.texts("tbody tr").len()));
        }
        if let Some(next) = small.attributes("a[rel=next]", "href").first() {
            let next = get(&client, &demo.address, next).await;
            let (before, after) = (small.texts("tbody th[scope=row] a"), next.texts("tbody th[scope=row] a"));
            if next.status != 200 || after.is_empty() || before == after {
                problems.push(format!("{}: the next page is not one", next.path));
            }
        }
    }
    none(problems);
}

//! Every kind of page of the demo with one example of each, found by following the lists.

use tests::page::{Page, client, get};
use tests::served::Served;

/// A page to look at.
#[derive(Debug, Clone)]
pub(crate) struct Sight {
    /// A word for it: a file name.
    pub(crate) name: String,
    /// Its address.
    pub(crate) path: String,
}

fn sight(name: &str, path: &str) -> Sight {
    Sight { name: name.to_owned(), path: path.to_owned() }
}

/// Every kind of page.
pub(crate) async fn every(served: &Served) -> Vec<Sight> {
    let client = client();
    let mut sights = vec![
        sight("overview", "/"),
        sight("images", "/images"),
        sight("workloads", "/workloads"),
        sight("vulnerabilities", "/vulnerabilities"),
        sight("documents", "/documents"),
        sight("clouds", "/clouds"),
        sight("accounts", "/accounts"),
        sight("repositories", "/repositories"),
        sight("clusters", "/clusters"),
        sight("sources", "/sources"),
        sight("add-source", "/add-source/aws"),
        sight("source-handbook", "/help/sources/aws"),
        sight("api", "/api"),
        sight("search", "/search?q=storefront"),
        sight("nothing-found", "/images?q=flying-dutchman"),
        sight("not-there", "/nowhere"),
        sight("refused", "/images?sort=beauty"),
    ];
    for (noun, list) in [
        ("image", "/images?sort=-score&running=yes"),
        ("workload", "/workloads?sort=-score"),
        ("vulnerability", "/vulnerabilities?kev=yes"),
        ("document", "/documents"),
        ("source", "/sources"),
        ("run", "/sources/azure-shop?tab=runs"),
        ("cluster", "/clusters?sort=-unwanted"),
        ("repository", "/repositories?sort=-unwanted"),
    ] {
        let page = get(&client, &served.address, list).await;
        let Some(first) = page.attributes("tbody th[scope=row] a", "href").into_iter().next() else {
            panic!("{list} has no row that leads to a detail (status {})", page.status);
        };
        let detail = get(&client, &served.address, &first).await;
        sights.push(sight(noun, &first));
        sights.extend(tabs(noun, &detail));
    }
    sights
}

/// The tabs of a detail page but the open one.
fn tabs(noun: &str, detail: &Page) -> Vec<Sight> {
    let hrefs = detail.attributes(".tabs a:not([aria-current])", "href");
    let named = |href: String| {
        let word =
            href.split("tab=").nth(1).unwrap_or("tab").split(['&', '#']).next().unwrap_or("tab").to_owned();
        let path = if href.starts_with('?') { format!("{}{href}", detail.path) } else { href };
        sight(&format!("{noun}-{word}"), &path)
    };
    hrefs.into_iter().map(named).collect()
}

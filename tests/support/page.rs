//! Pages as a program sees them: fetched, asked by selector, crawled. Refuses to follow links off the
//! server.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use scraper::{Html, Selector};
use serde_json::Value;

use crate::{must, there};

/// An answer of the server.
#[derive(Debug)]
pub struct Page {
    /// The path and query it was asked for.
    pub path: String,
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as it was sent, without compression.
    pub body: Vec<u8>,
}

/// Asks with this client for a path of a server.
pub async fn get(client: &reqwest::Client, address: &str, path: &str) -> Page {
    read(path, must(client.get(format!("{address}{path}")).send().await, path)).await
}

/// Reads an answer to its end.
pub async fn read(path: &str, response: reqwest::Response) -> Page {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = must(response.bytes().await, path).to_vec();
    Page { path: path.to_owned(), status, headers, body }
}

/// A client that keeps cookies out and follows no redirect, so that each answer is seen. It opens a
/// connection for each request: a kept one may be closed by the server just as it is used again.
#[must_use]
pub fn client() -> reqwest::Client {
    crate::choose_encryption();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    must(builder.pool_max_idle_per_host(0).build(), "no HTTP client")
}

impl Page {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        must(serde_json::from_slice(&self.body), &format!("{} is not JSON: {:.300}", self.path, self.text()))
    }

    /// A header, or the empty text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether it is a page for people.
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }

    /// The texts of the elements that a selector finds, with single spaces.
    #[must_use]
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let page = Html::parse_document(&self.text());
        page.select(&parsed(selector)).map(|element| words(element.text().collect())).collect()
    }

    /// An attribute of every element that a selector finds and that has it.
    #[must_use]
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let page = Html::parse_document(&self.text());
        page.select(&parsed(selector)).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// An attribute of the first element that a selector finds.
    #[must_use]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        there(self.attributes(selector, name).into_iter().next(), &format!("{selector} on {}", self.path))
    }

    /// The paths of this server that it links to, without fragments.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        self.attributes("a[href], link[href]", "href")
            .into_iter()
            .filter_map(|href| self.local(&href))
            .collect()
    }

    fn local(&self, href: &str) -> Option<String> {
        let href = href.split('#').next().unwrap_or_default();
        if href.starts_with('/') && !href.starts_with("//") {
            Some(href.to_owned())
        } else if href.starts_with('?') {
            Some(format!("{}{href}", self.path.split('?').next().unwrap_or_default()))
        } else {
            None
        }
    }
}

fn parsed(selector: &str) -> Selector {
    must(Selector::parse(selector).map_err(|error| error.to_string()), "a selector")
}

/// Where a crawl has been.
#[derive(Debug)]
pub struct Crawl {
    /// Every answer by path.
    pub pages: BTreeMap<String, Page>,
    /// For each path, the page that led there first.
    pub found_on: BTreeMap<String, String>,
}

/// Follows the links of a server from `/`, breadth first. Of addresses that differ only in their query, or
/// only in an id, `alike` are asked for.
pub async fn crawl(address: &str, most: usize, alike: usize) -> Crawl {
    let client = client();
    let mut crawl = Crawl { pages: BTreeMap::new(), found_on: BTreeMap::new() };
    let mut seen_shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting = std::collections::VecDeque::from(["/".to_owned()]);
    while let Some(path) = waiting.pop_front() {
        if crawl.pages.len() >= most {
            break;
        }
        let page = get(&client, address, &path).await;
        for link in if page.is_html() { page.links() } else { Vec::new() } {
            if crawl.found_on.contains_key(&link) || link == "/" {
                continue;
            }
            let seen = seen_shapes.entry(shape(&link)).or_default();
            *seen += 1;
            if *seen <= alike {
                crawl.found_on.insert(link.clone(), path.clone());
                waiting.push_back(link);
            }
        }
        crawl.pages.insert(path, page);
    }
    crawl
}

/// The address with its ids and the values of its query left out.
#[must_use]
pub fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let segment = |segment: &str| {
        let id = segment.len() >= 32 && segment.bytes().all(|byte| byte.is_ascii_hexdigit());
        let advisory = segment.contains('-') && segment.bytes().any(|byte| byte.is_ascii_digit());
        if id || advisory { "*".to_owned() } else { segment.to_owned() }
    };
    let path: Vec<String> = path.split('/').map(segment).collect();
    let mut keys: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    keys.sort_unstable();
    format!("{}?{}", path.join("/"), keys.join("&"))
}

//! The whole application over a store, for tests: requests go through every guard as a browser's or a
//! program's would. Refuses the network.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::App;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use scraper::{ElementRef, Html, Selector};
use store::Store;

use crate::{Settings, Sources, State, configure};

/// The application.
pub(crate) struct TestApp {
    /// What it stands on.
    pub(crate) state: State,
    wakes: Arc<AtomicUsize>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    cookies: Vec<Cookie<'static>>,
}

/// A browser that has opened a page: its secret and the page's token.
pub(crate) struct Browser {
    cookie: Cookie<'static>,
    /// For the field `csrf`.
    pub(crate) csrf: String,
}

/// One part of a multipart body: a field, or a file with its name.
pub(crate) enum Field<'a> {
    Text(&'a str, &'a str),
    File(&'a str, &'a [u8]),
}

impl TestApp {
    pub(crate) fn new(store: Store) -> Self {
        Self::with(store, Settings::default())
    }

    pub(crate) fn with(store: Store, settings: Settings) -> Self {
        let wakes = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&wakes);
        let wake = Arc::new(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let clock = || "2026-11-23T10:04:00Z".parse().unwrap();
        Self { state: State { settings, wake, clock, ..State::new(store) }, wakes }
    }

    /// The same with what it may do with sources.
    pub(crate) fn with_sources(store: Store, sources: Sources) -> Self {
        let mut app = Self::new(store);
        app.state.sources = sources;
        app
    }

    /// How often the pipeline was woken.
    pub(crate) fn wakes(&self) -> usize {
        self.wakes.load(Ordering::Relaxed)
    }

    /// Sends to this machine by its own name.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        self.send_as_is(request.insert_header(("host", "localhost"))).await
    }

    /// Sends with the Host header that the request has.
    pub(crate) async fn send_as_is(&self, request: TestRequest) -> Answer {
        let state = self.state.clone();
        let service = init_service(App::new().configure(|cfg| configure(cfg, state))).await;
        let response = call_service(&service, request.to_request()).await;
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            cookies: response.response().cookies().map(Cookie::into_owned).collect(),
            body: read_body(response).await.to_vec(),
        }
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.send(TestRequest::get().uri(address)).await
    }

    /// Opens the documents page as a browser does.
    pub(crate) async fn browser(&self) -> Browser {
        let answer = self.get("/documents").await;
        let csrf = answer.attribute("input[name=csrf]", "value");
        Browser { cookie: answer.cookies.into_iter().next().expect("a cookie with the first page"), csrf }
    }
}

impl Browser {
    /// A form sent from a page of this server.
    pub(crate) fn form(&self, address: &str, body: String) -> TestRequest {
        self.post(address).insert_header(header::ContentType::form_url_encoded()).set_payload(body)
    }

    /// Files sent from a page of this server, after the page's token.
    pub(crate) fn files(&self, fields: &[Field<'_>]) -> TestRequest {
        let mut all = vec![Field::Text("csrf", &self.csrf)];
        all.extend(fields.iter().map(|field| match field {
            Field::Text(name, value) => Field::Text(name, value),
            Field::File(name, bytes) => Field::File(name, bytes),
        }));
        multipart(self.post("/documents"), &all)
    }

    /// A request with this browser's secret, from this server's page.
    pub(crate) fn post(&self, address: &str) -> TestRequest {
        TestRequest::post()
            .uri(address)
            .cookie(self.cookie.clone())
            .insert_header(("sec-fetch-site", "same-origin"))
    }
}

/// A request with a multipart body.
pub(crate) fn multipart(request: TestRequest, fields: &[Field<'_>]) -> TestRequest {
    const BOUNDARY: &str = "----plimsoll-test-boundary";
    let mut body = Vec::new();
    for field in fields {
        body.extend(format!("--{BOUNDARY}\r\n").as_bytes());
        match field {
            Field::Text(name, value) => {
                body.extend(
                    format!("content-disposition: form-data; name=\"{name}\"\r\n\r\n{value}").as_bytes(),
                );
            }
            Field::File(name, bytes) => {
                let name = name.replace('"', "%22");
                let head =
                    format!("content-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
                body.extend(head.as_bytes());
                body.extend(*bytes);
            }
        }
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    request
        .insert_header((header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}")))
        .set_payload(body)
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// The texts of the elements that a selector finds.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let page = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).expect("a selector");
        page.select(&selector).map(|element| words(element.text().collect())).collect()
    }

    /// The first element that a selector finds, a line an element: its tag and classes, what is said of it,
    /// its own words.
    pub(crate) fn outline(&self, selector: &str) -> String {
        let page = Html::parse_document(&self.text());
        let found = page.select(&Selector::parse(selector).expect("a selector")).next();
        let mut lines = String::new();
        outline(found.unwrap_or_else(|| panic!("no {selector}")), 0, &mut lines);
        lines
    }

    /// An attribute of the first element that a selector finds.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> String {
        let page = Html::parse_document(&self.text());
        let found = page.select(&Selector::parse(selector).expect("a selector")).next();
        found.and_then(|element| element.attr(name)).unwrap_or_else(|| panic!("no {selector}")).to_owned()
    }
}

/// Attributes that change what a reader is told or where they are led.
const TOLD: [&str; 7] = ["role", "aria-label", "aria-hidden", "scope", "href", "title", "datetime"];

fn outline(element: ElementRef<'_>, depth: usize, lines: &mut String) {
    let value = element.value();
    let mut line = format!("{}{}", "  ".repeat(depth), value.name());
    value.classes().for_each(|class| line.extend([".", class]));
    for (name, told) in TOLD.iter().filter_map(|name| Some((name, value.attr(name)?))) {
        line.push_str(&format!(" [{name}={told}]"));
    }
    let own: String = element.children().filter_map(|child| Some(&**child.value().as_text()?)).collect();
    own.split_whitespace().for_each(|word| line.extend([" ", word]));
    lines.extend([line.trim_end(), "\n"]);
    element.child_elements().for_each(|child| outline(child, depth + 1, lines));
}

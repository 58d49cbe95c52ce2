//! What every page needs besides its subject: which section is lit, theme, nonce, form token, request id,
//! the moment it is made for. A handler takes a [`Frame`] as an argument and its page struct holds it.
//! Refuses to know any page's data.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{DateTime, Utc};
use tracing_actix_web::RequestId;

use crate::State;
use crate::assets;
use crate::csrf::Token;
use crate::security::Nonce;
use crate::theme::{Rows, Theme};

/// The sections in the rail, in its order. Only sections with pages are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The overview.
    Exposure,
    /// Images.
    Images,
    /// Workloads.
    Workloads,
    /// Vulnerabilities.
    Vulnerabilities,
    /// What sensors saw.
    Runtime,
    /// Sources.
    Sources,
    /// Documents.
    Documents,
}

impl Section {
    /// Every section.
    pub(crate) const ALL: [Self; 7] = [
        Self::Exposure,
        Self::Images,
        Self::Workloads,
        Self::Vulnerabilities,
        Self::Runtime,
        Self::Sources,
        Self::Documents,
    ];

    /// Its name for people.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Exposure => "Exposure",
            Self::Images => "Images",
            Self::Workloads => "Workloads",
            Self::Vulnerabilities => "Vulnerabilities",
            Self::Runtime => "Runtime",
            Self::Sources => "Sources",
            Self::Documents => "Documents",
        }
    }

    /// Where it starts.
    pub(crate) fn href(self) -> &'static str {
        match self {
            Self::Exposure => "/",
            Self::Images => "/images",
            Self::Workloads => "/workloads",
            Self::Vulnerabilities => "/vulnerabilities",
            Self::Runtime => "/runtime",
            Self::Sources => "/sources",
            Self::Documents => "/documents",
        }
    }

    /// The path data of its 24 by 24 line drawing.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Exposure => "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M2 12h20",
            Self::Images => "M4 8l8-4 8 4-8 4zM4 12l8 4 8-4M4 16l8 4 8-4",
            Self::Workloads => "M3 4h8v7H3zM13 4h8v7h-8zM3 13h8v7H3zM13 13h8v7h-8z",
            Self::Vulnerabilities => "M12 3l9 17H3zM12 10v4M12 17v.5",
            Self::Runtime => "M2 12h5l3-7 4 14 3-7h5",
            Self::Sources => "M12 3v10M8 9l4 4 4-4M4 14v6h16v-6",
            Self::Documents => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
        }
    }
}

/// What every page carries.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The section that is lit, if the page belongs to one.
    pub(crate) section: Option<Section>,
    /// The colour scheme the viewer chose.
    pub(crate) theme: Theme,
    /// The height of rows the viewer chose.
    pub(crate) rows: Rows,
    /// The nonce of this response's content security policy.
    pub(crate) nonce: String,
    /// The token each form sends back in a field named `csrf`.
    pub(crate) csrf: String,
    /// The request's id, as the log has it.
    pub(crate) request_id: String,
    /// Path and query of this page, for forms that come back to it.
    pub(crate) here: String,
    /// What stands in the search field.
    pub(crate) search: String,
    /// The moment the page is made for.
    pub(crate) now: DateTime<Utc>,
    /// Where the server listens, for people.
    pub(crate) listen: String,
    /// Whether the server answers beyond loopback without a login, which every page then says.
    pub(crate) open_to_all: bool,
}

impl Frame {
    /// The same frame with a section lit.
    pub(crate) fn at(mut self, section: Section) -> Self {
        self.section = Some(section);
        self
    }

    /// The frame of a request, as far as the request has been prepared.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        // Cookies are parsed into the extensions, so they are read before those are borrowed.
        let (theme, rows) = (Theme::of(request), Rows::of(request));
        let extensions = request.extensions();
        let state = request.app_data::<web::Data<State>>();
        Self {
            section: None,
            theme,
            rows,
            nonce: extensions.get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default(),
            csrf: extensions.get::<Token>().map(Token::for_form).unwrap_or_default(),
            request_id: extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default(),
            here: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            search: String::new(),
            now: state.map_or_else(Utc::now, |state| state.now()),
            listen: state.map(|state| state.settings.listen.clone()).unwrap_or_default(),
            open_to_all: state.is_some_and(|state| !state.settings.loopback),
        }
    }

    /// The version of this program.
    pub(crate) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Every section, for the rail.
    pub(crate) fn sections(&self) -> [Section; 7] {
        Section::ALL
    }

    /// Whether a section is lit.
    pub(crate) fn is_at(&self, section: &Section) -> bool {
        self.section == Some(*section)
    }

    /// The address of a static file, with its fingerprint.
    pub(crate) fn asset(&self, path: &str) -> String {
        assets::href(path)
    }
}

impl FromRequest for Frame {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

//! Every call to a cluster goes through [`Ask`]. Lists are read page by page, and what a page says is kept, not the
//! page. Refuses a list whose token repeats, and pages that are too long to hold.

use std::time::Duration;

use domain::source::Completeness;
use formats::kubernetes::Objects;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kube::client::Body;
use serde::Deserialize;

use super::clusters::chain;
use super::config::Config;
use super::refusal::Refusal;
use super::resource::Resource;
use crate::caller::{Caller, Unsettled};
use crate::missing::Missing;
use crate::paging::Pages;
use crate::{Failure, Sink};

/// Objects on a page: what the server's own tools ask for.
const ROWS: usize = 500;
/// The longest page that is read, in bytes.
const LONGEST: usize = 256 << 20;
/// How often a list is begun anew that expired before its end.
const ANEW: usize = 3;

/// One cluster and service, ready to be asked.
pub(super) struct Ask<'a> {
    /// What the source was told.
    pub(super) settings: &'a Config,
    /// The cluster.
    pub(super) client: kube::Client,
    /// When and how often.
    pub(super) caller: Caller,
}

/// What a server says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Version {
    git_version: String,
}

/// How reading a list ended.
enum Read {
    /// At its end.
    Whole,
    /// The cluster has no such kind of objects in this version of its API.
    Absent,
    /// It expired, and cannot be gone on with.
    Expired,
    /// Not at all: nothing answers there.
    Lost(Failure),
}

impl Ask<'_> {
    /// Reads lists in their order and hands on what they say together. A kind that the cluster does not have is no
    /// gap.
    ///
    /// # Errors
    /// When the run was cancelled, the credentials are refused, or nothing answers.
    pub(super) async fn gather(&self, resources: &[Resource], sink: &Sink) -> Result<Completeness, Failure> {
        for _ in 0..ANEW {
            let (mut objects, mut missing) = (Objects::default(), Missing::default());
            let (mut expired, mut unlisted) = (false, Vec::new());
            for (at, resource) in resources.iter().enumerate() {
                match missing.without(self.list(resource, &mut objects).await)? {
                    Some(Read::Whole | Read::Absent) => {}
                    Some(Read::Expired) => {
                        expired = true;
                        break;
                    }
                    Some(Read::Lost(failure)) if at == 0 => return Err(failure),
                    // What follows would be waited for in vain.
                    Some(Read::Lost(failure)) => {
                        missing.note(failure);
                        unlisted.extend(resources[at..].iter().filter_map(|resource| resource.between));
                        break;
                    }
                    None => unlisted.extend(resource.between),
                }
            }
            if expired {
                continue;
            }
            let told = objects.finish(&self.caller.scope.account, &unlisted);
            if let Some(reason) = told.left_out {
                missing.note(reason);
            }
            for observation in told.observations {
                sink.observe(observation).await?;
            }
            return Ok(missing.completeness());
        }
        Ok(Completeness::Partial(format!(
            "the lists of {} expired {ANEW} times before their end: its API server keeps too little of the past, or is \
             too slow",
            self.caller.scope
        )))
    }

    /// The version of the cluster, which every server tells whom it knows.
    ///
    /// # Errors
    /// When it cannot be had or read.
    pub(super) async fn version(&self) -> Result<Option<String>, Failure> {
        const ACTION: &str = "version: get";
        let answer = self.get(ACTION, "/version").await.map_err(|refused| refused.failure)?;
        let told: Version =
            serde_json::from_slice(&answer).map_err(|error| self.caller.unreadable(ACTION, &error))?;
        Ok(told.git_version.strip_prefix('v').map(str::to_owned))
    }

    /// Lists one object, to see whether that is allowed.
    ///
    /// # Errors
    /// When it is not.
    pub(super) async fn probe(&self, resource: &Resource) -> Result<(), Failure> {
        for group in resource.groups {
            for path in resource.paths(group, &self.settings.namespaces) {
                match self.get(resource.action, &format!("{path}?limit=1")).await {
                    Ok(_) => {}
                    Err(refused) if refused.refusal.is_absence() => {}
                    Err(refused) => return Err(refused.failure),
                }
            }
        }
        Ok(())
    }

    /// Reads a list of the newest version of its API that the cluster has.
    async fn list(&self, resource: &Resource, objects: &mut Objects) -> Result<Read, Failure> {
        for group in resource.groups {
            let mut read = Read::Absent;
            for path in resource.paths(group, &self.settings.namespaces) {
                read = self.pages(resource, &path, objects).await?;
                if !matches!(read, Read::Whole) {
                    break;
                }
            }
            if !matches!(read, Read::Absent) {
                return Ok(read);
            }
        }
        Ok(Read::Absent)
    }

    async fn pages(&self, resource: &Resource, path: &str, objects: &mut Objects) -> Result<Read, Failure> {
        let (mut pages, mut token) = (Pages::default(), None::<String>);
        loop {
            let address = match &token {
                Some(token) => format!("{path}?limit={ROWS}&continue={}", escaped(token)),
                None => format!("{path}?limit={ROWS}"),
            };
            let next = match self.get(resource.action, &address).await {
                Ok(page) => {
                    let told = objects.add(&page);
                    told.map_err(|error| self.caller.unreadable(resource.action, &error))?.next
                }
                Err(refused) if refused.refusal.is_absence() => return Ok(Read::Absent),
                // The rest as it is now: objects come in the order of their names, so that none comes twice.
                Err(refused) if refused.refusal.is_expired() => match refused.refusal.resume {
                    Some(token) => Some(token),
                    None => return Ok(Read::Expired),
                },
                Err(refused) if refused.refusal.status.is_none() && is_silence(&refused.failure) => {
                    return Ok(Read::Lost(refused.failure));
                }
                Err(refused) => return Err(refused.failure),
            };
            token = pages.next(next).map_err(|pages| self.caller.repeated(resource.action, pages))?;
            if token.is_none() {
                return Ok(Read::Whole);
            }
        }
    }

    async fn get(&self, action: &str, address: &str) -> Result<Vec<u8>, Unsettled<Refusal>> {
        self.caller.settle(action, || self.sent(address)).await
    }

    async fn sent(&self, address: &str) -> Result<Vec<u8>, Refusal> {
        let request = http::Request::get(address)
            .header(http::header::ACCEPT, "application/json")
            .body(Body::empty())
            .map_err(|error| Refusal::lost(error.to_string()))?;
        let answer = self.client.send(request).await.map_err(|error| match &error {
            kube::Error::Auth(refused) => Refusal::no_credentials(chain(refused)),
            // What wraps it says no more.
            kube::Error::Service(cause) => Refusal::lost(chain(&**cause)),
            _ => Refusal::lost(chain(&error)),
        })?;
        let status = answer.status();
        let wait = answer
            .headers()
            .get(http::header::RETRY_AFTER)
            .and_then(|wait| wait.to_str().ok()?.trim().parse().ok().map(Duration::from_secs));
        let body = Limited::new(answer.into_body(), LONGEST).collect().await;
        let body = body.map_err(|error| match error.downcast::<LengthLimitError>() {
            Ok(_) => Refusal {
                lasting: true,
                ..Refusal::lost(format!("a page of more than {} MiB", LONGEST >> 20))
            },
            Err(error) => Refusal::lost(error.to_string()),
        })?;
        let body = body.to_bytes();
        if status.is_success() && !crate::http::is_page(&body) {
            Ok(body.into())
        } else {
            Err(Refusal::of(status.as_u16(), wait, &body))
        }
    }
}

/// Whether no answer came, rather than one that refuses.
fn is_silence(failure: &Failure) -> bool {
    matches!(failure, Failure::Vendor { .. } | Failure::TimedOut { .. })
}

/// A token as a query takes it.
fn escaped(token: &str) -> String {
    let mut address = reqwest::Url::parse("http://localhost/").ok();
    let pairs = address.as_mut().map(|address| {
        address.query_pairs_mut().append_pair("continue", token);
    });
    let query = pairs.and_then(|()| address?.query()?.strip_prefix("continue=").map(str::to_owned));
    query.unwrap_or_default()
}

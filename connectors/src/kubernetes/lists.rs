//! Lists of a cluster, read page by page: what a page says goes to a [`Reader`], and the page is let go. A list that
//! expires goes on with what is there now, or is begun anew. Refuses a list whose token repeats, and to take a denied
//! list for an empty one.

use std::collections::HashSet;

use domain::document::Provenance;
use domain::source::Completeness;
use formats::kubernetes::Objects;

use super::client::Ask;
use super::papers::Papers;
use super::resource::Resource;
use crate::missing::Missing;
use crate::oci::digest_of;
use crate::paging::Pages;
use crate::{Failure, Sink};

/// How often a list is begun anew that expired before its end.
const ANEW: usize = 3;

/// What becomes of the pages of lists.
pub(super) trait Reader: Send {
    /// Takes what a page says that stands at a version of its API: `apis/batch/v1`.
    ///
    /// # Errors
    /// In words, when it is not the JSON of a list.
    fn take(&mut self, resource: &Resource<'_>, group: &str, page: &[u8]) -> Result<Taken, String>;
}

/// What came of a page.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Where the next page begins; absent on the last.
    pub(super) next: Option<String>,
    /// What is handed on at once.
    pub(super) documents: Vec<(Vec<u8>, Provenance)>,
    /// What could not be read of it, in words.
    pub(super) odd: Option<String>,
}

/// Lists under way.
struct Reading<'r> {
    reader: &'r mut dyn Reader,
    sink: &'r Sink,
    missing: Missing,
}

/// How reading lists ended.
struct Ended {
    missing: Missing,
    /// Kinds that stand between pods and what people know, and were not seen.
    unlisted: Vec<&'static str>,
    /// Which list expired; none was read after it.
    expired: Option<usize>,
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

impl Reader for Objects {
    fn take(&mut self, _: &Resource<'_>, _: &str, page: &[u8]) -> Result<Taken, String> {
        let told = self.add(page).map_err(|error| error.to_string())?;
        Ok(Taken { next: told.next, ..Taken::default() })
    }
}

impl Ask<'_> {
    /// Reads lists in their order and hands on what they say together. A kind that the cluster does not have is no
    /// gap.
    ///
    /// # Errors
    /// When the run was cancelled, the credentials are refused, or nothing answers.
    pub(super) async fn gather(
        &self,
        resources: &[Resource<'_>],
        sink: &Sink,
    ) -> Result<Completeness, Failure> {
        for _ in 0..ANEW {
            let mut objects = Objects::default();
            let Ended { mut missing, unlisted, expired } = self.read(resources, &mut objects, sink).await?;
            if expired.is_some() {
                continue;
            }
            let (observations, left_out) = objects.finish(&self.caller.scope.account, &unlisted);
            if let Some(reason) = left_out {
                missing.note(reason);
            }
            for observation in observations {
                sink.observe(observation).await?;
            }
            return Ok(missing.completeness());
        }
        Ok(Completeness::Partial(self.expired()))
    }

    /// Reads lists in their order and hands on each object as a document, page by page; those before a list that
    /// expired are not read again.
    ///
    /// # Errors
    /// When the run was cancelled, the credentials are refused, or nothing answers.
    pub(super) async fn hand_on(
        &self,
        resources: &[Resource<'_>],
        sink: &Sink,
    ) -> Result<Completeness, Failure> {
        let (mut missing, mut open) = (Missing::default(), resources);
        for _ in 0..ANEW {
            let mut papers = Papers { cluster: &self.caller.scope.account };
            let ended = self.read(open, &mut papers, sink).await?;
            missing.join(ended.missing);
            let Some(at) = ended.expired else { return Ok(missing.completeness()) };
            open = open.get(at..).unwrap_or_default();
        }
        missing.note(self.expired());
        Ok(missing.completeness())
    }

    /// Reads lists in their order, until one expires or nothing answers.
    async fn read(
        &self,
        resources: &[Resource<'_>],
        reader: &mut dyn Reader,
        sink: &Sink,
    ) -> Result<Ended, Failure> {
        let mut reading = Reading { reader, sink, missing: Missing::default() };
        let (mut unlisted, mut expired) = (Vec::new(), None);
        for (at, resource) in resources.iter().enumerate() {
            let read = self.list(resource, &mut reading).await;
            match reading.missing.without(read)? {
                Some(Read::Whole | Read::Absent) => {}
                Some(Read::Expired) => {
                    expired = Some(at);
                    break;
                }
                Some(Read::Lost(failure)) if at == 0 => return Err(failure),
                // What follows would be waited for in vain.
                Some(Read::Lost(failure)) => {
                    reading.missing.note(failure);
                    unlisted.extend(resources.iter().skip(at).filter_map(|resource| resource.between));
                    break;
                }
                None => unlisted.extend(resource.between),
            }
        }
        Ok(Ended { missing: reading.missing, unlisted, expired })
    }

    /// Reads a list of the newest version of its API that the cluster has.
    async fn list(&self, resource: &Resource<'_>, reading: &mut Reading<'_>) -> Result<Read, Failure> {
        for group in resource.groups {
            let mut read = Read::Absent;
            for path in resource.paths(group, &self.settings.namespaces) {
                read = self.pages(resource, group, &path, reading).await?;
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

    async fn pages(
        &self,
        resource: &Resource<'_>,
        group: &str,
        path: &str,
        reading: &mut Reading<'_>,
    ) -> Result<Read, Failure> {
        let (mut pages, mut token) = (Pages::default(), None::<String>);
        let begin = format!("{path}?limit={}{}", resource.rows, resource.besides);
        loop {
            let address = match &token {
                Some(token) => format!("{begin}&continue={}", escaped(token)),
                None => begin.clone(),
            };
            let next = match self.get(resource.action, &address).await {
                Ok(page) => self.take(resource, group, page, reading).await?,
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

    /// Lets the reader take a page, hands on what comes of it, and answers where the next begins.
    async fn take(
        &self,
        resource: &Resource<'_>,
        group: &str,
        page: Vec<u8>,
        reading: &mut Reading<'_>,
    ) -> Result<Option<String>, Failure> {
        let unreadable = |words: String| self.caller.unreadable(resource.action, &words);
        let taken = reading.reader.take(resource, group, &page).map_err(unreadable)?;
        drop(page);
        if let Some(odd) = taken.odd {
            reading.missing.note(unreadable(odd));
        }
        self.deliver(taken.documents, reading.sink).await?;
        Ok(taken.next)
    }

    /// Hands on those documents that were not read before.
    async fn deliver(&self, documents: Vec<(Vec<u8>, Provenance)>, sink: &Sink) -> Result<(), Failure> {
        let digest = |bytes: &[u8]| digest_of(bytes).map_or_else(String::new, |digest| digest.to_string());
        let digests: Vec<String> = documents.iter().map(|(bytes, _)| digest(bytes)).collect();
        let known = if digests.is_empty() {
            HashSet::new()
        } else {
            self.caller.context.memory.read_before(&self.caller.scope.account, &digests).await
        };
        for ((bytes, provenance), digest) in documents.into_iter().zip(digests) {
            if !known.contains(&digest) {
                sink.document(bytes, provenance).await?;
            }
        }
        Ok(())
    }

    fn expired(&self) -> String {
        format!(
            "the lists of {} expired {ANEW} times before their end: its API server keeps too little of the past, or is \
             too slow",
            self.caller.scope
        )
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

//! One list, listened to: where it was begun, how far it has come, when it is tried again. A watch goes on from where it
//! was; where that is not kept any more, or anything was missed, the scope is asked again as a whole. Refuses to hold what
//! changed, and to believe anything of a gap.

use std::time::Duration;

use domain::source::Scope;
use formats::kubernetes::Objects;
use tokio::time::Instant;

use super::client::Ask;
use super::events::{Event, Known, Lines};
use super::follow::Followed;
use super::refusal::Refusal;
use crate::caller::Unsettled;
use crate::{Failure, Noticed};

/// The first rest after a failure; it doubles each time.
const FIRST_REST: Duration = Duration::from_secs(1);
/// The longest rest after failures.
const LONGEST_REST: Duration = Duration::from_secs(300);
/// After how long something is tried again that is not allowed or not there.
const REFUSED_REST: Duration = Duration::from_secs(1800);
/// How long a server is asked to let a watch last, in seconds, and at most as long again, so that many do not end at once.
const LASTS: u64 = 240;
/// How long nothing may come: servers send bookmarks about once a minute.
const SILENCE: Duration = Duration::from_secs(150);
/// A watch that lasted so long did not fail.
const LASTED: Duration = Duration::from_secs(30);

/// One list of a cluster.
#[derive(Debug)]
pub(super) struct Watch {
    /// What is asked again when something changes.
    scope: Scope,
    followed: &'static Followed,
    /// The namespace, if only some are looked into.
    within: Vec<String>,
    /// The path of the list and the version from which it is listened; nothing before it was begun, and after a gap.
    place: Option<Place>,
    known: Known,
    failures: u32,
    /// Whether it was said that it cannot be followed.
    said: bool,
}

#[derive(Clone, Debug)]
struct Place {
    path: String,
    version: String,
}

/// How listening ended.
enum End {
    /// As servers end it after a while, or by a connection that broke: it goes on from where it was.
    Over,
    /// What was before is not kept, or cannot be known.
    Gap,
    /// The cluster has no such objects.
    Absent,
    /// It was not begun.
    Refused(Box<Unsettled<Refusal>>),
}

impl Watch {
    /// Of a list of this scope, in one namespace or in all.
    pub(super) fn new(scope: Scope, followed: &'static Followed, within: Option<String>) -> Self {
        Self {
            scope,
            followed,
            within: within.into_iter().collect(),
            place: None,
            known: Known::default(),
            failures: 0,
            said: false,
        }
    }

    /// Listens until it is dropped, and can be gone on with then.
    pub(super) async fn listen(&mut self, ask: &Ask<'_>, noticed: &Noticed) {
        loop {
            let begun = Instant::now();
            let end = self.listened(ask, noticed).await;
            if begun.elapsed() >= LASTED {
                self.failures = 0;
            }
            let rest = match end {
                End::Over => self.rest(),
                End::Gap => {
                    self.forget();
                    self.rest()
                }
                End::Absent => REFUSED_REST,
                End::Refused(unsettled) => self.refused(*unsettled, noticed),
            };
            tokio::time::sleep(rest).await;
        }
    }

    /// Begins anew the next time. What was observed before a gap says nothing of what is there after it.
    fn forget(&mut self) {
        (self.place, self.known) = (None, Known::default());
    }

    /// How long to wait after one more failure: twice as long each time, and up to half of it less.
    fn rest(&mut self) -> Duration {
        let whole = FIRST_REST.saturating_mul(2_u32.saturating_pow(self.failures)).min(LONGEST_REST);
        self.failures = self.failures.saturating_add(1);
        whole.mul_f64(0.5 + fastrand::f64() / 2.0)
    }

    /// How long to wait after a refusal; one that lasts is told once.
    fn refused(&mut self, unsettled: Unsettled<Refusal>, noticed: &Noticed) -> Duration {
        let Unsettled { failure, refusal } = unsettled;
        if refusal.is_expired() {
            self.forget();
        }
        let lasting = matches!(failure, Failure::Denied { .. }) || matches!(refusal.status, Some(404 | 405));
        if !lasting {
            return self.rest();
        }
        // That a list is denied, runs say.
        let of_list = matches!(&failure, Failure::Denied { action, .. } if *action != self.followed.action);
        if !self.said && !of_list {
            self.said = true;
            noticed.unfollowed(format!("{} is known by its lists alone: {failure}", self.scope));
        }
        REFUSED_REST
    }

    /// Begins where it was, or anew, and listens until that ends.
    async fn listened(&mut self, ask: &Ask<'_>, noticed: &Noticed) -> End {
        let place = match self.place.clone() {
            Some(place) => place,
            None => match self.begin(ask).await {
                Ok(Some(place)) => place,
                Ok(None) => return End::Absent,
                Err(unsettled) => return End::Refused(Box::new(unsettled)),
            },
        };
        let address = address(&place, LASTS + fastrand::u64(0..=LASTS));
        let body = match ask.open(self.followed.action, &address).await {
            Ok(body) => body,
            Err(unsettled) => return End::Refused(Box::new(unsettled)),
        };
        self.said = false;
        if self.place.is_none() {
            // What was between the last run and now, nobody heard: all that follows is after the run that this asks for.
            noticed.changed(&self.scope);
        }
        let path = place.path.clone();
        self.place = Some(place);
        let mut lines = Lines::new(body);
        loop {
            let line = match tokio::time::timeout(SILENCE, lines.next()).await {
                Ok(Ok(Some(line))) => line,
                Ok(Ok(None)) | Err(_) => return End::Over,
                Ok(Err(_)) => return End::Gap,
            };
            let (version, changed) = match self.known.read(&line) {
                Event::Reached(version) => (version, false),
                Event::Changed(version) => (version, true),
                Event::Expired | Event::Broken => return End::Gap,
            };
            self.place = Some(Place { path: path.clone(), version });
            self.failures = 0;
            if changed {
                noticed.changed(&self.scope);
            }
        }
    }

    /// Where the list stands now, by the newest version of its API that the cluster has.
    async fn begin(&self, ask: &Ask<'_>) -> Result<Option<Place>, Unsettled<Refusal>> {
        let resource = &self.followed.resource;
        for group in resource.groups {
            for path in resource.paths(group, &self.within) {
                match ask.get(resource.action, &format!("{path}?limit=1")).await {
                    Ok(page) => return Ok(Some(self.standing(ask, path, &page)?)),
                    Err(refused) if refused.refusal.is_absence() => {}
                    Err(refused) => return Err(refused),
                }
            }
        }
        Ok(None)
    }

    fn standing(&self, ask: &Ask<'_>, path: String, page: &[u8]) -> Result<Place, Failure> {
        let unreadable = |words: String| ask.caller.unreadable(self.followed.resource.action, &words);
        let told = Objects::default().add(page).map_err(|error| unreadable(error.to_string()))?;
        if told.resource_version.is_empty() {
            return Err(unreadable("a list without its version".to_owned()));
        }
        Ok(Place { path, version: told.resource_version })
    }
}

/// Where a list is listened to.
fn address(place: &Place, seconds: u64) -> String {
    let mut query = reqwest::Url::parse("http://localhost/").ok();
    if let Some(query) = &mut query {
        query
            .query_pairs_mut()
            .append_pair("watch", "1")
            .append_pair("allowWatchBookmarks", "true")
            .append_pair("resourceVersion", &place.version)
            .append_pair("timeoutSeconds", &seconds.to_string());
    }
    let query = query.as_ref().and_then(|query| query.query()).unwrap_or_default();
    format!("{}?{query}", place.path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::follow::FOLLOWED;

    fn watch() -> Watch {
        let scope =
            Scope { account: "prod".to_owned(), region: String::new(), service: "workloads".to_owned() };
        Watch::new(scope, &FOLLOWED[0], None)
    }

    #[test]
    fn a_watch_asks_for_bookmarks_and_an_end() {
        let place = Place { path: "/api/v1/pods".to_owned(), version: "7&x=1".to_owned() };
        assert_eq!(
            address(&place, 300),
            "/api/v1/pods?watch=1&allowWatchBookmarks=true&resourceVersion=7%26x%3D1&timeoutSeconds=300"
        );
    }

    #[test]
    fn rests_grow_to_an_end_and_differ() {
        let mut watch = watch();
        let rests: Vec<Duration> = (0..12).map(|_| watch.rest()).collect();
        assert!(rests[0] >= FIRST_REST / 2 && rests[0] <= FIRST_REST, "{rests:?}");
        assert!(rests[11] >= LONGEST_REST / 2 && rests[11] <= LONGEST_REST, "{rests:?}");
        assert!(rests[4] > rests[0], "{rests:?}");
    }

    #[test]
    fn a_refusal_that_lasts_is_told_once_and_another_is_waited_for() {
        let (mut watch, noticed) = (watch(), Noticed::default());
        let scope = watch.scope.clone();
        let denied = || Unsettled {
            failure: Failure::Denied {
                action: "pods: watch".to_owned(),
                scope: scope.clone(),
                remedy: "x".to_owned(),
            },
            refusal: Refusal { status: Some(403), ..Refusal::default() },
        };
        for _ in 0..2 {
            assert_eq!(watch.refused(denied(), &noticed), REFUSED_REST);
        }
        let told: Vec<String> = noticed.take().unfollowed.into_iter().collect();
        assert_eq!(
            told,
            ["prod / workloads is known by its lists alone: `pods: watch` was denied in prod / workloads: x"]
        );
        let busy = Unsettled {
            failure: Failure::Cancelled,
            refusal: Refusal { status: Some(503), ..Refusal::default() },
        };
        assert!(watch.refused(busy, &noticed) <= FIRST_REST);
        assert_eq!(noticed.take(), crate::Notices::default());
    }

    #[test]
    fn what_is_refused_as_too_old_is_begun_anew() {
        let (mut watch, noticed) = (watch(), Noticed::default());
        watch.place = Some(Place { path: "/api/v1/pods".to_owned(), version: "1".to_owned() });
        let expired = Unsettled {
            failure: Failure::Cancelled,
            refusal: Refusal { status: Some(410), ..Refusal::default() },
        };
        assert!(watch.refused(expired, &noticed) <= FIRST_REST);
        assert!(watch.place.is_none());
    }
}

//! A source that is a registry: which places of it are looked into, one scope a place and service. Refuses to know any
//! vendor: what one adds is its [`Shop`].

use std::fmt;
use std::sync::{Arc, OnceLock};

use domain::observation::Observation;
use domain::registry::Repository;
use domain::source::{Completeness, Scope, Trial, Values};
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use super::client::{Ask, Registry, pull};
use super::crawl::{self, Roots};
use super::images::Named;
use super::papers;
use crate::fields::many;
use crate::http::Http;
use crate::missing::Missing;
use crate::{Connector, Context, Failure, Plan, Sink};

/// Repositories, tags and images.
pub(crate) const IMAGES: &str = "images";
/// What is attached to images.
pub(crate) const ATTACHED: &str = "attached";

/// What a vendor's registry is beyond what all speak.
pub(crate) trait Shop: fmt::Debug + Send + Sync + 'static {
    /// Its word in files and in the database.
    const KIND: &'static str;
    /// Its services, alphabetical: [`IMAGES`], [`ATTACHED`] and its own.
    const SERVICES: &'static [&'static str];
    /// How the permission to list repositories is called.
    const LISTS: &'static str;

    /// The places that are asked apart: projects, organisations; one without a name where there are none.
    fn places<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<(Vec<String>, Missing), Failure>>;

    /// The repositories of a place, with what is said of them.
    fn shelves<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        place: &'a str,
    ) -> BoxFuture<'a, Result<(Vec<Shelf>, Missing), Failure>>;

    /// What the vendor lists of a repository; by its tags where it lists nothing. Nothing where it is not there.
    fn roots<'a>(
        &'a self,
        ask: &'a Ask<'a>,
        shelf: &'a Shelf,
    ) -> BoxFuture<'a, Result<Option<(Roots, Missing)>, Failure>> {
        Box::pin(async move {
            match ask.tags(&shelf.named.name).await? {
                Some(tags) => Roots::of_tags(ask, &shelf.named, tags).await.map(Some),
                None => Ok(None),
            }
        })
    }

    /// What a service of the vendor's own says of a repository.
    fn more<'a>(
        &'a self,
        _service: &'a str,
        _ask: &'a Ask<'a>,
        _shelf: &'a Shelf,
        _sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Missing, Failure>> {
        Box::pin(async { Ok(Missing::default()) })
    }
}

/// A repository that is looked into.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    /// By the name under which it is pulled from.
    pub(crate) named: Named,
    /// As its registry describes it.
    pub(crate) repository: Repository,
    /// Whether the settings name it: then its absence is told.
    pub(crate) demanded: bool,
}

/// A source that is a registry.
#[derive(Debug)]
pub(crate) struct Source<S> {
    shop: S,
    registry: Registry,
    http: Arc<Http>,
    whole: OnceLock<Arc<Semaphore>>,
    left_out: Vec<String>,
}

impl<S: Shop> Source<S> {
    /// One over a registry.
    pub(crate) fn new(shop: S, (registry, http): (Registry, Arc<Http>), values: &Values) -> Self {
        let left_out = many(values, "leave_out");
        Self { shop, registry, http, whole: OnceLock::new(), left_out }
    }

    fn ask(&self, scope: &Scope, context: &Context) -> Ask<'_> {
        let whole = self.whole.get_or_init(|| Arc::new(Semaphore::new(context.concurrency.max(1))));
        self.registry.ask(scope, &self.http, whole, context)
    }

    fn scope(&self, place: &str, service: &str) -> Scope {
        let (account, region, service) = (self.registry.host.clone(), place.to_owned(), service.to_owned());
        Scope { account, region, service }
    }

    async fn look_into(
        &self,
        service: &str,
        ask: &Ask<'_>,
        shelf: Shelf,
        sink: &Sink,
    ) -> Result<Missing, Failure> {
        match service {
            IMAGES => self.images(ask, shelf, sink).await,
            ATTACHED => match ask.tags(&shelf.named.name).await? {
                Some(tags) => papers::hand_on(ask, &shelf.named, tags, S::KIND, sink).await,
                None => Ok(Missing::default()),
            },
            own => self.shop.more(own, ask, &shelf, sink).await,
        }
    }

    async fn images(&self, ask: &Ask<'_>, shelf: Shelf, sink: &Sink) -> Result<Missing, Failure> {
        let Some((roots, mut missing)) = self.shop.roots(ask, &shelf).await? else {
            let mut missing = Missing::default();
            if shelf.demanded {
                let Named { registry, name } = &shelf.named;
                missing.note(format!("there is no repository {registry}/{name}; correct the settings"));
            }
            return Ok(missing);
        };
        let Shelf { named, repository, .. } = shelf;
        sink.observe(Observation::Repository(repository)).await?;
        let (crawled, more) = crawl::read(ask, &named, roots).await?;
        missing.join(more);
        crawled.hand_on(&named, sink).await?;
        Ok(missing)
    }

    /// The permissions, each tried once: to enter, to list, to pull.
    async fn tried(&self, context: &Context) -> Vec<Trial> {
        let scope = self.scope("", IMAGES);
        let ask = self.ask(&scope, context);
        let trial = |action: &str, outcome: Result<(), Failure>| Trial {
            action: action.to_owned(),
            scope: scope.clone(),
            refusal: outcome.err().map(|failure| failure.to_string()),
        };
        let begun = ask.begin().await;
        let open = begun.is_ok();
        let mut trials = vec![trial("sign-in", begun)];
        if !open {
            return trials;
        }
        let mut shelf = None;
        let listed = async {
            let (places, _) = self.shop.places(&ask).await?;
            for place in places {
                let (shelves, _) = self.shop.shelves(&ask, &place).await?;
                shelf = shelves.into_iter().next();
                if shelf.is_some() {
                    break;
                }
            }
            Ok(())
        };
        let listed = listed.await;
        trials.push(trial(S::LISTS, listed));
        if let Some(shelf) = shelf {
            let name = &shelf.named.name;
            trials.push(trial(&pull(name), ask.tags(name).await.map(drop)));
        }
        trials
    }
}

impl<S: Shop> Connector for Source<S> {
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(async {
            let scope = self.scope("", "places");
            let ask = self.ask(&scope, context);
            ask.begin().await?;
            let (places, missing) = self.shop.places(&ask).await?;
            let wanted = || S::SERVICES.iter().filter(|name| self.left_out.iter().all(|left| left != *name));
            let scopes = places.iter().flat_map(|place| wanted().map(|service| self.scope(place, service)));
            Ok(Plan { scopes: scopes.collect(), accounts: Vec::new(), completeness: missing.completeness() })
        })
    }

    fn collect<'a>(
        &'a self,
        scope: &'a Scope,
        context: &'a Context,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Completeness, Failure>> {
        Box::pin(async move {
            if !S::SERVICES.contains(&scope.service.as_str()) || scope.account != self.registry.host {
                return Err(Failure::Unreadable {
                    action: "the plan".to_owned(),
                    scope: scope.clone(),
                    detail: "no such registry or service; it may be left over from other settings".to_owned(),
                });
            }
            let ask = &self.ask(scope, context);
            ask.begin().await?;
            let (shelves, mut missing) = self.shop.shelves(ask, &scope.region).await?;
            let work = |shelf| Box::pin(self.look_into(&scope.service, ask, shelf, sink)) as BoxFuture<'_, _>;
            missing.join(Missing::of_each(shelves, context.concurrency, work).await?);
            Ok(missing.completeness())
        })
    }

    fn check<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        Box::pin(self.tried(context))
    }
}

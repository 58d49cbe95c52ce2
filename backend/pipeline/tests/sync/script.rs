//! A connector that follows a script. Each test has its own, found by name.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use connectors::{Connector, Context, Descriptor, Failure, Follower, Item, Noticed, Plan, Sink};
use domain::document::Provenance;
use domain::observation::Observation;
use domain::source::{Completeness, Field, FieldKind, Problem, Scope, SourceKind, Trial, Values};
use futures_util::future::BoxFuture;

/// How a scope ends.
#[derive(Clone, Debug)]
pub(crate) enum End {
    Complete,
    Partial(&'static str),
    Fail(Failure),
    Panic,
    /// Waits until it is stopped.
    Hang,
}

/// What a scope shows, and how it ends.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) shown: Vec<Item>,
    pub(crate) end: End,
}

/// What the connector does.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) scopes: Vec<(Scope, Act)>,
    pub(crate) whole: Result<Completeness, Failure>,
    /// The scopes that were asked.
    pub(crate) asked: Vec<Scope>,
    /// Whether changes can be followed.
    pub(crate) follows: bool,
    /// Scopes of which something changes next.
    pub(crate) changes: Vec<Scope>,
    /// What cannot be followed, said next.
    pub(crate) unfollowed: Vec<String>,
    /// How many listen now.
    pub(crate) listening: usize,
}

static SCRIPTS: LazyLock<Mutex<HashMap<String, Arc<Mutex<Script>>>>> = LazyLock::new(Mutex::default);

/// Makes a script under a name.
pub(crate) fn script(name: &str) -> Arc<Mutex<Script>> {
    let empty = Script {
        scopes: Vec::new(),
        whole: Ok(Completeness::Complete),
        asked: Vec::new(),
        follows: false,
        changes: Vec::new(),
        unfollowed: Vec::new(),
        listening: 0,
    };
    let mut scripts = SCRIPTS.lock().unwrap();
    Arc::clone(scripts.entry(name.to_owned()).or_insert_with(|| Arc::new(Mutex::new(empty))))
}

pub(crate) fn scope(account: &str, service: &str) -> Scope {
    Scope { account: account.to_owned(), region: "eu".to_owned(), service: service.to_owned() }
}

pub(crate) fn act(shown: Vec<Observation>, end: End) -> Act {
    Act { shown: shown.into_iter().map(|one| Item::Observation(Box::new(one))).collect(), end }
}

pub(crate) fn document(bytes: &[u8]) -> Item {
    let provenance = Provenance {
        name: "report.json".to_owned(),
        source: "scripted".to_owned(),
        image: None,
        cluster: None,
        as_of: chrono::Utc::now(),
    };
    Item::Document { bytes: bytes.to_vec(), provenance: Box::new(provenance) }
}

const FIELDS: &[Field] = &[
    Field { name: "script", title: "Script", help: "", kind: FieldKind::Text(|_| Ok(())), required: true },
    Field { name: "password", title: "Password", help: "", kind: FieldKind::Secret, required: false },
];

/// The connector as data.
pub(crate) const SCRIPTED: Descriptor = Descriptor {
    about: SourceKind {
        kind: "scripted",
        title: "Scripted",
        summary: "Follows a script.",
        fields: FIELDS,
        permissions: &[],
        docs: "",
    },
    build,
};

fn build(values: &Values) -> Result<Box<dyn Connector>, Vec<Problem>> {
    Ok(Box::new(Scripted(script(&values["script"][0]))))
}

struct Scripted(Arc<Mutex<Script>>);

impl Connector for Scripted {
    fn plan<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<Plan, Failure>> {
        Box::pin(async move {
            context.meter.call(false);
            let script = self.0.lock().unwrap();
            Ok(Plan {
                scopes: script.scopes.iter().map(|(scope, _)| scope.clone()).collect(),
                accounts: Vec::new(),
                completeness: script.whole.clone()?,
            })
        })
    }

    fn collect<'a>(
        &'a self,
        scope: &'a Scope,
        context: &'a Context,
        sink: &'a Sink,
    ) -> BoxFuture<'a, Result<Completeness, Failure>> {
        Box::pin(async move {
            let act = {
                let mut script = self.0.lock().unwrap();
                script.asked.push(scope.clone());
                script.scopes.iter().find(|(known, _)| known == scope).unwrap().1.clone()
            };
            for item in act.shown {
                context.meter.call(false);
                match item {
                    Item::Observation(observation) => sink.observe(*observation).await?,
                    Item::Document { bytes, provenance } => sink.document(bytes, *provenance).await?,
                }
            }
            match act.end {
                End::Complete => Ok(Completeness::Complete),
                End::Partial(reason) => Ok(Completeness::Partial(reason.to_owned())),
                End::Fail(failure) => Err(failure),
                End::Panic => panic!("a connector of a test stops"),
                End::Hang => std::future::pending().await,
            }
        })
    }

    fn check<'a>(&'a self, _: &'a Context) -> BoxFuture<'a, Vec<Trial>> {
        let trial = |action: &str, refusal: Option<&str>| Trial {
            action: action.to_owned(),
            scope: scope("1", "ecr"),
            refusal: refusal.map(str::to_owned),
        };
        Box::pin(async move { vec![trial("list", None), trial("read", Some("not granted"))] })
    }

    fn follower(&self) -> Option<&dyn Follower> {
        if self.0.lock().unwrap().follows { Some(self) } else { None }
    }
}

/// Somebody who listens until this is dropped.
struct Listener<'s>(&'s Mutex<Script>);

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().listening -= 1;
    }
}

impl Follower for Scripted {
    fn at_most_every(&self) -> Duration {
        Duration::from_millis(500)
    }

    fn follow<'a>(&'a self, _: &'a Context, noticed: &'a Noticed) -> BoxFuture<'a, ()> {
        Box::pin(listen(&self.0, noticed))
    }
}

/// Notes what changes by the script.
async fn listen(script: &Mutex<Script>, noticed: &Noticed) {
    script.lock().unwrap().listening += 1;
    let _listener = Listener(script);
    loop {
        let (changes, unfollowed) = {
            let mut script = script.lock().unwrap();
            (std::mem::take(&mut script.changes), std::mem::take(&mut script.unfollowed))
        };
        changes.iter().for_each(|scope| noticed.changed(scope));
        unfollowed.into_iter().for_each(|reason| noticed.unfollowed(reason));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

//! Jobs on each database: pushed once, taken once, gone on with when their worker dies.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use domain::id::RunId;
use sea_orm::ConnectionTrait;
use tokio::sync::watch;

use super::*;
use crate::connection::Conn;
use crate::test_support::{on_each_database, postgres};
use crate::{Options, Store};

fn offer(number: u8) -> Offer {
    Offer { queue: Queue::of_pages(), job: Job { run: RunId::from_bytes([number; 16]), attempt: 1 } }
}

/// A listener whose jobs come into a list, and that has room for so many until it is told otherwise.
struct Desk {
    taken: Arc<Mutex<Vec<Job>>>,
    room: watch::Sender<usize>,
    pushed: watch::Sender<()>,
}

impl Desk {
    fn with_room(room: usize) -> Self {
        Self { taken: Arc::default(), room: watch::Sender::new(room), pushed: watch::Sender::new(()) }
    }

    async fn listen(&self, store: &Store, queue: Queue) {
        let (taken, room) = (Arc::clone(&self.taken), self.room.clone());
        let take: Take = Arc::new(move |job| {
            if *room.borrow() > 0 {
                taken.lock().unwrap().push(job);
                room.send_modify(|room| *room -= 1);
            }
            *room.borrow() > 0
        });
        let (pushed, room) = (self.pushed.subscribe(), self.room.subscribe());
        listen(store, Listening { queue, worker: "desk".to_owned(), pushed, room }, take).await;
    }

    fn taken(&self) -> Vec<Job> {
        let mut taken = self.taken.lock().unwrap().clone();
        taken.sort_by_key(|job| job.run);
        taken
    }
}

/// Waits until it holds.
async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < Duration::from_secs(30), "{what}: waited for too long");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn count(store: &Store, condition: &str) -> i64 {
    let jobs = sql::words(store).jobs;
    store.number(&format!("SELECT COUNT(*) FROM {jobs} WHERE {condition}")).await.unwrap()
}

async fn run(store: &Store, sql: &str) {
    store.connection().execute_unprepared(sql).await.unwrap();
}

#[tokio::test]
async fn the_tables_are_made_once() {
    on_each_database(async |store| {
        assert_eq!(pending(&store).await.unwrap(), 0);
        check(&store).await.unwrap();
        set_up(&store).await.unwrap();
        if store.is_sqlite() {
            // NORMAL, as we opened it: the library's own set-up turns it off.
            let tx = store.begin().await.unwrap();
            let row = tx.query_one("PRAGMA synchronous", vec![]).await.unwrap().unwrap();
            assert_eq!(row.integer(0).unwrap(), 1);
        }
        let versions = sql::words(&store).versions;
        run(&store, &format!("DELETE FROM {versions}")).await;
        assert!(pending(&store).await.unwrap() > 5);
    })
    .await;
}

#[tokio::test]
async fn what_postgresql_lacks_is_said() {
    let Some(database) = postgres().await else { return };
    run(&database.store, "DROP EXTENSION hstore CASCADE").await;
    run(&database.store, "CREATE ROLE plimsoll_test_nobody").await;
    check(&database.store).await.unwrap();
    let before = if database.url.contains('?') { '&' } else { '?' };
    let url = format!("{}{before}options=-c%20role%3Dplimsoll_test_nobody", database.url);
    let nobody = Store::connect(&url, &Options { connections: 2, ..Options::default() }).await.unwrap();
    let refused = set_up(&nobody).await.unwrap_err().to_string();
    nobody.close().await.unwrap();
    run(&database.store, "DROP ROLE plimsoll_test_nobody").await;
    database.drop_database().await;
    let expected = "PostgreSQL lacks hstore, and this user may not make extensions; let an administrator install \
                    PostgreSQL's contrib package and run `CREATE EXTENSION hstore;` in the database";
    assert_eq!(refused, expected);
}

#[tokio::test]
async fn a_job_is_pushed_once() {
    on_each_database(async |store| {
        let offers = [offer(1), offer(2)];
        assert_eq!(push(&store, &offers).await.unwrap(), 2);
        assert_eq!(push(&store, &offers).await.unwrap(), 0);
        let next = Offer { job: Job { attempt: 2, ..offers[0].job }, ..offers[0].clone() };
        assert_eq!(push(&store, &[offers[1].clone(), next]).await.unwrap(), 1);
        assert_eq!(count(&store, "status = 'Pending'").await, 3);
        // At the same time.
        let both = [offer(3)];
        let (one, two) = tokio::join!(push(&store, &both), push(&store, &both));
        assert!(one.unwrap() + two.unwrap() >= 1);
        assert_eq!(count(&store, "status = 'Pending'").await, 4);
    })
    .await;
}

#[tokio::test]
async fn each_job_is_taken_by_one_listener() {
    on_each_database(async |store| {
        let offers: Vec<Offer> = (1..=20).map(offer).collect();
        let (one, two, other) = (Desk::with_room(100), Desk::with_room(100), Desk::with_room(100));
        let finished = async {
            push(&store, &offers).await.unwrap();
            until("all are over", async || count(&store, "status = 'Done'").await == 20).await;
        };
        tokio::select! {
            () = one.listen(&store, Queue::of_pages()) => {}
            () = two.listen(&store, Queue::of_pages()) => {}
            () = other.listen(&store, Queue::of_file("prod")) => {}
            () = finished => {}
        }
        let mut taken = [one.taken(), two.taken()].concat();
        taken.sort_by_key(|job| job.run);
        assert_eq!(taken, offers.iter().map(|offer| offer.job).collect::<Vec<_>>());
        assert!(other.taken().is_empty());
        // One that is over is kept a moment, and can be pushed anew after that.
        assert_eq!(sweep(&store, Utc::now()).await.unwrap(), 0);
        assert_eq!(push(&store, &offers[..1]).await.unwrap(), 0);
        assert_eq!(sweep(&store, Utc::now() + TimeDelta::seconds(20)).await.unwrap(), 20);
        assert_eq!(push(&store, &offers[..1]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_there_is_no_room_for_is_left_to_others() {
    on_each_database(async |store| {
        let offers: Vec<Offer> = (1..=3).map(offer).collect();
        let (full, free) = (Desk::with_room(1), Desk::with_room(5));
        push(&store, &offers).await.unwrap();
        let story = async {
            until("the first is taken", async || full.taken().len() == 1).await;
            tokio::time::sleep(Duration::from_millis(2_500)).await;
            assert_eq!(count(&store, "status = 'Pending'").await, 2);
            tokio::select! {
                () = free.listen(&store, Queue::of_pages()) => {}
                () = until("others take the rest", async || free.taken().len() == 2) => {}
            }
            // With room again, it goes on.
            push(&store, &[offer(4)]).await.unwrap();
            full.room.send_replace(1);
            until("the last is taken", async || full.taken().len() == 2).await;
        };
        tokio::select! {
            () = full.listen(&store, Queue::of_pages()) => {}
            () = story => {}
        }
        assert_eq!(full.taken()[1], offer(4).job);
        let mut taken = [full.taken(), free.taken()].concat();
        taken.sort_by_key(|job| job.run);
        assert_eq!(taken, (1..=4).map(|number| offer(number).job).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_listener_outlives_an_error_of_the_database() {
    on_each_database(async |store| {
        let desk = Desk::with_room(100);
        let sql::Words { jobs, workers, .. } = sql::words(&store);
        let known = async || store.number(&format!("SELECT COUNT(*) FROM {workers}")).await.unwrap();
        let moved = if store.is_sqlite() { "Elsewhere" } else { "apalis.elsewhere" };
        let bare = |name: &'static str| name.trim_start_matches("apalis.");
        let story = async {
            push(&store, &[offer(1)]).await.unwrap();
            until("the first is taken", async || desk.taken().len() == 1).await;
            run(&store, &format!("ALTER TABLE {jobs} RENAME TO {}", bare(moved))).await;
            tokio::time::sleep(Duration::from_secs(3)).await;
            run(&store, &format!("ALTER TABLE {moved} RENAME TO {}", bare(jobs))).await;
            push(&store, &[offer(2)]).await.unwrap();
            until("the second is taken", async || desk.taken().len() == 2).await;
        };
        tokio::select! {
            () = desk.listen(&store, Queue::of_pages()) => {}
            () = story => {}
        }
        assert!(known().await > 1, "it was never restarted");
        assert_eq!(desk.taken(), [offer(1).job, offer(2).job]);
    })
    .await;
}

#[tokio::test]
async fn what_a_dead_worker_had_fetched_is_taken_by_another() {
    on_each_database(async |store| {
        push(&store, &[offer(1)]).await.unwrap();
        let sql::Words { jobs, workers, .. } = sql::words(&store);
        let never = if store.is_sqlite() { "0" } else { "to_timestamp(0)" };
        let worker = format!(
            "INSERT INTO {workers} (id, worker_type, storage_name, layers, last_seen) \
             VALUES ('dead', 'sync', '', '', {never})"
        );
        run(&store, &worker).await;
        run(&store, &format!("UPDATE {jobs} SET status = 'Queued', lock_by = 'dead'")).await;
        // Its name is kept while its job waits.
        sweep(&store, Utc::now()).await.unwrap();
        let desk = Desk::with_room(1);
        tokio::select! {
            () = desk.listen(&store, Queue::of_pages()) => {}
            () = until("another takes it", async || count(&store, "status = 'Done'").await == 1) => {}
        }
        assert_eq!(desk.taken(), [offer(1).job]);
        sweep(&store, Utc::now() + TimeDelta::seconds(20)).await.unwrap();
        assert_eq!(store.number(&format!("SELECT COUNT(*) FROM {workers}")).await.unwrap(), 1);
    })
    .await;
}

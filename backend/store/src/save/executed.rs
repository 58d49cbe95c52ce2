//! Programs that were executed in containers of images, and libraries that were loaded. A path is kept once a sensor with
//! how it was last seen, and written again after an hour. Refuses more than some thousand paths of an image: who makes up
//! names fills no disk.

use domain::id::ImageId;

use crate::bulk::{self, Given, Type};
use crate::{Error, Tx};

/// Paths kept of an image, those of all sensors together; of one batch more may be added.
const MOST: i64 = 2_000;
/// How much later the same has to be seen to be written again, in milliseconds.
const AGAIN: i64 = 3_600_000;

/// A program that was executed, or a library that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// The image.
    pub image: ImageId,
    /// Path in the container.
    pub path: String,
    /// Who saw it.
    pub tool: String,
    /// Whether it was loaded when it was last seen, and not executed.
    pub loaded: bool,
    /// When first, in milliseconds.
    pub first_seen_at: i64,
    /// When last, in milliseconds.
    pub last_seen_at: i64,
}

/// Adds programs and libraries, or says that they were seen again. Distinct by image, path and tool; an image that is not
/// on record is passed over.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &Tx, files: &[Executed]) -> Result<(), Error> {
    let mut given = Given::new(EXECUTED);
    for one in files {
        given.push([
            bulk::id(one.image),
            one.path.as_str().into(),
            one.tool.as_str().into(),
            one.loaded.into(),
            one.first_seen_at.into(),
            one.last_seen_at.into(),
        ]);
    }
    let sql = "INSERT INTO executed_files (image_id, path, tool, loaded, first_seen_at, last_seen_at) \
               SELECT g.image_id, g.path, g.tool, g.loaded, g.first_seen_at, g.last_seen_at FROM given g \
               JOIN images i ON i.id = g.image_id WHERE EXISTS (SELECT 1 FROM executed_files e \
               WHERE e.image_id = g.image_id AND e.path = g.path AND e.tool = g.tool) \
               OR (SELECT COUNT(*) FROM executed_files e WHERE e.image_id = g.image_id) < $1 \
               ON CONFLICT (image_id, path, tool) \
               DO UPDATE SET loaded = excluded.loaded, last_seen_at = excluded.last_seen_at \
               WHERE excluded.last_seen_at >= executed_files.last_seen_at + $2";
    tx.execute_given(given, sql, vec![MOST.into(), AGAIN.into()]).await?;
    Ok(())
}

const EXECUTED: &[(&str, Type)] = &[
    ("image_id", Type::Bytes),
    ("path", Type::Text),
    ("tool", Type::Text),
    ("loaded", Type::Boolean),
    ("first_seen_at", Type::Integer),
    ("last_seen_at", Type::Integer),
];

#[cfg(test)]
mod tests {
    use domain::id::Id;

    use super::*;
    use crate::facts;
    use crate::seed;
    use crate::test_support::on_each_database;

    #[tokio::test]
    async fn a_program_is_written_once_an_hour_and_made_up_names_end() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let ran = |image, path: &str, at| Executed {
                image,
                path: path.to_owned(),
                tool: "tetragon".to_owned(),
                loaded: false,
                first_seen_at: at,
                last_seen_at: at,
            };
            let api = seed::image(seed::API);
            for (at, written) in [(0, 1), (AGAIN - 1, 1), (AGAIN, 2), (5, 2)] {
                let tx = store.begin().await.unwrap();
                let unknown = ran(Id::derived(&[b"unknown"]), "/bin/api", at);
                put(&tx, &[ran(api, "/bin/api", at), unknown]).await.unwrap();
                tx.commit().await.unwrap();
                assert_eq!(store.rows_written("executed_files"), written, "{at}");
            }
            for batch in 0..20 {
                let made_up: Vec<Executed> =
                    (0..200).map(|name| ran(api, &format!("/tmp/{batch}-{name}"), 0)).collect();
                let tx = store.begin().await.unwrap();
                put(&tx, &made_up).await.unwrap();
                tx.commit().await.unwrap();
            }
            let kept = store.number("SELECT COUNT(*) FROM executed_files").await.unwrap();
            assert!((MOST..MOST + 400).contains(&kept), "{kept}");
        })
        .await;
    }

    #[tokio::test]
    async fn how_a_file_was_last_seen_is_kept_with_when() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let api = seed::image(seed::API);
            let seen = |loaded, at| Executed {
                image: api,
                path: "/app/api".to_owned(),
                tool: "tracee".to_owned(),
                loaded,
                first_seen_at: at,
                last_seen_at: at,
            };
            for (loaded, at, expected) in [
                (false, 0, (false, 0)),
                // Too soon to be written, then an hour later, then once more.
                (true, 5, (false, 0)),
                (true, AGAIN, (true, AGAIN)),
                (false, 2 * AGAIN, (false, 2 * AGAIN)),
            ] {
                let tx = store.begin().await.unwrap();
                put(&tx, &[seen(loaded, at)]).await.unwrap();
                let kept = facts::executed(&tx, &[api]).await.unwrap();
                tx.commit().await.unwrap();
                let kept: Vec<(bool, i64)> =
                    kept.iter().map(|one| (one.loaded, one.last_seen_at.timestamp_millis())).collect();
                assert_eq!(kept, [expected], "{loaded} {at}");
            }
        })
        .await;
    }
}

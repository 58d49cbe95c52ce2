//! What an image was built on, by the layers that it shares with others, and which of its components are of a kind.
//! Refuses to guess: without layers there is no base, and names of components are what somebody told.

use domain::id::{ImageId, LayersId};
use domain::image::chain;
use domain::scope::Viewer;

use crate::bulk;
use crate::connection::Conn;
use crate::list::{Clauses, Sql};
use crate::{Error, Store};

/// The most images that are looked at to find a base.
const MOST: u32 = 500;

/// An image all of whose layers are the first ones of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseRow {
    /// The image.
    pub id: ImageId,
    /// What it is called; nothing where only its digest is known.
    pub name: Option<String>,
    /// Its digest.
    pub digest: String,
    /// How many layers they share.
    pub layers: usize,
}

/// The image with the most layers on which these lie, of those that are known.
///
/// # Errors
/// When the database does not answer.
pub async fn base(store: &Store, viewer: &Viewer, layers: &[String]) -> Result<Option<BaseRow>, Error> {
    let mut below: Vec<LayersId> = chain(layers).collect();
    below.pop();
    if below.is_empty() {
        return Ok(None);
    }
    let marks = vec!["?"; below.len()].join(", ");
    let mut clauses = Clauses::of(viewer);
    clauses.and(&format!("chain IN ({marks})"), below.iter().map(|layers| bulk::id(*layers)));
    let mut sql = Sql::new(
        "SELECT id, name, digest, chain FROM (SELECT i.id, i.name, i.digest, m.chain FROM image_metadata m \
         JOIN images i ON i.id = m.image_id) AS known",
    );
    sql.clauses(&clauses).push(&format!(" LIMIT {MOST}"), []);
    let rows = sql.query(store).await?;
    let mut bases = Vec::new();
    for row in &rows {
        let chain: LayersId = row.id("chain")?;
        let layers = below.iter().position(|known| *known == chain).map_or(0, |at| at + 1);
        let (name, digest) = (row.optional_text("name")?, row.text("digest")?);
        bases.push(BaseRow { id: row.id("id")?, name, digest, layers });
    }
    // Of several that are the same but for what they start, one with a name says more.
    Ok(bases.into_iter().min_by(|left, right| {
        (right.layers, left.name.is_none(), &left.name, left.id.as_bytes()).cmp(&(
            left.layers,
            right.name.is_none(),
            &right.name,
            right.id.as_bytes(),
        ))
    }))
}

/// Which of these names components of an image have, each once.
///
/// # Errors
/// When the database does not answer.
pub async fn components_named(
    store: &Store,
    _: &Viewer,
    id: ImageId,
    names: &[&str],
) -> Result<Vec<String>, Error> {
    let marks: Vec<String> = (2..names.len() + 2).map(|number| format!("${number}")).collect();
    let sql = format!(
        "SELECT DISTINCT c.name FROM image_components i JOIN components c ON c.id = i.component_id \
         WHERE i.image_id = $1 AND c.name IN ({}) ORDER BY c.name",
        marks.join(", ")
    );
    let values = std::iter::once(bulk::id(id)).chain(names.iter().map(|name| (*name).into())).collect();
    store.query(&sql, values).await?.iter().map(|row| row.text("name")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Value;
    use crate::seed;
    use crate::test_support::on_each_database;

    async fn lay(store: &Store, image: &str, layers: &[&str]) {
        let layers: Vec<String> = layers.iter().map(|layer| (*layer).to_owned()).collect();
        let tx = store.begin().await.unwrap();
        let text: Value = serde_json::to_string(&layers).unwrap().into();
        let sql = "INSERT INTO image_metadata (image_id, layers, chain) VALUES ($1, $2, $3) \
                   ON CONFLICT (image_id) DO UPDATE SET layers = excluded.layers, chain = excluded.chain";
        let chain = bulk::id(chain(&layers).last().unwrap());
        tx.execute(sql, vec![bulk::id(seed::image(image)), text, chain]).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn the_base_is_the_image_with_the_most_layers_below() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let viewer = Viewer::everything();
            let layers = ["a", "b", "c"].map(str::to_owned);
            assert_eq!(base(&store, &viewer, &layers).await.unwrap(), None, "nothing is known below");
            lay(&store, seed::API, &["a", "b", "c"]).await;
            assert_eq!(base(&store, &viewer, &layers).await.unwrap(), None, "the same is not below");
            lay(&store, seed::WEB, &["b"]).await;
            assert_eq!(base(&store, &viewer, &layers).await.unwrap(), None, "not from the bottom");
            lay(&store, seed::WEB, &["a"]).await;
            let found = base(&store, &viewer, &layers).await.unwrap().unwrap();
            assert_eq!((found.id, found.layers), (seed::image(seed::WEB), 1));
            lay(&store, seed::UNSCANNED, &["a", "b"]).await;
            let found = base(&store, &viewer, &layers).await.unwrap().unwrap();
            assert_eq!((found.id, found.layers), (seed::image(seed::UNSCANNED), 2));
            assert_eq!(base(&store, &viewer, &layers[..1]).await.unwrap(), None);
            assert_eq!(base(&store, &viewer, &[]).await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn components_are_found_by_their_names() {
        on_each_database(async |store| {
            seed::estate(&store).await.unwrap();
            let names = ["libssl3", "nobody", "LIBSSL3"];
            let viewer = Viewer::everything();
            let found = components_named(&store, &viewer, seed::image(seed::API), &names).await.unwrap();
            assert_eq!(found, ["libssl3"]);
        })
        .await;
    }
}

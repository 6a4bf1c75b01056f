//! A Postgres of its own, servers on it, and empty documents.

use super::places::{Places, Served, Speech, new_ids};
use crate::error::Error;
use crate::house::{House, Setting, place};
use postgres::{EmbeddedConfig, Supervisor};
use tempfile::TempDir;
use uuid::Uuid;

/// See the module.
pub(super) struct Stage {
    /// First, so that they end before their Postgres does when this is dropped.
    houses: Vec<House>,
    pub(super) places: Places,
    postgres: Supervisor,
    _place: TempDir,
}

impl Stage {
    pub(super) async fn open(n_replicas: usize, n_documents: usize) -> Result<Self, Error> {
        let place: TempDir = place()?;
        let config = EmbeddedConfig { data_dir: place.path().join("data"), bin_dir: None };
        let postgres: Supervisor = postgres::start(config).await?;
        let settings: Vec<Setting> = vec![("DATABASE_URL", postgres.url())];
        let mut houses: Vec<House> = vec![House::set_up_with(settings.clone()).await?];
        while houses.len() < n_replicas {
            let mut another: House = House::open_with(settings.clone()).await?;
            another.door = houses[0].door.at(another.door.url.clone())?;
            houses.push(another);
        }
        let documents: Vec<Uuid> = make_documents(&houses[0], n_documents)?;
        let places = Places { servers: houses.iter().map(served).collect(), documents };
        Ok(Self { houses, places, postgres, _place: place })
    }

    /// Of the database.
    pub(super) fn url(&self) -> String {
        self.postgres.url()
    }

    pub(super) fn resident_bytes(&self) -> Result<f64, Error> {
        self.houses[0].resident_bytes()
    }

    pub(super) async fn close(mut self) -> Result<(), Error> {
        for house in &mut self.houses {
            house.stop().await?;
        }
        self.postgres.stop().await.map_err(Error::from)
    }
}

/// How editors reach a house.
pub(super) fn served(house: &House) -> Served {
    Served { listen: house.listen().to_owned(), cookie: house.door.cookie(), speech: Speech::Plain }
}

/// Empty ones, in the first space, which everybody may write in.
pub(super) fn make_documents(house: &House, n_documents: usize) -> Result<Vec<Uuid>, Error> {
    let ids: Vec<Uuid> = new_ids(n_documents);
    let rows: Vec<String> = ids.iter().map(|id| format!("('{id}'::uuid)")).collect();
    let rows: String = rows.join(", ");
    house.ask(&format!(
        "insert into collab_doc (id, schema, head_seq, snapshot_seq, log_bytes, refreshed_seq, made_at, edited_at)
         select made.id, 1, 0, 0, 0, -1, now(), now() from (values {rows}) as made (id);
         insert into doc_page (id, space, position, slug, title, locale, body_md, made_by, made_at, edited_at, edit_told_at)
         select made.id, (select id from doc_space order by id limit 1), 'z' || made.id, 'bench-' || made.id, 'Bench', 'en', '', 'bench',
           now(), now(), now() from (values {rows}) as made (id)"
    ))?;
    Ok(ids)
}

//! The background work of pages. Any process does it whenever it looks: each thing is taken by a lock of its row, or decided once by a row that
//! can be written once.

use super::needs::{Notice, Why};
use super::{PageRow, attachments, rights};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;

/// A page rests for so long before those who watch it are told.
const REST_MS: i64 = 10 * 60_000;
/// Pages of which those who watch are told in one transaction.
const AT_ONCE: i64 = 100;

impl Documents {
    /// Does what is due at a moment. What fails keeps nothing else from being done, and is said at the end.
    pub(crate) async fn tick_pages(&self, now: Time) -> Result<(), Error> {
        let done: [Result<(), Error>; 5] = [
            self.tell_lines(now).await,
            self.read_incidents(now).await,
            self.remind_reviews(now).await,
            self.tell_watchers(now).await,
            self.sweep_files(now.plus_ms(-attachments::KEPT_MS)).await,
        ];
        let mut failed = done.into_iter().filter_map(Result::err);
        let Some(first) = failed.next() else {
            return Ok(());
        };
        for other in failed {
            tracing::warn!(error = &other as &dyn std::error::Error, "something else of pages could not be looked at");
        }
        Err(first)
    }

    /// Pages that were changed and rest: those who watch them hear of it once. Batch after batch, until none is left.
    async fn tell_watchers(&self, now: Time) -> Result<(), Error> {
        while self.tell_some_watchers(now).await? > 0 {}
        Ok(())
    }

    /// One batch; says how many pages that were.
    async fn tell_some_watchers(&self, now: Time) -> Result<usize, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let ids = store::around::untold(&mut tx, now.plus_ms(-REST_MS), AT_ONCE).await?;
        let n: usize = ids.len();
        for page in store::rows::of(&mut tx, &ids).await? {
            let watching: Vec<PersonId> = store::around::watchers(&mut tx, page.id).await?;
            // Who wanted to hear of it may not read it any more.
            let people: Vec<PersonId> = self.readers_of(&mut tx, &page, watching).await?;
            if !people.is_empty() {
                let told: (String, String) = rights::told(&mut tx, &page).await?;
                self.needs.pages.tell(&mut tx, &changed(&page, told, people, now)).await?;
            }
            store::around::told(&mut tx, page.id).await?;
        }
        tx.commit().await?;
        Ok(n)
    }
}

fn changed(page: &PageRow, (slug, title): (String, String), people: Vec<PersonId>, now: Time) -> Notice {
    Notice {
        key: format!("document/{}/changed/{}", page.id, page.edited_at.0),
        page: page.id,
        slug,
        title,
        why: Why::Changed,
        by: None,
        due_at: None,
        people,
        at: now,
    }
}

//! Every page is looked at again: by default each quarter, and the shortest quarter has ninety days.
//!
//! Whoever answers for it is told two weeks and three days before, when it is due, and a week later. "Still right" is one act; it begins the next
//! quarter, and clears what made a look necessary earlier. Each step of each date is decided once, by whichever process comes first; after a
//! long silence only the newest step is told.

use super::needs::{Notice, Why};
use super::rights::{self, locked};
use super::{PageRow, Refused, Standing, Verified, history};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{DocumentId, PersonId};
use model::{Actor, Time};
use serde_json::{Value, json};

/// Days between two looks, unless a page says otherwise.
pub const EVERY_DAYS: i32 = 90;
pub const MOST_DAYS: i32 = 730;
/// When somebody is told, in days from when it is due.
pub const STEPS: [i32; 4] = [-14, -3, 0, 7];
/// From the first of them on a page is due soon.
pub const SOON_MS: i64 = 14 * DAY_MS;
const DAY_MS: i64 = 86_400_000;
/// Pages whose reminders are decided in one transaction.
const AT_ONCE: i64 = 100;

/// Nobody ever has to look, or within these days.
pub(crate) fn check_interval(days: Option<i32>) -> Result<(), Refused> {
    match days {
        Some(given) if !(1..=MOST_DAYS).contains(&given) => Err(Refused::BadInterval { given, max: MOST_DAYS }),
        _ => Ok(()),
    }
}

/// When a page that was right at a moment has to be looked at again.
#[must_use]
pub fn due_after(from: Time, days: i32) -> Time {
    from.plus_ms(i64::from(days) * DAY_MS)
}

/// The newest step that has come.
fn step_at(due: Time, now: Time) -> Option<i32> {
    STEPS.into_iter().rev().find(|step| due_after(due, *step) <= now)
}

impl Documents {
    /// Says that a page is still right. It is due again after its days; what made a look necessary is done.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`]. The database's, and the world's.
    pub async fn still_right(&self, grant: &Grant<WriteDocuments>, id: DocumentId) -> Result<(), Error> {
        // What was published is read-only, and still whoever might write it may say that it is right.
        self.writable_but_for_seal(grant.actor(), id).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let page: PageRow = locked(&mut tx, id, None).await?;
        let by: Verified = Verified { at: now, by: grant.actor().name().to_owned(), person: grant.actor().person_id() };
        let due: Option<Time> = page.review_every_days.map(|days| due_after(now, days));
        store::review::verify(&mut tx, id, &by, due).await?;
        let more: Value = json!({ "due_at": due, "was": page.must_review_why });
        history::append(&mut tx, &page, history::VERIFIED, grant.actor(), now, more).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Pages that somebody has to look at now or soon, as far as an actor may read them, those that wait longest first. `mine`: only those
    /// this person answers for.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn to_review(&self, actor: &Actor, mine: Option<PersonId>, most: i64) -> Result<Vec<(PageRow, Standing)>, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let ids = store::review::waiting(&mut tx, now.plus_ms(SOON_MS), most.clamp(1, 1_000)).await?;
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        let mut found: Vec<(PageRow, Standing)> = Vec::new();
        for page in self.readable_of(actor, pages).await? {
            let is_theirs: bool = match mine {
                None => true,
                Some(person) => self.answering(&page).await?.contains(&person),
            };
            if is_theirs {
                let standing: Standing = page.standing(now);
                found.push((page, standing));
            }
        }
        Ok(found)
    }

    /// Decides reminders that are due and tells of the newest step of each page: batch after batch, until none is left.
    pub(crate) async fn remind_reviews(&self, now: Time) -> Result<(), Error> {
        while self.remind_some_reviews(now).await? > 0 {}
        Ok(())
    }

    /// One batch; says how many steps were decided.
    async fn remind_some_reviews(&self, now: Time) -> Result<usize, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let ids = store::review::due(&mut tx, now.plus_ms(SOON_MS), now, AT_ONCE).await?;
        let mut n_decided: usize = 0;
        for page in store::rows::of(&mut tx, &ids).await? {
            n_decided += self.remind_review_of(&mut tx, &page, now).await?;
        }
        tx.commit().await?;
        Ok(n_decided)
    }

    async fn remind_review_of(&self, tx: &mut Tx, page: &PageRow, now: Time) -> Result<usize, Error> {
        let Some((due, newest)) = page.review_due_at.and_then(|due| step_at(due, now).map(|step| (due, step))) else {
            return Ok(0);
        };
        let (mut n_decided, mut is_new): (usize, bool) = (0, false);
        for step in STEPS.into_iter().filter(|step| *step <= newest) {
            let decided: bool = store::review::decide(tx, page.id, due, step, now).await?;
            n_decided += usize::from(decided);
            is_new = is_new || (decided && step == newest);
        }
        // What somebody has to look at anyway is said already.
        if is_new && page.must_review_at.is_none() {
            self.tell_of_review(tx, page, (due, newest), now).await?;
        }
        Ok(n_decided)
    }

    async fn tell_of_review(&self, tx: &mut Tx, page: &PageRow, (due, newest): (Time, i32), now: Time) -> Result<(), Error> {
        let (slug, title): (String, String) = rights::told(tx, page).await?;
        let notice: Notice = Notice {
            key: format!("document/{}/review/{}/{newest}", page.id, due.0),
            page: page.id,
            slug,
            title,
            why: Why::Review { in_days: -newest },
            by: None,
            due_at: Some(due),
            people: self.listeners_of(tx, page).await?,
            at: now,
        };
        self.needs.pages.tell(tx, &notice).await?;
        let more: Value = json!({ "due_at": due, "step": newest, "people": notice.people });
        history::append(tx, page, history::REVIEW_REMINDED, &history::worker(), now, more).await?;
        Ok(())
    }

    /// Something happened after which a page may be wrong; whoever answers for it is told. Nothing when somebody has to look already.
    pub(crate) async fn must_review(
        &self,
        tx: &mut Tx,
        page: &PageRow,
        why: &Value,
        actor: &Actor,
        now: Time,
    ) -> Result<bool, Error> {
        if !store::review::must(tx, page.id, why, now).await? {
            return Ok(false);
        }
        let (slug, title): (String, String) = rights::told(tx, page).await?;
        let notice: Notice = Notice {
            key: format!("document/{}/must-review/{}", page.id, now.0),
            page: page.id,
            slug,
            title,
            why: Why::MustReview,
            by: None,
            due_at: None,
            people: self.listeners_of(tx, page).await?,
            at: now,
        };
        self.needs.pages.tell(tx, &notice).await?;
        history::append(tx, page, history::MUST_REVIEW, actor, now, json!({ "why": why })).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_step_that_has_come_is_told() {
        let due = Time(100 * DAY_MS);
        for (day, expected) in [
            (85, None),
            (86, Some(-14)),
            (96, Some(-14)),
            (97, Some(-3)),
            (100, Some(0)),
            (106, Some(0)),
            (107, Some(7)),
            (300, Some(7)),
        ] {
            assert_eq!(step_at(due, Time(day * DAY_MS)), expected, "{day}");
        }
    }

    #[test]
    fn intervals_have_bounds() {
        assert!(check_interval(None).is_ok() && check_interval(Some(1)).is_ok() && check_interval(Some(MOST_DAYS)).is_ok());
        assert!(check_interval(Some(0)).is_err() && check_interval(Some(MOST_DAYS + 1)).is_err());
    }
}

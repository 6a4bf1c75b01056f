//! Pages as they go out: held for company, sent by a contact, sent by the next one, and followed by the person's next rule.
//!
//! Whoever was paged a moment ago is told what is new in one message two minutes after it, except when it is P0. What a person's own rules say
//! about a run that has called them is never held: they asked for it.

use crate::Oncall;
use crate::contacts::ContactId;
use crate::error::Error;
use crate::explain::{LogEntry, What};
use crate::firing::{Look, last_resort};
use crate::needs::{PersonalPage, Purpose};
use crate::orders::{conversation, newest_fired};
use crate::personal::{self, PersonalRule, Urgency};
use crate::runs::{Page, PageState, Run, RunId, State};
use crate::store;
use crate::store::calls::{Call, News};
use crate::store::contacts::Stored;
use crate::store::tellings::Stored as Told;
use crate::telling::reaching;
use kernel::Tx;
use model::ids::{AlertId, PersonId};
use model::{Severity, Time};
use serde_json::Value;

/// After a page, what is new for the same person waits so long for company.
pub const BUNDLE_MS: i64 = 2 * 60_000;
/// Runs that are told in one message.
const MOST_TOGETHER: i64 = 50;
/// Pages of one run that go out in one transaction; more are due still, and follow.
const MOST_AT_ONCE: usize = 500;

/// Sends every page of a locked run that is due.
pub(crate) async fn send_due(tx: &mut Tx, look: &Look<'_>, run: &mut Run) -> Result<(), Error> {
    for _ in 0..MOST_AT_ONCE {
        let Some(page) = store::pages::due(tx, run.id, look.now).await? else {
            return Ok(());
        };
        send_one(tx, look, run, page).await?;
    }
    Ok(())
}

async fn send_one(tx: &mut Tx, look: &Look<'_>, run: &mut Run, mut page: Page) -> Result<(), Error> {
    let was_called: bool = store::pages::was_asked(tx, run.id, page.person).await?;
    if !was_called && is_held(tx, look, run, &mut page).await? {
        return Ok(());
    }
    let contacts: Vec<Stored> = store::contacts::of_people(tx, &[page.person]).await?;
    let plan: Vec<PersonalRule> = personal::planned(tx, page.person, Urgency::of(run.severity)).await?;
    let verified: Vec<ContactId> =
        contacts.iter().filter(|stored| stored.row.verified_at.is_some()).map(|stored| stored.row.id).collect();
    let planned: Vec<ContactId> = plan.iter().map(|rule| rule.contact).collect();
    let next: Option<ContactId> = next_contact(page.contact, &page.tried, &planned, &verified);
    let Some(stored) = next.and_then(|next| contacts.iter().find(|stored| stored.row.id == next)) else {
        return give_up(tx, look, run, page).await;
    };
    let purpose: Purpose = if was_called { Purpose::Again } else { Purpose::Call };
    ask(tx, look, run, page, stored, purpose).await
}

/// Whether it waits for company now. If not, what is new for this person from now on does.
async fn is_held(tx: &mut Tx, look: &Look<'_>, run: &Run, page: &mut Page) -> Result<bool, Error> {
    let until: Time = store::bundles::lock(tx, page.person, look.now).await?;
    if until <= look.now {
        store::bundles::set(tx, page.person, look.now.plus_ms(BUNDLE_MS)).await?;
        return Ok(false);
    }
    if page.state == PageState::Held || run.severity == Severity::P0 {
        return Ok(false);
    }
    page.state = PageState::Held;
    page.due_at = Some(until);
    store::pages::save(tx, page).await?;
    let entry = LogEntry::new(look.now, What::Held).at_place(page.place).about(page.person).until(until);
    store::log::add(tx, run.id, &entry).await?;
    Ok(true)
}

/// The contact by which a page goes next: its own, else the first of the person's plan, else any, that was not tried and is verified.
pub(crate) fn next_contact(
    own: ContactId,
    tried: &[ContactId],
    planned: &[ContactId],
    verified: &[ContactId],
) -> Option<ContactId> {
    let all = std::iter::once(&own).chain(planned).chain(verified);
    all.copied().find(|contact| verified.contains(contact) && !tried.contains(contact))
}

/// Sends a page by a contact, and with it whatever else this person is to be told now.
async fn ask(tx: &mut Tx, look: &Look<'_>, run: &mut Run, page: Page, stored: &Stored, purpose: Purpose) -> Result<(), Error> {
    let (person, contact): (PersonId, ContactId) = (page.person, stored.row.id);
    let key: String = format!("o/{}/{contact}", page.id);
    let mut runs: Vec<RunId> = vec![run.id];
    let mut words: Vec<Value> = vec![run.words.clone()];
    let mut alerts: Vec<AlertId> = run.needing();
    for (mut other, theirs) in company(tx, look, run.id, person, contact).await? {
        runs.push(other.id);
        words.push(other.words.clone());
        let more: Vec<AlertId> = other.needing().into_iter().filter(|alert| !alerts.contains(alert)).collect();
        alerts.extend(more);
        went(tx, look, &mut other, theirs, contact, &key).await?;
        let entry = LogEntry::new(look.now, What::Bundled).about(person).by(contact);
        store::log::add(tx, other.id, &entry).await?;
        store::runs::save(tx, &other).await?;
    }
    let why: String = format!("escalation {}, step {}", run.policy, page.place.step + 1);
    let entry = LogEntry::new(look.now, What::Asked).at_place(page.place).about(person).by(contact);
    store::log::add(tx, run.id, &entry.saying(stored.row.kind.as_str())).await?;
    store::calls::insert(tx, &Call { key: key.clone(), person, contact, runs }, look.now).await?;
    went(tx, look, run, page, contact, &key).await?;
    let group: String = conversation(&run.story, contact);
    let message = PersonalPage { key, group, purpose, to: stored.address(), words, alerts, why, at: look.now };
    look.needs.messenger.send(tx, vec![message]).await?;
    Ok(())
}

/// What else is due for this person in other runs, as far as this contact has not been tried for it.
async fn company(
    tx: &mut Tx,
    look: &Look<'_>,
    run: RunId,
    person: PersonId,
    contact: ContactId,
) -> Result<Vec<(Run, Page)>, Error> {
    let ids: Vec<RunId> = store::runs::company(tx, person, run, look.now, MOST_TOGETHER).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut company: Vec<(Run, Page)> = Vec::new();
    for page in store::pages::due_of(tx, &ids, person, look.now).await? {
        if page.tried.contains(&contact) {
            continue;
        }
        if let Some(other) = store::runs::lock(tx, page.run).await? {
            company.push((other, page));
        }
    }
    Ok(company)
}

/// Notes that a page went out, and makes the one of the person's next rule.
async fn went(tx: &mut Tx, look: &Look<'_>, run: &mut Run, mut page: Page, contact: ContactId, key: &str) -> Result<(), Error> {
    let is_first_try: bool = page.tried.is_empty();
    page.state = PageState::Asked;
    page.due_at = None;
    page.contact = contact;
    page.tried.push(contact);
    page.call = Some(key.to_owned());
    store::pages::save(tx, &page).await?;
    run.first_page_at = run.first_page_at.or(Some(look.now));
    if is_first_try {
        follow(tx, look, run, &page).await?;
    }
    Ok(())
}

/// The next of the person's rules, as much later as it stands behind this one.
async fn follow(tx: &mut Tx, look: &Look<'_>, run: &Run, page: &Page) -> Result<(), Error> {
    let plan: Vec<PersonalRule> = personal::planned(tx, page.person, Urgency::of(run.severity)).await?;
    let at: usize = usize::try_from(page.rule).unwrap_or(usize::MAX);
    let (Some(this), Some(next)) = (plan.get(at), plan.get(at.saturating_add(1))) else {
        return Ok(());
    };
    let gap_ms: i64 = (next.after_ms - this.after_ms).max(0);
    let following = Page {
        id: kernel::ids::new_uuid(),
        rule: page.rule + 1,
        contact: next.contact,
        tried: Vec::new(),
        state: PageState::Waiting,
        due_at: Some(look.now.plus_ms(gap_ms)),
        call: None,
        made_at: look.now,
        ..page.clone()
    };
    store::pages::insert(tx, &following).await?;
    Ok(())
}

/// Every contact has failed. When nobody whom the newest step paged can be reached any more, the next one does not wait.
async fn give_up(tx: &mut Tx, look: &Look<'_>, run: &mut Run, mut page: Page) -> Result<(), Error> {
    let place = page.place;
    page.state = PageState::Unreached;
    page.due_at = None;
    store::pages::save(tx, &page).await?;
    let entry = LogEntry::new(look.now, What::NoContactLeft).at_place(place).about(page.person);
    store::log::add(tx, run.id, &entry).await?;
    if run.state != State::Running || place < newest_fired(run) || store::pages::has_hope(tx, run.id, place).await? {
        return Ok(());
    }
    let n_steps: i32 = i32::try_from(run.snapshot.steps.len()).unwrap_or(i32::MAX);
    if place.step >= n_steps {
        last_resort(tx, look, run).await?;
    } else {
        run.next_step_at = Some(look.now);
    }
    Ok(())
}

impl Oncall {
    /// Acts on what became of a message: another contact, or none.
    pub(crate) async fn hear(&self, key: &str) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let ids: Vec<RunId> = store::runs::lock_of_call(&mut tx, key).await?;
        let told: Option<Told> = store::tellings::lock_of_call(&mut tx, key).await?;
        let Some(news) = store::calls::take_news(&mut tx, key).await? else {
            return Ok(());
        };
        for id in ids {
            if let Some(run) = store::runs::lock(&mut tx, id).await? {
                heard(&mut tx, &run, key, &news, now).await?;
            }
        }
        if let Some(told) = &told {
            reaching::heard(&mut tx, told, key, &news, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn heard(tx: &mut Tx, run: &Run, key: &str, news: &News, now: Time) -> Result<(), Error> {
    let what: What = match news.state.as_str() {
        "accepted" => What::Accepted,
        "failed" => What::Failed,
        _ => What::Unsure,
    };
    let mut entry = LogEntry::new(news.told_at.unwrap_or(now), what).about(news.person).by(news.contact);
    entry.detail.clone_from(&news.reason);
    store::log::add(tx, run.id, &entry).await?;
    if run.ended_at.is_some() {
        return Ok(());
    }
    for mut page in store::pages::of_run(tx, run.id, Some(key)).await? {
        if !matches!(page.state, PageState::Asked | PageState::Waiting) {
            continue;
        }
        if what == What::Accepted {
            page.state = PageState::Accepted;
            page.due_at = None;
        } else {
            page.state = PageState::Waiting;
            page.due_at = Some(now);
        }
        store::pages::save(tx, &page).await?;
    }
    store::runs::save(tx, run).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_verified_contact_gets_its_chance_in_the_persons_order() {
        let id = |n: u128| ContactId(Uuid::from_u128(n));
        let (planned, verified) = ([id(1), id(2)], [id(1), id(2), id(3)]);
        let mut tried: Vec<ContactId> = Vec::new();
        let mut order: Vec<ContactId> = Vec::new();
        while let Some(next) = next_contact(id(2), &tried, &planned, &verified) {
            order.push(next);
            tried.push(next);
        }
        assert_eq!(order, [id(2), id(1), id(3)]);
        assert_eq!(next_contact(id(9), &[], &planned, &verified), Some(id(1)), "its own is gone");
        assert_eq!(next_contact(id(9), &[], &[], &[]), None);
    }
}

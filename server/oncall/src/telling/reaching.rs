//! A telling as it goes on: people told by one contact after the other, and the next circle when nobody is left, or nobody answers.

use super::circles;
use crate::contacts::{ContactId, ContactRow};
use crate::error::Error;
use crate::firing::Look;
use crate::history;
use crate::needs::{Bulletin, Tone};
use crate::paging::next_contact;
use crate::personal::{PersonalRule, plan};
use crate::runs::PageState;
use crate::store;
use crate::store::calls::{Call, News};
use crate::store::contacts::Stored as Contact;
use crate::store::tellings::{Page, Stored};
use kernel::{Fact, Tx, facts};
use model::ids::PersonId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// Circles that are gone through at one moment, each with whoever can't be reached in it.
const MOST_TURNS: usize = 2 * super::MOST_CIRCLES;

/// What became of a wider circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Widened {
    /// Somebody in it can be told who was not before.
    Reached,
    /// Nobody in it.
    Nobody,
    /// There was none: the last resort was told, if it is to be, and nothing is left to do.
    Ended,
}

/// Tells whoever is to be told now, and widens as long as nobody can be reached.
pub(super) async fn go_on(tx: &mut Tx, look: &Look<'_>, told: &mut Stored) -> Result<(), Error> {
    if told.widen_at.is_some_and(|at| at <= look.now) {
        while widen(tx, look, told).await? == Widened::Nobody {}
    }
    for _ in 0..MOST_TURNS {
        send_due(tx, look, told).await?;
        if store::tellings::has_hope(tx, told.id).await? || widen(tx, look, told).await? == Widened::Ended {
            break;
        }
    }
    store::tellings::save(tx, told).await?;
    Ok(())
}

/// Somebody has answered: nobody is told any more. What is under way may still land.
pub(super) async fn end(tx: &mut Tx, told: &mut Stored) -> Result<(), Error> {
    store::tellings::withdraw(tx, told.id, None).await?;
    told.widen_at = None;
    store::tellings::save(tx, told).await?;
    Ok(())
}

/// Goes on to the next circle, and behind the last one to the last resort.
async fn widen(tx: &mut Tx, look: &Look<'_>, told: &mut Stored) -> Result<Widened, Error> {
    let at: usize = usize::try_from(told.circle).unwrap_or(usize::MAX);
    told.widen_at = None;
    if at > told.circles.len() {
        return Ok(Widened::Ended);
    }
    told.circle += 1;
    let Some(circle) = told.circles.get(at) else {
        last_resort(tx, look, told).await?;
        return Ok(Widened::Ended);
    };
    let people: Vec<PersonId> = circles::people(tx, look, &circle.whom).await?;
    let mut reached: Vec<PersonId> = Vec::new();
    for person in people {
        if add(tx, look, told, at, person).await? {
            reached.push(person);
        }
    }
    if reached.is_empty() {
        return Ok(Widened::Nobody);
    }
    told.widen_at = told.widen_after_ms.map(|ms| look.now.plus_ms(ms));
    tell(tx, told, history::PEOPLE_TOLD, look.now, json!({ "tone": told.tone.as_str(), "people": reached })).await?;
    Ok(Widened::Reached)
}

/// Writes down that somebody is to be told now. `false` when they have no contact for it, or were told before.
async fn add(tx: &mut Tx, look: &Look<'_>, told: &Stored, circle: usize, person: PersonId) -> Result<bool, Error> {
    let contacts: Vec<Contact> = usable(tx, told, person).await?;
    let planned: Vec<PersonalRule> = planned(tx, told, person, &contacts).await?;
    let Some(first) = planned.first() else {
        return Ok(false);
    };
    let page = Page {
        id: kernel::ids::new_uuid(),
        telling: told.id,
        circle: i32::try_from(circle).unwrap_or(i32::MAX),
        person,
        rule: 0,
        contact: first.contact,
        tried: Vec::new(),
        state: PageState::Waiting,
        due_at: Some(look.now),
        call: None,
    };
    Ok(store::tellings::insert_page(tx, &page).await?)
}

/// The contacts of somebody by which this may be told: verified, and quiet ones for what is only new.
async fn usable(tx: &mut Tx, told: &Stored, person: PersonId) -> Result<Vec<Contact>, Error> {
    let mut contacts: Vec<Contact> = store::contacts::of_people(tx, &[person]).await?;
    contacts.retain(|one| one.row.verified_at.is_some() && (told.tone != Tone::Quiet || one.row.kind.takes_notices()));
    Ok(contacts)
}

/// As they want it, by those contacts.
async fn planned(tx: &mut Tx, told: &Stored, person: PersonId, contacts: &[Contact]) -> Result<Vec<PersonalRule>, Error> {
    let rules: Vec<PersonalRule> = store::rules::of(tx, person, told.urgency).await?;
    let rows: Vec<ContactRow> = contacts.iter().map(|contact| contact.row.clone()).collect();
    Ok(plan(told.urgency, &rows, &rules))
}

async fn send_due(tx: &mut Tx, look: &Look<'_>, told: &Stored) -> Result<(), Error> {
    for page in store::tellings::due_pages(tx, told.id, look.now).await? {
        send_one(tx, look, told, page).await?;
    }
    Ok(())
}

async fn send_one(tx: &mut Tx, look: &Look<'_>, told: &Stored, mut page: Page) -> Result<(), Error> {
    let contacts: Vec<Contact> = usable(tx, told, page.person).await?;
    let planned: Vec<PersonalRule> = planned(tx, told, page.person, &contacts).await?;
    let verified: Vec<ContactId> = contacts.iter().map(|contact| contact.row.id).collect();
    let wished: Vec<ContactId> = planned.iter().map(|rule| rule.contact).collect();
    let next: Option<ContactId> = next_contact(page.contact, &page.tried, &wished, &verified);
    page.due_at = None;
    let Some(contact) = next.and_then(|next| contacts.iter().find(|contact| contact.row.id == next)) else {
        // Every contact has failed: their other rules have no other ones.
        page.state = PageState::Unreached;
        store::tellings::save_page(tx, &page).await?;
        store::tellings::withdraw(tx, told.id, Some(page.person)).await?;
        return Ok(());
    };
    if page.tried.is_empty() && told.tone == Tone::Call {
        follow(tx, look, &planned, &page).await?;
    }
    ask(tx, look, told, page, contact).await
}

/// Sends it by a contact.
async fn ask(tx: &mut Tx, look: &Look<'_>, told: &Stored, mut page: Page, contact: &Contact) -> Result<(), Error> {
    let id: ContactId = contact.row.id;
    let key: String = format!("t/{}/{id}", page.id);
    page.state = PageState::Asked;
    page.contact = id;
    page.tried.push(id);
    page.call = Some(key.clone());
    store::tellings::save_page(tx, &page).await?;
    let call = Call { key: key.clone(), person: page.person, contact: id, runs: Vec::new() };
    store::calls::insert(tx, &call, look.now).await?;
    let circle: usize = usize::try_from(page.circle).unwrap_or(usize::MAX);
    let bulletin = Bulletin {
        key,
        group: format!("{}/{id}", told.subject),
        tone: told.tone,
        to: Some(contact.address()),
        words: told.circles.get(circle).map_or(Value::Null, |circle| circle.words.clone()),
        why: told.why.clone(),
        at: look.now,
    };
    look.needs.messenger.tell(tx, bulletin).await?;
    Ok(())
}

/// The next of the person's rules, as much later as it stands behind this one.
async fn follow(tx: &mut Tx, look: &Look<'_>, planned: &[PersonalRule], page: &Page) -> Result<(), Error> {
    let at: usize = usize::try_from(page.rule).unwrap_or(usize::MAX);
    let (Some(this), Some(next)) = (planned.get(at), planned.get(at.saturating_add(1))) else {
        return Ok(());
    };
    let gap_ms: i64 = (next.after_ms - this.after_ms).max(0);
    let following = Page {
        id: kernel::ids::new_uuid(),
        rule: page.rule + 1,
        contact: next.contact,
        due_at: Some(look.now.plus_ms(gap_ms)),
        ..page.clone()
    };
    store::tellings::insert_page(tx, &following).await?;
    Ok(())
}

/// Tells the channel that takes what nobody else could, if it is to be told.
async fn last_resort(tx: &mut Tx, look: &Look<'_>, told: &Stored) -> Result<(), Error> {
    let Some(words) = told.last_resort.clone() else {
        return Ok(());
    };
    tracing::error!(subject = told.subject, key = told.key, "nobody could be reached, or answered: the last resort is told");
    let bulletin = Bulletin {
        key: format!("t/{}/last-resort", told.id),
        group: told.subject.clone(),
        tone: told.tone,
        to: None,
        words,
        why: told.why.clone(),
        at: look.now,
    };
    look.needs.messenger.tell(tx, bulletin).await?;
    tell(tx, told, history::LAST_RESORT_TOLD, look.now, json!({ "tone": told.tone.as_str() })).await
}

/// Acts on what became of a message: when it did not get through, the next contact is due.
pub(crate) async fn heard(tx: &mut Tx, told: &Stored, call: &str, news: &News, now: Time) -> Result<(), Error> {
    for mut page in store::tellings::pages_of_call(tx, told.id, call).await? {
        if !matches!(page.state, PageState::Asked | PageState::Waiting) {
            continue;
        }
        let is_taken: bool = news.state == "accepted";
        page.state = if is_taken { PageState::Accepted } else { PageState::Waiting };
        page.due_at = (!is_taken).then_some(now);
        store::tellings::save_page(tx, &page).await?;
    }
    store::tellings::save(tx, told).await?;
    Ok(())
}

async fn tell(tx: &mut Tx, told: &Stored, kind: &'static str, at: Time, body: Value) -> Result<(), Error> {
    let actor: Actor = history::worker();
    let body: Value = if told.is_private { json!({ "private": true }) } else { body };
    facts::append(tx, &Fact { kind, actor: &actor, subject: told.subject.clone(), body, at }).await?;
    Ok(())
}

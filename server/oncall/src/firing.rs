//! Steps as they fire: whom that means at this moment, and what happens when it means nobody.
//!
//! A step that can page nobody is passed over at once. When a whole pass reached nobody, the administrators are paged, and when none of them
//! can be, the channel of last resort. Only a policy all of whose steps wait for another time of day waits too.

use crate::error::Error;
use crate::explain::{LogEntry, What};
use crate::history;
use crate::needs::{ChannelPage, Needs, Staffer};
use crate::personal::{self, PersonalRule, Urgency};
use crate::policies::course::Place;
use crate::policies::{AckMode, OnEmpty, Step, Target, hours};
use crate::runs::{Page, PageState, Run, State};
use crate::store;
use chrono_tz::Tz;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use serde_json::json;

/// After the administrators were paged in the place of a whole pass.
const FALLBACK_WAIT_MS: i64 = 5 * 60_000;
/// The next look for another time of day is never sooner.
const SOONEST_MS: i64 = 60_000;

/// Everything a look needs besides the run.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) needs: &'a Needs,
    pub(crate) staff: &'a [Staffer],
    pub(crate) now: Time,
}

/// Whom a step names.
#[derive(Default)]
struct Named {
    people: Vec<PersonId>,
    channels: Vec<String>,
}

/// Fires the next step that pages somebody, and sets the moment of the one after it.
pub(crate) async fn fire(tx: &mut Tx, look: &Look<'_>, run: &mut Run) -> Result<(), Error> {
    loop {
        let at: usize = usize::try_from(run.place.step).unwrap_or(usize::MAX);
        let step: Option<Step> = run.snapshot.steps.get(at).cloned();
        let waits: bool = match step {
            Some(step) => try_step(tx, look, run, &step).await?,
            None => end_pass(tx, look, run).await?,
        };
        if waits {
            return Ok(());
        }
    }
}

/// Whether the step fired. If not, the next one is to be tried.
async fn try_step(tx: &mut Tx, look: &Look<'_>, run: &mut Run, step: &Step) -> Result<bool, Error> {
    let (place, now): (Place, Time) = (run.place, look.now);
    if !hours::holds(step.when, zone(step), now, look.needs.holidays.as_ref()) {
        let entry = LogEntry::new(now, What::NotItsTime).at_place(place).saying(step.when.as_str());
        store::log::add(tx, run.id, &entry).await?;
        run.place = place.next();
        return Ok(false);
    }
    let named: Named = named(tx, look, run, step).await?;
    let n_paged: usize = page_all(tx, look, run, &named.people, step.ack == AckMode::All).await?;
    for channel in &named.channels {
        tell_channel(tx, look, run, channel).await?;
    }
    if n_paged == 0 && named.channels.is_empty() {
        store::log::add(tx, run.id, &LogEntry::new(now, What::StepEmpty).at_place(place)).await?;
        run.was_empty = true;
        if step.on_empty == OnEmpty::Next {
            let body = json!({ "step": place.step + 1, "pass": place.pass + 1 });
            history::append(tx, run, history::STEP_SKIPPED, &history::worker(), now, body).await?;
            run.place = place.next();
            return Ok(false);
        }
        fall_back(tx, look, run).await?;
    }
    store::log::add(tx, run.id, &LogEntry::new(now, What::StepFired).at_place(place)).await?;
    let body = json!({ "step": place.step + 1, "pass": place.pass + 1, "people": named.people, "channels": named.channels });
    history::append(tx, run, history::STEP_FIRED, &history::worker(), now, body).await?;
    run.has_reached = true;
    run.next_step_at = Some(now.plus_ms(step.wait.ms));
    run.place = place.next();
    Ok(true)
}

/// Whether something is waited for now, or nothing will happen any more.
async fn end_pass(tx: &mut Tx, look: &Look<'_>, run: &mut Run) -> Result<bool, Error> {
    let now: Time = look.now;
    if !run.has_reached {
        if let Some(at) = better_time(run, look) {
            store::log::add(tx, run.id, &LogEntry::new(now, What::WaitsForItsTime).until(at)).await?;
            run.place = Place { step: 0, ..run.place };
            run.next_step_at = Some(at);
            return Ok(true);
        }
        tracing::error!(policy = run.policy, route = run.route, "an escalation reaches nobody: the administrators are paged");
        run.nobody_at = Some(now);
        fall_back(tx, look, run).await?;
        history::append(tx, run, history::REACHED_NOBODY, &history::worker(), now, json!({})).await?;
        run.has_reached = true;
        run.next_step_at = Some(now.plus_ms(FALLBACK_WAIT_MS));
        return Ok(true);
    }
    if let Some(place) = run.place.next_pass(&run.snapshot) {
        run.place = place;
        run.has_reached = false;
        run.was_empty = false;
        store::log::add(tx, run.id, &LogEntry::new(now, What::NextPass).at_place(place)).await?;
        return Ok(false);
    }
    run.state = State::Spent;
    run.next_step_at = None;
    store::log::add(tx, run.id, &LogEntry::new(now, What::Spent)).await?;
    history::append(tx, run, history::SPENT, &history::worker(), now, json!({})).await?;
    Ok(true)
}

/// When some step's time comes, if all of them only wait for that.
fn better_time(run: &Run, look: &Look<'_>) -> Option<Time> {
    if run.was_empty {
        return None;
    }
    let next = |step: &Step| hours::next(step.when, zone(step), look.now, look.needs.holidays.as_ref());
    let soonest: Time = run.snapshot.steps.iter().filter_map(next).min()?;
    Some(soonest.max(look.now.plus_ms(SOONEST_MS)))
}

/// A file that wants a time of day names a zone; [`When::Always`] needs none.
fn zone(step: &Step) -> Tz {
    step.zone.map_or(Tz::UTC, |zone| zone.0)
}

async fn named(tx: &mut Tx, look: &Look<'_>, run: &Run, step: &Step) -> Result<Named, Error> {
    let mut named = Named::default();
    for target in &step.notify {
        if let Target::Channel(channel) = target {
            named.channels.push(channel.clone());
            continue;
        }
        let found: Vec<PersonId> = meant(tx, look, target).await?;
        if found.is_empty() {
            let entry = LogEntry::new(look.now, What::NobodyNamed).at_place(run.place).saying(&words(target));
            store::log::add(tx, run.id, &entry).await?;
        }
        for person in found {
            if !named.people.contains(&person) {
                named.people.push(person);
            }
        }
    }
    Ok(named)
}

/// Whom a target of a step means now; nobody for a channel.
pub(crate) async fn meant(tx: &mut Tx, look: &Look<'_>, target: &Target) -> Result<Vec<PersonId>, Error> {
    if let Target::Schedule { schedule, role } = target {
        return Ok(look.needs.who.people(tx, schedule, role, look.now).await?);
    }
    let is_meant = |staffer: &Staffer| match target {
        Target::Person(email) => staffer.email.eq_ignore_ascii_case(email),
        Target::Team(team) => staffer.may_come_in && staffer.teams.contains(team),
        Target::Everyone => staffer.may_come_in && staffer.is_responder,
        Target::Schedule { .. } | Target::Channel(_) => false,
    };
    Ok(look.staff.iter().filter(|staffer| is_meant(staffer)).map(|staffer| staffer.id).collect())
}

/// How the log names a target.
fn words(target: &Target) -> String {
    match target {
        Target::Person(email) => email.clone(),
        Target::Schedule { schedule, role } => format!("{schedule} ({role})"),
        Target::Team(team) => team.clone(),
        Target::Everyone => "everyone".to_owned(),
        Target::Channel(channel) => channel.clone(),
    }
}

/// Writes a page for everybody who can be paged, and says for how many.
async fn page_all(tx: &mut Tx, look: &Look<'_>, run: &Run, people: &[PersonId], ack_all: bool) -> Result<usize, Error> {
    let mut n_paged: usize = 0;
    for person in people {
        if page_one(tx, look, run, *person, ack_all).await? {
            n_paged += 1;
        }
    }
    Ok(n_paged)
}

async fn page_one(tx: &mut Tx, look: &Look<'_>, run: &Run, person: PersonId, ack_all: bool) -> Result<bool, Error> {
    let (place, now): (Place, Time) = (run.place, look.now);
    let may_come_in: bool = look.staff.iter().any(|staffer| staffer.id == person && staffer.may_come_in);
    if !may_come_in {
        store::log::add(tx, run.id, &LogEntry::new(now, What::Disabled).at_place(place).about(person)).await?;
        return Ok(false);
    }
    let plan: Vec<PersonalRule> = personal::planned(tx, person, Urgency::of(run.severity)).await?;
    let Some(first) = plan.first() else {
        store::log::add(tx, run.id, &LogEntry::new(now, What::NoContact).at_place(place).about(person)).await?;
        return Ok(false);
    };
    let page = Page {
        id: kernel::ids::new_uuid(),
        run: run.id,
        person,
        place,
        rule: 0,
        ack_all,
        contact: first.contact,
        tried: Vec::new(),
        state: PageState::Waiting,
        due_at: Some(now),
        call: None,
        made_at: now,
    };
    if store::pages::insert(tx, &page).await? {
        let entry = LogEntry::new(now, What::Paged).at_place(place).about(person).by(first.contact);
        store::log::add(tx, run.id, &entry).await?;
    }
    Ok(true)
}

/// Pages the administrators, in the place where the run stands.
async fn fall_back(tx: &mut Tx, look: &Look<'_>, run: &mut Run) -> Result<(), Error> {
    store::log::add(tx, run.id, &LogEntry::new(look.now, What::Fallback).at_place(run.place)).await?;
    let admins: Vec<PersonId> =
        look.staff.iter().filter(|staffer| staffer.is_admin && staffer.may_come_in).map(|staffer| staffer.id).collect();
    if page_all(tx, look, run, &admins, false).await? == 0 {
        last_resort(tx, look, run).await?;
    }
    Ok(())
}

/// Tells the channel that takes what nobody else could.
pub(crate) async fn last_resort(tx: &mut Tx, look: &Look<'_>, run: &mut Run) -> Result<(), Error> {
    store::log::add(tx, run.id, &LogEntry::new(look.now, What::LastResort).at_place(run.place)).await?;
    tell(tx, look, run, Vec::new(), "last-resort").await
}

async fn tell_channel(tx: &mut Tx, look: &Look<'_>, run: &mut Run, channel: &str) -> Result<(), Error> {
    let entry = LogEntry::new(look.now, What::ChannelTold).at_place(run.place).saying(channel);
    store::log::add(tx, run.id, &entry).await?;
    tell(tx, look, run, vec![channel.to_owned()], channel).await
}

async fn tell(tx: &mut Tx, look: &Look<'_>, run: &mut Run, channels: Vec<String>, name: &str) -> Result<(), Error> {
    let Place { pass, step } = run.place;
    let page = ChannelPage {
        key: format!("o/{}/{pass}/{step}/{name}", run.id),
        group: run.story.clone(),
        channels,
        words: run.words.clone(),
        alerts: run.needing(),
        why: format!("escalation {}, step {}", run.policy, step + 1),
        at: look.now,
    };
    if look.needs.messenger.tell_channels(tx, page).await? {
        run.first_page_at = run.first_page_at.or(Some(look.now));
    }
    Ok(())
}

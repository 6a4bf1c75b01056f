//! Who would be paged if an alert came now and nobody answered it: the laws of the room's steps, gone through without sending anything. Pure.
//!
//! People are those of this moment, as everywhere a preview can only say who is on call now; a step's own time is judged at the moment it
//! would fire.

use crate::apis::oncall::shape;
use ::api::escalations::{PagedView, RungKind, RungView};
use ::api::oncall::WayKind;
use chrono_tz::Tz;
use identity::PersonRow;
use model::ids::PersonId;
use model::{Role, Time};
use oncall::Reach;
use oncall::needs::Holidays;
use oncall::policies::course::Place;
use oncall::policies::hours::{holds, next};
use oncall::policies::{OnEmpty, Policy, Step, Target};
use std::collections::HashMap;

/// Rungs that are told; then it goes on like that.
const MOST_RUNGS: usize = 12;
/// After the administrators were paged in the place of a whole pass, as the room waits.
const FALLBACK_WAIT_MS: i64 = 5 * 60_000;

/// Somebody, as far as a step must know them.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub teams: Vec<String>,
    pub may_come_in: bool,
    pub is_responder: bool,
    pub is_admin: bool,
    pub ways: Vec<WayKind>,
}

impl Member {
    /// Of an account and what is known of its contacts.
    pub fn of(person: &PersonRow, reach: Option<&Reach>) -> Self {
        Self {
            id: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
            teams: person.teams.iter().map(|team| team.team_name.clone()).collect(),
            may_come_in: !person.disabled && !person.invited,
            is_responder: person.role >= Role::Responder,
            is_admin: person.role >= Role::Admin,
            ways: reach.map(shape::ways).unwrap_or_default(),
        }
    }

    fn is_reached(&self) -> bool {
        self.may_come_in && !self.ways.is_empty()
    }

    fn view(&self) -> PagedView {
        PagedView { name: self.name.clone(), ways: self.ways.clone(), is_disabled: !self.may_come_in }
    }
}

/// Everybody, who is on call, and which days are off.
pub struct Crew<'a> {
    pub members: Vec<Member>,
    /// By schedule and role.
    pub on_call: HashMap<(String, String), Vec<PersonId>>,
    pub holidays: &'a dyn Holidays,
}

impl Crew<'_> {
    fn those(&self, is_meant: &dyn Fn(&Member) -> bool) -> Vec<&Member> {
        self.members.iter().filter(|member| is_meant(member)).collect()
    }

    fn meant(&self, target: &Target) -> Vec<&Member> {
        match target {
            Target::Person(email) => self.those(&|member| member.email.eq_ignore_ascii_case(email)),
            Target::Schedule { schedule, role } => {
                let ids = self.on_call.get(&(schedule.clone(), role.clone())).cloned().unwrap_or_default();
                self.those(&|member| ids.contains(&member.id))
            }
            Target::Team(team) => self.those(&|member| member.teams.contains(team)),
            Target::Everyone => self.those(&|member| member.may_come_in && member.is_responder),
            Target::Channel(_) => Vec::new(),
        }
    }

    /// Everybody a step means, each once.
    fn named(&self, step: &Step) -> Vec<&Member> {
        let mut named: Vec<&Member> = Vec::new();
        for member in step.notify.iter().flat_map(|target| self.meant(target)) {
            if !named.iter().any(|known| known.id == member.id) {
                named.push(member);
            }
        }
        named
    }

    fn administrators(&self) -> Vec<&Member> {
        self.members.iter().filter(|member| member.is_admin && member.is_reached()).collect()
    }
}

/// Where the rehearsal stands.
struct Rehearsal<'a> {
    policy: &'a Policy,
    crew: &'a Crew<'a>,
    now: Time,
    at: Time,
    place: Place,
    has_reached: bool,
    was_empty: bool,
    rungs: Vec<RungView>,
}

/// Every rung from now on, and whether it goes on beyond them.
pub fn rehearse(policy: &Policy, crew: &Crew<'_>, now: Time) -> (Vec<RungView>, bool) {
    let mut rehearsal =
        Rehearsal { policy, crew, now, at: now, place: Place::FIRST, has_reached: false, was_empty: false, rungs: Vec::new() };
    while rehearsal.rungs.len() < MOST_RUNGS {
        if !rehearsal.go_on() {
            return (rehearsal.rungs, false);
        }
    }
    (rehearsal.rungs, true)
}

impl Rehearsal<'_> {
    /// One step, or the end of a pass. `false` when nothing more would happen.
    fn go_on(&mut self) -> bool {
        let index: usize = usize::try_from(self.place.step).unwrap_or(usize::MAX);
        let policy: &Policy = self.policy;
        let Some(step) = policy.steps.get(index) else { return self.end_pass() };
        self.step(step);
        true
    }

    fn step(&mut self, step: &Step) {
        if !holds(step.when, zone(step), self.at, self.crew.holidays) {
            self.rung(RungKind::NotItsTime, Vec::new(), Vec::new());
            self.place = self.place.next();
            return;
        }
        let people: Vec<PagedView> = self.crew.named(step).into_iter().map(Member::view).collect();
        let channels: Vec<String> = step.notify.iter().filter_map(channel).collect();
        let is_empty: bool = channels.is_empty() && !people.iter().any(PagedView::is_reached);
        let kind: RungKind = if is_empty { RungKind::Empty } else { RungKind::Fires };
        self.rung(kind, people, channels);
        self.was_empty |= is_empty;
        if is_empty && step.on_empty == OnEmpty::Next {
            self.place = self.place.next();
            return;
        }
        if is_empty {
            self.fall_back();
        }
        self.has_reached = true;
        self.at = self.at.plus_ms(step.wait.ms);
        self.place = self.place.next();
    }

    fn end_pass(&mut self) -> bool {
        if !self.has_reached
            && let Some(at) = self.better_time()
        {
            self.at = at;
            self.place = Place { step: 0, ..self.place };
            return true;
        }
        if !self.has_reached {
            self.fall_back();
            self.has_reached = true;
            self.at = self.at.plus_ms(FALLBACK_WAIT_MS);
            return true;
        }
        let Some(place) = self.place.next_pass(self.policy) else { return false };
        (self.place, self.has_reached, self.was_empty) = (place, false, false);
        true
    }

    /// When some step's time comes, if all of them only wait for that.
    fn better_time(&self) -> Option<Time> {
        if self.was_empty {
            return None;
        }
        let time = |step: &Step| next(step.when, zone(step), self.at, self.crew.holidays);
        self.policy.steps.iter().filter_map(time).min().filter(|at| *at > self.at)
    }

    fn fall_back(&mut self) {
        let people: Vec<PagedView> = self.crew.administrators().into_iter().map(Member::view).collect();
        let kind: RungKind = if people.is_empty() { RungKind::LastResort } else { RungKind::Fallback };
        self.rung(kind, people, Vec::new());
    }

    fn rung(&mut self, kind: RungKind, people: Vec<PagedView>, channels: Vec<String>) {
        let is_step: bool = !matches!(kind, RungKind::Fallback | RungKind::LastResort);
        let number = |of: i32| u32::try_from(of).unwrap_or(0) + 1;
        self.rungs.push(RungView {
            after_ms: self.at.since(self.now),
            step: if is_step { number(self.place.step) } else { 0 },
            pass: number(self.place.pass),
            kind,
            people,
            channels,
        });
    }
}

fn zone(step: &Step) -> Tz {
    step.zone.map_or(Tz::UTC, |zone| zone.0)
}

fn channel(target: &Target) -> Option<String> {
    match target {
        Target::Channel(channel) => Some(channel.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use oncall::policies::{AckMode, Passes, Wait, When, Zone};
    use uuid::Uuid;

    /// 2026-11-25 is a Wednesday; this is 12:00 UTC.
    const NOON: Time = Time(1_795_608_000_000);
    const MINUTE: i64 = 60_000;

    struct NoDays;

    impl Holidays for NoDays {
        fn is_holiday(&self, _day: NaiveDate) -> bool {
            false
        }
    }

    fn member(n: u128, ways: Vec<WayKind>, is_admin: bool) -> Member {
        Member {
            id: PersonId(Uuid::from_u128(n)),
            name: format!("p{n}"),
            email: format!("p{n}@example.jp"),
            teams: vec!["SRE".to_owned()],
            may_come_in: true,
            is_responder: true,
            is_admin,
            ways,
        }
    }

    fn step(minutes: i64, notify: Vec<Target>) -> Step {
        Step {
            wait: Wait { ms: minutes * MINUTE },
            notify,
            ack: AckMode::Any,
            when: When::Always,
            zone: None,
            on_empty: OnEmpty::Next,
        }
    }

    fn person(n: u128) -> Vec<Target> {
        vec![Target::Person(format!("P{n}@example.jp"))]
    }

    fn policy(steps: Vec<Step>, passes: Passes) -> Policy {
        Policy { passes, steps, ..Policy::unwritten("p") }
    }

    fn told(policy: &Policy, members: Vec<Member>) -> (Vec<(i64, u32, RungKind)>, bool) {
        let crew = Crew { members, on_call: HashMap::new(), holidays: &NoDays };
        let (rungs, goes_on) = rehearse(policy, &crew, NOON);
        (rungs.iter().map(|rung| (rung.after_ms / MINUTE, rung.step, rung.kind)).collect(), goes_on)
    }

    #[test]
    fn waits_of_five_ten_and_fifteen_minutes_in_three_passes() {
        let steps = vec![step(5, person(1)), step(10, person(1)), step(15, person(1))];
        let (rungs, goes_on) = told(&policy(steps, Passes::Times(3)), vec![member(1, vec![WayKind::Push], false)]);
        let after: Vec<i64> = rungs.iter().map(|(after, _, _)| *after).collect();
        assert_eq!((after, goes_on), (vec![0, 5, 15, 30, 35, 45, 60, 65, 75], false));
    }

    #[test]
    fn empty_steps_are_passed_over_at_once() {
        let steps = vec![step(5, person(9)), step(10, person(2)), step(15, person(1))];
        let members = vec![member(1, vec![WayKind::Push], false), member(2, Vec::new(), false)];
        let (rungs, _) = told(&policy(steps, Passes::default()), members);
        assert_eq!(rungs, [(0, 1, RungKind::Empty), (0, 2, RungKind::Empty), (0, 3, RungKind::Fires)]);
    }

    #[test]
    fn when_nobody_can_be_paged_the_administrators_are_and_else_the_last_resort() {
        let alone = policy(vec![step(5, person(9))], Passes::default());
        let (rungs, _) = told(&alone, vec![member(1, vec![WayKind::Push], true)]);
        assert_eq!(rungs, [(0, 1, RungKind::Empty), (0, 0, RungKind::Fallback)]);
        let (rungs, _) = told(&alone, Vec::new());
        assert_eq!(rungs[1].2, RungKind::LastResort);
        let wants = Step { on_empty: OnEmpty::Fallback, ..step(5, person(9)) };
        let (rungs, _) =
            told(&policy(vec![wants, step(5, person(1))], Passes::default()), vec![member(1, vec![WayKind::Sms], true)]);
        assert_eq!(rungs, [(0, 1, RungKind::Empty), (0, 0, RungKind::Fallback), (5, 2, RungKind::Fires)]);
    }

    #[test]
    fn a_policy_of_the_day_waits_for_the_morning() {
        let zone = Some(Zone(Tz::UTC));
        let night = Step { when: When::Night, zone, ..step(5, person(1)) };
        let (rungs, _) = told(&policy(vec![night], Passes::default()), vec![member(1, vec![WayKind::Push], false)]);
        // Working hours end at 18:00.
        assert_eq!(rungs, [(0, 1, RungKind::NotItsTime), (360, 1, RungKind::Fires)]);
    }

    #[test]
    fn a_policy_that_never_ends_is_cut() {
        let steps = vec![step(5, vec![Target::Team("SRE".to_owned()), Target::Everyone])];
        let members = vec![member(1, vec![WayKind::Push], false), member(2, vec![WayKind::Push], false)];
        let (rungs, goes_on) = told(&policy(steps.clone(), Passes::Forever), members.clone());
        assert_eq!((rungs.len(), goes_on), (MOST_RUNGS, true));
        let crew = Crew { members, on_call: HashMap::new(), holidays: &NoDays };
        let (rungs, _) = rehearse(&policy(steps, Passes::default()), &crew, NOON);
        assert_eq!(rungs[0].people.len(), 2, "each once");
    }
}

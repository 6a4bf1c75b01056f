//! When a group is told of what.

use super::*;
use proptest::prelude::*;

const S: i64 = 1_000;
const MINUTE: i64 = 60 * S;

fn settings() -> Settings {
    Settings { group_wait_ms: 30 * S, group_interval_ms: 5 * MINUTE, repeat_interval_ms: 240 * MINUTE, ..Settings::default() }
}

fn member(alert: i64) -> Member {
    Member {
        alert: AlertId(alert),
        severity: Severity::P2,
        is_firing: true,
        is_held: false,
        mute: None,
        is_current: true,
        was_mute: None,
        waits_since: Time(0),
        told: None,
    }
}

fn told(alert: i64) -> Member {
    Member { told: Some(Told { severity: Severity::P2, is_held: false }), ..member(alert) }
}

fn over(member: Member) -> Member {
    Member { is_firing: false, ..member }
}

fn silence() -> Option<Mute> {
    Some(Mute::Silence(SilenceId(7)))
}

/// What is told of these at `now`, having told at `paged_at`.
fn page(paged_at: Option<i64>, members: &[Member], now: i64) -> Option<(PageKind, Vec<Reason>)> {
    decide(&settings(), paged_at.map(Time), members, Time(now)).page.map(|page| (page.kind, page.reasons))
}

#[test]
fn the_first_page_waits_for_company_and_no_longer() {
    assert_eq!(page(None, &[member(1)], 29 * S), None);
    assert_eq!(page(None, &[member(1)], 30 * S), Some((PageKind::Fired, vec![Reason::First])));
    let later = Member { waits_since: Time(20 * S), ..member(2) };
    assert_eq!(page(None, &[member(1), later.clone()], 30 * S), Some((PageKind::Fired, vec![Reason::First])));
    assert_eq!(page(None, &[later], 30 * S), None);
    let at_once = Settings { group_wait_ms: 0, ..settings() };
    assert!(decide(&at_once, None, &[member(1)], Time(0)).page.is_some());
}

#[test]
fn what_is_new_or_over_waits_for_the_interval() {
    let new = Member { waits_since: Time(MINUTE), ..member(2) };
    assert_eq!(page(Some(30 * S), &[told(1), new.clone()], 5 * MINUTE), None);
    let expected = Some((PageKind::Fired, vec![Reason::NewAlerts]));
    assert_eq!(page(Some(30 * S), &[told(1), new], 5 * MINUTE + 30 * S), expected);
    let late = Member { waits_since: Time(60 * MINUTE), ..member(2) };
    assert_eq!(page(Some(0), &[told(1), late.clone()], 60 * MINUTE), None, "it waits for company again");
    assert_eq!(page(Some(0), &[told(1), late], 60 * MINUTE + 30 * S), Some((PageKind::Fired, vec![Reason::NewAlerts])));
    assert_eq!(page(Some(0), &[over(told(1))], 4 * MINUTE), None);
    assert_eq!(page(Some(0), &[over(told(1))], 5 * MINUTE), Some((PageKind::Resolved, vec![Reason::AllResolved])));
    let partly = Some((PageKind::PartlyResolved, vec![Reason::SomeResolved]));
    assert_eq!(page(Some(0), &[over(told(1)), told(2)], 5 * MINUTE), partly);
    let both = Some((PageKind::Fired, vec![Reason::NewAlerts, Reason::SomeResolved]));
    assert_eq!(page(Some(0), &[over(told(1)), member(2)], 5 * MINUTE), both);
}

#[test]
fn what_ended_before_anybody_heard_of_it_is_not_told() {
    let decision = decide(&settings(), None, &[over(member(1))], Time(10 * MINUTE));
    assert_eq!(decision, Decision { gone: vec![AlertId(1)], ..Decision::default() });
    let without = Settings { send_resolved: false, ..settings() };
    let decision = decide(&without, Some(Time(0)), &[over(told(1))], Time(10 * MINUTE));
    assert_eq!(decision, Decision { gone: vec![AlertId(1)], ..Decision::default() });
}

#[test]
fn what_nobody_answers_is_said_again_and_what_somebody_has_is_not() {
    assert_eq!(page(Some(0), &[told(1)], 239 * MINUTE), None);
    assert_eq!(page(Some(0), &[told(1)], 240 * MINUTE), Some((PageKind::Again, vec![Reason::Repeat])));
    let held = Member { is_held: true, told: Some(Told { severity: Severity::P2, is_held: true }), ..member(1) };
    assert_eq!(page(Some(0), std::slice::from_ref(&held), 999 * MINUTE), None);
    assert_eq!(page(Some(0), &[held.clone(), told(2)], 240 * MINUTE), Some((PageKind::Again, vec![Reason::Repeat])));
    let given_back = Member { is_held: false, ..held };
    assert_eq!(page(Some(0), &[given_back], S), Some((PageKind::Again, vec![Reason::GivenBack])));
    let taken_before = Member { is_held: true, ..member(1) };
    assert_eq!(page(None, &[taken_before], 10 * MINUTE), None, "somebody took it before anybody was told");
}

#[test]
fn that_somebody_has_it_is_an_update_that_counts_for_nothing() {
    let taken = Member { is_held: true, ..told(1) };
    let waiting = Member { waits_since: Time(MINUTE), ..member(2) };
    let decision = decide(&settings(), Some(Time(0)), &[taken, waiting], Time(MINUTE));
    assert!(!decision.counts());
    let page = decision.page.unwrap();
    assert_eq!((page.kind, page.reasons), (PageKind::Acknowledged, vec![Reason::Acknowledged]));
    let changed: Vec<(i64, Option<bool>)> =
        decision.changed.iter().map(|one| (one.alert.0, one.told.map(|told| told.is_held))).collect();
    assert_eq!(changed, [(1, Some(true))], "what waits goes on waiting");
}

#[test]
fn what_is_quiet_is_remembered_and_told_when_that_ends() {
    let quiet = Member { mute: silence(), ..member(1) };
    let decision = decide(&settings(), None, &[quiet], Time(MINUTE));
    assert_eq!(decision.page, None);
    assert_eq!(decision.changed[0].mute, silence());
    let ended = Member { was_mute: silence(), waits_since: Time(59 * S), ..member(1) };
    assert_eq!(page(None, &[ended], MINUTE).map(|page| page.0), Some(PageKind::Fired), "at once, without a wait");
    let told_before = Member { was_mute: silence(), ..told(1) };
    assert_eq!(page(Some(0), &[told_before], MINUTE), Some((PageKind::Again, vec![Reason::Unmuted])));
    let quiet_again = Member { mute: silence(), was_mute: silence(), ..told(1) };
    assert_eq!(page(Some(0), std::slice::from_ref(&quiet_again), 999 * MINUTE), None, "no page later than its beginning");
    assert_eq!(page(Some(0), &[over(quiet_again)], 5 * MINUTE), Some((PageKind::Resolved, vec![Reason::AllResolved])));
}

#[test]
fn what_was_explained_by_another_waits_like_anything_new() {
    let cause = Some(Mute::Inhibition { by: AlertId(9), rule: "silent host".to_owned() });
    let released = Member { was_mute: cause, ..member(1) };
    let decision = decide(&settings(), None, &[released], Time(10 * MINUTE));
    assert_eq!(decision.page, None);
    assert_eq!((decision.changed[0].waits_since, decision.changed[0].mute.clone()), (Time(10 * MINUTE), None));
}

#[test]
fn what_became_worse_waits_for_nobody() {
    let worse = Member { severity: Severity::P0, ..told(1) };
    assert_eq!(page(Some(0), std::slice::from_ref(&worse), S), Some((PageKind::Fired, vec![Reason::SeverityRaised])));
    let decision = decide(&settings(), Some(Time(0)), &[worse], Time(S));
    assert_eq!(decision.changed[0].told, Some(Told { severity: Severity::P0, is_held: false }));
    let better = Member { severity: Severity::P3, ..told(1) };
    assert_eq!(page(Some(0), &[better], S), None);
}

#[test]
fn what_goes_elsewhere_now_tells_only_its_end_here() {
    let moved = Member { is_current: false, ..told(1) };
    assert_eq!(page(Some(0), std::slice::from_ref(&moved), 999 * MINUTE), None);
    assert_eq!(page(Some(0), &[over(moved)], 5 * MINUTE), Some((PageKind::Resolved, vec![Reason::AllResolved])));
    let never_told = Member { is_current: false, ..member(1) };
    assert_eq!(decide(&settings(), Some(Time(0)), &[never_told], Time(S)).gone, [AlertId(1)]);
}

#[test]
fn why_something_is_quiet_is_read_back_from_its_words() {
    for mute in [
        Mute::Silence(SilenceId(12)),
        Mute::Calendar("nights of tokyo".to_owned()),
        Mute::Inhibition { by: AlertId(3), rule: "silent host".to_owned() },
    ] {
        assert_eq!(Mute::from_words(&mute.to_string()), Some(mute));
    }
    for words in ["", "silence", "silence x", "inhibition 3", "moon 3"] {
        assert_eq!(Mute::from_words(words), None, "{words}");
    }
}

/// What happens to one alert at one look.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Fire,
    End,
    Take,
    GiveBack,
    Mute,
    Unmute,
    Wait,
}

fn any_turn() -> impl Strategy<Value = Turn> {
    prop::sample::select(vec![
        Turn::Fire,
        Turn::End,
        Turn::Take,
        Turn::GiveBack,
        Turn::Mute,
        Turn::Unmute,
        Turn::Wait,
        Turn::Wait,
    ])
}

fn turn(member: &mut Member, turn: Turn) {
    match turn {
        Turn::Fire | Turn::Wait => {}
        Turn::End => member.is_firing = false,
        Turn::Take => member.is_held = true,
        Turn::GiveBack => member.is_held = false,
        Turn::Mute => member.mute = silence(),
        Turn::Unmute => member.mute = None,
    }
}

proptest! {
    /// Looks once a minute, for a group with alerts that come and go as told, and remembers what a database would.
    #[test]
    #[test]
    fn nobody_is_told_of_what_is_quiet_and_nothing_is_lost_or_said_twice(turns in prop::collection::vec((0_usize..4, any_turn()), 1..120)) {
        let mut living: Vec<Member> = Vec::new();
        let mut numbers: [i64; 4] = [0; 4];
        let mut paged_at: Option<Time> = None;
        let mut heard: std::collections::HashSet<AlertId> = std::collections::HashSet::new();
        for (look, (slot, what)) in (0_i64..).zip(turns) {
            let now = Time(look * MINUTE);
            let alert = living.iter_mut().find(|member| member.alert.0 == numbers[slot] && member.is_firing);
            match (alert, what) {
                (Some(member), what) => turn(member, what),
                (None, Turn::Fire) => {
                    numbers[slot] = look + 1;
                    living.push(Member { waits_since: now, ..member(look + 1) });
                }
                (None, _) => {}
            }
            let decision = decide(&settings(), paged_at, &living, now);
            if decision.counts() {
                paged_at = Some(now);
            }
            if let Some(page) = &decision.page {
                prop_assert!(!page.reasons.is_empty());
                for alert in &page.firing {
                    let member = living.iter().find(|member| member.alert == *alert).unwrap();
                    prop_assert!(member.is_firing && (member.mute.is_none() || !decision.counts()));
                    if decision.counts() {
                        heard.insert(*alert);
                    }
                }
                for alert in &page.over {
                    prop_assert!(heard.remove(alert), "its end is told once, to who heard of it");
                    prop_assert!(decision.gone.contains(alert));
                }
                let needs_nobody = living.iter().all(|member| !member.is_firing || member.is_held || member.mute.is_some());
                prop_assert!(!needs_nobody || !matches!(page.kind, PageKind::Fired | PageKind::Again));
            }
            living.retain(|member| !decision.gone.contains(&member.alert));
            for one in decision.changed {
                let member = living.iter_mut().find(|member| member.alert == one.alert).unwrap();
                member.was_mute = one.mute;
                member.waits_since = one.waits_since;
                member.told = one.told;
            }
            let again = decide(&settings(), paged_at, &living, now);
            prop_assert_eq!(again, Decision::default(), "a second look at the same moment finds nothing to do");
            if living.is_empty() {
                paged_at = None;
            }
        }
        // Whoever still needs somebody is told within the interval and the wait.
        let end = Time(1_000 * MINUTE);
        for needy in living.iter().filter(|member| member.is_news()) {
            let decision = decide(&settings(), paged_at, &living, end);
            prop_assert!(decision.page.is_some_and(|page| page.firing.contains(&needy.alert)));
        }
    }
}

//! When somebody is told of a group next if nothing happens: what was decided of it now is decided of it until then.
//!
//! Counted from the times that stand with the group and its alerts, never from now. So a clock that is put forward or back finds what it
//! would have found by looking, and whoever looks only at what is due overlooks nothing.

use super::Member;
use crate::routes::Settings;
use model::Time;

/// Whatever the clock says.
pub(crate) const AT_ONCE: Time = Time(i64::MIN);

/// The moment, of a group of which nothing is told now and nothing new is remembered; `None` when it waits for something to happen.
pub(crate) fn next(settings: &Settings, paged_at: Option<Time>, members: &[Member]) -> Option<Time> {
    let spaced: Time = paged_at.map_or(AT_ONCE, |at| at.plus_ms(settings.group_interval_ms));
    let first: Option<Time> = members.iter().filter(|member| member.is_news()).map(|member| member.waits_since).min();
    let news: Option<Time> = first.map(|since| since.plus_ms(settings.group_wait_ms).max(spaced));
    let ends: bool = settings.send_resolved && members.iter().any(Member::is_over);
    let repeats: Option<Time> =
        paged_at.filter(|_| members.iter().any(Member::needs_somebody)).map(|at| at.plus_ms(settings.repeat_interval_ms));
    [news, ends.then_some(spaced), repeats].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::super::{Decision, Mute, Told, decide};
    use super::*;
    use crate::silences::SilenceId;
    use model::Severity;
    use model::ids::AlertId;
    use proptest::prelude::*;

    const S: i64 = 1_000;

    fn settings(send_resolved: bool) -> Settings {
        Settings {
            group_wait_ms: 30 * S,
            group_interval_ms: 60 * S,
            repeat_interval_ms: 240 * S,
            send_resolved,
            ..Settings::default()
        }
    }

    fn mutes() -> impl Strategy<Value = Option<Mute>> {
        let explained: Mute = Mute::Inhibition { by: AlertId(99), rule: "silent-host".to_owned() };
        prop::sample::select(vec![None, None, Some(Mute::Silence(SilenceId(1))), Some(explained)])
    }

    fn severities() -> impl Strategy<Value = Severity> {
        prop::sample::select(vec![Severity::P1, Severity::P2])
    }

    prop_compose! {
        fn member()(
            severity in severities(),
            (is_firing, is_held, is_current) in any::<(bool, bool, bool)>(),
            (mute, was_mute) in (mutes(), mutes()),
            since in 0_i64..300,
            told in prop::option::of((severities(), any::<bool>())),
        ) -> Member {
            let told: Option<Told> = told.map(|(severity, is_held)| Told { severity, is_held });
            let mute: Option<Mute> = mute.filter(|_| is_firing && is_current);
            Member { alert: AlertId(0), severity, is_firing, is_held, mute, is_current, was_mute, waits_since: Time(since * S), told }
        }
    }

    /// A group as a look at `now` leaves it.
    fn after(settings: &Settings, paged_at: Option<Time>, members: &[Member], now: Time) -> (Option<Time>, Vec<Member>) {
        let decision: Decision = decide(settings, paged_at, members, now);
        let mut left: Vec<Member> = members.iter().filter(|member| !decision.gone.contains(&member.alert)).cloned().collect();
        for member in &mut left {
            if let Some(new) = decision.changed.iter().find(|new| new.alert == member.alert) {
                member.was_mute.clone_from(&new.mute);
                (member.waits_since, member.told) = (new.waits_since, new.told);
            }
        }
        (if decision.counts() { Some(now) } else { paged_at }, left)
    }

    proptest! {
        #[test]
        fn nothing_is_told_before_it_and_something_is_then(
            members in prop::collection::vec(member(), 1..5),
            paged in prop::option::of(0_i64..300),
            send_resolved in any::<bool>(),
            now in 0_i64..400,
            later in 0_i64..2_000,
        ) {
            let (settings, now) = (settings(send_resolved), Time(now * S));
            let (mut paged_at, mut members) = (paged.map(|s| Time(s * S)), members);
            for (number, member) in (1..).zip(members.iter_mut()) {
                member.alert = AlertId(number);
            }
            for _ in 0..2 {
                (paged_at, members) = after(&settings, paged_at, &members, now);
            }
            let at = |time: Time| decide(&settings, paged_at, &members, time);
            prop_assert_eq!(at(now), Decision::default(), "two looks leave nothing to do");
            let then: Time = now.plus_ms(later * S);
            match next(&settings, paged_at, &members) {
                Some(due) if then >= due => prop_assert!(at(then).page.is_some(), "due at {due:?}, nothing at {then:?}"),
                _ => prop_assert_eq!(at(then), Decision::default()),
            }
        }
    }

    #[test]
    fn what_is_first_due_counts() {
        let member = |alert: i64, told: bool| Member {
            alert: AlertId(alert),
            severity: Severity::P2,
            is_firing: true,
            is_held: false,
            mute: None,
            is_current: true,
            was_mute: None,
            waits_since: Time(100 * S),
            told: told.then_some(Told { severity: Severity::P2, is_held: false }),
        };
        let due = |paged: Option<i64>, members: &[Member]| next(&settings(true), paged.map(|s| Time(s * S)), members);
        let of = |s: i64| Some(Time(s * S));
        assert_eq!(due(None, &[member(1, false)]), of(130), "the first page waits for company");
        assert_eq!(due(Some(90), &[member(1, false)]), of(150), "what is new waits for the interval");
        assert_eq!(due(Some(90), &[member(1, true)]), of(330), "what nobody answers is said again");
        let over = Member { is_firing: false, ..member(1, true) };
        assert_eq!(due(Some(90), &[over.clone(), member(2, true)]), of(150));
        assert_eq!(next(&settings(false), of(90), &[over]), None);
        assert_eq!(due(Some(90), &[Member { is_held: true, ..member(1, true) }]), None, "somebody has it");
    }
}

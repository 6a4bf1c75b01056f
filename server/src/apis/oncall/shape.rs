//! What the room knows, as screens show it. Pure.

use crate::zones;
use ::api::Text;
use ::api::oncall::schedule::{ChangeView, PreviewView};
use ::api::oncall::{
    DutyNow, FindingKind, FindingView, GapView, HandoverView, PersonName, ReachView, SourceView, WayKind, WhoView,
};
use figures::Zone;
use model::Time;
use model::ids::PersonId;
use model::rota::difference::Change;
use model::rota::handoffs::Handoff;
use model::rota::readiness::Problem;
use model::rota::{DutyRole, Segment, Who};
use oncall::schedules::Named;
use oncall::schedules::definition::Definition;
use oncall::schedules::looking::{Because, NowRole};
use oncall::schedules::readiness::{Finding, FindingKind as Kind, FindingRow};
use oncall::{ContactKind, Reach};
use std::collections::HashMap;

/// Changes of a preview that are shown.
const MOST_CHANGES: usize = 40;
/// Gaps that are told at once.
pub const MOST_GAPS: usize = 12;

/// Who is who, for one reader.
pub struct People<'a> {
    pub named: &'a [Named],
    pub me: Option<PersonId>,
}

impl People<'_> {
    /// Somebody by name; without one, who is not known any more.
    pub fn name(&self, id: PersonId) -> PersonName {
        let found: Option<&Named> = self.named.iter().find(|named| named.id == id);
        let name: String = found.map(|named| named.name.clone()).unwrap_or_default();
        PersonName { id, name, is_me: self.me == Some(id) }
    }

    /// Somebody or nobody.
    pub fn who(&self, who: Who) -> WhoView {
        match who {
            Who::Person(id) => WhoView::Person(self.name(id)),
            Who::Nobody => WhoView::Nobody,
            Who::Gap => WhoView::Gap,
        }
    }

    fn whos(&self, all: &[Who]) -> Vec<WhoView> {
        all.iter().map(|who| self.who(*who)).collect()
    }
}

/// What people read in both languages; the name where somebody gave no title.
pub fn title(definition: &Definition) -> Text {
    titled(&definition.name, &definition.title_ja, &definition.title_en)
}

/// The same of its parts.
pub fn titled(name: &str, ja: &str, en: &str) -> Text {
    if ja.is_empty() && en.is_empty() {
        return Text { ja: name.to_owned(), en: name.to_owned() };
    }
    Text { ja: ja.to_owned(), en: en.to_owned() }
}

/// The zone of a schedule, as a screen needs it.
pub fn zone(name: &str, now: Time) -> Zone {
    name.parse::<chrono_tz::Tz>().map_or_else(|_| Zone::utc(), |tz| zones::around(tz, now))
}

/// What put somebody there.
pub fn source(because: Because) -> SourceView {
    match because {
        Because::Rotation => SourceView::Rotation,
        Because::Override => SourceView::Override,
        Because::Swap => SourceView::Swap,
        Because::Calendar => SourceView::Calendar,
    }
}

/// A kind of contact.
pub fn way(kind: ContactKind) -> WayKind {
    match kind {
        ContactKind::Push => WayKind::Push,
        ContactKind::Slack => WayKind::Slack,
        ContactKind::Sms => WayKind::Sms,
        ContactKind::Voice => WayKind::Voice,
        ContactKind::Email => WayKind::Email,
    }
}

/// The kinds by which somebody is reached, each once.
pub fn ways(reach: &Reach) -> Vec<WayKind> {
    let mut ways: Vec<WayKind> = reach.verified.iter().map(|kind| way(*kind)).collect();
    ways.sort_unstable();
    ways.dedup();
    ways
}

/// Whether a page reaches somebody.
pub fn reach(person: &Named, known: &HashMap<PersonId, Reach>) -> ReachView {
    if !person.may_come_in {
        return ReachView::Disabled;
    }
    match known.get(&person.id) {
        Some(found) if found.verified.is_empty() => ReachView::NoContact,
        Some(found) if found.all_failing => ReachView::Failing(ways(found)),
        Some(found) => ReachView::By(ways(found)),
        None => ReachView::NoContact,
    }
}

/// A role at this moment: one duty for each who holds it, or one that says that nobody does. `is_always`: somebody must be there at all
/// times.
pub fn duties(role: &NowRole, is_always: bool, people: &People<'_>, known: &HashMap<PersonId, Reach>) -> Vec<DutyNow> {
    if role.holders.is_empty() && role.role == DutyRole::Shadow {
        return Vec::new();
    }
    if role.holders.is_empty() {
        let who: WhoView = if is_always { WhoView::Gap } else { WhoView::Nobody };
        return vec![DutyNow { role: role.role.clone(), who, source: None, until: role.empty_until, reach: None }];
    }
    let duty = |holder: &oncall::schedules::looking::NowHolder| DutyNow {
        role: role.role.clone(),
        who: WhoView::Person(people.name(holder.person.id)),
        source: Some(source(holder.because)),
        until: holder.until,
        reach: Some(reach(&holder.person, known)),
    };
    role.holders.iter().map(duty).collect()
}

/// A handover.
pub fn handover(one: &Handoff, people: &People<'_>) -> HandoverView {
    HandoverView { at: one.at, role: one.role.clone(), from: people.whos(&one.from), to: people.whos(&one.to) }
}

/// A gap.
pub fn gap(segment: &Segment) -> GapView {
    GapView { role: segment.role.clone(), from: segment.start, until: segment.end, is_meant: segment.who == Who::Nobody }
}

/// The gaps among findings, the nearest first, and how many there are.
pub fn gaps(rows: &[FindingRow]) -> (Vec<GapView>, u32) {
    let found = rows.iter().map(|row| &row.finding).filter(|finding| finding.kind == Kind::Gap);
    let role = |finding: &Finding| finding.role.clone().unwrap_or(DutyRole::Primary);
    let of = |finding: &Finding| -> Vec<GapView> {
        let gap = |span: &model::rota::Span| GapView { role: role(finding), from: span.start, until: span.end, is_meant: false };
        finding.spans.iter().map(gap).collect()
    };
    let n: usize = found.clone().map(|finding| finding.n).sum();
    let mut gaps: Vec<GapView> = found.flat_map(of).collect();
    gaps.sort_by_key(|gap| (gap.from, gap.until));
    gaps.truncate(MOST_GAPS);
    (gaps, u32::try_from(n).unwrap_or(u32::MAX))
}

/// A finding that is no gap.
pub fn finding(one: &Finding, people: &People<'_>) -> Option<FindingView> {
    let kind: FindingKind = match one.kind {
        Kind::Gap => return None,
        Kind::NoContact => FindingKind::NoContact,
        Kind::Disabled => FindingKind::Disabled,
        Kind::Away => FindingKind::Away,
        Kind::BothRoles => FindingKind::BothRoles,
        Kind::TooMuch => FindingKind::TooMuch,
        Kind::SameAsPrimary => FindingKind::SamePerson,
        Kind::NoMembers | Kind::BrokenLayer | Kind::FarFromAnchor => FindingKind::Layer,
    };
    let span = one.spans.first();
    Some(FindingView {
        kind,
        person: one.person.map(|person| people.name(person)),
        role: one.role.clone(),
        from: span.map(|span| span.start),
        until: span.map(|span| span.end),
        hours: u32::try_from(one.total_ms / 3_600_000).unwrap_or(u32::MAX),
        detail: String::new(),
    })
}

/// What is wrong with layers that are not saved yet.
pub fn problem(one: &Problem) -> FindingView {
    let kind: FindingKind = match one {
        Problem::SameAsPrimary(..) => FindingKind::SamePerson,
        _ => FindingKind::Layer,
    };
    FindingView { kind, person: None, role: None, from: None, until: None, hours: 0, detail: String::new() }
}

/// What something would change.
pub fn preview(changes: &[Change], gaps: &[Segment], problems: &[Problem], people: &People<'_>) -> PreviewView {
    let change = |one: &Change| ChangeView {
        role: one.role.clone(),
        from: one.start,
        until: one.end,
        before: people.whos(&one.before),
        after: people.whos(&one.after),
    };
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by(|one, other| (one.start, &one.role).cmp(&(other.start, &other.role)));
    PreviewView {
        changes: sorted.into_iter().take(MOST_CHANGES).map(change).collect(),
        n_changes: u32::try_from(changes.len()).unwrap_or(u32::MAX),
        gaps: gaps.iter().take(MOST_GAPS).map(gap).collect(),
        n_gaps: u32::try_from(gaps.len()).unwrap_or(u32::MAX),
        findings: problems.iter().map(problem).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::rota::Span;
    use uuid::Uuid;

    fn named(n: u128, may_come_in: bool) -> Named {
        Named { id: PersonId(Uuid::from_u128(n)), name: format!("p{n}"), email: String::new(), may_come_in, is_reachable: true }
    }

    #[test]
    fn whoever_is_not_known_any_more_has_no_name_and_the_reader_is_marked() {
        let all = [named(1, true)];
        let people = People { named: &all, me: Some(all[0].id) };
        assert_eq!(people.name(all[0].id), PersonName { id: all[0].id, name: "p1".to_owned(), is_me: true });
        assert!(people.name(PersonId(Uuid::from_u128(9))).name.is_empty());
    }

    #[test]
    fn reach_tells_the_account_the_contacts_and_their_failures_apart() {
        let person: Named = named(1, true);
        let reached = |verified: Vec<ContactKind>, all_failing: bool| {
            let found = Reach { verified, n_unverified: 0, all_failing };
            reach(&person, &HashMap::from([(person.id, found)]))
        };
        assert_eq!(reached(Vec::new(), false), ReachView::NoContact);
        let twice = vec![ContactKind::Voice, ContactKind::Push, ContactKind::Voice];
        assert_eq!(reached(twice, false), ReachView::By(vec![WayKind::Push, WayKind::Voice]));
        assert_eq!(reached(vec![ContactKind::Sms], true), ReachView::Failing(vec![WayKind::Sms]));
        assert_eq!(reach(&named(2, false), &HashMap::new()), ReachView::Disabled);
    }

    #[test]
    fn a_shadow_that_is_missing_is_no_gap() {
        let role = |role: DutyRole| NowRole { role, holders: Vec::new(), empty_until: Some(Time(5)) };
        let people = People { named: &[], me: None };
        assert!(duties(&role(DutyRole::Shadow), true, &people, &HashMap::new()).is_empty());
        let gap = duties(&role(DutyRole::Secondary), true, &people, &HashMap::new());
        assert_eq!((gap.len(), gap[0].until, gap[0].who == WhoView::Gap), (1, Some(Time(5)), true));
        let meant = duties(&role(DutyRole::Secondary), false, &people, &HashMap::new());
        assert_eq!(meant[0].who, WhoView::Nobody);
    }

    #[test]
    fn changes_are_shown_by_time_and_counted() {
        let change = |start: i64| Change {
            role: DutyRole::Primary,
            start: Time(start),
            end: Time(start + 1),
            before: vec![Who::Gap],
            after: vec![Who::Nobody],
        };
        let changes: Vec<Change> = (0..60).rev().map(change).collect();
        let seen: PreviewView = preview(&changes, &[], &[], &People { named: &[], me: None });
        assert_eq!((seen.n_changes, seen.changes.len(), seen.changes[0].from), (60, MOST_CHANGES, Time(0)));
        assert_eq!(Span::new(seen.changes[0].from, seen.changes[0].until).length_ms(), 1);
    }

    #[test]
    fn a_title_that_nobody_gave_is_the_name() {
        assert_eq!(titled("payments", "", "").en, "payments");
        assert_eq!(titled("payments", "決済", "").read(figures::Locale::En), "決済");
    }
}

//! From the rooms' rows to the screens'. Pure but for names, which were asked for before.

use crate::apis::incidents::names::Names;
use ::api::postmortems::action::ActionView;
use ::api::postmortems::view::{
    ChangeOf, ChangeView, ChecklistView, GraphName, GraphView, HappeningView, ReviewerView, ShareView, SignedView,
};
use ::api::postmortems::{CauseView, LessonView, PostmortemLine, RepeatView};
use chart::{Plot, Series};
use chrono::NaiveDate;
use documents::postmortems::approval::Changed;
use documents::postmortems::before::{Change, Of};
use documents::postmortems::graph::{self, Named, Snapshot};
use documents::postmortems::lists::{Cause, Lesson, Listed, Repeat};
use documents::postmortems::looking::Checklist;
use documents::postmortems::needs::Happened;
use documents::postmortems::sharing::Share;
use documents::postmortems::{Answer, Happening, Postmortem, Reviewer, Signed, Waived};
use figures::{Locale, Zone};
use incidents::FollowUp;
use model::Time;
use model::postmortem::State;
use serde_json::Value;

/// A postmortem in a list.
pub fn line(postmortem: &Postmortem, happened: &Happened, now: Time, names: &Names) -> PostmortemLine {
    let facets = &postmortem.facets;
    PostmortemLine {
        incident: postmortem.incident,
        title: happened.title.clone(),
        code: happened.code.clone(),
        severity: happened.severity,
        is_private: happened.is_private,
        state: postmortem.state,
        is_begun: postmortem.doc.is_some(),
        owner: facets.owner.map(|owner| names.person(owner)),
        due_at: facets.due_at,
        is_overdue: postmortem.is_overdue(now),
        resolved_at: happened.resolved_at,
        published_at: postmortem.published.as_ref().filter(|_| postmortem.state == State::Published).map(|signed| signed.at),
        trigger: facets.trigger,
        detection: facets.detection,
        factors: facets.factors.clone(),
        tags: facets.tags.clone(),
    }
}

/// The same of one of a list.
pub fn listed(one: &Listed, now: Time, names: &Names) -> PostmortemLine {
    line(&one.postmortem, &one.happened, now, names)
}

/// A cause that came again.
pub fn repeat(repeat: Repeat) -> RepeatView {
    let cause: CauseView = match repeat.cause {
        Cause::Factor(factor) => CauseView::Factor(factor),
        Cause::Trigger(trigger) => CauseView::Trigger(trigger),
        Cause::Tag(tag) => CauseView::Tag(tag),
    };
    RepeatView { cause, incidents: repeat.incidents }
}

/// Something that was learned.
pub fn lesson(lesson: Lesson) -> LessonView {
    LessonView { incident: lesson.incident, title: lesson.title, published_at: lesson.published_at, text: lesson.text }
}

/// What the gate waits for.
pub fn checklist(list: Checklist) -> ChecklistView {
    ChecklistView {
        unwritten: list.unwritten,
        n_actions: count(list.n_actions),
        n_without_owner: count(list.n_without_owner),
        n_without_date: count(list.n_without_date),
        n_open: count(list.n_open),
    }
}

/// A number that a screen shows.
pub fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Somebody who is to read it.
pub fn reviewer(one: &Reviewer, names: &Names) -> ReviewerView {
    ReviewerView {
        person: names.person(one.person),
        due_on: one.due_on.map(|day| day.to_string()),
        has_approved: one.answer.map(|answer| answer == Answer::Approved),
        answered_at: one.answered_at,
    }
}

/// A step that somebody took.
pub fn happening(one: Happening) -> HappeningView {
    HappeningView { at: one.at, by: one.by, act: one.act, to: one.to, reason: one.reason }
}

/// Who said yes.
pub fn signed(one: &Signed) -> SignedView {
    SignedView { by: one.by.clone(), at: one.at, reason: String::new() }
}

/// Who wrote on after it was approved, and since when.
pub fn changed(one: &Changed) -> SignedView {
    SignedView { by: one.by.join("、"), at: one.since, reason: String::new() }
}

/// Who said that none is needed, and why.
pub fn waived(one: &Waived) -> SignedView {
    SignedView { by: one.by.clone(), at: one.at, reason: one.reason.clone() }
}

/// One thing to do. `today` is the reader's.
pub fn action(found: &FollowUp, title: &str, today: Option<NaiveDate>, names: &Names) -> ActionView {
    let left = |day: NaiveDate| today.map(|today| day.signed_duration_since(today).num_days());
    ActionView {
        incident: found.incident,
        incident_title: title.to_owned(),
        number: found.id.0,
        version: found.version,
        title: found.title.clone(),
        kind: found.kind,
        owner: found.owner.map(|owner| names.person(owner)),
        due_on: found.due_on.map(|day| day.to_string()),
        left_days: found.due_on.and_then(left),
        url: found.url.clone(),
        evidence: found.evidence.clone(),
        done: found.done_at.map(|at| (found.done_by.clone().unwrap_or_default(), at)),
    }
}

/// A change around the beginning.
pub fn change(change: Change, locale: Locale) -> ChangeView {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let named = |field: &str| text(&change.body[field]).or_else(|| text(&change.body[field][locale.as_str()]));
    let name: Option<String> = ["name", "title", "channel", "schedule", "comment"].into_iter().find_map(named);
    ChangeView {
        of: match change.of {
            Of::Deploy => ChangeOf::Deploy,
            Of::Rule => ChangeOf::Rule,
            Of::Routing => ChangeOf::Routing,
            Of::OnCall => ChangeOf::OnCall,
            Of::Setting => ChangeOf::Setting,
        },
        at: change.at,
        before_ms: change.before_ms,
        name: name.unwrap_or_default(),
        by: text(&change.actor["name"]).unwrap_or_default(),
        fact: change.fact,
        subject: change.subject,
        is_near: change.is_near,
    }
}

/// A link, with where it leads while it does.
pub fn share(share: &Share, href: Option<String>) -> ShareView {
    ShareView {
        id: share.id.to_string(),
        href,
        made_by: share.made_by.clone(),
        made_at: share.made_at,
        expires_at: share.expires_at,
        is_revoked: share.revoked_at.is_some(),
    }
}

/// A graph that was kept, to be chosen.
pub fn graph_name(named: Named) -> GraphName {
    GraphName { id: named.id, title: named.title, kept_at: named.taken_at }
}

/// A stretch of a graph that was kept, cut to what was kept; all of it where the stretch is none.
pub fn graph(snapshot: &Snapshot, stretch: (&str, &str), zone: &Zone, locale: Locale) -> GraphView {
    let (begin, end): (i64, i64) = (snapshot.from.0, snapshot.until.0);
    let moment = |text: &str, usual: i64| text.parse::<i64>().map_or(usual, |ms| ms.clamp(begin, end));
    let (from, until): (i64, i64) = (moment(stretch.0, begin), moment(stretch.1, end));
    let (from, until): (i64, i64) = if from < until { (from, until) } else { (begin, end) };
    let whole: Plot = graph::plot_of(snapshot, zone, locale);
    let series: Vec<Series> = whole.series.iter().map(|series| within(series, from, until)).collect();
    GraphView {
        id: snapshot.id.clone(),
        title: snapshot.title.clone(),
        query: snapshot.query.clone(),
        from: snapshot.from,
        until: snapshot.until,
        step_ms: snapshot.step_ms,
        kept_by: snapshot.taken_by.clone(),
        kept_at: snapshot.taken_at,
        plot: Plot { series, from_ms: from, to_ms: until, ..whole },
    }
}

fn within(series: &Series, from: i64, until: i64) -> Series {
    let points = series.points.iter().filter(|(at, _)| (from..=until).contains(at)).copied().collect();
    Series { name: series.name.clone(), style: series.style, points, fill: series.fill }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn snapshot() -> Snapshot {
        let points: Vec<Value> = (0..60).map(|minute| json!([minute * 60_000, minute])).collect();
        Snapshot {
            id: "ab".to_owned(),
            title: "エラー率".to_owned(),
            query: "up".to_owned(),
            from: Time(0),
            until: Time(59 * 60_000),
            step_ms: 60_000,
            data: json!({ "series": [{ "labels": [["host", "app-01"]], "points": points }] }),
            svg: String::new(),
            taken_at: Time(0),
            taken_by: "佐藤".to_owned(),
        }
    }

    #[test]
    fn a_kept_graph_is_drawn_for_the_stretch_that_was_asked_for() {
        let drawn = |from: &str, until: &str| graph(&snapshot(), (from, until), &Zone::utc(), Locale::Ja).plot;
        let part: Plot = drawn("600000", "1200000");
        assert_eq!((part.from_ms, part.to_ms, part.series[0].points.len()), (600_000, 1_200_000, 11));
        let all: Plot = drawn("", "");
        assert_eq!((all.from_ms, all.to_ms, all.series[0].points.len()), (0, 59 * 60_000, 60));
        let beyond: Plot = drawn("-5", "99999999999");
        assert_eq!((beyond.from_ms, beyond.to_ms), (0, 59 * 60_000));
        let turned: Plot = drawn("1200000", "600000");
        assert_eq!(turned.series[0].points.len(), 60, "a stretch the wrong way round is none");
    }

    #[test]
    fn a_change_is_called_as_it_says_itself() {
        let change_of = |body: Value| Change {
            of: Of::Rule,
            at: Time(0),
            before_ms: 1,
            fact: "RuleChanged".to_owned(),
            subject: "rule/cpu".to_owned(),
            actor: json!({ "name": "佐藤" }),
            body,
            is_near: false,
        };
        let both = change(change_of(json!({ "name": { "ja": "使用率", "en": "Usage" } })), Locale::En);
        assert_eq!((both.name.as_str(), both.by.as_str()), ("Usage", "佐藤"));
        assert_eq!(change(change_of(json!({ "title": "v2" })), Locale::Ja).name, "v2");
        assert_eq!(change(change_of(json!(null)), Locale::Ja).name, "");
    }
}

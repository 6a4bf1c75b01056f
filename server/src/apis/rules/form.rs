//! The form of a rule, and what a draft in it would have done.

use super::graph;
use super::list::text;
use super::replay::{Stretch, replayed};
use crate::apis::Door;
use crate::apis::alerting::shown;
use crate::apis::plots::Span;
use crate::house_error::unavailable;
use ::api::rules::{Backtested, FieldNote, RuleForm, RuleFormAsk, RuleFormView, RulePreview};
use ::api::{ApiError, Text};
use alerting::backtest::Span as Replayed;
use alerting::rulebook::Refused;
use alerting::rules::Instance;
use alerting::rules::form::{self as forms, Wrong};
use alerting::rules::template::Moment;
use alerting::{Draft, Rule, RuleRow};
use model::alert::AlertState;
use model::ids::RuleId;
use std::collections::BTreeSet;

/// What a draft is replayed over while it is written.
const DAYS: u32 = 1;
/// While somebody writes, a minute is fine enough.
const STEP_MS: i64 = 60_000;
/// What a new rule begins with.
const BLANK: [(&str, &str); 6] = [
    ("condition.sign", ">="),
    ("for", "5m"),
    ("interval", "15s"),
    ("mode", "value"),
    ("no_data.policy", "keep"),
    ("severity", "P2"),
];

/// The form that is asked for. What stands in the address goes before what is in force.
pub async fn view(door: &Door, ask: RuleFormAsk) -> Result<RuleFormView, ApiError> {
    let rows: Vec<RuleRow> = door.house.alerting.rules().await.map_err(shown)?;
    let found = |id: &str| rows.iter().find(|row| row.rule.id.0 == id);
    let missing = |id: &str| ApiError::NotFound { what: format!("rule {id}") };
    let edited: Option<&RuleRow> = match ask.id.as_str() {
        "" => None,
        id => Some(found(id).ok_or_else(|| missing(id))?),
    };
    let begun: RuleForm = match (edited, ask.like.as_str()) {
        (Some(row), _) => filled(row),
        (None, "") => blank(),
        (None, like) => copied(found(like).ok_or_else(|| missing(like))?),
    };
    let form: RuleForm = if ask.draft.is_empty() { begun } else { ask.draft };
    let name: Text = edited.map(|row| text(&row.rule.name)).unwrap_or_default();
    let (id, version) = (edited.map(|row| row.rule.id.clone()), edited.map(|row| ask.version.unwrap_or(row.version)));
    let mut preview: RulePreview = preview(door, &form).await?;
    preview.wrong.extend(clash(edited, ask.version, &form, &rows));
    let (groups, owners) = (groups(&rows), owners(door, &rows).await?);
    Ok(RuleFormView { id, name, form, version, groups, owners, preview })
}

/// What would keep a form from being saved although it says a rule: somebody was faster, or the id is another's.
fn clash(edited: Option<&RuleRow>, read: Option<i64>, form: &RuleForm, rows: &[RuleRow]) -> Option<FieldNote> {
    let note = |field: &str, refused: Refused| FieldNote { field: field.to_owned(), said: refused.to_string() };
    let Some(row) = edited else {
        let id: &String = form.get("id")?;
        let is_taken: bool = rows.iter().any(|row| row.rule.id.0 == *id);
        return is_taken.then(|| note("id", Refused::Taken(RuleId(id.clone()))));
    };
    let read: i64 = read.filter(|read| *read != row.version)?;
    Some(note("version", Refused::Stale { rule: row.rule.id.clone(), read, now: row.version }))
}

fn filled(row: &RuleRow) -> RuleForm {
    forms::filled(&Draft { rule: row.rule.clone(), group: row.group.clone(), interval_ms: row.interval_ms })
}

fn blank() -> RuleForm {
    BLANK.into_iter().map(|(field, text)| (field.to_owned(), text.to_owned())).collect()
}

/// The same under another id, which is made of its name.
fn copied(row: &RuleRow) -> RuleForm {
    let copy = RuleId(format!("{}-2", row.rule.id));
    forms::filled(&Draft { rule: Rule { id: copy, ..row.rule.clone() }, group: row.group.clone(), interval_ms: row.interval_ms })
}

fn groups(rows: &[RuleRow]) -> Vec<(String, i64)> {
    let mut groups: Vec<(String, i64)> = Vec::new();
    for row in rows {
        if groups.last().is_none_or(|(name, _)| *name != row.group) {
            groups.push((row.group.clone(), row.interval_ms));
        }
    }
    groups
}

/// Every team, and whoever answers for a rule already.
async fn owners(door: &Door, rows: &[RuleRow]) -> Result<Vec<String>, ApiError> {
    let teams = door.house.identity.teams_list().await.map_err(|error| unavailable(&error))?;
    let named = rows.iter().filter_map(|row| row.rule.owner.clone());
    let owners: BTreeSet<String> = teams.into_iter().map(|team| team.name).chain(named).collect();
    Ok(owners.into_iter().collect())
}

/// The room's notes as a screen has them.
pub fn notes(wrong: Vec<Wrong>) -> Vec<FieldNote> {
    wrong.into_iter().map(|one| FieldNote { field: one.field, said: one.message }).collect()
}

/// What a draft would have done. What is wrong in it stands at its fields; while only words are wrong, it is replayed all the same.
///
/// # Errors
/// As [`crate::apis::plots::range`].
async fn preview(door: &Door, form: &RuleForm) -> Result<RulePreview, ApiError> {
    let wrong: Vec<Wrong> = match forms::read(form) {
        Ok(draft) => {
            let warnings: Vec<FieldNote> = notes(forms::warnings(form));
            return Ok(RulePreview { warnings, ..would(door, &draft.rule).await? });
        }
        Err(wrong) => wrong,
    };
    let seen: RulePreview = match forms::read(&only_measured(form)) {
        Ok(draft) => would(door, &draft.rule).await?,
        Err(_) => RulePreview::default(),
    };
    Ok(RulePreview { wrong: notes(wrong), sentence: None, ..seen })
}

/// A form that says only what is measured and judged; its words stand for themselves.
fn only_measured(form: &RuleForm) -> RuleForm {
    const KEPT: [&str; 8] = ["expr", "mode", "unit", "for", "keep_firing_for", "severity", "recovery", "evaluation_delay"];
    const BEGINNINGS: [&str; 3] = ["condition.", "warning.", "no_data."];
    let is_kept = |field: &str| KEPT.contains(&field) || BEGINNINGS.iter().any(|begins| field.starts_with(begins));
    let kept = form.iter().filter(|(field, _)| is_kept(field)).map(|(field, text)| (field.clone(), text.clone()));
    let words = ["group", "id", "name.en", "summary.en"].map(|field| (field.to_owned(), "draft".to_owned()));
    kept.chain(words).collect()
}

async fn would(door: &Door, rule: &Rule) -> Result<RulePreview, ApiError> {
    let stretch: Stretch = Stretch::last(DAYS, STEP_MS, door.house.clock.now());
    let plot = graph::plot(door, rule, Span::between(stretch.from, stretch.to)).await?;
    let (spans, would): (Vec<Replayed>, Backtested) = replayed(door, rule, stretch).await;
    Ok(RulePreview {
        plot: Some(plot),
        states: graph::states_of_replay(&spans, stretch.from, stretch.to),
        would,
        unit: rule.unit,
        sentence: spans.iter().rfind(|span| span.state == AlertState::Firing).map(|span| sentence(rule, span)),
        ..RulePreview::default()
    })
}

fn sentence(rule: &Rule, span: &Replayed) -> Text {
    let instance = Instance { labels: &span.labels, value: span.value, level: span.level, moment: Moment::Firing };
    text(&rule.sentence(&instance))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> RuleForm {
        pairs.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn what_is_measured_can_be_shown_before_there_are_words_for_it() {
        let begun = RuleForm::from_iter(blank().into_iter().chain(form(&[("expr", "up"), ("condition.threshold", "1")])));
        assert!(forms::read(&begun).is_err());
        let measured = forms::read(&only_measured(&begun)).unwrap();
        assert_eq!((measured.rule.expr.as_str(), measured.rule.for_ms), ("up", 300_000));
        let broken = RuleForm::from_iter(begun.into_iter().chain(form(&[("expr", "up(")])));
        assert!(forms::read(&only_measured(&broken)).is_err());
    }
}

//! Silences as a table: whether each holds, what it covers, when, and what can be done about it.

use super::{Acts, matchers, recurrence};
use crate::words::silences::silence_words;
use crate::words::{locale, viewer};
use api::silences::{SilencePhase, SilenceRow};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::{Role, Time, links};
use ui::button::{Button, ButtonLink, Rank};
use ui::context::use_look;
use ui::state::{StateKind, StateMark};
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// The words by which a form says how much longer; the server knows the same.
const LONGER: [&str; 3] = ["30m", "2h", "morning"];

/// A table of silences.
#[component]
pub fn SilenceTable(caption: &'static str, rows: Vec<SilenceRow>, acts: Acts) -> impl IntoView {
    let words = silence_words();
    let columns = vec![
        Column::text(words.state),
        Column::text(words.target),
        Column::text(words.when),
        Column::number(words.holds),
        Column::text(""),
    ];
    let rows = rows.into_iter().map(|row| silence(row, acts)).collect_view();
    view! { <Table caption=caption columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn silence(row: SilenceRow, acts: Acts) -> AnyView {
    let words = silence_words();
    let held = matches!(row.phase, SilencePhase::Holds(_)).then(|| (words.n_held)(row.holds));
    let file = row.file.as_deref().map(words.from_file);
    let notes: Vec<String> = [Some((words.by)(&row.by)), file].into_iter().flatten().collect();
    let kind = if row.is_maintenance { words.maintenance } else { words.silence };
    let (id, comment) = (format!("S-{}", row.id), row.comment.clone());
    let number: String = id.clone();
    let (state, target, when) = (state(&row), matchers::said(&row.matchers), when(&row));
    let acts = acts_of(row, acts);
    view! {
        <tr id=id role="row">
            <Cell>{state}</Cell>
            <th scope="row" role="rowheader">
                <span class="silence__name">{number} " " <small>{kind}</small></span>
                {target}
                <q class="silence__comment">{comment}</q>
                <small class="table__sub">{notes.join(" · ")}</small>
            </th>
            <Cell label=words.when wide=true>{when}</Cell>
            <Cell label=words.holds number=true>{held}</Cell>
            <td class="table__act" role="cell">{acts}</td>
        </tr>
    }
    .into_any()
}

fn state(row: &SilenceRow) -> AnyView {
    let words = silence_words();
    let (kind, word) = match row.phase {
        SilencePhase::Holds(_) => (StateKind::Paused, words.active),
        SilencePhase::Ahead => (StateKind::Waiting, words.upcoming),
        SilencePhase::Between => (StateKind::Waiting, words.between),
        SilencePhase::Over => (StateKind::Back, words.over),
    };
    view! { <StateMark kind=kind word=word /> }.into_any()
}

fn when(row: &SilenceRow) -> AnyView {
    let words = silence_words();
    let end = row.ended.as_ref().map_or(row.until, |(at, _)| *at);
    let early = row.ended.as_ref().map(|(_, by)| (words.ended_by)(by));
    let recurs = row.calendar.as_ref().map(|calendar| recurrence::said(calendar, &use_look().zone.name, locale()));
    let is_recurring = recurs.is_some();
    let next = row.next.filter(|_| is_recurring).map(|at| view! { <small class="table__sub">{words.next} " " {day(at)}</small> });
    view! {
        <span class="silence__span">{day(row.from)} " – " {day(end)}</span>
        {recurs.map(|text| view! { <small class="silence__recurs">{text}</small> })}
        {next}
        {early.map(|text| view! { <small class="table__sub">{text}</small> })}
    }
    .into_any()
}

fn day(at: Time) -> AnyView {
    view! { <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any()
}

fn acts_of(row: SilenceRow, acts: Acts) -> AnyView {
    let words = silence_words();
    if !viewer().may(Role::Responder) {
        return ().into_any();
    }
    if row.phase == SilencePhase::Over {
        let href = links::silence_new(&matchers::text(&row.matchers), &row.comment);
        let label = (words.again_of)(row.id);
        return view! { <ButtonLink href=href rank=Rank::Row label=label>{words.again}</ButtonLink> }.into_any();
    }
    let id = row.id;
    view! {
        <div class="silence__acts">
            {extend(id, acts)}
            <ActionForm action=acts.end>
                <input type="hidden" name="id" value=id.to_string() />
                <Button kind="submit" rank=Rank::Row label=(words.end_of)(id) busy=acts.end.pending()>{words.end}</Button>
            </ActionForm>
        </div>
    }
    .into_any()
}

/// How much longer, and the button that does it.
fn extend(id: i64, acts: Acts) -> AnyView {
    let words = silence_words();
    let options =
        LONGER.into_iter().zip(words.longer).map(|(span, word)| view! { <option value=span>{word}</option> }).collect_view();
    let label = (words.extend_of)(id);
    view! {
        <ActionForm action=acts.extend attr:class="silence__longer">
            <input type="hidden" name="id" value=id.to_string() />
            <select class="input" name="span" aria-label=label.clone()>{options}</select>
            <Button kind="submit" rank=Rank::Row label=label busy=acts.extend.pending()>{words.extend}</Button>
        </ActionForm>
    }
    .into_any()
}

//! The timetable: a table a week, its columns hours, its rows duties; what really is on top, the layers it is made of below.
//!
//! Where the sheet is narrow the same tables are read as lists: every cell carries its time in words, shown there and hidden else.

use super::grid::{Cell, WEEK, cells, column, columns, hours, lanes};
use super::said::{is_me, is_person, length_text, role_word, source_text, span_text, who_text};
use crate::words::duty::{duty_words, role_text};
use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::oncall::schedule::{DayView, GridView, HolidayView, LayerRow, RoleRow, ScheduleView, ShiftView};
use api::oncall::{SourceView, WhoView};
use figures::Zone;
use leptos::prelude::*;
use model::rota::DutyRole;
use model::{Time, links};
use std::fmt::Write as _;
use ui::context::use_look;
use ui::icon::{Icon, IconName};

/// What every cell must know.
#[derive(Clone, Copy)]
struct Sheet<'a> {
    view: &'a ScheduleView,
    days: &'a [DayView],
    now: Time,
}

/// A row as it is drawn.
struct Row<'a> {
    name: String,
    /// The duty, for whoever picks a part of it; empty for rows that only explain.
    role: String,
    shifts: &'a [ShiftView],
    /// The class of the row, and of its shifts.
    class: &'static str,
    shift_class: &'static str,
}

/// All weeks that are shown.
pub fn weeks(view: &ScheduleView) -> AnyView {
    let now = Time(use_look().now_ms);
    let sheets = view.days.chunks(WEEK).map(|days| Sheet { view, days, now });
    let drawn: Vec<AnyView> = sheets.map(|sheet| week(&sheet)).collect();
    view! { <div class="weeks">{drawn}</div> }.into_any()
}

fn week(sheet: &Sheet<'_>) -> AnyView {
    let (Some(first), Some(last)) = (sheet.days.first(), sheet.days.last()) else { return ().into_any() };
    let zone: &Zone = &sheet.view.card.zone;
    // The day before midnight: the end is not in it.
    let name: String = format!("{} – {}", day_text(first.from, zone), day_text(last.until.plus_ms(-1), zone));
    let total: u32 = columns(sheet.days);
    let heads: Vec<AnyView> = sheet.days.iter().map(day_head).collect();
    let is_current: bool = sheet.days.iter().any(|day| day.is_today);
    let mut rows: Vec<AnyView> = sheet.view.rows.iter().flat_map(|row| drawn(sheet, &role_row(row))).collect();
    if is_current || sheet.view.view == GridView::Week {
        rows.extend(below(sheet, total));
    }
    let lines: String = lines(sheet);
    let label: String = name.clone();
    view! {
        <section class="week" aria-label=label>
            <table class="week__table" role="table" data-week="">
                <colgroup><col class="week__name" /><col span=total.to_string() /></colgroup>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader" class="week__span">{name}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
            <div class="week__lines" aria-hidden="true" inner_html=lines></div>
        </section>
    }
    .into_any()
}

fn day_text(at: Time, zone: &Zone) -> String {
    figures::month_day(at.0, zone, locale())
}

/// A day above its columns: its date, why it is off, and that it is longer or shorter than others.
fn day_head(day: &DayView) -> AnyView {
    let class: &'static str = match (day.is_today, day.is_off()) {
        (true, _) => "week__day week__day--today",
        (false, true) => "week__day week__day--off",
        (false, false) => "week__day",
    };
    let (n_hours, date): (u32, String) = (hours(day), format!("{:04}-{:02}-{:02}", day.year, day.month, day.day));
    let number: String = if day.day == 1 { format!("{}/{}", day.month, day.day) } else { day.day.to_string() };
    let odd = (n_hours != 24).then(|| {
        let said: String = (oncall_words().odd_day)(n_hours);
        view! { <small class="week__odd">{said}</small> }
    });
    let weekday: &'static str = duty_words().weekdays[usize::from(day.weekday.min(6))];
    view! {
        <th
            scope="col"
            role="columnheader"
            class=class
            colspan=n_hours.to_string()
            data-day=date
            data-hours=n_hours.to_string()
            aria-current=day.is_today.then_some("date")
        >
            <b>{number}</b> " " {weekday} {odd} {day.holiday.as_ref().map(holiday)}
        </th>
    }
    .into_any()
}

fn holiday(found: &HolidayView) -> AnyView {
    let words = oncall_words();
    let name: String = found.name.read(locale()).to_owned();
    let provisional = found.is_provisional.then(|| view! { <small class="holiday__maybe">{words.provisional}</small> });
    view! { <span class="holiday"><i class="holiday__sign">{words.holiday}</i> <span>{name}</span> {provisional}</span> }
        .into_any()
}

fn role_row(row: &RoleRow) -> Row<'_> {
    let shift_class: &'static str = if row.role == DutyRole::Primary { "shift shift--first" } else { "shift shift--second" };
    Row { name: role_text(&row.role), role: role_word(&row.role), shifts: &row.shifts, class: "week__row", shift_class }
}

/// What it is made of: the overrides, then each layer by itself.
fn below(sheet: &Sheet<'_>, total: u32) -> Vec<AnyView> {
    let words = oncall_words();
    let overlay = |row: &RoleRow| -> Vec<AnyView> {
        let shown: bool = row.shifts.iter().any(|shift| reaches(shift, sheet.days));
        let name: String = format!("{} {}", words.override_row, role_text(&row.role));
        let row =
            Row { name, role: String::new(), shifts: &row.shifts, class: "week__layer", shift_class: "shift shift--override" };
        if shown { drawn(sheet, &row) } else { Vec::new() }
    };
    let layer = |row: &LayerRow| -> Vec<AnyView> {
        let row =
            Row { name: layer_name(row), role: String::new(), shifts: &row.shifts, class: "week__layer", shift_class: "shift" };
        drawn(sheet, &row)
    };
    let overlays = sheet.view.overlays.iter().flat_map(overlay);
    let layers = sheet.view.layers.iter().flat_map(layer);
    let rows: Vec<AnyView> = overlays.chain(layers).collect();
    if rows.is_empty() {
        return rows;
    }
    let rule: AnyView = view! {
        <tr class="week__rule" aria-hidden="true"><td></td><td colspan=total.to_string()></td></tr>
    }
    .into_any();
    std::iter::once(rule).chain(rows).collect()
}

fn layer_name(row: &LayerRow) -> String {
    let words = oncall_words();
    let name: String = if row.name.is_empty() { (words.layer_of)(&role_text(&row.role)) } else { row.name.clone() };
    if row.is_added { format!("{name} {}", words.added) } else { name }
}

fn reaches(shift: &ShiftView, days: &[DayView]) -> bool {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return false };
    shift.until > first.from && shift.from < last.until
}

/// A row, with a line for each of those who are on call together.
fn drawn(sheet: &Sheet<'_>, row: &Row<'_>) -> Vec<AnyView> {
    let lanes: Vec<Vec<usize>> = lanes(sheet.days, row.shifts);
    let n_lanes: usize = lanes.len();
    let role: Option<String> = (!row.role.is_empty()).then(|| row.role.clone());
    let line = |(index, lane): (usize, Vec<usize>)| {
        let head = (index == 0).then(|| {
            let name: String = row.name.clone();
            view! { <th scope="row" role="rowheader" class="week__head" rowspan=n_lanes.to_string()>{name}</th> }
        });
        let all: Vec<AnyView> = cells(sheet.days, row.shifts, &lane).into_iter().map(|one| cell(sheet, row, one)).collect();
        view! { <tr class=row.class role="row" data-role=role.clone()>{head}{all}</tr> }.into_any()
    };
    lanes.into_iter().enumerate().map(line).collect()
}

fn cell(sheet: &Sheet<'_>, row: &Row<'_>, cell: Cell) -> AnyView {
    let Some(found) = cell.shift.and_then(|index| row.shifts.get(index)) else {
        return view! { <td class="week__free" role="cell" colspan=cell.columns.to_string()></td> }.into_any();
    };
    view! {
        <td class="week__cell" role="cell" colspan=cell.columns.to_string()>{shift(sheet, row, found)}</td>
    }
    .into_any()
}

/// A shift: who, why where that is no rotation, and when it began where that is in sight.
fn shift(sheet: &Sheet<'_>, row: &Row<'_>, one: &ShiftView) -> AnyView {
    let words = oncall_words();
    let zone: &Zone = &sheet.view.card.zone;
    let when: String = span_text(one.from, one.until, zone);
    let icon: Option<IconName> = match one.source {
        Some(SourceView::Override | SourceView::Swap) => Some(IconName::Swap),
        _ if one.is_away => Some(IconName::Flag),
        _ => None,
    };
    let note: String = if one.is_away { words.away_too.to_owned() } else { began(sheet, one) };
    let inside = view! {
        <span class="shift__who">
            {icon.map(|name| view! { <Icon name=name /> })}
            {who_said(one)}
            <small class="shift__note">{note}</small>
        </span>
        <small class="shift__when">{when.clone()} " · " {length_text(one.from, one.until)}</small>
    }
    .into_any();
    let class: String = class(sheet, row, one);
    let title: String = title(one, &when);
    if row.role.is_empty() || !sheet.view.can_shift || one.until <= sheet.now {
        return view! { <div class=class title=title>{inside}</div> }.into_any();
    }
    // Picking a cell fills the form with it: by keyboard as by pointer.
    let href: String = pick(sheet, &row.role, one);
    view! { <a class=class title=title href=href data-pick="">{inside}</a> }.into_any()
}

fn who_said(one: &ShiftView) -> String {
    let name: String = who_text(&one.who);
    if one.who == WhoView::Gap { format!("{name} {}", length_text(one.from, one.until)) } else { name }
}

/// `10:00 から`, where the shift begins within the week and not at midnight.
fn began(sheet: &Sheet<'_>, one: &ShiftView) -> String {
    let is_in_sight: bool = sheet.days.first().is_some_and(|first| one.from > first.from);
    let is_midnight: bool = sheet.days.iter().any(|day| day.from == one.from);
    let is_told: bool = is_in_sight && !is_midnight && is_person(&one.who);
    if !is_told {
        return String::new();
    }
    (oncall_words().from_clock)(&figures::short_time(one.from.0, &sheet.view.card.zone))
}

fn title(one: &ShiftView, when: &str) -> String {
    let why: &str = source_text(one.source);
    let parts = [who_text(&one.who), when.to_owned(), length_text(one.from, one.until), why.to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<String>>().join(" · ")
}

fn class(sheet: &Sheet<'_>, row: &Row<'_>, one: &ShiftView) -> String {
    let mut class: String = row.shift_class.to_owned();
    let is_past: bool = one.until <= sheet.now;
    let is_changed: bool = matches!(one.source, Some(SourceView::Override | SourceView::Swap | SourceView::Calendar));
    let marks = [
        (one.who == WhoView::Gap, " shift--gap"),
        (one.who == WhoView::Nobody, " shift--nobody"),
        (is_past, " shift--past"),
        (!is_past && is_me(&one.who), " shift--me"),
        (!is_past && is_changed && !row.role.is_empty(), " shift--override"),
    ];
    for (_, mark) in marks.into_iter().filter(|(holds, _)| *holds) {
        class.push_str(mark);
    }
    class
}

/// The address that fills the form with what is left of a shift, and leads the focus to what is still to be said: who takes over.
fn pick(sheet: &Sheet<'_>, role: &str, one: &ShiftView) -> String {
    let zone: &Zone = &sheet.view.card.zone;
    let begins: Time = one.from.max(sheet.now);
    let wall = |at: Time| super::asked::wall(zone.civil(at.0));
    let (name, view, at) = (&sheet.view.card.name, sheet.view.view.as_str(), &sheet.view.at);
    let place: String = links::schedule_at(name, view, at);
    let (role, from, until) = (links::encode(role), links::encode(&wall(begins)), links::encode(&wall(one.until)));
    format!("{place}&role={role}&from={from}&until={until}#override-person")
}

/// Midnights, and the needle at now: one drawing behind the rows.
fn lines(sheet: &Sheet<'_>) -> String {
    let (total, mut at): (u32, u32) = (columns(sheet.days), 0);
    let mut days = String::new();
    for day in sheet.days.iter().take(WEEK - 1) {
        at += hours(day);
        let _ = write!(days, "M{at} 0V100");
    }
    let is_now: bool = sheet.days.iter().any(|day| day.from <= sheet.now && sheet.now < day.until);
    let needle: String = if is_now {
        let at: f64 = exact(sheet);
        format!("<path class=\"week__now\" d=\"M{at:.2} 0V100\"/>")
    } else {
        String::new()
    };
    format!(
        "<svg class=\"week__grid\" viewBox=\"0 0 {total} 100\" preserveAspectRatio=\"none\"><path d=\"{days}\"/>{needle}</svg>"
    )
}

/// Where now stands, in columns.
fn exact(sheet: &Sheet<'_>) -> f64 {
    let midnight: Option<&DayView> = sheet.days.iter().rev().find(|day| day.from <= sheet.now);
    let (Some(day), Some(first)) = (midnight, sheet.days.first()) else { return 0.0 };
    let before: u32 = column(sheet.days, day.from.max(first.from));
    let share: f64 = sheet.now.since(day.from) as f64 / day.until.since(day.from).max(1) as f64;
    f64::from(before) + share * f64::from(hours(day))
}

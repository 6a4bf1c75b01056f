//! Days off by year, the company's own among them, business hours, and the Cabinet Office's file looked at before it is taken.

use super::asked;
use super::attempts::{lost_refusal, own_attempt};
use super::week::week;
use crate::report::refusal_before;
use crate::screen::loaded;
use crate::words::pay::{PayWords, pay_words};
use crate::words::viewer;
use api::ask;
use api::pay::{
    CompanyDayAdd, CompanyDayRemove, HolidayChange, HolidayFileForget, HolidayFileTake, HolidayFileView, HolidayRow,
    HolidaysQuery, HolidaysView, WeekSave, holidays,
};
use figures::Locale;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Role, links};
use ui::attempt::Named;
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::Callout;
use ui::context::use_look;
use ui::field::{Field, Line};
use ui::part::Part;
use ui::state::{StateKind, StateMark};
use ui::table::{Cell, Column, Table};

/// What the company calls its own days off.
const COMPANY: &str = "company";
/// The name of a day off; the server knows the same figure.
const MOST_NAME: u32 = 60;

/// Everything one can do here.
#[derive(Clone, Copy)]
pub struct Acts {
    pub add: ServerAction<CompanyDayAdd>,
    pub remove: ServerAction<CompanyDayRemove>,
    pub take: ServerAction<HolidayFileTake>,
    pub forget: ServerAction<HolidayFileForget>,
    pub week: ServerAction<WeekSave>,
}

/// The screen at `/holidays`.
#[component]
pub fn HolidaysScreen() -> impl IntoView {
    let words = pay_words();
    let acts = Acts {
        add: ServerAction::new(),
        remove: ServerAction::new(),
        take: ServerAction::new(),
        forget: ServerAction::new(),
        week: ServerAction::new(),
    };
    let query = HolidaysQuery { year: asked("year"), file: asked("file") };
    let data = ask(move || query.clone(), holidays);
    view! {
        <Title text=words.holidays />
        <div class="pay">
            <header class="screen-head">
                <h1>{words.holidays}</h1>
                <p class="screen-head__lead">{words.holidays_lead}</p>
            </header>
            {refusal_before(acts.take)}
            {refusal_before(acts.forget)}
            {loaded(data, move |view| sheet(view, acts))}
        </div>
    }
    .into_any()
}

/// Why this viewer can't change days off, if they can't.
fn reason_not() -> Option<String> {
    (!viewer().may(Role::Editor)).then(|| pay_words().editor_only.to_owned())
}

fn sheet(view: HolidaysView, acts: Acts) -> AnyView {
    let words = pay_words();
    let waiting: Option<AnyView> = view.file.as_ref().map(|file| waiting(file, acts));
    let (years, days) = (years(&view), days(&view, acts));
    let title: String = match use_look().locale {
        Locale::Ja => view.title_ja.clone(),
        Locale::En => view.title_en.clone(),
    };
    let count: Option<String> = Some(view.days.len().to_string());
    let note = view.is_provisional.then(|| view! { <Callout>{words.provisional_note}</Callout> });
    let (add, send) = (add(&view.calendar, acts), send(&view.calendar));
    let week: AnyView = week(&view, acts.week);
    view! {
        {waiting}
        <Part title=title count=count>
            {years}
            {note}
            {lost_refusal(acts.remove)}
            {days}
            {add}
        </Part>
        {week}
        {send}
    }
    .into_any()
}

fn years(view: &HolidaysView) -> AnyView {
    let words = pay_words();
    let link = |year: i32| {
        let (href, label): (String, String) = (links::holidays_of(year), (words.year_name)(year));
        view! { <ButtonLink href=href>{label}</ButtonLink> }.into_any()
    };
    let mark = view.is_provisional.then(|| view! { <StateMark kind=StateKind::Waiting word=words.provisional /> });
    view! {
        <nav class="pay__months" aria-label=words.years>
            {link(view.year - 1)}
            <strong class="pay__month" aria-current="page">{(words.year_name)(view.year)}</strong>
            {link(view.year + 1)}
            {mark}
        </nav>
    }
    .into_any()
}

fn days(view: &HolidaysView, acts: Acts) -> AnyView {
    let words = pay_words();
    if view.days.is_empty() {
        return view! { <p class="mute">{words.no_days}</p> }.into_any();
    }
    let columns = vec![Column::text(words.day), Column::text(words.name), Column::text(words.kind), Column::text("")];
    let lines: Vec<AnyView> = view.days.iter().map(|day| line(day, &view.calendar, acts)).collect();
    view! { <Table caption=words.holidays columns=columns stacked=true>{lines}</Table> }.into_any()
}

/// `09/23 (水)`.
fn day_text(day: &str, weekday: u8, words: &PayWords) -> String {
    format!("{} ({})", day.get(5..).unwrap_or(day).replace('-', "/"), words.weekday(weekday))
}

fn line(row: &HolidayRow, calendar: &str, acts: Acts) -> AnyView {
    let words = pay_words();
    let name: String = match use_look().locale {
        Locale::Ja => row.name_ja.clone(),
        Locale::En => row.name_en.clone(),
    };
    let mut kind: String = (words.kind_name)(&row.kind).to_owned();
    if row.is_provisional {
        kind = format!("{kind} · {}", words.provisional);
    }
    let (day, date): (String, String) = (row.day.clone(), day_text(&row.day, row.weekday, words));
    let act: Option<AnyView> = (row.kind == COMPANY).then(|| remove(&row.day, calendar, acts));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><time datetime=day>{date}</time></th>
            <Cell label=words.name>{name}</Cell>
            <Cell label=words.kind>{kind}</Cell>
            <td class="table__act" role="cell">{act}</td>
        </tr>
    }
    .into_any()
}

fn remove(day: &str, calendar: &str, acts: Acts) -> AnyView {
    let words = pay_words();
    let (day, calendar, label): (String, String, String) = (day.to_owned(), calendar.to_owned(), (words.day_remove_of)(day));
    view! {
        <ActionForm action=acts.remove>
            <input type="hidden" name="calendar" value=calendar />
            <input type="hidden" name="day" value=day />
            <Button kind="submit" rank=Rank::Row label=label disabled=reason_not()>{words.day_remove}</Button>
        </ActionForm>
    }
    .into_any()
}

fn add(calendar: &str, acts: Acts) -> AnyView {
    let words = pay_words();
    let fields = [
        Named::new("day", "day-day", words.day),
        Named::new("name_ja", "day-name-ja", words.name_ja),
        Named::new("name_en", "day-name-en", words.name_en),
    ];
    let attempt = own_attempt(acts.add, fields.to_vec(), &[("calendar", calendar)]);
    let is_open: bool = attempt.typed.fields().is_some();
    let [day, ja, en] = fields;
    let day = Line { kind: "date", required: true, ..Line::new(&day.id, &day.field, &day.label) };
    let ja = Line { most: Some(MOST_NAME), required: true, ..Line::new(&ja.id, &ja.field, &ja.label) };
    let hint: String = words.name_en_hint.to_owned();
    let en = Line { most: Some(MOST_NAME), hint, ..Line::new(&en.id, &en.field, &en.label) };
    let calendar: String = calendar.to_owned();
    view! {
        <details class="pay__more" open=is_open>
            <summary>{words.day_add}</summary>
            <ActionForm action=acts.add attr:class="form">
                {attempt.refused()}
                <input type="hidden" name="calendar" value=calendar />
                {attempt.line(day)}
                {attempt.line(ja)}
                {attempt.line(en)}
                <div class="form__foot"><Button kind="submit" disabled=reason_not()>{words.day_add}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// The form that sends a file. It goes to an address of its own, because no server function takes bytes.
fn send(calendar: &str) -> AnyView {
    let words = pay_words();
    let calendar: String = calendar.to_owned();
    let form = view! {
        <p class="pay__hint">{words.file_lead}</p>
        <form class="form" method="post" action=links::HOLIDAYS_IMPORT enctype="multipart/form-data">
            <input type="hidden" name="calendar" value=calendar />
            <Field id="holiday-file" label=words.file_field.to_owned()>
                <input class="input" id="holiday-file" type="file" name="file" accept=".csv,text/csv" required=true />
            </Field>
            <div class="form__foot"><Button kind="submit" disabled=reason_not()>{words.file_do}</Button></div>
        </form>
    }
    .into_any();
    view! { <Part title=words.file.to_owned() id="file">{form}</Part> }.into_any()
}

/// What a file would change, and whether to take it.
fn waiting(file: &HolidayFileView, acts: Acts) -> AnyView {
    let words = pay_words();
    let lead: String = (words.waiting_of)(file.n_days, file.first_year, file.last_year);
    let body: AnyView = if file.changes.is_empty() {
        view! { <p class="mute">{words.no_changes}</p> }.into_any()
    } else {
        changes(&file.changes)
    };
    let (taken, left): (String, String) = (file.id.clone(), file.id.clone());
    view! {
        <Part title=words.waiting.to_owned()>
            <p class="pay__hint">{lead}</p>
            {body}
            <div class="pay__foot">
                <ActionForm action=acts.take>
                    <input type="hidden" name="file" value=taken />
                    <Button kind="submit" rank=Rank::Main disabled=reason_not()>{words.take}</Button>
                </ActionForm>
                <ActionForm action=acts.forget>
                    <input type="hidden" name="file" value=left />
                    <Button kind="submit" disabled=reason_not()>{words.forget}</Button>
                </ActionForm>
            </div>
        </Part>
    }
    .into_any()
}

fn changes(all: &[HolidayChange]) -> AnyView {
    let words = pay_words();
    let columns = vec![Column::text(words.day), Column::text(words.now), Column::text(words.then)];
    let line = |one: &HolidayChange| {
        let date: String = format!("{}/{}", one.day.get(..4).unwrap_or_default(), day_text(&one.day, one.weekday, words));
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| words.is_none.to_owned());
        let (now, then): (String, String) = (name(&one.now), name(&one.then));
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{date}</th>
                <Cell label=words.now>{now}</Cell>
                <Cell label=words.then>{then}</Cell>
            </tr>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = all.iter().map(line).collect();
    view! { <Table caption=words.waiting columns=columns stacked=true>{lines}</Table> }.into_any()
}

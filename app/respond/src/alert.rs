//! One alert: one question, one button, then the evidence.

mod answer;
mod escalation;
mod gauges;
mod guidance;
mod incident;
pub mod side;
mod told;

use crate::facts::{about, by_text, name_of, state_mark, until_text};
use crate::now::icon_of;
use crate::quiet;
use crate::report::{report, report_taking};
use crate::screen::loaded;
use crate::words::answers::answer_words;
use crate::words::{locale, words};
use answer::Answer;
use api::alerting::{
    AlertAcknowledge, AlertComment, AlertDetail, AlertProlong, AlertResolve, AlertRow, AlertUnacknowledge, AlertUndoTake,
    HistoryEntry, alert_detail,
};
use api::pulse::use_pulse;
use api::viewer::Viewer;
use api::{ApiError, Asked, ask};
use chart::Size;
use escalation::Escalation;
use gauges::Gauges;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::alert::AlertState;
use model::ids::AlertId;
use model::links;
use side::Side;
use told::{Tellings, told};
use ui::chart::provide_crosshair;
use ui::chart::{ChartFigure, Legend};
use ui::form::Draft;
use ui::icon::Icon;
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::time_text::TimeForm;

/// The graph's size where the window is wide, and where it is narrow.
const WIDE: Size = Size { width: 856.0, height: 340.0 };
const NARROW: Size = Size { width: 358.0, height: 300.0 };

/// Everything one can do to an alert, and what is being written to go with it. One set for the screen, so that buttons and keys share
/// it, and so that nothing half written is lost when the alert is fetched again.
#[derive(Clone, Copy)]
pub struct Acts {
    pub take: ServerAction<AlertAcknowledge>,
    pub undo: ServerAction<AlertUndoTake>,
    pub give_back: ServerAction<AlertUnacknowledge>,
    pub prolong: ServerAction<AlertProlong>,
    pub comment: ServerAction<AlertComment>,
    pub resolve: ServerAction<AlertResolve>,
    /// A comment, or what goes with the taking on.
    pub comment_draft: Draft,
    /// Why it is resolved by hand.
    pub reason_draft: Draft,
    /// For how long it is to be taken on: a word of a form, empty until it is over.
    pub span: RwSignal<String>,
    /// Whether what was written is under way.
    pub is_sending: Signal<bool>,
}

impl Acts {
    /// Nothing done yet; what is done says so.
    fn new() -> Self {
        let take: ServerAction<AlertAcknowledge> = ServerAction::new();
        let comment: ServerAction<AlertComment> = ServerAction::new();
        let (is_taking, is_commenting) = (take.pending(), comment.pending());
        let acts = Self {
            take,
            undo: report_taking(take),
            give_back: ServerAction::new(),
            prolong: ServerAction::new(),
            comment,
            resolve: ServerAction::new(),
            comment_draft: Draft::new(),
            reason_draft: Draft::new(),
            span: RwSignal::new(String::new()),
            is_sending: Signal::derive(move || is_taking.get() || is_commenting.get()),
        };
        report(acts.give_back, |words, ()| words.said_given_back.to_owned());
        report(acts.prolong, |words, was_mine| {
            let said = if *was_mine { answer_words().said_prolonged } else { words.said_not_yours };
            said.to_owned()
        });
        report(acts.comment, |words, ()| words.said_comment.to_owned());
        report(acts.resolve, |words, ()| words.said_resolved.to_owned());
        acts.forget_what_arrived();
        acts
    }

    fn forget_what_arrived(self) {
        self.comment_draft.clear_when_done(self.take);
        self.comment_draft.clear_when_done(self.comment);
        self.reason_draft.clear_when_done(self.resolve);
    }

    /// What was being written belongs to one alert: another one begins empty.
    fn belong_to(self, id: Memo<AlertId>) {
        Effect::new(move |before: Option<AlertId>| {
            let id = id.get();
            if before.is_some_and(|before| before != id) {
                self.comment_draft.clear();
                self.reason_draft.clear();
                self.span.set(String::new());
            }
            id
        });
    }

    /// Takes the alert on, with what is written.
    pub fn take_on(self, id: AlertId) {
        if !self.is_sending.get_untracked() {
            let (comment, span) = (Some(self.comment_draft.send()), self.span.get_untracked());
            self.take.dispatch(AlertAcknowledge { id, comment, span });
        }
    }

    /// Says what is written.
    pub fn speak(self, id: AlertId) {
        if !self.is_sending.get_untracked() {
            self.comment.dispatch(AlertComment { id, comment: self.comment_draft.send() });
        }
    }

    /// Moves when any of them was done.
    fn version(&self) -> usize {
        let answers = self.give_back.version().get() + self.comment.version().get() + self.resolve.version().get();
        let answers = answers + self.prolong.version().get();
        self.take.version().get() + self.undo.version().get() + answers
    }
}

/// The screen at `/alerts/:id`.
#[component]
pub fn AlertScreen() -> impl IntoView {
    let acts = Acts::new();
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.with(|params| params.get("id").and_then(|text| text.parse::<AlertId>().ok()).unwrap_or(AlertId(0)))
    });
    acts.belong_to(id);
    let is_over = RwSignal::new(false);
    let data = data(id, acts, is_over);
    let (tellings, escalation) = (told::data(id, acts), Escalation::new(id, acts));
    let (incident, guidance) = (incident::data(id), guidance::data(id));
    answer::bind_key(id, acts);
    provide_crosshair();
    // The graph is drawn anew with what is fetched; its table stays open.
    let table_open = RwSignal::new(false);
    loaded(data, move |detail| {
        let ended = detail.row.state == AlertState::Resolved;
        if is_over.get_untracked() != ended {
            is_over.set(ended);
        }
        view! { <Sheet detail=detail acts=acts table_open=table_open tellings=tellings escalation=escalation incident=incident guidance=guidance /> }.into_any()
    })
}

/// Fetched again when an alert changes, after an answer of our own, and slowly for the figure, as long as it moves.
fn data(id: Memo<AlertId>, acts: Acts, is_over: RwSignal<bool>) -> Asked<Result<AlertDetail, ApiError>> {
    let pulse = use_pulse();
    let slowly = move || if is_over.get() { 0 } else { pulse.slow.get() };
    let moved = move || (pulse.alerts.get(), pulse.reconnected.get(), slowly(), acts.version());
    ask(move || (id.get(), moved()), |(id, _)| alert_detail(id))
}

#[component]
fn Sheet(
    detail: AlertDetail,
    acts: Acts,
    table_open: RwSignal<bool>,
    tellings: Tellings,
    escalation: Escalation,
    incident: incident::Owned,
    guidance: guidance::Owned,
) -> impl IntoView {
    let row = detail.row.clone();
    let is_missed = reached_nobody(&detail.history);
    let told = told(&row, tellings, is_missed);
    let paged = escalation::part(&row, escalation);
    let (incident, guidance) = (incident::part(row.id, incident), guidance::part(row.id, guidance));
    let title = format!("{} {}", row.id, row.summary.read(locale()));
    // What another tool measured is not ours to draw.
    let graph = row.source.is_none().then(|| view! { <Graph detail=detail.clone() table_open=table_open /> });
    view! {
        <Title text=title />
        <article class="alert">
            <header class="alert__head">
                <div class="alert__title">
                    <Line row=row.clone() />
                    <h1>{row.summary.read(locale()).to_owned()}</h1>
                    {row.muted.as_ref().map(quiet::line)}
                    <Gauges row=row.clone() />
                </div>
                <Answer row=row acts=acts />
            </header>
            <div class="alert__main">
                {told}
                {paged}
                {incident}
                {guidance}
                {graph}
                <History detail=detail.clone() />
            </div>
            <Side detail=detail />
        </article>
    }
    .into_any()
}

/// Whether the last page was for nobody: then nobody knows, whatever was asked for.
fn reached_nobody(history: &[HistoryEntry]) -> bool {
    let pages = |entry: &&HistoryEntry| matches!(entry.fact.as_str(), "PageSent" | "PageUndelivered");
    history.iter().rev().find(pages).is_some_and(|entry| entry.fact == "PageUndelivered")
}

#[component]
fn Line(row: AlertRow) -> impl IntoView {
    let held = !row.needs_somebody();
    view! {
        <p class="alert__line">
            <SeverityBadge level=row.severity.level() held=held code=row.severity.code() word=words().severity_word(row.severity) />
            {state_mark(&row)}
            <span>{row.id.to_string()}</span>
            <span>{about(&row)}</span>
        </p>
    }
}

#[component]
fn Graph(detail: AlertDetail, table_open: RwSignal<bool>) -> impl IntoView {
    let words = words();
    let size = if expect_context::<Viewer>().narrow { NARROW } else { WIDE };
    let plot = detail.plot;
    let host = detail.row.host.clone();
    let more = move || host.clone().map(|host| view! { <a class="link" href=links::host(&host)>{words.board}</a> });
    let title = detail.rule.map_or_else(|| words.measured.to_owned(), |rule| rule.name.read(locale()).to_owned());
    let label = chart::spoken(&plot, &title);
    let shown = plot.clone();
    view! {
        <Part title=title more=more>
            <div class="alert__graph">
                <ChartFigure plot=Signal::stored(plot) size=size label=Signal::stored(label) table_open=table_open />
                <Legend plot=Signal::stored(shown) />
            </div>
        </Part>
    }
}

#[component]
fn History(detail: AlertDetail) -> impl IntoView {
    let unit = detail.row.unit;
    let lines = detail.history.into_iter().rev().map(|entry| view! { <Entry entry=entry unit=unit /> }).collect_view();
    let sent = links::deliveries_of_alert(detail.row.id);
    let more = move || view! { <a class="link" href=sent.clone()>{words().deliveries}</a> };
    view! { <Part title=words().history.to_owned() more=more><Log>{lines}</Log></Part> }
}

#[component]
fn Entry(entry: HistoryEntry, unit: figures::Unit) -> impl IntoView {
    let words = words();
    let icon = icon_of(&entry.fact);
    let said = (words.fact)(&entry.fact);
    let value = entry.value.map(|value| crate::facts::value_text(Some(value), unit));
    let reason = crate::facts::reason_text(&entry.fact, entry.reason.as_deref());
    let (holder, until) = (entry.holder.as_deref().map(name_of), entry.until.map(until_text));
    let by = by_text(&entry.fact, &entry.by);
    let sub: Vec<String> = [entry.channel, value, reason, holder, by, until].into_iter().flatten().collect();
    view! {
        <LogEntry at_ms=entry.at.0 form=TimeForm::Clock sign=move || view! { <Icon name=icon /> } sub=sub.join(" · ")>
            {said}
            {entry.comment.map(|comment| view! { <q class="log__quote">{comment}</q> })}
        </LogEntry>
    }
}

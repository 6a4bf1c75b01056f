//! One rule: what it says, what it measured, what it raised, and what people made of it.

mod back;
pub mod backtest;
mod past;
mod sheet;
pub mod states;
mod versions;

use crate::facts::value_text;
use crate::report::report;
use crate::row::AlertRows;
use crate::rules::signed;
use crate::screen::loaded;
use crate::words::rules::rule_words;
use crate::words::{locale, words};
use api::ask;
use api::pulse::use_pulse;
use api::rules::{RuleAsk, RulePutBack, RuleRemove, RuleView, rule};
use api::viewer::Viewer;
use backtest::backtest;
use chart::Size;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use model::links;
use past::past;
use sheet::sheet;
use states::band;
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::chart::{ChartFigure, Legend, provide_crosshair};
use ui::menu::Menu;
use ui::part::Part;
use ui::severity::SeverityBadge;
use versions::versions;

/// The graph's size where the window is wide, and where it is narrow.
pub const WIDE: Size = Size { width: 856.0, height: 300.0 };
pub const NARROW: Size = Size { width: 358.0, height: 260.0 };

/// The screen at `/rules/:id`.
#[component]
pub fn RuleScreen() -> impl IntoView {
    let remove: ServerAction<RuleRemove> = ServerAction::new();
    let put: ServerAction<RulePutBack> = ServerAction::new();
    report(put, |_, _| rule_words().said_put_back.to_owned());
    leave_when_done(remove);
    let (asked, pulse) = (asked(), use_pulse());
    let acted = move || put.version().get();
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), acted());
    let data = ask(move || (asked.get(), moved()), |(asked, _)| rule(asked));
    provide_crosshair();
    let table_open = RwSignal::new(false);
    loaded(data, move |view| view! { <Sheet view=view asked=asked remove=remove put=put table_open=table_open /> }.into_any())
}

/// What the address asks.
fn asked() -> Memo<RuleAsk> {
    let (params, map) = (use_params_map(), use_query_map());
    Memo::new(move |_| {
        let map = map.get();
        RuleAsk {
            id: params.with(|params| params.get("id").unwrap_or_default()),
            q: map.get("q").unwrap_or_default(),
            before: map.get("before").and_then(|text| text.parse().ok()),
            backtest: map.get("backtest").unwrap_or_default(),
            version: map.get("version").and_then(|text| text.parse().ok()),
        }
    })
}

/// Back to the list once the rule is gone. Without a script the answer itself leads there.
fn leave_when_done(remove: ServerAction<RuleRemove>) {
    let (value, navigate) = (remove.value(), use_navigate());
    Effect::new(move |_: Option<()>| {
        if value.with(|value| matches!(value, Some(Ok(())))) {
            navigate(links::RULES, NavigateOptions::default());
        }
    });
}

#[component]
fn Sheet(
    view: RuleView,
    asked: Memo<RuleAsk>,
    remove: ServerAction<RuleRemove>,
    put: ServerAction<RulePutBack>,
    table_open: RwSignal<bool>,
) -> impl IntoView {
    let name: String = view.line.name.read(locale()).to_owned();
    let ask: RuleAsk = asked.get_untracked();
    let error = view.line.error.clone().map(|error| view! { <Callout tone=Tone::Warn>{error}</Callout> });
    // What is only recorded raises nothing.
    let alerts =
        (!view.line.is_recording).then(|| view! { {backtest(&view, &ask)} {open(&view)} {past(&view, &ask)} }.into_any());
    view! {
        <Title text=name.clone() />
        <article class="rule">
            {head(&view, name, remove)}
            {error}
            <div class="rule__main">
                {graph(&view, table_open)}
                {alerts}
                {versions(&view, &ask, put)}
            </div>
            <aside class="rule__side">{sheet(&view)}</aside>
        </article>
    }
    .into_any()
}

fn head(view: &RuleView, name: String, remove: ServerAction<RuleRemove>) -> AnyView {
    let line = &view.line;
    if line.is_recording {
        return view! {
            <header class="rule__head">
                <h1 class="rule__title">{name}</h1>
                <p class="rule__line"><b>{rule_words().recording}</b> <span>{rule_words().recording_hint}</span></p>
                {acts(view, remove)}
            </header>
        }
        .into_any();
    }
    let severity = line.severity;
    let condition: String = if line.condition.is_empty() { rule_words().any_result.to_owned() } else { signed(&line.condition) };
    let sentence: String = view.sheet.summary.read(locale()).to_owned();
    view! {
        <header class="rule__head">
            <h1 class="rule__title">{name}</h1>
            <p class="rule__line">
                <SeverityBadge level=severity.level() held=true code=severity.code() word=words().severity_word(severity) />
                <b>{condition}</b>
                <span>{sentence}</span>
            </p>
            {acts(view, remove)}
        </header>
    }
    .into_any()
}

/// What one may do with it. Whoever may not is told why.
fn acts(view: &RuleView, remove: ServerAction<RuleRemove>) -> AnyView {
    let said = rule_words();
    if !view.can_edit {
        return view! { <p class="mute">{said.only_editors}</p> }.into_any();
    }
    let (id, version) = (view.line.id.clone(), view.sheet.version);
    let (edit, copy) = (links::rule_form(Some(&id), [].into_iter(), None), links::rule_new(&id.0));
    let refused =
        move || remove.value().with(|value| value.as_ref().and_then(|value| value.as_ref().err()).map(crate::words::refused));
    // Recording rules have no form: they are kept in files.
    let has_form: bool = !view.line.is_recording;
    let forms = has_form.then(|| {
        view! {
            <ButtonLink href=edit rank=Rank::Main>{said.edit}</ButtonLink>
            <ButtonLink href=copy>{said.copy}</ButtonLink>
        }
        .into_any()
    });
    view! {
        <div class="rule__acts">
            {forms}
            <Menu label=said.remove>
                <ActionForm action=remove attr:class="rule__sure">
                    <p>{said.remove_sure}</p>
                    <input type="hidden" name="id" value=id.0 />
                    <input type="hidden" name="version" value=version.to_string() />
                    <Button kind="submit">{said.remove_do}</Button>
                </ActionForm>
            </Menu>
            <p class="rule__refused" role="alert">{refused}</p>
        </div>
    }
    .into_any()
}

fn graph(view: &RuleView, table_open: RwSignal<bool>) -> AnyView {
    let said = rule_words();
    let size: Size = if expect_context::<Viewer>().narrow { NARROW } else { WIDE };
    let plot = view.plot.clone();
    let label: String = chart::spoken(&plot, view.line.name.read(locale()));
    let bands: AnyView = band(&plot, size, &view.states);
    let shown = plot.clone();
    view! {
        <Part title=said.last_day.to_owned()>
            <div class="rule__graph">
                <ChartFigure plot=Signal::stored(plot) size=size label=Signal::stored(label) table_open=table_open />
                {bands}
                <Legend plot=Signal::stored(shown) />
            </div>
        </Part>
    }
    .into_any()
}

fn open(view: &RuleView) -> AnyView {
    let said = rule_words();
    let rows = view.open.clone();
    let count: Option<String> = (view.line.open > 0).then(|| view.line.open.to_string());
    let href: String = links::alerts_of_rule(&view.line.id);
    let body = if rows.is_empty() {
        view! { <p class="mute">{said.no_open}</p> }.into_any()
    } else {
        view! { <AlertRows rows=rows /> }.into_any()
    };
    view! {
        <Part title=said.open_alerts.to_owned() count=count more=move || view! { <a class="link" href=href.clone()>{words().see_all}</a> }>
            {body}
        </Part>
    }
    .into_any()
}

/// A value of the rule with its unit.
pub fn figure(value: Option<f64>, unit: figures::Unit) -> Option<String> {
    value.map(|value| value_text(Some(value), unit))
}

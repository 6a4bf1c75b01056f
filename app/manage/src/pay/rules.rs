//! The rules: what an hour is worth, by duty, with every version there was.

use super::head::when;
use super::rule_form::form;
use super::{admin_reason, asked};
use crate::screen::loaded;
use crate::words::pay::{PayWords, pay_words};
use api::ask;
use api::pay::{PayRuleSave, PayRuleView, PayRulesView, pay_rules};
use leptos::prelude::*;
use leptos_meta::Title;
use model::links;
use ui::button::Button;
use ui::callout::Callout;
use ui::choice::{Choice, ChoiceLink};
use ui::field::Line;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// Characters of a duty's name; the server knows the same figure.
const MOST_ROLE: u32 = 64;

/// The screen at `/pay/rules`.
#[component]
pub fn PayRulesScreen() -> impl IntoView {
    let words = pay_words();
    let save: ServerAction<PayRuleSave> = ServerAction::new();
    let role: String = asked("role");
    let data = ask(move || role.clone(), pay_rules);
    let reason = admin_reason().map(|reason| view! { <Callout>{reason}</Callout> });
    view! {
        <Title text=words.rules />
        <div class="pay">
            <header class="screen-head">
                <h1>{words.rules}</h1>
                <p class="screen-head__lead">
                    {words.rules_lead} " " <strong>{words.aid}</strong> " "
                    <a class="link" href=links::PAY>{words.title}</a>
                </p>
                {reason}
            </header>
            {loaded(data, move |view| sheet(view, save))}
        </div>
    }
    .into_any()
}

fn sheet(view: PayRulesView, save: ServerAction<PayRuleSave>) -> AnyView {
    let words = pay_words();
    let duties: AnyView = duties(&view, words);
    let chosen: String = (words.duty_name)(&view.draft.role);
    let form: AnyView = form(view.draft, save);
    let versions: AnyView = versions(&view.rules, words);
    let count: Option<String> = Some(view.rules.len().to_string());
    view! {
        {duties}
        <Part title=chosen>{form}</Part>
        <Part title=words.versions.to_owned() count=count>{versions}</Part>
    }
    .into_any()
}

/// Whose rule is shown: links, and a field for a duty that a schedule calls by a name of its own.
fn duties(view: &PayRulesView, words: &'static PayWords) -> AnyView {
    let link = |role: &String| ChoiceLink {
        label: (words.duty_name)(role),
        href: links::pay_rule(role),
        is_current: *role == view.draft.role,
    };
    let options: Vec<ChoiceLink> = view.roles.iter().map(link).collect();
    let role = Line { most: Some(MOST_ROLE), required: true, ..Line::new("duty", "role", words.duty) };
    view! {
        <div class="pay__duties">
            <Choice label=words.duty options=Signal::stored(options) />
            <p class="pay__hint">{words.duty_hint}</p>
            <form class="pay__pick" method="get" action=links::PAY_RULES>
                {ui::field::line(role)}
                <Button kind="submit">{words.choose_duty}</Button>
            </form>
        </div>
    }
    .into_any()
}

fn versions(all: &[PayRuleView], words: &'static PayWords) -> AnyView {
    if all.is_empty() {
        return view! { <p class="mute">{words.no_versions}</p> }.into_any();
    }
    let columns = vec![
        Column::text(words.duty),
        Column::number(words.version),
        Column::text(words.effective_from),
        Column::number(words.standby_rate),
        Column::number(words.worked_rate),
        Column::text(words.stacking),
        Column::text(words.by),
    ];
    let lines: Vec<AnyView> = all.iter().map(|one| line(one, words)).collect();
    view! { <Table caption=words.versions columns=columns stacked=true>{lines}</Table> }.into_any()
}

fn line(one: &PayRuleView, words: &'static PayWords) -> AnyView {
    let (name, href): (String, String) = ((words.duty_name)(&one.form.role), links::pay_rule(&one.form.role));
    let in_force = one.is_in_force.then(|| view! { <small class="table__sub">{words.in_force}</small> });
    let (version, from): (i64, String) = (one.version, one.form.effective_from.clone());
    let (standby, worked): (String, String) = (money(&one.form.standby_yen), money(&one.form.worked_yen));
    let stacking: &'static str = stacking_word(&one.form.stacking, words);
    let by: String = format!("{} · {}", one.by, when(one.at));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a class="link" href=href>{name}</a> {in_force}</th>
            <Cell label=words.version number=true>{version}</Cell>
            <Cell label=words.effective_from>{from}</Cell>
            <Cell label=words.standby_rate number=true>{standby}</Cell>
            <Cell label=words.worked_rate number=true>{worked}</Cell>
            <Cell label=words.stacking>{stacking}</Cell>
            <Cell label=words.by wide=true>{by}</Cell>
        </tr>
    }
    .into_any()
}

fn money(text: &str) -> String {
    text.parse::<i64>().map_or_else(|_| text.to_owned(), super::written::yen)
}

/// How premiums meet, in words.
fn stacking_word(stacking: &str, words: &PayWords) -> &'static str {
    let position: usize = super::rule_form::STACKINGS.iter().position(|known| *known == stacking).unwrap_or(0);
    words.stackings[position]
}

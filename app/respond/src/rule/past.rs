//! Earlier firings: searched by the address, a screenful at a time.

use crate::words::rules::rule_words;
use crate::words::{locale, words};
use api::alerting::AlertRow;
use api::rules::{RuleAsk, RuleView};
use figures::duration;
use leptos::prelude::*;
use leptos_router::components::Form;
use model::links;
use ui::button::{Button, ButtonLink};
use ui::field::Field;
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::shape::Shape;
use ui::time_text::TimeForm;

/// The list, and the way to what is older.
pub fn past(view: &RuleView, ask: &RuleAsk) -> AnyView {
    let said = rule_words();
    let action: String = links::rule(&view.line.id);
    let lines: Vec<AnyView> = view.past.iter().map(line).collect();
    let body = if lines.is_empty() {
        view! { <p class="mute">{said.no_past}</p> }.into_any()
    } else {
        view! { <Log>{lines}</Log> }.into_any()
    };
    let older = view.more.map(|before| {
        let href: String = format!("{action}?q={}&before={before}#past", links::encode(&ask.q));
        view! { <ButtonLink href=href>{words().older}</ButtonLink> }
    });
    let top = ask.before.map(|_| {
        let href: String = format!("{action}?q={}#past", links::encode(&ask.q));
        view! { <ButtonLink href=href>{words().to_top}</ButtonLink> }
    });
    let asked: String = ask.q.clone();
    view! {
        <Part title=said.past.to_owned() id="past">
            <Form method="GET" action=action.clone() attr:class="rule__find" attr:role="search">
                <Field id="past-q" label=said.past_search.to_owned()>
                    <input class="input" id="past-q" type="search" name="q" value=asked />
                </Field>
                <Button kind="submit">{said.find}</Button>
            </Form>
            {body}
            <p class="rule__ways">{top} {older}</p>
        </Part>
    }
    .into_any()
}

fn line(row: &AlertRow) -> AnyView {
    let ended = row.resolved_at.unwrap_or(row.crossed_at);
    let lasted: String = duration(ended.since(row.since()), locale());
    let by: Option<String> = row.held.as_ref().map(|held| held.by.clone());
    let sub: Vec<String> = [Some(row.id.to_string()), Some(lasted), by].into_iter().flatten().collect();
    let (href, sentence, level) = (links::alert(row.id), row.summary.read(locale()).to_owned(), row.severity.level());
    view! {
        <LogEntry at_ms=row.since().0 form=TimeForm::Day sign=move || view! { <Shape level=level hollow=true /> } sub=sub.join(" · ")>
            <a class="link" href=href>{sentence}</a>
        </LogEntry>
    }
    .into_any()
}

//! What the rule would have raised: a sentence, and the list.

use super::figure;
use crate::words::locale;
use crate::words::rules::rule_words;
use api::rules::{Backtested, RuleAsk, RuleView, WouldFire};
use figures::{Unit, duration};
use leptos::prelude::*;
use model::links;
use ui::callout::{Callout, Tone};
use ui::choice::{Choice, ChoiceLink};
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::time_text::TimeForm;

/// Spans to choose from; the words stand in the address.
const SPANS: [(&str, u32); 3] = [("1d", 1), ("7d", 7), ("30d", 30)];

/// The choice of spans, and what came of the one that was chosen.
pub fn backtest(view: &RuleView, ask: &RuleAsk) -> AnyView {
    let said = rule_words();
    let link = |(word, days): (&str, u32)| ChoiceLink {
        label: (said.days)(days),
        href: format!("{}?backtest={word}#backtest", links::rule(&view.line.id)),
        is_current: ask.backtest == word,
    };
    let options: Vec<ChoiceLink> = SPANS.into_iter().map(link).collect();
    let unit: Unit = view.sheet.unit;
    let found = view.backtest.as_ref().map(|found| told(found, unit, true));
    view! {
        <Part title=said.backtest.to_owned() id="backtest">
            <p class="mute">{said.backtest_hint}</p>
            <Choice label=said.backtest options=Signal::stored(options) />
            {found}
        </Part>
    }
    .into_any()
}

/// A backtest in a sentence, with the list if that is wanted.
pub fn told(found: &Backtested, unit: Unit, has_list: bool) -> AnyView {
    let said = rule_words();
    if let Some(reason) = &found.failed {
        let text: String = format!("{}: {reason}", said.cannot);
        return view! { <Callout tone=Tone::Warn>{text}</Callout> }.into_any();
    }
    let step: String = (said.step)(&duration(found.step_ms, locale()));
    let lines: Vec<AnyView> = if has_list { found.list.iter().map(|one| line(one, unit)).collect() } else { Vec::new() };
    let list = (!lines.is_empty()).then(|| view! { <Log>{lines}</Log> }.into_any());
    view! {
        <p class="rule__would"><b>{sentence(found, unit)}</b> " " <span class="mute">{step}</span></p>
        {list}
    }
    .into_any()
}

/// "In the last 7 days this rule would have fired 3 times, 42 min in all, worst 96 %."
pub fn sentence(found: &Backtested, unit: Unit) -> String {
    let said = rule_words();
    if found.n_fired == 0 {
        return (said.would_not)(found.days);
    }
    let worst: Option<String> = figure(found.worst, unit);
    (said.would)(found.days, found.n_fired, &duration(found.firing_ms, locale()), worst.as_deref())
}

fn line(one: &WouldFire, unit: Unit) -> AnyView {
    let said = rule_words();
    let lasted: String = one.until.map_or_else(|| said.still.to_owned(), |until| duration(until.since(one.from), locale()));
    let worst: Option<String> = figure(one.worst, unit).map(|worst| format!("{} {worst}", said.worst));
    let level: Option<String> = one.is_warning.then(|| said.warning.to_owned());
    let sub: Vec<String> = [Some(lasted), worst, level].into_iter().flatten().collect();
    let labels: String = one.labels.clone();
    view! { <LogEntry at_ms=one.from.0 form=TimeForm::Day sub=sub.join(" · ")><code>{labels}</code></LogEntry> }.into_any()
}

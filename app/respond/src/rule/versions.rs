//! Who made what of the rule, and when: key by key, before and after.

use crate::words::rules::rule_words;
use crate::words::words;
use api::rules::{RuleChange, RuleVersion};
use leptos::prelude::*;
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::time_text::TimeForm;

/// Every version, the newest first.
pub fn versions(versions: Vec<RuleVersion>) -> AnyView {
    let lines: Vec<AnyView> = versions.into_iter().map(one).collect();
    view! { <Part title=rule_words().versions.to_owned() id="versions"><Log>{lines}</Log></Part> }.into_any()
}

fn one(version: RuleVersion) -> AnyView {
    let said = rule_words();
    let fact: &'static str = (words().fact)(&version.fact);
    let by: String = (words().worker)(&version.by).map_or_else(|| version.by.clone(), str::to_owned);
    let sub: String = if version.is_applied { format!("{by} · {}", said.by_files) } else { by };
    let changes: Vec<AnyView> = version.what.into_iter().map(change).collect();
    let changes = (!changes.is_empty()).then(|| view! { <dl class="rule__changes">{changes}</dl> }.into_any());
    view! { <LogEntry at_ms=version.at.0 form=TimeForm::Day sub=sub>{fact} {changes}</LogEntry> }.into_any()
}

fn change(change: RuleChange) -> AnyView {
    let said = rule_words();
    let name: &'static str = (said.field)(&change.key).0;
    let name: String = if name.is_empty() { change.key } else { name.to_owned() };
    let shown = |text: String| if text.is_empty() { said.empty.to_owned() } else { text };
    view! {
        <div class="rule__change">
            <dt>{name}</dt>
            <dd><span class="hush">{said.was} " "</span><del>{shown(change.from)}</del></dd>
            <dd><span class="hush">{said.is} " "</span><ins>{shown(change.to)}</ins></dd>
        </div>
    }
    .into_any()
}

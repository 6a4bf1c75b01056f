//! Who made what of the rule, and when: key by key, before and after, with the way to put a version back.

use super::back::{address, back};
use crate::words::rules::rule_words;
use crate::words::words;
use api::rules::{RuleAsk, RuleChange, RulePutBack, RuleVersion, RuleView};
use leptos::prelude::*;
use model::Time;
use ui::context::use_look;
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::time_text::TimeForm;

/// Every version, the newest first; above them the one that is compared.
pub fn versions(view: &RuleView, ask: &RuleAsk, put: ServerAction<RulePutBack>) -> AnyView {
    let line = |version: &RuleVersion| {
        let address: String = address(view, version.number);
        one(version.clone(), address)
    };
    let lines: Vec<AnyView> = view.versions.iter().map(line).collect();
    let compared = back(view, ask, put);
    view! { <Part title=rule_words().versions.to_owned() id="versions">{compared} <Log>{lines}</Log></Part> }.into_any()
}

fn one(version: RuleVersion, address: String) -> AnyView {
    let said = rule_words();
    let fact: &'static str = (words().fact)(&version.fact);
    let put_back: Option<String> = version.put_back_of.map(put_back);
    let by: String = (words().worker)(&version.by).map_or_else(|| version.by.clone(), str::to_owned);
    let sub: String = if version.is_applied { format!("{by} · {}", said.by_files) } else { by };
    let changes: Vec<AnyView> = version.what.into_iter().map(change).collect();
    let changes = (!changes.is_empty()).then(|| view! { <dl class="rule__changes">{changes}</dl> }.into_any());
    let present = version.is_present.then(|| view! { " · " <b>{said.present}</b> });
    let way = version.is_other.then(|| view! { <p><a class="link" href=address>{said.compare}</a></p> });
    view! {
        <LogEntry at_ms=version.at.0 form=TimeForm::Day sub=sub>
            {fact} {put_back} {present} {changes} {way}
        </LogEntry>
    }
    .into_any()
}

/// Which version came back by this one.
fn put_back(of: Time) -> String {
    let look = use_look();
    format!(" · {}", (rule_words().put_back)(&figures::day_time(of.0, &look.zone, look.locale)))
}

/// One key, before and after.
pub fn change(change: RuleChange) -> AnyView {
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

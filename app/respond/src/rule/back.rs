//! An earlier version of the rule beside the one in force, and the button that puts it back.

use super::versions::change;
use crate::report::attempt;
use crate::words::rules::rule_words;
use api::rules::{RuleAsk, RuleBack, RulePutBack, RuleView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::context::use_look;

/// Where a version is compared with the one in force.
pub fn address(view: &RuleView, number: i64) -> String {
    format!("{}?version={number}#versions", links::rule(&view.line.id))
}

/// Nothing unless the address asks for a version.
pub fn back(view: &RuleView, ask: &RuleAsk, put: ServerAction<RulePutBack>) -> Option<AnyView> {
    ask.version?;
    let Some(back) = &view.back else {
        return Some(view! { <Callout tone=Tone::Warn>{rule_words().no_version}</Callout> }.into_any());
    };
    let (title, changes) = (title(back), back.what.iter().cloned().map(change).collect::<Vec<AnyView>>());
    let cancel: String = format!("{}#versions", links::rule(&view.line.id));
    Some(
        view! {
            <div class="rule__back">
                <h3>{title}</h3>
                {attempt(put, Vec::new()).refused()}
                <dl class="rule__changes">{changes}</dl>
                {means(back)}
                {act(view, back, put)}
                <ButtonLink href=cancel rank=Rank::Quiet>{rule_words().cancel}</ButtonLink>
            </div>
        }
        .into_any(),
    )
}

fn title(back: &RuleBack) -> String {
    let look = use_look();
    (rule_words().back_title)(&figures::day_time(back.at.0, &look.zone, look.locale), &back.by)
}

/// What else would follow.
fn means(back: &RuleBack) -> Option<AnyView> {
    if back.refused.is_some() {
        return None;
    }
    let said = rule_words();
    let ends = back.ends_alerts.then(|| view! { <p>{said.back_ends}</p> });
    let file = back.file.as_ref().map(|file| view! { <p>{(said.back_file)(file)}</p> });
    Some(view! { {ends} {file} }.into_any())
}

fn act(view: &RuleView, back: &RuleBack, put: ServerAction<RulePutBack>) -> AnyView {
    let said = rule_words();
    if let Some(reason) = &back.refused {
        return view! { <p class="rule__refused">{reason.clone()}</p> }.into_any();
    }
    if !view.can_edit {
        return view! { <p class="mute">{said.only_editors}</p> }.into_any();
    }
    let (id, number, version) = (view.line.id.0.clone(), back.number.to_string(), view.sheet.version.to_string());
    view! {
        <ActionForm action=put>
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="number" value=number />
            <input type="hidden" name="version" value=version />
            <Button kind="submit" rank=Rank::Main>{said.back_do}</Button>
        </ActionForm>
    }
    .into_any()
}

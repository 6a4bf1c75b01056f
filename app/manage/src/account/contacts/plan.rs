//! In which order somebody is reached: what would happen, and the form that says it.

use super::{name, option, tried};
use crate::words::contacts::contact_words;
use api::contacts::{ContactPlan, ContactRulesSave, ContactStep, ContactsView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Typed};
use ui::button::Button;

/// After so many minutes a rule may come; what stands there besides is offered too.
const MINUTES: [i64; 8] = [0, 1, 2, 3, 5, 10, 15, 30];
const MINUTE_MS: i64 = 60_000;
/// What was sent beyond a day was never offered.
const MOST_MINUTES: i64 = 24 * 60;

/// In which order, for one urgency: what one has written down, and what would happen. A form that was refused comes back open.
pub fn plan(view: &ContactsView, plan: &ContactPlan, urgency: &'static str, save: ServerAction<ContactRulesSave>) -> AnyView {
    let words = contact_words();
    let is_high: bool = urgency == "high";
    let (title, hint): (&'static str, &'static str) = if is_high { words.high } else { words.low };
    let happens: AnyView = happens(view, plan);
    let n_rows: usize = (plan.rules.len() + 2).min(view.most_rules);
    let attempt: Attempt = tried(save, Vec::new(), &[("urgency", urgency)]);
    let is_open: bool = attempt.typed.fields().is_some();
    let row = |index: usize| rule(view, plan.rules.get(index), &attempt.typed, urgency, index);
    let rows: Vec<AnyView> = (0..n_rows).map(row).collect();
    view! {
        <section class="contacts__plan">
            <h3 class="contacts__plan-title">{title} <small class="mute">{hint}</small></h3>
            {happens}
            <details class="contacts__rules" open=is_open>
                <summary class="button button--row">{words.change}</summary>
                <ActionForm action=save attr:class="form">
                    {attempt.refused()}
                    <p class="field__hint">{words.rules_hint}</p>
                    <input type="hidden" name="urgency" value=urgency />
                    <ol class="contacts__rows">{rows}</ol>
                    <div class="form__foot"><Button kind="submit">{words.save}</Button></div>
                </ActionForm>
            </details>
        </section>
    }
    .into_any()
}

/// What would really happen now.
fn happens(view: &ContactsView, plan: &ContactPlan) -> AnyView {
    let words = contact_words();
    if plan.plan.is_empty() {
        return view! { <p class="contacts__none">{words.plan_none}</p> }.into_any();
    }
    let usual = plan.rules.is_empty().then(|| view! { <p class="mute">{words.usual}</p> });
    let steps: Vec<AnyView> = plan.plan.iter().map(|step| happening(view, step)).collect();
    view! { {usual} <ol class="contacts__steps">{steps}</ol> }.into_any()
}

fn happening(view: &ContactsView, step: &ContactStep) -> AnyView {
    let when: String = after(step.after_ms);
    let who: String = view.contacts.iter().find(|one| one.id == step.contact).map(name).unwrap_or_default();
    view! { <li class="contacts__step"><b>{when}</b> <span>{who}</span></li> }.into_any()
}

fn after(ms: i64) -> String {
    let words = contact_words();
    if ms == 0 { words.at_once.to_owned() } else { (words.after)(ms / MINUTE_MS) }
}

/// One rule to fill in: by which contact, after how many minutes.
fn rule(view: &ContactsView, rule: Option<&ContactStep>, typed: &Typed, urgency: &str, index: usize) -> AnyView {
    let words = contact_words();
    let id = |part: &str| format!("rule-{urgency}-{index}-{part}");
    let sent = |part: &str| format!("rules[{index}.{part}]");
    let chosen: String = typed.text(&sent("contact"), rule.map_or("", |rule| rule.contact.as_str()));
    let in_force: i64 = rule.map_or(0, |rule| rule.after_ms / MINUTE_MS);
    let chosen_minutes: Option<i64> = typed.text(&sent("minutes"), "").parse::<i64>().ok();
    let minutes: i64 = chosen_minutes.filter(|minutes| (0..=MOST_MINUTES).contains(minutes)).unwrap_or(in_force);
    let mut offered: Vec<i64> = MINUTES.to_vec();
    if !offered.contains(&minutes) {
        offered.push(minutes);
        offered.sort_unstable();
    }
    let times: Vec<AnyView> =
        offered.into_iter().map(|one| option(one.to_string(), after(one * MINUTE_MS), one == minutes)).collect();
    let mut contacts: Vec<AnyView> = vec![option(String::new(), "—".to_owned(), chosen.is_empty())];
    contacts.extend(view.contacts.iter().map(|one| option(one.id.clone(), name(one), one.id == chosen)));
    view! {
        <li class="contacts__rule">
            <select class="input" id=id("minutes") name=sent("minutes") aria-label=words.when>{times}</select>
            <select class="input" id=id("contact") name=sent("contact") aria-label=words.contact>{contacts}</select>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{happens, rule};
    use api::contacts::{ContactLine, ContactPlan, ContactStep, ContactsView};
    use api::oncall::WayKind;
    use leptos::prelude::*;
    use ui::attempt::Typed;

    fn view() -> ContactsView {
        let contact = ContactLine {
            id: "7".to_owned(),
            kind: WayKind::Voice,
            label: String::new(),
            shown: "+81····5678".to_owned(),
            is_verified: true,
            code_until: None,
            last_ok_at: None,
            last_fail_at: None,
            last_error: None,
        };
        ContactsView { contacts: vec![contact], high: ContactPlan::default(), low: ContactPlan::default(), most_rules: 10 }
    }

    #[test]
    fn what_would_happen_is_said_and_that_nothing_would() {
        let owner = Owner::new();
        owner.set();
        let plan = ContactPlan { rules: Vec::new(), plan: vec![ContactStep { after_ms: 120_000, contact: "7".to_owned() }] };
        let html = happens(&view(), &plan).to_html();
        assert!(html.contains("2分後") && html.contains("電話"), "{html}");
        assert!(happens(&view(), &ContactPlan::default()).to_html().contains("contacts__none"));
    }

    #[test]
    fn a_line_that_was_refused_comes_back_as_it_was_chosen() {
        let owner = Owner::new();
        owner.set();
        let typed: Vec<(String, String)> = [("rules[0.minutes]", "15"), ("rules[0.contact]", "7")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .to_vec();
        let html = rule(&view(), None, &Typed::new(Some(typed)), "high", 0).to_html();
        for value in ["value=\"15\" selected", "value=\"7\" selected"] {
            assert!(html.contains(value), "{value}: {html}");
        }
        let empty = rule(&view(), None, &Typed::default(), "high", 0).to_html();
        assert!(empty.contains("value=\"0\" selected"), "{empty}");
    }
}

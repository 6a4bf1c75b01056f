//! What a change would bring about, and the button that puts it in force.

use crate::silences::look::alerts;
use crate::silences::refusal::{mistake, refusal};
use crate::words::routes::route_words;
use crate::words::viewer;
use api::routing::{MovedView, PlanLine, RouteApply, RoutePlan, RouteTrouble};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Role;
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::part::Part;

/// The plan. `revision` is the one it was made of; `has_form` says that what is wrong stands at the fields of a form already.
pub fn plan(plan: RoutePlan, revision: i64, apply: ServerAction<RouteApply>, has_form: bool) -> AnyView {
    let words = route_words();
    let body = if !plan.problems.is_empty() && has_form {
        view! { <Callout tone=Tone::Warn>{words.plan_problems}</Callout> }.into_any()
    } else if !plan.problems.is_empty() {
        let problems = plan.problems.iter().map(|(trouble, found)| mistake(problem(*trouble, found))).collect_view();
        view! { <Callout tone=Tone::Warn>{words.plan_problems}</Callout> {problems} }.into_any()
    } else if plan.lines.is_empty() {
        view! { <p>{words.plan_same}</p> }.into_any()
    } else {
        whole(plan, revision, apply)
    };
    view! { <Part title=words.plan_title.to_owned()><div class="plan">{body}</div></Part> }.into_any()
}

/// What was found stands behind what is wrong: a word of the writer's, or how the room puts it.
pub fn problem(trouble: RouteTrouble, found: &str) -> String {
    let said = (route_words().trouble)(trouble);
    if found.is_empty() { said.to_owned() } else { format!("{said} {found}") }
}

fn whole(plan: RoutePlan, revision: i64, apply: ServerAction<RouteApply>) -> AnyView {
    let words = route_words();
    let sentence = if plan.n_moved == 0 { words.plan_moved_none.to_owned() } else { (words.plan_moved)(plan.n_moved) };
    let moved = plan.moved.into_iter().map(moved).collect_view();
    let lines = plan.lines.into_iter().map(line).collect_view();
    let reason = (!viewer().may(Role::Editor)).then(|| words.editor_hint.to_owned());
    view! {
        <p class="plan__sentence">{sentence}</p>
        <ul class="plan__moved">{moved}</ul>
        <h3 class="plan__title">{words.plan_diff}</h3>
        <pre class="plan__diff" tabindex="0"><code>{lines}</code></pre>
        <ActionForm action=apply attr:class="form">
            <input type="hidden" name="yaml" value=plan.yaml />
            <input type="hidden" name="revision" value=revision.to_string() />
            {refusal(apply)}
            <div class="form__foot">
                <Button kind="submit" rank=Rank::Main disabled=reason busy=apply.pending()>{words.plan_apply}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn moved(one: MovedView) -> AnyView {
    let (before, after) = (one.before.join(", "), one.after.join(", "));
    view! {
        <li>
            {alerts(std::slice::from_ref(&one.alert))}
            <small class="plan__way">{before} " → " {after}</small>
        </li>
    }
    .into_any()
}

fn line(line: PlanLine) -> AnyView {
    let class = match line.sign {
        '+' => "plan__line plan__line--new",
        '-' => "plan__line plan__line--gone",
        _ => "plan__line",
    };
    view! { <span class=class>{line.sign.to_string()} " " {line.text} "\n"</span> }.into_any()
}

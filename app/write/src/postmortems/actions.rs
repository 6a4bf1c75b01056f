//! Everything that is to be done after incidents, by owner and day.

use super::asked;
use super::items::{self, Acts, Place, line};
use super::refusal::failed;
use super::said::name_text;
use crate::report::refusal_before;
use crate::screen::option;
use crate::words::postmortems::postmortem_words;
use api::ask;
use api::postmortems::action::{ActionQuery, ActionSheet};
use api::postmortems::{ActionFinish, ActionReopen, ActionSave, actions};
use api::pulse::use_pulse;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use ui::button::Button;
use ui::callout::{Callout, Tone};
use ui::choice::{Choice, ChoiceLink};
use ui::empty::Empty;
use ui::field::Field;
use ui::loaded::loaded;
use ui::part::Part;

/// The words of `show` in addresses, in the order of their names.
const SHOWS: [&str; 5] = ["", "overdue", "soon", "undated", "unowned"];

/// The screen at `/actions`.
#[component]
pub fn ActionsScreen() -> impl IntoView {
    let (words, pulse, search) = (postmortem_words(), use_pulse(), use_location().search);
    let asked: Memo<(ActionQuery, String)> = Memo::new(move |_| search.with(|search| asked::actions(search)));
    let moved = move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.with(|asked| asked.0.clone()), moved()), |(query, _)| actions(query));
    let acts = Acts {
        save: ServerAction::<ActionSave>::new(),
        finish: ServerAction::<ActionFinish>::new(),
        reopen: ServerAction::<ActionReopen>::new(),
    };
    view! {
        <Title text=words.actions_title />
        <div class="postmortems">{loaded(data, move |list| sheet(&list, &asked.get_untracked(), acts), failed)}</div>
    }
    .into_any()
}

fn sheet(list: &ActionSheet, asked: &(ActionQuery, String), acts: items::Acts) -> AnyView {
    let words = postmortem_words();
    let (query, done): (&ActionQuery, &str) = (&asked.0, &asked.1);
    let done = (words.done)(done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    let place = Place { acts, people: &list.people, can_work: list.can_work, back: "actions" };
    let lines: Vec<AnyView> = list.actions.iter().map(|one| line(one, place)).collect();
    let n_shown: u32 = u32::try_from(list.actions.len()).unwrap_or(u32::MAX);
    let left: u32 = list.total.saturating_sub(n_shown);
    let more = (left > 0).then(|| view! { <p class="mute">{(words.more_left)(left)}</p> });
    let body: AnyView = if lines.is_empty() {
        view! { <Empty title=words.no_actions say=words.no_actions_hint /> }.into_any()
    } else {
        view! { <ul class="actions actions--all">{lines}</ul> }.into_any()
    };
    view! {
        <header class="screen-head">
            <h1>{words.actions_title}</h1>
            <p class="screen-head__lead">{words.actions_lead}</p>
            <p class="screen-head__ways"><a class="link" href=links::POSTMORTEMS>{words.title}</a></p>
        </header>
        {done}
        {refusal_before(acts.reopen)}
        {which(list, query)}
        <Part title=words.actions.to_owned() count=Some(list.total.to_string()) id="actions">{body} {more}</Part>
    }
    .into_any()
}

/// Whose, and how they stand.
fn which(list: &ActionSheet, query: &ActionQuery) -> AnyView {
    let words = postmortem_words();
    let counts: [Option<u32>; 5] = [None, Some(list.n_overdue), Some(list.n_soon), Some(list.n_undated), Some(list.n_unowned)];
    let options: Vec<ChoiceLink> = SHOWS
        .into_iter()
        .zip(words.action_shows)
        .zip(counts)
        .map(|((value, word), count)| ChoiceLink {
            label: count.map_or_else(|| word.to_owned(), |count| format!("{word} {count}")),
            href: address(&query.owner, value),
            is_current: query.show == value,
        })
        .collect();
    let mut owners: Vec<AnyView> = vec![option("", words.everybody, &query.owner), option("me", words.me, &query.owner)];
    let others = list.people.iter().filter(|person| !person.is_me);
    owners.extend(others.map(|person| option(&person.id.to_string(), &name_text(person), &query.owner)));
    let show: String = query.show.clone();
    view! {
        <div class="actions__which">
            <Choice label=words.show options=options />
            <form class="actions__whose" method="get" action=links::ACTIONS>
                <input type="hidden" name="show" value=show />
                <Field id="actions-owner" label=words.owner.to_owned()>
                    <select class="input" id="actions-owner" name="owner">{owners}</select>
                </Field>
                <Button kind="submit">{words.apply}</Button>
            </form>
        </div>
    }
    .into_any()
}

fn address(owner: &str, show: &str) -> String {
    let pairs = [("owner", owner), ("show", show)].into_iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    if pairs.is_empty() { links::ACTIONS.to_owned() } else { format!("{}?{}", links::ACTIONS, pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn whose_and_which_stand_in_the_address_together() {
        assert_eq!(address("", ""), "/actions");
        assert_eq!(address("me", "overdue"), "/actions?owner=me&show=overdue");
    }
}

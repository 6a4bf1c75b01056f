//! What an incident's closing waits for, line by line.

mod condition;

use crate::words::postmortems::postmortem_words;
use api::postmortems::view::PostmortemView;
use condition::{Condition, conditions};
use leptos::prelude::*;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// The part.
pub fn gate(view: &PostmortemView) -> AnyView {
    let words = postmortem_words();
    let all: Vec<Condition> = conditions(view);
    let n_met: usize = all.iter().filter(|one| one.is_met).count();
    let count = Some(format!("{n_met} / {}", all.len()));
    let hint: &'static str = if n_met == all.len() { words.gate_open } else { words.gate_lead };
    let lines: Vec<AnyView> = all.into_iter().map(line).collect();
    view! {
        <Part title=words.gate.to_owned() count=count id="gate">
            <p class="postmortem__hint">{hint}</p>
            <ul class="gate">{lines}</ul>
        </Part>
    }
    .into_any()
}

fn line(one: Condition) -> AnyView {
    let words = postmortem_words();
    let (class, icon, word): (&'static str, IconName, &'static str) = if one.is_met {
        ("gate__one gate__one--met", IconName::Check, words.done_word)
    } else {
        ("gate__one", IconName::StateOpen, words.open_word)
    };
    view! { <li class=class><Icon name=icon /> <span class="hush">{word}</span> <span>{one.said}</span></li> }.into_any()
}

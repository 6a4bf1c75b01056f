//! Who is on call now, in a few lines.

use crate::words::duty::{duty_words, moment_text, role_text};
use crate::words::locale;
use api::ask;
use api::oncall::{OncallLine, oncall_lines};
use leptos::prelude::*;
use model::links;
use model::rota::DutyRole;
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::part::Part;
use ui::person::PersonMark;

/// The part; nothing where there is no schedule, and nothing while that is not known.
pub fn oncall() -> AnyView {
    let data = ask(|| (), |()| oncall_lines());
    let drawn = move || {
        Suspend::new(async move {
            let lines: Vec<OncallLine> = data.await.unwrap_or_default();
            (!lines.is_empty()).then(|| part(lines))
        })
    };
    view! { <Transition>{drawn}</Transition> }.into_any()
}

fn part(lines: Vec<OncallLine>) -> AnyView {
    let words = duty_words();
    let is_one: bool = lines.iter().all(|line| line.schedule == lines[0].schedule);
    let drawn: Vec<AnyView> = lines.iter().map(|one| line(one, is_one)).collect();
    let more = || view! { <a class="link" href=links::ONCALL>{duty_words().roster}</a> };
    view! {
        <Part title=words.on_call_now.to_owned() more=more>
            <ul class="duty">{drawn}</ul>
        </Part>
    }
    .into_any()
}

fn line(one: &OncallLine, is_one: bool) -> AnyView {
    let words = duty_words();
    let role: String = role_text(&one.role);
    let role: String = if is_one { role } else { format!("{} {role}", one.title.read(locale())) };
    let look = use_look();
    let until: Option<String> = one.until.map(|at| (words.until)(&moment_text(at.0, &look.zone, look.locale)));
    let class: &'static str = if one.role == DutyRole::Primary { "duty__who" } else { "duty__who duty__who--second" };
    let who: Vec<AnyView> = one.names.iter().map(|name| view! { <PersonMark name=name.clone() /> }.into_any()).collect();
    let trouble = one.is_alarming.then(|| {
        let said: &'static str = if one.names.is_empty() { duty_words().nobody } else { duty_words().unreachable };
        view! { <span class="duty__trouble"><Icon name=IconName::Warn />{said}</span> }
    });
    view! {
        <li class="duty__one">
            <a class="duty__role link" href=links::schedule(&one.schedule)>{role}</a>
            <span class=class>{who} {trouble}</span>
            <span class="duty__until">{until}</span>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::part;
    use api::Text;
    use api::oncall::OncallLine;
    use leptos::prelude::*;
    use model::rota::DutyRole;

    fn line(names: &[&str], is_alarming: bool) -> OncallLine {
        OncallLine {
            schedule: "payments".to_owned(),
            title: Text::default(),
            role: DutyRole::Primary,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            until: None,
            is_alarming,
        }
    }

    #[test]
    fn that_nobody_is_there_or_reached_is_said() {
        let owner = Owner::new();
        owner.set();
        let html = part(vec![line(&["佐藤"], false)]).to_html();
        assert!(html.contains("佐藤") && !html.contains("duty__trouble"), "{html}");
        let html = part(vec![line(&["佐藤"], true), line(&[], true)]).to_html();
        assert!(html.contains("連絡がつきません") && html.contains("担当者なし"), "{html}");
    }
}

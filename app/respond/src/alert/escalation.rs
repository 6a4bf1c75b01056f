//! How far the paging went: who was paged, who is next and when, and the way to pass it on. The whole story stands on a screen of its own.

use crate::facts::subject_of;
use crate::words::duty::duty_words;
use crate::words::{viewer, words};
use api::alerting::AlertRow;
use api::escalations::{AlertPassOn, EscalationNow, RunLine, RunState, escalation_of_alert};
use api::kept::typed_into;
use api::{ApiError, Asked, ask};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::Role;
use model::alert::AlertState;
use model::ids::AlertId;
use model::links;
use ui::attempt::Typed;
use ui::button::Button;
use ui::context::use_look;
use ui::field::Line;
use ui::icon::IconName;
use ui::menu::Menu;
use ui::part::Part;

/// What the part shows.
pub type Owned = Asked<Result<EscalationNow, ApiError>>;

/// Asked once for the screen.
pub fn data(id: AlertId) -> Owned {
    ask(move || id, escalation_of_alert)
}

/// The part; nothing where no policy was asked, or while that is not known.
pub fn part(row: &AlertRow, data: Owned) -> AnyView {
    let (id, is_open): (AlertId, bool) = (row.id, row.state == AlertState::Firing && row.held.is_none());
    let drawn = move || {
        Suspend::new(async move {
            let found: Option<EscalationNow> = data.await.ok();
            found.and_then(|now| now.run.clone().map(|run| story(id, &run, &now, is_open)))
        })
    };
    view! { <Transition>{drawn}</Transition> }.into_any()
}

fn story(id: AlertId, run: &RunLine, now: &EscalationNow, is_open: bool) -> AnyView {
    let said = duty_words();
    let stands: String = stands(run);
    let paged: Option<String> = (!now.paged.is_empty()).then(|| (said.paged)(&now.paged.join(said.comma)));
    let policy: String = (said.by_policy)(&run.policy);
    let why: String = links::runs_of_alert(id);
    let more = move || view! { <a class="link" href=why.clone()>{duty_words().why}</a> };
    let may_pass: bool = is_open && run.state == RunState::Running && viewer().may(Role::Responder);
    let pass = may_pass.then(|| pass_on(id, now.is_mine));
    view! {
        <Part title=said.escalation.to_owned() count=Some(policy) more=more id="escalation">
            <p>{stands}</p>
            {paged.map(|said| view! { <p class="mute">{said}</p> })}
            {pass}
        </Part>
    }
    .into_any()
}

/// How the run stands, as a sentence.
fn stands(run: &RunLine) -> String {
    let said = duty_words();
    let look = use_look();
    match (run.state, run.next, &run.answered) {
        (RunState::Acknowledged, _, Some((by, _))) => (said.answered)(&subject_of(by)),
        (RunState::Acknowledged | RunState::Over, _, _) => said.over.to_owned(),
        (RunState::Spent, _, _) => said.spent.to_owned(),
        (RunState::Running, _, _) if run.nobody_at.is_some() => said.nobody_reached.to_owned(),
        (RunState::Running, Some((step, at)), _) => (said.goes_on)(step, run.n_steps, &figures::short_time(at.0, &look.zone)),
        (RunState::Running, None, _) => words().unanswered.to_owned(),
    }
}

/// "Can't, pass on", for whoever was paged. What was refused stands open, with what was written.
fn pass_on(id: AlertId, is_mine: bool) -> AnyView {
    let said = duty_words();
    let typed = Typed::new(typed_into(ServerAction::<AlertPassOn>::new()));
    let (is_back, value): (bool, String) = (typed.fields().is_some(), typed.text("reason", ""));
    let reason: AnyView = ui::field::line(Line { value, most: Some(300), ..Line::new("pass-on", "reason", said.cannot_why) });
    let label: String = if is_mine { said.cannot.to_owned() } else { said.cannot_do.to_owned() };
    view! {
        <Menu label=label open=is_back>
            <form class="take__form" method="post" action=AlertPassOn::url()>
                <p class="take__say">{said.cannot_hint}</p>
                <input type="hidden" name="id" value=id.0.to_string() />
                {reason}
                <Button kind="submit" icon=IconName::Swap>{said.cannot_do}</Button>
            </form>
        </Menu>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::stands;
    use api::escalations::{RunLine, RunState};
    use leptos::prelude::Owner;
    use model::ids::AlertId;
    use model::{Severity, Time};

    fn run(state: RunState) -> RunLine {
        RunLine {
            id: String::new(),
            number: 1,
            policy: "payments".to_owned(),
            route: "all".to_owned(),
            severity: Severity::P1,
            alerts: vec![AlertId(7)],
            state,
            next: Some((2, Time(0))),
            n_steps: 3,
            started_at: Time(0),
            first_page_at: None,
            answered: None,
            nobody_at: None,
            ended_at: None,
        }
    }

    #[test]
    fn a_run_says_what_comes_next_and_that_nobody_was_reached() {
        let owner = Owner::new();
        owner.set();
        let next = stands(&run(RunState::Running));
        assert!(next.contains("第2段") && next.contains("00:00"), "{next}");
        let missed = RunLine { nobody_at: Some(Time(0)), ..run(RunState::Running) };
        assert!(stands(&missed).contains("管理者"));
        let answered = RunLine { answered: Some(("花".to_owned(), Time(0))), ..run(RunState::Acknowledged) };
        assert!(stands(&answered).contains('花'));
    }
}

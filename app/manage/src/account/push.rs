//! Pages in one's own browsers: where they are on, and switching them on in this one.
//!
//! Only a browser can subscribe itself, so the form that switches it on needs the few lines of `public/push.js`, which are loaded here
//! and nowhere else. Switching off and trying it work without.

use super::device::device;
use crate::report::refusal_before;
use crate::screen::loaded;
use crate::words::push::{Words, words};
use api::ask;
use api::pulse::use_pulse;
use api::push::{BrowserAdd, BrowserRemove, BrowserRow, BrowserTest, PushView, push as ask_push};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use ui::button::{Button, Rank};
use ui::empty::Empty;
use ui::part::Part;
use ui::table::{Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// What can be done here.
#[derive(Clone, Copy)]
struct Acts {
    /// Sent by the form itself; only its refusal is read here.
    add: ServerAction<BrowserAdd>,
    remove: ServerAction<BrowserRemove>,
    test: ServerAction<BrowserTest>,
}

/// The whole part.
#[component]
pub fn Browsers() -> impl IntoView {
    let acts = Acts { add: ServerAction::new(), remove: ServerAction::new(), test: ServerAction::new() };
    let pulse = use_pulse();
    let data = ask(move || (pulse.house.get(), acts.remove.version().get() + acts.test.version().get()), |_| ask_push());
    let nonce = leptos::nonce::use_nonce();
    view! {
        {loaded(data, move |view| part(view, acts))}
        <script nonce=nonce src="/push.js" defer=true></script>
    }
    .into_any()
}

fn part(view: PushView, acts: Acts) -> AnyView {
    let words: &Words = words();
    let count = Some(view.browsers.len().to_string());
    let body = if view.browsers.is_empty() {
        view! { <Empty title=words.none say=words.none_hint /> }.into_any()
    } else {
        list(view.browsers, acts)
    };
    view! {
        <Part title=words.browsers.to_owned() count=count more=move || words.note>
            {refusal_before(acts.add)}
            {refusal_before(acts.remove)}
            {refusal_before(acts.test)}
            {body}
            {turn_on(view.key)}
        </Part>
    }
    .into_any()
}

fn list(browsers: Vec<BrowserRow>, acts: Acts) -> AnyView {
    let words: &Words = words();
    let columns = vec![Column::text(words.browser), Column::text(words.since), Column::text(words.last_page), Column::text("")];
    let rows = browsers.into_iter().map(|browser| row(browser, acts)).collect_view();
    view! {
        <div class="stacked">
            <Table caption=words.browsers columns=columns>{rows}</Table>
        </div>
    }
    .into_any()
}

fn row(browser: BrowserRow, acts: Acts) -> AnyView {
    let words: &Words = words();
    let name = device(&browser.agent).unwrap_or_else(|| words.unknown.to_owned());
    let used = match browser.used_at {
        Some(at) => view! { <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any(),
        None => view! { <span class="mute">{words.never}</span> }.into_any(),
    };
    let (test_label, off_label) = ((words.test_of)(&name), (words.off_of)(&name));
    let (test_id, off_id) = (browser.id.clone(), browser.id);
    view! {
        <tr>
            <th scope="row">
                {name} " " <small class="account__here" data-push-mark=browser.mark hidden=true>{words.this_one}</small>
            </th>
            <td><small class="stacked__name">{words.since}</small> <TimeText at_ms=browser.made_at.0 form=TimeForm::Day /></td>
            <td><small class="stacked__name">{words.last_page}</small> {used}</td>
            <td class="table__act">
                <ActionForm action=acts.test>
                    <input type="hidden" name="browser" value=test_id />
                    <Button kind="submit" rank=Rank::Row label=test_label>{words.test}</Button>
                </ActionForm>
                <ActionForm action=acts.remove>
                    <input type="hidden" name="browser" value=off_id />
                    <Button kind="submit" rank=Rank::Row label=off_label>{words.off}</Button>
                </ActionForm>
            </td>
        </tr>
    }
    .into_any()
}

/// An ordinary form that the script fills in: its answer is the screen, drawn anew.
fn turn_on(key: String) -> AnyView {
    let words: &Words = words();
    view! {
        <form class="form" method="post" action=BrowserAdd::PATH data-push=key>
            <input type="hidden" name="endpoint" value="" />
            <input type="hidden" name="p256dh" value="" />
            <input type="hidden" name="auth" value="" />
            <div class="form__foot">
                <Button kind="submit">{words.on}</Button>
            </div>
            <div aria-live="polite">
                <p class="soft" data-push-say="asking" hidden=true>{words.asking}</p>
                <p class="soft" data-push-say="refused" hidden=true>{words.refused}</p>
                <p class="soft" data-push-say="unable" hidden=true>{words.unable}</p>
                <p class="soft" data-push-say="failed" hidden=true>{words.failed}</p>
            </div>
            <noscript><p class="soft">{words.needs_script}</p></noscript>
        </form>
    }
    .into_any()
}

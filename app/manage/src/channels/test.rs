//! A test of a channel, and its result beside the button. Without a script the browser is sent to the delivery instead.

use super::reason_not;
use crate::deliveries::said::{exact, state_mark};
use crate::report::refusal;
use crate::words::channels::channel_words;
use api::channels::ChannelTest;
use api::deliveries::{DeliveryDetail, delivery_detail};
use api::pulse::use_pulse;
use api::{ApiError, Asked, ask};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use std::time::Duration;
use ui::button::Button;

/// How often the log is looked at while a test is under way.
const LOOK: Duration = Duration::from_secs(1);

/// The last test of this screen, as the log has it. One to a screen, so that it outlives each drawing.
#[derive(Clone, Copy)]
pub struct Tested {
    data: Asked<Option<Result<DeliveryDetail, ApiError>>>,
    is_under_way: RwSignal<bool>,
}

impl Tested {
    /// Follows what `action` has sent, until it is over.
    pub fn new(action: ServerAction<ChannelTest>) -> Self {
        let value = action.value();
        let id = Memo::new(move |_| value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().ok()).cloned()));
        let is_under_way = RwSignal::new(false);
        let looks = looks(id, is_under_way);
        let pulse = use_pulse();
        let data = ask(
            move || (id.get(), looks.get(), pulse.house.get()),
            |(id, ..)| async move {
                match id {
                    Some(id) => Some(delivery_detail(id).await),
                    None => None,
                }
            },
        );
        Self { data, is_under_way }
    }
}

/// Counts while a test is under way. Stands still on the server.
fn looks(id: Memo<Option<String>>, is_under_way: RwSignal<bool>) -> RwSignal<u32> {
    let count = RwSignal::new(0_u32);
    Effect::new(move |_: Option<()>| is_under_way.set(id.with(Option::is_some)));
    Effect::new(move |_: Option<()>| {
        if !is_under_way.get() {
            return;
        }
        let tick = move || {
            // The interval may fire once more while the screen goes.
            let _ = count.try_update(|count| *count = count.wrapping_add(1));
        };
        if let Ok(handle) = set_interval_with_handle(tick, LOOK) {
            on_cleanup(move || handle.clear());
        }
    });
    count
}

/// The button, and what came of pressing it.
pub fn test(name: &str, action: ServerAction<ChannelTest>, tested: Tested) -> AnyView {
    let words = channel_words();
    let name = name.to_owned();
    view! {
        <ActionForm action=action>
            <input type="hidden" name="name" value=name />
            <Button kind="submit" disabled=reason_not() busy=action.pending()>{words.test}</Button>
            <p class="field__hint">{words.test_hint}</p>
            {refusal(action)}
        </ActionForm>
        <div class="channel__result" role="status">
            <Transition>
                {move || Suspend::new(async move { tested.data.await.map(|answer| result(answer, tested.is_under_way)) })}
            </Transition>
        </div>
    }
    .into_any()
}

fn result(answer: Result<DeliveryDetail, ApiError>, is_under_way: RwSignal<bool>) -> AnyView {
    let words = channel_words();
    let detail = match answer {
        Ok(detail) => detail,
        Err(error) => {
            let said = crate::words::words().refused(&error);
            return view! { <p class="field__error">{said}</p> }.into_any();
        }
    };
    let waits = !detail.row.state.is_over();
    if is_under_way.get_untracked() != waits {
        is_under_way.set(waits);
    }
    let said = detail.row.answer.as_deref().map(words.answered);
    view! {
        <p>{state_mark(detail.row.state)} " " {exact(detail.row.ended_at.unwrap_or(detail.row.at))}</p>
        <p class="deliveries__answer">{said}</p>
        <a class="link" href=links::delivery(&detail.row.id)>{words.details}</a>
    }
    .into_any()
}

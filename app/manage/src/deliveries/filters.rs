//! The filters of the delivery log: links for the state, one form for the rest. The address is the state.

use crate::words::channels::{ChannelWords, channel_words};
use api::deliveries::{DeliveryQuery, DeliveryState};
use leptos::prelude::*;
use leptos_router::components::Form;
use model::links;
use ui::button::Button;
use ui::choice::{Choice, ChoiceLink};
use ui::field::Field;

/// Where a filter stands.
pub fn href(query: &DeliveryQuery) -> String {
    let before: String = query.before.map(|place| place.to_string()).unwrap_or_default();
    let pairs = [("state", &query.state), ("channel", &query.channel), ("alert", &query.alert), ("before", &before)];
    let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    let written: Vec<String> = given.map(|(name, value)| format!("{name}={}", links::encode(value))).collect();
    if written.is_empty() { links::DELIVERIES.to_owned() } else { format!("{}?{}", links::DELIVERIES, written.join("&")) }
}

/// By state, by channel, by alert.
#[component]
pub fn Filters(query: DeliveryQuery, channels: Vec<String>) -> impl IntoView {
    let words = channel_words();
    let states = states(&query, words);
    let chosen: String = query.channel.clone();
    let names = names(channels, &chosen).into_iter().map(|name| option(&name, &name, &chosen)).collect_view();
    view! {
        <div class="deliveries__filters">
            <Choice label=words.filter options=Signal::stored(states) />
            <Form method="GET" action=links::DELIVERIES attr:class="deliveries__filters" attr:role="search">
                <input type="hidden" name="state" value=query.state.clone() />
                <Field id="channel" label=words.channel.to_owned()>
                    <select class="input" id="channel" name="channel">
                        {option("", words.any_channel, &chosen)}
                        {names}
                    </select>
                </Field>
                <Field id="alert" label=words.alert.to_owned()>
                    <input class="input" id="alert" name="alert" type="search" placeholder="A-7" value=query.alert.clone() />
                </Field>
                <Button kind="submit">{words.apply}</Button>
            </Form>
        </div>
    }
    .into_any()
}

fn states(query: &DeliveryQuery, words: &ChannelWords) -> Vec<ChoiceLink> {
    let link = |state: &str, label: &str| ChoiceLink {
        label: label.to_owned(),
        href: href(&DeliveryQuery { state: state.to_owned(), before: None, ..query.clone() }),
        is_current: query.state == state,
    };
    let each = DeliveryState::ALL.into_iter().zip(words.states).map(|(state, word)| link(state.as_str(), word));
    std::iter::once(link("", words.all)).chain(each).collect()
}

/// The channels to choose from; one that is gone is still looked for by its name.
fn names(mut channels: Vec<String>, chosen: &str) -> Vec<String> {
    if !chosen.is_empty() && !channels.iter().any(|name| name == chosen) {
        channels.push(chosen.to_owned());
    }
    channels
}

fn option(value: &str, word: &str, chosen: &str) -> AnyView {
    let is_chosen = value == chosen;
    view! { <option value=value.to_owned() selected=is_chosen>{word.to_owned()}</option> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{href, names};
    use api::deliveries::DeliveryQuery;

    #[test]
    fn a_filter_is_an_address() {
        let query =
            DeliveryQuery { channel: "ops".to_owned(), alert: "A-7".to_owned(), before: Some(90), ..DeliveryQuery::default() };
        assert_eq!(href(&query), "/deliveries?channel=ops&alert=A-7&before=90");
        assert_eq!(href(&DeliveryQuery::default()), "/deliveries");
    }

    #[test]
    fn a_channel_that_is_gone_can_still_be_chosen() {
        assert_eq!(names(vec!["mail".to_owned()], "ops"), ["mail", "ops"]);
        assert_eq!(names(vec!["ops".to_owned()], "ops"), ["ops"]);
        assert_eq!(names(Vec::new(), ""), Vec::<String>::new());
    }
}

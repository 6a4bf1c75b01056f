//! The form of a channel, made of what the channel says about itself. It works without a script; a secret is never in it.

use super::detail::Acts;
use super::reason_not;
use crate::report::refusal;
use crate::words::channels::{ChannelWords, channel_words};
use api::channels::{ChannelView, FieldView};
use figures::Locale;
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use ui::button::{Button, Rank};
use ui::context::use_look;
use ui::field::{Field, Tick, described_by};
use ui::form::empty_when_done;
use ui::part::Part;

/// As the room reads a name.
const NAME: &str = "[a-z0-9][a-z0-9\\-]{0,62}";

/// Settings, readers, and what the channel is used for.
pub fn form(channel: ChannelView, acts: Acts) -> AnyView {
    let words = channel_words();
    let is_new = channel.version.is_none();
    let node: NodeRef<html::Form> = NodeRef::new();
    // A secret that was saved does not stay behind in its field.
    empty_when_done(acts.save, node);
    let name = name(&channel, words);
    let fields: Vec<AnyView> = channel.fields.iter().map(|view| field(view, words)).collect();
    let readers = readers(&channel, words);
    let uses = uses(&channel, words);
    let kind = channel.kind.clone();
    let version = channel.version.map(|version| {
        view! { <input type="hidden" name="channel[version]" value=version.to_string() /> }
    });
    let act = if is_new { words.add_do } else { words.save };
    view! {
        <Part title=words.settings.to_owned()>
            <ActionForm action=acts.save node_ref=node attr:class="form">
                <input type="hidden" name="channel[kind]" value=kind />
                {version}
                {name}
                {fields}
                {readers}
                {uses}
                {refusal(acts.save)}
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Main disabled=reason_not() busy=acts.save.pending()>{act}</Button>
                </div>
            </ActionForm>
        </Part>
    }
    .into_any()
}

/// What routes call it: chosen once.
fn name(channel: &ChannelView, words: &'static ChannelWords) -> AnyView {
    if channel.version.is_some() {
        return view! { <input type="hidden" name="channel[name]" value=channel.name.clone() /> }.into_any();
    }
    view! {
        <Field id="channel-name" label=words.name.to_owned() hint=words.name_hint required=true>
            <input
                class="input"
                id="channel-name"
                name="channel[name]"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                pattern=NAME
                maxlength="63"
                required=true
                aria-describedby=described_by("channel-name")
            />
        </Field>
    }
    .into_any()
}

/// One field as the channel describes it.
fn field(view: &FieldView, words: &'static ChannelWords) -> AnyView {
    let locale = use_look().locale;
    let id = format!("setting-{}", view.name);
    let label = view.label.read(locale).to_owned();
    let is_needed = view.is_required && !view.is_set;
    let input = if view.choices.is_empty() { line(view, &id, is_needed) } else { choices(view, &id) };
    view! {
        <Field id=id label=label hint=hint(view, words, locale) required=is_needed>
            {input}
        </Field>
    }
    .into_any()
}

fn hint(view: &FieldView, words: &ChannelWords, locale: Locale) -> String {
    let help = view.help.read(locale);
    if view.is_set { format!("{help} {}", words.keep_secret) } else { help.to_owned() }
}

/// What a form sends a setting as.
fn sent_as(name: &str) -> String {
    format!("channel[settings][{name}]")
}

fn line(view: &FieldView, id: &str, is_needed: bool) -> AnyView {
    let (kind, autocomplete) = if view.is_secret { ("password", "new-password") } else { ("text", "off") };
    let placeholder = (!view.default.is_empty()).then(|| view.default.clone());
    view! {
        <input
            class="input"
            id=id.to_owned()
            name=sent_as(&view.name)
            type=kind
            value=view.value.clone()
            placeholder=placeholder
            autocomplete=autocomplete
            autocapitalize="none"
            spellcheck="false"
            required=is_needed
            aria-describedby=described_by(id)
        />
    }
    .into_any()
}

fn choices(view: &FieldView, id: &str) -> AnyView {
    let current = if view.value.is_empty() { &view.default } else { &view.value };
    let options = view.choices.iter().map(|choice| option(choice, choice, current)).collect_view();
    view! {
        <select class="input" id=id.to_owned() name=sent_as(&view.name) aria-describedby=described_by(id)>
            {options}
        </select>
    }
    .into_any()
}

/// In which language and zone pages are written that go there.
fn readers(channel: &ChannelView, words: &'static ChannelWords) -> AnyView {
    let languages = [(Locale::Ja, "日本語"), (Locale::En, "English")];
    let languages = languages.into_iter().map(|(locale, word)| option(locale.as_str(), word, &channel.locale)).collect_view();
    let mut zones = channel.zones.clone();
    if !zones.contains(&channel.zone) {
        zones.insert(0, channel.zone.clone());
    }
    let zones = zones.iter().map(|zone| option(zone, &zone.replace('_', " "), &channel.zone)).collect_view();
    view! {
        <fieldset class="channel__group">
            <legend class="field__label">{words.readers}</legend>
            <Field id="channel-locale" label=words.language.to_owned()>
                <select class="input" id="channel-locale" name="channel[locale]">{languages}</select>
            </Field>
            <Field id="channel-zone" label=words.zone.to_owned()>
                <select class="input" id="channel-zone" name="channel[zone]">{zones}</select>
            </Field>
        </fieldset>
    }
    .into_any()
}

fn option(value: &str, word: &str, chosen: &str) -> AnyView {
    let is_chosen = value == chosen;
    view! { <option value=value.to_owned() selected=is_chosen>{word.to_owned()}</option> }.into_any()
}

fn uses(channel: &ChannelView, words: &'static ChannelWords) -> AnyView {
    let (enabled, last_resort) = (channel.enabled, channel.last_resort);
    view! {
        <div class="channel__group">
            <Tick name="channel[enabled]" checked=enabled>{words.use_it}</Tick>
            <p class="field__hint">{words.use_it_hint}</p>
            <Tick name="channel[last_resort]" checked=last_resort>{words.last_resort}</Tick>
            <p class="field__hint">{words.last_resort_hint}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{hint, sent_as};
    use crate::words::channels::of;
    use api::Text;
    use api::channels::{ChannelDraft, FieldView};
    use figures::Locale;

    #[test]
    fn a_secret_that_is_set_says_that_leaving_it_empty_keeps_it() {
        let text = |text: &str| Text { ja: text.to_owned(), en: text.to_owned() };
        let view = FieldView {
            name: "token".to_owned(),
            label: text("Token"),
            help: text("Begins with xoxb-."),
            is_secret: true,
            is_required: true,
            choices: Vec::new(),
            default: String::new(),
            value: String::new(),
            is_set: true,
        };
        let words = of(Locale::En);
        assert_eq!(hint(&view, words, Locale::En), format!("Begins with xoxb-. {}", words.keep_secret));
        let empty = FieldView { is_set: false, ..view };
        assert_eq!(hint(&empty, words, Locale::En), "Begins with xoxb-.");
    }

    #[test]
    fn a_setting_is_sent_where_the_draft_has_it() {
        assert_eq!(sent_as("token"), "channel[settings][token]");
        assert!(ChannelDraft::default().settings.is_empty());
    }
}

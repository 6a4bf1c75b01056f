//! The form of a channel, made of what the channel says about itself. It works without a script; a secret is never in it.

use super::detail::Acts;
use super::reason_not;
use crate::report::attempt;
use crate::words::channels::{ChannelWords, channel_words};
use api::channels::{ChannelView, FieldView};
use figures::Locale;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::context::use_look;
use ui::field::{Line, Tick};
use ui::part::Part;

/// As the room reads a name.
const NAME: &str = "[a-z0-9][a-z0-9\\-]{0,62}";

/// Settings, readers, and what the channel is used for.
pub fn form(channel: ChannelView, acts: Acts) -> AnyView {
    let words = channel_words();
    let is_new = channel.version.is_none();
    let attempt = attempt(acts.save, named(&channel, words));
    let name = name(&channel, words, &attempt);
    let fields: Vec<AnyView> = channel.fields.iter().map(|view| field(view, words, &attempt)).collect();
    let readers = readers(&channel, words, &attempt);
    let uses = uses(&channel, words, &attempt);
    let kind = channel.kind.clone();
    let version = channel.version.map(|version| {
        // What was typed over an older version is not saved over a newer one.
        let version: String = attempt.typed.text("channel[version]", &version.to_string());
        view! { <input type="hidden" name="channel[version]" value=version /> }
    });
    let act = if is_new { words.add_do } else { words.save };
    view! {
        <Part title=words.settings.to_owned()>
            <ActionForm action=acts.save attr:class="form">
                {attempt.refused()}
                <input type="hidden" name="channel[kind]" value=kind />
                {version}
                {name}
                {fields}
                {readers}
                {uses}
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Main disabled=reason_not() busy=acts.save.pending()>{act}</Button>
                </div>
            </ActionForm>
        </Part>
    }
    .into_any()
}

/// Every field, as a refusal names it.
fn named(channel: &ChannelView, words: &ChannelWords) -> Vec<Named> {
    let locale = use_look().locale;
    let setting = |view: &FieldView| Named::new(&format!("settings.{}", view.name), &id_of(&view.name), view.label.read(locale));
    let own = [
        Named::new("name", "channel-name", words.name),
        Named::new("locale", "channel-locale", words.language),
        Named::new("zone", "channel-zone", words.zone),
    ];
    let settings: Vec<Named> = channel.fields.iter().map(setting).collect();
    own.into_iter().chain(settings).collect()
}

fn id_of(setting: &str) -> String {
    format!("setting-{setting}")
}

/// What routes call it: chosen once.
fn name(channel: &ChannelView, words: &'static ChannelWords, attempt: &Attempt) -> AnyView {
    if channel.version.is_some() {
        return view! { <input type="hidden" name="channel[name]" value=channel.name.clone() /> }.into_any();
    }
    attempt.line(Line {
        hint: words.name_hint.to_owned(),
        pattern: Some(NAME),
        most: Some(63),
        required: true,
        says_required: true,
        is_code: true,
        ..Line::new("channel-name", "channel[name]", words.name)
    })
}

/// One field as the channel describes it.
fn field(view: &FieldView, words: &'static ChannelWords, attempt: &Attempt) -> AnyView {
    let locale = use_look().locale;
    let (id, label) = (id_of(&view.name), view.label.read(locale).to_owned());
    let hint = hint(view, words, locale);
    let is_needed = view.is_required && !view.is_set;
    if !view.choices.is_empty() {
        return choices(view, Named { field: sent_as(&view.name), id, label }, hint, attempt);
    }
    let (kind, autocomplete) = if view.is_secret { ("password", "new-password") } else { ("text", "off") };
    attempt.line(Line {
        hint,
        kind,
        autocomplete,
        value: view.value.clone(),
        placeholder: (!view.default.is_empty()).then(|| view.default.clone()),
        required: is_needed,
        says_required: is_needed,
        is_code: true,
        ..Line::new(&id, &sent_as(&view.name), &label)
    })
}

fn hint(view: &FieldView, words: &ChannelWords, locale: Locale) -> String {
    let help = view.help.read(locale);
    if view.is_set { format!("{help} {}", words.keep_secret) } else { help.to_owned() }
}

/// What a form sends a setting as.
fn sent_as(name: &str) -> String {
    format!("channel[settings][{name}]")
}

fn choices(view: &FieldView, named: Named, hint: String, attempt: &Attempt) -> AnyView {
    let current = if view.value.is_empty() { &view.default } else { &view.value };
    let chosen: String = attempt.typed.text(&named.field, current);
    let options: Vec<AnyView> = view.choices.iter().map(|choice| option(choice, choice, &chosen)).collect();
    attempt.select(named, hint, options)
}

/// In which language and zone pages are written that go there.
fn readers(channel: &ChannelView, words: &'static ChannelWords, attempt: &Attempt) -> AnyView {
    let language = Named::new("channel[locale]", "channel-locale", words.language);
    let zone = Named::new("channel[zone]", "channel-zone", words.zone);
    let chosen: String = attempt.typed.text(&language.field, &channel.locale);
    let languages = [(Locale::Ja, "日本語"), (Locale::En, "English")];
    let languages = languages.into_iter().map(|(locale, word)| option(locale.as_str(), word, &chosen)).collect();
    let chosen: String = attempt.typed.text(&zone.field, &channel.zone);
    let mut zones = channel.zones.clone();
    if !zones.contains(&channel.zone) {
        zones.insert(0, channel.zone.clone());
    }
    let zones = zones.iter().map(|zone| option(zone, &zone.replace('_', " "), &chosen)).collect();
    view! {
        <fieldset class="channel__group">
            <legend class="field__label">{words.readers}</legend>
            {attempt.select(language, String::new(), languages)}
            {attempt.select(zone, String::new(), zones)}
        </fieldset>
    }
    .into_any()
}

fn option(value: &str, word: &str, chosen: &str) -> AnyView {
    let is_chosen = value == chosen;
    view! { <option value=value.to_owned() selected=is_chosen>{word.to_owned()}</option> }.into_any()
}

fn uses(channel: &ChannelView, words: &'static ChannelWords, attempt: &Attempt) -> AnyView {
    let enabled: bool = attempt.typed.is_ticked("channel[enabled]", "true", channel.enabled);
    let last_resort: bool = attempt.typed.is_ticked("channel[last_resort]", "true", channel.last_resort);
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

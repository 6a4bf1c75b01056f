//! How one sees things: language, zone, theme, single keys. One plain form; the server keeps the answers in cookies, so that the first
//! paint already has them.

use crate::words::{viewer, words};
use figures::Locale;
use leptos::prelude::*;
use model::links;
use model::theme::Theme;
use ui::button::Button;
use ui::field::{Field, described_by};
use ui::part::Part;

/// A value of a select and what it is called.
type Named = (String, String);

/// The form. `zones` are IANA names to choose from.
#[component]
pub fn Preferences(zones: Vec<String>) -> impl IntoView {
    let words = words();
    let viewer = viewer();
    let languages = vec![named(Locale::Ja.as_str(), "日本語"), named(Locale::En.as_str(), "English")];
    let themes = [Theme::Auto, Theme::Light, Theme::Dark].into_iter().zip(words.themes);
    let themes = themes.map(|(theme, word)| named(theme.as_str(), word)).collect::<Vec<Named>>();
    let keys = vec![named("on", words.shortcuts_on), named("off", words.shortcuts_off)];
    let keys_now = if viewer.shortcuts { "on" } else { "off" };
    let zone = viewer.zone.name.clone();
    view! {
        <Part title=words.preferences.to_owned() more=move || words.preferences_note>
            <form class="form" method="post" action=links::PREFERENCES>
                <input type="hidden" name="back" value=links::ACCOUNT />
                <Field id="lang" label=words.language.to_owned()>
                    {select("lang", languages, viewer.locale.as_str())}
                </Field>
                <Field id="zone" label=words.zone.to_owned()>
                    {select("zone", zone_names(zones, &zone), &zone)}
                </Field>
                <Field id="theme" label=words.theme.to_owned()>
                    {select("theme", themes, viewer.theme.as_str())}
                </Field>
                <Field id="shortcuts" label=words.shortcuts.to_owned() hint=words.shortcuts_hint>
                    {select("shortcuts", keys, keys_now)}
                </Field>
                <div class="form__foot">
                    <Button kind="submit">{words.save}</Button>
                </div>
            </form>
        </Part>
    }
    .into_any()
}

fn named(value: &str, name: &str) -> Named {
    (value.to_owned(), name.to_owned())
}

/// The zones to choose from; the one in force is always among them.
fn zone_names(mut zones: Vec<String>, current: &str) -> Vec<Named> {
    if !zones.iter().any(|zone| zone == current) {
        zones.insert(0, current.to_owned());
    }
    zones.into_iter().map(|zone| (zone.clone(), zone.replace('_', " "))).collect()
}

/// A select whose name is also its id.
fn select(name: &'static str, options: Vec<Named>, current: &str) -> AnyView {
    let option = |(value, word): Named| {
        let is_current = value == current;
        view! { <option value=value selected=is_current>{word}</option> }
    };
    let options = options.into_iter().map(option).collect_view();
    view! { <select class="input" id=name name=name aria-describedby=described_by(name)>{options}</select> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::zone_names;

    #[test]
    fn the_zone_in_force_is_always_offered() {
        let zones = vec!["America/New_York".to_owned(), "Asia/Tokyo".to_owned()];
        assert_eq!(zone_names(zones.clone(), "Asia/Tokyo").len(), 2);
        let offered = zone_names(zones, "Etc/GMT+1");
        assert_eq!(offered[0].0, "Etc/GMT+1");
        assert_eq!(offered[1], ("America/New_York".to_owned(), "America/New York".to_owned()));
    }
}

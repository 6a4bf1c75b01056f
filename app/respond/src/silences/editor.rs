//! A new silence: what, how long, when again, and why; and what it would cover, before it is made.
//!
//! One form. Its first button asks by the address; `public/screen.js` asks the same while somebody writes (`data-judged`).

use super::address;
use super::look::preview;
use super::repeat::{DAYS, has, time};
use crate::report::attempt;
use crate::screen::loaded;
use crate::words::silences::silence_words;
use crate::words::{viewer, words as wing_words};
use api::ask;
use api::silences::{SilenceAsk, SilenceMake, silence_look};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::alert::MAX_COMMENT;
use model::{Role, links};
use ui::attempt::{Attempt, Named, content};
use ui::button::{Button, Rank};
use ui::context::use_look;
use ui::field::{Field, Line, described_by, invalid};
use ui::part::Part;

/// The words of a form for how long; the server knows the same.
const SPANS: [&str; 6] = ["30m", "2h", "8h", "24h", "morning", "custom"];
/// What is chosen where nothing was.
const USUAL: &str = "2h";
/// What a chosen span begins with: so long from now.
const USUAL_MS: i64 = 2 * 3_600_000;

/// The screen at `/silences/new`.
#[component]
pub fn SilenceNewScreen() -> impl IntoView {
    let words = silence_words();
    let search: String = use_location().search.get_untracked();
    let attempt = attempt(ServerAction::<SilenceMake>::new(), named());
    // What was refused comes back as it was sent.
    let back = attempt.typed.fields().map(|fields| address::written(fields.to_vec()));
    let asked = begun(back.unwrap_or_else(|| address::silence(&search)), use_look().now_ms);
    let about: SilenceAsk = asked.0.clone();
    let looked = ask(move || about.clone(), silence_look);
    let refused = attempt.refused();
    view! {
        <Title text=words.new />
        <div class="silences">
            <header class="screen-head screen-head--row">
                <h1>{words.new}</h1>
                <p class="screen-head__lead">{words.new_lead}</p>
            </header>
            <div class="silence-new">
                <form class="form" method="post" action=SilenceMake::url() data-judged="">
                    {refused}
                    {fields(asked, &attempt)}
                    <div class="form__foot">{buttons()}</div>
                </form>
                <Part title=words.preview_title.to_owned()>
                    <div class="silence__look" role="status">{loaded(looked, preview)}</div>
                </Part>
            </div>
        </div>
    }
    .into_any()
}

fn buttons() -> AnyView {
    let words = silence_words();
    let reason = (!viewer().may(Role::Responder)).then(|| wing_words().viewer_hint.to_owned());
    view! {
        <button class="button" type="submit" formmethod="get" formaction=links::SILENCE_NEW formnovalidate=true>
            {words.preview}
        </button>
        <Button kind="submit" rank=Rank::Main disabled=reason>{words.save}</Button>
    }
    .into_any()
}

/// Every field, as a refusal names it: each thing that can be wrong, and where it is put right.
fn named() -> Vec<Named> {
    let words = silence_words();
    let at = |field: &str| match field {
        "matchers" | "matcher" | "everything" => ("matchers", words.matchers),
        "times" | "never" => ("time-from", words.repeat),
        "comment" => ("comment", words.comment),
        _ => ("span", words.span),
    };
    let fields = ["matchers", "matcher", "everything", "moment", "over", "long", "times", "never", "comment"];
    let one = |field: &str| {
        let (id, label) = at(field);
        Named::new(&format!("silence.{field}"), id, label)
    };
    fields.into_iter().map(one).collect()
}

fn fields(asked: (SilenceAsk, String), attempt: &Attempt) -> AnyView {
    let (ask, comment) = asked;
    view! {
        {what(&ask, attempt)}
        {how_long(&ask, attempt)}
        {again(&ask, attempt)}
        {why(comment, attempt)}
    }
    .into_any()
}

fn what(ask: &SilenceAsk, attempt: &Attempt) -> AnyView {
    let words = silence_words();
    let error = attempt.wrong_at("matchers");
    let is_planned = ask.kind == "maintenance";
    let text = content(ask.matchers.trim());
    view! {
        <Field id="matchers" label=words.matchers.to_owned() hint=words.matchers_hint required=true error=error>
            <textarea
                class="input silence__matchers"
                id="matchers"
                name="matchers"
                rows="2"
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                required=true
                aria-describedby=described_by("matchers")
                aria-invalid=invalid(error)
                inner_html=text
            ></textarea>
        </Field>
        <Field id="kind" label=words.kind.to_owned() hint=words.kind_hint>
            <select class="input" id="kind" name="kind" aria-describedby=described_by("kind")>
                <option value="silence" selected=!is_planned>{words.silence}</option>
                <option value="maintenance" selected=is_planned>{words.maintenance}</option>
            </select>
        </Field>
    }
    .into_any()
}

/// A span by its name, or from and until. Those two are shown where they count.
fn how_long(ask: &SilenceAsk, attempt: &Attempt) -> AnyView {
    let words = silence_words();
    let error = attempt.wrong_at("span");
    let chosen = if ask.span.is_empty() { USUAL.to_owned() } else { ask.span.clone() };
    let option = |(value, word): (&'static str, &'static str)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{word}</option> }
    };
    let options = SPANS.into_iter().zip(words.spans).map(option).collect_view();
    let from = moment("from", words.from, ask.from.clone());
    let until = moment("until", words.until, ask.until.clone());
    let hint = (words.custom_hint)(&use_look().zone.name);
    view! {
        <div class="silence__how-long">
            <Field id="span" label=words.span.to_owned() error=error>
                <select
                    class="input"
                    id="span"
                    name="span"
                    aria-describedby=described_by("span")
                    aria-invalid=invalid(error)
                >
                    {options}
                </select>
            </Field>
            <div class="silence__custom">
                {from}
                {until}
                <p class="field__hint">{hint}</p>
            </div>
        </div>
    }
    .into_any()
}

/// A moment on the reader's clock.
fn moment(name: &'static str, label: &'static str, value: String) -> AnyView {
    view! {
        <Field id=name label=label.to_owned()>
            <input class="input" id=name name=name type="datetime-local" value=value />
        </Field>
    }
    .into_any()
}

/// What an address does not say of the moments begins with now, and ends as usual.
fn begun(asked: (SilenceAsk, String), now_ms: i64) -> (SilenceAsk, String) {
    let (mut ask, comment) = asked;
    if ask.from.is_empty() {
        ask.from = wall(now_ms);
    }
    if ask.until.is_empty() {
        ask.until = wall(now_ms + USUAL_MS);
    }
    (ask, comment)
}

/// `2026-11-22T18:00`, as such a field has it.
fn wall(ms: i64) -> String {
    let civil = use_look().zone.civil(ms);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", civil.year, civil.month, civil.day, civil.hour, civil.minute)
}

fn again(ask: &SilenceAsk, attempt: &Attempt) -> AnyView {
    let words = silence_words();
    let error = attempt.wrong_at("time-from");
    let days = DAYS.into_iter().zip(words.days).map(|(day, word)| tick(day, word, has(&ask.repeat, day))).collect_view();
    let (from, until) = (time(&ask.repeat, 0), time(&ask.repeat, 1));
    view! {
        <fieldset class="silence__again">
            <legend class="field__label">{words.repeat}</legend>
            <div class="silence__days">{days}</div>
            <div class="silence__times">
                <Field id="time-from" label=words.time_from.to_owned() error=error>
                    <input
                        class="input"
                        id="time-from"
                        name="repeat[]"
                        type="time"
                        value=from
                        aria-describedby=described_by("time-from")
                        aria-invalid=invalid(error)
                    />
                </Field>
                <Field id="time-until" label=words.time_until.to_owned()>
                    <input class="input" id="time-until" name="repeat[]" type="time" value=until />
                </Field>
            </div>
            <p class="field__hint">{words.repeat_hint}</p>
        </fieldset>
    }
    .into_any()
}

fn tick(day: &'static str, word: &'static str, is_ticked: bool) -> AnyView {
    view! {
        <label class="tick">
            <input type="checkbox" name="repeat[]" value=day checked=is_ticked />
            {word}
        </label>
    }
    .into_any()
}

fn why(comment: String, attempt: &Attempt) -> AnyView {
    let words = silence_words();
    ui::field::line(Line {
        hint: words.comment_hint.to_owned(),
        value: comment,
        most: u32::try_from(MAX_COMMENT).ok(),
        required: true,
        says_required: true,
        error: attempt.wrong_at("comment"),
        ..Line::new("comment", "comment", words.comment)
    })
}

#[cfg(test)]
mod tests {
    use super::{begun, named};
    use api::silences::{SilenceAsk, Trouble};
    use leptos::prelude::Owner;

    #[test]
    fn everything_that_can_be_wrong_in_the_form_has_its_place() {
        let owner = Owner::new();
        owner.set();
        let named = named();
        let troubles = [
            (Trouble::Matchers, "matchers"),
            (Trouble::Matcher, "matchers"),
            (Trouble::Everything, "matchers"),
            (Trouble::Moment, "span"),
            (Trouble::Over, "span"),
            (Trouble::Long, "span"),
            (Trouble::Times, "time-from"),
            (Trouble::Never, "time-from"),
            (Trouble::Comment, "comment"),
        ];
        for (trouble, id) in troubles {
            let field = trouble.refused("something else").mistakes()[0].field.clone();
            assert_eq!(named.iter().find(|named| named.field == field).map(|named| named.id.as_str()), Some(id), "{field}");
        }
    }

    #[test]
    fn moments_that_are_not_written_begin_now() {
        // 2026-11-22 14:05 UTC; outside of any shell the reader's zone is UTC.
        let now_ms = 1_795_356_300_000;
        let (ask, _) = begun((SilenceAsk::default(), String::new()), now_ms);
        assert_eq!((ask.from.as_str(), ask.until.as_str()), ("2026-11-22T14:05", "2026-11-22T16:05"));
        let written = SilenceAsk { from: "2026-12-01T00:00".to_owned(), ..SilenceAsk::default() };
        assert_eq!(begun((written, String::new()), now_ms).0.from, "2026-12-01T00:00");
    }
}

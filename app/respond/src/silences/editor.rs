//! A new silence: what, how long, when again, and why; and what it would cover, before it is made.
//!
//! One form. Its first button asks by the address, so that it works without a script; with one the preview follows what is written.

use super::address;
use super::look::preview;
use super::repeat::{DAYS, has, time, with_day, with_time};
use crate::report::attempt;
use crate::screen::loaded;
use crate::words::silences::silence_words;
use crate::words::{viewer, words as wing_words};
use api::ask;
use api::pulse::use_pulse;
use api::silences::{SilenceAsk, SilenceMake, silence_look};
use leptos::ev::{Event, MouseEvent};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::alert::MAX_COMMENT;
use model::{Role, links};
use std::time::Duration;
use ui::attempt::{Attempt, Named, content};
use ui::button::{Button, Rank};
use ui::context::use_look;
use ui::field::{Field, Line, described_by, invalid};
use ui::now::use_now;
use ui::part::Part;

/// As long as a quick writer takes between two letters: the server is asked when they pause.
const PAUSE: Duration = Duration::from_millis(250);
/// The words of a form for how long; the server knows the same.
const SPANS: [&str; 6] = ["30m", "2h", "8h", "24h", "morning", "custom"];
/// What is chosen where nothing was.
const USUAL: &str = "2h";
/// What a chosen span begins with: so long from now.
const USUAL_MS: i64 = 2 * 3_600_000;

/// What is being written, and what the preview was asked about last.
#[derive(Clone, Copy)]
struct Draft {
    written: RwSignal<SilenceAsk>,
    asked: RwSignal<SilenceAsk>,
}

impl Draft {
    fn new(first: SilenceAsk) -> Self {
        Self { written: RwSignal::new(first.clone()), asked: RwSignal::new(first) }
    }

    /// Follows the writer, and begins anew with another address. In the browser; on the server nothing happens.
    fn follow(self, address: Memo<(SilenceAsk, String)>) {
        Effect::new(move |before: Option<(SilenceAsk, String)>| {
            let now = address.get();
            if before.is_some_and(|before| before != now) {
                self.written.set(now.0.clone());
            }
            now
        });
        Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
            if let Some(Some(waiting)) = waiting {
                waiting.clear();
            }
            let written = self.written.get();
            set_timeout_with_handle(move || self.look(written), PAUSE).ok()
        });
    }

    fn look(self, written: SilenceAsk) {
        // The screen may be gone by then.
        let is_new = self.asked.try_with_untracked(|asked| *asked != written).unwrap_or(false);
        if is_new {
            let _ = self.asked.try_set(written);
        }
    }

    /// Writes one field of it, as an event brings it.
    fn field(self, write: fn(&mut SilenceAsk, String)) -> impl Fn(Event) + Clone + Send + Sync + 'static {
        move |event: Event| self.written.update(|ask| write(ask, event_target_value(&event)))
    }
}

/// The screen at `/silences/new`.
#[component]
pub fn SilenceNewScreen() -> impl IntoView {
    let words = silence_words();
    let search = use_location().search;
    let now_ms = use_now().0.get_untracked();
    let make: ServerAction<SilenceMake> = ServerAction::new();
    let attempt = attempt(make, named());
    // What was refused comes back with this address, and goes with it.
    let (first, back) = (search.get_untracked(), attempt.typed.fields().map(|fields| address::written(fields.to_vec())));
    let address = Memo::new(move |_| {
        let asked = search.with(|search| back.clone().filter(|_| *search == first).unwrap_or_else(|| address::silence(search)));
        begun(asked, now_ms)
    });
    let draft = Draft::new(address.get_untracked().0);
    draft.follow(address);
    let pulse = use_pulse();
    let looked = ask(move || (draft.asked.get(), pulse.alerts.get()), |(ask, _)| silence_look(ask));
    let refused = attempt.refused();
    view! {
        <Title text=words.new />
        <div class="silences">
            <header class="screen-head screen-head--row">
                <h1>{words.new}</h1>
                <p class="screen-head__lead">{words.new_lead}</p>
            </header>
            <div class="silence-new">
                <ActionForm action=make attr:class="form">
                    {refused}
                    {move || fields(address.get(), draft, &attempt)}
                    <div class="form__foot">{buttons(draft, make)}</div>
                </ActionForm>
                <Part title=words.preview_title.to_owned()>
                    <div class="silence__look" role="status">{loaded(looked, preview)}</div>
                </Part>
            </div>
        </div>
    }
    .into_any()
}

fn buttons(draft: Draft, make: ServerAction<SilenceMake>) -> AnyView {
    let words = silence_words();
    let look = move |event: MouseEvent| {
        event.prevent_default();
        draft.look(draft.written.get_untracked());
    };
    let reason = (!viewer().may(Role::Responder)).then(|| wing_words().viewer_hint.to_owned());
    view! {
        <button class="button" type="submit" formmethod="get" formaction=links::SILENCE_NEW formnovalidate=true on:click=look>
            {words.preview}
        </button>
        <Button kind="submit" rank=Rank::Main disabled=reason busy=make.pending()>{words.save}</Button>
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

fn fields(asked: (SilenceAsk, String), draft: Draft, attempt: &Attempt) -> AnyView {
    let (ask, comment) = asked;
    view! {
        {what(&ask, draft, attempt)}
        {how_long(&ask, draft, attempt)}
        {again(&ask, draft, attempt)}
        {why(comment, attempt)}
    }
    .into_any()
}

fn what(ask: &SilenceAsk, draft: Draft, attempt: &Attempt) -> AnyView {
    let words = silence_words();
    let error = attempt.wrong_at("matchers");
    let is_planned = ask.kind == "maintenance";
    let (text, set) = (content(ask.matchers.trim()), draft.field(|ask, text| ask.matchers = text));
    let kind = draft.field(|ask, text| ask.kind = text);
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
                on:input=set
            ></textarea>
        </Field>
        <Field id="kind" label=words.kind.to_owned() hint=words.kind_hint>
            <select class="input" id="kind" name="kind" aria-describedby=described_by("kind") on:change=kind>
                <option value="silence" selected=!is_planned>{words.silence}</option>
                <option value="maintenance" selected=is_planned>{words.maintenance}</option>
            </select>
        </Field>
    }
    .into_any()
}

/// A span by its name, or from and until. Those two are shown where they count.
fn how_long(ask: &SilenceAsk, draft: Draft, attempt: &Attempt) -> AnyView {
    let words = silence_words();
    let error = attempt.wrong_at("span");
    let chosen = if ask.span.is_empty() { USUAL.to_owned() } else { ask.span.clone() };
    let option = |(value, word): (&'static str, &'static str)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{word}</option> }
    };
    let options = SPANS.into_iter().zip(words.spans).map(option).collect_view();
    let from = moment("from", words.from, ask.from.clone(), draft.field(|ask, text| ask.from = text));
    let until = moment("until", words.until, ask.until.clone(), draft.field(|ask, text| ask.until = text));
    let set = draft.field(|ask, text| ask.span = text);
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
                    on:change=set
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
fn moment(
    name: &'static str,
    label: &'static str,
    value: String,
    set: impl Fn(Event) + Clone + Send + Sync + 'static,
) -> AnyView {
    view! {
        <Field id=name label=label.to_owned()>
            <input class="input" id=name name=name type="datetime-local" value=value on:input=set />
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

fn again(ask: &SilenceAsk, draft: Draft, attempt: &Attempt) -> AnyView {
    let words = silence_words();
    let error = attempt.wrong_at("time-from");
    let days = DAYS.into_iter().zip(words.days).map(|(day, word)| tick(day, word, has(&ask.repeat, day), draft)).collect_view();
    let (from, until) = (time(&ask.repeat, 0), time(&ask.repeat, 1));
    let set_from = draft.field(|ask, text| ask.repeat = with_time(&ask.repeat, 0, &text));
    let set_until = draft.field(|ask, text| ask.repeat = with_time(&ask.repeat, 1, &text));
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
                        on:input=set_from
                    />
                </Field>
                <Field id="time-until" label=words.time_until.to_owned()>
                    <input class="input" id="time-until" name="repeat[]" type="time" value=until on:input=set_until />
                </Field>
            </div>
            <p class="field__hint">{words.repeat_hint}</p>
        </fieldset>
    }
    .into_any()
}

fn tick(day: &'static str, word: &'static str, is_ticked: bool, draft: Draft) -> AnyView {
    let set = move |event: Event| {
        let is_ticked = event_target_checked(&event);
        draft.written.update(|ask| ask.repeat = with_day(&ask.repeat, day, is_ticked));
    };
    view! {
        <label class="tick">
            <input type="checkbox" name="repeat[]" value=day checked=is_ticked on:change=set />
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

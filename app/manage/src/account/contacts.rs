//! How one is reached when one is on call: contacts with their proof, in which order they are used, and whether any page would arrive.

mod plan;

use crate::screen::loaded;
use crate::words::contacts::{ContactWords, contact_words, refused};
use crate::words::words;
use api::contacts::{
    ContactAdd, ContactCode, ContactLine, ContactRemove, ContactRulesSave, ContactTest, ContactTrouble, ContactVerify,
    ContactsView, contacts as ask_contacts,
};
use api::kept::{refusal_of, typed_into};
use api::pulse::use_pulse;
use api::{ApiError, ask};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use plan::plan;
use ui::attempt::{Attempt, Named, Typed, Wrong};
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::field::Line;
use ui::icon::{Icon, IconName};
use ui::part::Part;
use ui::state::{StateKind, StateMark};
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// What a new contact can be, as the form sends it.
const KINDS: [&str; 5] = ["push", "slack", "sms", "voice", "email"];

/// What can be done here.
#[derive(Clone, Copy)]
struct Acts {
    add: ServerAction<ContactAdd>,
    verify: ServerAction<ContactVerify>,
    code: ServerAction<ContactCode>,
    test: ServerAction<ContactTest>,
    remove: ServerAction<ContactRemove>,
    rules: ServerAction<ContactRulesSave>,
}

/// The whole part.
#[component]
pub fn Contacts() -> impl IntoView {
    let acts = Acts {
        add: ServerAction::new(),
        verify: ServerAction::new(),
        code: ServerAction::new(),
        test: ServerAction::new(),
        remove: ServerAction::new(),
        rules: ServerAction::new(),
    };
    let pulse = use_pulse();
    let data = ask(move || (pulse.house.get(), pulse.slow.get()), |_| ask_contacts());
    loaded(data, move |view| part(&view, acts)).into_any()
}

fn part(view: &ContactsView, acts: Acts) -> AnyView {
    let words = contact_words();
    let count = Some(view.contacts.len().to_string());
    let is_reached: bool = view.contacts.iter().any(|contact| contact.is_verified);
    let warning = (!is_reached).then(|| view! { <Callout tone=Tone::Warn>{words.unreached}</Callout> });
    let reasons: Vec<AnyView> = refusals(acts);
    let body: AnyView = if view.contacts.is_empty() {
        view! { <Empty title=words.none say=words.none_hint /> }.into_any()
    } else {
        table(view, acts)
    };
    let rules = (!view.contacts.is_empty()).then(|| {
        let (high, low): (AnyView, AnyView) =
            (plan(view, &view.high, "high", acts.rules), plan(view, &view.low, "low", acts.rules));
        view! { <div class="contacts__plans">{high}{low}</div> }
    });
    let form: AnyView = form(acts);
    view! {
        <Part title=words.title.to_owned() count=count id="contacts" more=move || words.note>
            {warning}
            {reasons}
            {body}
            {form}
            {rules}
        </Part>
    }
    .into_any()
}

/// Why the last try of `action` was refused, as it stands when the part is drawn. A form that has come back says it itself.
fn refusal<S>(action: ServerAction<S>) -> Option<AnyView>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    if typed_into(action).is_some() {
        return None;
    }
    let error: ApiError = action.value().get_untracked()?.err()?;
    let said: String = said_of(&error);
    Some(
        view! {
            <p class="field__error" role="alert" tabindex="-1" autofocus=true>
                <Icon name=IconName::Warn />
                {said}
            </p>
        }
        .into_any(),
    )
}

/// Why the last act was refused, whichever it was.
fn refusals(acts: Acts) -> Vec<AnyView> {
    let found = [
        refusal(acts.add),
        refusal(acts.verify),
        refusal(acts.code),
        refusal(acts.test),
        refusal(acts.remove),
        refusal(acts.rules),
    ];
    found.into_iter().flatten().collect()
}

fn table(view: &ContactsView, acts: Acts) -> AnyView {
    let words = contact_words();
    let columns = [words.contact, words.state, words.last, ""].map(Column::text).to_vec();
    let rows: Vec<AnyView> = view.contacts.iter().map(|one| row(one, acts)).collect();
    view! { <Table caption=words.title columns=columns stacked=true>{rows}</Table> }.into_any()
}

/// What it is called: the kind, what one calls it, and enough of the address.
fn name(one: &ContactLine) -> String {
    let kind: &str = contact_words().kinds[one.kind as usize];
    let parts = [kind, one.label.as_str(), one.shown.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<&str>>().join(" · ")
}

fn row(one: &ContactLine, acts: Acts) -> AnyView {
    let words = contact_words();
    let (name, state, last): (String, AnyView, AnyView) = (name(one), state(one), last(one));
    let act: AnyView = if one.is_verified { test(one, acts) } else { verify(one, acts) };
    let remove: AnyView = remove(one, acts);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            <Cell label=words.state>{state}</Cell>
            <Cell label=words.last>{last}</Cell>
            <td class="table__act" role="cell"><div class="contacts__acts">{act}{remove}</div></td>
        </tr>
    }
    .into_any()
}

fn state(one: &ContactLine) -> AnyView {
    let words: &ContactWords = contact_words();
    let (kind, word): (StateKind, &'static str) = match (one.is_verified, one.is_failing()) {
        (false, _) => (StateKind::Waiting, words.unverified),
        (true, true) => (StateKind::Open, words.failing),
        (true, false) => (StateKind::Back, words.verified),
    };
    view! { <StateMark kind=kind word=word /> }.into_any()
}

fn last(one: &ContactLine) -> AnyView {
    let words = contact_words();
    let at = if one.is_failing() { one.last_fail_at } else { one.last_ok_at };
    let Some(at) = at else { return view! { <span class="mute">{words.never}</span> }.into_any() };
    let error = one.last_error.clone().filter(|_| one.is_failing());
    view! {
        <TimeText at_ms=at.0 form=TimeForm::Day />
        {error.map(|said| view! { <small class="table__sub">{said}</small> })}
    }
    .into_any()
}

fn id_field(one: &ContactLine) -> AnyView {
    view! { <input type="hidden" name="id" value=one.id.clone() /> }.into_any()
}

/// The code that was sent there comes back here.
fn verify(one: &ContactLine, acts: Acts) -> AnyView {
    let words = contact_words();
    let (first, second): (AnyView, AnyView) = (id_field(one), id_field(one));
    let code: String = format!("code-{}", one.id);
    let label: String = (words.code_of)(&name(one));
    view! {
        <ActionForm action=acts.verify attr:class="contacts__code">
            {first}
            <input
                class="input"
                id=code
                name="code"
                inputmode="numeric"
                autocomplete="one-time-code"
                maxlength="8"
                required=true
                aria-label=label
                placeholder="000000"
            />
            <Button kind="submit" rank=Rank::Row>{words.verify}</Button>
        </ActionForm>
        <ActionForm action=acts.code>
            {second}
            <Button kind="submit" rank=Rank::Quiet>{words.send_again}</Button>
        </ActionForm>
    }
    .into_any()
}

fn test(one: &ContactLine, acts: Acts) -> AnyView {
    let words = contact_words();
    let (id, label): (AnyView, String) = (id_field(one), (words.test_of)(&name(one)));
    view! {
        <ActionForm action=acts.test>
            {id}
            <Button kind="submit" rank=Rank::Row label=label>{words.test}</Button>
        </ActionForm>
    }
    .into_any()
}

fn remove(one: &ContactLine, acts: Acts) -> AnyView {
    let words = contact_words();
    let (id, label): (AnyView, String) = (id_field(one), (words.remove_of)(&name(one)));
    view! {
        <ActionForm action=acts.remove>
            {id}
            <Button kind="submit" rank=Rank::Row label=label>{words.remove}</Button>
        </ActionForm>
    }
    .into_any()
}

/// The form that adds one. One that was refused comes back open, with what was typed.
fn form(acts: Acts) -> AnyView {
    let words = contact_words();
    let [kind, value, label] = fields();
    let attempt: Attempt = tried(acts.add, fields().to_vec(), &[]);
    let chosen: String = attempt.typed.text(&kind.field, KINDS[0]);
    let kinds = KINDS.into_iter().zip(words.kinds);
    let kinds: Vec<AnyView> = kinds.map(|(value, word)| option(value.to_owned(), word.to_owned(), value == chosen)).collect();
    let value = Line { hint: words.value_hint.to_owned(), is_code: true, ..Line::new(&value.id, &value.field, &value.label) };
    let label = Line { hint: words.label_hint.to_owned(), most: Some(60), ..Line::new(&label.id, &label.field, &label.label) };
    let is_open: bool = attempt.typed.fields().is_some();
    view! {
        <details class="contacts__add" id="contact-add" open=is_open>
            <summary class="button">{words.add}</summary>
            <ActionForm action=acts.add attr:class="form">
                {attempt.refused()}
                {attempt.select(kind, String::new(), kinds)}
                {attempt.line(value)}
                {attempt.line(label)}
                <div class="form__foot"><Button kind="submit">{words.add_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// The fields of a new contact: its kind, its address, what it is called.
fn fields() -> [Named; 3] {
    let words = contact_words();
    [
        Named::new("wish[kind]", "contact-kind", words.kind),
        Named::new("wish[value]", "contact-value", words.value),
        Named::new("wish[label]", "contact-label", words.label),
    ]
}

/// What the form of `action` that sends `own` knows of its last try.
fn tried<S>(action: ServerAction<S>, fields: Vec<Named>, own: &[(&str, &str)]) -> Attempt
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let place = move |error: &ApiError| vec![placed(error, &fields)];
    let all: Attempt = Attempt::new(typed_into(action), refusal_of(action), Box::new(place));
    let typed: Typed = all.typed.only(own);
    let wrong: Signal<Vec<Wrong>> = if typed.fields().is_some() { all.wrong } else { Signal::default() };
    Attempt { typed, wrong }
}

/// What is wrong, at its field where the form has that.
fn placed(error: &ApiError, fields: &[Named]) -> Wrong {
    let field: &str = match ContactTrouble::of(error) {
        Some(ContactTrouble::Kind) => "wish[kind]",
        Some(ContactTrouble::Email | ContactTrouble::Telephone | ContactTrouble::Slack | ContactTrouble::Taken) => "wish[value]",
        Some(ContactTrouble::Label) => "wish[label]",
        _ => "",
    };
    let at: Option<Named> = fields.iter().find(|named| named.field == field).cloned();
    Wrong { at, said: said_of(error) }
}

fn said_of(error: &ApiError) -> String {
    refused(error).unwrap_or_else(|| words().refused(error))
}

fn option(value: String, word: String, is_chosen: bool) -> AnyView {
    view! { <option value=value selected=is_chosen>{word}</option> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{KINDS, fields, name, placed};
    use api::contacts::{ContactLine, ContactTrouble};
    use api::oncall::WayKind;
    use leptos::prelude::Owner;

    fn contact(kind: WayKind) -> ContactLine {
        ContactLine {
            id: "7".to_owned(),
            kind,
            label: "私用".to_owned(),
            shown: "+81····5678".to_owned(),
            is_verified: true,
            code_until: None,
            last_ok_at: None,
            last_fail_at: None,
            last_error: None,
        }
    }

    #[test]
    fn a_contact_is_known_by_its_kind_its_label_and_a_part_of_its_address() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(name(&contact(WayKind::Voice)), "電話 · 私用 · +81····5678");
        assert_eq!(KINDS[WayKind::Voice as usize], "voice");
    }

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let owner = Owner::new();
        owner.set();
        let at = |trouble: ContactTrouble| placed(&trouble.refused("x"), &fields()).at.map(|named| named.id);
        assert_eq!(at(ContactTrouble::Telephone).as_deref(), Some("contact-value"));
        assert_eq!(at(ContactTrouble::Label).as_deref(), Some("contact-label"));
        assert_eq!(at(ContactTrouble::TooMany), None);
    }
}

//! What a form knows of its last try: what had been typed, what is wrong with it and where.
//!
//! A form that was refused shows everything that is wrong at its top, with a link to each field, and says it again beside the field; what
//! was typed stands in the fields, except passwords. With a script the fields still hold it; without one it comes back with the screen.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use crate::context::use_look;
use crate::field::{Field, Line, described_by, invalid, line};
use crate::icon::{Icon, IconName};

/// What came back of a form that was refused, as names and texts; nothing where nothing came back.
#[derive(Clone, Debug, Default)]
pub struct Typed(Option<Arc<Vec<(String, String)>>>);

impl Typed {
    /// Of the fields that were sent.
    #[must_use]
    pub fn new(fields: Option<Vec<(String, String)>>) -> Self {
        Self(fields.map(Arc::new))
    }

    /// The same where these fields were sent so: of several forms of one kind the others were not tried.
    #[must_use]
    pub fn only(self, fields: &[(&str, &str)]) -> Self {
        let is_mine = fields.iter().all(|(name, text)| self.found(name) == Some(*text));
        if is_mine { self } else { Self(None) }
    }

    /// What stands in a field: what was typed, else `current`.
    #[must_use]
    pub fn text(&self, name: &str, current: &str) -> String {
        self.found(name).unwrap_or(current).to_owned()
    }

    /// Whether a box is ticked that sends `value` as `name`.
    #[must_use]
    pub fn is_ticked(&self, name: &str, value: &str, current: bool) -> bool {
        // A box that is not ticked is not sent.
        self.0.as_ref().map_or(current, |fields| fields.iter().any(|(sent, text)| sent == name && text == value))
    }

    /// Every field that came back, in the order they were sent; `None` where nothing did.
    #[must_use]
    pub fn fields(&self) -> Option<&[(String, String)]> {
        self.0.as_ref().map(|fields| fields.as_slice())
    }

    fn found(&self, name: &str) -> Option<&str> {
        self.fields()?.iter().find(|(sent, _)| sent == name).map(|(_, text)| text.as_str())
    }
}

/// A field as the server or the form calls it, and where it stands on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub field: String,
    /// The id of its input.
    pub id: String,
    /// Its name, as it stands above the input.
    pub label: String,
}

impl Named {
    /// A field of a form.
    #[must_use]
    pub fn new(field: &str, id: &str, label: &str) -> Self {
        Self { field: field.to_owned(), id: id.to_owned(), label: label.to_owned() }
    }
}

/// Something that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field; `None` where it is about the form as a whole.
    pub at: Option<Named>,
    pub said: String,
}

/// What a form knows of its last try.
#[derive(Clone)]
pub struct Attempt {
    pub typed: Typed,
    pub wrong: Signal<Vec<Wrong>>,
}

/// Says of a refusal what is wrong, and where each thing belongs.
pub type Place<E> = Box<dyn Fn(&E) -> Vec<Wrong> + Send + Sync>;

impl Attempt {
    /// With what had been typed, and the refusal if there is one.
    pub fn new<E>(typed: Option<Vec<(String, String)>>, error: Signal<Option<E>>, place: Place<E>) -> Self
    where
        E: Send + Sync + 'static,
    {
        let wrong = Signal::derive(move || error.with(|error| error.as_ref().map(&place).unwrap_or_default()));
        Self { typed: Typed::new(typed), wrong }
    }

    /// Why the field with that id was refused, if it was.
    #[must_use]
    pub fn wrong_at(&self, id: &str) -> Signal<Option<String>> {
        let (wrong, id) = (self.wrong, id.to_owned());
        Signal::derive(move || {
            wrong.with(|wrong| {
                let is_here = |one: &&Wrong| one.at.as_ref().is_some_and(|at| at.id == id);
                wrong.iter().find(is_here).map(|one| one.said.clone())
            })
        })
    }

    /// Everything that was refused, for the top of the form.
    pub fn refused(&self) -> AnyView {
        refused(self.wrong)
    }

    /// A line with what was typed into it, and why it was refused. A password is never filled in.
    pub fn line(&self, about: Line) -> AnyView {
        let value: String = if about.kind == "password" { String::new() } else { self.typed.text(&about.name, &about.value) };
        line(Line { value, error: self.wrong_at(&about.id), ..about })
    }

    /// A choice in its frame, and why it was refused; `named.field` is what the form sends it as.
    pub fn select(&self, named: Named, hint: String, options: Vec<AnyView>) -> AnyView {
        let Named { field, id, label } = named;
        let (error, described, input) = (self.wrong_at(&id), described_by(&id), id.clone());
        view! {
            <Field id=id label=label hint=hint error=error>
                <select class="input" id=input name=field aria-describedby=described aria-invalid=invalid(error)>
                    {options}
                </select>
            </Field>
        }
        .into_any()
    }

    /// Several lines in their frame, with what was typed into them; `named.field` is what the form sends them as.
    pub fn area(&self, named: Named, hint: String, current: &str) -> AnyView {
        let Named { field, id, label } = named;
        let (error, text) = (self.wrong_at(&id), self.typed.text(&field, current));
        let input: AnyView = area(&id, field, &text, error);
        view! { <Field id=id label=label hint=hint error=error>{input}</Field> }.into_any()
    }
}

/// A field of several lines.
fn area(id: &str, name: String, text: &str, error: Signal<Option<String>>) -> AnyView {
    let text: String = content(text);
    view! {
        <textarea
            class="input form__lines"
            id=id.to_owned()
            name=name
            rows="3"
            spellcheck="false"
            autocapitalize="off"
            aria-describedby=described_by(id)
            aria-invalid=invalid(error)
            inner_html=text
        ></textarea>
    }
    .into_any()
}

/// A text as the content of a field of several lines. As markup: between its tags a browser takes everything for text, also what
/// frameworks leave there; and a line break at its beginning would be dropped by whoever reads it.
#[must_use]
pub fn content(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if text.starts_with('\n') { format!("\n{escaped}") } else { escaped }
}

/// Everything that was refused, each with a link to its field. It takes the focus when it appears: without a script the browser gives
/// it, as the screen comes back.
pub fn refused(wrong: Signal<Vec<Wrong>>) -> AnyView {
    let node: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_: Option<()>| {
        if let Some(element) = node.get() {
            // Fails only for an element that is not shown, and then there is nothing to read.
            let _ = element.focus();
        }
    });
    listed(wrong, node)
}

/// What is in that list, in the element of `node`.
fn listed(wrong: Signal<Vec<Wrong>>, node: NodeRef<html::Div>) -> AnyView {
    let title: &'static str = use_look().words().not_done;
    let body = move || {
        let wrong: Vec<Wrong> = wrong.get();
        (!wrong.is_empty()).then(|| {
            let lines: Vec<AnyView> = wrong.into_iter().map(refused_line).collect();
            view! {
                <div class="form__refused" role="alert" tabindex="-1" autofocus=true node_ref=node>
                    <p class="form__refused-title"><Icon name=IconName::Warn /> {title}</p>
                    <ul class="form__refused-list">{lines}</ul>
                </div>
            }
        })
    };
    body.into_any()
}

fn refused_line(wrong: Wrong) -> AnyView {
    let Some(at) = wrong.at else { return view! { <li>{wrong.said}</li> }.into_any() };
    let href: String = format!("#{}", at.id);
    // Left to the browser, which moves the focus into the field.
    view! { <li><a class="link" href=href rel="external">{at.label}</a> " " {wrong.said}</li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Named, Typed, Wrong, content};
    use crate::field::Line;
    use leptos::prelude::*;

    fn typed() -> Typed {
        let fields = [("team", "7"), ("name", "花"), ("scopes[]", "read"), ("scopes[]", "rules:write")];
        Typed::new(Some(fields.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()))
    }

    #[test]
    fn what_was_typed_goes_before_what_is_in_force() {
        let typed = typed();
        assert_eq!((typed.text("name", "x"), typed.text("other", "y")), ("花".to_owned(), "y".to_owned()));
        assert!(typed.is_ticked("scopes[]", "rules:write", false) && !typed.is_ticked("scopes[]", "metrics:write", true));
        assert!(Typed::default().is_ticked("scopes[]", "read", true));
    }

    #[test]
    fn of_several_forms_only_the_one_that_was_sent_gets_it() {
        assert_eq!(typed().only(&[("team", "7")]).text("name", "x"), "花");
        let other = typed().only(&[("team", "8")]);
        assert_eq!((other.text("name", "x").as_str(), other.fields()), ("x", None));
    }

    #[test]
    fn what_was_refused_is_listed_with_a_way_to_its_field() {
        let owner = Owner::new();
        owner.set();
        let email = Wrong { at: Some(Named::new("email", "invite-email", "E-mail")), said: "Write it like a@b.".to_owned() };
        let whole = Wrong { at: None, said: "Try again.".to_owned() };
        let attempt = Attempt { typed: typed(), wrong: Signal::stored(vec![email, whole]) };
        let html = attempt.refused().to_html();
        let parts =
            ["role=\"alert\"", "tabindex=\"-1\"", "autofocus", "href=\"#invite-email\"", "Write it like a@b.", "Try again."];
        for part in parts {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert_eq!(attempt.wrong_at("invite-email").get_untracked().as_deref(), Some("Write it like a@b."));
        assert_eq!(attempt.wrong_at("invite-name").get_untracked(), None);
        let quiet = Attempt { typed: Typed::default(), wrong: Signal::default() };
        assert!(!quiet.refused().to_html().contains("alert"));
    }

    #[test]
    fn a_field_is_filled_again_and_a_password_is_not() {
        let owner = Owner::new();
        owner.set();
        let attempt = Attempt { typed: typed(), wrong: Signal::default() };
        assert!(attempt.line(Line::new("a", "name", "Name")).to_html().contains("value=\"花\""));
        let secret = Line { kind: "password", ..Line::new("a", "name", "Name") };
        assert!(!attempt.line(secret).to_html().contains("花"));
    }

    #[test]
    fn what_stands_in_a_field_is_no_markup() {
        assert_eq!(content("\n</textarea> & x"), "\n\n&lt;/textarea&gt; &amp; x");
    }
}

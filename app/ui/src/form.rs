//! What forms of actions share.

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Empties a form once its act is done, so that nothing is sent twice and no password stays behind.
pub fn empty_when_done<S>(action: ServerAction<S>, form: NodeRef<html::Form>)
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
    S::Error: Clone + Send + Sync + 'static,
{
    let (value, version) = (action.value(), action.version());
    Effect::new(move |_: Option<()>| {
        let is_done = version.get() > 0 && value.with_untracked(|value| matches!(value, Some(Ok(_))));
        if let Some(form) = form.get_untracked().filter(|_| is_done) {
            form.reset();
        }
    });
}

/// What somebody is writing in a field. It lives above the data that the field is drawn from, so that fetching them again, or another
/// person's act, loses no word: a field drawn anew is filled again. One to a field of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Draft {
    text: RwSignal<String>,
    /// What was sent and is not answered yet.
    sent: StoredValue<Option<String>>,
}

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}

impl Draft {
    /// Nothing written yet.
    #[must_use]
    pub fn new() -> Self {
        Self { text: RwSignal::new(String::new()), sent: StoredValue::new(None) }
    }

    /// Keeps what the field holds: call it on every `input`.
    pub fn write(&self, text: String) {
        self.text.set(text);
    }

    /// What is written, to be sent now.
    #[must_use]
    pub fn send(&self) -> String {
        let text = self.text.get_untracked();
        self.sent.set_value(Some(text.clone()));
        text
    }

    /// Forgets everything: the field is about something else now.
    pub fn clear(&self) {
        self.sent.set_value(None);
        self.text.set(String::new());
    }

    /// Fills `field` whenever it holds something else than the draft. What was written before there was a script is kept.
    pub fn follow(self, field: NodeRef<html::Input>) {
        Effect::new(move |was_there: Option<bool>| {
            let text: String = self.text.get();
            let Some(element) = field.get() else { return false };
            let typed: String = element.value();
            if was_there != Some(true) && text.is_empty() {
                if !typed.is_empty() {
                    self.text.set(typed);
                }
            } else if typed != text {
                element.set_value(&text);
            }
            true
        });
    }

    /// Empties the draft once the act it was sent with is done.
    pub fn clear_when_done<S>(self, action: ServerAction<S>)
    where
        S: ServerFn + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
        S::Error: Clone + Send + Sync + 'static,
    {
        let (value, version) = (action.value(), action.version());
        Effect::new(move |_: Option<()>| {
            if version.get() > 0 && value.with_untracked(|value| matches!(value, Some(Ok(_)))) {
                self.was_taken();
            }
        });
    }

    /// What was sent arrived. What was written since stays.
    fn was_taken(self) {
        let sent: Option<String> = self.sent.try_update_value(Option::take).flatten();
        if sent.is_none_or(|sent| sent == self.text.get_untracked()) {
            self.text.set(String::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;
    use leptos::prelude::*;

    #[test]
    fn a_draft_is_emptied_by_what_was_sent_and_keeps_what_was_written_since() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::new();
        draft.write("looking".to_owned());
        assert_eq!(draft.send(), "looking");
        draft.write("looking at the disk".to_owned());
        draft.was_taken();
        assert_eq!(draft.text.get_untracked(), "looking at the disk");
        assert_eq!(draft.send(), "looking at the disk");
        draft.was_taken();
        assert_eq!(draft.text.get_untracked(), "");
    }

    #[test]
    fn a_form_that_sends_by_itself_empties_its_draft_too() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::new();
        draft.write("known".to_owned());
        draft.was_taken();
        assert_eq!(draft.text.get_untracked(), "");
    }
}

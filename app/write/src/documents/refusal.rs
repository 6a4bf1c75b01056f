//! Why something about documents was not done, as a sentence.

use crate::words::documents::document_words;
use api::documents::form::DocumentTrouble;
use leptos::prelude::*;
use ui::icon::{Icon, IconName};

/// Why, as a sentence.
#[must_use]
pub fn trouble_text(trouble: DocumentTrouble) -> String {
    document_words().troubles.get(trouble.place()).copied().unwrap_or_default().to_owned()
}

/// What a form of the browser's own was refused for: it has no action, and comes back by its address.
pub fn not_done(title: &'static str, trouble: DocumentTrouble) -> AnyView {
    view! {
        <div class="form__refused" role="alert" tabindex="-1" autofocus=true>
            <p class="form__refused-title"><Icon name=IconName::Warn /> {title}</p>
            <p>{trouble_text(trouble)}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::trouble_text;
    use api::documents::form::DocumentTrouble;
    use leptos::prelude::Owner;

    #[test]
    fn every_trouble_is_a_sentence_of_its_own() {
        let owner = Owner::new();
        owner.set();
        let mut said: Vec<String> = DocumentTrouble::ALL.into_iter().map(|(trouble, _)| trouble_text(trouble)).collect();
        assert!(said.iter().all(|text| text.ends_with('。')), "{said:?}");
        let n_all: usize = said.len();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), n_all);
    }
}

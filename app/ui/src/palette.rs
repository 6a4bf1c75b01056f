//! The palette: one line to write in, and below it where that leads. A combobox with a list box (ARIA authoring practices).
//!
//! What it always leads to stands in the document and is filtered at once; what has to be asked for comes when it comes, and stands behind,
//! so that nothing moves under the finger. The server writes the parts, `public/palette.js` does the rest; without it nothing opens it.

use leptos::prelude::*;
use serde::Serialize;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// What opens it names it by.
pub const ID: &str = "palette";

/// One place the palette leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaletteEntry {
    /// What it is called.
    pub label: String,
    /// What else tells it apart; shown behind it.
    pub hint: String,
    /// Where it is.
    pub href: String,
    /// Other words it is found by: its name in the other language, its reading.
    pub keywords: String,
    /// The head it stands under. Entries of a group stand together.
    pub group: String,
}

/// What the palette shows and says, as JSON for its script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaletteMatter {
    /// Where it always leads: a list of [`PaletteEntry`].
    pub entries: String,
    /// What kinds of things that are asked for are called: words by code.
    pub kinds: String,
    /// How alerts stand: words by code.
    pub states: String,
    /// Said when what is asked for can't be had.
    pub failed: &'static str,
}

/// The palette as a dialog, closed.
#[component]
pub fn CommandPalette(
    matter: PaletteMatter,
    /// What can be written, shown while nothing is.
    hint: &'static str,
) -> impl IntoView {
    let words = use_look().words();
    view! {
        <dialog
            class="dialog palette"
            id=ID
            aria-label=words.find
            data-entries=matter.entries
            data-kinds=matter.kinds
            data-states=matter.states
            data-failed=matter.failed
            data-asking=words.loading
            data-nothing=words.nothing_found
        >
            <div class="palette__find">
                <Icon name=IconName::Search />
                <input
                    class="palette__input"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=words.find
                    aria-expanded="false"
                    aria-autocomplete="list"
                    aria-controls="palette-list"
                    placeholder=hint
                />
            </div>
            <div class="palette__list" id="palette-list" role="listbox" aria-label=words.find></div>
            <p class="palette__none" role="status"></p>
            <template data-group=""><p class="palette__group" role="presentation"></p></template>
            <template data-one="">
                <a class="palette__one" role="option" tabindex="-1"><span></span> <span class="palette__hint"></span></a>
            </template>
        </dialog>
    }
    .into_any()
}

//! A postmortem goes out: as it is stored, as Markdown that needs nothing of ours, and on paper.

use crate::Documents;
use crate::collab::Body;
use crate::error::Error;
use crate::markdown::{self, Surroundings};
use crate::postmortems::gathering::For;
use crate::postmortems::needs::Happened;
use crate::postmortems::paper::{self, Frame};
use crate::postmortems::pieces::Pieces;
use crate::postmortems::{Postmortem, expand, template};
use figures::Locale;
use model::Actor;
use model::ids::IncidentId;
use model::postmortem::State;

/// A postmortem with its text and what that shows.
pub(crate) struct Whole {
    pub(crate) happened: Happened,
    pub(crate) postmortem: Postmortem,
    pub(crate) body: Body,
    pub(crate) pieces: Pieces,
}

impl Documents {
    /// The text as it is stored, byte for byte.
    ///
    /// # Errors
    /// [`crate::postmortems::Refused::NotFound`], [`crate::postmortems::Refused::NotBegun`]. The database's, and the world's.
    pub async fn export_postmortem(&self, actor: &Actor, incident: IncidentId) -> Result<String, Error> {
        Ok(self.whole_postmortem(actor, incident, For::Reader).await?.body.text)
    }

    /// The text with each directive swapped for what it shows.
    ///
    /// # Errors
    /// As [`Documents::export_postmortem`].
    pub async fn export_postmortem_expanded(&self, actor: &Actor, incident: IncidentId) -> Result<String, Error> {
        let whole: Whole = self.whole_postmortem(actor, incident, For::Reader).await?;
        Ok(expand::expanded(&whole.body.text, &whole.pieces))
    }

    /// The report as a document to print. `style_href` is where the house's style sheet is.
    ///
    /// # Errors
    /// As [`Documents::export_postmortem`].
    pub async fn print_postmortem(&self, actor: &Actor, incident: IncidentId, style_href: &str) -> Result<String, Error> {
        let whole: Whole = self.whole_postmortem(actor, incident, For::Reader).await?;
        let locale: Locale = whole.postmortem.locale;
        let title: String = template::title(&whole.happened, locale);
        let printed: String = whole.pieces.moment(self.clock.now());
        let state: &str = state_word(whole.postmortem.state, locale);
        let head: [String; 3] = [incident.to_string(), state.to_owned(), printed];
        let html: String = markdown::render(&whole.body.text, &Sheet { title: &title, pieces: &whole.pieces });
        Ok(paper::document(&Frame { title: &title, head: &head, style_href, locale }, &html))
    }

    /// Everything of one that goes out. The caller's eyes count for what it shows.
    pub(crate) async fn whole_postmortem(&self, actor: &Actor, incident: IncidentId, for_whom: For) -> Result<Whole, Error> {
        let happened: Happened = self.must_have_happened(actor, incident).await?;
        let postmortem: Postmortem = self.looked_at_postmortem(incident).await?;
        let (doc, body) = self.postmortem_text(actor, incident).await?;
        let locale: Locale = postmortem.locale;
        let pieces: Pieces = self.gathered(actor, doc, Some(&postmortem), &body.text, locale, for_whom).await?;
        Ok(Whole { happened, postmortem, body, pieces })
    }
}

/// A sheet of paper: the title stands above it.
struct Sheet<'a> {
    title: &'a str,
    pieces: &'a Pieces,
}

impl Surroundings for Sheet<'_> {
    fn title(&self) -> Option<&str> {
        Some(self.title)
    }

    fn directive(&self, info: &str, body: &str) -> Option<String> {
        expand::printed(info, body, self.pieces)
    }
}

fn state_word(state: State, locale: Locale) -> &'static str {
    let (ja, en): (&'static str, &'static str) = match state {
        State::Draft => ("下書き", "Draft"),
        State::InReview => ("レビュー中", "In review"),
        State::ChangesRequested => ("修正依頼中", "Changes requested"),
        State::Approved => ("承認済み", "Approved"),
        State::Published => ("公開済み", "Published"),
        State::NotRequired => ("作成不要", "Not required"),
    };
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

//! The door of the field for PromQL: what a text means while it is written, and what it can be completed with. A plain script asks
//! (`public/expression.js`), so it is a route of its own that answers JSON.

use crate::apis::Door;
use crate::apis::explore::names;
use crate::context::Visitor;
use crate::house_error::honest;
use crate::wiring::House;
use ::api::ApiError;
use ::api::error::Expected;
use ::api::explore::{ExploreWord, ExploreWords, LONGEST_EXPRESSION};
use ::api::expression::ExpressionLook;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use expression::complete::{Expect, Place};
use expression::look;
use figures::Locale;
use model::access::ReadConsole;
use serde::Deserialize;

/// What the script sends.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Sent {
    text: String,
    /// In units of UTF-16. Missing while something is selected.
    #[serde(default)]
    caret: Option<u32>,
    #[serde(default)]
    offers: Wanted,
}

/// Whether anything is to be offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// The caret was only moved.
    #[default]
    Nothing,
    /// Something was written.
    Typed,
    /// Somebody asked for it.
    Wished,
}

/// Answers what is known of a text.
pub async fn look(State(house): State<House>, visitor: Visitor, Form(sent): Form<Sent>) -> Response {
    match told(&Door { house, visitor }, &sent).await {
        Ok(found) => Json(found).into_response(),
        Err(error) => honest(&error),
    }
}

async fn told(door: &Door, sent: &Sent) -> Result<ExpressionLook, ApiError> {
    door.admit::<ReadConsole>()?;
    if sent.text.chars().count() > LONGEST_EXPRESSION as usize {
        let expected = Expected::other(&format!("at most {LONGEST_EXPRESSION} characters"));
        return Err(ApiError::Invalid { field: "text".to_owned(), expected });
    }
    let (text, locale): (&str, Locale) = (&sent.text, door.visitor.viewer.locale);
    let found: ExpressionLook = look::look(text, sent.caret, locale);
    let Some(place) = place(sent) else { return Ok(found) };
    let words: Vec<ExploreWord> = words(&door.house, &place).await;
    Ok(look::offering(found, text, &place, &words, locale))
}

fn place(sent: &Sent) -> Option<Place> {
    let caret: u32 = sent.caret.filter(|_| sent.offers != Wanted::Nothing)?;
    look::place_at(&sent.text, caret, sent.offers == Wanted::Wished)
}

/// What is measured and fits a place. Completion is a help: when it can't be had, the language's own words are still there.
async fn words(house: &House, place: &Place) -> Vec<ExploreWord> {
    let found: Result<ExploreWords, ApiError> = match &place.expect {
        Expect::Operand => names::metrics(house, &place.typed).await,
        Expect::LabelName { metric } => names::labels(house, metric).await,
        Expect::LabelValue { metric, label, .. } => names::values(house, metric, label, &place.typed).await,
        _ => return Vec::new(),
    };
    found.map(|found| found.words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strangers::rooms;
    use ::api::Viewer;
    use kernel::Grant;
    use metrics::{Sample, Written};
    use model::access::WriteMetrics;
    use model::{Actor, Time};

    fn door(house: &House, actor: Option<Actor>) -> Door {
        Door { house: house.clone(), visitor: Visitor { actor, ..Visitor::nobody(Viewer::stranger(Time(0))) } }
    }

    /// With the caret at the bar.
    fn sent(marked: &str, offers: Wanted) -> Sent {
        let before: &str = marked.split('|').next().unwrap();
        let caret = u32::try_from(before.encode_utf16().count()).unwrap();
        Sent { text: marked.replacen('|', "", 1), caret: Some(caret), offers }
    }

    async fn measure(house: &House, host: &str) {
        let grant: Grant<WriteMetrics> = kernel::authorize(&Actor::worker("collector"), None).unwrap();
        let labels = model::labels::Labels::new([("__name__", "queue_bytes"), ("host", host)]);
        let samples = vec![Sample { labels, at: house.clock.now(), value: 7.0 }];
        let written: Written = house.metrics.write(&grant, samples).await.unwrap();
        assert_eq!(written.accepted, 1);
    }

    #[sqlx::test(migrator = "kernel::MIGRATOR")]
    async fn what_is_measured_is_offered_at_the_caret_and_to_nobody_else(pool: sqlx::PgPool) {
        let house = rooms(pool).await;
        measure(&house, "蔵-01").await;
        measure(&house, "蔵-02").await;
        let reader = door(&house, Some(Actor::worker("reader")));
        let offered = async |marked: &str, offers: Wanted| -> Vec<String> {
            let found = told(&reader, &sent(marked, offers)).await.unwrap();
            found.offers.into_iter().map(|offer| offer.insert).collect()
        };
        assert_eq!(offered("queu|", Wanted::Typed).await, ["queue_bytes"]);
        assert_eq!(offered("queue_bytes{|}", Wanted::Typed).await, ["host"]);
        assert_eq!(offered("queue_bytes{host=\"蔵-02|\"}", Wanted::Wished).await, Vec::<String>::new(), "it is written already");
        assert_eq!(offered("queue_bytes{host=\"蔵|\"}", Wanted::Typed).await, ["蔵-01", "蔵-02"]);
        assert_eq!(offered("queue_bytes{|}", Wanted::Nothing).await, Vec::<String>::new());
        assert_eq!(told(&door(&house, None), &sent("queu|", Wanted::Typed)).await, Err(ApiError::SignedOut));
    }

    #[sqlx::test(migrator = "kernel::MIGRATOR")]
    async fn a_text_is_told_of_in_the_readers_language_up_to_a_length(pool: sqlx::PgPool) {
        let house = rooms(pool).await;
        let reader = door(&house, Some(Actor::worker("reader")));
        let found = told(&reader, &sent("rate(蔵|", Wanted::Nothing)).await.unwrap();
        assert_eq!(found.saying, "rate(範囲ベクトル) → 瞬時ベクトル");
        assert!(!found.mistakes.is_empty() && found.mistakes.iter().all(|mistake| mistake.end <= 6), "{found:?}");
        let long = Sent { text: "a".repeat(LONGEST_EXPRESSION as usize + 1), ..Sent::default() };
        assert!(matches!(told(&reader, &long).await, Err(ApiError::Invalid { .. })));
    }

    #[test]
    fn what_the_script_sends_is_read() {
        let read = |text: &str| serde_json::from_str::<Sent>(text).unwrap();
        assert_eq!(read("{\"text\": \"a\"}").offers, Wanted::Nothing);
        let found = read("{\"text\": \"\", \"caret\": 3, \"offers\": \"wished\"}");
        assert_eq!((found.caret, found.offers), (Some(3), Wanted::Wished));
    }
}

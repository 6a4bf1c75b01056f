//! What the field's script is told of a text: its shades, what is wrong with it, what the function at the caret takes, and what could be
//! written there. The server knows the names of metrics and labels, and hands them in.

use crate::complete::{Place, place};
use crate::mistake::{Mistake, mistakes};
use crate::offer::{Offer, offers};
use crate::paint::{byte_at, seen, shaded};
use crate::signature::signature;
use crate::words::{Words, of};
use api::explore::ExploreWord;
use api::expression::{ExpressionLook, ExpressionMistake, ExpressionOffer};
use figures::Locale;
use promql::lexer::{TokenKind, lex};

/// The place of a caret that a browser counts in units of UTF-16, where something is offered: everywhere something could stand if it was
/// wished for, else where completions come by themselves.
#[must_use]
pub fn place_at(text: &str, caret: u32, is_wished: bool) -> Option<Place> {
    let found: Place = place(text, byte_at(text, caret));
    (is_wished || found.is_eager()).then_some(found)
}

/// Everything but the offers.
#[must_use]
pub fn look(text: &str, caret: Option<u32>, locale: Locale) -> ExpressionLook {
    let (units, words) = (units(text), of(locale));
    let saying: Option<String> = caret.and_then(|caret| signature(text, byte_at(text, caret), locale));
    ExpressionLook {
        shades: shaded(text).into_iter().map(|(start, end, class)| (units[start], units[end], class)).collect(),
        mistakes: judged(text, locale).iter().map(|mistake| told(text, mistake, &units, words)).collect(),
        saying: saying.unwrap_or_default(),
        ..ExpressionLook::default()
    }
}

/// The same with what could be written at a place. `words` are those the server knows for it.
#[must_use]
pub fn offering(before: ExpressionLook, text: &str, place: &Place, words: &[ExploreWord], locale: Locale) -> ExpressionLook {
    let (units, said) = (units(text), of(locale));
    let offers: Vec<ExpressionOffer> = offers(place, words).into_iter().map(|offer| offered(offer, said)).collect();
    let count: String = if offers.is_empty() { String::new() } else { (said.n_offers)(offers.len()) };
    ExpressionLook { replaces: (units[place.start], units[place.end]), offers, said: count, ..before }
}

/// The mistakes of an expression. One with variables (`$host`) is judged by whoever fills them in, and here it has none.
#[must_use]
pub fn judged(text: &str, locale: Locale) -> Vec<Mistake> {
    if has_variables(text) { Vec::new() } else { mistakes(text, locale) }
}

/// Outside of strings: inside of them a variable is a text like any other.
fn has_variables(text: &str) -> bool {
    let is_sign = |start: usize| text[start..].starts_with('$');
    lex(text).0.into_iter().any(|token| token.kind == TokenKind::Invalid && is_sign(token.span.start))
}

fn told(text: &str, mistake: &Mistake, units: &[u32], words: &Words) -> ExpressionMistake {
    let (start, end) = seen(text, (mistake.start, mistake.end));
    let (at, message): (String, String) = ((words.at)(mistake.line, mistake.column), mistake.message.clone());
    ExpressionMistake { start: units[start], end: units[end], at, message }
}

fn offered(offer: Offer, words: &Words) -> ExpressionOffer {
    let kind: &str = (words.kind)(offer.kind);
    let detail: String = if offer.hint.is_empty() { kind.to_owned() } else { format!("{kind} · {}", offer.hint) };
    ExpressionOffer { label: offer.label, detail, insert: offer.insert }
}

/// For every byte how many units of UTF-16 stand before its character; one more for the end.
fn units(text: &str) -> Vec<u32> {
    let mut before: Vec<u32> = Vec::with_capacity(text.len() + 1);
    let mut count: u32 = 0;
    for character in text.chars() {
        before.extend(std::iter::repeat_n(count, character.len_utf8()));
        count += if character.len_utf16() == 1 { 1 } else { 2 };
    }
    before.push(count);
    before
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(words: &[&str]) -> Vec<ExploreWord> {
        words.iter().map(|word| ExploreWord { word: (*word).to_owned(), hint: String::new() }).collect()
    }

    #[test]
    fn places_are_counted_as_a_browser_counts_them() {
        let text = "a{b=\"見\u{1F600}\"} + rte(c)";
        let found = look(text, None, Locale::Ja);
        let texts: Vec<(u32, u32)> =
            found.shades.iter().filter(|(_, _, class)| *class == "explore__text").map(|(start, end, _)| (*start, *end)).collect();
        assert_eq!(texts, [(4, 9)]);
        assert_eq!((found.mistakes[0].start, found.mistakes[0].end), (13, 16));
        assert_eq!(found.mistakes[0].at, "1行13文字目");
        assert_eq!(units("a見\u{1F600}b"), [0, 1, 1, 1, 2, 2, 2, 2, 4, 5]);
    }

    #[test]
    fn what_is_missing_at_the_end_is_underlined_at_the_last_character() {
        let found = look("rate(見", None, Locale::En);
        assert!(found.mistakes.iter().all(|mistake| mistake.start < mistake.end && mistake.end <= 6), "{found:?}");
    }

    #[test]
    fn offers_say_what_they_are_and_what_they_replace() {
        let text = "見{host=\"箱\"}";
        // Behind the character between the quotes.
        let place = place_at(text, 9, false).unwrap();
        let found = offering(look(text, Some(9), Locale::Ja), text, &place, &known(&["箱-01", "箱-02"]), Locale::Ja);
        assert_eq!((found.replaces, found.offers.len(), found.said.as_str()), ((8, 9), 2, "候補 2 件"));
        assert_eq!((found.offers[0].insert.as_str(), found.offers[0].detail.as_str()), ("箱-01", "値"));
        let place = place_at("irat", 4, false).unwrap();
        let found = offering(ExpressionLook::default(), "irat", &place, &[], Locale::En);
        assert_eq!((found.offers[0].insert.as_str(), found.offers[0].detail.as_str()), ("irate(", "function · (range vector)"));
    }

    #[test]
    fn where_anything_could_stand_it_waits_for_a_letter_or_a_wish() {
        assert!(place_at("", 0, false).is_none() && place_at("", 0, true).is_some());
        assert!(place_at("a{", 2, false).is_some());
    }

    #[test]
    fn what_has_variables_is_judged_by_whoever_fills_them_in() {
        assert_eq!(judged("rate(a{host=\"$host\"}[$__rate_interval])", Locale::Ja), Vec::new());
        assert!(!judged("rte(a{host=\"$host\"})", Locale::En).is_empty());
    }
}

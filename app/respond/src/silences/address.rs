//! What forms put into the address, and how it is read back.
//!
//! Read from the address itself and not from the router's map of it: the map decodes percent signs twice, which an expression such as
//! `host=~"100%25"` does not survive, and it keeps one value of a name, where a form sends every box that is ticked.

use api::silences::SilenceAsk;
use model::links;

/// The silence that the address asks for, and its comment.
#[must_use]
pub fn silence(search: &str) -> (SilenceAsk, String) {
    written(links::pairs(search))
}

/// The silence that a form wrote, and its comment.
#[must_use]
pub fn written(pairs: Vec<(String, String)>) -> (SilenceAsk, String) {
    let (mut ask, mut comment) = (SilenceAsk::default(), String::new());
    for (name, value) in pairs {
        match name.as_str() {
            "kind" => ask.kind = value,
            "matchers" => ask.matchers = value,
            "span" => ask.span = value,
            "from" => ask.from = value,
            "until" => ask.until = value,
            "repeat[]" => ask.repeat.push(value),
            "comment" => comment = value,
            _ => {}
        }
    }
    (ask, comment)
}

#[cfg(test)]
mod tests {
    use super::silence;

    #[test]
    fn a_form_comes_back_from_its_address() {
        let sent = "?kind=maintenance&matchers=host%3D~%22100%25.%2B%22%0D%0Ateam%3Ddb&span=custom&from=2026-11-22T18%3A00\
                    &repeat%5B%5D=mon&repeat%5B%5D=02%3A00&repeat%5B%5D=03%3A00&comment=deploy+%26+test&other=1";
        let (ask, comment) = silence(sent);
        assert_eq!(ask.matchers, "host=~\"100%.+\"\nteam=db");
        assert_eq!((ask.kind.as_str(), ask.span.as_str(), ask.from.as_str()), ("maintenance", "custom", "2026-11-22T18:00"));
        assert_eq!(ask.repeat, ["mon", "02:00", "03:00"]);
        assert_eq!(comment, "deploy & test");
    }
}

//! Where in an expression a character stands.

/// What surrounds a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// Outside of strings.
    #[default]
    Code,
    /// In a comment, or right behind a backslash: nothing is filled in here.
    Shut,
    /// In a string that a label is compared with, letter by letter; with its quote.
    Literal(char),
    /// In a string behind `=~` or `!~`.
    Regex(char),
    /// In any other string.
    Words(char),
    /// No expression: a title, a text.
    Text,
    /// No expression: an address.
    Address,
}

/// Walks an expression character by character.
#[derive(Debug, Default)]
pub(super) struct Walk {
    place: Place,
    /// The character before was a backslash that escapes.
    is_escaped: bool,
    /// The last two characters of code that are not blank.
    before: [char; 2],
}

impl Walk {
    /// Passes one character as written, or a value, and says where the next stands.
    pub(super) fn pass(&mut self, character: Option<char>) -> Place {
        self.place = match (self.place, character) {
            (Place::Code, Some(character)) => self.code(character),
            (Place::Code, None) => {
                self.before = ['\0', '\0'];
                Place::Code
            }
            (Place::Shut, Some('\n')) => Place::Code,
            (Place::Literal(quote) | Place::Regex(quote) | Place::Words(quote), Some(character)) => self.string(quote, character),
            (place, _) => place,
        };
        if self.is_escaped { Place::Shut } else { self.place }
    }

    fn code(&mut self, character: char) -> Place {
        match character {
            '"' | '\'' | '`' => {
                let place: Place = match self.before {
                    ['=' | '!', '~'] => Place::Regex(character),
                    [_, '='] => Place::Literal(character),
                    _ => Place::Words(character),
                };
                self.before = ['\0', '\0'];
                place
            }
            '#' => Place::Shut,
            _ => {
                if !character.is_whitespace() {
                    self.before = [self.before[1], character];
                }
                Place::Code
            }
        }
    }

    fn string(&mut self, quote: char, character: char) -> Place {
        if self.is_escaped {
            self.is_escaped = false;
        } else if character == '\\' && quote != '`' {
            self.is_escaped = true;
        } else if character == quote {
            return Place::Code;
        }
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<Place> {
        let mut walk = Walk::default();
        text.chars().map(|character| walk.pass(Some(character))).collect()
    }

    #[test]
    fn strings_are_told_apart_by_what_stands_before_them() {
        for (text, expected) in [
            ("{a=\"", Place::Literal('"')),
            ("{a != '", Place::Literal('\'')),
            ("{a=~ `", Place::Regex('`')),
            ("{a!~\"", Place::Regex('"')),
            ("{\"", Place::Words('"')),
            ("f(x, \"", Place::Words('"')),
            ("{a=\"b\\\"", Place::Literal('"')),
            ("{a=`b\\`", Place::Code),
            ("{a=\"b\"", Place::Code),
            ("a # \"", Place::Shut),
            ("{a=\"\\", Place::Shut),
            ("{a=\"\\\\", Place::Literal('"')),
            ("a # \"\n", Place::Code),
            ("{a=\"#", Place::Literal('"')),
        ] {
            assert_eq!(places(text).last(), Some(&expected), "{text}");
        }
    }
}

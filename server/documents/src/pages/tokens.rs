//! What a text is found by.
//!
//! Japanese, Chinese and Korean put no blanks between words, so of a run every character is a token, and every two that stand together: a word of
//! one or two characters is found by its token alone, a longer one by all its pairs and a look at the text. Of other scripts a word is a
//! token. What is asked for is cut in the same way, and everything asked for must be there.

use super::normal::normal;
use std::collections::BTreeSet;

/// Tokens of one text; a text of the largest size with nothing twice has fewer.
pub const MOST_TOKENS: usize = 200_000;
/// Bytes of one token: a longer word is no word, and an index could not hold it.
const MOST_BYTES: usize = 200;
/// Parts of one question.
const MOST_TERMS: usize = 16;
/// Letters of one question that are read.
pub const MOST_ASKED: usize = 200;

/// A stretch of letters of one kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// Of scripts without blanks: found wherever it stands.
    Run(String),
    /// Of the others: found as a whole.
    Word(String),
}

impl Term {
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Run(text) | Self::Word(text) => text,
        }
    }

    /// Whether its tokens alone don't prove that it is there.
    #[must_use]
    pub fn wants_a_look(&self) -> bool {
        matches!(self, Self::Run(text) if text.chars().nth(2).is_some())
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub terms: Vec<Term>,
    /// All of these must be there.
    pub tokens: Vec<String>,
    /// And all of these must stand in the compared text.
    pub looked_for: Vec<String>,
}

/// Whether a letter belongs to a script without blanks between words.
#[must_use]
pub fn is_run(letter: char) -> bool {
    matches!(letter,
        '\u{3005}'..='\u{3007}' // 々〆〇
        | '\u{3041}'..='\u{309f}' // hiragana
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' // katakana without ・
        | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' // bopomofo
        | '\u{31f0}'..='\u{31ff}' // small katakana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // ideographs
        | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' // hangul
        | '\u{1b000}'..='\u{1b16f}' // older kana
        | '\u{20000}'..='\u{3ffff}' // rarer ideographs
    )
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() && !is_run(letter)
}

/// The stretches of a compared text, in order.
#[must_use]
pub fn terms(compared: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut rest: &str = compared;
    while let Some(first) = rest.chars().next() {
        let kind: Option<fn(char) -> bool> = match (is_run(first), is_word(first)) {
            (true, _) => Some(is_run),
            (_, true) => Some(is_word),
            _ => None,
        };
        let Some(kind) = kind else {
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let length: usize = rest.find(|letter: char| !kind(letter)).unwrap_or(rest.len());
        let (text, after) = rest.split_at(length);
        terms.push(if is_run(first) { Term::Run(text.to_owned()) } else { Term::Word(text.to_owned()) });
        rest = after;
    }
    terms
}

/// Every token of a compared text, each once, in order.
#[must_use]
pub fn tokens(compared: &str) -> Vec<String> {
    let mut tokens: BTreeSet<String> = BTreeSet::new();
    for term in terms(compared) {
        match term {
            Term::Word(word) if word.len() <= MOST_BYTES => {
                tokens.insert(word);
            }
            Term::Word(_) => {}
            Term::Run(run) => pairs(&run, &mut tokens),
        }
        if tokens.len() >= MOST_TOKENS {
            break;
        }
    }
    tokens.into_iter().collect()
}

/// Every character, and every two that stand together.
fn pairs(run: &str, tokens: &mut BTreeSet<String>) {
    let letters: Vec<char> = run.chars().collect();
    for letter in &letters {
        tokens.insert(letter.to_string());
    }
    for pair in letters.windows(2) {
        tokens.insert(pair.iter().collect());
    }
}

/// Cuts what somebody asks for; without terms nothing was asked for.
#[must_use]
pub fn asked(text: &str) -> Asked {
    let cut: String = text.chars().take(MOST_ASKED).collect();
    let mut terms: Vec<Term> = terms(&normal(&cut));
    terms.retain(|term| term.text().len() <= MOST_BYTES * 3);
    terms.truncate(MOST_TERMS);
    let mut needed: BTreeSet<String> = BTreeSet::new();
    for term in &terms {
        match term {
            Term::Word(word) => {
                needed.insert(word.clone());
            }
            Term::Run(run) => need(run, &mut needed),
        }
    }
    let looked_for: Vec<String> = terms.iter().filter(|term| term.wants_a_look()).map(|term| term.text().to_owned()).collect();
    Asked { terms, tokens: needed.into_iter().collect(), looked_for }
}

/// A character alone is asked for as itself; pairs say more than the characters they are of.
fn need(run: &str, needed: &mut BTreeSet<String>) {
    let letters: Vec<char> = run.chars().collect();
    if letters.len() == 1 {
        needed.insert(run.to_owned());
    }
    for pair in letters.windows(2) {
        needed.insert(pair.iter().collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the index says of a text: its tokens, and a look where they don't suffice.
    fn finds(text: &str, question: &str) -> bool {
        let compared: String = normal(text);
        let (held, asked) = (tokens(&compared), asked(question));
        !asked.terms.is_empty()
            && asked.tokens.iter().all(|token| held.contains(token))
            && asked.looked_for.iter().all(|run| compared.contains(run.as_str()))
    }

    /// The same by reading the text from its beginning for every term.
    fn is_there(text: &str, question: &str) -> bool {
        let compared: String = normal(text);
        let asked: Vec<Term> = terms(&normal(question));
        let words: Vec<&str> = compared.split(|letter: char| !is_word(letter)).collect();
        !asked.is_empty()
            && asked.iter().all(|term| match term {
                Term::Run(run) => compared.contains(run.as_str()),
                Term::Word(word) => words.contains(&word.as_str()),
            })
    }

    #[test]
    fn japanese_is_cut_into_characters_and_pairs_and_other_scripts_into_words() {
        assert_eq!(tokens(&normal("障害API対応")), ["api", "害", "対", "対応", "応", "障", "障害"]);
        assert_eq!(tokens(&normal("http_requests_total{job=\"api-1\"}")), ["1", "api", "http", "job", "requests", "total"]);
        assert_eq!(asked("ｻｰﾊﾞｰ再起動 API").looked_for, ["サーバー再起動"]);
        assert_eq!(asked("か").tokens, ["か"]);
        assert_eq!(asked("  、。 "), Asked::default());
    }

    #[test]
    fn what_is_asked_for_must_all_be_there() {
        let text = "データベースのフェイルオーバー手順。PostgreSQL 15 を再起動する。";
        for question in ["デ", "手順", "データベース", "再起動 postgresql", "ﾃﾞｰﾀ", "フェイルオーバー　１５", "PostgreSQL再起動"]
        {
            assert!(finds(text, question), "{question}");
        }
        for question in ["手続", "データベス", "postgres", "再起動 mysql", "スデ", "順手"] {
            assert!(!finds(text, question), "{question}");
        }
    }

    proptest! {
        #[test]
        fn tokens_find_what_reading_finds_and_nothing_else(
            text in "[あかさがデータﾃﾞｰﾀ障害対応手順𠮷ー・、 \nab12ＡＢ_\\-]{0,60}",
            question in "[あかさがデータ障害対応手順𠮷ー・ ab12ＡＢ]{0,5}",
        ) {
            prop_assert_eq!(finds(&text, &question), is_there(&text, &question), "{:?} in {:?}", question, text);
        }

        #[test]
        fn every_part_of_a_run_is_found(text in "[あいうえお漢字障害対応]{1,30}", from in 0usize..30, length in 1usize..8) {
            let letters: Vec<char> = text.chars().collect();
            let from: usize = from % letters.len();
            let part: String = letters[from..(from + length).min(letters.len())].iter().collect();
            prop_assert!(finds(&text, &part));
        }

        #[test]
        fn tokens_are_each_once_in_order_and_small_enough_for_an_index(text in "(?s).{0,200}") {
            let found: Vec<String> = tokens(&normal(&text));
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(found.iter().all(|token| !token.is_empty() && token.len() <= MOST_BYTES));
        }
    }
}

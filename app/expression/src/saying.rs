//! The parser's and the evaluator's sentences in Japanese. `{}` stands for what is quoted from the expression.
//!
//! They are matched as text, because the language's crate knows one language only. A sentence that is missing here is shown in English.

/// A sentence and how it is said. The first that fits is taken.
const SENTENCES: &[(&str, &str)] = &[
    ("no expression found in input", "式がありません"),
    ("unexpected end of input, expected {}", "式が途中で終わっています。この後に {} が必要です"),
    ("unexpected {}, expected {}", "{} ではなく {} が必要です"),
    ("unexpected character {}", "{} はここでは使えない文字です"),
    ("unknown function {}, did you mean {}", "{} という関数はありません。{} のことですか"),
    ("unknown function {}", "{} という関数はありません"),
    ("unterminated string, expected a closing {}", "文字列が閉じていません。{} で閉じてください"),
    ("bad number or duration {}", "{} は数値としても期間としても読めません"),
    ("malformed or too large number {}", "{} は数値として読めないか、大きすぎます"),
    ("duration must be greater than 0", "期間は0より長くしてください"),
    ("not a valid duration: {}", "期間は y、w、d、h、m、s、ms の順に、それぞれ一度だけ書けます"),
    ("duration out of range", "期間が長すぎます"),
    ("duration is out of range", "期間が長すぎます"),
    ("duration has too many parts", "期間の式が長すぎます"),
    ("division by zero", "0で割っています"),
    ("modulo by zero", "0で割った余りを求めています"),
    ("label name is empty", "ラベル名が空です"),
    ("invalid label name {}", "{} はラベル名になりません"),
    ("string is not valid UTF-8", "文字列がUTF-8ではありません"),
    ("unknown escape sequence", "このエスケープは使えません"),
    ("escape sequence not terminated", "エスケープが途中で終わっています"),
    ("escape sequence is no valid Unicode code point", "この番号の文字はありません"),
    ("octal escape is above 377", "八進数のエスケープは377までです"),
    ("offset may not be set multiple times", "offset は一度だけ書けます"),
    ("@ may not be set multiple times", "@ は一度だけ書けます"),
    ("no {} allowed before a range", "{} は範囲 [ ] の後に書きます"),
    ("{} modifier must follow {}", "{} はセレクターか範囲のすぐ後に書きます"),
    ("anchored and smoothed modifiers cannot be used together", "anchored と smoothed は同時に使えません"),
    ("timestamp out of bounds for @ modifier", "@ の時刻が範囲外です"),
    ("ranges only allowed for vector selectors", "範囲 [ ] はセレクターにだけ付けられます"),
    ("subquery is only allowed on an instant vector, got {}", "サブクエリは瞬時ベクトルに付けます。ここは {} です"),
    (
        "vector selector must contain at least one matcher that does not match the empty string",
        "空文字列に一致しない条件が一つ以上必要です",
    ),
    ("metric name must not be set twice: {} or {}", "メトリクス名が二度書かれています（{} と {}）"),
    ("invalid regular expression {}: {}", "正規表現 {} が正しくありません（{}）"),
    ("expected at least {} argument(s) in call to {}, got {}", "引数は {} 個以上必要です（{}、いまは {} 個）"),
    ("expected at most {} argument(s) in call to {}, got {}", "引数は {} 個までです（{}、いまは {} 個）"),
    ("expected {} argument(s) in call to {}, got {}", "引数は {} 個必要です（{}、いまは {} 個）"),
    ("expected label matchers in braces only", "波括弧の中のラベル条件だけを書けます"),
    ("expected type {} in {}, got {}", "{} が必要です（{}）。ここは {} です"),
    ("{} expects {} arguments, got {}", "{} の引数は {} 個です。いまは {} 個です"),
    ("{} expects {} argument, got {}", "{} の引数は {} 個です。いまは {} 個です"),
    (
        "a sign is only allowed before a scalar or an instant vector, got {}",
        "符号を付けられるのはスカラーか瞬時ベクトルです。ここは {} です",
    ),
    (
        "operator {} takes scalars and instant vectors only, got {}",
        "演算子 {} にはスカラーか瞬時ベクトルが必要です。ここは {} です",
    ),
    ("bool modifier can only be used on comparison operators", "bool は比較演算子にだけ付けられます"),
    ("comparisons between scalars must use the bool modifier", "スカラー同士の比較には bool が必要です"),
    ("set operator {} not allowed in a scalar expression", "集合演算子 {} はスカラーには使えません"),
    ("operator {} not allowed between scalars", "演算子 {} はスカラー同士には使えません"),
    ("no grouping allowed for {} operation", "{} に group_left や group_right は付けられません"),
    ("no filling allowed for {} operation", "{} に fill は付けられません"),
    ("label {} must not occur in on and group clause at once", "ラベル {} が on と group の両方にあります"),
    ("vector matching only allowed between instant vectors", "on や ignoring は瞬時ベクトル同士にだけ書けます"),
    ("filling in missing series only allowed between instant vectors", "fill は瞬時ベクトル同士にだけ書けます"),
    ("a side is filled more than once", "同じ側に fill が二度書かれています"),
    ("expression nests more than {} levels deep", "式の入れ子が {} 段を超えています"),
    ("expression has more than {} levels", "式が {} 段を超えています"),
    // Of the evaluator.
    ("{} is not supported", "{} には対応していません"),
    ("vector cannot contain metrics with the same labelset", "同じラベルの系列が二つ以上できます"),
    (
        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
        "片側の複数の系列が一致します。group_left か group_right を書いてください",
    ),
    (
        "multiple matches for labels: grouping labels must ensure unique matches",
        "group で写すラベルを付けても、同じラベルの系列が二つ以上できます",
    ),
    (
        "found duplicate series for the match group {} on the {} hand-side of the operation: {}",
        "{} に一致する系列が {} に二つ以上あります: {}",
    ),
];

/// What is quoted inside of sentences.
const PHRASES: &[(&str, &str)] = &[
    ("end of input", "式の終わり"),
    ("identifier {}", "名前 {}"),
    ("number {}", "数値 {}"),
    ("duration {}", "期間 {}"),
    ("string {}", "文字列 {}"),
    ("an expression", "式"),
    ("a number", "数値"),
    ("a duration", "期間"),
    ("an operator or the end of the expression", "演算子か式の終わり"),
    ("an argument behind the comma", "コンマの後の引数"),
    ("a quoted label value", "引用符で囲んだ値"),
    ("a timestamp, start() or end()", "時刻、start()、end() のいずれか"),
    ("one of \"=\", \"!=\", \"=~\", \"!~\"", "\"=\"、\"!=\"、\"=~\"、\"!~\" のいずれか"),
    ("\"(\" and label names", "\"(\" とラベル名"),
    ("an operator, {} or {}", "演算子、{}、{} のいずれか"),
    ("an operator or {}", "演算子か {}"),
    ("a label name or {}", "ラベル名か {}"),
    ("\",\" or {}", "\",\" か {}"),
    ("call to {}", "{} の引数"),
    ("the parameter of {}", "{} のパラメーター"),
    ("offset modifier", "offset"),
    ("@ modifier", "@"),
    ("anchored or smoothed modifier", "anchored や smoothed"),
    ("scalar", "スカラー"),
    ("instant vector", "瞬時ベクトル"),
    ("range vector", "範囲ベクトル"),
    ("string", "文字列"),
    ("left", "左辺"),
    ("right", "右辺"),
];

/// A sentence in Japanese, if it is known.
#[must_use]
pub fn in_japanese(sentence: &str) -> Option<String> {
    let (japanese, quoted) = find(SENTENCES, sentence)?;
    let quoted: Vec<String> = quoted.into_iter().map(phrase).collect();
    Some(filled(japanese, &quoted))
}

/// What is quoted, said in Japanese where it is a phrase of the parser's own.
pub fn phrase(text: &str) -> String {
    match find(PHRASES, text) {
        Some((japanese, quoted)) => filled(japanese, &quoted.into_iter().map(str::to_owned).collect::<Vec<String>>()),
        None => text.to_owned(),
    }
}

/// The first entry that fits, and what stands at its places.
fn find<'a>(table: &[(&str, &'static str)], text: &'a str) -> Option<(&'static str, Vec<&'a str>)> {
    table.iter().find_map(|(pattern, japanese)| Some((*japanese, captured(pattern, text)?)))
}

/// What stands at the places of a pattern, as little as fits for each but the last.
fn captured<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split("{}");
    let mut rest: &'a str = text.strip_prefix(pieces.next()?)?;
    let mut found: Vec<&'a str> = Vec::new();
    let pieces: Vec<&str> = pieces.collect();
    for (index, piece) in pieces.iter().enumerate() {
        let is_last: bool = index + 1 == pieces.len();
        let at: usize = if is_last { rest.strip_suffix(*piece)?.len() } else { rest.find(*piece)? };
        found.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty().then_some(found)
}

fn filled(pattern: &str, values: &[String]) -> String {
    let mut out = String::new();
    for (index, piece) in pattern.split("{}").enumerate() {
        if let Some(value) = index.checked_sub(1).and_then(|before| values.get(before)) {
            join(&mut out, value);
        }
        join(&mut out, piece);
    }
    out
}

/// Appends. A space stands beside code, and none between two Japanese words.
fn join(out: &mut String, text: &str) {
    let (kept, tail): (usize, &str) = (out.trim_end_matches(' ').len(), text.trim_start_matches(' '));
    let is_japanese = |letter: Option<char>| letter.is_some_and(|letter| !letter.is_ascii());
    if is_japanese(out[..kept].chars().next_back()) && is_japanese(tail.chars().next()) {
        out.truncate(kept);
        out.push_str(tail);
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_what_they_quote() {
        for (english, japanese) in [
            ("unexpected end of input, expected an expression", "式が途中で終わっています。この後に式が必要です"),
            ("unexpected end of input, expected \")\"", "式が途中で終わっています。この後に \")\" が必要です"),
            ("unexpected \")\", expected an expression", "\")\" ではなく式が必要です"),
            ("unexpected \")\", expected \",\" or \"}\"", "\")\" ではなく \",\" か \"}\" が必要です"),
            ("unknown function \"rte\", did you mean \"rate\"", "\"rte\" という関数はありません。\"rate\" のことですか"),
            ("unknown function \"x\"", "\"x\" という関数はありません"),
            (
                "expected type range vector in call to \"rate\", got instant vector",
                "範囲ベクトルが必要です（\"rate\" の引数）。ここは瞬時ベクトルです",
            ),
            ("topk expects 2 arguments, got 1", "topk の引数は 2 個です。いまは 1 個です"),
        ] {
            assert_eq!(in_japanese(english).as_deref(), Some(japanese));
        }
        assert_eq!(in_japanese("something new"), None);
    }

    #[test]
    fn every_sentence_fits_itself_and_quotes_nothing_that_is_not_there() {
        for (english, japanese) in SENTENCES.iter().chain(PHRASES) {
            let (n_english, n_japanese) = (english.matches("{}").count(), japanese.matches("{}").count());
            assert!(n_japanese <= n_english, "{english}");
            let sentence = english.replace("{}", "Q");
            assert!(captured(english, &sentence).is_some(), "{english}");
        }
    }

    #[test]
    fn places_take_what_stands_there_and_nothing_else() {
        assert_eq!(captured("a {} b {}", "a x b y b z"), Some(vec!["x", "y b z"]));
        assert_eq!(captured("{} is", "x is"), Some(vec!["x"]));
        assert_eq!(captured("a", "ab"), None);
        assert_eq!(captured("a {} b", "a x"), None);
    }
}

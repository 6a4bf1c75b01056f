//! From text to nodes.

use super::functions::NAMES;
use super::{GoError, Node, Operand, Pipe};
use crate::rules::template::is_label_name;
use promql::strings::unquote;

/// Deeper than any person writes.
const MAX_DEPTH: usize = 32;

/// What stands between two actions, and the action that follows; the last one has none.
struct Piece<'t> {
    text: &'t str,
    action: Option<&'t str>,
}

/// An `if` that is not ended yet.
struct OpenIf {
    test: Pipe,
    /// What stood before it.
    before: Vec<Node>,
    /// Between `if` and `else`, once `else` was read.
    then: Option<Vec<Node>>,
    /// An `else if`: its end is the outer one's end too.
    chained: bool,
}

/// Reads a whole text.
pub(super) fn template(text: &str) -> Result<Vec<Node>, GoError> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<OpenIf> = Vec::new();
    for piece in pieces(text)? {
        if !piece.text.is_empty() {
            nodes.push(Node::Text(piece.text.to_owned()));
        }
        if let Some(action) = piece.action {
            act(action, &mut nodes, &mut open)?;
        }
    }
    if open.is_empty() { Ok(nodes) } else { Err(GoError::Open) }
}

/// Parts a text at its actions; `{{-` and `-}}` take the blanks beside them away.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, GoError> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut rest: &str = text;
    let mut trims: bool = false;
    while let Some(start) = rest.find("{{") {
        let (before, inside): (&str, &str) = (&rest[..start], &rest[start + 2..]);
        let end: usize = end_of_action(inside).ok_or(GoError::Unclosed)?;
        let mut action: &str = &inside[..end];
        let mut before: &str = if trims { before.trim_start() } else { before };
        if let Some(trimmed) = action.strip_prefix('-').filter(|rest| rest.starts_with(char::is_whitespace)) {
            action = trimmed;
            before = before.trim_end();
        }
        trims = action.ends_with('-') && action[..action.len() - 1].ends_with(char::is_whitespace);
        let action: &str = if trims { &action[..action.len() - 1] } else { action };
        pieces.push(Piece { text: before, action: Some(action.trim()) });
        rest = &inside[end + 2..];
    }
    pieces.push(Piece { text: if trims { rest.trim_start() } else { rest }, action: None });
    Ok(pieces)
}

/// Where `}}` stands, texts in quotes left out.
fn end_of_action(inside: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut escaped: bool = false;
    for (at, character) in inside.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(open) if character == '\\' && open != '`' => escaped = true,
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '`') => quote = Some(character),
            None if inside[at..].starts_with("}}") => return Some(at),
            None => {}
        }
    }
    None
}

fn act(action: &str, nodes: &mut Vec<Node>, open: &mut Vec<OpenIf>) -> Result<(), GoError> {
    if action.starts_with("/*") {
        return Ok(());
    }
    let (word, rest): (&str, &str) = action.split_once(char::is_whitespace).unwrap_or((action, ""));
    match word {
        "if" => begin(rest, false, nodes, open),
        "else" => otherwise(rest.trim(), nodes, open),
        "end" => end(nodes, open),
        "range" | "with" | "define" | "template" | "block" | "break" | "continue" => Err(GoError::Unknown(word.to_owned())),
        _ => {
            nodes.push(Node::Print(pipe(action)?));
            Ok(())
        }
    }
}

fn begin(test: &str, chained: bool, nodes: &mut Vec<Node>, open: &mut Vec<OpenIf>) -> Result<(), GoError> {
    if open.len() >= MAX_DEPTH {
        return Err(GoError::Action(test.to_owned()));
    }
    let before: Vec<Node> = std::mem::take(nodes);
    open.push(OpenIf { test: pipe(test)?, before, then: None, chained });
    Ok(())
}

fn otherwise(rest: &str, nodes: &mut Vec<Node>, open: &mut Vec<OpenIf>) -> Result<(), GoError> {
    let Some(innermost) = open.last_mut().filter(|innermost| innermost.then.is_none()) else {
        return Err(GoError::End("else".to_owned()));
    };
    innermost.then = Some(std::mem::take(nodes));
    match rest.strip_prefix("if ") {
        Some(test) => begin(test, true, nodes, open),
        None if rest.is_empty() => Ok(()),
        None => Err(GoError::Action(rest.to_owned())),
    }
}

fn end(nodes: &mut Vec<Node>, open: &mut Vec<OpenIf>) -> Result<(), GoError> {
    loop {
        let Some(ended) = open.pop() else {
            return Err(GoError::End("end".to_owned()));
        };
        let last: Vec<Node> = std::mem::replace(nodes, ended.before);
        let (then, otherwise): (Vec<Node>, Vec<Node>) = match ended.then {
            Some(then) => (then, last),
            None => (last, Vec::new()),
        };
        nodes.push(Node::If { test: ended.test, then, otherwise });
        if !ended.chained {
            return Ok(());
        }
    }
}

/// Reads a pipeline.
fn pipe(text: &str) -> Result<Pipe, GoError> {
    let words: Vec<String> = words(text)?;
    let mut at: usize = 0;
    let read: Pipe = pipe_of(&words, &mut at, 0)?;
    if at == words.len() { Ok(read) } else { Err(GoError::Action(text.to_owned())) }
}

/// Parts an action into words, quoted texts, brackets and bars.
fn words(text: &str) -> Result<Vec<String>, GoError> {
    let mut words: Vec<String> = Vec::new();
    let mut rest: &str = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length: usize = match first {
            '(' | ')' | '|' => 1,
            '"' | '`' => quoted_length(rest, first).ok_or_else(|| GoError::Action(text.to_owned()))?,
            _ => rest.find(|next: char| next.is_whitespace() || "()|".contains(next)).unwrap_or(rest.len()),
        };
        words.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let mut escaped: bool = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' && quote != '`' {
            escaped = true;
        } else if character == quote {
            return Some(at + 1);
        }
    }
    None
}

fn pipe_of(words: &[String], at: &mut usize, depth: usize) -> Result<Pipe, GoError> {
    let mut commands: Vec<Vec<Operand>> = vec![Vec::new()];
    while let Some(word) = words.get(*at) {
        match word.as_str() {
            ")" => break,
            "|" => commands.push(Vec::new()),
            "(" => {
                if depth >= MAX_DEPTH {
                    return Err(GoError::Action(word.clone()));
                }
                *at += 1;
                let inner: Pipe = pipe_of(words, at, depth + 1)?;
                if words.get(*at).is_none_or(|word| word != ")") {
                    return Err(GoError::Action("(".to_owned()));
                }
                push(&mut commands, Operand::Group(inner));
            }
            _ => push(&mut commands, operand(word)?),
        }
        *at += 1;
    }
    if commands.iter().any(Vec::is_empty) {
        return Err(GoError::Action(words.join(" ")));
    }
    Ok(Pipe(commands))
}

fn push(commands: &mut [Vec<Operand>], operand: Operand) {
    if let Some(command) = commands.last_mut() {
        command.push(operand);
    }
}

fn operand(word: &str) -> Result<Operand, GoError> {
    if word.starts_with(['"', '`']) {
        let unquoted = unquote(word).map_err(|_| GoError::Action(word.to_owned()))?;
        return Ok(Operand::Text(unquoted.text));
    }
    type Make = fn(String) -> Operand;
    let prefixes: [(&str, Make); 4] = [
        ("$labels.", Operand::Label),
        (".Labels.", Operand::Label),
        ("$externalLabels.", Operand::ExternalLabel),
        (".ExternalLabels.", Operand::ExternalLabel),
    ];
    for (prefix, make) in prefixes {
        if let Some(name) = word.strip_prefix(prefix).filter(|name| is_label_name(name)) {
            return Ok(make(name.to_owned()));
        }
    }
    match word {
        "$value" | ".Value" => return Ok(Operand::Value),
        "$externalURL" | ".ExternalURL" | "externalURL" => return Ok(Operand::ExternalUrl),
        "true" => return Ok(Operand::Flag(true)),
        "false" => return Ok(Operand::Flag(false)),
        _ => {}
    }
    if let Some(name) = NAMES.iter().copied().find(|name| *name == word) {
        return Ok(Operand::Function(name));
    }
    let is_number: bool = word.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'));
    match word.parse::<f64>() {
        Ok(number) if is_number => Ok(Operand::Number(number)),
        _ => Err(GoError::Unknown(word.to_owned())),
    }
}

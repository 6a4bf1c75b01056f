//! The part of Go's templates that rule files of Prometheus use: `{{ $labels.instance }} is at {{ $value | humanize }}`.
//!
//! Values, labels, external labels, pipelines, `if`/`else`/`end`, comparisons, `printf` and the functions that write numbers
//! (prometheus/docs `template_reference.md`). What asks for more data (`query`) or loops (`range`) is refused by name: a template words an
//! alert and must not be able to fail it. Should one fail all the same, the text says so and is sent.

mod functions;
mod numbers;
mod read;
#[cfg(test)]
mod tests;

use functions::Datum;
use model::labels::Labels;

/// A template that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Vec<Node>);

/// What is wrong with a template, found when it is read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GoError {
    #[error("expected }}}} after {{{{, found the end of the text")]
    Unclosed,
    #[error("the template function or keyword \"{0}\" is not known here")]
    Unknown(String),
    #[error("expected {{{{ end }}}} for every if, found the end of the text")]
    Open,
    #[error("expected an if before \"{0}\"")]
    End(String),
    #[error("expected a value between {{{{ and }}}}, found \"{0}\"")]
    Action(String),
}

/// What a template is filled from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    pub value: f64,
    pub labels: Labels,
    pub external_labels: Labels,
    pub external_url: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(String),
    Print(Pipe),
    If { test: Pipe, then: Vec<Node>, otherwise: Vec<Node> },
}

/// Commands, each given the result of the one before it as its last argument.
#[derive(Clone, Debug, PartialEq)]
struct Pipe(Vec<Vec<Operand>>);

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Value,
    Label(String),
    ExternalLabel(String),
    ExternalUrl,
    Text(String),
    Number(f64),
    Flag(bool),
    Function(&'static str),
    Group(Pipe),
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// What is broken or not known here.
    pub fn read(text: &str) -> Result<Self, GoError> {
        read::template(text).map(Self)
    }

    /// Whether the measured value stands in it.
    #[must_use]
    pub fn uses_value(&self) -> bool {
        self.0.iter().any(uses_value)
    }

    /// The text.
    ///
    /// # Errors
    /// Why it can't be written: a function was given what it can't take.
    pub fn render(&self, data: &Data) -> Result<String, String> {
        let mut text: String = String::new();
        write_nodes(&self.0, data, &mut text)?;
        Ok(text)
    }
}

/// Fills in a text; what can't be filled in says why, in Prometheus' words.
#[must_use]
pub fn fill(text: &str, data: &Data) -> String {
    let filled: Result<String, String> =
        Template::read(text).map_err(|error| error.to_string()).and_then(|template| template.render(data));
    filled.unwrap_or_else(|error| format!("<error expanding template: {error}>"))
}

fn uses_value(node: &Node) -> bool {
    match node {
        Node::Text(_) => false,
        Node::Print(pipe) => pipe_uses_value(pipe),
        Node::If { test, then, otherwise } => {
            pipe_uses_value(test) || then.iter().any(uses_value) || otherwise.iter().any(uses_value)
        }
    }
}

fn pipe_uses_value(pipe: &Pipe) -> bool {
    pipe.0.iter().flatten().any(|operand| match operand {
        Operand::Value => true,
        Operand::Group(inner) => pipe_uses_value(inner),
        _ => false,
    })
}

fn write_nodes(nodes: &[Node], data: &Data, text: &mut String) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Text(literal) => text.push_str(literal),
            Node::Print(pipe) => text.push_str(&result(pipe, data)?.written()),
            Node::If { test, then, otherwise } => {
                let chosen: &[Node] = if result(test, data)?.is_true() { then } else { otherwise };
                write_nodes(chosen, data, text)?;
            }
        }
    }
    Ok(())
}

fn result(pipe: &Pipe, data: &Data) -> Result<Datum, String> {
    let mut passed: Option<Datum> = None;
    for command in &pipe.0 {
        passed = Some(called(command, passed, data)?);
    }
    passed.ok_or_else(|| "an empty pipeline".to_owned())
}

/// One command: a function with its arguments, or a value alone.
fn called(command: &[Operand], passed: Option<Datum>, data: &Data) -> Result<Datum, String> {
    let Some((first, rest)) = command.split_first() else {
        return Err("an empty command".to_owned());
    };
    let Operand::Function(name) = first else {
        return if rest.is_empty() && passed.is_none() {
            value_of(first, data)
        } else {
            Err("a value was given arguments".to_owned())
        };
    };
    let mut arguments: Vec<Datum> = Vec::with_capacity(rest.len() + 1);
    for operand in rest {
        arguments.push(value_of(operand, data)?);
    }
    arguments.extend(passed);
    functions::call(name, &arguments)
}

fn value_of(operand: &Operand, data: &Data) -> Result<Datum, String> {
    Ok(match operand {
        Operand::Value => Datum::Number(data.value),
        Operand::Label(name) => Datum::Text(data.labels.get(name).to_owned()),
        Operand::ExternalLabel(name) => Datum::Text(data.external_labels.get(name).to_owned()),
        Operand::ExternalUrl => Datum::Text(data.external_url.clone()),
        Operand::Text(text) => Datum::Text(text.clone()),
        Operand::Number(number) => Datum::Number(*number),
        Operand::Flag(flag) => Datum::Flag(*flag),
        Operand::Function(name) => functions::call(name, &[])?,
        Operand::Group(pipe) => result(pipe, data)?,
    })
}

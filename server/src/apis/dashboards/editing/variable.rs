//! A variable as a form, and back.

use super::fields::{Filling, Reading};
use super::lines::{choice_of, choices_text};
use ::api::dashboards::editing::EditForm;
use dashboard::{Dashboard, Offer, Problem, Variable};

/// A variable that was read of a form.
pub struct ReadVariable {
    variable: Variable,
    pub wrong: Vec<Problem>,
}

/// What a new one begins with.
pub fn blank() -> EditForm {
    let usual = Offer::LabelValues { label: String::new(), selector: String::new(), regex: String::new() };
    let mut filling = Filling::default();
    filling.put("offer", usual.as_str());
    filling.form
}

/// A variable as a form.
pub fn filled(variable: &Variable) -> EditForm {
    let mut filling = Filling::default();
    filling.put("name", &variable.name);
    filling.put_said("label", &variable.label);
    filling.put("offer", variable.offer.as_str());
    match &variable.offer {
        Offer::LabelValues { label, selector, regex } => {
            filling.put("label", label);
            filling.put("selector", selector);
            filling.put("regex", regex);
        }
        Offer::Query { expr, label } => {
            filling.put("expr", expr);
            filling.put("label", label);
        }
        Offer::List(choices) => filling.put("values", &choices_text(choices)),
        Offer::Interval(windows) => filling.put("values", &windows.join("\n")),
        Offer::Text => {}
    }
    filling.put_flag("multi", variable.is_multi);
    filling.put_flag("all", variable.has_all);
    filling.put("default", &variable.default.join("\n"));
    filling.put_flag("hidden", variable.is_hidden);
    filling.form
}

/// What a form says. What belongs to another offer than its own is left out.
pub fn read(form: &EditForm) -> ReadVariable {
    let mut reading = Reading::new(form);
    let offer: Offer = match reading.word("offer", &Offer::WORDS) {
        "label_values" => {
            Offer::LabelValues { label: reading.text("label"), selector: reading.text("selector"), regex: reading.text("regex") }
        }
        "query" => Offer::Query { expr: reading.text("expr"), label: reading.text("label") },
        "list" => Offer::List(reading.lines("values").iter().map(|line| choice_of(line)).collect()),
        "interval" => Offer::Interval(reading.lines("values")),
        _ => Offer::Text,
    };
    let variable = Variable {
        name: reading.text("name"),
        label: reading.said("label"),
        offer,
        is_multi: reading.flag("multi"),
        has_all: reading.flag("all"),
        default: reading.lines("default"),
        is_hidden: reading.flag("hidden"),
    };
    ReadVariable { variable, wrong: reading.wrong }
}

impl ReadVariable {
    /// Puts it in the place of the variable `was`; without one behind all others. Says where it stands then.
    pub fn put(&self, dashboard: &mut Dashboard, was: &str) -> usize {
        let variable: Variable = self.variable.clone();
        match dashboard.variables.iter().position(|one| one.name == was && !was.is_empty()) {
            Some(index) => {
                dashboard.variables[index] = variable;
                index
            }
            None => {
                dashboard.variables.push(variable);
                dashboard.variables.len() - 1
            }
        }
    }
}

/// The field in which a part of the variable that stands there is written.
pub fn field(index: usize, path: &str) -> Option<String> {
    let rest: &str = path.strip_prefix(&format!("variables[{index}]."))?;
    Some(["values", "default"].into_iter().find(|list| rest.starts_with(list)).unwrap_or(rest).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Said;

    #[test]
    fn every_offer_comes_back_from_its_form() {
        let word = |text: &str| text.to_owned();
        for offer in [
            Offer::Text,
            Offer::LabelValues { label: word("job"), selector: word("up{a=\"b\"}"), regex: word("web-(.*)") },
            Offer::Query { expr: word("count by (code) (up)"), label: word("code") },
            Offer::List(vec![(word("10"), word("10")), (word("many"), word("100"))]),
            Offer::Interval(vec![word("1m"), word("1h")]),
        ] {
            let variable = Variable {
                name: word("job"),
                label: Said { ja: word("ジョブ"), en: word("Job") },
                offer,
                is_multi: true,
                has_all: true,
                default: vec![word("a"), word("b c")],
                is_hidden: true,
            };
            let read: ReadVariable = read(&filled(&variable));
            assert!(read.wrong.is_empty(), "{:?}", read.wrong);
            assert_eq!(read.variable, variable);
        }
    }

    #[test]
    fn a_variable_keeps_its_place_and_a_new_one_comes_last() {
        let named = |name: &str| Variable { name: name.to_owned(), ..Variable::default() };
        let mut board = Dashboard { variables: vec![named("a"), named("b")], ..Dashboard::default() };
        let read = |name: &str| ReadVariable { variable: named(name), wrong: Vec::new() };
        assert_eq!((read("x").put(&mut board, "a"), read("c").put(&mut board, "")), (0, 2));
        let names: Vec<&str> = board.variables.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["x", "b", "c"]);
    }

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        for (path, expected) in [
            ("variables[1].values[3]", Some("values")),
            ("variables[1].label.ja", Some("label.ja")),
            ("variables[1].label", Some("label")),
            ("variables[10].label", None),
            ("rows[0]", None),
        ] {
            assert_eq!(field(1, path).as_deref(), expected, "{path}");
        }
    }
}

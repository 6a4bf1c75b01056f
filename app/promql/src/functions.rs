//! The table of PromQL functions: what they take, what they return.
//!
//! Source: the function reference of Prometheus 3.14. Meaning is the evaluator's business.

use crate::ast::ValueType;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Name, case-sensitive.
    pub name: &'static str,
    /// Types of the arguments in order; arguments beyond the list have the last type.
    pub args: &'static [ValueType],
    /// Fewest arguments.
    pub min_args: usize,
    /// Most arguments; `None` is unlimited.
    pub max_args: Option<usize>,
    /// Type of the result.
    pub returns: ValueType,
    /// Whether Prometheus keeps it behind the experimental functions flag.
    pub experimental: bool,
}

impl Function {
    /// The type the argument at `index` must have, counted from 0.
    pub fn arg_type(&self, index: usize) -> Option<ValueType> {
        self.args.get(index).or(self.args.last()).copied()
    }

    /// The name with the types of its arguments, as a reader would want to see it:
    /// `label_join(instant vector, string, string, [string …])`.
    pub fn signature(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (index, arg) in self.args.iter().enumerate() {
            let optional: bool = index >= self.min_args;
            let repeats: bool = index + 1 == self.args.len() && self.max_args != Some(self.args.len());
            let words: &str = arg.words();
            parts.push(match (optional, repeats) {
                (true, true) => format!("[{words} …]"),
                (true, false) => format!("[{words}]"),
                (false, _) => words.to_owned(),
            });
        }
        format!("{}({})", self.name, parts.join(", "))
    }

    const fn experimental(mut self) -> Self {
        self.experimental = true;
        self
    }

    /// The last listed argument may be left out.
    const fn last_optional(mut self) -> Self {
        self.min_args = self.args.len() - 1;
        self
    }

    /// The last listed argument may be left out or stand up to `times` times.
    const fn last_repeats(mut self, times: usize) -> Self {
        self.min_args = self.args.len() - 1;
        self.max_args = Some(self.args.len() - 1 + times);
        self
    }

    /// The last listed argument may be left out or stand any number of times.
    const fn last_unlimited(mut self) -> Self {
        self.min_args = self.args.len() - 1;
        self.max_args = None;
        self
    }
}

/// Stands for a function that is not in the table, in partial trees only.
pub static UNKNOWN: Function =
    Function { name: "", args: &[], min_args: 0, max_args: None, returns: ValueType::Vector, experimental: false };

/// The function of that name; names are case-sensitive.
pub fn lookup(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The function whose name is nearest to a mistyped one, when it is near enough to be meant.
pub fn nearest(name: &str) -> Option<&'static Function> {
    // Beyond this length nothing in the table can be near, and the comparison is quadratic.
    if name.len() > 64 {
        return None;
    }
    let lower: String = name.to_ascii_lowercase();
    FUNCTIONS
        .iter()
        .map(|function| (distance(&lower, function.name), function))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 2 && *distance * 2 < name.len())
        .map(|(_, function)| function)
}

/// Levenshtein distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a_byte) in a.bytes().enumerate() {
        let mut diagonal: usize = row[0];
        row[0] = i + 1;
        for (j, b_byte) in b.bytes().enumerate() {
            let replaced: usize = diagonal + usize::from(a_byte != b_byte);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

const SCALAR: ValueType = ValueType::Scalar;
const VECTOR: ValueType = ValueType::Vector;
const MATRIX: ValueType = ValueType::Matrix;
const STRING: ValueType = ValueType::String;

const fn function(name: &'static str, args: &'static [ValueType], returns: ValueType) -> Function {
    Function { name, args, min_args: args.len(), max_args: Some(args.len()), returns, experimental: false }
}

/// Instant vector in, instant vector out.
const fn of_vector(name: &'static str) -> Function {
    function(name, &[VECTOR], VECTOR)
}

/// Range vector in, instant vector out.
const fn of_matrix(name: &'static str) -> Function {
    function(name, &[MATRIX], VECTOR)
}

/// All functions in alphabetical order.
pub static FUNCTIONS: &[Function] = &[
    of_vector("abs"),
    of_vector("absent"),
    of_matrix("absent_over_time"),
    of_vector("acos"),
    of_vector("acosh"),
    of_vector("asin"),
    of_vector("asinh"),
    of_vector("atan"),
    of_vector("atanh"),
    of_matrix("avg_over_time"),
    of_vector("ceil"),
    of_matrix("changes"),
    function("clamp", &[VECTOR, SCALAR, SCALAR], VECTOR),
    function("clamp_max", &[VECTOR, SCALAR], VECTOR),
    function("clamp_min", &[VECTOR, SCALAR], VECTOR),
    of_vector("cos"),
    of_vector("cosh"),
    of_matrix("count_over_time"),
    of_vector("day_of_month").last_optional(),
    of_vector("day_of_week").last_optional(),
    of_vector("day_of_year").last_optional(),
    of_vector("days_in_month").last_optional(),
    of_vector("deg"),
    of_matrix("delta"),
    of_matrix("deriv"),
    function("double_exponential_smoothing", &[MATRIX, SCALAR, SCALAR], VECTOR).experimental(),
    function("end", &[], SCALAR).experimental(),
    of_vector("exp"),
    of_matrix("first_over_time").experimental(),
    of_vector("floor"),
    of_vector("histogram_avg"),
    of_vector("histogram_count"),
    function("histogram_fraction", &[SCALAR, SCALAR, VECTOR], VECTOR),
    function("histogram_quantile", &[SCALAR, VECTOR], VECTOR),
    function("histogram_quantiles", &[VECTOR, STRING, SCALAR, SCALAR], VECTOR).last_repeats(9).experimental(),
    of_vector("histogram_stddev"),
    of_vector("histogram_stdvar"),
    of_vector("histogram_sum"),
    of_vector("hour").last_optional(),
    of_matrix("idelta"),
    of_matrix("increase"),
    function("info", &[VECTOR, VECTOR], VECTOR).last_optional().experimental(),
    of_matrix("irate"),
    function("label_join", &[VECTOR, STRING, STRING, STRING], VECTOR).last_unlimited(),
    function("label_replace", &[VECTOR, STRING, STRING, STRING, STRING], VECTOR),
    of_matrix("last_over_time"),
    of_vector("ln"),
    of_vector("log10"),
    of_vector("log2"),
    of_matrix("mad_over_time").experimental(),
    function("max_of", &[SCALAR, SCALAR], SCALAR).experimental(),
    of_matrix("max_over_time"),
    function("min_of", &[SCALAR, SCALAR], SCALAR).experimental(),
    of_matrix("min_over_time"),
    of_vector("minute").last_optional(),
    of_vector("month").last_optional(),
    function("pi", &[], SCALAR),
    function("predict_linear", &[MATRIX, SCALAR], VECTOR),
    of_matrix("present_over_time"),
    function("quantile_over_time", &[SCALAR, MATRIX], VECTOR),
    of_vector("rad"),
    function("range", &[], SCALAR).experimental(),
    of_matrix("rate"),
    of_matrix("resets"),
    function("round", &[VECTOR, SCALAR], VECTOR).last_optional(),
    function("scalar", &[VECTOR], SCALAR),
    of_vector("sgn"),
    of_vector("sin"),
    of_vector("sinh"),
    of_vector("sort"),
    function("sort_by_label", &[VECTOR, STRING], VECTOR).last_unlimited().experimental(),
    function("sort_by_label_desc", &[VECTOR, STRING], VECTOR).last_unlimited().experimental(),
    of_vector("sort_desc"),
    of_vector("sqrt"),
    function("start", &[], SCALAR).experimental(),
    of_matrix("stddev_over_time"),
    of_matrix("stdvar_over_time"),
    function("step", &[], SCALAR).experimental(),
    of_matrix("sum_over_time"),
    of_vector("tan"),
    of_vector("tanh"),
    function("time", &[], SCALAR),
    of_vector("timestamp"),
    of_matrix("ts_of_first_over_time").experimental(),
    of_matrix("ts_of_last_over_time").experimental(),
    of_matrix("ts_of_max_over_time").experimental(),
    of_matrix("ts_of_min_over_time").experimental(),
    function("vector", &[SCALAR], VECTOR),
    of_vector("year").last_optional(),
];

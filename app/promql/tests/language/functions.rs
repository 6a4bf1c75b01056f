//! The function table.

use promql::ast::ValueType;
use promql::functions::{FUNCTIONS, Function, lookup, nearest};

#[test]
fn names_are_sorted_and_unique() {
    let out_of_order: Vec<&str> =
        FUNCTIONS.windows(2).filter(|pair| pair[0].name >= pair[1].name).map(|pair| pair[1].name).collect();
    assert!(out_of_order.is_empty(), "{out_of_order:?}");
}

#[test]
fn counts_fit_the_types() {
    for function in FUNCTIONS {
        assert!(function.min_args <= function.args.len(), "{}", function.name);
        assert!(function.max_args.is_none_or(|most| most >= function.args.len()), "{}", function.name);
    }
}

#[test]
fn names_are_looked_up_exactly_and_guessed_nearly() {
    assert_eq!(lookup("rate").map(|function| function.returns), Some(ValueType::Vector));
    assert_eq!(lookup("Rate"), None);
    let guess = |name: &str| nearest(name).map(|function: &Function| function.name);
    assert_eq!(guess("historgam_quantile"), Some("histogram_quantile"));
    assert_eq!(guess("xyz"), None);
    assert_eq!(guess(""), None);
}

#[test]
fn signatures_show_what_may_be_left_out() {
    let signature = |name: &str| lookup(name).map(Function::signature).unwrap_or_default();
    assert_eq!(signature("time"), "time()");
    assert_eq!(signature("round"), "round(instant vector, [scalar])");
    assert_eq!(signature("label_join"), "label_join(instant vector, string, string, [string …])");
}

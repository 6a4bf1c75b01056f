//! An expression, laid out for people (`format_query`) and as a tree for programs (`parse_query`).
//!
//! Source: `promql/parser/prettier.go` and `web/api/v1/translate_ast.go` of Prometheus.

use promql::ast::{
    Aggregate, At, Binary, Call, Expr, ExprKind, Matcher, MatrixSelector, Span, Subquery, Unary, UnaryOp, ValueType,
    VectorSelector,
};
use promql::duration::{DurationExpr, QueryWindow};
use promql::operators::{FillValues, MatchCardinality, VectorMatching};
use serde_json::{Value, json};

use crate::http::json::{self, Failure, Success};
use crate::http::meta::written;
use crate::http::params::Params;
use crate::http::query::MayRead;

/// What is longer stands on several lines.
const WIDEST: usize = 100;
/// Bytes of an expression: far more than anybody reads. Each level of a tree is printed again for its width.
const LONGEST: usize = 16 << 10;

/// `/api/v1/format_query`: `query`.
pub(crate) async fn format(_: MayRead, params: Params) -> Result<Success, Failure> {
    let expr: Expr = short(&params)?;
    written(move || json::data(&Value::from(pretty(&expr, 0)))).await
}

/// `/api/v1/parse_query`: `query`.
pub(crate) async fn parse(_: MayRead, params: Params) -> Result<Success, Failure> {
    let expr: Expr = short(&params)?;
    written(move || json::data(&tree(&expr))).await
}

fn short(params: &Params) -> Result<Expr, Failure> {
    let (text, expr) = params.expr()?;
    if text.len() > LONGEST {
        return Err(Failure::bad_parameter("query", &format!("longer than {LONGEST} bytes")));
    }
    Ok(expr)
}

/// The expression on as few lines as fit, each level of them two spaces further in.
fn pretty(expr: &Expr, level: usize) -> String {
    let text: String = expr.to_string();
    let indent: String = "  ".repeat(level);
    if text.len() <= WIDEST {
        return format!("{indent}{text}");
    }
    match &expr.kind {
        ExprKind::Aggregate(aggregate) => {
            let args = aggregate.param.as_deref().into_iter().chain([&*aggregate.expr]);
            format!("{indent}{}({}\n{indent})", head_of_aggregate(aggregate), pretty_args(args, level))
        }
        ExprKind::Call(call) if !call.args.is_empty() => {
            format!("{indent}{}({}\n{indent})", call.func.name, pretty_args(call.args.iter(), level))
        }
        ExprKind::Binary(binary) => {
            let (lhs, rhs) = (pretty(&binary.lhs, level + 1), pretty(&binary.rhs, level + 1));
            format!("{lhs}\n{indent}{}\n{rhs}", middle_of_binary(binary))
        }
        ExprKind::Paren(inner) => format!("{indent}(\n{}\n{indent})", pretty(inner, level + 1)),
        ExprKind::Unary(unary) => format!("{indent}{}{}", unary.op.symbol(), pretty(&unary.expr, level).trim()),
        ExprKind::Subquery(subquery) => format!("{}{}", pretty(&subquery.expr, level), tail_of_subquery(subquery)),
        _ => format!("{indent}{text}"),
    }
}

fn pretty_args<'a>(args: impl Iterator<Item = &'a Expr>, level: usize) -> String {
    let lines: Vec<String> = args.map(|arg| format!("\n{}", pretty(arg, level + 1))).collect();
    lines.join(",")
}

/// The printer writes whole nodes only. A node whose operands are this one letter shows what stands around them.
fn letter() -> Box<Expr> {
    let selector = VectorSelector { name: Some("x".to_owned()), ..VectorSelector::default() };
    Box::new(Expr { kind: ExprKind::VectorSelector(selector), span: Span::default() })
}

fn printed(kind: ExprKind) -> String {
    Expr { kind, span: Span::default() }.to_string()
}

/// `sum by (job) `
fn head_of_aggregate(aggregate: &Aggregate) -> String {
    let Aggregate { op, grouping, without, .. } = aggregate;
    let bare = Aggregate { op: *op, param: None, grouping: grouping.clone(), without: *without, expr: letter() };
    printed(ExprKind::Aggregate(bare)).trim_end_matches("(x)").to_owned()
}

/// `+ on (job) group_left ()`
fn middle_of_binary(binary: &Binary) -> String {
    let Binary { op, matching, return_bool, .. } = binary;
    let bare = Binary { op: *op, lhs: letter(), rhs: letter(), matching: matching.clone(), return_bool: *return_bool };
    let text: String = printed(ExprKind::Binary(bare));
    let text: &str = text.strip_prefix("x ").unwrap_or(&text);
    text.strip_suffix(" x").unwrap_or(text).to_owned()
}

/// `[1h:5m] offset 1d`
fn tail_of_subquery(subquery: &Subquery) -> String {
    let Subquery { range, step, offset, at, .. } = subquery;
    let bare = Subquery { expr: letter(), range: range.clone(), step: step.clone(), offset: offset.clone(), at: *at };
    let text: String = printed(ExprKind::Subquery(bare));
    text.strip_prefix('x').unwrap_or(&text).to_owned()
}

/// A node as Prometheus' own console reads it.
fn tree(expr: &Expr) -> Value {
    match &expr.kind {
        ExprKind::NumberLiteral(number) => tree_of_number(number.value),
        ExprKind::StringLiteral(text) => json!({ "type": "stringLiteral", "val": text }),
        ExprKind::VectorSelector(selector) => tree_of_selector(selector),
        ExprKind::MatrixSelector(matrix) => tree_of_matrix(matrix),
        ExprKind::Subquery(subquery) => tree_of_subquery(subquery),
        ExprKind::Call(call) => tree_of_call(call),
        ExprKind::Aggregate(aggregate) => tree_of_aggregate(aggregate),
        ExprKind::Binary(binary) => tree_of_binary(binary),
        ExprKind::Unary(unary) => tree_of_unary(unary),
        ExprKind::Paren(inner) => json!({ "type": "parenExpr", "expr": tree(inner) }),
    }
}

/// As text, because JSON has no infinity.
fn tree_of_number(value: f64) -> Value {
    let text: String =
        if value.is_infinite() { (if value > 0.0 { "+Inf" } else { "-Inf" }).to_owned() } else { value.to_string() };
    json!({ "type": "numberLiteral", "val": text })
}

/// A signed number is a number.
fn tree_of_unary(unary: &Unary) -> Value {
    match (&unary.expr.kind, unary.op) {
        (ExprKind::NumberLiteral(number), UnaryOp::Plus) => tree_of_number(number.value),
        (ExprKind::NumberLiteral(number), UnaryOp::Minus) => tree_of_number(-number.value),
        (_, op) => json!({ "type": "unaryExpr", "op": op.symbol(), "expr": tree(&unary.expr) }),
    }
}

fn tree_of_selector(selector: &VectorSelector) -> Value {
    let mut node: Value = times(selector.offset.as_ref(), selector.at);
    node["type"] = json!("vectorSelector");
    node["name"] = json!(selector.name.as_deref().unwrap_or(""));
    node["matchers"] = matchers(selector);
    node["anchored"] = json!(selector.extended.is_some_and(|extended| extended.keyword() == "anchored"));
    node["smoothed"] = json!(selector.extended.is_some_and(|extended| extended.keyword() == "smoothed"));
    node
}

fn tree_of_matrix(matrix: &MatrixSelector) -> Value {
    let mut node: Value = tree_of_selector(&matrix.selector);
    node["type"] = json!("matrixSelector");
    node["range"] = json!(ms(Some(&matrix.range)));
    node
}

fn tree_of_subquery(subquery: &Subquery) -> Value {
    let mut node: Value = times(subquery.offset.as_ref(), subquery.at);
    node["type"] = json!("subquery");
    node["expr"] = tree(&subquery.expr);
    node["range"] = json!(ms(Some(&subquery.range)));
    node["step"] = json!(ms(subquery.step.as_ref()));
    node
}

/// `offset`, `timestamp` and `startOrEnd`.
fn times(offset: Option<&DurationExpr>, at: Option<At>) -> Value {
    let (timestamp, border): (Option<i64>, Option<&str>) = match at {
        None => (None, None),
        Some(At::Timestamp(at_ms)) => (Some(at_ms), None),
        Some(At::Start) => (None, Some("start")),
        Some(At::End) => (None, Some("end")),
    };
    json!({ "offset": ms(offset), "timestamp": timestamp, "startOrEnd": border })
}

/// What a duration comes to in an instant query; 0 for one that is absent or depends on the query.
fn ms(duration: Option<&DurationExpr>) -> i64 {
    duration.and_then(|duration| duration.resolve_offset(QueryWindow::default()).ok()).unwrap_or(0)
}

/// The metric's name comes last, as Prometheus appends it.
fn matchers(selector: &VectorSelector) -> Value {
    let name: Option<Matcher> = selector.name.as_ref().and_then(|_| selector.all_matchers().into_iter().next());
    let all = selector.matchers.iter().cloned().chain(name);
    all.map(|matcher| json!({ "type": matcher.op.symbol(), "name": matcher.name, "value": matcher.value })).collect()
}

fn tree_of_call(call: &Call) -> Value {
    let types: Vec<&str> = call.func.args.iter().copied().map(type_word).collect();
    let args: Vec<Value> = call.args.iter().map(tree).collect();
    json!({
        "type": "call",
        "func": {
            "name": call.func.name,
            "argTypes": types,
            "variadic": call.func.max_args.map_or(-1, |most| i64::try_from(most - call.func.min_args).unwrap_or(-1)),
            "returnType": type_word(call.func.returns),
        },
        "args": args,
    })
}

fn type_word(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Scalar => "scalar",
        ValueType::Vector => "vector",
        ValueType::Matrix => "matrix",
        ValueType::String => "string",
    }
}

fn tree_of_aggregate(aggregate: &Aggregate) -> Value {
    json!({
        "type": "aggregation",
        "op": aggregate.op.name(),
        "expr": tree(&aggregate.expr),
        "param": aggregate.param.as_deref().map(tree),
        "grouping": aggregate.grouping,
        "without": aggregate.without,
    })
}

fn tree_of_binary(binary: &Binary) -> Value {
    json!({
        "type": "binaryExpr",
        "op": binary.op.symbol(),
        "lhs": tree(&binary.lhs),
        "rhs": tree(&binary.rhs),
        "matching": binary.matching.as_ref().map(tree_of_matching),
        "bool": binary.return_bool,
    })
}

fn tree_of_matching(matching: &VectorMatching) -> Value {
    let card: &str = match matching.card {
        MatchCardinality::OneToOne => "one-to-one",
        MatchCardinality::ManyToOne => "many-to-one",
        MatchCardinality::OneToMany => "one-to-many",
        MatchCardinality::ManyToMany => "many-to-many",
    };
    let FillValues { left, right } = matching.fill;
    json!({
        "card": card,
        "labels": matching.labels,
        "on": matching.on,
        "include": matching.include,
        "fillValues": { "lhs": left, "rhs": right },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        pretty(&promql::parse(text).unwrap(), 0)
    }

    fn parsed(text: &str) -> Value {
        tree(&promql::parse(text).unwrap())
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(formatted("sum(rate(up[5m]))by(job)"), "sum by (job) (rate(up[5m]))");
    }

    #[test]
    fn what_is_long_is_broken_at_its_operands() {
        let long: String = "a".repeat(90);
        assert_eq!(
            formatted(&format!("sum by (job) (rate({long}[5m])) / on (job) group_left () quantile(0.9, {long})")),
            format!(
                "  sum by (job) (\n    rate({long}[5m])\n  )\n/ on (job) group_left ()\n  quantile(\n    0.9,\n    {long}\n  )"
            )
        );
        assert_eq!(formatted(&format!("-({long} + b)")), format!("-({long} + b)"));
        assert_eq!(formatted(&format!("-({long} + bbbbbbbb)")), format!("-(\n    {long}\n  +\n    bbbbbbbb\n)"));
        let subquery: String = formatted(&format!("max_over_time(({long})[1h:5m] offset 1d)"));
        assert_eq!(subquery, format!("max_over_time(\n  ({long})[1h:5m] offset 1d\n)"));
    }

    #[test]
    fn what_is_formatted_means_the_same() {
        let long: String = "b".repeat(101);
        for text in [
            format!("label_replace({long}, \"a\", \"$1\", \"b\", \"(.*)\")"),
            format!("topk without (x) (3, {long}) unless ignoring (y) {long}"),
            format!("{long} > bool on () group_right (z) {long} or vector(1)"),
        ] {
            let again: String = promql::parse(&formatted(&text)).unwrap().to_string();
            assert_eq!(again, promql::parse(&text).unwrap().to_string());
        }
    }

    #[test]
    fn every_node_is_told() {
        let name = json!({ "type": "=", "name": "__name__", "value": "up" });
        let job = json!({ "type": "!~", "name": "job", "value": "a" });
        let selector = json!({
            "type": "vectorSelector", "name": "up", "offset": 60_000, "timestamp": null, "startOrEnd": "end",
            "matchers": [job, name], "anchored": false, "smoothed": false,
        });
        assert_eq!(parsed("up{job!~\"a\"} @ end() offset 1m"), selector);
        let matrix: Value = parsed("up[5m] @ 1.5");
        assert_eq!(
            (&matrix["type"], &matrix["range"], &matrix["timestamp"]),
            (&json!("matrixSelector"), &json!(300_000), &json!(1_500))
        );
        let subquery: Value = parsed("up[1h:5m]");
        assert_eq!(
            (&subquery["type"], &subquery["step"], &subquery["expr"]["name"]),
            (&json!("subquery"), &json!(300_000), &json!("up"))
        );
        let func = json!({ "name": "round", "argTypes": ["vector", "scalar"], "variadic": 1, "returnType": "vector" });
        let number = json!({ "type": "numberLiteral", "val": "0.5" });
        let call: Value = parsed("round(up, 0.5)");
        assert_eq!((&call["type"], &call["func"], &call["args"][1]), (&json!("call"), &func, &number));
        assert_eq!(parsed("label_join(up, \"a\", \"b\")")["func"]["variadic"], -1);
        let string = json!({ "type": "stringLiteral", "val": "v" });
        let aggregate: Value = parsed("count_values without (job) (\"v\", up)");
        assert_eq!((&aggregate["op"], &aggregate["param"]), (&json!("count_values"), &string));
        assert_eq!((&aggregate["grouping"], &aggregate["without"]), (&json!(["job"]), &json!(true)));
        assert_eq!(parsed("(-Inf)")["expr"], json!({ "type": "numberLiteral", "val": "-Inf" }));
        assert_eq!((parsed("-up")["type"].as_str(), parsed("-up")["op"].as_str()), (Some("unaryExpr"), Some("-")));
    }

    #[test]
    fn matching_is_told_between_vectors_only() {
        assert_eq!(parsed("1 + 2")["matching"], Value::Null);
        let matching = json!({
            "card": "many-to-one", "labels": ["job"], "on": true, "include": ["team"], "fillValues": { "lhs": null, "rhs": null },
        });
        let binary: Value = parsed("up == bool on (job) group_left (team) down");
        assert_eq!((&binary["op"], &binary["bool"], &binary["matching"]), (&json!("=="), &json!(true), &matching));
        assert_eq!(parsed("up and down")["matching"]["card"], "many-to-many");
    }
}

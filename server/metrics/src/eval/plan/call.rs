//! Expression to plan: function calls.

use std::f64::consts::PI;

use model::labels::{Labels, METRIC_NAME};
use promql::ast::{Call, Expr, ExprKind, MatchOp, Matcher, Span};
use promql::duration::QueryWindow;

use super::build::{Builder, unsupported};
use super::{BucketCall, BucketFn, Node, NodeKind, RangeInput, RangeNode, Reduce, SortBy, WindowCall};
use crate::eval::dates::DatePart;
use crate::eval::failure::EvalError;
use crate::eval::grid::Grid;
use crate::eval::mapping::Mapping;
use crate::eval::relabel::{Relabel, text};
use crate::eval::select::Take;
use crate::eval::window::RangeFn;

impl Builder {
    /// A function call, by the family of the function.
    pub fn call(&mut self, call: &Call, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        let name: &str = call.func.name;
        if let Some(function) = RangeFn::named(name) {
            return self.window_call(function, call, span, grid);
        }
        if let Some(mapping) = Mapping::named(name) {
            let arg: Box<Node> = self.arg(call, 0, span, grid)?;
            let params: Vec<Node> = self.nodes(&call.args[1..], grid)?;
            return Ok(NodeKind::Map { mapping, arg, params });
        }
        if let Some(part) = DatePart::named(name) {
            let arg: Option<Box<Node>> = match call.args.first() {
                Some(arg) => Some(Box::new(self.node(arg, grid)?)),
                None => None,
            };
            return Ok(NodeKind::Date { part, arg });
        }
        if let Some(constant) = self.constant(name) {
            return Ok(constant);
        }
        self.other_call(call, span, grid)
    }

    /// Scalars that do not change from step to step, and the clock.
    fn constant(&self, name: &str) -> Option<NodeKind> {
        let seconds = |ms: i64| Some(NodeKind::Number(ms as f64 / 1000.0));
        let window: QueryWindow = self.window();
        match name {
            "time" => Some(NodeKind::Time),
            "pi" => Some(NodeKind::Number(PI)),
            "step" => seconds(window.step_ms),
            "range" => seconds(window.range_ms),
            "start" => seconds(self.frame.grid.first_ms),
            "end" => seconds(self.frame.end_ms),
            _ => None,
        }
    }

    fn other_call(&mut self, call: &Call, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        match call.func.name {
            "absent" => {
                let labels: Labels = call.args.first().map(absent_labels).unwrap_or_default();
                Ok(NodeKind::Absent { arg: self.arg(call, 0, span, grid)?, labels })
            }
            "scalar" => Ok(NodeKind::ToScalar(self.arg(call, 0, span, grid)?)),
            "vector" => Ok(NodeKind::ToVector(self.arg(call, 0, span, grid)?)),
            "timestamp" => self.timestamp(call, span, grid),
            "min_of" | "max_of" => Ok(NodeKind::Choose {
                max: call.func.name == "max_of",
                lhs: self.arg(call, 0, span, grid)?,
                rhs: self.arg(call, 1, span, grid)?,
            }),
            "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => self.sort(call, span, grid),
            "label_replace" => Ok(NodeKind::Relabel { how: Relabel::replace(&call.args)?, arg: self.arg(call, 0, span, grid)? }),
            "label_join" => Ok(NodeKind::Relabel { how: Relabel::join(&call.args)?, arg: self.arg(call, 0, span, grid)? }),
            "histogram_quantile" => self.buckets(BucketFn::Quantile, call, span, grid),
            "histogram_fraction" => self.buckets(BucketFn::Fraction, call, span, grid),
            "histogram_avg" | "histogram_count" | "histogram_stddev" | "histogram_stdvar" | "histogram_sum" => {
                Ok(NodeKind::NativeOnly(self.arg(call, 0, span, grid)?))
            }
            name => Err(unsupported(format!("the function {name}()"), span)),
        }
    }

    fn window_call(&mut self, function: RangeFn, call: &Call, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        let place: usize = function.range_argument();
        let arg: &Expr = argument(call, place, span)?;
        let over: RangeNode = self.range(arg, grid)?;
        let mut params: Vec<Node> = Vec::new();
        for (index, other) in call.args.iter().enumerate() {
            if index != place {
                params.push(self.node(other, grid)?);
            }
        }
        if let (RangeInput::Slot(slot), true) = (&over.input, params.is_empty()) {
            self.reduce(*slot, Reduce::Over(function));
        }
        let absent: Labels = absent_labels(arg.unparen());
        Ok(NodeKind::Window(Box::new(WindowCall { function, over, over_span: arg.unparen().span, params, absent })))
    }

    /// Of a bare selector, in parentheses or not, the times of the samples themselves.
    fn timestamp(&mut self, call: &Call, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        let arg: &Expr = argument(call, 0, span)?.unparen();
        match &arg.kind {
            ExprKind::VectorSelector(selector) => Ok(NodeKind::Select(self.select(selector, arg.span, grid, Take::Time)?)),
            _ => Ok(NodeKind::EvalTimes(Box::new(self.node(arg, grid)?))),
        }
    }

    fn sort(&mut self, call: &Call, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        let by: SortBy = if call.func.name.starts_with("sort_by_label") {
            SortBy::Labels(call.args.iter().skip(1).map(text).collect::<Result<Vec<String>, EvalError>>()?)
        } else {
            SortBy::Value
        };
        Ok(NodeKind::Sort { by, descending: call.func.name.ends_with("_desc"), arg: self.arg(call, 0, span, grid)? })
    }

    fn buckets(&mut self, function: BucketFn, call: &Call, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        let (arg, params): (&Expr, &[Expr]) =
            call.args.split_last().ok_or(EvalError::Mistyped { expected: "instant vector", span })?;
        let params: Vec<Node> = self.nodes(params, grid)?;
        Ok(NodeKind::Buckets(Box::new(BucketCall { function, params, arg: self.node(arg, grid)? })))
    }

    fn nodes(&mut self, args: &[Expr], grid: &Grid) -> Result<Vec<Node>, EvalError> {
        args.iter().map(|arg| self.node(arg, grid)).collect()
    }

    fn arg(&mut self, call: &Call, index: usize, span: Span, grid: &Grid) -> Result<Box<Node>, EvalError> {
        Ok(Box::new(self.node(argument(call, index, span)?, grid)?))
    }
}

/// An argument that the parser's checks promise.
fn argument(call: &Call, index: usize, span: Span) -> Result<&Expr, EvalError> {
    let expected: &'static str = call.func.arg_type(index).map_or("argument", |wanted| wanted.words());
    call.args.get(index).ok_or(EvalError::Mistyped { expected, span })
}

/// What can be said about a series that is not there: the labels its selector requires by `=`, once each.
fn absent_labels(arg: &Expr) -> Labels {
    let matchers: &[Matcher] = match &arg.unparen().kind {
        ExprKind::VectorSelector(selector) => &selector.matchers,
        ExprKind::MatrixSelector(matrix) => &matrix.selector.matchers,
        _ => &[],
    };
    let mut labels: Labels = Labels::default();
    let mut seen: Vec<&str> = Vec::new();
    for matcher in matchers.iter().filter(|matcher| matcher.name != METRIC_NAME) {
        if matcher.op == MatchOp::Eq && !seen.contains(&matcher.name.as_str()) {
            labels.set(matcher.name.clone(), matcher.value.clone());
            seen.push(&matcher.name);
        } else {
            labels.remove(&matcher.name);
        }
    }
    labels
}

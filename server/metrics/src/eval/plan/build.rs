//! Expression to plan: selectors, operators and aggregations.

use promql::ast::{Aggregate, At, Binary, Expr, ExprKind, Matcher, MatrixSelector, Span, Subquery, UnaryOp, VectorSelector};
use promql::duration::{DurationExpr, QueryWindow};
use promql::operators::VectorMatching;

use super::{
    AggregateNode, BinaryNode, DEFAULT_SUBQUERY_STEP_MS, Grouping, MAX_DEPTH, Node, NodeKind, RangeInput, RangeNode, Reduce,
    Selection,
};
use crate::eval::failure::EvalError;
use crate::eval::grid::{Frame, Grid, Shift, subquery_grid};
use crate::eval::select::Take;

/// Builds one plan.
pub(super) struct Builder {
    /// The query's own steps.
    pub frame: Frame,
    lookback_ms: i64,
    max_samples: usize,
    depth: usize,
    selections: Vec<Selection>,
}

impl Builder {
    pub fn new(frame: Frame, lookback_ms: i64, max_samples: usize) -> Self {
        Self { frame, lookback_ms, max_samples, depth: 0, selections: Vec::new() }
    }

    pub fn into_selections(self) -> Vec<Selection> {
        self.selections
    }

    /// The plan of a node that is computed at the moments of `grid`.
    pub fn node(&mut self, expr: &Expr, grid: &Grid) -> Result<Node, EvalError> {
        if self.depth >= MAX_DEPTH {
            return Err(EvalError::TooDeep { span: expr.span });
        }
        self.depth += 1;
        let built: Result<NodeKind, EvalError> = self.kind(expr, grid);
        self.depth -= 1;
        // Parentheses have no node of their own, so that a position is that of what they hold, as in Prometheus.
        Ok(Node { kind: built?, span: expr.unparen().span })
    }

    fn kind(&mut self, expr: &Expr, grid: &Grid) -> Result<NodeKind, EvalError> {
        let expr: &Expr = expr.unparen();
        match &expr.kind {
            ExprKind::NumberLiteral(number) => Ok(NodeKind::Number(number.value)),
            ExprKind::StringLiteral(text) => Ok(NodeKind::Text(text.clone())),
            ExprKind::VectorSelector(selector) => Ok(NodeKind::Select(self.select(selector, expr.span, grid, Take::Value)?)),
            ExprKind::Call(call) => self.call(call, expr.span, grid),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, expr.span, grid),
            ExprKind::Binary(binary) => self.binary(binary, expr.span, grid),
            ExprKind::Unary(unary) => {
                let arg: Node = self.node(&unary.expr, grid)?;
                Ok(match unary.op {
                    UnaryOp::Plus => arg.kind,
                    UnaryOp::Minus => NodeKind::Negate(Box::new(arg)),
                })
            }
            ExprKind::MatrixSelector(_) | ExprKind::Subquery(_) | ExprKind::Paren(_) => {
                Err(EvalError::Mistyped { expected: "instant vector", span: expr.span })
            }
        }
    }

    /// A range vector that is the whole query.
    pub fn points(&mut self, expr: &Expr) -> Result<Node, EvalError> {
        let grid: Grid = self.frame.grid;
        let range: RangeNode = self.range(expr, &grid)?;
        Ok(Node { kind: NodeKind::Points(range), span: expr.unparen().span })
    }

    /// An instant selector; notes what it reads.
    pub fn select(&mut self, selector: &VectorSelector, span: Span, grid: &Grid, take: Take) -> Result<usize, EvalError> {
        refuse_extended(selector, span)?;
        let shift: Shift = self.shift(selector.offset.as_ref(), selector.at)?;
        let slot: usize = self.read(selector, shift, self.lookback_ms, grid);
        self.reduce(slot, Reduce::Newest(take));
        Ok(slot)
    }

    /// A range vector.
    pub fn range(&mut self, expr: &Expr, grid: &Grid) -> Result<RangeNode, EvalError> {
        let expr: &Expr = expr.unparen();
        match &expr.kind {
            ExprKind::MatrixSelector(matrix) => self.matrix(matrix, expr.span, grid),
            ExprKind::Subquery(subquery) => self.subquery(subquery, grid),
            _ => Err(EvalError::Mistyped { expected: "range vector", span: expr.span }),
        }
    }

    fn matrix(&mut self, matrix: &MatrixSelector, span: Span, grid: &Grid) -> Result<RangeNode, EvalError> {
        refuse_extended(&matrix.selector, span)?;
        let shift: Shift = self.shift(matrix.selector.offset.as_ref(), matrix.selector.at)?;
        let range_ms: i64 = self.positive(&matrix.range)?;
        let slot: usize = self.read(&matrix.selector, shift, range_ms, grid);
        Ok(RangeNode { input: RangeInput::Slot(slot), shift, range_ms })
    }

    fn subquery(&mut self, subquery: &Subquery, parent: &Grid) -> Result<RangeNode, EvalError> {
        let shift: Shift = self.shift(subquery.offset.as_ref(), subquery.at)?;
        let range_ms: i64 = self.positive(&subquery.range)?;
        let step_ms: i64 = subquery.step.as_ref().map_or(Ok(DEFAULT_SUBQUERY_STEP_MS), |step| self.positive(step))?;
        let input: RangeInput = match subquery_grid(parent, shift, range_ms, step_ms) {
            None => RangeInput::Nothing,
            // One column of that length is the least it will cost.
            Some(grid) if grid.len > self.max_samples => return Err(EvalError::TooManySamples),
            Some(grid) => RangeInput::Subquery { node: Box::new(self.node(&subquery.expr, &grid)?), grid },
        };
        Ok(RangeNode { input, shift, range_ms })
    }

    /// Lists a selection: windows of `range_ms`, open on the left, ending at every moment of the grid.
    fn read(&mut self, selector: &VectorSelector, shift: Shift, range_ms: i64, grid: &Grid) -> usize {
        let matchers: Vec<Matcher> = selector.all_matchers();
        self.selections.push(Selection { matchers, grid: *grid, shift, range_ms, reduce: None });
        self.selections.len() - 1
    }

    /// Notes what each series of a selection comes to.
    pub fn reduce(&mut self, slot: usize, reduce: Reduce) {
        if let Some(selection) = self.selections.get_mut(slot) {
            selection.reduce = Some(reduce);
        }
    }

    fn shift(&self, offset: Option<&DurationExpr>, at: Option<At>) -> Result<Shift, EvalError> {
        let offset_ms: i64 = match offset {
            None => 0,
            Some(duration) => {
                duration.resolve_offset(self.window()).map_err(|source| EvalError::Duration { source, span: duration.span })?
            }
        };
        let pinned_ms: Option<i64> = at.map(|at| match at {
            At::Timestamp(at_ms) => at_ms,
            At::Start => self.frame.grid.first_ms,
            At::End => self.frame.end_ms,
        });
        Ok(Shift { pinned_ms, offset_ms })
    }

    fn positive(&self, duration: &DurationExpr) -> Result<i64, EvalError> {
        duration.resolve(self.window()).map_err(|source| EvalError::Duration { source, span: duration.span })
    }

    /// What `step()` and `range()` stand for: 0 in an instant query.
    pub fn window(&self) -> QueryWindow {
        let grid: Grid = self.frame.grid;
        if self.frame.range {
            QueryWindow { step_ms: grid.step_ms, range_ms: self.frame.end_ms.saturating_sub(grid.first_ms) }
        } else {
            QueryWindow { step_ms: 0, range_ms: 0 }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        if aggregate.op.experimental() {
            return Err(unsupported(format!("{}()", aggregate.op.name()), span));
        }
        let param: Option<Node> = match &aggregate.param {
            Some(param) => Some(self.node(param, grid)?),
            None => None,
        };
        Ok(NodeKind::Aggregate(Box::new(AggregateNode {
            op: aggregate.op,
            param,
            grouping: Grouping { names: aggregate.grouping.clone(), without: aggregate.without },
            arg: self.node(&aggregate.expr, grid)?,
        })))
    }

    fn binary(&mut self, binary: &Binary, span: Span, grid: &Grid) -> Result<NodeKind, EvalError> {
        if binary.op.is_trim() {
            return Err(unsupported(format!("the native histogram operator {}", binary.op), span));
        }
        let filled = |matching: &VectorMatching| !matching.fill.is_empty();
        if binary.matching.as_ref().is_some_and(filled) {
            return Err(unsupported("the modifier fill".to_owned(), span));
        }
        Ok(NodeKind::Binary(Box::new(BinaryNode {
            op: binary.op,
            lhs: self.node(&binary.lhs, grid)?,
            rhs: self.node(&binary.rhs, grid)?,
            matching: binary.matching.clone(),
            return_bool: binary.return_bool,
        })))
    }
}

/// A refusal by name.
pub(super) fn unsupported(what: String, span: Span) -> EvalError {
    EvalError::Unsupported { what, span }
}

fn refuse_extended(selector: &VectorSelector, span: Span) -> Result<(), EvalError> {
    match selector.extended {
        Some(extended) => Err(unsupported(format!("the modifier {}", extended.keyword()), span)),
        None => Ok(()),
    }
}

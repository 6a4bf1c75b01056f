//! Which alerts would be told elsewhere by another tree. Pure.

use super::{Node, Tree};
use model::ids::AlertId;
use model::labels::Labels;

/// A route that takes an alert, and whom it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taker {
    pub path: String,
    /// Empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    pub escalation: Option<String>,
}

/// An alert that changes its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub alert: AlertId,
    pub before: Vec<Taker>,
    pub after: Vec<Taker>,
}

/// Those of `alerts` that another route takes, or that others hear of. A route that only waits longer moves nothing.
#[must_use]
pub fn moved(before: &Tree, after: &Tree, alerts: &[(AlertId, Labels)]) -> Vec<Moved> {
    let mut all: Vec<Moved> = Vec::new();
    for (alert, labels) in alerts {
        let (was, is) = (takers(before, labels), takers(after, labels));
        if was != is {
            all.push(Moved { alert: *alert, before: was, after: is });
        }
    }
    all
}

fn takers(tree: &Tree, labels: &Labels) -> Vec<Taker> {
    let taken = tree.takers(labels).into_iter();
    let taker = |node: &Node| Taker {
        path: node.path.clone(),
        channels: node.settings.channels.clone(),
        escalation: node.settings.escalation.clone(),
    };
    taken.map(taker).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::file::Duration;
    use crate::routes::{Calendars, Route};

    fn tree(change: impl Fn(&mut Route)) -> Tree {
        let matchers = vec!["team=db".parse().unwrap()];
        let child = Route { name: "db".to_owned(), matchers, channels: Some(vec!["db".to_owned()]), ..Route::unwritten() };
        let mut root = Route { routes: vec![child], ..Route::unwritten() };
        change(&mut root);
        Tree::new(&root, Calendars::new())
    }

    fn found(after: &Tree) -> Vec<i64> {
        let alerts = [(AlertId(1), Labels::new([("team", "db")])), (AlertId(2), Labels::new([("team", "web")]))];
        moved(&tree(|_| {}), after, &alerts).into_iter().map(|one| one.alert.0).collect()
    }

    #[test]
    fn only_what_goes_elsewhere_is_found() {
        assert!(found(&tree(|_| {})).is_empty());
        assert!(found(&tree(|root| root.group_wait = Some(Duration(5)))).is_empty());
        assert_eq!(found(&tree(|root| root.routes.clear())), [1]);
        assert_eq!(found(&tree(|root| root.routes[0].channels = None)), [1]);
        assert_eq!(found(&tree(|root| root.routes[0].escalation = Some("db".to_owned()))), [1]);
        assert_eq!(found(&tree(|root| root.channels = Some(vec!["ops".to_owned()]))), [2]);
        assert_eq!(found(&tree(|root| root.name = "all".to_owned())), [1, 2], "a route renamed tells again");
    }
}

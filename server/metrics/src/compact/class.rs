//! Classes of metrics that are kept for the same time. A chunk holds metrics of one class, so that a class' days can be dropped whole.

use crate::series::Day;

/// One class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    /// `metric_class.id`.
    pub(crate) id: i32,
    /// What the names of its metrics begin with; empty for all the rest.
    pub(crate) prefix: String,
    /// For how many whole days samples are kept.
    pub(crate) days: Day,
}

/// All classes of the settings, and how long what belongs to none of them is kept.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    longest_prefix_first: Vec<Class>,
    otherwise: Day,
}

impl Classes {
    /// `classes` holds one with the empty prefix. `otherwise` is for classes of earlier settings.
    pub(crate) fn new(mut classes: Vec<Class>, otherwise: Day) -> Self {
        classes.sort_by(|left, right| right.prefix.len().cmp(&left.prefix.len()).then_with(|| left.prefix.cmp(&right.prefix)));
        Self { longest_prefix_first: classes, otherwise }
    }

    /// The class of a metric: the one with the longest prefix that fits.
    pub(crate) fn of(&self, metric: &str) -> i32 {
        let fits = |class: &&Class| metric.starts_with(class.prefix.as_str());
        // The empty prefix fits always.
        self.longest_prefix_first.iter().find(fits).map_or(0, |class| class.id)
    }

    /// The numbers of all classes of the settings.
    pub(crate) fn ids(&self) -> impl Iterator<Item = i32> + '_ {
        self.longest_prefix_first.iter().map(|class| class.id)
    }

    /// For how many days chunks of a class are kept.
    pub(crate) fn days(&self, id: i32) -> Day {
        self.longest_prefix_first.iter().find(|class| class.id == id).map_or(self.otherwise, |class| class.days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_decides() {
        let class = |id: i32, prefix: &str, days: Day| Class { id, prefix: prefix.to_owned(), days };
        let classes = Classes::new(vec![class(1, "", 15), class(2, "node_", 30), class(3, "node_cpu_", 90)], 15);
        assert_eq!((classes.of("up"), classes.of("node_load1"), classes.of("node_cpu_seconds_total")), (1, 2, 3));
        assert_eq!((classes.days(3), classes.days(1), classes.days(9)), (90, 15, 15));
    }
}

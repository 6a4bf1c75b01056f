//! Which series belong together in an aggregation.

use std::collections::HashMap;
use std::sync::Arc;

use model::labels::Labels;

use super::plan::Grouping;
use super::series::{METADATA, Series, keep};

/// The groups of an instant vector, in the order they are first met.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// By group.
    pub heads: Vec<Head>,
    /// The group of each series.
    pub of_series: Vec<usize>,
}

/// What the series of a group have in common.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// The labels that are left.
    pub labels: Arc<Labels>,
    /// Whether a metric name among them still has to leave.
    pub drop_name: bool,
}

impl Groups {
    /// Groups the series.
    pub fn of(series: &[Series], grouping: &Grouping) -> Self {
        let mut places: HashMap<Arc<Labels>, usize> = HashMap::new();
        let mut groups: Self = Self::default();
        for one in series {
            let labels: Arc<Labels> = Arc::new(group_labels(&one.labels, grouping));
            let next: usize = groups.heads.len();
            let group: usize = *places.entry(Arc::clone(&labels)).or_insert(next);
            if group == next {
                let drop_name: bool = one.drop_name && METADATA.iter().any(|name| !labels.get(name).is_empty());
                groups.heads.push(Head { labels, drop_name });
            }
            groups.of_series.push(group);
        }
        groups
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// The series of each group, as indices.
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.heads.len()];
        for (index, group) in self.of_series.iter().enumerate() {
            members[*group].push(index);
        }
        members
    }

    /// One series per group with the given columns, those without any value left out.
    pub fn series(&self, columns: Vec<Vec<f64>>) -> Vec<Series> {
        self.heads
            .iter()
            .zip(columns)
            .map(|(head, values)| Series { labels: Arc::clone(&head.labels), drop_name: head.drop_name, values })
            .filter(Series::is_present)
            .collect()
    }
}

/// The labels that identify the group of a series. `without` also drops the name and what describes it.
pub(super) fn group_labels(labels: &Labels, grouping: &Grouping) -> Labels {
    if !grouping.without {
        return keep(labels, &grouping.names);
    }
    let stays = |name: &str| !METADATA.contains(&name) && !grouping.names.iter().any(|dropped| dropped == name);
    Labels::new(labels.iter().filter(|(name, _)| stays(name)))
}

//! Labels: a sorted set of name and value, as Prometheus means it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Sorted by name, names unique, no empty values (an empty value means absence).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(Vec<(String, String)>);

/// The label that holds a metric's name.
pub const METRIC_NAME: &str = "__name__";

impl Labels {
    /// From pairs in any order; later duplicates replace earlier ones, empty values are left out.
    #[must_use]
    pub fn new<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut labels = Self::default();
        for (name, value) in pairs {
            labels.set(name.into(), value.into());
        }
        labels
    }

    /// Sets one label; an empty value removes it.
    pub fn set(&mut self, name: String, value: String) {
        match self.0.binary_search_by(|(have, _)| have.as_str().cmp(&name)) {
            Ok(at) if value.is_empty() => drop(self.0.remove(at)),
            Ok(at) => self.0[at].1 = value,
            Err(_) if value.is_empty() => {}
            Err(at) => self.0.insert(at, (name, value)),
        }
    }

    /// Removes one label.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(have, _)| have != name);
    }

    /// The value of `name`, or `""` when absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.binary_search_by(|(have, _)| have.as_str().cmp(name)).map_or("", |at| self.0[at].1.as_str())
    }

    /// The metric's name, or `""`.
    #[must_use]
    pub fn metric(&self) -> &str {
        self.get(METRIC_NAME)
    }

    /// Name and value, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many labels there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same without the metric's name.
    #[must_use]
    pub fn without_name(&self) -> Self {
        Self(self.0.iter().filter(|(name, _)| name != METRIC_NAME).cloned().collect())
    }
}

impl fmt::Display for Labels {
    /// `cpu{host="a",mode="idle"}`, with the escapes of the exposition format.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.metric())?;
        let mut separator = "{";
        for (name, value) in self.iter().filter(|(name, _)| *name != METRIC_NAME) {
            write!(f, "{separator}{name}={value:?}")?;
            separator = ",";
        }
        if separator == "," || self.metric().is_empty() {
            f.write_str(if separator == "," { "}" } else { "{}" })?;
        }
        Ok(())
    }
}

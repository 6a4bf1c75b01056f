//! The words of Explore.

mod en;
mod ja;

use crate::words::locale;
use figures::Locale;

/// A question to begin with: what it answers, and the expression.
pub type Example = (&'static str, &'static str);

/// Everything the screen Explore says.
pub struct ExploreWords {
    pub title: &'static str,
    pub about: &'static str,
    pub expression: &'static str,
    /// A query by its letter.
    pub query: fn(char) -> String,
    pub run: &'static str,
    pub keys: &'static str,
    pub add: &'static str,
    pub most: &'static str,
    pub hide: fn(char) -> String,
    pub show: fn(char) -> String,
    pub hidden: &'static str,
    pub remove: fn(char) -> String,
    pub at: fn(usize, usize) -> String,
    pub mode: &'static str,
    pub graph: &'static str,
    pub instant: &'static str,
    pub beside: &'static str,
    /// Not split, the span before, a day and a week earlier.
    pub besides: [&'static str; 4],
    pub other_time: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub compare: &'static str,
    pub empty: &'static str,
    pub empty_hint: &'static str,
    pub nothing: &'static str,
    pub nothing_hint: &'static str,
    pub not_run: &'static str,
    pub too_long: fn(u32) -> String,
    pub too_much: &'static str,
    pub too_slow: &'static str,
    pub busy: &'static str,
    pub refused: &'static str,
    pub n_series: fn(u32) -> String,
    /// How many are drawn of how many, and why not more.
    pub drawn: fn(u32, u32) -> String,
    /// From which to which row, of how many.
    pub rows: fn(u32, u32, u32) -> String,
    pub earlier_rows: &'static str,
    pub later_rows: &'static str,
    pub step: fn(&str) -> String,
    pub only_instant: &'static str,
    pub notes: &'static str,
    pub chart: &'static str,
    pub series: &'static str,
    pub last: &'static str,
    pub min: &'static str,
    pub max: &'static str,
    pub avg: &'static str,
    pub count: &'static str,
    pub value: &'static str,
    pub examples: [Example; 5],
    pub uses: &'static str,
    pub rule: fn(Option<char>) -> String,
    pub pin: &'static str,
    pub pin_query: &'static str,
    pub pin_to: &'static str,
    pub pin_new: &'static str,
    pub pin_title: &'static str,
    pub pin_title_hint: &'static str,
    pub pin_do: &'static str,
    pub share: &'static str,
    pub history: &'static str,
    pub no_history: &'static str,
    pub forget: &'static str,
    pub names: &'static str,
    pub find: &'static str,
    pub find_hint: &'static str,
    pub find_do: &'static str,
    pub all_metrics: &'static str,
    pub metrics: &'static str,
    pub labels_of: fn(&str) -> String,
    pub values_of: fn(&str, &str) -> String,
    pub n_values: fn(u64) -> String,
    pub n_series_now: fn(u64) -> String,
    pub put: &'static str,
    pub put_of: fn(&str) -> String,
    pub look_into: fn(&str) -> String,
    pub no_names: &'static str,
    pub cut: fn(usize, u32) -> String,
    pub unlike: &'static str,
    pub unlike_about: &'static str,
    pub unlike_here: &'static str,
    pub unlike_do: &'static str,
    pub unlike_none: &'static str,
    pub unlike_none_hint: &'static str,
    pub unlike_leave: &'static str,
    /// Its window, and since when it was compared.
    pub unlike_when: fn(&str, &str) -> String,
    /// How many were looked at, of how many, and how many gave no answer.
    pub looked: fn(u32, u32, u32) -> String,
    pub time_over: &'static str,
    pub metric: &'static str,
    pub score: &'static str,
    pub usual: &'static str,
    pub inside: &'static str,
    pub course: &'static str,
    pub course_of: fn(&str) -> String,
}

/// Expressions over what every host measures; those of the two languages are the same.
const CPU: &str = "100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode=\"idle\"}[1m])))";
const MEMORY: &str = "node_memory_MemAvailable_bytes";
const DISK: &str = "100 * (1 - min by (host, mountpoint) (node_filesystem_avail_bytes / node_filesystem_size_bytes))";
const NETWORK: &str = "8 * sum by (host) (rate(node_network_receive_bytes_total{device!=\"lo\"}[1m]))";
const LOAD: &str = "node_load1 / on (host) count by (host) (node_cpu_seconds_total{mode=\"idle\"})";

/// The screen's words in the reader's language.
#[must_use]
pub fn explore_words() -> &'static ExploreWords {
    match locale() {
        Locale::Ja => &ja::JA,
        Locale::En => &en::EN,
    }
}

#[cfg(test)]
mod tests {
    use super::en::EN;
    use super::ja::JA;

    #[test]
    fn every_example_is_promql_and_stands_in_both_languages() {
        for (ja, en) in JA.examples.iter().zip(&EN.examples) {
            assert_eq!(ja.1, en.1);
            assert!(promql::parse(ja.1).is_ok(), "{}: {:?}", ja.1, promql::parse(ja.1).err());
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        assert_eq!((EN.rows)(101, 200, 5_000), "Rows 101 to 200 of 5,000");
        assert_eq!((JA.drawn)(50, 1_500), "見分けがつくよう、先頭 50 系列だけを描いています（全 1,500 系列）");
    }
}

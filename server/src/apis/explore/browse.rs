//! Names as somebody looks through them who does not know what there is: metrics, the labels of one, the values of a label.

use crate::apis::explore::names;
use crate::apis::{explore::number, plots};
use crate::wiring::House;
use ::api::ApiError;
use ::api::explore::{ExploreName, ExploreNames, ExploreWords, Inside};
use expression::offer::selector;
use model::labels::Labels;
use promql::strings::quote;

/// Names of one list: more than anybody reads. Who wants another looks for it.
const MOST: usize = 200;

/// What stands inside; of metrics those whose names hold `find`.
///
/// # Errors
/// `TryLater` while too much is asked, `Unavailable`.
pub async fn inside(house: &House, inside: &Inside, find: &str) -> Result<ExploreNames, ApiError> {
    let found: ExploreNames = match (inside.metric.as_str(), inside.label.as_str()) {
        ("", _) => plain(names::metrics(house, find.trim()).await?),
        (metric, "") => labels(house, metric).await?,
        (metric, label) => values(house, metric, label).await?,
    };
    Ok(ExploreNames { inside: inside.clone(), ..found })
}

fn plain(found: ExploreWords) -> ExploreNames {
    let name = |word: ::api::explore::ExploreWord| ExploreName { name: word.word, hint: word.hint, count: None };
    ExploreNames { all: found.words.into_iter().map(name).collect(), total: found.total, ..ExploreNames::default() }
}

/// The labels of a metric with how many values each has. Where they are not counted here (another engine answers), their names.
async fn labels(house: &House, metric: &str) -> Result<ExploreNames, ApiError> {
    let found = house.metrics.metric_survey(metric).await.map_err(|error| names::unlisted(&error))?;
    let Some(survey) = &*found else { return Ok(plain(names::labels(house, metric).await?)) };
    let name = |label: &metrics::cardinality::metric::LabelSurvey| ExploreName {
        name: label.name.clone(),
        hint: String::new(),
        count: Some(label.values),
    };
    let all: Vec<ExploreName> = survey.labels.iter().take(MOST).map(name).collect();
    Ok(ExploreNames { total: number(survey.labels.len()), all, ..ExploreNames::default() })
}

/// The values of a label with how many series have each now, the most first; of a metric that is silent now, their names.
async fn values(house: &House, metric: &str, label: &str) -> Result<ExploreNames, ApiError> {
    let counting: String = format!("count by ({}) ({})", quote(label), selector(metric, &[]));
    let counted = plots::instant(house, &counting, house.clock.now()).await.unwrap_or_default();
    let mut all: Vec<ExploreName> = counted.iter().filter_map(|(labels, n)| value(labels, label, *n)).collect();
    if all.is_empty() {
        return Ok(plain(names::values(house, metric, label, "").await?));
    }
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    let total: u32 = number(all.len());
    all.truncate(MOST);
    Ok(ExploreNames { all, total, ..ExploreNames::default() })
}

fn value(labels: &Labels, label: &str, count: f64) -> Option<ExploreName> {
    let name: &str = labels.get(label);
    (!name.is_empty()).then(|| ExploreName { name: name.to_owned(), hint: String::new(), count: Some(count as u64) })
}

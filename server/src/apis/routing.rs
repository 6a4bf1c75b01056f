//! The door to routes: the tree, the way of an alert, and a route that is edited: the change is shown as a plan, and put in force over the
//! revision it was made of.

mod diff;
mod form;
mod tree;
mod way;

use crate::apis::Door;
use crate::apis::alerting::shown;
use crate::apis::silences::shape;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::Text;
use ::api::routing::{
    MovedView, RouteAsk, RouteNode, RoutePlan, RouteSheet, RouteTrouble, RoutesView, RoutingApi, Subject, TellingView, WayAsk,
};
use ::api::silences::CoveredAlert;
use alerting::needs::PagedAlert;
use alerting::routes::file::Definition;
use alerting::routes::moved::{Moved, Taker};
use alerting::routes::{Route, edit, printer};
use alerting::routing::Routing;
use alerting::routing::looking::{InForce, Telling};
use alerting::{Filter, RuleErrors, RuleFile, Show};
use async_trait::async_trait;
use form::Found;
use leptos_axum::redirect;
use model::access::{ApplyRules, ReadConsole};
use model::ids::AlertId;
use model::{Time, links};
use oncall::policies::keeping::PolicyRow;
use tree::There;

/// Answers the screens of routes.
pub struct Adapter(pub Door);

/// Alerts whose way can be chosen from a list.
const MOST_SUBJECTS: i64 = 50;
/// Alerts shown of those that a change moves.
const MOST_MOVED: usize = 20;
/// What mistakes in a printed file are told of.
const FILE: &str = "routes.yaml";

#[async_trait]
impl RoutingApi for Adapter {
    async fn routes(&self, ask: WayAsk) -> Result<RoutesView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let in_force: InForce = self.0.house.routing.in_force().await.map_err(shown)?;
        let there: There = self.there().await?;
        let now: Time = self.0.house.clock.now();
        let definition: &Definition = &in_force.definition;
        Ok(RoutesView {
            revision: in_force.revision,
            nodes: tree::nodes(definition, &there, now),
            inhibitions: tree::inhibitions(&definition.inhibitions),
            calendars: tree::calendars(&definition.calendars, now),
            yaml: printer::print(definition),
            alerts: self.alerts().await?,
            rules: self.rules().await?,
            way: way::view(&self.0, &ask).await?,
            history: tree::history(in_force.history),
        })
    }

    async fn tellings(&self, alert: AlertId) -> Result<Vec<TellingView>, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let tellings: Vec<Telling> = self.0.house.routing.tellings(alert).await.map_err(shown)?;
        Ok(tellings.into_iter().map(way::telling).collect())
    }

    async fn edit(&self, ask: RouteAsk) -> Result<RouteSheet, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let in_force: InForce = self.0.house.routing.in_force().await.map_err(shown)?;
        let there: There = self.there().await?;
        let definition: &Definition = &in_force.definition;
        let nodes: Vec<RouteNode> = tree::nodes(definition, &there, self.0.house.clock.now());
        let root: Route = definition.routes.clone().unwrap_or_else(Route::unwritten);
        let written: &Route = at(&root, &ask.path).ok_or(ApiError::NotFound { what: format!("route {}", ask.path) })?;
        let is_act: bool = matches!(ask.act.as_str(), "remove" | "up" | "down");
        let is_planned: bool = ask.written || is_act;
        let plan: Option<RoutePlan> = if is_planned { Some(self.plan(definition, &root, &ask).await?) } else { None };
        Ok(RouteSheet {
            inherits: inherited(&nodes, &ask),
            is_outermost: ask.act != "add" && ask.path == root.name,
            revision: in_force.revision,
            channels: there.channels,
            policies: there.policies,
            calendars: definition.calendars.iter().map(|calendar| calendar.name.clone()).collect(),
            plan,
            ask: shown_form(ask, written),
        })
    }

    async fn apply(&self, yaml: String, revision: i64) -> Result<i64, ApiError> {
        let grant = self.0.admit::<ApplyRules>()?;
        let definition: Definition = check(&yaml).map_err(|problem| RouteTrouble::Tree.refused(&problem))?;
        let done = self.0.house.routing.apply_over(&grant, &definition, revision).await.map_err(shown)?;
        let applied = done.ok_or_else(|| RouteTrouble::Stale.refused("the revision in force, found an older one"))?;
        redirect(&links::routes_applied(applied.revision));
        Ok(applied.revision)
    }
}

impl Adapter {
    async fn there(&self) -> Result<There, ApiError> {
        let channels = self.0.house.notify.channels().await.map_err(|error| unavailable(&error))?;
        let policies: Vec<PolicyRow> = self.0.house.oncall.policies().list().await.map_err(|error| unavailable(&error))?;
        Ok(There {
            channels: channels.into_iter().map(|row| (row.name, row.enabled)).collect(),
            policies: policies.into_iter().map(|row| row.policy.name).collect(),
        })
    }

    async fn alerts(&self) -> Result<Vec<Subject>, ApiError> {
        let filter = Filter { show: Show::Open, limit: MOST_SUBJECTS, ..Filter::default() };
        let rows = self.0.house.alerting.alerts(&filter).await.map_err(shown)?;
        let subject =
            |row: alerting::AlertRow| Subject { key: row.id.to_string(), name: Text { ja: row.summary.ja, en: row.summary.en } };
        Ok(rows.into_iter().map(subject).collect())
    }

    async fn rules(&self) -> Result<Vec<Subject>, ApiError> {
        let rows = self.0.house.alerting.rules().await.map_err(shown)?;
        let subject = |row: alerting::RuleRow| Subject {
            key: format!("{}{}", way::RULE, row.rule.id),
            name: Text { ja: row.rule.name.ja, en: row.rule.name.en },
        };
        Ok(rows.into_iter().map(subject).collect())
    }

    /// What a change would bring about.
    async fn plan(&self, before: &Definition, root: &Route, ask: &RouteAsk) -> Result<RoutePlan, ApiError> {
        let (after, yaml): (Definition, String) = match changed(before, root, ask) {
            Ok(changed) => changed,
            Err(problems) => return Ok(RoutePlan { problems, ..RoutePlan::default() }),
        };
        let moved: Vec<Moved> = self.0.house.routing.would_move(&after).await.map_err(shown)?;
        let n_moved: u32 = u32::try_from(moved.len()).unwrap_or(u32::MAX);
        let lines = diff::lines(&printer::print(before), &yaml);
        Ok(RoutePlan { problems: Vec::new(), lines, yaml, n_moved, moved: self.moved(moved).await? })
    }

    async fn moved(&self, mut moved: Vec<Moved>) -> Result<Vec<MovedView>, ApiError> {
        moved.truncate(MOST_MOVED);
        let ids: Vec<AlertId> = moved.iter().map(|one| one.alert).collect();
        let alerts: Vec<PagedAlert> = self.0.house.routing.alerts(&ids).await.map_err(shown)?;
        let covered: Vec<CoveredAlert> = alerts.into_iter().map(shape::covered).collect();
        let view = |alert: CoveredAlert| {
            let one: &Moved = moved.iter().find(|one| one.alert == alert.id)?;
            Some(MovedView { before: paths(&one.before), after: paths(&one.after), alert })
        };
        Ok(covered.into_iter().filter_map(view).collect())
    }
}

/// By path, and whom each tells where it names channels: often only that changes.
fn paths(takers: &[Taker]) -> Vec<String> {
    let said = |taker: &Taker| {
        let told: Vec<&str> = taker.channels.iter().chain(&taker.escalation).map(String::as_str).collect();
        if told.is_empty() { taker.path.clone() } else { format!("{} ({})", taker.path, told.join(", ")) }
    };
    takers.iter().map(said).collect()
}

/// The definition after the change, and its file; or everything that is wrong.
fn changed(before: &Definition, root: &Route, ask: &RouteAsk) -> Result<(Definition, String), Vec<Found>> {
    let change = form::change(ask)?;
    let tree: Route = edit::changed(root, &ask.path, &change).map_err(|error| vec![form::bad(error)])?;
    let wanted = Definition { routes: Some(tree), ..before.clone() };
    let yaml: String = printer::print(&wanted);
    let read: Definition = check(&yaml).map_err(|problem| vec![(RouteTrouble::Tree, problem)])?;
    Ok((read, yaml))
}

/// Reads a file as `apply` does, and says what is wrong with it without its places, which nobody has seen.
fn check(yaml: &str) -> Result<Definition, String> {
    let file = RuleFile { name: FILE.to_owned(), text: yaml.to_owned() };
    let problems = |errors: RuleErrors| errors.0.into_iter().map(|problem| problem.message).collect::<Vec<String>>().join("; ");
    Routing::check(&[file]).map_err(problems)
}

/// The route at a path.
fn at<'r>(root: &'r Route, path: &str) -> Option<&'r Route> {
    let mut names = path.split('/');
    if names.next() != Some(root.name.as_str()) {
        return None;
    }
    names.try_fold(root, |route: &'r Route, name: &str| route.routes.iter().find(|child| child.name == name))
}

/// The route whose settings an empty field of the form inherits.
fn inherited(nodes: &[RouteNode], ask: &RouteAsk) -> RouteNode {
    let above: Option<&str> = if ask.act == "add" { Some(&ask.path) } else { ask.path.rsplit_once('/').map(|(above, _)| above) };
    let found: Option<&RouteNode> = above.and_then(|path| nodes.iter().find(|node| node.path == path));
    found.cloned().unwrap_or_else(nothing)
}

/// What holds without any route.
fn nothing() -> RouteNode {
    let unwritten: Vec<RouteNode> = tree::nodes(&Definition::default(), &There::default(), Time(0));
    unwritten.into_iter().next().expect("a tree has a root")
}

/// What was written stays in the form; nothing written yet, it shows what is in force.
fn shown_form(ask: RouteAsk, written: &Route) -> RouteAsk {
    if ask.written || ask.act == "add" {
        return ask;
    }
    RouteAsk { act: ask.act.clone(), ..form::filled(written, &ask.path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition() -> Definition {
        check(
            "routes:\n  name: all\n  channels: [ops]\n  routes:\n    - name: db\n      match: [team=db]\n      group_wait: 5s\n",
        )
        .unwrap()
    }

    fn there(is_on: bool) -> There {
        There { channels: vec![("ops".to_owned(), is_on)], policies: vec!["payments".to_owned()] }
    }

    fn ask(path: &str, act: &str) -> RouteAsk {
        RouteAsk { path: path.to_owned(), act: act.to_owned(), ..RouteAsk::default() }
    }

    fn planned(ask: &RouteAsk) -> Result<(Definition, String), Vec<Found>> {
        let before = definition();
        let root = before.routes.clone().unwrap();
        changed(&before, &root, ask)
    }

    #[test]
    fn an_empty_field_inherits_from_the_route_above() {
        let nodes = tree::nodes(&definition(), &there(true), Time(0));
        assert_eq!(inherited(&nodes, &ask("all/db", "set")).path, "all");
        assert_eq!(inherited(&nodes, &ask("all/db", "add")).group_wait_ms, 5_000);
        assert_eq!(inherited(&nodes, &ask("all", "set")).path, "default");
        assert!(nodes[0].absent.is_empty() && nodes[1].own.group_wait && !nodes[1].own.channels);
    }

    #[test]
    fn a_channel_that_nobody_set_up_is_named() {
        let nodes = tree::nodes(&definition(), &there(false), Time(0));
        assert_eq!(nodes[1].absent, ["ops"]);
    }

    #[test]
    fn a_policy_is_inherited_chosen_and_switched_off_and_one_that_is_not_there_is_named() {
        let escalating = |word: &str| RouteAsk { name: "db".to_owned(), escalation: word.to_owned(), ..ask("all/db", "set") };
        for (word, chosen, no_policy) in
            [("", None, false), ("payments", Some("payments"), false), ("gone", Some("gone"), true), ("none", None, false)]
        {
            let (after, yaml) = planned(&escalating(word)).unwrap();
            let node: RouteNode = tree::nodes(&after, &there(true), Time(0)).remove(1);
            assert_eq!((node.escalation.as_deref(), node.no_policy), (chosen, no_policy), "{word}: {yaml}");
            assert_eq!((node.own.escalation, yaml.contains("escalation:")), (!word.is_empty(), !word.is_empty()), "{yaml}");
        }
        let root = RouteAsk { name: "all".to_owned(), escalation: "payments".to_owned(), ..ask("all", "set") };
        let (after, _) = planned(&root).unwrap();
        let nodes: Vec<RouteNode> = tree::nodes(&after, &there(true), Time(0));
        assert_eq!((nodes[1].escalation.as_deref(), nodes[1].own.escalation), (Some("payments"), false));
        let bad = planned(&escalating("a b")).unwrap_err();
        assert!(bad[0].0 == RouteTrouble::Tree && bad[0].1.contains("escalation policy"), "{bad:?}");
    }

    #[test]
    fn a_change_is_read_back_as_apply_would() {
        let (after, yaml) = planned(&ask("all/db", "remove")).unwrap();
        assert_eq!(yaml, "routes:\n  name: all\n  channels: [ops]\n");
        assert_eq!(after.tree().nodes().len(), 1);
        let unknown = RouteAsk { name: "x".to_owned(), mute_during: vec!["nights".to_owned()], ..ask("all", "add") };
        let problems = planned(&unknown).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].0 == RouteTrouble::Tree && problems[0].1.contains("nights"), "{problems:?}");
    }

    #[test]
    fn what_stands_is_shown_until_something_is_written() {
        let root = definition().routes.unwrap();
        let db = at(&root, "all/db").unwrap();
        assert_eq!(shown_form(ask("all/db", "set"), db).group_wait, "5s");
        let written = RouteAsk { written: true, group_wait: "9s".to_owned(), ..ask("all/db", "set") };
        assert_eq!(shown_form(written, db).group_wait, "9s");
        assert_eq!(shown_form(ask("all/db", "add"), db).name, "");
        assert!(at(&root, "all/x").is_none() && at(&root, "db").is_none() && at(&root, "").is_none());
    }
}

//! Changes of a tree by hand: a route is written anew, added below another, taken away, or moved among its siblings. Pure; what the
//! changed tree gets wrong as a whole says [`super::file::read`].

use super::Route;

/// What becomes of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It says this from now on; what is below it stays.
    Set(Box<Route>),
    /// This comes below it, behind those that are there.
    Add(Box<Route>),
    /// It goes, and everything below it too.
    Remove,
    /// It is asked before its sibling above.
    Up,
    Down,
}

/// Why a change can't be made. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadChange {
    #[error("route {0} was not found")]
    NoRoute(String),
    #[error("expected a route below the outermost, which is always there")]
    Outermost,
    #[error("expected a name that no sibling has, found \"{0}\"")]
    NameTaken(String),
    #[error("expected a sibling to change places with")]
    Edge,
}

/// The tree after a change of the route at `path`.
///
/// # Errors
/// [`BadChange`].
pub fn changed(root: &Route, path: &str, change: &Change) -> Result<Route, BadChange> {
    let mut tree: Route = root.clone();
    let names: Vec<&str> = path.split('/').collect();
    match change {
        Change::Set(written) => set(&mut tree, &names, written)?,
        Change::Add(written) => {
            let above: &mut Route = find(&mut tree, &names)?;
            free(above, None, &written.name)?;
            above.routes.push((**written).clone());
        }
        Change::Remove => {
            let (above, place) = among(&mut tree, &names)?;
            above.routes.remove(place);
        }
        Change::Up => swap(&mut tree, &names, -1)?,
        Change::Down => swap(&mut tree, &names, 1)?,
    }
    Ok(tree)
}

fn set(tree: &mut Route, names: &[&str], written: &Route) -> Result<(), BadChange> {
    if names.len() > 1 {
        let (above, place) = among(tree, names)?;
        free(above, Some(place), &written.name)?;
    }
    let route: &mut Route = find(tree, names)?;
    let below: Vec<Route> = std::mem::take(&mut route.routes);
    *route = Route { routes: below, ..written.clone() };
    Ok(())
}

fn swap(tree: &mut Route, names: &[&str], by: isize) -> Result<(), BadChange> {
    let (above, place) = among(tree, names)?;
    let other: usize = place.checked_add_signed(by).filter(|other| *other < above.routes.len()).ok_or(BadChange::Edge)?;
    above.routes.swap(place, other);
    Ok(())
}

/// Whether a name is free below a route, apart from the one at `except`.
fn free(above: &Route, except: Option<usize>, name: &str) -> Result<(), BadChange> {
    let is_taken: bool = above.routes.iter().enumerate().any(|(index, sibling)| Some(index) != except && sibling.name == name);
    if is_taken { Err(BadChange::NameTaken(name.to_owned())) } else { Ok(()) }
}

fn find<'r>(root: &'r mut Route, names: &[&str]) -> Result<&'r mut Route, BadChange> {
    let missing = || BadChange::NoRoute(names.join("/"));
    if names.first() != Some(&root.name.as_str()) {
        return Err(missing());
    }
    let mut route: &'r mut Route = root;
    for name in names.iter().skip(1) {
        route = route.routes.iter_mut().find(|child| child.name == *name).ok_or_else(missing)?;
    }
    Ok(route)
}

/// The route above, and the place of the route among those below it.
fn among<'r>(root: &'r mut Route, names: &[&str]) -> Result<(&'r mut Route, usize), BadChange> {
    let Some((name, above)) = names.split_last().filter(|(_, above)| !above.is_empty()) else {
        let is_root: bool = names == [root.name.as_str()];
        return Err(if is_root { BadChange::Outermost } else { BadChange::NoRoute(names.join("/")) });
    };
    let route: &'r mut Route = find(root, above)?;
    let place: Option<usize> = route.routes.iter().position(|child| child.name == *name);
    place.map(|place| (route, place)).ok_or_else(|| BadChange::NoRoute(names.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(name: &str, routes: Vec<Route>) -> Route {
        Route { name: name.to_owned(), routes, ..Route::unwritten() }
    }

    fn tree() -> Route {
        route("all", vec![route("a", vec![route("x", vec![])]), route("b", vec![]), route("c", vec![])])
    }

    /// The names of a tree, as `all(a(x) b c)`.
    fn told(route: &Route) -> String {
        let below: Vec<String> = route.routes.iter().map(told).collect();
        if below.is_empty() { route.name.clone() } else { format!("{}({})", route.name, below.join(" ")) }
    }

    fn new(name: &str) -> Box<Route> {
        Box::new(route(name, vec![]))
    }

    #[test]
    fn a_route_is_changed_where_it_stands() {
        let table: [(&str, Change, &str); 8] = [
            ("all/a", Change::Set(new("z")), "all(z(x) b c)"),
            ("all/a", Change::Set(new("a")), "all(a(x) b c)"),
            ("all", Change::Set(new("root")), "root(a(x) b c)"),
            ("all/a", Change::Add(new("y")), "all(a(x y) b c)"),
            ("all", Change::Add(new("d")), "all(a(x) b c d)"),
            ("all/a", Change::Remove, "all(b c)"),
            ("all/b", Change::Up, "all(b a(x) c)"),
            ("all/a", Change::Down, "all(b a(x) c)"),
        ];
        for (path, change, expected) in table {
            assert_eq!(told(&changed(&tree(), path, &change).unwrap()), expected, "{path} {change:?}");
        }
    }

    #[test]
    fn what_is_written_replaces_everything_but_what_is_below() {
        let written = Route { channels: Some(vec!["ops".to_owned()]), goes_on: true, ..route("a", vec![]) };
        let after = changed(&tree(), "all/a", &Change::Set(Box::new(written))).unwrap();
        let a = &after.routes[0];
        assert_eq!((a.channels.as_deref(), a.goes_on, a.routes.len()), (Some(&["ops".to_owned()][..]), true, 1));
    }

    #[test]
    fn what_can_not_be_changed_is_told() {
        let no_route = |path: &str| BadChange::NoRoute(path.to_owned());
        let table: [(&str, Change, BadChange); 9] = [
            ("all/z", Change::Remove, no_route("all/z")),
            ("other", Change::Remove, no_route("other")),
            ("", Change::Up, no_route("")),
            ("all/a/x/y", Change::Set(new("y")), no_route("all/a/x/y")),
            ("all", Change::Remove, BadChange::Outermost),
            ("all", Change::Down, BadChange::Outermost),
            ("all/a", Change::Up, BadChange::Edge),
            ("all/c", Change::Down, BadChange::Edge),
            ("all", Change::Add(new("b")), BadChange::NameTaken("b".to_owned())),
        ];
        for (path, change, expected) in table {
            assert_eq!(changed(&tree(), path, &change), Err(expected), "{path}");
        }
        assert_eq!(changed(&tree(), "all/a", &Change::Set(new("b"))), Err(BadChange::NameTaken("b".to_owned())));
    }
}

//! Which crate may know which: the arrows of the house, and the walls around what people see.

use tidy::manifest::{Crate, crates};
use tidy::report::{Found, none};

/// A crate, whom it may know, and why no more.
struct Place {
    name: &'static str,
    may: &'static [&'static str],
    because: &'static str,
}

const fn place(name: &'static str, may: &'static [&'static str], because: &'static str) -> Place {
    Place { name, may, because }
}

const ANYBODY: &[&str] = &["*"];
const WING: &[&str] = &["ui", "expression", "api", "chart", "promql", "model", "figures"];
const ROOM: &[&str] = &["jobs", "kernel", "yaml", "model", "promql", "chart", "figures"];

const WING_BECAUSE: &str = "wings share through `ui` or `model`; what one shows must not need another";
const ROOM_BECAUSE: &str =
    "a room says what it needs in needs.rs and wiring.rs supplies it; rooms don't know what a screen wants";

/// The plan. Arrows point down it, and nothing else is an arrow.
const PLAN: &[Place] = &[
    place("frontend", &["app"], "ten lines: a panic hook and a start"),
    place("site", &[], "it packs what cargo made and knows nothing that is in it"),
    place(
        "app",
        &["observe", "respond", "manage", "write", "ui", "api", "model", "figures"],
        "the frame knows its wings, never a room",
    ),
    place("observe", &["ui", "expression", "api", "dashboard", "chart", "promql", "model", "figures"], WING_BECAUSE),
    place("respond", WING, WING_BECAUSE),
    place("manage", WING, WING_BECAUSE),
    place("write", WING, WING_BECAUSE),
    place("expression", &["ui", "api", "promql", "figures"], "the field for PromQL is shared by wings and knows none of them"),
    place("ui", &["chart", "figures"], "a button doesn't know what an alert is"),
    place(
        "api",
        &["dashboard", "chart", "promql", "model", "figures"],
        "what a screen may ask is said in nouns, not in components",
    ),
    place("chart", &["figures"], "a chart is drawn from numbers, whatever they mean"),
    place("dashboard", &["chart", "promql", "model", "figures"], "what a dashboard is and has to be, wherever it comes from"),
    place("promql", &[], "editor and evaluator share the language; it knows neither"),
    place("model", &["figures"], "nouns and laws stand on nothing but how numbers are written"),
    place("figures", &[], "how numbers, times and units are written needs nobody"),
    place("mimamori", ANYBODY, "the binary wires everything"),
    place("bench", ANYBODY, "a benchmark measures whatever there is"),
    place("drawn", &["chart", "figures"], "the chart alone in a page, to be measured beside another library"),
    place("tidy", &[], "it judges all and must compile when nothing else does"),
    place("dashboards", &["jobs", "kernel", "yaml", "dashboard", "model", "promql", "chart", "figures"], ROOM_BECAUSE),
    place("documents", ROOM, ROOM_BECAUSE),
    place("identity", ROOM, ROOM_BECAUSE),
    place("incidents", ROOM, ROOM_BECAUSE),
    place("metrics", ROOM, ROOM_BECAUSE),
    place("notify", ROOM, ROOM_BECAUSE),
    place("oncall", ROOM, ROOM_BECAUSE),
    place("alerting", ROOM, ROOM_BECAUSE),
    place("yaml", &[], "where something stands in a file, whatever it means"),
    place("jobs", &["kernel", "model"], "durable work knows no room; rooms know it"),
    place("kernel", &["model"], "no domain noun enters the kernel"),
    place("postgres", &[], "it runs a database and doesn't know for whom"),
];

/// Crates from outside that must not be taken, by where and by the beginning of their name.
const WALLS: &[(&[&str], &[&str], &str)] = &[
    (
        &["app", "frontend"],
        &[
            "sqlx",
            "tokio",
            "axum",
            "hyper",
            "tower",
            "reqwest",
            "leptos_axum",
            "nix",
            "procfs",
            "sysinfo",
            "argon2",
            "rand",
            "regex",
            "chrono-tz",
            "getrandom",
            "mio",
            "socket2",
        ],
        "what people see is compiled for the browser: nothing of the server, no system calls, no tables of half a megabyte",
    ),
    (
        &[
            "server/dashboards",
            "server/documents",
            "server/identity",
            "server/incidents",
            "server/metrics",
            "server/notify",
            "server/oncall",
            "server/alerting",
            "server/jobs",
            "server/kernel",
            "server/postgres",
            "server/tidy",
        ],
        &["leptos", "web-sys", "js-sys", "wasm-bindgen", "plotters"],
        "rooms are tested without compiling a user interface",
    ),
];

/// All that the pure crates may take from outside. None of it can wait, read a clock, or roll dice with the features the house asks for.
const PURE: &[&str] = &["model", "promql", "chart", "dashboard", "figures"];
const PURE_MAY: &[&str] = &["serde", "thiserror", "chrono", "uuid", "plotters", "plotters-backend"];
const IMPURE_FEATURES: &[&str] = &["clock", "now", "v4", "v7", "rng", "default"];

fn planned(name: &str) -> Option<&'static Place> {
    PLAN.iter().find(|place| place.name == name)
}

fn forbidden_arrows(from: &Crate) -> Vec<Found> {
    let Some(place) = planned(&from.name) else { return Vec::new() };
    let inside = from.dependencies.iter().filter(|dependency| planned(&dependency.name).is_some());
    let forbidden = inside.filter(|dependency| place.may != ANYBODY && !place.may.contains(&dependency.name.as_str()));
    forbidden
        .map(|dependency| {
            let arrow = format!("{} → {}", from.name, dependency.name);
            Found::at(&from.path, dependency.line, &arrow, place.because)
        })
        .collect()
}

fn through_walls(from: &Crate) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (where_from, beginnings, because) in WALLS {
        let is_here = where_from.iter().any(|at| from.directory == *at || from.directory.starts_with(&format!("{at}/")));
        // What only tests take is not compiled for the browser.
        for dependency in from.dependencies.iter().filter(|dependency| is_here && !dependency.for_tests) {
            if beginnings.iter().any(|beginning| begins(&dependency.name, beginning)) {
                let arrow = format!("{} → {}", from.name, dependency.name);
                found.push(Found::at(&from.path, dependency.line, &arrow, because));
            }
        }
    }
    found
}

/// `tokio` and `tokio-stream`, not `tokiod`.
fn begins(name: &str, beginning: &str) -> bool {
    name.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn impure(from: &Crate) -> Vec<Found> {
    if !PURE.contains(&from.name.as_str()) {
        return Vec::new();
    }
    let mut found: Vec<Found> = Vec::new();
    let outside = from.dependencies.iter().filter(|dependency| planned(&dependency.name).is_none() && !dependency.for_tests);
    for dependency in outside {
        if !PURE_MAY.contains(&dependency.name.as_str()) {
            found.push(Found::at(&from.path, dependency.line, &dependency.name, "is not among what a pure crate may take"));
        }
        for feature in dependency.features.iter().filter(|feature| IMPURE_FEATURES.contains(&feature.as_str())) {
            found.push(Found::at(&from.path, dependency.line, &dependency.name, &format!("its feature `{feature}` is not pure")));
        }
    }
    found
}

#[test]
fn no_crate_knows_another_that_the_plan_does_not_show_it() {
    none(
        crates().iter().flat_map(forbidden_arrows).collect(),
        "Say what you need in needs.rs, share a noun through model or a part through ui, or compose it in server/src/apis/.",
    );
}

#[test]
fn every_crate_stands_in_the_plan_and_the_plan_has_no_others() {
    let crates = crates();
    let unplanned = crates.iter().filter(|known| planned(&known.name).is_none());
    let mut found: Vec<Found> =
        unplanned.map(|known| Found::at(&known.path, 1, &known.name, "stands in no place of the plan")).collect();
    for place in PLAN {
        let names = place.may.iter().chain([&place.name]).filter(|name| **name != "*");
        for name in names.filter(|name| !crates.iter().any(|known| known.name == **name)) {
            found.push(Found::at("server/tidy/tests/house/arrows.rs", 0, name, "is in the plan, but there is no such crate"));
        }
    }
    none(found, "Give the crate its line in PLAN, with the reason for its arrows, or take the line out.");
}

#[test]
fn the_browser_is_walled_off_from_the_server_and_rooms_from_the_browser() {
    none(
        crates().iter().flat_map(through_walls).collect(),
        "Move the work to the other side: a screen asks through a server function, a room hands out data.",
    );
}

#[test]
fn pure_crates_take_nothing_that_can_wait_fail_or_flake() {
    none(
        crates().iter().flat_map(impure).collect(),
        "Do it in a room, and hand the result in as an argument; or, if the crate is pure, add it to PURE_MAY.",
    );
}

#[test]
fn planted_arrows_are_found() {
    let room = Crate::read(
        "server/metrics/Cargo.toml",
        "[package]\nname = \"metrics\"\n[dependencies]\nkernel.workspace = true\nidentity.workspace = true\nleptos_meta = \"1\"\n",
    );
    assert_eq!(forbidden_arrows(&room).len(), 1);
    assert_eq!((forbidden_arrows(&room)[0].line, forbidden_arrows(&room)[0].subject.as_str()), (5, "metrics → identity"));
    assert_eq!(through_walls(&room).len(), 1);
    let button = Crate::read(
        "app/ui/Cargo.toml",
        "[package]\nname = \"ui\"\n[dependencies]\nweather = { package = \"model\", path = \"../model\" }\ntokio-util = \"1\"\n[dev-dependencies]\napi.workspace = true\ntokio = \"1\"\n",
    );
    assert_eq!(forbidden_arrows(&button).len(), 2, "renamed ones and those for tests count too");
    assert_eq!(through_walls(&button).len(), 1);
    let noun = Crate::read(
        "app/model/Cargo.toml",
        "[package]\nname = \"model\"\n[dependencies]\nfutures = \"1\"\nchrono = { workspace = true, features = [\"clock\"] }\n",
    );
    assert_eq!(impure(&noun).len(), 2);
}

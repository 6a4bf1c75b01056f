//! Colours and pixels stand in the tokens; every sheet is read in its layer.

use regex::Regex;
use std::sync::LazyLock;
use tidy::css;
use tidy::find::{pattern, places};
use tidy::report::{Exemption, Found, none, without};
use tidy::rust::all;
use tidy::tree;

const TOKENS: &str = "style/tokens.css";
const MAIN: &str = "style/main.css";

/// Styles that no answer of the server carries: script sets them one property at a time, which the policy allows.
const SET_BY_SCRIPT: &[Exemption] = &[
    ("app/ui/src/chart.rs style:left=", "the span chosen by a drag; nothing is dragged in what the server sends"),
    (
        "app/ui/src/chart.rs style:transform=",
        "how far a drag has pulled the picture; nothing is dragged in what the server sends",
    ),
    ("app/ui/src/chart.rs style:width=", "the span chosen by a drag; nothing is dragged in what the server sends"),
    (
        "app/ui/src/chart/value_axis.rs style:height=",
        "the part of the axis chosen by a drag; nothing is dragged in what the server sends",
    ),
    (
        "app/ui/src/chart/value_axis.rs style:top=",
        "the part of the axis chosen by a drag; nothing is dragged in what the server sends",
    ),
    (
        "app/ui/src/chart/value_axis.rs style:width=",
        "the strip under the axis' labels, which stands once the browser has painted",
    ),
];

static NAME_OF_TOKEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"--[\w-]+"));
static PIXELS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[0-9.]+px\b"));
static STYLED_MARKUP: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[^>]*\sstyle="));

fn colour() -> Regex {
    pattern(concat!(
        r"#[0-9a-fA-F]{3,8}\b",
        r"|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color)\(",
        r"|:.*\b(?:white|black|red|green|blue|yellow|orange|purple|pink|brown|cyan|magenta|gr[ae]y|navy|teal|olive|maroon|silver)\b",
    ))
}

/// The name of a token may hold a word for a colour; it is none.
fn has_colour(declaration: &str, colour: &Regex) -> bool {
    let without_names = NAME_OF_TOKEN.replace_all(declaration, "");
    colour.is_match(&without_names)
}

fn in_sheet(path: &str, text: &str, colour: &Regex) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (line, declaration) in css::read(text).declarations {
        if has_colour(&declaration, colour) {
            found.push(Found::at(path, line, &declaration, "is a colour outside the tokens"));
        }
        if PIXELS.is_match(&declaration) {
            found.push(Found::at(path, line, &declaration, "is a size in pixels outside the tokens"));
        }
    }
    found
}

#[test]
fn colours_and_pixels_stand_only_in_the_tokens() {
    let colour = colour();
    let sheets = tree::under("style/").filter(|file| file.is(&[".css"]) && file.path != TOKENS);
    none(
        sheets.flat_map(|file| in_sheet(&file.path, &file.text, &colour)).collect(),
        "Use a token, or give the meaning a token of its own, in both themes.",
    );
}

#[test]
fn no_colour_is_written_in_a_screen() {
    let literal = pattern(r"^#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$|\b(?:rgba?|hsla?|oklch|oklab)\(");
    let mut found: Vec<Found> = Vec::new();
    for file in all().iter().filter(|file| file.path.starts_with("app/")) {
        let colours = file.shipped_strings().into_iter().filter(|string| literal.is_match(string.text.trim()));
        found.extend(colours.map(|string| Found::at(&file.path, string.line, &string.text, "is a colour in code")));
    }
    none(found, "Name a class that means it; the style sheet knows the colour in both themes.");
}

#[test]
fn screens_carry_no_inline_style() {
    let styled = pattern(r"\bstyle(?::[\w-]+)?=");
    let mut found: Vec<Found> = Vec::new();
    for file in all().iter().filter(|file| file.path.starts_with("app/")) {
        let in_code = places(&file.shipped, &styled).into_iter();
        let strings = file.shipped_strings().into_iter().filter(|string| STYLED_MARKUP.is_match(&string.text));
        let in_markup = strings.map(|string| (string.line, "style=".to_owned()));
        let what = "is refused by our own content security policy";
        found.extend(in_code.chain(in_markup).map(|(line, text)| Found::at(&file.path, line, &text, what)));
    }
    none(without(found, SET_BY_SCRIPT), "Use a class, or an attribute that the style sheet reads.");
}

#[test]
fn main_css_reads_every_sheet_in_its_layer_and_nothing_else_stands_there() {
    let main = tree::file(MAIN).map_or("", |file| file.text.as_str());
    let mut found: Vec<Found> = Vec::new();
    for file in tree::under("style/").filter(|file| file.is(&[".css"]) && file.path != MAIN) {
        let name = file.path.trim_start_matches("style/");
        let layer = name.split(['/', '.']).next().unwrap_or_default();
        if !main.contains(&format!("@import \"{name}\" layer({layer});")) {
            found.push(Found::at(MAIN, 0, name, &format!("is not imported in the layer {layer}")));
        }
    }
    let sheet = css::read(main);
    found.extend(sheet.declarations.iter().map(|(line, text)| Found::at(MAIN, *line, text, "is neither a layer nor an import")));
    found.extend(sheet.classes.iter().map(|(line, text)| Found::at(MAIN, *line, text, "is neither a layer nor an import")));
    none(found, "main.css holds the order of the layers and the imports only.");
}

#[test]
fn planted_colours_are_found() {
    for declaration in
        ["color: #fff", "background: oklch(0.5 0 0)", "border: 1rem solid red", "color: rgb(0 0 0 / 0.5)", "margin: 4px"]
    {
        assert_eq!(in_sheet("style/ui/a.css", &format!(".a {{ {declaration}; }}"), &colour()).len(), 1, "{declaration}");
    }
    for declaration in [
        "white-space: nowrap",
        "color: var(--red-1)",
        "fill: currentColor",
        "background: color-mix(in oklch, var(--a), transparent)",
    ] {
        assert!(in_sheet("style/ui/a.css", &format!("#fade {{ {declaration}; }}"), &colour()).is_empty(), "{declaration}");
    }
}

//! Screens before sign-in carry no script at all: nothing inline, nothing fetched, nothing preloaded.

use crate::door::Door;
use crate::error::Error;
use crate::house::House;
use crate::line::Line;

/// Bytes of script on `/set-up` and, once it is set up, on `/sign-in`.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::open().await?;
    let code = house.set_up_code().await?;
    let set_up = script_bytes(&house.door, &format!("/set-up?code={code}")).await?;
    let stranger = house.door.another()?;
    house.door.set_up(&code).await?;
    let sign_in = script_bytes(&stranger, "/sign-in").await?;
    house.stop().await?;
    Ok(vec![
        Line::lower("plain", "script on /set-up", set_up, "bytes").with_goal(0.0),
        Line::lower("plain", "script on /sign-in", sign_in, "bytes").with_goal(0.0),
    ])
}

/// Inline script and the size of every script the screen asks for.
async fn script_bytes(door: &Door, path: &str) -> Result<f64, Error> {
    let answer = door.screen(path).await?;
    if !answer.status().is_success() {
        return Err(Error::Refused { what: path.to_owned(), status: answer.status().as_u16(), body: String::new() });
    }
    let html = answer.text().await?;
    let mut bytes = inline(&html);
    for address in addresses(&html) {
        bytes += door.screen(&address).await?.bytes().await?.len();
    }
    Ok(bytes as f64)
}

/// Everything between `<script` and `</script>`, the tag itself too: an empty script is one too many.
fn inline(html: &str) -> usize {
    let parts = html.split("<script").skip(1);
    let scripts: usize = parts.map(|part| part.find("</script>").unwrap_or(part.len()) + "<script".len()).sum();
    // Handlers in attributes, such as onclick, are script too.
    let handlers = html.match_indices(" on").filter(|(at, _)| is_handler(&html[at + 3..])).count();
    scripts + handlers
}

fn is_handler(rest: &str) -> bool {
    let name = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_lowercase()).len();
    name > 0 && rest[name..].starts_with("=\"")
}

/// What is fetched as script: `src` of scripts, `href` of preloaded modules.
fn addresses(html: &str) -> Vec<String> {
    let tags = html.split('<').filter(|tag| tag.starts_with("script") || (tag.starts_with("link") && tag.contains("preload")));
    let scripts = tags.filter(|tag| !tag.contains("as=\"style\""));
    scripts
        .filter_map(|tag| attribute(tag, "src").or_else(|| attribute(tag, "href")))
        .filter(|address| address.starts_with('/'))
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_script_is_counted() {
        assert_eq!(inline("<p>on time</p><form action=\"/sign-in\">"), 0);
        assert_eq!(inline("<script>a()</script>"), "<script>a()".len());
        assert_eq!(inline("<a onclick=\"b()\">"), 1);
        let html = r#"<script src="/a.js"></script><link rel="modulepreload" href="/b.js"><link rel="stylesheet" href="/c.css">"#;
        assert_eq!(addresses(html), ["/a.js", "/b.js"]);
    }
}

//! A user agent in the two words a person would use: the browser, and what it runs on.

/// What stands in a user agent, and what it is called. The first that fits counts: Edge also says Chrome, and Chrome says Safari.
const BROWSERS: [(&str, &str); 12] = [
    ("mimamori-agent", "mimamori agent"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl/", "curl"),
];

/// An iPad says that it is a Macintosh unless it says iPad, and Android says Linux.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// As much of an agent that nobody knows as fits into a row.
const LONGEST: usize = 40;

/// `Chrome · macOS`; the beginning of the text where neither is known; `None` for an empty one.
#[must_use]
pub fn device(agent: &str) -> Option<String> {
    let words: Vec<&str> = [first(agent, &BROWSERS), first(agent, &SYSTEMS)].into_iter().flatten().collect();
    if !words.is_empty() {
        return Some(words.join(" · "));
    }
    let text: String = agent.trim().chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

fn first(agent: &str, known: &[(&str, &'static str)]) -> Option<&'static str> {
    known.iter().find(|(mark, _)| agent.contains(*mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn agents_are_named_as_people_name_them() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
                "Chrome · macOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
                "Edge · Windows",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
            ("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox · Android"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux"),
            ("curl/8.9.1", "curl"),
            ("something else", "something else"),
        ] {
            assert_eq!(device(agent).as_deref(), Some(expected), "{agent}");
        }
        assert_eq!(device(" "), None);
    }
}

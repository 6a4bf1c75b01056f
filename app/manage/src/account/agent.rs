//! How the agent is started.

use crate::words::words;
use leptos::prelude::*;
use ui::copy::CopyButton;
use ui::part::Part;

/// Until the browser says under which address it reached us.
const SOMEWHERE: &str = "https://watch.example.jp";

/// The line that starts an agent against this server.
#[component]
pub fn AgentHint() -> impl IntoView {
    let words = words();
    let origin: RwSignal<Option<String>> = RwSignal::new(None);
    // Only the browser knows the address for sure: a proxy may stand in between.
    Effect::new(move |_: Option<()>| origin.set(window().location().origin().ok()));
    let line = move || command(&origin.get().unwrap_or_else(|| SOMEWHERE.to_owned()));
    view! {
        <Part title=words.agent.to_owned()>
            <p class="soft">{words.agent_note}</p>
            <div class="account__command">
                <pre><code>{line}</code></pre>
                <CopyButton text=Signal::derive(line) />
            </div>
        </Part>
    }
    .into_any()
}

fn command(origin: &str) -> String {
    format!("MIMAMORI_TOKEN=mmr_agent_… mimamori agent --url {origin}")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_line_keeps_the_token_off_the_command_line() {
        let line = command("https://watch.example.jp");
        assert_eq!(line, "MIMAMORI_TOKEN=mmr_agent_… mimamori agent --url https://watch.example.jp");
    }
}

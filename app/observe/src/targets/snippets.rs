//! How one begins to send: the four ways, ready to copy, with this server's address filled in.

use crate::words::targets::{Way, targets_words};
use api::targets::TargetsView;
use leptos::prelude::*;
use model::links;
use ui::copy::CopyButton;
use ui::part::Part;

/// The ways.
pub fn sheet(view: &TargetsView) -> AnyView {
    let words = targets_words();
    let texts: [String; 4] = snippets(&view.public_url);
    let ways: Vec<AnyView> = words.way.into_iter().zip(texts).map(|(way, text)| snippet(way, text)).collect();
    let scraping = (!view.is_scraping).then(|| snippet(words.scrape_way, SCRAPE.to_owned()));
    let more = move || view! { <a class="link" href=links::ACCOUNT>{words.make_token}</a> };
    view! {
        <Part title=words.ways.to_owned() more=more id="ways">
            <p class="usage__note">{words.ways_note}</p>
            <div class="targets__ways">{ways}{scraping}</div>
        </Part>
    }
    .into_any()
}

fn snippet((title, note): Way, text: String) -> AnyView {
    let copied: String = text.clone();
    view! {
        <section class="targets__way">
            <h3 class="targets__set">{title}</h3>
            <p class="usage__note">{note}</p>
            <pre class="targets__code"><code>{text}</code></pre>
            <CopyButton text=Signal::stored(copied) />
        </section>
    }
    .into_any()
}

/// A file of targets. Addresses come from the reader's own network.
const SCRAPE: &str = "\
scrape_configs:
  - job_name: node
    scrape_interval: 15s
    static_configs:
      - targets: ['127.0.0.1:9100']
";

/// In the order of the words.
fn snippets(url: &str) -> [String; 4] {
    [prometheus(url), otlp(url), datadog(url), curl(url)]
}

fn prometheus(url: &str) -> String {
    format!(
        "\
remote_write:
  - url: {url}/api/v1/write
    authorization:
      credentials_file: /etc/prometheus/mimamori.token
"
    )
}

fn otlp(url: &str) -> String {
    format!(
        "\
OTEL_METRICS_EXPORTER=otlp
OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf
OTEL_EXPORTER_OTLP_METRICS_ENDPOINT={url}/api/v1/otlp/v1/metrics
OTEL_EXPORTER_OTLP_METRICS_HEADERS=authorization=Bearer%20mmr_api_…
"
    )
}

fn datadog(url: &str) -> String {
    format!(
        "\
curl --fail {url}/api/v2/series \\
  -H \"DD-API-KEY: $MIMAMORI_TOKEN\" -H 'Content-Type: application/json' \\
  -d '{{\"series\":[{{\"metric\":\"shop.orders\",\"type\":3,\"points\":[{{\"timestamp\":'$(date +%s)',\"value\":7}}]}}]}}'
"
    )
}

fn curl(url: &str) -> String {
    format!(
        "\
echo \"backup_last_success_timestamp_seconds $(date +%s)\" |
  curl --fail --data-binary @- -H \"Authorization: Bearer $MIMAMORI_TOKEN\" {url}/metrics/job/backup
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_leads_to_this_server_and_none_puts_a_token_on_a_command_line() {
        let texts = snippets("https://watch.example.jp");
        for path in ["/api/v1/write", "/api/v1/otlp/v1/metrics", "/api/v2/series", "/metrics/job/backup"] {
            let address = format!("https://watch.example.jp{path}");
            assert_eq!(texts.iter().filter(|text| text.contains(&address)).count(), 1, "{path}");
        }
        assert!(texts[2..].iter().all(|text| !text.contains("mmr_")), "{texts:?}");
        assert!(texts[2].contains(r#"'{"series":[{"metric":"shop.orders""#), "{}", texts[2]);
    }
}

//! What is written into a tool so that it sends to us, ready to be copied. `KEY` stands where the key goes: that is shown once, elsewhere.

use alerting::inbound::Kind;
use alerting::inbound::datadog::PAYLOAD;

/// The address that a tool sends to.
pub fn address(kind: Kind, public_url: &str) -> String {
    match kind {
        Kind::PagerDuty => format!("{public_url}/v2/enqueue"),
        Kind::Heartbeat => format!("{public_url}/hooks/heartbeat"),
        other => format!("{public_url}/hooks/in/{}", other.as_str()),
    }
}

/// The whole of it, as the tool's own configuration has it.
pub fn text(kind: Kind, public_url: &str) -> String {
    let url: String = address(kind, public_url);
    match kind {
        Kind::Alertmanager => alertmanager(&url),
        Kind::Grafana => grafana(&url),
        Kind::Datadog => format!("URL: {url}\nCustom headers: {{\"Authorization\": \"Bearer KEY\"}}\nPayload:\n{PAYLOAD}\n"),
        Kind::PagerDuty => pagerduty(&url, public_url),
        Kind::Json => json(&url),
        Kind::Heartbeat => heartbeat(&url),
    }
}

fn heartbeat(url: &str) -> String {
    format!(
        "\
# crontab
0 2 * * * /usr/local/bin/backup && curl -fsS -m 10 --retry 3 -X POST {url} -H 'Authorization: Bearer KEY'

# URL
{url}/KEY
"
    )
}

fn alertmanager(url: &str) -> String {
    format!(
        "\
receivers:
  - name: mimamori
    webhook_configs:
      - url: {url}
        send_resolved: true
        http_config:
          authorization:
            type: Bearer
            credentials: KEY
"
    )
}

fn grafana(url: &str) -> String {
    format!(
        "\
apiVersion: 1
contactPoints:
  - orgId: 1
    name: mimamori
    receivers:
      - uid: mimamori
        type: webhook
        settings:
          url: {url}
          httpMethod: POST
          authorization_scheme: Bearer
          authorization_credentials: KEY
"
    )
}

fn pagerduty(url: &str, public_url: &str) -> String {
    format!(
        "\
# Alertmanager
pagerduty_configs:
  - url: {url}
    routing_key: KEY

# curl
curl -X POST {url} -H 'Content-Type: application/json' -d '{{
  \"routing_key\": \"KEY\",
  \"event_action\": \"trigger\",
  \"dedup_key\": \"test-1\",
  \"payload\": {{\"summary\": \"Test\", \"source\": \"curl\", \"severity\": \"warning\"}}
}}'
curl -X POST {public_url}/v2/change/enqueue -H 'Content-Type: application/json' -d '{{
  \"routing_key\": \"KEY\",
  \"payload\": {{\"summary\": \"Deployed 42\", \"source\": \"curl\"}}
}}'
"
    )
}

fn json(url: &str) -> String {
    format!(
        "\
curl -X POST {url} -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' -d '{{
  \"id\": \"queue-7\", \"state\": \"down\", \"name\": \"Queue\", \"severity\": \"critical\"
}}'
"
    )
}

#[cfg(test)]
mod tests {
    use super::{address, text};
    use alerting::inbound::Kind;

    #[test]
    fn every_kind_has_its_address_and_a_place_for_its_key() {
        for kind in Kind::ALL {
            let url = address(kind, "https://watch.example.jp");
            let text = text(kind, "https://watch.example.jp");
            assert!(url.starts_with("https://watch.example.jp/") && text.contains(&url) && text.contains("KEY"), "{text}");
            assert!(!text.contains("{{") && !text.contains("}}}"), "{text}");
        }
    }
}

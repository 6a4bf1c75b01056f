//! The board of a host: which panels it has, and what each of them asks.

use crate::apis::plots::{self, Named, Span};
use crate::wiring::House;
use ::api::live::{BoardTick, PanelTick, board_topic};
use ::api::metrics::PanelView;
use ::api::{ApiError, Text};
use chart::{Band, Limit, Plot, Scale};
use dashboards::needs::Happened;
use figures::{Locale, Unit, Zone};
use model::labels::Labels;
use model::{Severity, Time};

/// Lines of one expression, as the board draws them.
const MOST_LINES: usize = 8;

/// One line of a panel, or several by a label. `$host` and `$window` are filled in.
pub struct Line {
    expr: &'static str,
    named: Named,
}

/// A panel of the board.
pub struct Panel {
    pub id: &'static str,
    ja: &'static str,
    en: &'static str,
    unit: Unit,
    /// A percentage: 100 is the whole, and small ones are drawn on an axis of their own.
    full: bool,
    stacked: bool,
    /// The rule that draws its limit here.
    pub rule: Option<&'static str>,
    lines: &'static [Line],
}

const fn line(expr: &'static str, name: &'static str) -> Line {
    Line { expr, named: Named::As(name) }
}

const fn by(expr: &'static str, label: &'static str) -> Line {
    Line { expr, named: Named::By(label) }
}

/// Every panel, in the order of the board.
pub const PANELS: &[Panel] = &[
    Panel {
        id: "cpu",
        ja: "CPU使用率",
        en: "CPU usage",
        unit: Unit::Percent,
        full: true,
        stacked: true,
        rule: Some("cpu-usage"),
        lines: &[
            line(
                r#"100 * avg by (host) (sum by (host, cpu) (rate(node_cpu_seconds_total{host=$host,mode=~"user|nice"}[$window])))"#,
                "user",
            ),
            line(
                r#"100 * avg by (host) (sum by (host, cpu) (rate(node_cpu_seconds_total{host=$host,mode=~"system|irq|softirq|steal"}[$window])))"#,
                "system",
            ),
            line(r#"100 * avg by (host) (rate(node_cpu_seconds_total{host=$host,mode="iowait"}[$window]))"#, "iowait"),
        ],
    },
    Panel {
        id: "load",
        ja: "ロードアベレージ",
        en: "Load average",
        unit: Unit::None,
        full: false,
        stacked: false,
        rule: None,
        lines: &[
            line("node_load1{host=$host}", "1 min"),
            line("node_load5{host=$host}", "5 min"),
            line("node_load15{host=$host}", "15 min"),
        ],
    },
    Panel {
        id: "memory",
        ja: "メモリ使用率",
        en: "Memory usage",
        unit: Unit::Percent,
        full: true,
        stacked: false,
        rule: Some("memory-usage"),
        lines: &[
            line("100 * (1 - node_memory_MemAvailable_bytes{host=$host} / node_memory_MemTotal_bytes{host=$host})", "used"),
            line("100 * node_memory_Cached_bytes{host=$host} / node_memory_MemTotal_bytes{host=$host}", "cached"),
            line(
                "100 * (node_memory_SwapTotal_bytes{host=$host} - node_memory_SwapFree_bytes{host=$host}) / (node_memory_SwapTotal_bytes{host=$host} > 0)",
                "swap",
            ),
        ],
    },
    Panel {
        id: "disk",
        ja: "ディスク使用率",
        en: "Disk usage",
        unit: Unit::Percent,
        full: true,
        stacked: false,
        rule: Some("disk-usage"),
        lines: &[by(
            "100 * (1 - min by (mountpoint) (node_filesystem_avail_bytes{host=$host} / node_filesystem_size_bytes{host=$host}))",
            "mountpoint",
        )],
    },
    Panel {
        id: "disk-io",
        ja: "ディスクI/O",
        en: "Disk I/O",
        unit: Unit::BytesPerSecond,
        full: false,
        stacked: false,
        rule: None,
        lines: &[
            line("sum(rate(node_disk_read_bytes_total{host=$host}[$window]))", "read"),
            line("sum(rate(node_disk_written_bytes_total{host=$host}[$window]))", "write"),
        ],
    },
    Panel {
        id: "disk-busy",
        ja: "ディスク稼働率",
        en: "Disk busy",
        unit: Unit::Percent,
        full: true,
        stacked: false,
        rule: None,
        lines: &[by("100 * rate(node_disk_io_time_seconds_total{host=$host}[$window])", "device")],
    },
    Panel {
        id: "network",
        ja: "ネットワーク",
        en: "Network",
        unit: Unit::BitsPerSecond,
        full: false,
        stacked: false,
        rule: None,
        lines: &[
            line(r#"8 * sum(rate(node_network_receive_bytes_total{host=$host,device!="lo"}[$window]))"#, "receive"),
            line(r#"8 * sum(rate(node_network_transmit_bytes_total{host=$host,device!="lo"}[$window]))"#, "transmit"),
        ],
    },
    Panel {
        id: "bandwidth",
        ja: "帯域幅使用率",
        en: "Bandwidth usage",
        unit: Unit::Percent,
        full: true,
        stacked: false,
        rule: Some("network-bandwidth"),
        lines: &[by(
            "100 * (rate(node_network_receive_bytes_total{host=$host}[$window]) + rate(node_network_transmit_bytes_total{host=$host}[$window])) / node_network_speed_bytes{host=$host}",
            "device",
        )],
    },
    Panel {
        id: "processes",
        ja: "プロセス",
        en: "Processes",
        unit: Unit::Count,
        full: false,
        stacked: false,
        rule: None,
        lines: &[
            line("node_procs_running{host=$host}", "running"),
            line("node_procs_blocked{host=$host}", "blocked"),
            line("node_processes_pids{host=$host}", "total"),
        ],
    },
    Panel {
        id: "pool",
        ja: "DB接続プール使用率",
        en: "Database pool usage",
        unit: Unit::Percent,
        full: true,
        stacked: false,
        rule: Some("database-connections"),
        lines: &[line(
            r#"100 * sum(db_pool_connections{host=$host,state="used"}) / sum(db_pool_connections_max{host=$host})"#,
            "used",
        )],
    },
    Panel {
        id: "connections",
        ja: "データベース接続",
        en: "Database connections",
        unit: Unit::Count,
        full: false,
        stacked: false,
        rule: None,
        lines: &[line("pg_stat_activity_count{host=$host}", "open"), line("pg_settings_max_connections{host=$host}", "max")],
    },
    Panel {
        id: "own",
        ja: "見守りのメモリ",
        en: "Mimamori's memory",
        unit: Unit::Bytes,
        full: false,
        stacked: false,
        rule: None,
        lines: &[line(r#"process_resident_memory_bytes{host=$host,job="mimamori"}"#, "resident")],
    },
];

fn fill(expr: &str, host: &str, window_s: i64) -> String {
    expr.replace("$host", &plots::quoted(host)).replace("$window", &format!("{window_s}s"))
}

/// A limit to draw: the rule's threshold and severity.
#[derive(Clone, Debug)]
pub struct Threshold {
    pub rule: String,
    pub value: f64,
    pub severity: u8,
}

/// What all panels of a board share.
pub struct Sheet<'a> {
    pub host: &'a str,
    pub span: Span,
    pub zone: &'a Zone,
    pub locale: Locale,
    pub limits: Vec<Threshold>,
    /// Open alerts of the host: rule and severity.
    pub open: Vec<(String, Severity)>,
    /// What went on, for every panel.
    pub happened: Happened,
}

/// Draws one panel. Panels without any line (no database on that host) are left out.
///
/// # Errors
/// As [`plots::range`].
pub async fn draw(house: &House, panel: &Panel, sheet: &Sheet<'_>) -> Result<Option<PanelView>, ApiError> {
    let span = sheet.span;
    let mut series = Vec::new();
    for line in panel.lines {
        let first = u8::try_from(series.len() % 8).unwrap_or(0) + 1;
        let expr = fill(line.expr, sheet.host, span.rate_window_s());
        series.extend(plots::lines(house, &expr, line.named, span, first).await?);
    }
    if series.is_empty() {
        return Ok(None);
    }
    if panel.stacked {
        series.iter_mut().for_each(|series| series.fill = true);
    }
    let limit = sheet.limits.iter().find(|limit| Some(limit.rule.as_str()) == panel.rule);
    let plot = Plot {
        series,
        y: Scale { min: Some(0.0), max: panel.full.then_some(100.0), unit: panel.unit, ..Scale::default() },
        bands: limit.iter().map(|limit| Band::above(limit.severity, limit.value)).collect(),
        limits: limit.iter().map(|limit| Limit { value: limit.value, severity: limit.severity, label: String::new() }).collect(),
        markers: sheet.happened.flags.clone(),
        stretches: sheet.happened.stretches.clone(),
        stacked: panel.stacked,
        ..plots::empty(span, sheet.zone, sheet.locale)
    };
    let title = Text { ja: panel.ja.to_owned(), en: panel.en.to_owned() };
    let about_it = sheet.open.iter().filter(|(rule, _)| Some(rule.as_str()) == panel.rule);
    let severity = about_it.map(|(_, severity)| *severity).min();
    let named = panel.lines.iter().all(|line| matches!(line.named, Named::As(_)));
    Ok(Some(PanelView { id: panel.id.to_owned(), title, unit: panel.unit, plot, named, severity }))
}

/// The newest points of every panel of `host`, for the live stream; `None` for a host without data.
pub async fn tick(house: &House, host: &str, at: Time) -> Option<BoardTick> {
    let window_s = 30;
    let mut panels = Vec::with_capacity(PANELS.len());
    for panel in PANELS {
        let mut values = Vec::new();
        for line in panel.lines {
            // A tick that is missing is filled in by the next fetch of the board.
            let found = plots::instant(house, &fill(line.expr, host, window_s), at).await.unwrap_or_default();
            values.extend(newest(line.named, found));
        }
        if !values.is_empty() {
            panels.push(PanelTick { id: panel.id.to_owned(), values });
        }
    }
    (!panels.is_empty()).then(|| BoardTick { topic: board_topic(host), at, panels })
}

/// The lines that the board draws of one expression, and no more: a host with a thousand devices must not flood the stream.
fn newest(named: Named, found: Vec<(Labels, f64)>) -> Vec<(String, f64)> {
    let mut values: Vec<(String, f64)> = found.into_iter().map(|(labels, value)| (named.of(&labels), value)).collect();
    values.sort_by(|a, b| a.0.cmp(&b.0));
    values.truncate(MOST_LINES);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_carries_the_lines_the_board_draws_and_no_others() {
        let device = |number: u32| (Labels::new([("device", format!("veth{number:03}"))]), f64::from(number));
        let values = newest(Named::By("device"), (0..500).rev().map(device).collect());
        assert_eq!(values.len(), MOST_LINES);
        assert_eq!(values.first(), Some(&("veth000".to_owned(), 0.0)));
    }

    #[test]
    fn every_expression_of_every_panel_parses() {
        for panel in PANELS {
            for line in panel.lines {
                let expr = fill(line.expr, "app-02", 30);
                assert!(promql::parse(&expr).is_ok(), "{}: {expr}: {:?}", panel.id, promql::parse(&expr).err());
            }
        }
    }
}

//! Series as a fleet would send them: what a node_exporter shows of a host, and counters of requests.
//!
//! More than half of a node_exporter's series don't move: idle devices, limits, states. That share decides what a sample takes on disk,
//! so it is kept.

use super::motion::{Motion, mixed, share};
use std::sync::LazyLock;

/// Series of one target.
pub const PER_TARGET: usize = 750;

/// Names and values of labels.
pub type Pairs = Vec<(String, String)>;

/// A series: its labels, sorted by name, and how it moves.
#[derive(Clone, Debug)]
pub struct Series {
    pub labels: Pairs,
    pub motion: Motion,
}

/// What kind of figure a family holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    /// Never moves.
    Still,
    /// Seconds spent, in hundredths.
    Seconds,
    /// Things counted.
    Count,
    /// Bytes counted.
    Bytes,
    /// Memory or disk in use, in pages of 4,096 bytes.
    Pages,
    /// A small number, such as a load, in hundredths.
    Level,
    /// How long something took, with all its digits.
    Took,
}

/// Metrics that share their labels; every combination of the values is a series.
struct Family {
    shape: Shape,
    /// Parted by spaces.
    names: &'static str,
    labels: &'static [(&'static str, &'static str)],
}

/// Labels without an instance, and what they hold.
type Shaped = (Shape, Pairs);

const CPUS: &str = "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15";
const BUSY_DISKS: &str = "nvme0n1 nvme1n1";
const IDLE_DISKS: &str = "sda sdb dm-0 sr0";
const DISK: &str = "node_disk_reads_completed_total node_disk_reads_merged_total node_disk_writes_completed_total \
    node_disk_writes_merged_total node_disk_discards_completed_total node_disk_discards_merged_total node_disk_flush_requests_total";
const DISK_BYTES: &str = "node_disk_read_bytes_total node_disk_written_bytes_total node_disk_discarded_sectors_total";
const DISK_SECONDS: &str = "node_disk_read_time_seconds_total node_disk_write_time_seconds_total node_disk_io_time_seconds_total \
    node_disk_io_time_weighted_seconds_total node_disk_discard_time_seconds_total node_disk_flush_requests_time_seconds_total";
const DEVICES: &str = "eth0 eth1 lo docker0 veth1";
const COLLECTORS: &str = "arp bcache bonding btrfs conntrack cpu cpufreq diskstats dmi edac entropy fibrechannel filefd filesystem \
    hwmon infiniband ipvs loadavg mdadm meminfo netclass netdev netstat nfs nfsd nvme os powersupplyclass pressure rapl schedstat \
    selinux sockstat softnet stat tapestats textfile thermal_zone time timex udp_queues uname vmstat xfs zfs";
const MOUNTS: &str = "/ /boot /var /var/lib/postgresql /srv /home";

/// What a node_exporter 1.5 on a host of 16 processors shows, the first 750 series of it.
const EXPORTER: &[Family] = &[
    Family {
        shape: Shape::Seconds,
        names: "node_cpu_seconds_total",
        labels: &[("cpu", CPUS), ("mode", "idle iowait softirq system user")],
    },
    Family { shape: Shape::Still, names: "node_cpu_seconds_total", labels: &[("cpu", CPUS), ("mode", "irq nice steal")] },
    Family { shape: Shape::Still, names: "node_cpu_guest_seconds_total", labels: &[("cpu", CPUS), ("mode", "nice user")] },
    Family { shape: Shape::Still, names: "node_cpu_frequency_max_hertz node_cpu_frequency_min_hertz", labels: &[("cpu", CPUS)] },
    Family {
        shape: Shape::Seconds,
        names: "node_schedstat_running_seconds_total node_schedstat_waiting_seconds_total",
        labels: &[("cpu", CPUS)],
    },
    Family {
        shape: Shape::Count,
        names: "node_schedstat_timeslices_total node_softnet_processed_total",
        labels: &[("cpu", CPUS)],
    },
    Family {
        shape: Shape::Still,
        names: "node_softnet_dropped_total node_softnet_times_squeezed_total",
        labels: &[("cpu", CPUS)],
    },
    Family { shape: Shape::Count, names: DISK, labels: &[("device", BUSY_DISKS)] },
    Family { shape: Shape::Bytes, names: DISK_BYTES, labels: &[("device", BUSY_DISKS)] },
    Family { shape: Shape::Seconds, names: DISK_SECONDS, labels: &[("device", BUSY_DISKS)] },
    Family { shape: Shape::Still, names: DISK, labels: &[("device", IDLE_DISKS)] },
    Family { shape: Shape::Still, names: DISK_BYTES, labels: &[("device", IDLE_DISKS)] },
    Family { shape: Shape::Still, names: DISK_SECONDS, labels: &[("device", IDLE_DISKS)] },
    Family {
        shape: Shape::Bytes,
        names: "node_network_receive_bytes_total node_network_transmit_bytes_total",
        labels: &[("device", "eth0 lo docker0")],
    },
    Family {
        shape: Shape::Count,
        names: "node_network_receive_packets_total node_network_transmit_packets_total",
        labels: &[("device", "eth0 lo docker0")],
    },
    Family {
        shape: Shape::Still,
        names: "node_network_receive_errs_total node_network_receive_drop_total node_network_receive_fifo_total \
            node_network_receive_frame_total node_network_receive_compressed_total node_network_receive_multicast_total \
            node_network_transmit_errs_total node_network_transmit_drop_total node_network_transmit_fifo_total \
            node_network_transmit_colls_total node_network_transmit_carrier_total node_network_transmit_compressed_total \
            node_network_up node_network_carrier node_network_carrier_changes_total node_network_mtu_bytes \
            node_network_speed_bytes node_network_flags node_network_iface_id node_network_iface_link \
            node_network_transmit_queue_length node_network_protocol_type node_network_dormant",
        labels: &[("device", DEVICES)],
    },
    Family {
        shape: Shape::Pages,
        names: "node_filesystem_avail_bytes node_filesystem_free_bytes",
        labels: &[("device", "/dev/mapper/data"), ("fstype", "ext4"), ("mountpoint", MOUNTS)],
    },
    Family {
        shape: Shape::Still,
        names: "node_filesystem_size_bytes node_filesystem_files node_filesystem_files_free node_filesystem_readonly \
            node_filesystem_device_error",
        labels: &[("device", "/dev/mapper/data"), ("fstype", "ext4"), ("mountpoint", MOUNTS)],
    },
    Family {
        shape: Shape::Pages,
        names: "node_memory_MemFree_bytes node_memory_MemAvailable_bytes node_memory_Buffers_bytes node_memory_Cached_bytes \
            node_memory_Active_bytes node_memory_Inactive_bytes node_memory_Active_anon_bytes node_memory_Inactive_anon_bytes \
            node_memory_Active_file_bytes node_memory_Inactive_file_bytes node_memory_Dirty_bytes node_memory_Writeback_bytes \
            node_memory_AnonPages_bytes node_memory_Mapped_bytes node_memory_Slab_bytes node_memory_SReclaimable_bytes \
            node_memory_SUnreclaim_bytes node_memory_KernelStack_bytes node_memory_PageTables_bytes node_memory_Committed_AS_bytes",
        labels: &[],
    },
    Family {
        shape: Shape::Still,
        names: "node_memory_MemTotal_bytes node_memory_SwapTotal_bytes node_memory_SwapFree_bytes node_memory_SwapCached_bytes \
            node_memory_Unevictable_bytes node_memory_Mlocked_bytes node_memory_NFS_Unstable_bytes node_memory_Bounce_bytes \
            node_memory_WritebackTmp_bytes node_memory_CommitLimit_bytes node_memory_VmallocTotal_bytes node_memory_VmallocUsed_bytes \
            node_memory_VmallocChunk_bytes node_memory_HardwareCorrupted_bytes node_memory_AnonHugePages_bytes \
            node_memory_HugePages_Total node_memory_HugePages_Free node_memory_HugePages_Rsvd node_memory_HugePages_Surp \
            node_memory_Hugepagesize_bytes node_memory_DirectMap4k_bytes node_memory_DirectMap2M_bytes node_boot_time_seconds \
            node_filefd_maximum node_nf_conntrack_entries_limit node_sockstat_TCP_orphan node_sockstat_RAW_inuse \
            node_sockstat_FRAG_inuse node_sockstat_FRAG_memory node_sockstat_UDPLITE_inuse node_timex_sync_status node_uname_info",
        labels: &[],
    },
    Family {
        shape: Shape::Count,
        names: "node_context_switches_total node_intr_total node_forks_total node_vmstat_pgfault node_vmstat_pgpgin \
            node_vmstat_pgpgout node_netstat_Ip_InReceives node_netstat_Tcp_InSegs node_netstat_Tcp_OutSegs \
            node_netstat_Tcp_ActiveOpens node_netstat_Tcp_PassiveOpens node_netstat_Udp_InDatagrams node_netstat_Udp_OutDatagrams \
            node_netstat_IpExt_InOctets node_netstat_IpExt_OutOctets node_netstat_Udp_NoPorts go_memstats_mallocs_total \
            go_memstats_frees_total go_memstats_lookups_total promhttp_metric_handler_requests_total",
        labels: &[],
    },
    Family {
        shape: Shape::Still,
        names: "node_vmstat_oom_kill node_vmstat_pgmajfault node_vmstat_pswpin node_vmstat_pswpout node_netstat_Icmp_InErrors \
            node_netstat_Icmp_InMsgs node_netstat_Icmp_OutMsgs node_netstat_Icmp6_InErrors node_netstat_Icmp6_InMsgs \
            node_netstat_Icmp6_OutMsgs node_netstat_Ip6_InOctets node_netstat_Ip6_OutOctets node_netstat_Ip_Forwarding \
            node_netstat_TcpExt_ListenDrops node_netstat_TcpExt_ListenOverflows node_netstat_TcpExt_SyncookiesFailed \
            node_netstat_TcpExt_SyncookiesRecv node_netstat_TcpExt_SyncookiesSent node_netstat_Tcp_InErrs \
            node_netstat_UdpLite_InErrors node_netstat_Udp6_InErrors node_netstat_Udp_InErrors go_info process_max_fds \
            process_start_time_seconds process_virtual_memory_max_bytes",
        labels: &[],
    },
    Family {
        shape: Shape::Level,
        names: "node_load1 node_load5 node_load15 node_procs_running node_procs_blocked node_filefd_allocated \
            node_sockstat_TCP_alloc node_sockstat_TCP_inuse node_sockstat_TCP_tw node_sockstat_UDP_inuse node_sockstat_sockets_used \
            node_netstat_Tcp_CurrEstab node_entropy_available_bits node_nf_conntrack_entries node_hwmon_temp_celsius go_goroutines \
            go_threads process_open_fds",
        labels: &[],
    },
    Family { shape: Shape::Took, names: "node_scrape_collector_duration_seconds", labels: &[("collector", COLLECTORS)] },
    Family { shape: Shape::Still, names: "node_scrape_collector_success", labels: &[("collector", COLLECTORS)] },
];

/// The series of one target; the instance is still missing.
static TARGET: LazyLock<Vec<Shaped>> = LazyLock::new(|| {
    let mut all: Vec<Shaped> = EXPORTER.iter().flat_map(series_of).collect();
    all.truncate(PER_TARGET);
    all
});

fn series_of(family: &Family) -> Vec<Shaped> {
    let mut all: Vec<Pairs> =
        family.names.split_whitespace().map(|name| vec![("__name__".to_owned(), name.to_owned())]).collect();
    for (label, values) in family.labels {
        let with = |labels: &Pairs| -> Vec<Pairs> {
            let one = |value: &str| [labels.as_slice(), &[((*label).to_owned(), value.to_owned())]].concat();
            values.split_whitespace().map(one).collect()
        };
        all = all.iter().flat_map(with).collect();
    }
    all.into_iter().map(|labels| (family.shape, labels)).collect()
}

/// The `at`-th series of a fleet of node_exporters.
pub fn node(at: usize) -> Series {
    let target: usize = at / PER_TARGET;
    let (shape, labels) = &TARGET[at % PER_TARGET];
    let mut labels: Pairs = labels.clone();
    let address: String = format!("10.{}.{}.{}:9100", target / 62_500, target / 250 % 250, target % 250);
    labels.push(("instance".to_owned(), address));
    labels.push(("job".to_owned(), "node".to_owned()));
    labels.sort();
    Series { labels, motion: motion(*shape, mixed(at as u64)) }
}

fn motion(shape: Shape, seed: u64) -> Motion {
    // Hosts differ by orders of magnitude: from a twentieth to twenty times the middle.
    let size: f64 = 400.0_f64.powf(share(seed, 1) - 0.5);
    match shape {
        Shape::Still => Motion::Still((share(seed, 2) * 4.0).floor() * size.floor()),
        Shape::Seconds => Motion::Counter { pace: 0.6 * size, parts: 100.0, seed },
        Shape::Count => Motion::Counter { pace: 900.0 * size, parts: 1.0, seed },
        Shape::Bytes => Motion::Counter { pace: 4e6 * size, parts: 1.0, seed },
        Shape::Pages => Motion::Gauge { mean: 2e9 * size, parts: 1.0 / 4_096.0, seed },
        Shape::Level => Motion::Gauge { mean: 8.0 * size, parts: 100.0, seed },
        Shape::Took => Motion::Gauge { mean: 2e-4 * size, parts: 1e9, seed },
    }
}

/// `n` counters of one metric: ten jobs, ten paths each.
pub fn counters(n: usize) -> Vec<Series> {
    let pace = |seed: u64| Motion::Counter { pace: 20.0 + 400.0 * share(seed, 1), parts: 1.0, seed };
    (0..n).map(|at| requests("bench_requests_total", at, pace(mixed(at as u64)))).collect()
}

/// `n` gauges of one metric, with the labels of [`counters`].
pub fn gauges(n: usize) -> Vec<Series> {
    let swing = |seed: u64| Motion::Gauge { mean: 20.0 + 40.0 * share(seed, 1), parts: 100.0, seed };
    (0..n).map(|at| requests("bench_temperature_celsius", at, swing(mixed(at as u64)))).collect()
}

fn requests(metric: &str, at: usize, motion: Motion) -> Series {
    let labels: [(&str, String); 4] = [
        ("__name__", metric.to_owned()),
        ("instance", format!("10.0.{}.{}:8080", at / 25_000, at / 100 % 250)),
        ("job", format!("job-{}", at % 10)),
        ("path", format!("/p{}", at / 10 % 10)),
    ];
    Series { labels: labels.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), motion }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_target_has_750_series_of_which_most_stand_still() {
        assert_eq!(TARGET.len(), PER_TARGET);
        let still = TARGET.iter().filter(|(shape, _)| *shape == Shape::Still).count();
        assert!((400..=500).contains(&still), "{still}");
    }

    #[test]
    fn series_are_distinct_their_labels_sorted_and_repeatable() {
        let fleet: Vec<Series> = (0..3 * PER_TARGET).map(node).chain(counters(1_000)).chain(gauges(1_000)).collect();
        let distinct: BTreeSet<&Pairs> = fleet.iter().map(|series| &series.labels).collect();
        assert_eq!(distinct.len(), fleet.len());
        assert!(fleet.iter().all(|series| series.labels.is_sorted_by(|left, right| left.0 < right.0)));
        assert_eq!(node(77).motion.value(5), node(77).motion.value(5));
    }
}

//! Which addresses may be reached. Pure: no name is resolved here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// Where clouds answer with the machine's own credentials; some of them look like ordinary addresses.
const METADATA_V4: [Ipv4Addr; 4] = [
    Ipv4Addr::new(169, 254, 169, 254),
    // Alibaba Cloud.
    Ipv4Addr::new(100, 100, 100, 200),
    // Azure's wire server.
    Ipv4Addr::new(168, 63, 129, 16),
    // Oracle Cloud.
    Ipv4Addr::new(192, 0, 0, 192),
];

/// What may be reached besides the public internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// RFC 1918, shared address space (RFC 6598) and unique local IPv6 (RFC 4193).
    pub private: bool,
    /// This very machine, whatever listens there.
    pub loopback: bool,
    /// Single doors of this machine: an address and a port.
    pub doors: Vec<SocketAddr>,
    /// Whatever is in one of these, also link-local and metadata addresses.
    pub listed: Vec<IpNet>,
}

impl Reach {
    /// Whether a connection to `address` may be made, whatever its port.
    #[must_use]
    pub fn may(&self, address: IpAddr) -> bool {
        let address: IpAddr = address.to_canonical();
        let is_listed: bool = self.listed.iter().any(|network| network.contains(&address));
        is_listed
            || match place(address) {
                Place::Public => true,
                Place::Private => self.private,
                Place::Loopback => self.loopback,
                Place::Special => false,
            }
    }
}

impl Reach {
    /// Whether a connection to this port of `address` may be made.
    #[must_use]
    pub fn may_at(&self, address: IpAddr, port: u16) -> bool {
        self.may(address) || self.doors.contains(&SocketAddr::new(address.to_canonical(), port))
    }

    /// The same of `localhost`, which is one address or the other.
    #[must_use]
    pub fn may_at_home(&self, port: u16) -> bool {
        let home: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        home.into_iter().any(|address| self.may_at(address, port))
    }

    /// Whether any port of `address` may be reached.
    #[must_use]
    pub fn has_door(&self, address: IpAddr) -> bool {
        self.doors.iter().any(|door| door.ip() == address.to_canonical())
    }
}

/// What kind of address it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Anywhere on the internet.
    Public,
    /// A network that is somebody's own.
    Private,
    /// This machine.
    Loopback,
    /// Link-local, metadata, multicast, unspecified, documentation, reserved: nothing to be asked unless it is listed.
    Special,
}

/// Sorts an address. IPv6 that only wraps an IPv4 address is what is inside.
#[must_use]
pub fn place(address: IpAddr) -> Place {
    match address.to_canonical() {
        IpAddr::V4(address) => place_v4(address),
        IpAddr::V6(address) => place_v6(address),
    }
}

fn place_v4(address: Ipv4Addr) -> Place {
    let [first, second, third, _] = address.octets();
    let is_shared: bool = first == 100 && second & 0xc0 == 64;
    // Benchmarks (RFC 2544) and protocol assignments (RFC 6890).
    let is_assigned: bool = (first == 198 && second & 0xfe == 18) || (first, second, third) == (192, 0, 0);
    if METADATA_V4.contains(&address) {
        Place::Special
    } else if address.is_loopback() {
        Place::Loopback
    } else if address.is_private() || is_shared {
        Place::Private
    } else if first == 0 || first >= 224 || address.is_link_local() || address.is_documentation() || is_assigned {
        Place::Special
    } else {
        Place::Public
    }
}

fn place_v6(address: Ipv6Addr) -> Place {
    let segments: [u16; 8] = address.segments();
    let inside = |high: u16, low: u16| -> Place {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        match place_v4(Ipv4Addr::new(a, b, c, d)) {
            // A wrapped loopback leads who knows where.
            Place::Loopback => Place::Special,
            place => place,
        }
    };
    if address.is_loopback() {
        return Place::Loopback;
    }
    match segments {
        // Metadata: Amazon's, Google's and Oracle's ranges, which look like somebody's own networks.
        [0xfd00, 0xec2 | 0xc1, ..] | [0xfd20, 0xce, ..] => Place::Special,
        // Local NAT64 (RFC 8215) and stateless translation (RFC 2765) lead to addresses that can't be seen here.
        [0x64, 0xff9b, 1, ..] | [0, 0, 0, 0, 0xffff, 0, _, _] => Place::Special,
        // NAT64 (RFC 6052), 6to4 (RFC 3056), and the forgotten "compatible" form.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => inside(high, low),
        [0, 0, 0, 0, 0, 0, _, _] => Place::Special,
        [first, ..] if first & 0xfe00 == 0xfc00 => Place::Private,
        // Link-local, site-local, multicast.
        [first, ..] if first & 0xff80 == 0xfe80 || first & 0xff00 == 0xff00 => Place::Special,
        // Documentation and Teredo.
        [0x2001, 0xdb8 | 0, ..] => Place::Special,
        _ => Place::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Place {
        place(address.parse().unwrap())
    }

    #[test]
    fn addresses_are_sorted() {
        for address in ["8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"] {
            assert_eq!(of(address), Place::Public, "{address}");
        }
        for address in ["10.1.2.3", "172.16.0.1", "192.168.255.255", "100.64.0.1", "fd12::1", "64:ff9b::a00:1", "2002:a00:1::"] {
            assert_eq!(of(address), Place::Private, "{address}");
        }
        for address in ["127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(of(address), Place::Loopback, "{address}");
        }
        let special = [
            "169.254.169.254",
            "169.254.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::",
            "::7f00:1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "fd00:c1::a9fe:a9fe",
            "64:ff9b:1::a00:1",
            "::ffff:0:10.0.0.1",
            "2001:db8::1",
            "64:ff9b::7f00:1",
            "::ffff:169.254.169.254",
        ];
        for address in special {
            assert_eq!(of(address), Place::Special, "{address}");
        }
    }

    #[test]
    fn private_networks_are_opened_by_a_switch_and_metadata_only_by_name() {
        let inside = Reach { private: true, loopback: true, ..Reach::default() };
        let may = |reach: &Reach, address: &str| reach.may(address.parse().unwrap());
        assert!(may(&inside, "10.0.0.1") && may(&inside, "127.0.0.1") && may(&inside, "1.1.1.1"));
        assert!(!may(&inside, "169.254.169.254") && !may(&inside, "fd00:ec2::254") && !may(&inside, "::ffff:169.254.169.254"));
        let listed = Reach { listed: vec!["169.254.169.254/32".parse().unwrap()], ..Reach::default() };
        assert!(may(&listed, "169.254.169.254") && may(&listed, "::ffff:169.254.169.254"));
        assert!(!may(&listed, "10.0.0.1") && !may(&listed, "127.0.0.1"));
    }

    #[test]
    fn a_door_of_this_machine_is_an_address_and_a_port() {
        let reach = Reach { doors: vec!["127.0.0.1:9100".parse().unwrap()], ..Reach::default() };
        for (address, port, expected) in [
            ("127.0.0.1", 9100, true),
            ("::ffff:127.0.0.1", 9100, true),
            ("127.0.0.1", 5432, false),
            ("127.0.0.2", 9100, false),
            ("::1", 9100, false),
            ("10.0.0.1", 9100, false),
        ] {
            assert_eq!(reach.may_at(address.parse().unwrap(), port), expected, "{address} {port}");
        }
        assert!(reach.may_at_home(9100) && !reach.may_at_home(5432) && !Reach::default().may_at_home(9100));
        assert!(!reach.may("127.0.0.1".parse().unwrap()), "not whatever its port");
    }
}

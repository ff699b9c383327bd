//! Which IP addresses are public.
//!
//! After the IANA special-purpose registries. IPv4 is listed by what is not public; IPv6 is public only inside
//! the global unicast block `2000::/3`, less the parts of it that are not. Forms that carry an IPv4 address
//! inside (mapped, compatible, NAT64, 6to4, Teredo) are refused whatever they carry: a public name never needs
//! them, and which way the inner address is taken depends on the machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

type V4Range = (Ipv4Addr, u32, &'static str);
type V6Range = (Ipv6Addr, u32, &'static str);

const V4_NOT_PUBLIC: [V4Range; 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private network"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "carrier-grade NAT"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private network"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private network"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::BROADCAST, 32, "broadcast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

const V6_GLOBAL_UNICAST: V6Range = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3, "global unicast");

/// The first entry that matches gives the name; all but the last four lie outside `2000::/3` anyway.
const V6_NOT_PUBLIC: [V6Range; 15] = [
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::UNSPECIFIED, 96, "IPv4-compatible"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "IPv4-mapped"),
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, "IPv4-translated"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "NAT64"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "NAT64"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "discard"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private network"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
    (
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0),
        23,
        "protocol assignments and Teredo",
    ),
    (
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0),
        32,
        "documentation",
    ),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
];

/// The range that makes `address` not public, or `None` for a public address.
pub fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => V4_NOT_PUBLIC
            .iter()
            .find(|range| in_v4(address, range))
            .map(|range| range.2),
        IpAddr::V6(address) => V6_NOT_PUBLIC
            .iter()
            .find(|range| in_v6(address, range))
            .map(|range| range.2)
            .or_else(|| (!in_v6(address, &V6_GLOBAL_UNICAST)).then_some("not global unicast")),
    }
}

fn in_v4(address: Ipv4Addr, (network, prefix, _): &V4Range) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= *prefix
}

fn in_v6(address: Ipv6Addr, (network, prefix, _): &V6Range) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= *prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<&'static str> {
        not_public(text.parse().unwrap())
    }

    #[test]
    fn both_ends_of_every_v4_range_and_their_neighbours() {
        for (before, first, last, after) in [
            ("255.255.255.255", "0.0.0.0", "0.255.255.255", "1.0.0.0"),
            ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
            ("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"),
            ("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"),
            ("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"),
            ("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"),
            ("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"),
            ("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"),
            ("192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"),
            ("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"),
            ("198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"),
            ("198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"),
            ("203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"),
            ("223.255.255.255", "224.0.0.0", "255.255.255.255", "1.1.1.1"),
        ] {
            assert!(range(first).is_some(), "{first}");
            assert!(range(last).is_some(), "{last}");
            assert!(before == "255.255.255.255" || range(before).is_none(), "{before}");
            assert!(range(after).is_none(), "{after}");
        }
    }

    #[test]
    fn v6_is_named_by_its_kind() {
        for (address, kind) in [
            ("::", Some("unspecified")),
            ("::1", Some("loopback")),
            ("::7f00:1", Some("IPv4-compatible")),
            ("::ffff:8.8.8.8", Some("IPv4-mapped")),
            ("::ffff:0:8.8.8.8", Some("IPv4-translated")),
            ("64:ff9b::8.8.8.8", Some("NAT64")),
            ("64:ff9b:1::a00:1", Some("NAT64")),
            ("64:ff9b:2::1", Some("not global unicast")),
            ("fc00::1", Some("private network")),
            ("fdff::1", Some("private network")),
            ("fe80::1", Some("link-local")),
            ("febf::1", Some("link-local")),
            ("fec0::1", Some("not global unicast")),
            ("ff02::1", Some("multicast")),
            ("2001::1", Some("protocol assignments and Teredo")),
            ("2001:1ff::1", Some("protocol assignments and Teredo")),
            ("2001:200::1", None),
            ("2001:db8::1", Some("documentation")),
            ("2002:7f00:1::", Some("6to4")),
            ("2003::1", None),
            ("3fff:fff::1", Some("documentation")),
            ("3fff:1000::1", None),
            ("4000::1", Some("not global unicast")),
            ("1fff::1", Some("not global unicast")),
            ("2606:4700:4700::1111", None),
        ] {
            assert_eq!(range(address), kind, "{address}");
        }
    }
}

//! Addresses of findings: IPv4, IPv6, or the name of a host where a line has no address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Characters of a host's name that are kept; DNS allows 253.
const LONGEST_NAME: usize = 255;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    V4(u32),
    V6(u128),
    /// In lower case.
    Name(Box<str>),
}

impl Address {
    /// Reads what a line says; an IPv4 address in the clothes of IPv6 is one.
    pub fn read(text: &str) -> Option<Address> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(v4)) => Address::V4(v4.to_bits()),
            Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
                Some(v4) => Address::V4(v4.to_bits()),
                None => Address::V6(v6.to_bits()),
            },
            Err(_) => {
                let name: String = (text.chars().take(LONGEST_NAME))
                    .map(|c| if c == '\0' { '\u{fffd}' } else { c })
                    .collect();
                Address::Name(name.to_lowercase().into())
            }
        })
    }

    /// Whether it stands on the Internet's side: not of a private network, this host, a link or a group. A name tells nothing.
    pub fn is_outside(&self) -> bool {
        match self {
            Address::V4(bits) => {
                let v4 = Ipv4Addr::from_bits(*bits);
                // 100.64.0.0/10 is the carriers' own (RFC 6598).
                let carrier = bits >> 22 == 0b01_1001_0001;
                !(v4.is_private()
                    || v4.is_loopback()
                    || v4.is_link_local()
                    || v4.is_multicast()
                    || v4.is_broadcast()
                    || v4.is_unspecified()
                    || carrier)
            }
            Address::V6(bits) => {
                let v6 = Ipv6Addr::from_bits(*bits);
                !(v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local())
            }
            Address::Name(_) => false,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::V4(bits) => Ipv4Addr::from_bits(*bits).fmt(f),
            Address::V6(bits) => Ipv6Addr::from_bits(*bits).fmt(f),
            Address::Name(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_told_apart() {
        for (text, shown, outside) in [
            ("203.0.113.9", "203.0.113.9", true),
            (" 10.1.2.3 ", "10.1.2.3", false),
            ("100.64.0.1", "100.64.0.1", false),
            ("100.128.0.1", "100.128.0.1", true),
            ("::ffff:203.0.113.9", "203.0.113.9", true),
            ("2001:DB8::1", "2001:db8::1", true),
            ("fe80::1", "fe80::1", false),
            ("PC-01.Example.jp", "pc-01.example.jp", false),
        ] {
            let address = Address::read(text).unwrap();
            assert_eq!(
                (address.to_string().as_str(), address.is_outside()),
                (shown, outside)
            );
        }
        assert_eq!(Address::read("  "), None);
    }
}

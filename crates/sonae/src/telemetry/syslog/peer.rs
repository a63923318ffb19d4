//! Whose lines are believed at a port: an address, a range, or anybody's.

use std::net::{IpAddr, Ipv6Addr};

/// Addresses that share their first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Addresses of IPv4 stand in their range of IPv6, so that both are compared alike.
    address: u128,
    bits: u32,
}

impl Peer {
    /// Reads an address or a range as CIDR writes it, such as `192.0.2.0/24`.
    pub fn parse(text: &str) -> Option<Peer> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then(|| Peer {
            address: wide(address),
            bits: 128 - width + bits,
        })
    }

    pub fn holds(self, address: IpAddr) -> bool {
        let differing = self.address ^ wide(address);
        differing.leading_zeros() >= self.bits
    }
}

/// An address of IPv4 in the form in which a socket for both kinds shows it.
fn wide(address: IpAddr) -> u128 {
    let address: Ipv6Addr = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    u128::from(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_a_range_or_not() {
        for (range, address, holds) in [
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            (" 192.0.2.0/24 ", "192.0.2.255", true),
            ("192.0.2.0/24", "192.0.3.0", false),
            ("192.0.2.0/24", "::ffff:192.0.2.9", true),
            ("0.0.0.0/0", "203.0.113.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "192.0.2.1", true),
        ] {
            let peer = Peer::parse(range).expect(range);
            assert_eq!(
                peer.holds(address.parse().unwrap()),
                holds,
                "{range} {address}"
            );
        }
        for wrong in [
            "",
            "192.0.2",
            "192.0.2.1/33",
            "2001:db8::/129",
            "example.jp",
            "192.0.2.1/",
            "/24",
        ] {
            assert_eq!(Peer::parse(wrong), None, "{wrong}");
        }
    }
}

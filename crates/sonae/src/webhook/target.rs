//! Where a webhook may lead: a public address over https, so that nobody can make the office knock on doors inside its own network
//! (server-side request forgery). `--webhook-local` allows http and private addresses, for an intranet or a test.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The longest URL that is kept.
pub const LONGEST: usize = 500;

/// Reads a URL that somebody typed.
///
/// # Errors
/// What is wrong with it, a Japanese sentence.
pub fn read(typed: &str, local: bool) -> Result<String, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("送り先のURLを入力してください。");
    }
    if typed.len() > LONGEST {
        return Err("URLは500文字以内にしてください。");
    }
    let url =
        Url::parse(typed).map_err(|_| "URLの形で入力してください。例: https://example.jp/sonae")?;
    if !(url.scheme() == "https" || local && url.scheme() == "http") {
        return Err("https:// で始まるURLを入力してください。");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "URLに利用者名やパスワードを入れないでください。送り先は署名で確かめられます。",
        );
    }
    let public = match url.host() {
        Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => name.contains('.') && !name.ends_with(".localhost"),
        None => return Err("URLにサーバーの名前を入れてください。"),
    };
    if !public && !local {
        return Err(
            "内部のネットワークを指すURLは使えません。外から見えるサーバーの名前を入力してください。",
        );
    }
    Ok(url.into())
}

/// Whether an address stands on the public internet (IANA's special-purpose registries, RFC 6890).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match embedded_v4(ip) {
            Some(ip) => is_public_v4(ip),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        // Shared by providers (RFC 6598), protocol assignments, 6to4 relays, benchmarks (RFC 2544).
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    // Only 2000::/3 is given out for the internet; in it, documentation and protocol assignments are not.
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && (second == 0x0db8 || second < 0x0200))
        && !(first == 0x3fff && second < 0x1000)
}

/// The IPv4 address that an IPv6 address only wraps: mapped, NAT64 (RFC 6052), 6to4 (RFC 3056).
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let of = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match (a, b) {
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => Some(of(g, h)),
        (0x2002, high) => Some(of(high, c)),
        _ => ip.to_ipv4_mapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for (ip, public) in [
            ("8.8.8.8", true),
            ("192.0.1.1", true),
            ("2606:4700::1", true),
            ("127.0.0.1", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("198.18.0.1", false),
            ("203.0.113.9", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::a00:1", false),
            ("2002:7f00:1::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_public(ip.parse().expect("an address")), public, "{ip}");
        }
    }

    #[test]
    fn urls_are_read_or_refused_with_a_sentence() {
        for (typed, local, expected) in [
            (
                " https://example.jp/a?b=c ",
                false,
                Ok("https://example.jp/a?b=c"),
            ),
            ("https://例え.jp/", false, Ok("https://xn--r8jz45g.jp/")),
            ("http://127.0.0.1:9/x", true, Ok("http://127.0.0.1:9/x")),
            ("http://example.jp/", false, Err("https://")),
            ("ftp://example.jp/", true, Err("https://")),
            ("https://u:p@example.jp/", false, Err("利用者名")),
            ("https://localhost/", false, Err("内部")),
            ("https://127.1/", false, Err("内部")),
            ("https://0x7f000001/", false, Err("内部")),
            ("https://[::1]/", false, Err("内部")),
            ("https://a.localhost/", false, Err("内部")),
            ("example.jp", false, Err("形で")),
            ("", false, Err("入力")),
            (
                &format!("https://example.jp/{}", "a".repeat(500)),
                false,
                Err("500"),
            ),
        ] {
            match (read(typed, local), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(found), Err(part)) => assert!(found.contains(part), "{typed}: {found}"),
                (found, _) => panic!("{typed}: {found:?}"),
            }
        }
    }
}

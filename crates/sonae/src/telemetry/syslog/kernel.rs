//! Datagrams that the system dropped because its own buffer was full, by port, where the system tells (Linux).

use std::collections::HashMap;
use std::fs;

/// Where Linux lists its sockets for datagrams, and how many datagrams each lost.
const LISTS: [&str; 2] = ["/proc/net/udp", "/proc/net/udp6"];

/// Dropped datagrams by local port, since each socket was opened; empty where nobody tells.
pub(super) fn drops() -> HashMap<u16, u64> {
    let texts = LISTS
        .iter()
        .filter_map(|list| fs::read_to_string(list).ok());
    let mut drops = HashMap::new();
    for text in texts {
        for (port, dropped) in text.lines().filter_map(read) {
            *drops.entry(port).or_default() += dropped;
        }
    }
    drops
}

/// `sl local_address rem_address … drops`, the port in hex behind the address.
fn read(line: &str) -> Option<(u16, u64)> {
    let mut words = line.split_ascii_whitespace();
    let (_, port) = words.nth(1)?.rsplit_once(':')?;
    let dropped = words.next_back()?.parse().ok()?;
    Some((u16::from_str_radix(port, 16).ok()?, dropped))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_lists_of_linux_are_read() {
        let line = "  421: 0100007F:4E20 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12345 2 0000000000000000 17";
        assert_eq!(read(line), Some((20_000, 17)));
        let head = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops";
        assert_eq!((read(head), read("")), (None, None));
    }
}

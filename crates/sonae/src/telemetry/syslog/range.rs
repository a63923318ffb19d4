//! Where the listener listens: an address and the ports that devices may be given.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use sonae_db::Tx;
use sonae_store::{StoreError, setting};

/// The setting that names the ports.
const SETTING: &str = "syslog_ports";

/// An address and its ports, as `--syslog` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub ip: IpAddr,
    pub first: u16,
    pub last: u16,
}

impl Range {
    /// Reads `ADDRESS:FIRST-LAST`, such as `0.0.0.0:20000-20999` or `[::]:20000-20999`.
    ///
    /// # Errors
    /// A sentence for the command line.
    pub fn parse(text: &str) -> Result<Range, String> {
        let read = || {
            let (ip, ports) = text.rsplit_once(':')?;
            let ip = ip
                .strip_prefix('[')
                .and_then(|ip| ip.strip_suffix(']'))
                .unwrap_or(ip);
            let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            let ip = ip.parse().ok()?;
            (0 < first && first <= last).then_some(Range { ip, first, last })
        };
        read().ok_or_else(|| "例 0.0.0.0:20000-20999".to_owned())
    }

    pub fn holds(self, port: u16) -> bool {
        self.ports().contains(&port)
    }

    pub fn ports(self) -> RangeInclusive<u16> {
        self.first..=self.last
    }

    /// Keeps the ports in the office's database, so that a device can be given one by a command that was not told them.
    ///
    /// # Errors
    /// The database could not be written.
    pub fn keep(self, tx: &mut Tx) -> Result<(), StoreError> {
        let text = format!("{}-{}", self.first, self.last);
        setting::set(tx, SETTING, text.as_bytes())
    }

    /// The ports that were kept last; none when nobody ever listened.
    ///
    /// # Errors
    /// The database could not be read.
    pub fn kept(tx: &mut Tx) -> Result<Option<RangeInclusive<u16>>, StoreError> {
        let kept = setting::get(tx, SETTING)?;
        Ok(kept.and_then(|kept| {
            let text = String::from_utf8(kept).ok()?;
            let (first, last) = text.split_once('-')?;
            Some(first.parse().ok()?..=last.parse().ok()?)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (text, ip, ports) in [
            ("0.0.0.0:20000-20999", "0.0.0.0", 20_000..=20_999),
            ("[::]:514-514", "::", 514..=514),
            ("127.0.0.1:6514", "127.0.0.1", 6_514..=6_514),
        ] {
            let range = Range::parse(text).expect(text);
            assert_eq!(
                (range.ip.to_string(), range.ports()),
                (ip.to_owned(), ports),
                "{text}"
            );
        }
        for wrong in [
            "",
            "20000-20999",
            "0.0.0.0:2-1",
            "0.0.0.0:0-9",
            "host:1-2",
            "0.0.0.0:1-70000",
        ] {
            assert!(Range::parse(wrong).is_err(), "{wrong}");
        }
    }
}

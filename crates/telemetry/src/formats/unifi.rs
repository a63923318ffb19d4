//! Ubiquiti UniFi: gateways, switches and access points before they wrote CEF; `kernel` lines of the firewall and system messages.
//!
//! Findings of UniFi come as CEF ([`super::cef`]) or, from older gateways, as lines of Suricata's fast.log.

use std::borrow::Cow;

use super::{Line, activity, class};
use crate::detection::{Activity, Record};

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    let text = line.text;
    let host = line.envelope.host.unwrap_or_default();
    // `U7PG2,788a2056b182,v4.0.66.10832`: model (some leave it out), hardware address, firmware.
    let mut parts = host.rsplit(',');
    let versioned = (parts.next()).is_some_and(|version| version.starts_with('v'));
    let hardware = (parts.next())
        .filter(|mac| mac.len() == 12 && mac.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .filter(|_| versioned);
    let filtered = text.contains("IN=") && text.contains(" SRC=") && text.contains(" DST=");
    let gateway = filtered && (text.starts_with('[') || line.envelope.program == Some("kernel"));
    if hardware.is_none() && !gateway {
        return None;
    }
    let (class_uid, kind) = match (filtered, line.envelope.program) {
        (true, _) => (class::NETWORK, "firewall"),
        (_, Some("hostapd" | "stahtd" | "stamgr")) => (class::AUTHENTICATION, "wireless"),
        (_, Some("switch")) => (class::NETWORK, "switch"),
        _ => (class::APPLICATION, "system"),
    };
    Some(Record::Activity(Activity {
        // The firmware in the name changes with every update.
        device: hardware.map(Cow::Borrowed),
        ..activity(class_uid, kind)
    }))
}

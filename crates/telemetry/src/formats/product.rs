//! The products whose lines are read, and their names.

/// A product whose lines are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Suricata,
    FortiGate,
    PaloAlto,
    SonicWall,
    SophosFirewall,
    SophosCentral,
    WatchGuard,
    CheckPoint,
    UniFi,
    Meraki,
    Cef,
    Leef,
    Defender,
    CrowdStrike,
    SentinelOne,
    TrendVisionOne,
    Wazuh,
    ClamAv,
}

impl Format {
    pub const ALL: [Format; 18] = [
        Format::Suricata,
        Format::FortiGate,
        Format::PaloAlto,
        Format::SonicWall,
        Format::SophosFirewall,
        Format::SophosCentral,
        Format::WatchGuard,
        Format::CheckPoint,
        Format::UniFi,
        Format::Meraki,
        Format::Cef,
        Format::Leef,
        Format::Defender,
        Format::CrowdStrike,
        Format::SentinelOne,
        Format::TrendVisionOne,
        Format::Wazuh,
        Format::ClamAv,
    ];

    /// The name in files, tables and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Format::Suricata => "suricata",
            Format::FortiGate => "fortigate",
            Format::PaloAlto => "paloalto",
            Format::SonicWall => "sonicwall",
            Format::SophosFirewall => "sophos_firewall",
            Format::SophosCentral => "sophos_central",
            Format::WatchGuard => "watchguard",
            Format::CheckPoint => "checkpoint",
            Format::UniFi => "unifi",
            Format::Meraki => "meraki",
            Format::Cef => "cef",
            Format::Leef => "leef",
            Format::Defender => "defender",
            Format::CrowdStrike => "crowdstrike",
            Format::SentinelOne => "sentinelone",
            Format::TrendVisionOne => "trend_vision_one",
            Format::Wazuh => "wazuh",
            Format::ClamAv => "clamav",
        }
    }

    /// The format of a [`Format::code`].
    #[must_use]
    pub fn by_code(code: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.code() == code)
    }

    /// Vendor and product, as people call them.
    #[must_use]
    pub const fn product(self) -> (&'static str, &'static str) {
        match self {
            Format::Suricata => ("OISF", "Suricata"),
            Format::FortiGate => ("Fortinet", "FortiGate"),
            Format::PaloAlto => ("Palo Alto Networks", "PAN-OS"),
            Format::SonicWall => ("SonicWall", "SonicOS"),
            Format::SophosFirewall => ("Sophos", "Sophos Firewall"),
            Format::SophosCentral => ("Sophos", "Sophos Central"),
            Format::WatchGuard => ("WatchGuard", "Firebox"),
            Format::CheckPoint => ("Check Point", "Quantum"),
            Format::UniFi => ("Ubiquiti", "UniFi"),
            Format::Meraki => ("Cisco", "Meraki MX"),
            Format::Cef => ("", "CEF"),
            Format::Leef => ("", "LEEF"),
            Format::Defender => ("Microsoft", "Microsoft Defender"),
            Format::CrowdStrike => ("CrowdStrike", "Falcon"),
            Format::SentinelOne => ("SentinelOne", "Singularity"),
            Format::TrendVisionOne => ("Trend Micro", "Trend Vision One"),
            Format::Wazuh => ("Wazuh", "Wazuh"),
            Format::ClamAv => ("Cisco Talos", "ClamAV"),
        }
    }
}

//! EVE lines of Suricata, about a thousand bytes when they are alerts.

use std::fmt::Write;

use super::{Finding, Sheet, clock};
use crate::detection::{Action, Severity};

/// Signature, title, category, severity.
const RULES: [(&str, &str, &str, u8); 10] = [
    (
        "9000001",
        "EXAMPLE SCAN of ssh from outside",
        "Attempted Information Leak",
        2,
    ),
    (
        "9000002",
        "EXAMPLE SCAN of remote desktop from outside",
        "Attempted Information Leak",
        2,
    ),
    (
        "9000003",
        "EXAMPLE EXPLOIT path traversal against a web server",
        "Attempted Administrator Privilege Gain",
        1,
    ),
    (
        "9000004",
        "EXAMPLE MALWARE beacon of a known family",
        "A Network Trojan was detected",
        1,
    ),
    (
        "9000005",
        "EXAMPLE POLICY cleartext password over ftp",
        "Potential Corporate Privacy Violation",
        1,
    ),
    (
        "9000006",
        "EXAMPLE INFO package manager",
        "Not Suspicious Traffic",
        3,
    ),
    (
        "9000007",
        "EXAMPLE DNS query for a dynamic name",
        "Misc activity",
        3,
    ),
    (
        "9000008",
        "EXAMPLE PHISHING landing page",
        "Possible Social Engineering Attempted",
        1,
    ),
    ("9000009", "EXAMPLE CHAT client", "Misc activity", 3),
    ("9000010", "EXAMPLE TOR exit node", "Misc Attack", 2),
];

pub(super) fn line(sheet: &mut Sheet, at_us: i64) -> String {
    match sheet.dice.below(100) {
        0..40 => alert(sheet, at_us),
        40..75 => quiet(
            sheet,
            at_us,
            "flow",
            r#""flow":{"pkts_toserver":12,"pkts_toclient":15,"bytes_toserver":1400,"bytes_toclient":9100,"age":3,"state":"closed","reason":"timeout","alerted":false}"#,
        ),
        75..85 => quiet(
            sheet,
            at_us,
            "dns",
            r#""dns":{"version":3,"type":"request","id":4711,"rd":true,"queries":[{"rrname":"www.example.jp","rrtype":"A"}]}"#,
        ),
        85..92 => quiet(
            sheet,
            at_us,
            "tls",
            r#""tls":{"sni":"www.example.jp","version":"TLS 1.3","ja4":"t13d1516h2_8daaf6152771_b186095e22b6"}"#,
        ),
        92..97 => quiet(
            sheet,
            at_us,
            "http",
            r#""http":{"hostname":"www.example.jp","url":"/","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":512}"#,
        ),
        97..99 => quiet(
            sheet,
            at_us,
            "anomaly",
            r#""anomaly":{"type":"stream","event":"stream.pkt_invalid_ack"}"#,
        ),
        _ => quiet(
            sheet,
            at_us,
            "stats",
            r#""stats":{"uptime":3600,"capture":{"kernel_packets":6669028,"kernel_drops":11830},"decoder":{"pkts":6657198}}"#,
        ),
    }
}

fn quiet(sheet: &mut Sheet, at_us: i64, kind: &'static str, body: &str) -> String {
    sheet.activity(kind);
    let (inside, outside) = (sheet.inside(), sheet.outside());
    let mut line = head(sheet, at_us, kind, [&inside, &outside]);
    write!(
        line,
        r#""pkt_src":"wire/pcap",{body},"host":"{}"}}"#,
        sheet.batch.device
    )
    .expect("a text takes everything");
    line
}

fn alert(sheet: &mut Sheet, at_us: i64) -> String {
    // The first rules come oftenest.
    let index = sheet
        .dice
        .index(RULES.len())
        .min(sheet.dice.index(RULES.len()));
    let (id, title, category, priority) = RULES[index];
    let (source, inside) = (sheet.outside(), sheet.inside());
    let (asked, verdict, action) = match sheet.dice.below(10) {
        0..5 => ("allowed", "", Action::Detected),
        5..7 => (
            "blocked",
            r#""verdict":{"action":"drop"},"#,
            Action::Blocked,
        ),
        7..9 => (
            "allowed",
            r#""verdict":{"action":"drop"},"#,
            Action::Blocked,
        ),
        _ => (
            "allowed",
            r#""verdict":{"action":"pass"},"#,
            Action::Allowed,
        ),
    };
    sheet.finding(&Finding {
        rule: &format!("1:{id}"),
        severity: [
            Severity::Unknown,
            Severity::High,
            Severity::Medium,
            Severity::Low,
        ][usize::from(priority)],
        action,
        events: 1,
        source: Some(&source),
    });
    let payload: String = (0..8)
        .map(|_| format!("{:08x}", sheet.dice.below(1 << 32)))
        .collect();
    let mut line = head(sheet, at_us, "alert", [&source, &inside]);
    write!(
        line,
        r#""pkt_src":"wire/pcap","tx_id":0,"alert":{{"action":"{asked}","gid":1,"signature_id":{id},"rev":4,"signature":"{title}","category":"{category}","severity":{priority},"metadata":{{"affected_product":["Any"],"attack_target":["Client_and_Server"],"created_at":["2026_01_05"],"signature_severity":["Major"],"updated_at":["2026_04_18"]}}}},{verdict}"http":{{"hostname":"www.example.jp","url":"/login?next=%2Fhome","http_user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64)","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":166}},"app_proto":"http","direction":"to_server","flow":{{"pkts_toserver":4,"pkts_toclient":4,"bytes_toserver":623,"bytes_toclient":599,"start":"{}+0900"}},"payload":"{payload}","stream":1,"host":"{}"}}"#,
        clock(at_us, 9 * 3600),
        sheet.batch.device,
    )
    .expect("a text takes everything");
    line
}

fn head(sheet: &mut Sheet, at_us: i64, kind: &str, [source, destination]: [&str; 2]) -> String {
    let flow = sheet.dice.below(1 << 50);
    let (from, to) = (
        1024 + sheet.dice.below(60_000),
        [22, 80, 443, 3389][sheet.dice.index(4)],
    );
    let mut line = String::with_capacity(1100);
    write!(
        line,
        r#"{{"timestamp":"{}+0900","flow_id":{flow},"in_iface":"eth1","event_type":"{kind}","src_ip":"{source}","src_port":{from},"dest_ip":"{destination}","dest_port":{to},"proto":"TCP","#,
        clock(at_us, 9 * 3600),
    )
    .expect("a text takes everything");
    line
}

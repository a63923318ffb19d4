//! Lines of a FortiGate with FortiOS 7.

use super::{Finding, Sheet, clock};
use crate::detection::{Action, Severity};

/// Kind, id, title, severity.
const ATTACKS: [(&str, &str, &str, &str); 8] = [
    (
        "ips",
        "51006",
        "Example.Logger.Remote.Code.Execution",
        "critical",
    ),
    ("ips", "43799", "Example.Router.Command.Injection", "high"),
    ("ips", "10001", "Example.Scanner", "low"),
    ("ips", "12345", "Example.Server.Path.Traversal", "medium"),
    ("virus", "2172", "EICAR_TEST_FILE", "critical"),
    ("virus", "8000", "W32/Example.A!tr", "critical"),
    ("webfilter", "61", "Phishing", "high"),
    ("webfilter", "26", "Malicious Websites", "high"),
];

pub(super) fn line(sheet: &mut Sheet, at_us: i64) -> String {
    match sheet.dice.below(100) {
        0..22 => attack(sheet, at_us),
        22..25 => flood(sheet, at_us),
        25..80 => quiet(
            sheet,
            at_us,
            "traffic",
            "forward",
            "traffic.forward",
            r#"action="close" sentbyte=1200 rcvdbyte=6800 sentpkt=12 rcvdpkt=15"#,
        ),
        80..90 => quiet(
            sheet,
            at_us,
            "utm",
            "webfilter",
            "utm.webfilter",
            r#"eventtype="ftgd_allow" action="passthrough" url="https://www.example.jp/" cat=52 catdesc="Information Technology""#,
        ),
        90..96 => quiet(
            sheet,
            at_us,
            "utm",
            "app-ctrl",
            "utm.app-ctrl",
            r#"eventtype="signature" appid=40568 action="pass" app="HTTPS.BROWSER" appcat="Web.Client""#,
        ),
        _ => quiet(
            sheet,
            at_us,
            "event",
            "system",
            "event.system",
            r#"logdesc="System performance statistics" action="perf-stats" cpu=2 mem=35"#,
        ),
    }
}

/// What every line begins with; the time stands in nanoseconds.
fn head(sheet: &Sheet, at_us: i64, kind: &str, subtype: &str) -> String {
    let clock = clock(at_us, 9 * 3600);
    format!(
        r#"<189>date={} time={} devname="fgt-{:04}" devid="{}" eventtime={at_us}000 tz="+0900" logid="0000000013" type="{kind}" subtype="{subtype}" level="notice" vd="root""#,
        &clock[..10],
        &clock[11..19],
        sheet.batch.company,
        sheet.batch.device,
    )
}

fn quiet(
    sheet: &mut Sheet,
    at_us: i64,
    kind: &str,
    subtype: &str,
    counted: &'static str,
    body: &str,
) -> String {
    sheet.activity(counted);
    let (inside, outside) = (sheet.inside(), sheet.outside());
    let head = head(sheet, at_us, kind, subtype);
    format!(
        r#"{head} srcip={inside} srcport=50443 srccountry="Reserved" dstip={outside} dstport=443 dstcountry="Japan" proto=6 policyid=1 {body}"#
    )
}

fn attack(sheet: &mut Sheet, at_us: i64) -> String {
    let index = sheet
        .dice
        .index(ATTACKS.len())
        .min(sheet.dice.index(ATTACKS.len()));
    let (kind, id, title, graded) = ATTACKS[index];
    let (said, action) = match (kind, sheet.dice.below(4)) {
        ("ips", 0) => ("detected", Action::Detected),
        ("ips", 1) => ("reset", Action::Blocked),
        ("ips", _) => ("dropped", Action::Blocked),
        ("virus", 0) => ("passthrough", Action::Allowed),
        _ => ("blocked", Action::Blocked),
    };
    let (inside, outside) = (sheet.inside(), sheet.outside());
    // What comes in attacks from outside; what is fetched is asked for from inside.
    let (source, destination) = if kind == "ips" {
        (outside, inside)
    } else {
        (inside, outside)
    };
    let body = match kind {
        "ips" => format!(
            r#"eventtype="signature" severity="{graded}" attack="{title}" attackid={id} msg="web_server: {title}""#
        ),
        "virus" => format!(
            r#"eventtype="infected" crlevel="{graded}" virus="{title}" virusid={id} filename="a.exe" msg="File is infected.""#
        ),
        _ => format!(
            r#"eventtype="ftgd_blk" crlevel="{graded}" hostname="bad.example.jp" url="https://bad.example.jp/" cat={id} catdesc="{title}" msg="URL belongs to a denied category in policy""#
        ),
    };
    sheet.finding(&Finding {
        rule: id,
        severity: known(graded),
        action,
        events: 1,
        source: Some(&source),
    });
    let head = head(sheet, at_us, "utm", kind);
    format!(
        r#"{head} srcip={source} srcport=50443 dstip={destination} dstport=443 proto=6 policyid=2 action="{said}" {body}"#
    )
}

/// One line that stands for many packets.
fn flood(sheet: &mut Sheet, at_us: i64) -> String {
    let (source, destination, times) = (sheet.outside(), sheet.inside(), 2 + sheet.dice.below(500));
    sheet.finding(&Finding {
        rule: "100663396",
        severity: Severity::Critical,
        action: Action::Blocked,
        events: times,
        source: Some(&source),
    });
    let head = head(sheet, at_us, "utm", "anomaly");
    format!(
        r#"{head} eventtype="anomaly" severity="critical" srcip={source} dstip={destination} action="clear_session" count={times} attack="tcp_syn_flood" attackid=100663396 msg="anomaly: tcp_syn_flood""#
    )
}

fn known(graded: &str) -> Severity {
    match graded {
        "low" => Severity::Low,
        "medium" => Severity::Medium,
        "high" => Severity::High,
        _ => Severity::Critical,
    }
}

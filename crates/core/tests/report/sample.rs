//! Months of every kind: nothing, ordinary, heavy, one with EDR, one whose device was silent for a while.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sonae_core::report::figures::{
    Before, Counts, Device, FORMAT, Figures, Judged, Kind, Lines, Rest, Rule, Watched,
};
use sonae_core::report::month::Month;

use super::{checked, lent};

/// Name and figures.
pub(crate) type Sample = (&'static str, fn() -> Figures);

pub(crate) const SAMPLES: [Sample; 9] = [
    ("zero", zero),
    ("ordinary", ordinary),
    ("heavy", heavy),
    ("edr", edr),
    ("silent", silent),
    ("unheard", unheard),
    ("given_back", lent::given_back),
    ("tested", checked::tested),
    ("handed_on", checked::handed_on),
];

pub(crate) fn at(text: &str) -> Timestamp {
    format!("{text}:00+09:00").parse().expect("an instant")
}

fn utm() -> Watched {
    Watched {
        kind: Kind::Utm,
        product: "FortiGate 60F".to_owned(),
        serial: "FG60-0001".to_owned(),
        from: at("2026-06-01T00:00"),
        until: at("2026-07-01T00:00"),
        began: false,
        ended: false,
    }
}

pub(crate) fn heard(name: &str, hours: i64) -> Device {
    Device {
        name: name.to_owned(),
        hours,
        of_hours: 720,
        lines: 42_000,
        detections: 0,
        gaps: Vec::new(),
        packets: None,
    }
}

/// Blocked, told only.
pub(crate) fn counts(severity: usize, blocked: i64, told: i64) -> Counts {
    let mut counts = Counts {
        events: blocked + told,
        ..Counts::default()
    };
    counts.severity[severity] = blocked + told;
    counts.action[1] = blocked;
    counts.action[3] = told;
    counts
}

pub(crate) fn rule(title: &str, category: &str, severity: usize, counts: Counts) -> Rule {
    Rule {
        rule: format!("id-{title}"),
        title: title.to_owned(),
        category: category.to_owned(),
        severity,
        counts,
        harmless: 0,
        attack: 0,
    }
}

/// The totals follow from the rules; the days share them out.
pub(crate) fn with(rules: Vec<Rule>, figures: Figures) -> Figures {
    let mut total = Counts::default();
    let mut days: BTreeMap<_, Counts> = BTreeMap::new();
    let month: Vec<_> = figures.month.days().collect();
    for (at, rule) in rules.iter().enumerate() {
        total.add(&rule.counts);
        let day = days.entry(month[at * 7 % month.len()]).or_default();
        day.add(&rule.counts);
    }
    Figures {
        total,
        days,
        distinct_rules: rules.len(),
        lines: Lines {
            detections: total.events,
            ..figures.lines
        },
        rules,
        ..figures
    }
}

pub(crate) fn zero() -> Figures {
    Figures {
        format: FORMAT,
        month: Month::parse("2026-06").expect("a month"),
        watched: vec![utm()],
        devices: vec![heard("FG60-0001", 718)],
        total: Counts::default(),
        days: BTreeMap::new(),
        rules: Vec::new(),
        distinct_rules: 0,
        outside_addresses: 0,
        lines: Lines {
            activities: 42_000,
            ..Lines::default()
        },
        before: None,
        rest: Rest::Few {
            kind: Kind::Utm,
            floor: 5,
        },
        judged: None,
    }
}

pub(crate) fn ordinary() -> Figures {
    let rules = vec![
        rule(
            "EXAMPLE SCAN of remote desktop",
            "Attempted Information Leak",
            2,
            counts(2, 96, 0),
        ),
        rule(
            "EXAMPLE EXPLOIT path traversal",
            "Web Application Attack",
            4,
            counts(4, 12, 3),
        ),
        rule(
            "EXAMPLE PHISHING landing page",
            "Possible Social Engineering Attempted",
            3,
            counts(3, 4, 1),
        ),
        rule(
            "EXAMPLE INFO package manager",
            "Not Suspicious Traffic",
            1,
            counts(1, 0, 8),
        ),
    ];
    let before = counts(2, 80, 9);
    with(
        rules,
        Figures {
            outside_addresses: 37,
            before: Some(Before {
                counts: before,
                hours: 690,
            }),
            rest: Rest::Yes {
                kind: Kind::Utm,
                members: 38,
                events: [25, 110, 460],
                blocked: [20, 100, 410],
                without: 10,
                own: Some(120),
            },
            judged: Some(Judged {
                checked_days: 19,
                of_days: 21,
                harmless: 3,
                attack: 1,
                escalated: 1,
                open: 0,
            }),
            ..zero()
        },
    )
}

pub(crate) fn heavy() -> Figures {
    let mut rules = vec![
        rule(
            "EXAMPLE MALWARE beacon of a known family",
            "A Network Trojan was detected",
            5,
            counts(5, 1_204, 17),
        ),
        rule(
            "EXAMPLE RANSOM note on a share",
            "Ransomware",
            6,
            counts(6, 2, 0),
        ),
    ];
    for at in 0..30 {
        let title = format!(
            "EXAMPLE EXPLOIT number {at} with a rather long name that vendors like to give"
        );
        rules.push(rule(
            &title,
            "Attempted Administrator Privilege Gain",
            4,
            counts(4, 40_000 - at * 997, at),
        ));
    }
    let mut figures = with(
        rules,
        Figures {
            outside_addresses: 18_204,
            ..ordinary()
        },
    );
    figures.lines.unknown =
        BTreeMap::from([("broken".to_owned(), 12), ("no_format".to_owned(), 1_003)]);
    figures.lines.clock_doubtful = 4;
    if let Rest::Yes { own, .. } = &mut figures.rest {
        *own = Some(770_000);
    }
    figures.devices[0].packets = Some((4_200_000, 420));
    figures
}

pub(crate) fn edr() -> Figures {
    let mut repaired = counts(3, 2, 0);
    repaired.events += 3;
    repaired.severity[3] += 3;
    repaired.action[4] = 3;
    let rules = vec![
        rule("An active malware was found", "Malware", 3, repaired),
        rule(
            "Suspicious PowerShell command line",
            "Execution",
            4,
            counts(4, 0, 2),
        ),
    ];
    with(
        rules,
        Figures {
            watched: vec![Watched {
                kind: Kind::Edr,
                product: "Microsoft Defender for Business".to_owned(),
                serial: "tenant-1".to_owned(),
                from: at("2026-06-11T10:00"),
                began: true,
                ..utm()
            }],
            devices: vec![
                heard("pc-01.example.jp", 180),
                heard("pc-02.example.jp", 166),
            ],
            rest: Rest::Close { kind: Kind::Edr },
            ..zero()
        },
    )
}

pub(crate) fn silent() -> Figures {
    let mut figures = ordinary();
    figures.devices[0].hours = 300;
    figures.devices[0].gaps = vec![
        (at("2026-06-05T19:00"), at("2026-06-08T09:00")),
        (at("2026-06-20T00:00"), at("2026-07-01T00:00")),
    ];
    figures.watched.push(Watched {
        product: "Suricata".to_owned(),
        serial: "sensor-9".to_owned(),
        until: at("2026-06-15T00:00"),
        ended: true,
        ..utm()
    });
    figures
}

pub(crate) fn unheard() -> Figures {
    Figures {
        devices: Vec::new(),
        lines: Lines::default(),
        ..zero()
    }
}

//! The monthly report as it reads, for months of every kind; and what differs when lines come late.

mod checked;
mod lent;
mod sample;

use std::fmt::Write;

use sonae_core::paper::document::Body;
use sonae_core::paper::plain;
use sonae_core::report::compose::{Of, compose, headline};
use sonae_core::report::difference::{between, of_its_own, outdated};
use sonae_core::report::figures::{FORMAT, Figures, Rest};

use sample::SAMPLES;

fn of<'a>(word: &'a str) -> Of<'a> {
    Of {
        company: "みほん工業株式会社",
        receipt_number: "R6-001-23A",
        office: "見本事務局",
        phone: "03-0000-0000",
        made: jiff::civil::date(2026, 7, 1),
        revision: 1,
        word,
    }
}

#[test]
fn reports_read_well() {
    for (name, figures) in SAMPLES {
        let figures = figures();
        let document = compose(&figures, &of("機器の時計を合わせました。"));
        let mut text = String::new();
        writeln!(text, "{}\n", headline(&figures)).unwrap();
        text.push_str(&plain::text(&document));
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn frozen_figures_come_back_as_they_were() {
    for (name, figures) in SAMPLES {
        let figures = figures();
        let again = Figures::parse(&figures.json()).expect("our own format");
        assert_eq!(again, figures, "{name}");
        assert_eq!(again.sha256(), figures.sha256(), "{name}");
        assert_eq!(between(&figures, &again), [], "{name}");
    }
    assert_eq!(Figures::parse("{}"), None);
}

/// Whose rest is told of: a UTM that must stay on, or computers that rest at night.
#[test]
fn a_utm_is_measured_alone() {
    let (utm, computers) = ("入れたままに", "パソコンの電源が");
    // Hours of the UTM, by its serial number or another name, and of each of ten computers.
    for (name, hours, of_computers, expected) in [
        ("FG60-0001", 720, Some(160), Some(computers)),
        ("fg60-0001", 700, Some(700), None),
        ("FG60-0001", 200, Some(700), Some(utm)),
        ("FG60-0001", 200, None, Some(utm)),
        ("FG60-0001", 720, None, None),
        ("fw.example.jp", 720, Some(160), Some(utm)),
    ] {
        let figures = lent::beside_computers(name, hours, of_computers);
        let text = plain::text(&compose(&figures, &of("")));
        let told = [utm, computers]
            .into_iter()
            .find(|words| text.contains(words));
        assert_eq!(told, expected, "{name} {hours} {of_computers:?}");
    }
}

/// Written by the first format; the hash stands on reports that were sent.
#[test]
fn figures_of_an_earlier_format_keep_their_hash() {
    let json = include_str!("format-1.json");
    let figures = Figures::parse(json).expect("read");
    assert_eq!(figures.json(), json);
    // The comparison with the others is rounded otherwise since then.
    let sample = sample::silent();
    let now = Figures {
        format: FORMAT,
        rest: sample.rest.clone(),
        ..figures.clone()
    };
    assert_eq!(now, sample);
    assert_eq!(between(&figures, &now)[0].what, "計算の方法");
}

#[test]
fn what_came_late_is_named() {
    let figures = sample::ordinary();
    let mut later = figures.clone();
    later.total.events += 2;
    later.total.action[1] += 2;
    later.days.values_mut().next().unwrap().events += 2;
    later.lines.detections += 2;
    let changed = between(&figures, &later);
    let told: Vec<String> = (changed.iter())
        .map(|one| format!("{} {}→{}", one.what, one.before, one.now))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    let rest = Figures {
        rest: Rest::Few {
            kind: sonae_core::report::figures::Kind::Utm,
            floor: 5,
        },
        ..figures.clone()
    };
    assert_eq!(between(&figures, &rest)[0].what, "ほかの会社との比較");
    assert_eq!(
        of_its_own(&figures, &rest),
        [],
        "nothing happened to this one"
    );
    let own = of_its_own(&figures, &later);
    assert_eq!(own, changed);
    assert!(
        outdated(&own[0])
            .sentence
            .contains("検知の数が変わりました")
    );
    let mut renamed = figures.clone();
    renamed.rules[0].title.push('2');
    assert!(
        !between(&figures, &renamed).is_empty(),
        "no difference is missed"
    );
}

#[test]
fn every_chart_has_its_numbers_in_the_table_below() {
    for (name, figures) in SAMPLES {
        let document = compose(&figures(), &of(""));
        for pair in document.blocks.windows(2) {
            let Body::Chart(chart) = &pair[0].body else {
                continue;
            };
            let Body::Table(table) = &pair[1].body else {
                panic!("{name}: no table after {}", chart.caption);
            };
            let cells: String = (table.rows.iter())
                .flat_map(|row| row.cells.iter().flatten())
                .map(|line| plain::line_text(line).replace(',', "") + " ")
                .collect();
            for point in &chart.points {
                let total = point.total().to_string();
                assert!(cells.contains(&total), "{name} {}: {total}", chart.caption);
            }
            assert!(chart.alt.ends_with('。'), "{}", chart.alt);
        }
    }
}

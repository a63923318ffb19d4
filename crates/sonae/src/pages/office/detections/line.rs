//! `…/detections/{day}/{line}`: one detection with everything that is known of it, and the line as it came.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_telemetry::block::Entry;
use sonae_telemetry::{Day, device_clock};

use super::{instant, shown_raw};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::case::open::open;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;
use crate::telemetry::words;

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/cases/{receipt_number}/detections/{day}/{line}",
        Action::ReadDetections,
        page,
    )
}

#[derive(Template)]
#[template(path = "office/detections/line.html")]
struct LinePage {
    frame: OfficeFrame,
    back: String,
    facts: Vec<(&'static str, String)>,
    raw: String,
}

async fn page(
    State(app): State<App>,
    Path((number, day, line)): Path<(String, String, String)>,
    staff: Staff,
) -> Page {
    let opened = open(&app, &staff, &number, Action::ReadDetections).await?;
    let (Ok(day), Ok(line)) = (day.parse::<i64>(), line.parse::<i64>()) else {
        return Err(PageError::NotFound);
    };
    // A day beyond every clock would overflow on its way to an instant.
    let known = Day::of(device_clock::EARLIEST_US).0..=Day::of(opened.now.as_microsecond()).0 + 1;
    if !known.contains(&day) {
        return Err(PageError::NotFound);
    }
    let company = opened.stored.application_id.clone();
    let asked = app.detections(move |detections| detections.line(&company, Day(day), line));
    let (entry, raw) = asked.await?.ok_or(PageError::NotFound)?;
    let back = format!("{}/detections", opened.href());
    let shown = LinePage {
        frame: OfficeFrame::new(&app, &opened.staff, Section::Cases, "検知の詳細")
            .crumb("案件", "/office/cases")
            .crumb(opened.name(), &opened.href())
            .crumb("検知", &back),
        back,
        facts: facts(&entry),
        raw: shown_raw(raw.as_deref()),
    };
    show(StatusCode::OK, &shown)
}

/// What is known of a line; what it does not tell is left out.
fn facts(entry: &Entry) -> Vec<(&'static str, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let end = |address: &Option<sonae_telemetry::address::Address>, port: Option<u16>| {
        let address = address.as_ref().map(ToString::to_string);
        let port = port.map(|port| format!("ポート {port}"));
        let parts: Vec<String> = [address, port].into_iter().flatten().collect();
        parts.join(" ")
    };
    let beside = |word: &str, said: &str| match said.is_empty() {
        true => word.to_owned(),
        false => format!("{word}(製品の言葉：{said})"),
    };
    let mut facts = vec![
        ("時刻", instant(entry.time_us)),
        ("届いた時刻", instant(entry.received_us)),
        (
            "機器の時計",
            entry.device_us.map_or_else(String::new, instant),
        ),
        ("機器", entry.device.clone()),
    ];
    match entry.why {
        Some(why) => facts.push(("読めなかったわけ", words::why(why).to_owned())),
        None => facts.extend([
            ("名前", entry.title.clone()),
            ("分類", entry.category.clone()),
            ("ルールの番号", entry.rule.clone()),
            (
                "重さ",
                beside(words::severity(entry.severity), &entry.graded),
            ),
            (
                "機器がしたこと",
                beside(words::action(entry.action), &entry.said),
            ),
            ("送信元", end(&entry.source, entry.source_port)),
            ("宛先", end(&entry.destination, entry.destination_port)),
            ("国", text(&entry.country)),
            ("利用者", text(&entry.user)),
            ("ファイル", text(&entry.file)),
            ("件数", format!("{}件", entry.count.max(1))),
        ]),
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

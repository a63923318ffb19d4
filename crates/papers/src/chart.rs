//! A chart as SVG, the same in pages and in PDF: geometry and looks in attributes, so that neither a style sheet nor a script is needed.
//!
//! What was stopped is a filled area, what was not an open one with a line around it; so they differ on paper without colours as well.

use sonae_core::paper::chart::{Chart, Point, Shape};

use crate::xml::Xml;

/// Width of every chart in its own units.
const WIDTH: i64 = 720;
/// Columns: height of the area, room above for the legend, at the left for the scale, below for the names.
const PLOT: i64 = 150;
const LEGEND: i64 = 30;
const SCALE: i64 = 64;
const FOOT: i64 = 26;
/// Bars: the names' width, the longest bar, the height of a row.
const NAMES: i64 = 232;
const LONGEST: i64 = 340;
const ROW: i64 = 32;

const INK: &str = "#333333";
const FULL: &str = "#1f3b63";
const LINE: &str = "#949494";

/// The drawing; `id` is unique on its page.
pub(crate) fn svg(chart: &Chart, id: &str) -> String {
    Xml::piece(|xml| draw(xml, chart, id))
}

pub(crate) fn draw(xml: &mut Xml, chart: &Chart, id: &str) {
    let height = match chart.shape {
        Shape::Columns => LEGEND + PLOT + FOOT,
        Shape::Bars => LEGEND + rows(chart) * ROW + 4,
    };
    let (title, desc) = (format!("{id}-title"), format!("{id}-desc"));
    let (both, view) = (format!("{title} {desc}"), format!("0 0 {WIDTH} {height}"));
    let attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("class", "chart"),
        ("viewBox", view.as_str()),
        ("role", "img"),
        ("aria-labelledby", both.as_str()),
        ("font-family", "BIZ UDPGothic, sans-serif"),
        ("font-size", "14"),
        ("fill", INK),
    ];
    xml.element("svg", &attributes, |xml| {
        xml.element("title", &[("id", &title)], |xml| xml.text(&chart.caption));
        xml.element("desc", &[("id", &desc)], |xml| xml.text(&chart.alt));
        legend(xml, &chart.series);
        match chart.shape {
            Shape::Columns => columns(xml, chart),
            Shape::Bars => bars(xml, chart),
        }
    });
}

fn rows(chart: &Chart) -> i64 {
    i64::try_from(chart.points.len()).unwrap_or(0).max(1)
}

/// One series needs no legend: the caption says what it is.
fn legend(xml: &mut Xml, series: &[String]) {
    if series.len() < 2 {
        return;
    }
    let mut x = 4;
    for (at, name) in series.iter().enumerate() {
        area(xml, at, (x, 6, 14, 14));
        words(xml, (x + 20, 18), "start", name);
        x += 40 + 15 * i64::try_from(name.chars().count()).unwrap_or(0);
    }
}

/// Upright columns over a scale of three lines.
fn columns(xml: &mut Xml, chart: &Chart) {
    let top = round_up(most(chart));
    let base = LEGEND + PLOT;
    for part in [0, 1, 2] {
        let y = base - PLOT * part / 2;
        line(
            xml,
            (SCALE, y),
            (WIDTH, y),
            if part == 0 { INK } else { LINE },
        );
        words(xml, (SCALE - 8, y + 5), "end", &grouped(top * part / 2));
    }
    let slot = (WIDTH - SCALE) / rows(chart);
    let width = (slot * 7 / 10).clamp(3, 40);
    // So many columns between two names that these do not touch.
    let every = usize::try_from((34 + slot - 1) / slot.max(1))
        .unwrap_or(1)
        .max(1);
    for (at, point) in chart.points.iter().enumerate() {
        let x = SCALE + slot * at as i64 + (slot - width) / 2;
        let mut y = base;
        for (series, value) in point.values.iter().enumerate() {
            let height = scaled(*value, top, PLOT);
            y -= height;
            area(xml, series, (x, y, width, height));
        }
        if at % every == 0 {
            words(xml, (x + width / 2, base + 18), "middle", &point.label);
        }
    }
}

/// Lying bars, each with its name before and its number behind.
fn bars(xml: &mut Xml, chart: &Chart) {
    let top = most(chart);
    for (at, point) in chart.points.iter().enumerate() {
        let y = LEGEND + ROW * at as i64;
        words(xml, (NAMES - 10, y + 19), "end", &point.label);
        let mut x = NAMES;
        for (series, value) in point.values.iter().enumerate() {
            let width = scaled(*value, top, LONGEST);
            area(xml, series, (x, y + 4, width, 20));
            x += width;
        }
        let number = format!("{}{}", grouped(point.total()), chart.unit);
        words(xml, (x + 8, y + 19), "start", &number);
    }
    let bottom = (LEGEND + rows(chart) * ROW).to_string();
    let (x, top) = (NAMES.to_string(), LEGEND.to_string());
    let ends = [
        ("x1", x.as_str()),
        ("y1", &top),
        ("x2", &x),
        ("y2", &bottom),
        ("stroke", INK),
    ];
    xml.empty("line", &ends);
}

fn most(chart: &Chart) -> i64 {
    chart
        .points
        .iter()
        .map(Point::total)
        .max()
        .unwrap_or(0)
        .max(1)
}

/// The end of a scale: even, so that its middle is a whole number.
fn round_up(most: i64) -> i64 {
    let mut unit = 2;
    while unit * 10 < most {
        unit *= 10;
    }
    (most + unit - 1) / unit * unit
}

/// A length in proportion; anything but nothing is visible.
fn scaled(value: i64, most: i64, longest: i64) -> i64 {
    let length = i128::from(value.max(0)) * i128::from(longest) / i128::from(most.max(1));
    let length = i64::try_from(length).unwrap_or(longest).min(longest);
    if value > 0 { length.max(2) } else { 0 }
}

/// Filled for the first series, open for the second.
fn area(xml: &mut Xml, series: usize, (x, y, width, height): (i64, i64, i64, i64)) {
    if width == 0 || height == 0 {
        return;
    }
    let fill = if series == 0 { FULL } else { "#ffffff" };
    let numbers = [x, y, width, height].map(|number| number.to_string());
    let attributes = [
        ("x", numbers[0].as_str()),
        ("y", &numbers[1]),
        ("width", &numbers[2]),
        ("height", &numbers[3]),
        ("fill", fill),
        ("stroke", FULL),
    ];
    xml.empty("rect", &attributes);
}

fn line(xml: &mut Xml, from: (i64, i64), to: (i64, i64), stroke: &str) {
    let numbers = [from.0, from.1, to.0, to.1].map(|number| number.to_string());
    let attributes = [
        ("x1", numbers[0].as_str()),
        ("y1", &numbers[1]),
        ("x2", &numbers[2]),
        ("y2", &numbers[3]),
        ("stroke", stroke),
    ];
    xml.empty("line", &attributes);
}

fn words(xml: &mut Xml, at: (i64, i64), anchor: &str, text: &str) {
    let (x, y) = (at.0.to_string(), at.1.to_string());
    let attributes = [("x", x.as_str()), ("y", &y), ("text-anchor", anchor)];
    xml.element("text", &attributes, |xml| xml.text(text));
}

/// `12,345`
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(shape: Shape, points: &[(&str, &[i64])]) -> Chart {
        Chart {
            caption: "日ごとの検知<件>".to_owned(),
            number: 1,
            alt: "合わせて12件です。".to_owned(),
            shape,
            series: vec!["止めたもの".to_owned(), "止めていないもの".to_owned()],
            unit: "件".to_owned(),
            points: (points.iter())
                .map(|(label, values)| Point {
                    label: (*label).to_owned(),
                    values: values.to_vec(),
                })
                .collect(),
        }
    }

    #[test]
    fn a_chart_is_told_and_drawn_in_proportion() {
        let drawn = svg(
            &chart(Shape::Columns, &[("1", &[10, 0]), ("2", &[1, 1])]),
            "c",
        );
        assert!(
            drawn.contains("<title id=\"c-title\">日ごとの検知&lt;件&gt;</title>"),
            "{drawn}"
        );
        assert!(drawn.contains("<desc id=\"c-desc\">合わせて12件です。</desc>"));
        assert!(
            drawn.contains("height=\"150\"") && drawn.contains("height=\"15\""),
            "{drawn}"
        );
        assert!(!drawn.contains("style="));
        let drawn = svg(
            &chart(Shape::Bars, &[("重大", &[3000, 1000]), ("低い", &[0, 0])]),
            "c",
        );
        for part in [">4,000件<", ">0件<", "width=\"255\"", "width=\"85\""] {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
    }

    #[test]
    fn a_chart_of_nothing_is_a_chart() {
        for shape in [Shape::Columns, Shape::Bars] {
            assert!(svg(&chart(shape, &[]), "c").ends_with("</svg>"));
        }
        assert_eq!(
            (round_up(1), round_up(20), round_up(21), round_up(999)),
            (2, 20, 40, 1000)
        );
    }
}

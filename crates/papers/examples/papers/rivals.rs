//! The same text through other programs that make PDF, each started anew, as one would from a server.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use sonae_core::paper::document::{Body, Line, Span};
use sonae_papers::Document;

use crate::median;
use crate::process::children;

const PROGRAMS: [(&str, &[&str]); 3] = [
    ("weasyprint", &["paper.html", "paper.pdf"]),
    (
        "chromium",
        &[
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--print-to-pdf=paper.pdf",
            "paper.html",
        ],
    ),
    (
        "soffice",
        &[
            "--headless",
            "--convert-to",
            "pdf:writer_web_pdf_Export",
            "paper.html",
        ],
    ),
];

pub(crate) fn run(document: &Document, rounds: u32) {
    let folder = std::env::temp_dir().join(format!("sonae-papers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the rivals");
    std::fs::write(folder.join("paper.html"), html(document)).expect("written");
    for (program, arguments) in PROGRAMS {
        let mut cpu = Vec::new();
        let mut wall = Vec::new();
        for _ in 0..rounds {
            let start = Instant::now();
            let before = children();
            if !once(program, arguments, &folder) {
                break;
            }
            wall.push(start.elapsed());
            cpu.push(children().saturating_sub(before));
        }
        if wall.is_empty() {
            println!("{program}: not installed, or it failed");
        } else {
            let (cpu, wall) = (median(&mut cpu).as_millis(), median(&mut wall).as_millis());
            println!("{program}: median {cpu} ms CPU, {wall} ms on the clock, with its start");
        }
    }
    drop(std::fs::remove_dir_all(&folder));
}

fn once(program: &str, arguments: &[&str], folder: &Path) -> bool {
    let ran = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    ran.is_ok_and(|ran| ran.status.success())
}

/// Enough of HTML for the same words on about the same pages.
fn html(document: &Document) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=ja><meta charset=utf-8><style>@page{size:A4;margin:25mm}\
         body{font-size:10.5pt;line-height:1.75}table{border-collapse:collapse;width:100%;font-size:9pt}\
         td{border:1px solid #aab;padding:4px}</style><body>",
    );
    for block in &document.blocks {
        match &block.body {
            Body::Heading { text, .. } => html += &format!("<h2>{}</h2>", words(text)),
            Body::Paragraph { text } => html += &format!("<p>{}</p>", words(text)),
            Body::List { items, .. } => {
                let items = items
                    .iter()
                    .map(|item| format!("<li>{}</li>", words(&item.text)));
                html += &format!("<ol>{}</ol>", items.collect::<String>());
            }
            Body::Table(table) => {
                let cells = |row: &[Vec<Line>]| -> String {
                    let cells = row
                        .iter()
                        .map(|cell| cell.iter().map(words).collect::<Vec<_>>());
                    cells
                        .map(|cell| format!("<td>{}</td>", cell.join("<br>")))
                        .collect()
                };
                let rows = table
                    .rows
                    .iter()
                    .map(|row| format!("<tr>{}</tr>", cells(&row.cells)));
                html += &format!("<table>{}</table>", rows.collect::<String>());
            }
            _ => {}
        }
    }
    html
}

fn words(line: &Line) -> String {
    let words = line.iter().map(|span| match span {
        Span::Text(text) | Span::Strong(text) | Span::Reference { text, .. } => text.as_str(),
        Span::Blank { .. } => "＿＿＿＿",
    });
    words.collect()
}

//! Papers to try the writer with: their parts, and two of the sizes that are handed over.

use jiff::civil::date;
use sonae_core::paper::document::{
    Align, Block, Body, Column, Document, Flow, Item, Layout, Line, Mark, Numbering, Row, Span,
    Step, StepKind, Table,
};

/// Sentences of the length and mixture that such papers have.
const SENTENCES: [&str; 5] = [
    "この規程は、当社が取り扱う情報資産を、漏えい、改ざん、紛失および停止から守るために、役員および従業員が守ることを定めます。",
    "「情報資産」とは、当社の仕事に使う情報と、それを扱う機器・ソフトウェア・サービス（クラウドを含みます。）をいいます。",
    "気づいた人は、電源を切らずにネットワークから切り離し、10分以内に受付へ電話で知らせます。",
    "受付は、いつ・どこで・何が起きたかを記録様式に書き、責任者と専門家に伝えます。",
    "バックアップは毎日22時に取り、1か月に1回は実際に戻せることをISO/IEC 27001の考え方にならって確かめます。",
];

pub(crate) fn text(text: &str) -> Line {
    vec![Span::Text(text.to_owned())]
}

/// So many sentences, beginning somewhere among them.
pub(crate) fn sentences(from: usize, count: usize) -> Line {
    let chosen = SENTENCES.iter().cycle().skip(from % SENTENCES.len());
    text(&chosen.take(count).copied().collect::<String>())
}

/// Puts blocks together and names them.
#[derive(Default)]
pub(crate) struct Blocks(pub(crate) Vec<Block>);

impl Blocks {
    pub(crate) fn add(&mut self, body: Body) -> &mut Blocks {
        let id = format!("b{}", self.0.len());
        self.named(&id, body)
    }

    pub(crate) fn named(&mut self, id: &str, body: Body) -> &mut Blocks {
        self.0.push(Block {
            id: id.to_owned(),
            because: Vec::new(),
            body,
        });
        self
    }

    pub(crate) fn heading(&mut self, number: &[u32], level: u8, words: &str) -> &mut Blocks {
        self.add(Body::Heading {
            level,
            number: number.to_vec(),
            text: text(words),
        })
    }

    pub(crate) fn article(&mut self, number: u32, caption: &str) -> &mut Blocks {
        self.named(
            &format!("article.{number}"),
            Body::Article {
                number,
                caption: text(caption),
            },
        )
    }

    pub(crate) fn clause(&mut self, number: u32, text: Line) -> &mut Blocks {
        self.add(Body::Clause { number, text })
    }

    pub(crate) fn paragraph(&mut self, text: Line) -> &mut Blocks {
        self.add(Body::Paragraph { text })
    }

    pub(crate) fn list(&mut self, mark: Mark, items: Vec<Item>) -> &mut Blocks {
        self.add(Body::List { mark, items })
    }
}

pub(crate) fn item(number: u32, words: &str) -> Item {
    Item {
        text: text(words),
        number,
        under: None,
    }
}

pub(crate) fn document(numbering: Numbering, blocks: Blocks) -> Document {
    Document {
        kind: "sample".to_owned(),
        title: "情報セキュリティ関連規程".to_owned(),
        company: "株式会社あかつき精密加工".to_owned(),
        version: "第1版（案）".to_owned(),
        date: date(2026, 4, 1),
        edition: "文案：見本 2026年版".to_owned(),
        numbering,
        layout: Layout::Pages,
        cover: true,
        contents: true,
        blocks: blocks.0,
    }
}

/// A table whose rows tell their number.
pub(crate) fn table(columns: u16, rows: u32) -> Table {
    let cell = |row: u32, column: u16| match column {
        0 => vec![text(&format!("資産{row:03}"))],
        1 => vec![sentences(row as usize, 1)],
        _ if (row + u32::from(column)).is_multiple_of(5) => vec![],
        _ => vec![text(&format!("値{row}-{column}")), text("毎日")],
    };
    Table {
        caption: Some("情報資産".to_owned()),
        number: Some(1),
        columns: (0..columns)
            .map(|column| Column {
                title: format!("見出し{column}"),
                share: if column == 1 { 3 } else { 1 },
                align: [Align::Left, Align::Left, Align::Center, Align::Right]
                    [usize::from(column % 4)],
            })
            .collect(),
        rows: (1..=rows)
            .map(|row| Row {
                id: format!("r{row}"),
                cells: (0..columns).map(|column| cell(row, column)).collect(),
                lines: 1,
            })
            .collect(),
        source: None,
        row_heads: true,
    }
}

/// A form to be filled by hand.
pub(crate) fn form() -> Table {
    let row = |title: &str, lines| Row {
        id: title.to_owned(),
        cells: vec![vec![text(title)], vec![]],
        lines,
    };
    let column = |share| Column {
        title: String::new(),
        share,
        align: Align::Left,
    };
    Table {
        caption: None,
        number: None,
        columns: vec![column(1), column(3)],
        rows: vec![
            row("発見した日時", 1),
            row("起きたこと", 6),
            row("連絡した相手", 3),
        ],
        source: None,
        row_heads: true,
    }
}

pub(crate) fn flow() -> Flow {
    let step = |lanes, kind, words: &str| Step {
        lanes,
        kind,
        text: text(words),
        next: None,
        otherwise: None,
    };
    Flow {
        caption: "連絡の流れ".to_owned(),
        number: 1,
        lanes: ["気づいた人", "受付", "責任者", "専門家"]
            .map(str::to_owned)
            .to_vec(),
        steps: vec![
            step(
                (0, 0),
                StepKind::Action,
                "異常に気づいたら、すぐ受付に電話します。",
            ),
            Step {
                next: Some("はい".to_owned()),
                otherwise: Some("いいえ：記録して終わります".to_owned()),
                ..step((1, 1), StepKind::Question, "セキュリティの出来事ですか")
            },
            Step {
                next: Some("24時間以内に、電話とメールの両方で".to_owned()),
                ..step((2, 2), StepKind::Action, "対応を決めます。")
            },
            step(
                (1, 3),
                StepKind::Action,
                "いっしょに調べ、広がりを止めます。",
            ),
            step((0, 0), StepKind::End, "終わり"),
        ],
    }
}

/// About four pages, as a report or a policy.
pub(crate) fn report() -> Document {
    let mut blocks = Blocks::default();
    for part in 1..=4 {
        blocks.heading(&[part], 1, "分かったことと次にすること");
        for section in 1..=2 {
            blocks.heading(&[part, section], 2, "見つかったことの説明");
            blocks.paragraph(sentences(section as usize, 4));
            blocks.list(
                Mark::Number,
                vec![item(1, SENTENCES[2]), item(2, SENTENCES[3])],
            );
        }
        blocks.add(Body::Table(table(4, 4)));
    }
    Document {
        cover: false,
        contents: false,
        ..document(Numbering::Decimal, blocks)
    }
}

/// About twenty pages, as an IT-BCP with its forms.
pub(crate) fn plan() -> Document {
    let mut blocks = Blocks::default();
    for chapter in 1..=6 {
        blocks.heading(&[chapter], 1, "止まったときに続ける仕事");
        for section in 1..=3 {
            blocks.heading(&[chapter, section], 2, "その手順と役割");
            blocks
                .paragraph(sentences(section as usize, 5))
                .paragraph(sentences(chapter as usize, 3));
            let items = (1..=5).map(|number| item(number, SENTENCES[number as usize - 1]));
            blocks.list(Mark::Number, items.collect());
        }
        blocks.add(Body::Table(table(5, 9)));
        match chapter % 3 {
            0 => blocks.add(Body::Flow(flow())),
            _ => blocks.add(Body::Table(form())),
        };
    }
    document(Numbering::Decimal, blocks)
}

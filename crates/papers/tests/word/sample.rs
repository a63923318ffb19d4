//! A document with every block and span there is, and the texts that break writers.

use jiff::civil::date;
use sonae_core::paper::document::{
    Align, Because, Block, Body, Column, Document, Flow, Item, Layout, Line, Mark, Numbering, Row,
    Span, Step, StepKind, Table,
};

/// Texts that must come out as they are.
pub(crate) const HOSTILE: [&str; 7] = [
    "#import \"x\"",
    "<script>alert(1)</script>",
    "=cmd|'/C calc'!A0",
    "{{ secret }}",
    "$x$ @a \\ & \" '",
    "髙﨑𠮷田",
    "a\u{1}b\u{b}c",
];

pub(crate) fn text(text: &str) -> Line {
    vec![Span::Text(text.to_owned())]
}

fn block(id: &str, body: Body) -> Block {
    Block {
        id: id.to_owned(),
        because: Vec::new(),
        body,
    }
}

fn column(title: &str, share: u16, align: Align) -> Column {
    Column {
        title: title.to_owned(),
        share,
        align,
    }
}

/// A regulation: chapters, articles counted straight through, clauses, lists, a table, a flow, a signature.
pub(crate) fn regulation() -> Document {
    let mut blocks = articles();
    blocks.extend([table_block(), block("flow", Body::Flow(flow()))]);
    for (at, hostile) in HOSTILE.iter().enumerate() {
        let id = format!("hostile.{at}");
        blocks.push(block(
            &id,
            Body::Paragraph {
                text: text(hostile),
            },
        ));
    }
    let lines = vec![text("令和8年11月22日"), text("代表取締役　髙﨑 花子")];
    let notice = Body::Notice {
        title: text("大切なこと"),
        text: vec![text("電源は切りません。")],
    };
    blocks.extend([
        block("note", notice),
        block("break", Body::PageBreak),
        block("sign", Body::Signature { lines }),
    ]);
    Document {
        kind: "sample".into(),
        title: "情報セキュリティ規程".into(),
        company: "株式会社サンプル髙﨑𠮷田総合設計企画研究所".into(),
        version: "第1版（案）".into(),
        date: date(2026, 11, 22),
        edition: "雛形 2026年11月 第1版".into(),
        numbering: Numbering::Articles,
        layout: Layout::Pages,
        cover: true,
        contents: true,
        blocks,
    }
}

fn table_block() -> Block {
    let because = Because {
        question: "roles".into(),
        text: "役割：5件".into(),
    };
    Block {
        because: vec![because],
        ..block("roles", Body::Table(roles()))
    }
}

fn articles() -> Vec<Block> {
    let chapter = |id: &str, at, name: &str| {
        block(
            id,
            Body::Heading {
                level: 1,
                number: vec![at],
                text: text(name),
            },
        )
    };
    let article = |id: &str, number, name: &str| {
        block(
            id,
            Body::Article {
                number,
                caption: text(name),
            },
        )
    };
    let clause = |id: &str, number, words: Line| {
        block(
            id,
            Body::Clause {
                number,
                text: words,
            },
        )
    };
    let list = |id: &str, mark, items| block(id, Body::List { mark, items });
    let item = |words: &str, number| Item {
        text: text(words),
        number,
        under: None,
    };
    let under = Some((Mark::Bullet, vec![item("短期の者を含む", 0)]));
    vec![
        chapter("general", 1, "総則"),
        article("purpose", 1, "目的"),
        clause(
            "purpose-1",
            1,
            text("この規程は、情報を守るために必要なことを定める。"),
        ),
        article("scope", 2, "適用範囲"),
        clause("scope-1", 1, text("この規程は、すべての従業員に適用する。")),
        clause("scope-2", 2, spans()),
        list(
            "scope-list",
            Mark::Number,
            vec![
                Item {
                    under,
                    ..item("派遣の者", 1)
                },
                item("委託先の者", 2),
            ],
        ),
        chapter("duties", 2, "義務"),
        article("report", 3, "報告"),
        clause("report-1", 1, to_the_table()),
        list("check", Mark::Check, vec![item("電源を切らない", 0)]),
        list("steps", Mark::Number, vec![item("もう一度1から", 1)]),
    ]
}

fn to_the_table() -> Line {
    vec![
        Span::Text("気づいた者は".into()),
        Span::Reference {
            to: "roles".into(),
            text: "表1".into(),
        },
        Span::Text("の窓口に知らせる。".into()),
    ]
}

fn spans() -> Line {
    vec![
        Span::Reference {
            to: "purpose".into(),
            text: "第1条".into(),
        },
        Span::Text("の目的のために、".into()),
        Span::Strong("次の者".into()),
        Span::Text("にも守らせる。責任者は".into()),
        Span::Blank {
            question: "leader".into(),
            width: 8,
        },
        Span::Text("とする。".into()),
    ]
}

fn roles() -> Table {
    let row = |at: u32| Row {
        id: format!("r{at}"),
        cells: vec![
            vec![text(&format!("役割{at}"))],
            vec![text("山田 太郎"), text("佐藤 次郎")],
            vec![text("24")],
        ],
        lines: 1,
    };
    let mut rows: Vec<_> = (1..=40).map(row).collect();
    rows.push(Row {
        id: "empty".into(),
        cells: vec![vec![], vec![], vec![]],
        lines: 3,
    });
    Table {
        caption: Some("体制と役割".into()),
        number: Some(1),
        columns: vec![
            column("役割", 3, Align::Left),
            column("担当する人", 4, Align::Center),
            column("時間", 1, Align::Right),
        ],
        rows,
        source: Some("roles".into()),
        row_heads: true,
    }
}

fn flow() -> Flow {
    let step = |lanes: (u16, u16), kind: StepKind, words: &str| Step {
        lanes,
        kind,
        text: text(words),
        next: None,
        otherwise: None,
    };
    Flow {
        caption: "最初の1時間".into(),
        number: 1,
        lanes: vec!["発見した人".into(), "窓口".into(), "責任者".into()],
        steps: vec![
            step((0, 0), StepKind::Action, "画面をそのままにして電話する"),
            Step {
                next: Some("はい".into()),
                otherwise: Some("いいえ：記録して様子を見る".into()),
                ..step((1, 1), StepKind::Question, "被害が広がっているか")
            },
            step((1, 2), StepKind::Action, "止める範囲を決める"),
            step((2, 2), StepKind::End, "対応体制に移る"),
        ],
    }
}

/// A plan with decimal numbers, no cover, and a heading without a number.
pub(crate) fn plan() -> Document {
    let mut document = regulation();
    document.numbering = Numbering::Decimal;
    document.cover = false;
    document.blocks = vec![
        block(
            "a",
            Body::Heading {
                level: 1,
                number: vec![1],
                text: text("目的"),
            },
        ),
        block(
            "b",
            Body::Heading {
                level: 2,
                number: vec![1, 1],
                text: text("守るもの"),
            },
        ),
        block(
            "c",
            Body::Heading {
                level: 3,
                number: vec![1, 1, 1],
                text: text("受注"),
            },
        ),
        block(
            "d",
            Body::Heading {
                level: 2,
                number: vec![1, 2],
                text: text("守り方"),
            },
        ),
        block(
            "e",
            Body::Heading {
                level: 1,
                number: vec![2],
                text: text("体制"),
            },
        ),
        block(
            "f",
            Body::Heading {
                level: 1,
                number: vec![],
                text: text("様式1　報告書"),
            },
        ),
        block(
            "g",
            Body::Heading {
                level: 2,
                number: vec![2, 5],
                text: text("番号の続かない見出し"),
            },
        ),
    ];
    document
}

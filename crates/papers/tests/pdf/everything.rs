//! A paper with every block and every span there is.

use sonae_core::paper::document::{Body, Document, Item, Mark, Numbering, Span};

use crate::sample::{Blocks, document, flow, form, item, sentences, table, text};

/// Every block and every span.
pub(crate) fn everything() -> Document {
    let mut blocks = Blocks::default();
    let reference = |to: &str, text: &str| Span::Reference {
        to: to.to_owned(),
        text: text.to_owned(),
    };
    let blank = |width| Span::Blank {
        question: "leader".to_owned(),
        width,
    };
    let spans = vec![
        Span::Strong("代表者".to_owned()),
        Span::Text("は、".to_owned()),
        blank(30),
        Span::Text("を責任者にします。".to_owned()),
        reference("article.1", "第1条"),
        Span::Text("、".to_owned()),
        reference("assets", "表1"),
        reference("flow", "図1"),
        reference("nowhere", "第99条"),
    ];
    let under = Item {
        under: Some((Mark::Bullet, vec![item(0, "代表者"), item(0, "その代理")])),
        ..item(2, "責任者")
    };
    blocks
        .heading(&[1], 1, "総則")
        .article(1, "目的")
        .clause(1, sentences(0, 3));
    blocks
        .article(2, "言葉の意味")
        .clause(1, spans)
        .clause(2, sentences(1, 2));
    blocks.list(
        Mark::Number,
        vec![item(1, "情報資産"), under, item(3, "連絡先")],
    );
    blocks
        .heading(&[2], 1, "体制")
        .heading(&[], 2, "役割")
        .paragraph(sentences(2, 4));
    blocks.list(
        Mark::Check,
        vec![item(0, "電源を切らない"), item(0, "切り離す")],
    );
    blocks.add(Body::Notice {
        title: text("はじめに"),
        text: vec![sentences(3, 1), text("会社に合わせて直してください。")],
    });
    blocks.named("assets", Body::Table(table(4, 6)));
    blocks
        .add(Body::Table(form()))
        .named("flow", Body::Flow(flow()))
        .add(Body::PageBreak);
    blocks.add(Body::Signature {
        lines: vec![
            text("2026年4月1日"),
            text("代表取締役　髙﨑 𠮷男"),
            vec![blank(12)],
        ],
    });
    document(Numbering::Articles, blocks)
}

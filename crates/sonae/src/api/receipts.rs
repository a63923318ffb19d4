//! `GET /api/v1/receipts/{receipt_number}/proof`: what anybody needs to verify a receipt offline. It holds no personal data.

use axum::Json;
use axum::extract::State;
use sonae_core::audit::{Proof, hex};
use sonae_core::receipt_number;
use sonae_store::StoreError;

use super::address::Id;
use super::problem::{Kind, Problem};
use crate::app::App;

/// How a person checks a proof with tools that every auditor has.
pub const HOW_TO_VERIFY: &str = "(1) previous_hash の64文字、改行(LF)1つ、entry の文字列を、この順に間に何も挟まずにつなぎ、UTF-8のままSHA-256を計算します。結果の16進数が log_hash と一致すれば、記録は書き換えられていません。例: printf '%s\\n%s' \"$previous_hash\" \"$entry\" | sha256sum  (2) log_hash が、お手元の受付票の log_hash と一致することを確かめます。 (3) entry はJSONです。その index が log_index と、data.receipt_number が受付番号と一致し、data.places に支援コースごとの受付順位が記録されていることを確かめます。 (4) data.answers_sha256 は、申込者だけに知らされる値(salt)の16進数、改行(LF)1つ、回答のJSONをつないだもののSHA-256です。申込者は、受け付けられた回答が送ったとおりであることを確かめられます。";

pub async fn proof(State(app): State<App>, Id(typed): Id) -> Result<Json<Proof>, Problem> {
    let Some(number) = receipt_number::read(&typed) else {
        return Err(Problem::new(
            Kind::NotFound,
            "受付番号に間違いがあります。受付票の番号(例 R6-334-A7X)を確かめて、もう一度入力してください。",
        ));
    };
    match of(&app, number).await.map_err(Problem::of_store)? {
        Some(proof) => Ok(Json(proof)),
        None => Err(Problem::new(
            Kind::NotFound,
            "この受付番号の申込はありません。受付票の番号を確かめてください。",
        )),
    }
}

/// The proof of a receipt number as `receipt_number::write` writes it; none when there is no such receipt.
pub async fn of(app: &App, receipt_number: String) -> Result<Option<Proof>, StoreError> {
    let number = receipt_number.clone();
    let entry = app
        .read(move |tx| sonae_store::application::receipt_entry(tx, &number))
        .await?;
    Ok(entry.map(|bound| Proof {
        receipt_number,
        log_index: bound.index,
        previous_hash: hex(&bound.previous),
        log_hash: hex(&bound.hash),
        entry: bound.line,
        how_to_verify: HOW_TO_VERIFY.to_owned(),
    }))
}

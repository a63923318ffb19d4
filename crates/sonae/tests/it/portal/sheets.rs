//! Tables taken in from spreadsheets: looked at before anything is saved, and the ledger there and back.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;

use super::answers::current;
use super::papers::answered;
use crate::form::visitor::{followed, shows};
use crate::office::{Office, Reply};

const BOUNDARY: &str = "0123456789abcdef";

/// Sends a form with a file or without, as a browser does.
pub(super) async fn upload(
    office: &Office,
    path: &str,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> Reply {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .into_bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    let request = Request::post(path)
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .header("sec-fetch-site", "same-origin");
    office
        .send(request.body(Body::from(body)).expect("a request"))
        .await
}

#[tokio::test]
async fn a_pasted_sheet_is_looked_at_before_it_is_taken_in() {
    let stand = answered().await;
    let (office, sheet) = (&stand.office, stand.page("papers/tables/people/sheet"));
    let before = current(&stand).await.rows("people").len();
    let page = office.get(&sheet).await;
    shows(
        &page,
        StatusCode::OK,
        &["Excel で選んだ範囲を貼り付ける", "<li>氏名</li>"],
    );
    let empty = upload(office, &sheet, &[("sheet", " ")], None).await;
    shows(
        &empty,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["href=\"#sheet\""],
    );
    let unknown = upload(office, &sheet, &[("sheet", "氏名\t血液型\n甲\tA")], None).await;
    shows(
        &unknown,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["「血液型」という列はありません", "血液型\n甲"],
    );
    let pasted = "氏名\t退職した日\n新しい人\t\n困った人\tいつか\n\t2026/4/1\n";
    assert_eq!(
        followed(&upload(office, &sheet, &[("sheet", pasted)], None).await),
        sheet
    );
    let preview = office.get(&sheet).await;
    let words = [
        "まだ取り込んでいません",
        "1行を取り込む",
        "<th scope=\"row\">B3</th>",
        "<th scope=\"row\">A4</th>",
        "そのまま残す",
    ];
    shows(&preview, StatusCode::OK, &words);
    assert_eq!(current(&stand).await.rows("people").len(), before);
    let taken = upload(
        office,
        &sheet,
        &[("_version", "1"), ("_then", "take"), ("mode", "add")],
        None,
    )
    .await;
    assert_eq!(
        followed(&taken),
        format!("{}?saved=1", stand.page("papers/tables/people"))
    );
    assert_eq!(current(&stand).await.rows("people").len(), before + 1);
    // What was taken in waits no longer.
    let again = office.get(&sheet).await;
    shows(&again, StatusCode::OK, &["Excel で選んだ範囲を貼り付ける"]);
    // Without its heading, and in the place of all.
    assert_eq!(
        followed(&upload(office, &sheet, &[("sheet", "一人だけ\t社長")], None).await),
        sheet
    );
    let taken = [("_version", "2"), ("_then", "take"), ("mode", "replace")];
    followed(&upload(office, &sheet, &taken, None).await);
    let answers = current(&stand).await;
    assert_eq!(answers.rows("people").len(), 1);
    assert_eq!(answers.rows("people")[0].text("post"), Some("社長"));
    let damaged = upload(office, &sheet, &[], Some(("a.xlsx", b"PK\x03\x04 nothing"))).await;
    shows(
        &damaged,
        StatusCode::UNPROCESSABLE_ENTITY,
        &["Excelファイルとして読めません"],
    );
}

#[tokio::test]
async fn the_ledger_comes_back_from_excel_as_it_was() {
    let stand = answered().await;
    let office = &stand.office;
    let before = current(&stand).await.rows("assets").to_vec();
    let request = Request::get(stand.page("papers/ledger.xlsx"))
        .body(Body::empty())
        .expect("a request");
    let response = office
        .router
        .clone()
        .oneshot(request)
        .await
        .expect("never fails");
    assert_eq!(response.status(), StatusCode::OK);
    let book = to_bytes(response.into_body(), 8 << 20)
        .await
        .expect("a workbook");
    let sheet = stand.page("papers/tables/assets/sheet");
    let sent = upload(office, &sheet, &[], Some(("台帳.xlsx", &book))).await;
    assert_eq!(followed(&sent), sheet);
    let preview = office.get(&sheet).await;
    let same = format!("新しい行 0、書き換え 0、いまと同じ {}", before.len());
    shows(&preview, StatusCode::OK, &[&same, "台帳.xlsx"]);
    assert!(!preview.text.contains("直すところ"), "{}", preview.text);
}

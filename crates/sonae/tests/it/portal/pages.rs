//! Every state × every page: what it answers, and that no input makes it fall over.

use axum::http::StatusCode;

use super::stand::{STATES, Stand};
use crate::form::visitor::post;

const PAGES: [&str; 11] = [
    "",
    "agree",
    "questionnaire",
    "questionnaire/confirm",
    "correct",
    "offer/utm",
    "offer/none",
    "messages",
    "diagnosis",
    "receipt",
    "withdraw",
];

/// State, page, and what must stand there.
const SAYS: &[(&str, &str, &[&str])] = &[
    (
        "new",
        "",
        &[
            "お申込みを受け付けました",
            "参加は確定していません",
            "令和6年6月6日(木)まで",
            "受付順 1番",
            "運営事務局",
            "いま",
        ],
    ),
    ("new", "agree", &["今は、このお手続きはありません"]),
    ("new", "correct", &["事務局からお願いしたとき"]),
    ("new", "diagnosis", &["診断が終わってから"]),
    ("new", "offer/utm", &["お返事は要りません"]),
    ("new", "receipt", &["受付票", "45人", "記録のハッシュ値"]),
    (
        "new",
        "messages",
        &["まだありません", "お申込みを受け付けました(受付番号"],
    ),
    ("new", "withdraw", &["取り下げますか", "UTM機器設置"]),
    (
        "agreement",
        "",
        &["お申込みの状況", "ご説明を読んで、了承する", "要項 6(2)ア"],
    ),
    (
        "agreement",
        "agree",
        &[
            "規定と遵守事項",
            "要項 10(1)",
            "了承して送る",
            "参加は確定していません",
        ],
    ),
    ("expert", "", &["専門家", "令和6年6月6日(木)まで"]),
    ("expert", "agree", &["ご了承は、いただいています"]),
    ("approval", "", &["いまは運営事務局の番", "事前診断の結果"]),
    (
        "approval",
        "diagnosis",
        &["12台", "&#60;script&#62;", "支援コースを決めています"],
    ),
    (
        "confirmed",
        "",
        &[
            "参加が確定しました",
            "マネジメント指導",
            "枠をお返しいただきました",
        ],
    ),
    ("confirmed", "diagnosis", &["決まった支援コース"]),
    ("confirmed", "withdraw", &["取り下げますか"]),
    (
        "correction",
        "",
        &[
            "申込内容のご確認をお願いします",
            "ご確認ください。\n&#60;b&#62;至急",
            "6月10日(月)までに",
        ],
    ),
    (
        "correction",
        "correct",
        &[
            "name=\"employees\"",
            "name=\"address_line1\"",
            "value=\"45\"",
            "&#60;b&#62;至急",
        ],
    ),
    ("waiting", "", &["次にご案内する順番です"]),
    ("waiting", "offer/utm", &["まだ空いていません"]),
    ("offered", "", &["枠が空きました", "6月6日(木)までに"]),
    (
        "offered",
        "offer/utm",
        &[
            "返事を送る",
            "お申込みのお手続きも終わります",
            "6月6日(木)まで",
        ],
    ),
    (
        "lapsed",
        "",
        &["ご案内した枠のお手続きは終わりました", "窓口"],
    ),
    ("lapsed", "offer/utm", &["終わりました"]),
    (
        "withdrawn",
        "",
        &["取り下げられています", "もう一度お申し込みいただけます"],
    ),
    (
        "declined",
        "",
        &["今回は、参加いただけない", "要件を満たしていません。"],
    ),
    (
        "excluded",
        "",
        &["今回は、参加いただけない", "虚偽の申告がありました。"],
    ),
    ("excluded", "messages", &["事務局へのメッセージ"]),
    (
        "screening",
        "",
        &["この時点では事業への参加は確定していません", "要件の確認"],
    ),
    (
        "screening",
        "questionnaire",
        &["メールでお願いします", "お申込みの状況へ"],
    ),
    (
        "questionnaire",
        "",
        &[
            "事前問診に答える",
            "令和7年6月9日(月)まで",
            "この時点では事業への参加は確定していません",
        ],
    ),
    (
        "questionnaire",
        "questionnaire",
        &[
            "要項 6 STEP3",
            "name=\"goal\"",
            "name=\"it_staff\"",
            "令和7年6月9日(月)まで",
            "この時点では事業への参加は確定していません",
        ],
    ),
    ("answered", "", &["参加が確定しました", "事前問診のご回答"]),
    (
        "answered",
        "questionnaire",
        &[
            "次のとおり、ご回答をいただいています",
            "連絡網を作る",
            "答えない",
        ],
    ),
    ("answered", "receipt", &["受付票"]),
];

/// State, page, and what must not stand there.
const SILENT: &[(&str, &str, &[&str])] = &[
    (
        "confirmed",
        "",
        &["確定していません", "機器は間に合っているため"],
    ),
    ("answered", "", &["確定していません"]),
    (
        "withdrawn",
        "",
        &["確定していません", "取り下げる</a>", "参加が確定するまで"],
    ),
    ("declined", "", &["もう一度お申し込み", "取り下げる</a>"]),
    ("approval", "diagnosis", &["<script>alert"]),
    ("correction", "correct", &["name=\"name\"", "<b>至急"]),
];

#[tokio::test]
async fn every_page_in_every_state() {
    for state in STATES {
        let stand = Stand::at(state).await;
        for page in PAGES {
            let reply = stand.office.get(&stand.page(page)).await;
            let code = reply.status;
            let calm = [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::NOT_FOUND];
            assert!(calm.contains(&code), "{state} {page}: {code}");
            let of = |(at, on, _): &&(&str, &str, &[&str])| *at == state && *on == page;
            for (_, _, words) in SAYS.iter().filter(of) {
                for word in *words {
                    let text = &reply.text;
                    assert!(text.contains(word), "{state} {page}: 「{word}」 in {text}");
                }
            }
            for (_, _, words) in SILENT.iter().filter(of) {
                for word in *words {
                    assert!(!reply.text.contains(word), "{state} {page}: {word}");
                }
            }
        }
    }
}

#[tokio::test]
async fn no_input_is_an_error_of_ours_and_none_does_anything_by_accident() {
    let bodies: [&[u8]; 7] = [
        b"",
        b"\xff\xfe=\xff",
        b"%00=%00&text=%00&answer=%00&agreed=%00",
        b"action=remove_row:99999999999999999999&employees=-1&capital_yen=1e99",
        b"action=address:7&postcode=1600023",
        b"answer=other&agreed=no&text=%E2%80%AE&note=%EF%BF%BD",
        b"it_staff=-1&backup=z&cloud=maybe&goal=%EF%BF%BD&action=next",
    ];
    for state in STATES {
        let stand = Stand::at(state).await;
        let before = stand.events().await;
        // Withdrawing asks nothing but the button, and a questionnaire is sent as it was saved.
        for page in PAGES.iter().filter(|page| **page != "withdraw") {
            for body in bodies {
                let reply = post(&stand.office, &stand.page(page), body.to_vec()).await;
                let code = reply.status;
                assert!(!code.is_server_error(), "{state} {page}: {}", reply.text);
            }
        }
        let after = stand.events().await;
        // An unchanged form is an answer to a request for correction; anything else does nothing.
        let done = after[before.len()..]
            .iter()
            .filter(|word| *word != "corrected");
        assert_eq!(done.count(), 0, "{state}: {after:?}");
    }
}

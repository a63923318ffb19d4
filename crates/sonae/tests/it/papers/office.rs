//! The office's pages about papers: read, sent, taken back, compared, commented, and who may.

use sonae::office::papers::review::{accept, return_to_office};
use sonae_core::access::StaffRole;
use sonae_core::flow::Actor;

use super::Desk;

const POLICY: &str = "/papers/basic-policy";

impl Desk {
    fn path(&self, below: &str) -> String {
        format!("/office/cases/{}{below}", self.number)
    }

    async fn page(&self, below: &str) -> String {
        let reply = self.expert.get(&self.office, &self.path(below)).await;
        assert_eq!(reply.status, 200, "{below}: {}", reply.text);
        reply.text
    }

    /// Sends a form and gives the page after it.
    async fn does(&self, below: &str, fields: &[(&str, &str)]) -> String {
        let reply = (self.expert)
            .post(&self.office, &self.path(below), fields)
            .await;
        assert_eq!(reply.status, 303, "{below}: {}", reply.text);
        self.expert.follow(&self.office, &reply).await.text
    }
}

#[track_caller]
fn check(page: &str, pieces: &[&str], not: &[&str]) {
    for piece in pieces {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
    for piece in not {
        assert!(!page.contains(piece), "{piece} is there");
    }
}

#[tokio::test]
async fn the_papers_of_a_case_are_listed_with_what_is_missing() {
    let desk = Desk::new().await;
    check(&desk.page("").await, &["/papers\">文書</a>"], &[]);
    let list = desk.page("/papers").await;
    check(
        &list,
        &["情報セキュリティ基本方針", "問のうち", "作成中", "点検"],
        &["IT-BCP"],
    );
    let paper = desk.page(POLICY).await;
    check(
        &paper,
        &[
            "第1版 作成中",
            "まだ答えのない質問",
            "会社に確認をお願いする",
            "id=\"p-",
            "まだコメントはありません。",
            "まだありません。",
        ],
        &["取り下げる"],
    );
}

#[tokio::test]
async fn a_paper_is_sent_and_comes_back() {
    let desk = Desk::new().await;
    let app = &desk.office.app;
    let sent = [("note", "<b>ご確認ください。</b>")];
    let page = desk.does(&format!("{POLICY}/send"), &sent).await;
    check(
        &page,
        &[
            "第1版の確認をお願いしました。会社へのメールは5分後",
            "会社が確認中",
            "&#60;b&#62;ご確認ください。",
            "SHA-256",
            "/versions/1/docx",
        ],
        &["会社に確認をお願いする"],
    );
    // The second click of two.
    let again = desk.path(&format!("{POLICY}/send"));
    let again = desk.expert.post(&desk.office, &again, &sent).await;
    assert_eq!(again.status, 422);
    check(&again.text, &["会社に確認をお願いしています"], &[]);
    let page = desk.does(&format!("{POLICY}/take-back"), &[]).await;
    check(&page, &["取り下げました", "第2版 作成中"], &[]);
    desk.does(&format!("{POLICY}/send"), &[("note", "")]).await;
    let request = || desk.by(Actor::Company, "basic-policy");
    let returned = return_to_office(app, request(), 2, "第1条を直してください。".into()).await;
    returned.expect("written").expect("allowed");
    let page = desk.page(&format!("{POLICY}?from=1")).await;
    check(
        &page,
        &[
            "差し戻されました",
            "第1条を直してください。",
            "第1版と第3版（案）の違い",
        ],
        &[],
    );
    desk.does(&format!("{POLICY}/send"), &[("note", "")]).await;
    let accepted = accept(app, request(), 3).await;
    accepted.expect("written").expect("allowed");
    check(&desk.page(POLICY).await, &["承認済み", "改訂を始める"], &[]);
    let page = desk.does(&format!("{POLICY}/revise"), &[]).await;
    check(
        &page,
        &["第4版 作成中", "承認された版は、そのまま残ります。"],
        &[],
    );
    for (file, status) in [
        ("/versions/3/docx", 200),
        ("/versions/3/xlsx", 404),
        ("/versions/9/docx", 404),
        ("/versions/x/docx", 404),
        ("/draft/docx", 200),
        ("/draft/exe", 404),
        ("/attachments/none", 404),
    ] {
        let path = desk.path(&format!("{POLICY}{file}"));
        let reply = desk.expert.get(&desk.office, &path).await;
        assert_eq!(reply.status, status, "{file}");
    }
}

#[tokio::test]
async fn comments_stand_where_they_belong_until_they_are_settled() {
    let desk = Desk::new().await;
    let page = desk.page(POLICY).await;
    let (_, block) = page.split_once("<option value=\"\">").expect("the places");
    let (_, block) = block.split_once("<option value=\"").expect("a place");
    let (block, _) = block.split_once('"').expect("a value");
    let said = [("block", block), ("text", "<i>ここは?</i>")];
    let page = desk.does(&format!("{POLICY}/comments"), &said).await;
    let anchor = format!("href=\"#p-{block}\"");
    check(&page, &["&#60;i&#62;ここは?", &anchor, "済みにする"], &[]);
    let (_, id) = page.split_once("/comments/").expect("a comment");
    let (id, _) = id.split_once('/').expect("an id");
    let settle = format!("{POLICY}/comments/{id}/settled");
    check(&desk.does(&settle, &[]).await, &["済み("], &["済みにする"]);
    let path = desk.path(&format!("{POLICY}/comments"));
    let empty = desk
        .expert
        .post(&desk.office, &path, &[("text", " ")])
        .await;
    assert_eq!(empty.status, 422);
    check(&empty.text, &["コメントを書いてください。"], &[]);
}

#[tokio::test]
async fn who_may_read_papers_and_who_may_not() {
    let desk = Desk::new().await;
    for (role, list, paper) in [
        (StaffRole::Secretariat, 200, 200),
        (StaffRole::Sponsor, 403, 403),
        // Another case's expert does not even learn that it exists.
        (StaffRole::Expert, 404, 404),
        (StaffRole::Desk, 404, 404),
        (StaffRole::Admin, 403, 403),
    ] {
        let person = desk.office.sign_in(role).await;
        let read = person.get(&desk.office, &desk.path("/papers")).await;
        assert_eq!(read.status, list, "{role:?}");
        let read = person.get(&desk.office, &desk.path(POLICY)).await;
        assert_eq!(read.status, paper, "{role:?}");
    }
    let path = desk.path("/papers/it-bcp");
    let other = desk.expert.get(&desk.office, &path).await;
    assert_eq!(other.status, 404, "of a course that it does not take");
}

//! A report from due to read, through the pages of the office and the company.

use sonae::jobs::make_reports::send_approved;
use sonae_core::access::StaffRole;
use sonae_core::report::life::LONGEST_WORD;

use super::{MAY, check, watch};
use crate::office::{Office, Reply};
use crate::portal::stand::Stand;
use crate::staff::signed_in::SignedIn;

/// A company that takes part, with a device in May that said nothing.
struct Life {
    stand: Stand,
    technician: SignedIn,
    secretary: SignedIn,
}

impl Life {
    async fn new() -> Life {
        let stand = Stand::at("confirmed").await;
        let application_id = stand.stored().await.application_id;
        watch(&stand.office.app, &application_id);
        Life {
            technician: stand.office.sign_in(StaffRole::Technician).await,
            secretary: stand.office.sign_in(StaffRole::Secretariat).await,
            stand,
        }
    }

    fn office(&self) -> &Office {
        &self.stand.office
    }

    fn path(&self, below: &str) -> String {
        format!("/office/reports/{}/{MAY}{below}", self.stand.number)
    }

    async fn page(&self, who: &SignedIn, below: &str) -> String {
        let reply = who.get(self.office(), &self.path(below)).await;
        assert_eq!(reply.status, 200, "{below}: {}", reply.text);
        reply.text
    }

    async fn post(&self, who: &SignedIn, way: &str, fields: &[(&str, &str)]) -> Reply {
        let path = self.path(&format!("/{way}"));
        who.post(self.office(), &path, fields).await
    }

    /// Sends a form and gives the page after it.
    async fn does(&self, who: &SignedIn, way: &str, fields: &[(&str, &str)]) -> String {
        let reply = self.post(who, way, fields).await;
        assert_eq!(reply.status, 303, "{way}: {}", reply.text);
        who.follow(self.office(), &reply).await.text
    }

    /// Sends a form that is refused with a sentence.
    async fn refuses(
        &self,
        who: &SignedIn,
        way: &str,
        fields: &[(&str, &str)],
        sentence: &str,
    ) -> String {
        let reply = self.post(who, way, fields).await;
        assert_eq!(reply.status, 422, "{way}: {}", reply.text);
        check(&reply.text, &[sentence], &[]);
        reply.text
    }

    fn mails(&self) -> Vec<String> {
        let db = &self.office().app.db;
        let queued = db.read(|tx| sonae_store::outbox::in_state(tx, "queued", 100));
        let mut kept = queued.expect("readable");
        kept.retain(|kept| kept.mail.mail == "monthly_report");
        (kept.into_iter())
            .map(|kept| sonae::mail::reading::read(&kept.mail.content).body)
            .collect()
    }

    fn log(&self) -> String {
        let db = &self.office().app.db;
        let entries = db.read(|tx| sonae_store::audit::before(tx, i64::MAX, 100));
        let lines = entries.expect("readable").into_iter();
        lines.map(|entry| entry.line).collect::<Vec<_>>().join("\n")
    }
}

const SEEN: &[(&str, &str)] = &[("revision", "1")];

#[tokio::test]
async fn a_month_without_anything_has_a_report_and_goes_its_way() {
    let mut life = Life::new().await;
    made(&life).await;
    checked(&life).await;
    approved(&life).await;
    let app = life.office().app.clone();
    // Approved this very minute: it may still be taken back.
    assert_eq!(send_approved(&app).await.expect("answered"), 0);
    let portal = life.stand.page("reports");
    let before = life.office().get(&format!("{portal}/{MAY}")).await;
    assert_eq!(before.status, 404);
    life.stand = life.stand.later("2024-06-03T10:06:00+09:00");
    sent_and_read(&life, &portal).await;
}

async fn made(life: &Life) {
    let (technician, secretary) = (&life.technician, &life.secretary);
    let list = technician.get(life.office(), "/office/reports").await;
    check(
        &list.text,
        &["2024年5月分", "未作成", &life.stand.number],
        &[],
    );
    let page = life.page(technician, "").await;
    check(&page, &["まだ作られていません"], &["点検済みにする"]);
    let word = [("revision", "0"), ("word", "x")];
    for (who, way) in [(technician, "check"), (secretary, "approve")] {
        life.refuses(who, way, &word, "まだ作られていません").await;
    }
    // Nobody makes who only approves, and the other way round.
    for (who, way) in [(secretary, "make"), (technician, "approve")] {
        assert_eq!(life.post(who, way, &[]).await.status, 403, "{way}");
    }
    let never = [("revision", "0")];
    let page = life.does(technician, "make", &never).await;
    let words = ["第1版を作りました", "点検待ち", "記録が届きませんでした"];
    check(&page, &words, &[]);
    let sentence = "新しい版に替わりました";
    life.refuses(technician, "make", &never, sentence).await;
    let pdf = technician.get(life.office(), &life.path("/pdf")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.text.starts_with("%PDF"));
    let compared = life.page(technician, "/compare").await;
    check(&compared, &["同じ数字でした"], &["違う数字がありました"]);
}

async fn checked(life: &Life) {
    let (technician, secretary) = (&life.technician, &life.secretary);
    let sentence = "技術担当の点検が済んでから";
    life.refuses(secretary, "approve", SEEN, sentence).await;
    let long = format!("<i>{}", "長".repeat(LONGEST_WORD));
    let typed = [("revision", "1"), ("word", long.as_str())];
    let page = life
        .refuses(technician, "check", &typed, "1000字までで書いてください")
        .await;
    check(&page, &["&#60;i&#62;長長長"], &["<i>長"]);
    let word = [("revision", "1"), ("word", "電源を<b>入れたまま</b>に")];
    let page = life.does(technician, "check", &word).await;
    check(
        &page,
        &["承認待ち", "電源を", "技術担当からひとこと"],
        &["<b>入れたまま"],
    );
    let sentence = "もう点検が済んでいます";
    life.refuses(technician, "check", &word, sentence).await;
}

async fn approved(life: &Life) {
    let (technician, secretary) = (&life.technician, &life.secretary);
    // A technician who became a secretary does not approve what she checked.
    let (db, id) = (&life.office().app.db, technician.id.clone());
    let changed = db.write(|tx| sonae_store::staff::set_role(tx, &id, StaffRole::Secretariat));
    changed.expect("changed");
    let technician = &life.office().sign_in_again(technician).await;
    let page = life.page(technician, "").await;
    let own = "点検した人は、承認できません";
    check(&page, &[own], &["承認する</button>"]);
    life.refuses(technician, "approve", SEEN, own).await;
    let nothing = [("revision", "1"), ("why", " ")];
    life.refuses(secretary, "return", &nothing, "差し戻す理由を書いて")
        .await;
    let long = format!("<i>{}", "長".repeat(LONGEST_WORD));
    let typed = [("revision", "1"), ("why", long.as_str())];
    let page = life
        .refuses(secretary, "return", &typed, "1000字までで")
        .await;
    check(&page, &["&#60;i&#62;長長長"], &[]);
    let why = [("revision", "1"), ("why", "<b>数</b>が違う")];
    let page = life.does(secretary, "return", &why).await;
    check(
        &page,
        &["点検待ち", "差し戻されています", "が違う"],
        &["<b>数"],
    );
    other_words(life).await;
    // What is made anew is another revision, and the one that was seen counts no longer.
    let other = life.office().sign_in(StaffRole::Technician).await;
    life.does(&other, "make", SEEN).await;
    life.refuses(&other, "check", SEEN, "新しい版に替わりました")
        .await;
    let second = [("revision", "2")];
    life.does(&other, "check", &second).await;
    let page = life.does(secretary, "approve", &second).await;
    check(&page, &["承認しました", "送信待ち"], &["承認する</button>"]);
    let sentence = "もう承認されています";
    life.refuses(secretary, "approve", &second, sentence).await;
}

/// Of a report that was given back only the word of its last check is left, on the pages as in the row.
async fn other_words(life: &Life) {
    let technician = &life.office().sign_in(StaffRole::Technician).await;
    let why = [("revision", "1"), ("why", "ひとことを直してください")];
    for (word, now, gone) in [
        ("", "承認待ち", "入れたまま"),
        ("火曜の停電", "火曜の停電", "入れたまま"),
        ("水曜の停電", "水曜の停電", "火曜"),
        ("", "承認待ち", "停電"),
    ] {
        let fields = [("revision", "1"), ("word", word)];
        let page = life.does(technician, "check", &fields).await;
        check(&page, &[now], &[gone]);
        let heading = page.contains("技術担当からひとこと");
        assert_eq!(heading, !word.is_empty(), "{word}");
        life.does(&life.secretary, "return", &why).await;
    }
}

async fn sent_and_read(life: &Life, portal: &str) {
    let (office, app) = (life.office(), &life.office().app);
    assert_eq!(send_approved(app).await.expect("sent"), 1);
    assert_eq!(send_approved(app).await.expect("answered"), 0);
    let mails = life.mails();
    assert_eq!(mails.len(), 1);
    check(&mails[0], &["2024年5月", "記録が届きませんでした"], &[]);
    let home = office.get(&life.stand.path).await;
    check(&home.text, &["/reports"], &[]);
    let list = office.get(portal).await;
    check(&list.text, &["2024年5月", "report.pdf"], &[]);
    let page = life.page(&life.secretary, "").await;
    check(&page, &["送信済み"], &["会社が初めて開きました"]);
    for _ in 0..2 {
        let report = office.get(&format!("{portal}/{MAY}")).await;
        assert_eq!(report.status, 200);
        check(&report.text, &["月次レポート", "見守り"], &["電源を<b>"]);
        let pdf = office.get(&format!("{portal}/{MAY}/report.pdf")).await;
        assert!(pdf.text.starts_with("%PDF"), "{}", pdf.status);
    }
    for other in ["2024-04", "2024-5", "x"] {
        let reply = office.get(&format!("{portal}/{other}")).await;
        assert_eq!(reply.status, 404, "{other}");
    }
    let page = life.page(&life.secretary, "").await;
    check(&page, &["既読", "会社が初めて開きました"], &[]);
    let technician = office.sign_in(StaffRole::Technician).await;
    let second = [("revision", "2")];
    let sentence = "会社に送ったあとなので、変えられません";
    life.refuses(&technician, "make", &second, sentence).await;
    let log = life.log();
    assert_eq!(log.matches("report.read").count(), 1, "{log}");
    check(
        &log,
        &[
            "report.made",
            "report.checked",
            "report.returned",
            "report.approved",
            "report.sent",
        ],
        &["電源", "が違う"],
    );
}

//! What happened, in one Japanese sentence for each kind of event, with the words people wrote.

use sonae_core::application::labels::label_in;
use sonae_core::flow::{Channel, ContactOutcome, Event};
use sonae_core::program::Program;

use crate::office::clock_title::clock_title;
use crate::office::people::People;
use crate::pages::public::finding;

/// What sentences are made with.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// In the revision of the case.
    pub program: &'a Program,
    pub people: &'a People,
}

/// An event as the timeline tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub what: String,
    /// What a person wrote with it; empty when nothing.
    pub said: String,
    /// Never shown to the company.
    pub internal: bool,
}

impl Words<'_> {
    /// A person's name as the records name her (`staff:<id>`), or whoever else it was.
    pub fn who(&self, actor: &str) -> String {
        match actor.split_once(':') {
            Some(("staff", id)) => self.name_of(id),
            _ if actor == "company" => "申込企業".to_owned(),
            _ if actor == "system" => "自動".to_owned(),
            _ => "不明".to_owned(),
        }
    }

    /// A person's name by her id.
    pub fn name_of(&self, id: &str) -> String {
        let known = self.people.find(id);
        known.unwrap_or("(登録のない担当)").to_owned()
    }

    pub fn course(&self, id: &str) -> String {
        let course = self.program.course(id);
        course.map_or_else(|| id.to_owned(), |course| course.short_title.clone())
    }

    pub fn courses(&self, ids: &[String]) -> String {
        let titles: Vec<String> = ids.iter().map(|id| self.course(id)).collect();
        titles.join("、")
    }
}

/// Tells an event. `actor` is as the records name it.
pub fn told(words: &Words<'_>, event: &Event, actor: &str) -> Told {
    let by_company = actor == "company";
    let (what, said) = match event {
        Event::Contacted {
            channel,
            outcome,
            note,
        } => (contacted(*channel, *outcome).to_owned(), note.as_str()),
        Event::Assigned { to } => (handed_to(words, "担当", to.as_deref()), ""),
        Event::ExpertAssigned { to } => (handed_to(words, "担当の専門家", to.as_deref()), ""),
        Event::Noted { text } => ("内部メモを書きました。".to_owned(), text.as_str()),
        Event::Messaged { subject, text } => (messaged(by_company, subject), text.as_str()),
        Event::Corrected { reason, .. } => (
            match by_company {
                true => "申込内容を直しました。".to_owned(),
                false => "事務局が、申込内容を直しました。".to_owned(),
            },
            reason.as_str(),
        ),
        Event::Agreed { note } => (
            match by_company {
                true => "ご説明した内容を了承しました。".to_owned(),
                false => "企業が了承したことを記録しました。".to_owned(),
            },
            note.as_str(),
        ),
        Event::Withdrawn { reason } => (
            match by_company {
                true => "お申込みを取り下げました。".to_owned(),
                false => "企業のお申し出により、お申込みを取り下げました。".to_owned(),
            },
            reason.as_str(),
        ),
        other => decided(words, other),
    };
    Told {
        what,
        said: said.to_owned(),
        internal: matches!(event, Event::Noted { .. }),
    }
}

/// Events that are told in the same words whoever caused them.
fn decided<'a>(words: &Words<'_>, event: &'a Event) -> (String, &'a str) {
    match event {
        Event::CorrectionRequested { message, fields } => {
            (correction(words, fields), message.as_str())
        }
        Event::CorrectionCancelled { reason } => {
            ("訂正のお願いを取り消しました。".to_owned(), reason)
        }
        Event::Judged { rule, met, reason } => {
            let outcome = if *met { "満たす" } else { "満たさない" };
            let title = finding::title(words.program, rule);
            (
                format!("「{title}」を「{outcome}」と判断しました。"),
                reason,
            )
        }
        Event::CompaniesCompared { with, same, reason } => (compared(with, *same), reason.as_str()),
        Event::Rechecked { reason } => (
            "同じ申込内容で、要件を確かめ直しました。".to_owned(),
            reason,
        ),
        Event::Screened { note } => ("要件の確認を終えました。".to_owned(), note),
        Event::Diagnosed { record, done } => (
            match done {
                true => format!("環境の記録を完了しました({}項目)。", record.len()),
                false => format!("環境の記録を保存しました({}項目)。", record.len()),
            },
            "",
        ),
        Event::CoursesProposed { courses, reason } => (
            format!("コースの案を出しました：{}", words.courses(courses)),
            reason,
        ),
        Event::CoursesDecided { courses, reason } => (
            format!("コースを決めました：{}", words.courses(courses)),
            reason,
        ),
        Event::Proposed { note } => ("東京都に承認を依頼しました。".to_owned(), note),
        Event::Approved {} => ("東京都が承認しました。".to_owned(), ""),
        Event::SentBack { question } => (
            "東京都が、質問を付けて差し戻しました。".to_owned(),
            question,
        ),
        Event::QuestionnaireAnswered { answers } => (
            format!("事前問診の回答を受け取りました({}項目)。", answers.len()),
            "",
        ),
        Event::Declined { reason, clause } => {
            (format!("参加をお断りしました(要項 {clause})。"), reason)
        }
        Event::Excluded { reason, clause } => (format!("除外しました(要項 {clause})。"), reason),
        Event::CourseWithdrawn { course, reason } => (
            format!("「{}」だけを取り下げました。", words.course(course)),
            reason,
        ),
        Event::Reopened { reason } => ("案件を再開しました。".to_owned(), reason),
        Event::ClockRanOut { clock } => (
            format!(
                "期限「{}」が過ぎました。",
                clock_title(words.program, clock)
            ),
            "",
        ),
        Event::Moved { reason, .. } => ("事業の新しい版に移しました。".to_owned(), reason),
        Event::LinkRenewed { reason } => ("企業のリンクを新しくしました。".to_owned(), reason),
        other => offered(words, other),
    }
}

/// Events about an offered place.
fn offered<'a>(words: &Words<'_>, event: &'a Event) -> (String, &'a str) {
    match event {
        Event::Offered { course, reason } => (
            format!("「{}」の枠をご案内しました。", words.course(course)),
            reason,
        ),
        Event::OfferAccepted { course } => (
            format!(
                "「{}」の枠を受けるとの返事がありました。",
                words.course(course)
            ),
            "",
        ),
        Event::OfferDeclined { course } => (
            format!(
                "「{}」の枠を辞退するとの返事がありました。",
                words.course(course)
            ),
            "",
        ),
        Event::OfferLapsed { course } => (
            format!(
                "「{}」の枠のご案内は、期日が過ぎました。",
                words.course(course)
            ),
            "",
        ),
        _ => unreachable!("every other event is told above"),
    }
}

fn contacted(channel: Channel, outcome: ContactOutcome) -> &'static str {
    use ContactOutcome as O;
    match (channel, outcome) {
        (Channel::Phone, O::Reached) => "電話で連絡し、お話しできました。",
        (Channel::Phone, O::LeftMessage) => "電話をかけ、伝言を残しました。",
        (Channel::Phone, O::NoAnswer) => "電話をかけましたが、つながりませんでした。",
        (Channel::Mail, O::NoAnswer) => "メールで連絡しましたが、お返事がありません。",
        (Channel::Mail, _) => "メールで連絡しました。",
        (Channel::InPerson, O::Reached) => "お会いして、お話しできました。",
        (Channel::InPerson, O::LeftMessage) => "訪ねて、伝言を残しました。",
        (Channel::InPerson, O::NoAnswer) => "訪ねましたが、お会いできませんでした。",
        (Channel::Online, O::Reached) => "オンラインで、お話しできました。",
        (Channel::Online, O::LeftMessage) => "オンラインで連絡し、伝言を残しました。",
        (Channel::Online, O::NoAnswer) => "オンラインで連絡しましたが、つながりませんでした。",
    }
}

fn compared(with: &str, same: bool) -> String {
    let other = match with.starts_with("record:") {
        true => "過去の支援の記録".to_owned(),
        false => format!("受付番号{with}のお申込み"),
    };
    match same {
        true => format!("{other}と同じ企業だと判断しました。"),
        false => format!("{other}とは別の企業だと判断しました。"),
    }
}

fn handed_to(words: &Words<'_>, what: &str, to: Option<&str>) -> String {
    match to {
        Some(id) => format!("{what}を{}さんにしました。", words.name_of(id)),
        None => format!("{what}を外しました。"),
    }
}

fn messaged(by_company: bool, subject: &str) -> String {
    match (by_company, subject.is_empty()) {
        (true, true) => "企業からメッセージが届きました。".to_owned(),
        (true, false) => format!("企業からメッセージが届きました：{subject}"),
        (false, _) => format!("企業にメッセージを送りました：{subject}"),
    }
}

fn correction(words: &Words<'_>, fields: &[String]) -> String {
    let labels: Vec<&str> = fields
        .iter()
        .map(|field| label_in(words.program, field))
        .collect();
    match labels.is_empty() {
        true => "申込内容の訂正をお願いしました。".to_owned(),
        false => format!(
            "申込内容の訂正をお願いしました(対象：{})。",
            labels.join("、")
        ),
    }
}

#[cfg(test)]
mod tests;

//! SECURITY ACTION: what is ready for two stars, and what was declared. A declaration is the company's own; it is no certificate.
//!
//! Two stars mean that the self-check was done, a basic policy was made, and it was published [Tokyo's handbook 2024].

use jiff::civil::Date;

use super::answers::Answers;

/// One of the three things that two stars stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub title: &'static str,
    pub done: bool,
    /// The question to go to.
    pub question: &'static str,
    /// How it stands and what to do next.
    pub sentence: String,
}

/// A declaration as the company recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// 1 or 2.
    pub stars: u8,
    pub id: Option<String>,
    pub date: Option<Date>,
    /// Where the policy is published.
    pub url: Option<String>,
}

/// The three steps in their order; two stars can be declared when all are done.
pub fn two_stars(answers: &Answers) -> [Step; 3] {
    let checked = answers.date("self_check_on");
    let score = answers
        .number("self_check_score")
        .map_or_else(String::new, |score| format!("（{score}点）"));
    let made = answers.date("policy_date");
    let published = answers.yes("policy_published");
    let day = crate::calendar::japanese::date_long;
    [
        Step {
            title: "自社診断をする",
            done: checked.is_some(),
            question: "self_check_on",
            sentence: match checked {
                Some(date) => format!("{}に自社診断をしました{score}。", day(date)),
                None => "5分でできる！情報セキュリティ自社診断をして、日付と点数を書いてください。"
                    .to_owned(),
            },
        },
        Step {
            title: "基本方針を作る",
            done: made.is_some(),
            question: "policy_date",
            sentence: match made {
                Some(date) => format!("{}に基本方針を定めました。", day(date)),
                None => "情報セキュリティ基本方針を仕上げ、定めた日を書いてください。".to_owned(),
            },
        },
        Step {
            title: "基本方針を公開する",
            done: published,
            question: "policy_published",
            sentence: match (published, answers.text("policy_url")) {
                (true, Some(url)) => {
                    format!("公開しているページ：{}", crate::text::invisible::strip(url))
                }
                (true, None) => {
                    "公開しています。ウェブページがあれば、その場所も書いてください。".to_owned()
                }
                (false, _) => {
                    "ウェブサイトに載せるなど、社外の人が読めるようにしてください。".to_owned()
                }
            },
        },
    ]
}

/// What was declared; none before.
pub fn declaration(answers: &Answers) -> Option<Declaration> {
    let stars = match answers.text("security_action_level")? {
        "one" => 1,
        "two" => 2,
        _ => return None,
    };
    Some(Declaration {
        stars,
        id: answers.text("security_action_id").map(str::to_owned),
        date: answers.date("security_action_on"),
        url: answers.text("policy_url").map(str::to_owned),
    })
}

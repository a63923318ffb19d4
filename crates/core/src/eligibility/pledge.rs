//! 誓約事項 ア, イ, ウ …: one finding each.

use super::{Fact, Finding, Outcome};
use crate::application::answers::Answers;
use crate::application::labels;
use crate::application::show::yes_no;
use crate::program::Program;
use crate::program::eligibility::Pledge;

pub(super) fn judge(program: &Program, answers: &Answers, pledge: &Pledge) -> Finding {
    let given = (answers.pledges.as_ref()).map(|pledges| pledges.contains(&pledge.id));
    let letter = labels::pledge_letter(program, &pledge.id);
    // Inside a quotation the quotation marks are double.
    let text = pledge.text.replace('「', "『").replace('」', "』");
    let (outcome, sentence) = match given {
        Some(true) => (
            Outcome::Met,
            format!("誓約事項{letter}「{text}」に該当すると回答しています。"),
        ),
        Some(false) => (
            Outcome::NotMet,
            format!(
                "誓約事項{letter}「{text}」に該当するという回答がありません。参加には、すべての誓約事項に該当することが必要です。"
            ),
        ),
        None => (
            Outcome::NeedsJudgement,
            format!("誓約事項{letter}の回答がまだないため、判定できません。回答してください。"),
        ),
    };
    Finding {
        rule: format!("pledge_{}", pledge.id),
        clause: pledge.clause.clone(),
        outcome,
        sentence,
        facts: vec![Fact {
            field: "pledges".to_owned(),
            label: format!("誓約事項{letter}"),
            value: given.map_or_else(String::new, |yes| yes_no(yes).to_owned()),
        }],
        instead: None,
    }
}

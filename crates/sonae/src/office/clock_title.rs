//! What the office calls a clock of a case, whoever defined it: the programme, or the office for its own targets and calls.

use sonae_core::program::Program;

/// The words for a clock by its id (see `flow::Case::clocks`).
pub fn clock_title(program: &Program, id: &str) -> String {
    let flow = &program.definition.flow;
    let course = |id: &str| {
        program
            .course(id)
            .map_or_else(|| id.to_owned(), |course| course.short_title.clone())
    };
    if let Some(clock) = flow.clock.iter().find(|clock| clock.id == id) {
        return clock.title.clone();
    }
    match id.split_once('.') {
        Some(("target", step)) => {
            let step = flow.step.iter().find(|known| known.id == step);
            step.map_or_else(
                || "事務局の目安".to_owned(),
                |step| format!("{}(事務局の目安)", step.title),
            )
        }
        Some(("offer", id)) => format!("{}の枠のご案内へのお返事", course(id)),
        Some(("remind", about)) => {
            format!("お知らせ後のお返事待ち({})", clock_title(program, about))
        }
        Some(("phone", about)) => format!("お電話での確認({})", clock_title(program, about)),
        _ if id == "correction" => "訂正のお願いへのご回答".to_owned(),
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs;

    #[test]
    fn every_kind_of_clock_has_words() {
        let all = programs::load_all(None).expect("the built-in programmes load");
        let r7 = all
            .iter()
            .find(|program| program.definition.program.receipt_prefix == "NC")
            .expect("the second programme");
        for (id, words) in [
            ("questionnaire", "事前問診へのご回答"),
            ("target.screening", "要件の確認(事務局の目安)"),
            ("correction", "訂正のお願いへのご回答"),
            (
                "remind.questionnaire",
                "お知らせ後のお返事待ち(事前問診へのご回答)",
            ),
            ("phone.correction", "お電話での確認(訂正のお願いへのご回答)"),
            ("target.gone", "事務局の目安"),
        ] {
            assert_eq!(clock_title(r7, id), words);
        }
        let course = &r7.courses()[0];
        let words = format!("{}の枠のご案内へのお返事", course.short_title);
        assert_eq!(clock_title(r7, &format!("offer.{}", course.id)), words);
    }
}

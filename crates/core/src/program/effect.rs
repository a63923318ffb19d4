//! What a change of a programme means for applications already made.

/// The reach of a change. Applications keep their revision until they are moved on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Only what is shown.
    Display,
    /// Only applications still to come.
    NewApplications,
    /// The window: who may still apply.
    Window,
    /// More places: those who wait can be offered one.
    MorePlaces,
    /// Fewer places: none is taken back.
    FewerPlaces,
    /// How places are taken and who may wait.
    PlaceRules,
    /// A course that can no longer be chosen.
    CourseGone,
    /// Eligibility is judged again when an application is moved.
    JudgedWhenMoved,
    /// Pledges have to be given anew when an application is moved.
    PledgedWhenMoved,
    /// Due dates are computed again when an application is moved.
    DueDatesWhenMoved,
    /// Steps change when an application is moved.
    StepsWhenMoved,
    /// Mails still to be sent.
    Mail,
    /// What participants get, when they are moved.
    SupportWhenMoved,
    /// Seminars, surveys, hearings and the newsletter.
    Events,
    /// For what personal data are used.
    Purpose,
    /// When data are deleted.
    Retention,
    /// Receipt numbers still to be given.
    ReceiptNumbers,
    /// It is not the same programme any more.
    OtherProgramme,
}

impl Effect {
    /// One or two sentences for whoever decides on publishing the change.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Display => "表示だけが変わります。受け付けた申込みへの影響はありません。",
            Self::NewApplications => {
                "これからの申込みに使います。書きかけの申込みでは、送信の前に確かめていただきます。受け付けた申込みは変わりません。"
            }
            Self::Window => "申し込める期間が変わります。受け付けた申込みは変わりません。",
            Self::MorePlaces => "枠が増えます。待っている企業に、受付の順でご案内できます。",
            Self::FewerPlaces => {
                "枠が減ります。すでに取られた枠は取り消しません。定員を下回るまで、新しい枠は出ません。"
            }
            Self::PlaceRules => {
                "枠の取り方が変わります。公開した後の受付から新しい扱いになり、すでに取られた枠と待つ順は変わりません。"
            }
            Self::CourseGone => {
                "これからは申し込めません。このコースの申込みは元の版のまま進みますが、新しい版に移すことはできません。"
            }
            Self::JudgedWhenMoved => {
                "受け付けた申込みの判断は変わりません。新しい版に移したときに、判断し直します。"
            }
            Self::PledgedWhenMoved => {
                "受け付けた申込みの誓約は元の文のままです。新しい版に移すときは、誓約をいただき直します。"
            }
            Self::DueDatesWhenMoved => {
                "公開した後に始まる期限から変わります。進んでいる期限の日は、新しい版に移したときに計算し直します。"
            }
            Self::StepsWhenMoved => {
                "受け付けた申込みは元の版の段階を進みます。新しい版に移したときに、段階が変わります。"
            }
            Self::Mail => {
                "これから送るメールが変わります。送信済みと送信待ちのメールは変わりません。"
            }
            Self::SupportWhenMoved => {
                "参加企業への支援は元の版のままです。新しい版に移したときに変わります。参加企業への説明が要ります。"
            }
            Self::Events => {
                "これからの案内が変わります。すでに案内した企業や申し込んだ方がいる場合は、お知らせが要ります。"
            }
            Self::Purpose => {
                "個人情報の利用目的が変わります。すでに受け取った情報に及ぼすには、本人への通知か公表が要ります。"
            }
            Self::Retention => "消去する日が変わります。すでに受け取った情報にも及びます。",
            Self::ReceiptNumbers => {
                "これからの受付番号が変わります。お渡しした番号は変わりません。"
            }
            Self::OtherProgramme => "別の事業になります。受け付けた申込みは元の事業に残ります。",
        }
    }
}

/// The reach of a change by file and keys, for example `["course", "capacity", "places"]`.
pub(super) fn effect(
    file: &str,
    keys: &[&str],
    before: Option<&str>,
    after: Option<&str>,
) -> Effect {
    if matches!(keys.last(), Some(&("clause" | "note" | "order"))) {
        return Effect::Display;
    }
    match file {
        "program.toml" => program(keys, before, after),
        "eligibility.toml" => match keys {
            ["pledge", ..] => Effect::PledgedWhenMoved,
            ["when_ineligible"] => Effect::NewApplications,
            ["rule"] | ["rule", "test"] => Effect::JudgedWhenMoved,
            _ => Effect::Display,
        },
        "form.toml" => match keys.last() {
            Some(&("title" | "intro" | "prepare" | "hint")) => Effect::Display,
            Some(&"purpose") => Effect::Purpose,
            _ => Effect::NewApplications,
        },
        "flow.toml" => flow(keys),
        "mail.toml" if keys.last() == Some(&"when") => Effect::Display,
        "mail.toml" => Effect::Mail,
        "support.toml" => Effect::SupportWhenMoved,
        "events.toml" => Effect::Events,
        _ => match keys.first() {
            Some(&"purpose") => Effect::Purpose,
            Some(&"retention") => Effect::Retention,
            _ => Effect::Display,
        },
    }
}

fn program(keys: &[&str], before: Option<&str>, after: Option<&str>) -> Effect {
    match keys {
        ["id"] => Effect::OtherProgramme,
        ["receipt_prefix"] => Effect::ReceiptNumbers,
        ["fiscal_year"] => Effect::Retention,
        ["window", ..] => Effect::Window,
        ["combination", "note"] => Effect::Display,
        ["combination", ..] => Effect::NewApplications,
        ["office", "opens" | "closes" | "after_hours" | "closing", ..] => Effect::DueDatesWhenMoved,
        ["course"] if after.is_none() => Effect::CourseGone,
        ["course"] => Effect::NewApplications,
        ["course", "kind"] => Effect::JudgedWhenMoved,
        ["course", "capacity", "places"] => {
            let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
            if number(after) > number(before) {
                Effect::MorePlaces
            } else {
                Effect::FewerPlaces
            }
        }
        ["course", "capacity", "nearly_full"] => Effect::Display,
        ["course", "capacity", ..] => Effect::PlaceRules,
        _ => Effect::Display,
    }
}

fn flow(keys: &[&str]) -> Effect {
    match keys {
        ["step", "title" | "text"] | ["clock", "title"] => Effect::Display,
        ["step", "mail" | "mail_when_done"] | ["clock", "when_due", ..] => Effect::Mail,
        ["clock", ..] | ["step", "clock"] => Effect::DueDatesWhenMoved,
        _ => Effect::StepsWhenMoved,
    }
}

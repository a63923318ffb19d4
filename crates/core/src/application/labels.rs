//! What each common answer is called, how it is explained, and what kind of control asks for it.
//!
//! One table, used by the form, the findings' facts, error summaries and exported lists. A programme may replace label and
//! hint of a field in its `form.toml`; its own questions bring their labels with them.

use crate::program::Program;

/// What kind of control asks for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    Text,
    /// Katakana; hiragana and half-width kana are converted.
    Kana,
    CorporateNumber,
    /// A whole number of people.
    People,
    /// Whole yen.
    Yen,
    Postcode,
    Prefecture,
    Phone,
    Email,
    YesNo,
    /// One of `choices::ENTITY_KINDS`.
    EntityKind,
    /// One of `choices::INDUSTRIES`.
    Industry,
    /// Some of the programme's courses.
    Courses,
    /// A list of kind and fiscal year.
    PastSupport,
    /// Each of the programme's pledges.
    Pledges,
}

/// One of the common answers of the interface.
#[derive(Clone, Copy, Debug)]
pub struct CommonField {
    /// The name in the interface, dotted for `measures.…`.
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub input: Input,
    /// A valid `autocomplete` token; empty where none fits.
    pub autocomplete: &'static str,
}

/// All common answers in the order of the interface.
pub const FIELDS: &[CommonField] = &[
    field("entity_kind", "事業者の形態", "", Input::EntityKind, ""),
    field(
        "name",
        "会社名(個人事業主の方は屋号又は氏名)",
        "登記や届出のとおりに入力してください。",
        Input::Text,
        "organization",
    ),
    field(
        "name_kana",
        "会社名のフリガナ",
        "ひらがなや半角カタカナで入力しても、全角カタカナに直します。",
        Input::Kana,
        "",
    ),
    field(
        "corporate_number",
        "法人番号",
        "13桁の番号です。個人事業主の方にはありません。",
        Input::CorporateNumber,
        "",
    ),
    field(
        "industry",
        "主な業種",
        "2つ以上の事業を営む場合は、売上高などから見て主なものを1つ選んでください。",
        Input::Industry,
        "",
    ),
    field(
        "capital_yen",
        "資本金の額又は出資の総額",
        "例:1,000万円、10000000。個人事業主の方は空欄のままにしてください。",
        Input::Yen,
        "",
    ),
    field(
        "employees",
        "常時使用する従業員の数",
        "役員、個人事業主本人、日雇い、2か月以内の期間を定めた方、4か月以内の季節的な業務の方、試用期間中(14日以内)の方は含みません。",
        Input::People,
        "",
    ),
    field(
        "postcode",
        "主たる事業所の郵便番号",
        "例:163-8001",
        Input::Postcode,
        "postal-code",
    ),
    field(
        "prefecture",
        "主たる事業所の都道府県",
        "",
        Input::Prefecture,
        "address-level1",
    ),
    field(
        "address_line1",
        "主たる事業所の住所(市区町村・番地)",
        "例:新宿区西新宿2-8-1",
        Input::Text,
        "address-line1",
    ),
    field(
        "address_line2",
        "建物名・階",
        "例:備えビル3階",
        Input::Text,
        "address-line2",
    ),
    field("contact_name", "ご担当者の氏名", "", Input::Text, "name"),
    field(
        "contact_kana",
        "ご担当者のフリガナ",
        "ひらがなや半角カタカナで入力しても、全角カタカナに直します。",
        Input::Kana,
        "",
    ),
    field(
        "contact_phone",
        "電話番号",
        "日中に連絡がつく番号を入力してください。ハイフンはあってもなくてもかまいません。",
        Input::Phone,
        "tel",
    ),
    field(
        "contact_email",
        "メールアドレス",
        "受付の知らせをこのアドレスに送ります。",
        Input::Email,
        "email",
    ),
    field("courses", "申し込む支援コース", "", Input::Courses, ""),
    field(
        "past_support",
        "これまでに受けた支援",
        "過去にサイバーセキュリティの支援事業に参加したことがあれば、内容と年度を選んでください。",
        Input::PastSupport,
        "",
    ),
    field(
        "equivalent_subsidy",
        "同等の補助事業の活用",
        "本事業と同等のサイバーセキュリティ対策を支援する東京都の補助事業を活用していますか。",
        Input::YesNo,
        "",
    ),
    field(
        "measures.utm_or_edr_installed",
        "UTMやEDR等の導入",
        "UTMやEDR等のセキュリティ対策機器・ソフトウェアを導入していますか。",
        Input::YesNo,
        "",
    ),
    field(
        "measures.two_star_level_policy",
        "社内セキュリティポリシーの策定",
        "SECURITY ACTION 二つ星宣言企業と同じ程度の社内セキュリティポリシーを策定していますか。",
        Input::YesNo,
        "",
    ),
    field(
        "continuing_measures",
        "対策の継続・自走化に向けた取組",
        "サイバーセキュリティ対策の継続や自走化に向けた取組を実施していますか。",
        Input::YesNo,
        "",
    ),
    field(
        "pledges",
        "誓約事項",
        "1つずつ確認してください。",
        Input::Pledges,
        "",
    ),
    field(
        "survey_agreed",
        "アンケートへの協力",
        "セキュリティに関するアンケートへの回答にご協力いただけますか。",
        Input::YesNo,
        "",
    ),
];

const fn field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    input: Input,
    autocomplete: &'static str,
) -> CommonField {
    CommonField {
        name,
        label,
        hint,
        input,
        autocomplete,
    }
}

/// The entry of a common answer; none for a programme's own question or an unknown name.
pub fn common(name: &str) -> Option<&'static CommonField> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The common label; empty for a name that is no common answer.
pub fn label(name: &str) -> &'static str {
    common(name).map_or("", |field| field.label)
}

/// The common hint; empty where there is none.
pub fn hint(name: &str) -> &'static str {
    common(name).map_or("", |field| field.hint)
}

/// The label under this programme: its own replacement, its own question (`extra.<id>`), or the common label.
///
/// A name that nobody knows comes back as it is, so that a message can still name it.
pub fn label_in<'a>(program: &'a Program, name: &'a str) -> &'a str {
    let form = &program.definition.form;
    let on_screen = form
        .screen
        .iter()
        .flat_map(|screen| &screen.field)
        .find(|field| field.name == name)
        .and_then(|field| field.label.as_deref());
    if let Some(replaced) = on_screen {
        return replaced;
    }
    if let Some(question) = question(program, name) {
        return &question.label;
    }
    common(name).map_or(name, |field| field.label)
}

/// The programme's own question behind `extra.<id>`.
pub fn question<'a>(
    program: &'a Program,
    name: &str,
) -> Option<&'a crate::program::form::Question> {
    let id = name.strip_prefix("extra.")?;
    program
        .definition
        .form
        .question
        .iter()
        .find(|question| question.id == id)
}

/// ア, イ, ウ … of a pledge by its place among the programme's pledges, as the guidelines count them.
pub fn pledge_letter(program: &Program, id: &str) -> String {
    let letters = "アイウエオカキクケコサシスセソタチツテトナニヌネノ";
    let pledges = &program.definition.eligibility.pledge;
    pledges
        .iter()
        .position(|pledge| pledge.id == id)
        .and_then(|index| letters.chars().nth(index))
        .map_or_else(|| id.to_owned(), String::from)
}

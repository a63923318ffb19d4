//! Differences of two revisions, by table: what is edited, and every change that is said.

use sonae_core::program::{Program, diff, load};

use super::smallest;

fn edited(file: &str, from: &str, to: &str) -> Program {
    let mut files = smallest();
    let file = files
        .iter_mut()
        .find(|other| other.name == file)
        .expect("a file of a programme");
    assert!(file.text.contains(from), "{from}");
    file.text = file.text.replacen(from, to, 1);
    load(&files).unwrap_or_else(|messages| panic!("{to}: {messages:#?}"))
}

/// `file item: before -> after [effect]`, one line a change.
fn changes(old: &Program, new: &Program) -> Vec<String> {
    let shown = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    diff(&old.definition, &new.definition)
        .into_iter()
        .map(|change| {
            let values = format!("{} -> {}", shown(change.before), shown(change.after));
            format!(
                "{} {}: {values} [{:?}]",
                change.file, change.item, change.effect
            )
        })
        .collect()
}

fn smallest_program() -> Program {
    load(&smallest()).expect("the smallest programme is sound")
}

#[test]
fn the_same_programme_does_not_differ() {
    assert_eq!(
        changes(&smallest_program(), &smallest_program()),
        Vec::<String>::new()
    );
}

/// File, text, what is put in its place, and the changes that are said.
const CASES: &[(&str, &str, &str, &[&str])] = &[
    (
        "program.toml",
        "places = 10",
        "places = 12",
        &["program.toml course loan › capacity › places: 10 -> 12 [MorePlaces]"],
    ),
    (
        "program.toml",
        "places = 20",
        "places = 19",
        &["program.toml course visit › capacity › places: 20 -> 19 [FewerPlaces]"],
    ),
    (
        "program.toml",
        "waiting_list = \"closed\"",
        "waiting_list = { open = { offer_business_days = 2 } }",
        &[
            "program.toml course visit › capacity › waiting_list: closed -> { open = { offer_business_days = 2 } } [PlaceRules]",
        ],
    ),
    (
        "program.toml",
        "closes = \"2026-10-30\"\n",
        "",
        &["program.toml window 1 › closes: 2026-10-30 -> none [Window]"],
    ),
    (
        "program.toml",
        "after_hours = \"same_day\"",
        "after_hours = \"next_business_day\"",
        &["program.toml office › after_hours: same_day -> next_business_day [DueDatesWhenMoved]"],
    ),
    (
        "program.toml",
        "receipt_prefix = \"HA\"",
        "receipt_prefix = \"HC\"",
        &["program.toml receipt_prefix: HA -> HC [ReceiptNumbers]"],
    ),
    (
        "program.toml",
        "summary = \"専門家が2回お伺いします。\"",
        "summary = \"専門家がお伺いします。\"",
        &[
            "program.toml course visit › summary: 専門家が2回お伺いします。 -> 専門家がお伺いします。 [Display]",
        ],
    ),
    (
        "program.toml",
        "clause = \"4\"",
        "clause = \"4※\"",
        &["program.toml fee › clause: 4 -> 4※ [Display]"],
    ),
    (
        "eligibility.toml",
        "prefectures = [\"13\", \"14\"]",
        "prefectures = [\"13\"]",
        &[
            "eligibility.toml rule place › test: { place = { prefectures = [\"13\", \"14\"] } } -> { place = { prefectures = [\"13\"] } } [JudgedWhenMoved]",
        ],
    ),
    (
        "eligibility.toml",
        "text = \"税の滞納がないこと\"",
        "text = \"税に滞納がないこと\"",
        &[
            "eligibility.toml pledge a › text: 税の滞納がないこと -> 税に滞納がないこと [PledgedWhenMoved]",
        ],
    ),
    (
        "form.toml",
        "name = \"extra.remark\", required = false",
        "name = \"extra.remark\", required = true",
        &[
            "form.toml screen wishes › field extra.remark › required: false -> true [NewApplications]",
        ],
    ),
    (
        "form.toml",
        "draft_days = 30",
        "draft_days = 20",
        &["form.toml draft_days: 30 -> 20 [NewApplications]"],
    ),
    (
        "flow.toml",
        "business_days = 3\n",
        "business_days = 5\n",
        &["flow.toml clock contact › business_days: 3 -> 5 [DueDatesWhenMoved]"],
    ),
    (
        "flow.toml",
        "skip_when_only = [\"visit\"]\n",
        "",
        &["flow.toml step diagnosis › skip_when_only: visit ->  [StepsWhenMoved]"],
    ),
    (
        "mail.toml",
        "subject = \"申込みが完了しました\"",
        "subject = \"完了しました\"",
        &["mail.toml mail next › subject: 申込みが完了しました -> 完了しました [Mail]"],
    ),
    (
        "support.toml",
        "months = 3",
        "months = 4",
        &["support.toml equipment loan › months: 3 -> 4 [SupportWhenMoved]"],
    ),
    (
        "events.toml",
        "date = \"2026-06-20\"",
        "date = \"2026-06-21\"",
        &["events.toml seminar briefing › date: 2026-06-20 -> 2026-06-21 [Events]"],
    ),
    (
        "notices.toml",
        "years_after_fiscal_year = 5",
        "years_after_fiscal_year = 3",
        &["notices.toml retention application › years_after_fiscal_year: 5 -> 3 [Retention]"],
    ),
    (
        "notices.toml",
        "text = \"参加要件の確認\"",
        "text = \"参加要件の確認と統計\"",
        &[
            "notices.toml purpose screening › text: 参加要件の確認 -> 参加要件の確認と統計 [Purpose]",
        ],
    ),
];

#[test]
fn every_change_is_said_with_its_effect() {
    for (file, from, to, expected) in CASES {
        assert_eq!(
            changes(&smallest_program(), &edited(file, from, to)),
            *expected,
            "{to}"
        );
    }
}

#[test]
fn a_course_that_comes_or_goes_is_one_change() {
    let course = "[[course]]\nid = \"new\"\nclause = \"2\"\ntitle = \"新コース\"\nshort_title = \"新\"\nkind = \"edr\"\n\
                  summary = \"新しいコースです。\"\n\n[course.capacity]\nclause = \"2\"\nplaces = 5\nkind = \"hard\"\n\
                  taken_at = \"received\"\nwaiting_list = \"closed\"\nnearly_full = 1\n\n[combination]";
    let mut files = smallest();
    files[0].text = files[0].text.replacen("[combination]", course, 1);
    files[0].text =
        files[0]
            .text
            .replacen("[\"loan\", \"visit\"]", "[\"loan\", \"visit\", \"new\"]", 1);
    let more = load(&files).expect("a third course is sound");
    let expected = [
        "program.toml course new: none -> 新コース [NewApplications]",
        "program.toml window 1 › courses: loan、visit -> loan、visit、new [Window]",
    ];
    assert_eq!(changes(&smallest_program(), &more), expected);
    let expected = [
        "program.toml course new: 新コース -> none [CourseGone]",
        "program.toml window 1 › courses: loan、visit、new -> loan、visit [Window]",
    ];
    assert_eq!(changes(&more, &smallest_program()), expected);
}

#[test]
fn items_that_change_places_differ_in_their_order_only() {
    let mut files = smallest();
    let text = &files[7].text;
    let (before, rest) = text.split_once("[[purpose]]\nid = \"screening\"").unwrap();
    let (screening, rest) = rest.split_once("[[purpose]]").unwrap();
    let (contact, after) = rest.split_once("[[retention]]").unwrap();
    files[7].text = format!(
        "{before}[[purpose]]{contact}[[purpose]]\nid = \"screening\"{screening}[[retention]]{after}"
    );
    let turned = load(&files).expect("the order of purposes is free");
    assert_eq!(
        changes(&smallest_program(), &turned),
        ["notices.toml purpose › 並び順: screening、contact -> contact、screening [Display]"]
    );
}

//! What a diagnosis and a questionnaire propose for papers.

use std::collections::BTreeMap;

use sonae_core::application::answers::ExtraAnswer;
use sonae_core::paper::answers::{AnswerRow, Answers, Value};
use sonae_core::paper::library::{Record, Seeds, Source, lacking, misfits, propose, seeds};
use sonae_core::program::load::load;
use sonae_core::program::support::{SupportFile, read};
use sonae_core::program::{Program, SourceFile};

use super::LIBRARY;

const R6: &str = "tokyo-r6-basic-measures";
const R7: &str = "tokyo-r7-incident-response";

fn path(program: &str) -> String {
    format!("{}/../../programs/{program}", env!("CARGO_MANIFEST_DIR"))
}

fn support(program: &str) -> SupportFile {
    let text = std::fs::read_to_string(path(program) + "/support.toml").expect("readable");
    read(&text).expect("a support file")
}

fn record(json: &str) -> Record {
    serde_json::from_str::<BTreeMap<String, ExtraAnswer>>(json).expect("a record")
}

/// Every proposal in its written form, by question.
#[track_caller]
fn check(program: &str, recorded: &str, expected: &str) {
    let (recorded, none) = (record(recorded), Record::new());
    let (diagnosis, questionnaire) = match program {
        R6 => (&recorded, &none),
        _ => (&none, &recorded),
    };
    let found = seeds(&LIBRARY, &support(program), diagnosis, questionnaire);
    assert_eq!(
        found.answers.to_json().to_string(),
        expected,
        "{recorded:?}"
    );
    assert_eq!(found.sources.len(), found.answers.values.len());
}

#[test]
fn answers_become_rows() {
    check(R6, "{}", "{}");
    check(
        R6,
        r#"{"computers":25,"operating_systems":"Windowsが25台","antivirus":true,"edr":true,"existing_utm":false,"other":"x"}"#,
        r#"{"assets":[{"id":"computers","measures":"アンチウイルスソフト、EDR","name":"パソコンに保存している情報","note":"Windowsが25台","place":"パソコン25台"}]}"#,
    );
    check(
        R6,
        r#"{"computers":0,"antivirus":false,"network":" "}"#,
        "{}",
    );
    check(
        R6,
        r#"{"network":"光回線"}"#,
        r#"{"systems":[{"id":"network","name":"社内ネットワーク"}]}"#,
    );
    check(
        R7,
        r#"{"outsourcing":"some","cloud":false,"backup":"connected"}"#,
        r#"{"backups":[{"id":"main","name":"大切なデータのバックアップ","offline":false}],"cloud":false,"contacts":[{"id":"it_vendor","kind":"vendor","name":"パソコンやネットワークの管理を任せている会社"}]}"#,
    );
    check(R7, r#"{"outsourcing":"none","backup":"unknown"}"#, "{}");
}

#[test]
fn every_name_becomes_one_row_with_an_id_of_its_own() {
    let of = |text: &str| {
        let answers = record(&serde_json::json!({ "important_systems": text }).to_string());
        seeds(&LIBRARY, &support(R7), &Record::new(), &answers)
    };
    let found = of("受発注、会計ソフト\n受発注");
    let rows = found.answers.rows("systems");
    let names: Vec<_> = rows.iter().filter_map(|row| row.text("name")).collect();
    assert_eq!(names, ["受発注", "会計ソフト"]);
    assert_eq!(found.sources["systems"], Source::Questionnaire);
    assert_eq!(of("会計ソフト").answers.rows("systems")[0].id, rows[1].id);
    let long = "長".repeat(101);
    assert_eq!(of(&long), Seeds::default(), "a sentence is no name");
    let many = (0..400).map(|n| format!("s{n}、")).collect::<String>();
    assert_eq!(
        of(&many).answers.rows("systems").len(),
        100,
        "as many as the table takes"
    );
}

#[test]
fn what_somebody_wrote_stays() {
    let question = LIBRARY.question("systems").expect("asked");
    let row = |id: &str, name: &str| AnswerRow {
        id: id.to_owned(),
        cells: BTreeMap::from([("name".to_owned(), Value::Text(name.to_owned()))]),
    };
    let seeds = [row("a", "会計"), row("b", "メール"), row("c", "受発注")];
    let rows = [row("a", "経理"), row("x", "ﾒｰﾙ")];
    assert_eq!(lacking(question, &rows, &seeds), [row("c", "受発注")]);
    let all = |rows: &[AnswerRow]| Value::Rows(rows.to_vec());
    let proposed = Seeds {
        answers: Answers {
            values: [
                ("systems".to_owned(), all(&seeds)),
                ("cloud".to_owned(), Value::YesNo(true)),
            ]
            .into(),
        },
        sources: [
            ("systems".to_owned(), Source::Diagnosis),
            ("cloud".to_owned(), Source::Diagnosis),
        ]
        .into(),
    };
    let mut shown = Answers::default();
    shown.values.insert("cloud".to_owned(), Value::YesNo(false));
    let before = shown.clone();
    assert_eq!(
        propose(&LIBRARY, &mut shown, &proposed, |_| true),
        BTreeMap::new()
    );
    assert_eq!(shown, before, "somebody decided");
    let taken = propose(&LIBRARY, &mut shown, &proposed, |_| false);
    assert_eq!(taken.keys().collect::<Vec<_>>(), ["systems"]);
    assert_eq!(shown.value("cloud"), Some(&Value::YesNo(false)));
    assert_eq!(shown.rows("systems").len(), 3);
}

fn program(change: (&str, &str)) -> Program {
    let files = std::fs::read_dir(path(R7)).expect("readable");
    let files: Vec<SourceFile> = files
        .map(|file| {
            let file = file.expect("readable");
            let name = file.file_name().into_string().expect("a name");
            let text = std::fs::read_to_string(file.path()).expect("readable");
            let path = format!("programs/{R7}/{name}");
            SourceFile {
                path,
                name,
                text: text.replacen(change.0, change.1, 1),
            }
        })
        .collect();
    load(&files).unwrap_or_else(|messages| panic!("{messages:?}"))
}

#[test]
fn a_feed_that_leads_nowhere_is_told() {
    let check = |to: &str, expected: &str| {
        let program = program((
            "feeds = [{ question = \"cloud\" }]",
            &format!("feeds = [{{ {to} }}]"),
        ));
        let found: Vec<String> = (misfits(&LIBRARY, &program.definition).into_iter())
            .map(|(at, what)| format!("{at} {what}"))
            .collect();
        assert_eq!(
            found,
            [format!(
                "questionnaire.7.feeds.0 質問「cloud」の feeds で、{expected}"
            )]
        );
    };
    check("question = \"clod\"", "文書の質問「clod」がありません。");
    check(
        "question = \"devices\", row = \"a\", name = \"A\"",
        "この事業のどの文書も「devices」を聞きません。",
    );
    check(
        "question = \"systems\"",
        "表「systems」には row か each が要ります。",
    );
    check(
        "question = \"systems\", row = \"a\", name = \"A\", column = \"os\"",
        "表「systems」に列「os」がありません。",
    );
    check(
        "question = \"systems\", row = \"a\", name = \"A\", column = \"use\"",
        "「use」は、この答えを入れられません。",
    );
    check(
        "question = \"company_name\"",
        "「company_name」は、この答えを入れられません。",
    );
    check(
        "question = \"systems\", row = \"a\", name = \"A\", column = \"importance\", put = \"most\"",
        "「importance」は、この答えを入れられません。",
    );
}

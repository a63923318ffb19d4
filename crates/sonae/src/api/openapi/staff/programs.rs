//! What the description says of a programme's revisions and places.

use axum::http::Method;

use super::super::super::figures::FiguresView;
use super::super::super::places::{CourseQueue, PlaceList};
use super::super::super::problem::Kind;
use super::super::super::publishing::{NewRevision, Publishing, RevisionEffect};
use super::super::super::revisions::{RevisionFiles, RevisionList, RevisionView};
use super::super::{Paper, program_id};
use super::{BODY, Said, in_path};

pub(super) fn say(paper: &mut Paper, method: &Method, path: &str) -> Option<Said> {
    let about = |id, summary| Said {
        id,
        tag: "programs",
        summary,
        description: "",
        parameters: vec![program_id()],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound],
    };
    let revision = || vec![program_id(), in_path("revision", "版のハッシュ値")];
    let with_body = || [&[Kind::NotFound][..], &BODY[..]].concat();
    Some(match path.trim_start_matches("/api/v1/programs/{id}") {
        "/revisions" if *method == Method::POST => Said {
            description: "ファイルを確かめて、版として登録します。まだ公開はしません。直すところがあると、登録せずに errors に示します。同じ内容の版がすでにあるときは、200でそれを返します。",
            body: Some(paper.body::<NewRevision>("事業のファイル")),
            answers: vec![
                ("201", paper.answer::<RevisionView>("登録しました")),
                ("200", paper.answer::<RevisionView>("登録済みの版")),
            ],
            problems: with_body(),
            ..about("keepRevision", "新しい版の登録")
        },
        "/revisions" => Said {
            answers: vec![("200", paper.answer::<RevisionList>("新しい順の版"))],
            ..about("listRevisions", "登録した版の一覧")
        },
        "/revisions/{revision}" => Said {
            parameters: revision(),
            answers: vec![("200", paper.answer::<RevisionFiles>("版のファイル"))],
            ..about("getRevision", "版のファイル")
        },
        "/revisions/{revision}/effect" => Said {
            description: "公開する前に、公開中の版との違いと、手続き中の案件への影響を確かめられます。何も変えません。範囲 `list_cases` もあるときは、変わる案件の受付番号も返します。",
            parameters: revision(),
            answers: vec![("200", paper.answer::<RevisionEffect>("違いと影響"))],
            ..about("getRevisionEffect", "版の違いと影響")
        },
        "/revisions/{revision}/publish" => Said {
            description: "これからの申込を、この版で受け付けます。手続き中の案件は元の版のまま進みます。公開中の版をもう一度送っても、何も変わりません。",
            parameters: revision(),
            body: Some(paper.body::<Publishing>("公開する理由")),
            answers: vec![("200", paper.answer::<RevisionView>("公開した版"))],
            problems: with_body(),
            ..about("publishRevision", "版の公開")
        },
        "/figures" => Said {
            description: "名前を含みません。少なすぎて申込がわかってしまう数は null になります。",
            answers: vec![("200", paper.answer::<FiguresView>("件数と日数"))],
            ..about("getFigures", "受付から参加確定までの数字")
        },
        "/places" => Said {
            answers: vec![("200", paper.answer::<PlaceList>("コースごとの枠"))],
            ..about("listPlaces", "コースごとの枠と順番待ちの数")
        },
        "/places/{course}" => Said {
            description: "枠の案内は、案件の操作 offered で行います。順番を変えるときと、目安を超えるときは、理由と範囲 `override_order` が要ります。",
            parameters: vec![program_id(), in_path("course", "コースのID")],
            answers: vec![(
                "200",
                paper.answer::<CourseQueue>("枠、順番待ち、案内中の申込"),
            )],
            ..about("getPlaces", "コースの順番待ちと案内")
        },
        _ => return None,
    })
}

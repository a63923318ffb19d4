//! Folders on disk as they go wrong, and the built-in programmes.

use std::fs;
use std::path::{Path, PathBuf};

use sonae_core::paper::library::misfits;

use super::{load_all, load_folder};
use crate::commands::program::{check, diff};

/// A folder of its own that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("sonae-programs-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A copy of the smallest programme in a folder of that name, which becomes its id.
    fn programme(&self, id: &str, prefix: &str) -> PathBuf {
        let from =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/data/program/smallest");
        let to = self.0.join(id);
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let text = text.replace("id = \"smallest\"", &format!("id = \"{id}\""));
            let text = text.replace(
                "receipt_prefix = \"HA\"",
                &format!("receipt_prefix = \"{prefix}\""),
            );
            fs::write(to.join(path.file_name().unwrap()), text).unwrap();
        }
        to
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The messages of a folder, without the way to it.
fn said(folder: &Path, loaded: Result<impl Sized, super::Messages>) -> String {
    let said = loaded
        .err()
        .map(|messages| messages.to_string())
        .unwrap_or_default();
    said.replace(&folder.display().to_string(), "…")
}

#[test]
fn the_built_in_programmes_are_sound() {
    let programs = load_all(None).unwrap_or_else(|messages| panic!("{messages}"));
    let ids: Vec<&str> = programs.iter().map(|program| program.id()).collect();
    assert_eq!(
        ids,
        ["tokyo-r6-basic-measures", "tokyo-r7-incident-response"]
    );
    let disk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programs");
    let on_disk = load_all(Some(&disk)).unwrap_or_else(|messages| panic!("{messages}"));
    let revisions = |programs: &[sonae_core::program::Program]| -> Vec<String> {
        programs
            .iter()
            .map(|program| program.revision.clone())
            .collect()
    };
    assert_eq!(revisions(&programs), revisions(&on_disk));
}

#[test]
fn what_answers_feed_is_asked_by_papers() {
    for program in load_all(None).unwrap_or_else(|messages| panic!("{messages}")) {
        let found = misfits(crate::papers::library(), &program.definition);
        assert_eq!(found, [], "{}", program.id());
        let support = &program.definition.support;
        let asked = support.diagnosis.iter().chain(&support.questionnaire);
        assert!(
            asked.flat_map(|asked| &asked.feeds).count() > 3,
            "{}",
            program.id()
        );
    }
}

#[test]
fn what_is_wrong_with_a_folder_is_one_clear_line() {
    let folder = Folder::new("wrong");
    let at = |name: &str| folder.0.join(name);
    fs::create_dir(at("empty")).unwrap();
    fs::write(at("a-file"), "").unwrap();
    let latin = folder.programme("latin", "HA");
    fs::write(
        latin.join("mail.toml"),
        b"# \xe3\x81\x82\n# \x8e\xf3\x95\x74\n",
    )
    .unwrap();
    let large = folder.programme("large", "HA");
    fs::write(large.join("mail.toml"), "#".repeat(1024 * 1024 + 1)).unwrap();
    let nested = folder.programme("nested", "HA");
    fs::remove_file(nested.join("mail.toml")).unwrap();
    fs::create_dir(nested.join("mail.toml")).unwrap();
    let broken = folder.programme("broken", "HA");
    fs::write(broken.join("mail.toml"), "[[mail]\n").unwrap();
    for (name, expected) in [
        (
            "absent",
            "…/absent:1: 見つかりません。フォルダーの場所と名前をお確かめください。",
        ),
        (
            "a-file",
            "…/a-file:1: フォルダーではありません。program.toml などの入ったフォルダーを指定してください。",
        ),
        (
            "empty",
            "…/empty:1: 事業のファイル(.toml)が1つもありません。program.toml などの入ったフォルダーを指定してください。",
        ),
        (
            "latin",
            "…/latin/mail.toml:2: 文字コードがUTF-8ではありません。エディターで文字コードをUTF-8にして保存し直してください。",
        ),
        (
            "large",
            "…/large/mail.toml:1: ファイルが大きすぎます。1つのファイルは1048576バイトまでです。",
        ),
        (
            "nested",
            "…/nested/mail.toml:1: 読めません。ファイルの状態をお確かめください。",
        ),
        (
            "broken",
            "…/broken/mail.toml:1: TOMLとして読めません。[ や [[ を同じ数の ] で閉じてください。",
        ),
    ] {
        assert_eq!(said(&folder.0, load_folder(&at(name))), expected);
    }
}

#[test]
fn a_folder_of_programmes_is_loaded_whole_or_not() {
    let folder = Folder::new("several");
    fs::create_dir(folder.0.join("schema")).unwrap();
    let nothing = said(&folder.0, load_all(Some(&folder.0)));
    assert!(
        nothing.starts_with("…:1: 事業のフォルダーが見つかりません。"),
        "{nothing}"
    );
    let one = folder.programme("one", "HA");
    folder.programme("two", "HC");
    let loaded = load_all(Some(&folder.0)).unwrap_or_else(|messages| panic!("{messages}"));
    assert_eq!(
        loaded
            .iter()
            .map(|program| program.id())
            .collect::<Vec<_>>(),
        ["one", "two"]
    );
    let inside = said(&folder.0, load_all(Some(&one)));
    assert!(
        inside.ends_with("1つ上のフォルダーを指定してください。"),
        "{inside}"
    );
    folder.programme("three", "HC");
    assert_eq!(
        said(&folder.0, load_all(Some(&folder.0))),
        "…/two/program.toml:6: 受付番号の頭文字「HC」を「three」も使っています。\
         事業ごとに別の receipt_prefix にしてください。"
    );
}

#[test]
fn check_and_diff_print_what_they_find() {
    let folder = Folder::new("commands");
    let (one, two) = (folder.programme("one", "HA"), folder.programme("two", "HC"));
    let mut out = Vec::new();
    check(&[one.clone(), two.clone()], &mut out).unwrap_or_else(|messages| panic!("{messages}"));
    let lines = String::from_utf8(out).unwrap();
    assert_eq!(
        lines
            .lines()
            .filter(|line| line.contains("問題はありません"))
            .count(),
        2,
        "{lines}"
    );
    let mut out = Vec::new();
    diff(&one, &two, &mut out).unwrap_or_else(|messages| panic!("{messages}"));
    let lines = String::from_utf8(out).unwrap();
    assert!(
        lines.contains("\nprogram.toml receipt_prefix\n  - HA\n  + HC\n  これからの受付番号"),
        "{lines}"
    );
    fs::remove_file(two.join("mail.toml")).unwrap();
    fs::remove_file(one.join("flow.toml")).unwrap();
    let both = said(&folder.0, check(&[one, two], &mut Vec::new()));
    assert_eq!(both.lines().count(), 2, "{both}");
    assert!(
        both.contains("…/one/flow.toml:1: ") && both.contains("…/two/mail.toml:1: "),
        "{both}"
    );
}

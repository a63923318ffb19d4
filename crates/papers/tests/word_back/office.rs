//! LibreOffice opens a paper and saves it, untouched or edited. Where it is not installed, its kept files are read; the test says so.

use std::path::Path;
use std::process::Command;

use sonae_core::paper::difference::{ReturnedKind, returned};
use sonae_core::paper::document::Document;
use sonae_papers::docx::{read, word};

use super::library::{every, keep};
use super::paper::draft;

/// The program with a profile of its own, or nothing when it is not installed.
fn soffice(folder: &Path, arguments: &[&str]) -> Option<()> {
    let profile = folder.join("profile");
    let run = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .arg("--headless")
        .args(arguments)
        .output();
    match run {
        Ok(run) => {
            assert!(run.status.success(), "{run:?}");
            Some(())
        }
        Err(_) => {
            eprintln!("LibreOffice is not installed: only its kept files are compared.");
            None
        }
    }
}

#[test]
fn what_libreoffice_saved_has_no_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let papers = every();
    let mut files = Vec::new();
    for (name, document) in &papers {
        let path = folder.path().join(format!("{name}.docx"));
        std::fs::write(&path, word(document).expect("written")).expect("written");
        files.push(path.display().to_string());
    }
    let out = folder.path().join("out");
    let target = out.display().to_string();
    let mut arguments = vec!["--convert-to", "docx:MS Word 2007 XML", "--outdir", &target];
    arguments.extend(files.iter().map(String::as_str));
    if soffice(folder.path(), &arguments).is_none() {
        return;
    }
    for (name, document) in &papers {
        let file = std::fs::read(out.join(format!("{name}.docx"))).expect("converted");
        let back = read(&file).expect("readable");
        let found = returned(document, &back.paragraphs(document));
        assert_eq!(found.changes, [], "{name}");
        assert_eq!(found.recognised, found.all, "{name}");
        keep(&format!("libreoffice-{name}.docx"), &file);
    }
}

/// The edits of `files/edits.xba`, and nothing else.
fn is_edited(draft: &Document, file: &[u8]) {
    let back = read(file).expect("readable");
    let changes = returned(draft, &back.paragraphs(draft)).changes;
    let found: Vec<(ReturnedKind, &str, &str)> = changes
        .iter()
        .map(|change| {
            let block = change.block.as_deref().unwrap_or_default();
            (change.kind, block, change.after.as_str())
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                ReturnedKind::Changed,
                "establishment-2",
                "CSIRTは、社長の直属とする。"
            ),
            (
                ReturnedKind::Changed,
                "member-table",
                "情報システム担当｜坂田 優｜＿｜切り離し、記録の確保、戻す作業"
            ),
            (
                ReturnedKind::Added,
                "leader-2",
                "責任者は、毎年、訓練を行う。"
            ),
            (ReturnedKind::Removed, "expert-3", ""),
        ]
    );
}

#[test]
fn what_libreoffice_edited_has_exactly_its_edits() {
    let folder = tempfile::tempdir().expect("a folder");
    let draft = draft("csirt-regulation");
    let (source, target) = (
        folder.path().join("source.docx"),
        folder.path().join("edited.docx"),
    );
    std::fs::write(&source, word(&draft).expect("written")).expect("written");
    // The first start makes the profile, into which the macro is put.
    let out = folder.path().join("out").display().to_string();
    let first = [
        "--convert-to",
        "docx",
        "--outdir",
        &out,
        &source.display().to_string(),
    ];
    if soffice(folder.path(), &first).is_none() {
        return;
    }
    let basic = folder.path().join("profile/user/basic/Standard");
    std::fs::write(basic.join("Edits.xba"), include_str!("files/edits.xba")).expect("written");
    let list = std::fs::read_to_string(basic.join("script.xlb")).expect("a list of macros");
    let named = list.replace(
        "</library:library>",
        "<library:element library:name=\"Edits\"/></library:library>",
    );
    std::fs::write(basic.join("script.xlb"), named).expect("written");
    let call = format!(
        "macro:///Standard.Edits.Edit(\"{}\",\"{}\")",
        source.display(),
        target.display()
    );
    soffice(folder.path(), &[&call]);
    let file = std::fs::read(&target).expect("LibreOffice saved the file");
    keep("libreoffice-edited.docx", &file);
    keep(
        "libreoffice-edited.json",
        &serde_json::to_vec(&draft).expect("written"),
    );
    is_edited(&draft, &file);
}

/// The file and the draft that the test above kept, from LibreOffice 7.4.
#[test]
fn a_kept_file_of_libreoffice_has_exactly_its_edits() {
    let draft: Document =
        serde_json::from_str(include_str!("files/libreoffice-edited.json")).expect("a document");
    is_edited(&draft, include_bytes!("files/libreoffice-edited.docx"));
}

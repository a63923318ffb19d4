//! LibreOffice opens a paper and saves it: nothing changed.

use std::process::Command;

use sonae_core::paper::difference::returned;
use sonae_papers::docx::{read, word};

use super::library::{every, keep};

/// Runs only where LibreOffice is installed, and says when it is not.
#[test]
fn what_libreoffice_saved_has_no_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let papers: Vec<_> = every();
    let mut files = Vec::new();
    for (name, document) in &papers {
        let path = folder.path().join(format!("{name}.docx"));
        std::fs::write(&path, word(document).expect("written")).expect("written");
        files.push(path);
    }
    let out = folder.path().join("out");
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.path().join("profile").display()
    );
    let run = Command::new("soffice")
        .args([
            &profile,
            "--headless",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
        ])
        .arg(&out)
        .args(&files)
        .output();
    let Ok(run) = run else {
        eprintln!("LibreOffice is not installed: what it saves was not compared.");
        return;
    };
    assert!(run.status.success(), "{run:?}");
    for (name, document) in &papers {
        let file = std::fs::read(out.join(format!("{name}.docx"))).expect("converted");
        let back = read(&file).expect("readable");
        let found = returned(document, &back.paragraphs(document));
        assert_eq!(found.changes, [], "{name}");
        assert_eq!(found.recognised, found.all, "{name}");
        keep(&format!("libreoffice-{name}.docx"), &file);
    }
}

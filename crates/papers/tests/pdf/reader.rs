//! A PDF as other programs read it: poppler and qpdf, which `cargo xtask test` brings.

use std::process::Command;

use sonae_papers::Document;
use sonae_papers::pdf::{Pdf, write};
use tempfile::TempDir;

/// A written paper in a file of its own.
pub(crate) struct Read {
    pub(crate) pdf: Pdf,
    folder: TempDir,
}

impl Read {
    pub(crate) fn new(document: &Document) -> Read {
        let pdf = write(document).expect("the paper is laid out");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("paper.pdf"), &pdf.bytes).expect("written");
        // For a look at the pages.
        if let Some(artifacts) = std::env::var_os("SONAE_ARTIFACTS") {
            let name = std::thread::current()
                .name()
                .unwrap_or("paper")
                .replace("::", "-");
            let path = std::path::Path::new(&artifacts).join(format!("{name}.pdf"));
            std::fs::write(path, &pdf.bytes).expect("the artefacts' folder is there");
        }
        Read { pdf, folder }
    }

    /// What a program says about the file.
    pub(crate) fn ask(&self, program: &str, arguments: &[&str]) -> String {
        let path = self.folder.path().join("paper.pdf");
        let asked = Command::new(program)
            .args(arguments.iter().map(|part| match *part {
                "FILE" => path.as_os_str(),
                part => part.as_ref(),
            }))
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}; `cargo xtask test` installs it"));
        let said = String::from_utf8_lossy(&asked.stdout).into_owned();
        let complained = String::from_utf8_lossy(&asked.stderr);
        assert!(asked.status.success(), "{program}: {said}{complained}");
        said
    }

    /// The text of one page, or of all; without the space between lines and letters.
    pub(crate) fn text(&self, page: Option<usize>) -> String {
        let page = page.map(|page| page.to_string());
        let mut arguments = Vec::new();
        if let Some(page) = &page {
            arguments.extend(["-f", page, "-l", page]);
        }
        arguments.extend(["-raw", "FILE", "-"]);
        squeezed(&self.ask("pdftotext", &arguments))
    }
}

pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

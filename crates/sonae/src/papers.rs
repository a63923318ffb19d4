//! The library of papers that is built into the program.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use sonae_core::paper::library::{Library, load};
use sonae_core::program::SourceFile;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../papers");

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| load(&files()).expect("a test loads these very files"));

/// All kinds of paper with their questions and samples.
pub fn library() -> &'static Library {
    &LIBRARY
}

/// The library's files, folder by folder.
pub fn files() -> Vec<SourceFile> {
    let of_folder = |folder: &'static Dir<'static>| {
        folder.files().filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.to_owned();
            let path = format!("papers/{}", file.path().display());
            Some(SourceFile {
                path,
                name,
                text: file.contents_utf8()?.to_owned(),
            })
        })
    };
    let mut files: Vec<SourceFile> = BUILT_IN.dirs().flat_map(of_folder).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[cfg(test)]
mod tests {
    use super::library;

    #[test]
    fn the_library_in_the_program_is_sound() {
        assert!(library().kind("basic-policy").is_some());
        assert_eq!(library().samples().len(), 3);
    }
}

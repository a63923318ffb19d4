//! The address of a programme's content.

use sha2::{Digest, Sha256};

use super::load::{FILES, SourceFile};

/// The text as it is hashed and read: without a byte-order mark, with `\n` line ends, so that a checkout on another system or
/// an editor's habit does not make another revision.
pub(crate) fn normalised(text: &str) -> String {
    text.strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
}

/// SHA-256 in lower-case hex over the programme's files in the byte order of their names. Each file contributes its name
/// in ASCII, a zero byte, the length of its normalised text in bytes as 64 bits big-endian, and that text in UTF-8.
///
/// Files that are not part of a programme do not count. Two folders with the same files have the same revision wherever
/// they stand.
pub fn revision(files: &[SourceFile]) -> String {
    let mut counted: Vec<&SourceFile> = files
        .iter()
        .filter(|file| FILES.contains(&file.name.as_str()))
        .collect();
    counted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hash = Sha256::new();
    for file in counted {
        let text = normalised(&file.text);
        hash.update(file.name.as_bytes());
        hash.update([0]);
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

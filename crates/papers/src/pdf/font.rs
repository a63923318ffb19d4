//! The fonts that are embedded, and what they can print.

use std::collections::HashSet;
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::Font;

/// BIZ UDPGothic for nearly everything, full-width punctuation of BIZ UDGothic, and Noto Sans JP for rare characters of names, such
/// as 𠮷. Licences and origin stand beside the files.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 6] = [
        include_bytes!("../../fonts/BIZUDPGothic-Regular.ttf"),
        include_bytes!("../../fonts/NotoSansJP-Regular.ttf"),
        include_bytes!("../../fonts/BIZUDGothic-Regular.ttf"),
        include_bytes!("../../fonts/BIZUDPGothic-Bold.ttf"),
        include_bytes!("../../fonts/NotoSansJP-Bold.ttf"),
        include_bytes!("../../fonts/BIZUDGothic-Bold.ttf"),
    ];
    let read = |file| Font::new(Bytes::new(file), 0).expect("an asset of ours is a font");
    files.into_iter().map(read).collect()
});

pub(super) fn all() -> &'static [Font] {
    &FONTS
}

/// The characters of the regular fonts; those of the bold ones are the same.
static SHOWN: LazyLock<HashSet<u32>> = LazyLock::new(|| {
    let regular = all().iter().take(2);
    regular
        .flat_map(|font| font.info().coverage.iter())
        .collect()
});

/// Whether one of the fonts shows the character.
pub(super) fn shows(c: char) -> bool {
    // PDF/A-2a wants a meaning for every character, which private ones have not.
    let private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    !private && SHOWN.contains(&(c as u32))
}

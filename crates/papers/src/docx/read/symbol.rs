//! Characters that Word writes as elements.

use super::events::Element;

/// `w:sym`: a character of a font of signs. Those people tick with are known, others stand as a mark, so that their place is seen.
pub(super) fn symbol(element: &Element<'_>) -> char {
    let font = element.value("font").unwrap_or_default().to_lowercase();
    let code = element.value("char").unwrap_or_default();
    let Ok(code) = u32::from_str_radix(&code, 16) else {
        return '＊';
    };
    // Fonts of signs stand in the private area from F000 on.
    match (code & 0xFF, code & 0xFF00 == 0xF000 || code < 0x100) {
        (0xA8 | 0x6F | 0x71 | 0x72, true) if font.starts_with("wingdings") => '□',
        (0xFE | 0x52 | 0x54, true) if font.starts_with("wingdings") => '☑',
        (0xFC | 0x50, true) if font.starts_with("wingdings") => '✓',
        (0xB7, true) => '・',
        (_, false) => char::from_u32(code)
            .filter(|c| !c.is_control())
            .unwrap_or('＊'),
        _ => '＊',
    }
}

//! Bytes of a text file, in and out: UTF-8, UTF-16 and CP932 (Windows' Shift_JIS).

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// The text of a file: by its mark (UTF-8, UTF-16), otherwise UTF-8 when it is valid, otherwise CP932. None when it is none of them.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let strictly = |encoding: &'static Encoding, bytes: &[u8]| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    };
    if let Some((marked, length)) = Encoding::for_bom(bytes) {
        debug_assert!([UTF_8, UTF_16LE, UTF_16BE].contains(&marked));
        return strictly(marked, &bytes[length..]);
    }
    strictly(UTF_8, bytes).or_else(|| strictly(SHIFT_JIS, bytes))
}

/// Characters that CP932 lacks and that stand there under another code of the same shape.
const SAME_SHAPE: &[(char, char)] = &[
    ('\u{301C}', '～'),
    ('\u{2016}', '∥'),
    ('\u{2014}', '―'),
    ('\u{2212}', '－'),
    ('\u{A5}', '￥'),
    ('\u{203E}', '￣'),
    ('\u{A2}', '￠'),
    ('\u{A3}', '￡'),
    ('\u{AC}', '￢'),
    ('\u{A6}', '￤'),
    ('\u{A0}', ' '),
];

/// The text with every character that CP932 lacks replaced, so that nothing is hidden behind 〓 or a question mark: by the same shape under
/// another code where there is one (〜 by ～), otherwise by its Unicode number in brackets, 「𠮷」 by 「(U+20BB7)」.
pub(super) fn for_cp932(text: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut one = [0; 4];
    for c in text.chars() {
        if let Some((_, same)) = SAME_SHAPE.iter().find(|(lacking, _)| *lacking == c) {
            replaced.push(*same);
        } else if c.is_ascii() || !SHIFT_JIS.encode(c.encode_utf8(&mut one)).2 {
            replaced.push(c);
        } else {
            replaced.push_str(&format!("(U+{:04X})", u32::from(c)));
        }
    }
    replaced
}

/// The bytes of a text that went through [`for_cp932`].
pub(super) fn to_cp932(text: &str) -> Vec<u8> {
    SHIFT_JIS.encode(text).0.into_owned()
}

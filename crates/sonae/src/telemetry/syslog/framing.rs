//! Where one message ends and the next begins in a stream (RFC 6587): each after its length, or each on a line of its own.
//!
//! Which of the two a sender means is seen by its first bytes and holds for the connection. Whatever cannot be taken apart is handed on as it came.

use super::parcel::{Mark, Parcel};

/// Bytes of the longest message of a stream that is read; RFC 5425 asks for 8,192. What is longer is cut.
pub const LONGEST: usize = 64 * 1024;
/// Digits of a length that is believed. A longer one is no length.
const MOST_DIGITS: usize = 7;

/// The sender's lengths are not true; nothing of what follows can be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lied;

/// Takes a stream apart, as its bytes come.
#[derive(Debug, Default)]
pub struct Framer {
    shape: Shape,
    /// The beginning of a message that has not ended yet.
    begun: Vec<u8>,
    /// More of it came than is kept.
    cut: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shape {
    /// Too few bytes came to tell.
    #[default]
    Unknown,
    /// Non-transparent framing (RFC 6587, 3.4.2).
    Lines,
    /// Octet counting (RFC 6587, 3.4.1), before a length of which some digits may have come.
    Length { value: usize, digits: usize },
    /// Octet counting, within a message.
    Message { left: usize },
}

const BEFORE_LENGTH: Shape = Shape::Length {
    value: 0,
    digits: 0,
};

impl Framer {
    /// Adds the messages that `bytes` complete to `parcel`.
    ///
    /// # Errors
    /// [`Lied`]; what came before is in the parcel, and so is the rest, marked as broken. The connection is of no more use.
    pub fn take(&mut self, bytes: &[u8], parcel: &mut Parcel) -> Result<(), Lied> {
        if self.shape != Shape::Unknown {
            return self.cut_apart(bytes, parcel);
        }
        self.begun.extend_from_slice(bytes);
        match recognised(&self.begun) {
            Shape::Unknown => Ok(()),
            shape => {
                self.shape = shape;
                let start = std::mem::take(&mut self.begun);
                self.cut_apart(&start, parcel)
            }
        }
    }

    /// Hands on what had begun when the stream ended. A last line needs no line feed; a message that is shorter than its length is broken.
    pub fn end(&mut self, parcel: &mut Parcel) {
        let mark = match self.shape {
            Shape::Message { .. } => Mark::Broken,
            _ => Mark::Whole,
        };
        self.hand_on(mark, parcel);
    }

    /// Bytes that are held for a message that has not ended.
    pub fn held(&self) -> usize {
        self.begun.len()
    }

    fn cut_apart(&mut self, mut bytes: &[u8], parcel: &mut Parcel) -> Result<(), Lied> {
        while let Some(first) = bytes.first() {
            match self.shape {
                Shape::Unknown | Shape::Lines => {
                    let Some(end) = memchr::memchr(b'\n', bytes) else {
                        self.keep(bytes);
                        return Ok(());
                    };
                    self.keep(&bytes[..end]);
                    self.hand_on(Mark::Whole, parcel);
                    bytes = &bytes[end + 1..];
                }
                Shape::Length { value, digits } => {
                    self.shape = match first {
                        b'0'..=b'9' if digits < MOST_DIGITS && (digits, *first) != (0, b'0') => {
                            Shape::Length {
                                value: value * 10 + usize::from(first - b'0'),
                                digits: digits + 1,
                            }
                        }
                        b' ' if digits > 0 => Shape::Message { left: value },
                        // Some end each message with a line feed that they do not count.
                        b'\n' | b'\r' | 0 if digits == 0 => BEFORE_LENGTH,
                        _ => {
                            self.keep(bytes);
                            self.hand_on(Mark::Broken, parcel);
                            return Err(Lied);
                        }
                    };
                    bytes = &bytes[1..];
                }
                Shape::Message { left } => {
                    let (now, later) = bytes.split_at(left.min(bytes.len()));
                    self.keep(now);
                    self.shape = Shape::Message {
                        left: left - now.len(),
                    };
                    if left == now.len() {
                        self.hand_on(Mark::Whole, parcel);
                        self.shape = BEFORE_LENGTH;
                    }
                    bytes = later;
                }
            }
        }
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST - self.begun.len();
        self.cut |= bytes.len() > room;
        self.begun
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn hand_on(&mut self, mark: Mark, parcel: &mut Parcel) {
        let mark = if self.cut { Mark::TooLong } else { mark };
        parcel.add(&self.begun, mark);
        self.begun.clear();
        self.cut = false;
    }
}

/// Which framing a stream has that begins so: a length, a space and the beginning of a message count octets; all else are lines.
fn recognised(start: &[u8]) -> Shape {
    let digits = start
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if digits == 0 || digits > MOST_DIGITS || start[0] == b'0' {
        return match start.is_empty() {
            true => Shape::Unknown,
            false => Shape::Lines,
        };
    }
    match (start.get(digits), start.get(digits + 1)) {
        (None, _) | (Some(b' '), None) => Shape::Unknown,
        (Some(b' '), Some(b'<' | b'{')) => BEFORE_LENGTH,
        _ => Shape::Lines,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Takes a stream apart that comes in pieces of a size.
    fn taken(stream: &[u8], piece: usize) -> (Vec<(String, Mark)>, bool) {
        let (mut framer, mut parcel) = (Framer::default(), Parcel::default());
        let lied = stream
            .chunks(piece)
            .any(|bytes| framer.take(bytes, &mut parcel).is_err());
        if !lied {
            framer.end(&mut parcel);
        }
        let lines = parcel.lines();
        let text = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
        (lines.map(|(line, mark)| (text(line), mark)).collect(), lied)
    }

    #[test]
    fn streams_are_taken_apart() {
        use Mark::{Broken, Whole};
        type Expected = &'static [(&'static str, Mark)];
        let table: &[(&str, Expected, bool)] = &[
            ("", &[], false),
            ("\n\r\n  \n", &[], false),
            (
                "<1>a\n<2>b\r\n<3>c",
                &[("<1>a", Whole), ("<2>b", Whole), ("<3>c", Whole)],
                false,
            ),
            ("<1>a\0\n", &[("<1>a", Whole)], false),
            ("4 <1>a4 <2>b", &[("<1>a", Whole), ("<2>b", Whole)], false),
            // A line feed that is counted, and one that is not.
            (
                "5 <1>a\n4 <2>b\n4 <3>c",
                &[("<1>a", Whole), ("<2>b", Whole), ("<3>c", Whole)],
                false,
            ),
            (
                "7 <1>a\nbc4 <2>d",
                &[("<1>a\nbc", Whole), ("<2>d", Whole)],
                false,
            ),
            ("12 {\"a\": \"b c\"}", &[("{\"a\": \"b c\"}", Whole)], false),
            // It breaks off.
            ("4 <1>a9 <2>b", &[("<1>a", Whole), ("<2>b", Broken)], false),
            ("4 <1>a12", &[("<1>a", Whole)], false),
            // It lies: too short, no length, a length of zero, too many digits.
            ("3 <1>a4 <2>b", &[("<1>", Whole), ("a4 <2>b", Broken)], true),
            ("4 <1>a0 <2>b", &[("<1>a", Whole), ("0 <2>b", Broken)], true),
            (
                "4 <1>a123456789 <2>",
                &[("<1>a", Whole), ("89 <2>", Broken)],
                true,
            ),
            // What begins with a number and is no length.
            (
                "2026 began\n7 times\n",
                &[("2026 began", Whole), ("7 times", Whole)],
                false,
            ),
            ("99999999 <1>a\n", &[("99999999 <1>a", Whole)], false),
            ("0 <1>a\n", &[("0 <1>a", Whole)], false),
            ("123", &[("123", Whole)], false),
            ("12 ", &[("12 ", Whole)], false),
        ];
        for (stream, lines, lies) in table {
            let (told, lied) = taken(stream.as_bytes(), usize::MAX);
            let told: Vec<(&str, Mark)> =
                told.iter().map(|(line, mark)| (&**line, *mark)).collect();
            assert_eq!((&*told, lied), (*lines, *lies), "{stream:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_and_the_next_message_is_read() {
        let long = "x".repeat(LONGEST + 1);
        for stream in [
            format!("<1>a\n{long}\n<2>b\n"),
            format!("4 <1>a{} {long}4 <2>b", long.len()),
        ] {
            let (told, lied) = taken(stream.as_bytes(), 1_000);
            let told: Vec<_> = told
                .iter()
                .map(|(line, mark)| (line.len(), *mark))
                .collect();
            let expected = [(4, Mark::Whole), (LONGEST, Mark::TooLong), (4, Mark::Whole)];
            assert_eq!((&*told, lied), (&expected[..], false));
        }
    }

    proptest! {
        #[test]
        fn any_messages_come_through_both_framings(
            messages in prop::collection::vec("<[0-9]{1,3}>[ -~あ-ん]{0,40}[!-~]", 1..20),
            piece in 1usize..50,
        ) {
            let whole: Vec<_> = messages.iter().map(|one| (one.clone(), Mark::Whole)).collect();
            let lines = messages.join("\n");
            let counted: String = messages.iter().map(|one| format!("{} {one}", one.len())).collect();
            prop_assert_eq!(&taken(lines.as_bytes(), piece), &(whole.clone(), false));
            prop_assert_eq!(&taken(counted.as_bytes(), piece), &(whole, false));
        }

        #[test]
        fn any_bytes_are_taken_apart_within_bounds(
            stream in prop::collection::vec(prop_oneof![Just(b'1'), Just(b' '), Just(b'\n'), Just(b'<'), any::<u8>()], 0..300),
            piece in 1usize..50,
        ) {
            let (mut framer, mut parcel) = (Framer::default(), Parcel::default());
            for bytes in stream.chunks(piece) {
                if framer.take(bytes, &mut parcel).is_err() {
                    break;
                }
                prop_assert!(framer.held() <= LONGEST);
            }
            framer.end(&mut parcel);
            let handed: usize = parcel.lines().map(|(line, _)| line.len()).sum();
            prop_assert!(handed <= stream.len());
        }
    }
}

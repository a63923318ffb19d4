//! By what a file is known when it is given again: its beginning.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_telemetry::lines::Lines;

/// Digits of a line by which a file can be known: a time has as many, a heading or a rule of dashes has not.
const TELLING_DIGITS: usize = 6;
/// Lines at the beginning of a file among which one is looked for, and their bytes.
const MOST_HEADING: usize = 64;
const HEADING_BYTES: usize = 1 << 20;

/// A line that was taken to know its file by, and is given back.
pub(super) struct Taken {
    pub(super) bytes: Vec<u8>,
    pub(super) offset: u64,
    pub(super) too_long: bool,
}

/// What a file may be known by: its beginning up to the first line that tells a time, so that it is the same one after it grew, was renamed by
/// rotation, or was compressed, and another one when it only begins with the same heading. While there is no such line, all there is.
pub(super) struct Names {
    pub(super) telling: Option<String>,
    pub(super) heading: Option<String>,
}

/// Takes lines up to the first that tells a time.
pub(super) fn heading<R: BufRead>(lines: &mut Lines<R>) -> io::Result<VecDeque<Taken>> {
    let mut taken: VecDeque<Taken> = VecDeque::new();
    let mut bytes = 0;
    while taken.len() < MOST_HEADING
        && bytes < HEADING_BYTES
        && !taken.back().is_some_and(is_telling)
    {
        let Some(piece) = lines.next()? else {
            break;
        };
        bytes += piece.bytes.len();
        let (line, offset, too_long) = (piece.bytes.to_vec(), piece.offset, piece.too_long);
        taken.push_back(Taken {
            bytes: line,
            offset,
            too_long,
        });
    }
    Ok(taken)
}

fn is_telling(line: &Taken) -> bool {
    let digits = line.bytes.iter().filter(|byte| byte.is_ascii_digit());
    digits.take(TELLING_DIGITS).count() == TELLING_DIGITS
}

/// The names of a file that begins so; none before it has a line.
pub(super) fn names(heading: &VecDeque<Taken>) -> Option<Names> {
    let last = heading.back()?;
    let hash = |lines: usize| {
        let mut digest = Sha256::new();
        for (index, line) in heading.iter().take(lines).enumerate() {
            if index > 0 {
                digest.update(b"\n");
            }
            digest.update(&line.bytes);
        }
        (lines > 0).then(|| hex(&digest.finalize()))
    };
    let all = heading.len();
    Some(match is_telling(last) {
        true => Names {
            telling: hash(all),
            heading: hash(all - 1),
        },
        false => Names {
            telling: None,
            heading: hash(all),
        },
    })
}

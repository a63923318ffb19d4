//! Whatever a file holds, loading answers with a programme or with messages.

use proptest::prelude::*;
use sonae_core::program::{SourceFile, load};

use super::{files, smallest};

/// The programmes whose files are damaged.
fn originals() -> Vec<Vec<SourceFile>> {
    let programs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programs");
    let tokyo = ["tokyo-r6-basic-measures", "tokyo-r7-incident-response"];
    tokyo
        .iter()
        .map(|id| files(&programs.join(id)))
        .chain([smallest()])
        .collect()
}

/// Every message names a file of the folder and a line that it has.
fn answers(files: &[SourceFile]) {
    for message in load(files).err().unwrap_or_default() {
        let file = files.iter().find(|file| file.path == message.path);
        let lines = file.map_or(1, |file| file.text.lines().count().max(1) + 1);
        assert!((1..=lines).contains(&message.line), "{message}");
        assert!(
            message.what.ends_with('。') && !message.what.contains('\n'),
            "{message}"
        );
        assert!(
            !message.hint.is_empty() && !message.hint.contains('\n'),
            "{message}"
        );
    }
}

/// The start of a character at or before a byte.
fn edge(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_files_give_messages(
        program in 0usize..3,
        file in 0usize..8,
        from in 0usize..40_000,
        length in 0usize..60,
        put in "[\\x00-\\x7fあ＝]{0,12}",
    ) {
        let mut files = originals().swap_remove(program);
        let text = &mut files[file].text;
        let start = edge(text, from % text.len());
        let end = edge(text, start + length);
        text.replace_range(start..end, &put);
        answers(&files);
    }

    #[test]
    fn lines_that_are_dropped_doubled_or_moved_give_messages(
        program in 0usize..3,
        file in 0usize..8,
        one in 0usize..2000,
        other in 0usize..2000,
        doubled in any::<bool>(),
    ) {
        let mut files = originals().swap_remove(program);
        let mut lines: Vec<String> = files[file].text.lines().map(str::to_owned).collect();
        let line = if doubled { lines[one % lines.len()].clone() } else { lines.remove(one % lines.len()) };
        lines.insert(other % lines.len(), line);
        files[file].text = lines.join("\n");
        answers(&files);
    }

    #[test]
    fn any_toml_gives_messages(
        file in 0usize..8,
        lines in prop::collection::vec(
            (
                prop::sample::select(vec!["[[step]]", "[[course]]", "[[rule]]", "[office]", "[rule.test]", ""]),
                prop::sample::select(vec!["id", "clause", "courses", "after", "test", "window", "opens", "あ", "any"]),
                prop::sample::select(vec![
                    "1", "-9223372036854775808", "\"\"", "\"x\"", "[]", "[[[]]]", "{}", "{ any = [{ not = {} }] }", "true", "1.5",
                    "2024-05-30", "nan",
                ]),
            ),
            0..30,
        ),
    ) {
        let mut files = smallest();
        let text: Vec<String> =
            lines.iter().map(|(head, key, value)| format!("{head}\n{key} = {value}")).collect();
        files[file].text = text.join("\n");
        answers(&files);
    }

    /// Values of the right kind reach the checks, however extreme they are.
    #[test]
    fn extreme_numbers_and_dates_give_messages(
        number in prop::sample::select(vec!["0", "1", "4294967295", "-32768", "32767", "9223372036854775807"]),
        date in prop::sample::select(vec!["\"-009999-01-01\"", "\"9999-12-31\"", "\"0000-01-01\"", "\"2024-02-29\""]),
        nth in 0usize..400,
        program in 0usize..3,
    ) {
        let mut files = originals().swap_remove(program);
        let mut left = nth;
        'files: for file in &mut files {
            let lines: Vec<String> = file.text.lines().map(str::to_owned).collect();
            for (index, line) in lines.iter().enumerate() {
                let Some((key, value)) = line.split_once(" = ") else { continue };
                let dated = value.starts_with("\"20") && value.len() == 12;
                if !dated && value.parse::<i64>().is_err() {
                    continue;
                }
                if left == 0 {
                    let mut lines = lines.clone();
                    lines[index] = format!("{key} = {}", if dated { date } else { number });
                    file.text = lines.join("\n");
                    break 'files;
                }
                left -= 1;
            }
        }
        answers(&files);
    }
}

#[test]
fn deep_nesting_gives_a_message() {
    for depth in [9, 30, 70, 200, 20_000] {
        let mut files = smallest();
        let test = format!(
            "{}{{ sme = {{}} }}{}",
            "{ not = ".repeat(depth),
            " }".repeat(depth)
        );
        files[1].text = files[1].text.replacen("{ sme = {} }", &test, 1);
        assert!(load(&files).is_err(), "{depth}");
        answers(&files);
    }
}

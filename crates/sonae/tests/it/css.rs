//! Rules of the style sheet and the templates that nobody has to remember.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const STYLE: &str = include_str!("../../assets/sonae.css");

/// Text on its ground (WCAG 2.2, 1.4.3 AA: 4.5:1).
const TEXT_PAIRS: &[(&str, &str)] = &[
    ("text", "white"),
    ("text", "grey"),
    ("text", "hover"),
    ("text", "selected"),
    ("text", "info-ground"),
    ("text", "success-ground"),
    ("text", "warning-ground"),
    ("text", "error-ground"),
    ("heading", "white"),
    ("heading", "grey"),
    ("hint", "white"),
    ("hint-on-grey", "grey"),
    ("link", "white"),
    ("link", "grey"),
    ("link", "info-ground"),
    ("link", "warning-ground"),
    ("visited", "white"),
    ("visited", "info-ground"),
    ("visited", "warning-ground"),
    ("key", "white"),
    ("key-hover", "white"),
    ("key-hover", "hover"),
    ("key-active", "white"),
    ("white", "key"),
    ("white", "key-hover"),
    ("white", "key-active"),
    ("error", "white"),
    ("error", "error-ground"),
    ("success", "white"),
    ("success", "success-ground"),
    ("warning", "white"),
    ("warning", "warning-ground"),
    ("info", "white"),
    ("info", "info-ground"),
];

/// Borders of controls and cards (1.4.11 AA: 3:1).
const BORDER_PAIRS: &[(&str, &str)] = &[
    ("control-border", "white"),
    ("control-border", "grey"),
    ("card-border", "white"),
    ("card-border-on-grey", "grey"),
    ("key", "white"),
    ("error", "white"),
];

/// On each of them the black outline of the focus or its yellow ring must be seen (2.4.13: 3:1).
const GROUNDS: &[&str] = &[
    "white",
    "grey",
    "key",
    "key-hover",
    "key-active",
    "selected",
    "hover",
    "info-ground",
    "warning-ground",
];

/// The style sheet without comments, split into the tokens layer and the rest.
fn layers() -> (String, String) {
    let mut text = STYLE.to_owned();
    while let Some(start) = text.find("/*") {
        let end = start + text[start..].find("*/").expect("comments end") + 2;
        text.replace_range(start..end, "");
    }
    let start = text.find("@layer tokens {").expect("a tokens layer");
    let end = start + text[start..].find("\n}").expect("layers end at the margin") + 2;
    let tokens = text[start..end].to_owned();
    text.replace_range(start..end, "");
    (tokens, text)
}

/// Every token by its name without the dashes.
fn tokens() -> BTreeMap<String, String> {
    let (tokens, _) = layers();
    (tokens.lines())
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.trim_end_matches(';').to_owned()))
        .collect()
}

/// Relative luminance (WCAG 2.2) of `#rrggbb`.
fn luminance(hex: &str) -> f64 {
    assert!(hex.len() == 7 && hex.starts_with('#'), "{hex} is #rrggbb");
    let linear = |at: usize| {
        let byte = u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
        let share = f64::from(byte) / 255.0;
        match share <= 0.04045 {
            true => share / 12.92,
            false => ((share + 0.055) / 1.055).powf(2.4),
        }
    };
    0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_by_known_values() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.01);
    assert!((contrast("#767676", "#ffffff") - 4.54).abs() < 0.01);
}

#[test]
fn every_pair_has_enough_contrast() {
    let tokens = tokens();
    let check = |(one, other): (&str, &str), at_least: f64| {
        let found = contrast(&tokens[one], &tokens[other]);
        let enough = found >= at_least;
        (!enough).then(|| format!("--{one} on --{other}: {found:.2}, not {at_least}"))
    };
    let text = TEXT_PAIRS.iter().filter_map(|pair| check(*pair, 4.5));
    let borders = BORDER_PAIRS.iter().filter_map(|pair| check(*pair, 3.0));
    let focus = GROUNDS.iter().filter_map(|ground| {
        let outline = check(("black", ground), 3.0);
        outline.and_then(|_| check(("focus-ring", ground), 3.0))
    });
    let faults: Vec<String> = text.chain(borders).chain(focus).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn colours_stand_in_the_tokens_layer_only() {
    let (_, rest) = layers();
    let is_colour = |word: &str| {
        let hex = word.strip_prefix('#').unwrap_or_default();
        let digits = hex.chars().take_while(char::is_ascii_hexdigit).count();
        [3, 4, 6, 8].contains(&digits)
            || ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "lab("]
                .iter()
                .any(|function| word.contains(function))
    };
    let found: Vec<&str> = rest
        .split(|c: char| c.is_whitespace() || c == ':' || c == ',' || c == ';')
        .filter(|word| is_colour(word))
        .collect();
    assert!(found.is_empty(), "colours outside the tokens: {found:?}");
}

#[test]
fn every_token_in_use_exists() {
    let (tokens, (all, rest)) = (tokens(), layers());
    let used: BTreeSet<&str> = [all.as_str(), rest.as_str()]
        .iter()
        .flat_map(|text| text.split("var(--").skip(1))
        .filter_map(|after| after.split([')', ',']).next())
        .collect();
    let missing: Vec<_> = (used.iter())
        .filter(|name| !tokens.contains_key(**name))
        .collect();
    assert!(missing.is_empty(), "tokens without a value: {missing:?}");
}

fn templates() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of templates") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a template");
                found.push((path, text));
            }
        }
    }
    found
}

/// The policy of the pages allows no style and no script inside a page: such a thing would silently not work.
#[test]
fn templates_hold_no_style_and_no_script() {
    let templates = templates();
    assert!(templates.len() > 10, "the templates are found");
    for (path, text) in templates {
        let text = text.to_ascii_lowercase();
        let mut faults: Vec<&str> = ["<style", " style=", "javascript:", "placeholder="]
            .into_iter()
            .filter(|word| text.contains(word))
            .collect();
        let handler = |word: &&str| {
            let name = word.split('=').next().unwrap_or_default();
            word.contains('=')
                && name.len() > 3
                && name.starts_with("on")
                && name.bytes().all(|b| b.is_ascii_lowercase())
        };
        faults.extend(text.split_whitespace().filter(handler));
        faults.extend(
            text.split("<script")
                .skip(1)
                .filter(|after| !after.split('>').next().unwrap_or_default().contains("src=")),
        );
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
    }
}

//! Mail addresses.

use super::mistake::{Mistake, shown};
use super::width::{is_hyphen, narrow};

/// The most octets of a whole address: RFC 5321, section 4.5.3.1.3, less the angle brackets.
pub const LIMIT: usize = 254;
/// The most octets before the @: RFC 5321, section 4.5.3.1.1.
const LOCAL_LIMIT: usize = 64;
/// The most octets of one part of a domain: RFC 1035, section 2.3.4.
const LABEL_LIMIT: usize = 63;

/// Ends of domains that exist nowhere and are slips of the finger, with what was meant.
const SLIPS: &[(&str, &str)] = &[
    ("con", "com"),
    ("cmo", "com"),
    ("ocm", "com"),
    ("comm", "com"),
    ("coom", "com"),
    ("vom", "com"),
    ("jpp", "jp"),
    ("jpn", "jp"),
    ("nte", "net"),
    ("ent", "net"),
];

/// One mail address to which a mail can probably be sent: full-width characters folded, the domain in
/// small letters, a domain in Japanese letters in its ASCII form (RFC 5891).
///
/// Only the dot-atom form of RFC 5321 is taken: no quotes, no comments, no display name, no address
/// literal. Nothing that comes out can break out of a mail header.
///
/// # Errors
/// `empty`, `too_long`, `space`, `several`, `display_name`, `no_at`, `two_at`, `dot`, `character`, `domain` or `slip`.
pub fn normalise(typed: &str) -> Result<String, Mistake> {
    // Line breaks inside are refused below as spaces, before they could ever be stored.
    let text = fold(narrow(typed).trim());
    if text.is_empty() {
        return Err(Mistake::empty("メールアドレス"));
    }
    if text.len() > LIMIT {
        return Err(Mistake::new(
            "too_long",
            format!("メールアドレスが長すぎます。{LIMIT}文字までで書いてください。"),
        ));
    }
    check_shape(&text)?;
    let Some((local, domain)) = text.split_once('@') else {
        return Err(Mistake::new(
            "no_at",
            "メールアドレスに「@」がありません。例：taro@example.jp",
        ));
    };
    check_local(local)?;
    let domain = ascii_domain(domain)?;
    check_domain(&domain)?;
    let address = format!("{local}@{domain}");
    if address.len() > LIMIT {
        return Err(Mistake::new(
            "too_long",
            format!("メールアドレスが長すぎます。{LIMIT}文字までで書いてください。"),
        ));
    }
    Ok(address)
}

/// Japanese keyboards give 。 for a dot and many hyphens. The long sound mark is one of them behind a Latin
/// letter or a digit; in a Japanese domain it is a letter and stays.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let behind_ascii = folded.ends_with(|p: char| p.is_ascii_alphanumeric());
        folded.push(match c {
            '。' | '｡' => '.',
            'ー' | 'ｰ' if !behind_ascii => c,
            c if is_hyphen(c) => '-',
            c => c,
        });
    }
    folded
}

/// The mistakes that are seen before the parts are looked at, so that the sentence fits the slip.
fn check_shape(text: &str) -> Result<(), Mistake> {
    let refuse = |code, sentence: &'static str| Err(Mistake::new(code, sentence));
    if text.contains(['<', '>', '"', '(', ')']) {
        return refuse(
            "display_name",
            "お名前やかっこを付けずに、メールアドレスだけを書いてください。例：taro@example.jp",
        );
    }
    let ats = text.matches('@').count();
    if ats > 1 && text.contains([',', ';', '、', ' ', '/']) {
        return refuse("several", "メールアドレスは一つだけ書いてください。");
    }
    if ats > 1 {
        return refuse(
            "two_at",
            "メールアドレスに「@」が二つ以上あります。一つにしてください。例：taro@example.jp",
        );
    }
    if text.contains(' ') {
        return refuse(
            "space",
            "メールアドレスの途中に空白か改行があります。取り除いてください。",
        );
    }
    if text.contains([',', '、']) {
        return refuse(
            "character",
            "メールアドレスに「,」（カンマ）があります。「.」（ピリオド）ではないか確かめてください。",
        );
    }
    Ok(())
}

fn check_local(local: &str) -> Result<(), Mistake> {
    if local.is_empty() {
        return Err(Mistake::new(
            "no_at",
            "「@」の前がありません。例：taro@example.jp",
        ));
    }
    if local.len() > LOCAL_LIMIT {
        return Err(Mistake::new(
            "too_long",
            format!("「@」の前が長すぎます。{LOCAL_LIMIT}文字までで書いてください。"),
        ));
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err(Mistake::new(
            "dot",
            "「@」の前で「.」が続いているか、端にあります。この形には確実にメールを送れないため、別のメールアドレスを書いてください。",
        ));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    match local.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(unusable(c)),
        None => Ok(()),
    }
}

fn unusable(c: char) -> Mistake {
    Mistake::new(
        "character",
        format!(
            "メールアドレスに使えない文字{}があります。半角の英字・数字・記号で書いてください。",
            shown(c)
        ),
    )
}

/// The domain in small ASCII letters.
fn ascii_domain(domain: &str) -> Result<String, Mistake> {
    if domain.is_ascii() {
        return Ok(domain.to_ascii_lowercase());
    }
    idna::domain_to_ascii_strict(domain).map_err(|_| wrong_domain())
}

fn check_domain(domain: &str) -> Result<(), Mistake> {
    if domain.starts_with('.') || domain.ends_with('.') || domain.contains("..") {
        return Err(Mistake::new(
            "dot",
            "「@」の後ろで「.」が続いているか、端にあります。例：taro@example.jp",
        ));
    }
    if let Some(c) = domain
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
    {
        return Err(unusable(c));
    }
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| {
        label.len() <= LABEL_LIMIT && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = labels.last().copied().unwrap_or_default();
    // A top-level domain has letters (RFC 3696, section 2); this also refuses IPv4 addresses.
    let is_top = last.len() >= 2 && last.bytes().any(|b| b.is_ascii_alphabetic());
    if labels.len() < 2 || !labels.iter().all(is_label) || !is_top {
        return Err(wrong_domain());
    }
    match SLIPS.iter().find(|(slip, _)| *slip == last) {
        Some((slip, meant)) => Err(Mistake::new(
            "slip",
            format!(
                "メールアドレスの最後が「.{slip}」になっています。「.{meant}」ではないか確かめてください。"
            ),
        )),
        None => Ok(()),
    }
}

fn wrong_domain() -> Mistake {
    Mistake::new(
        "domain",
        "「@」の後ろがメールアドレスの形になっていません。「example.jp」のような形で書いてください。",
    )
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[track_caller]
    fn check(typed: &str, expected: Result<&str, &str>) {
        let got = normalise(typed).map_err(|mistake| mistake.code);
        assert_eq!(got.as_deref().map_err(|code| *code), expected, "{typed}");
    }

    #[test]
    fn addresses_are_read_however_they_are_typed() {
        check("Taro.Sato+a@Example.JP", Ok("Taro.Sato+a@example.jp"));
        check(
            "　ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ\n",
            Ok("taro@example.co.jp"),
        );
        check("taro@example。jp\u{200B}", Ok("taro@example.jp"));
        check("taroー1@exampleーa.jp", Ok("taro-1@example-a.jp"));
        check("taro@日本語例.jp", Ok("taro@xn--fsqt85cb2abz6g.jp"));
        check("o'neil_1@mail.example.jp", Ok("o'neil_1@mail.example.jp"));
    }

    #[test]
    fn typical_slips_have_their_own_sentence() {
        check("", Err("empty"));
        check("taro", Err("no_at"));
        check("@example.jp", Err("no_at"));
        check("taro@@example.jp", Err("two_at"));
        check("taro@example.jp,jiro@example.jp", Err("several"));
        check("taro@example,jp", Err("character"));
        check("taro@example.jp.", Err("dot"));
        check("taro@example..jp", Err("dot"));
        check("taro.@example.jp", Err("dot"));
        check("太郎@example.jp", Err("character"));
        check("佐藤太郎 <taro@example.jp>", Err("display_name"));
        check("\"taro\"@example.jp", Err("display_name"));
        check("taro @example.jp", Err("space"));
        check("taro@example", Err("domain"));
        check("taro@-example.jp", Err("domain"));
        check("taro@192.0.2.1", Err("domain"));
        check("taro@[192.0.2.1]", Err("character"));
        check("taro@example.con", Err("slip"));
    }

    #[test]
    fn a_header_cannot_be_broken_out_of() {
        check("taro@example.jp\r\nBcc: jiro@example.jp", Err("several"));
        check("taro\n@example.jp", Err("space"));
        check("taro@example.jp\0", Ok("taro@example.jp"));
    }

    #[test]
    fn lengths_are_bounded() {
        let label = "a".repeat(63);
        check(
            &format!("{}@example.jp", "a".repeat(64)),
            Ok(&format!("{}@example.jp", "a".repeat(64))),
        );
        check(&format!("{}@example.jp", "a".repeat(65)), Err("too_long"));
        check(&format!("a@{label}a.jp"), Err("domain"));
        check(
            &format!("a@{label}.{label}.{label}.{label}.jp"),
            Err("too_long"),
        );
    }
}

//! Recognises mails that came back undelivered: delivery status notifications (RFC 3464) and the plain letters of common servers.

use mail_parser::{Message, MimeHeaders};

/// The reason when nobody gave a code.
const UNKNOWN: &str = "unknown";
/// Letters are looked through up to here.
const LONGEST_LETTER: usize = 64 << 10;

/// How the subjects of plain letters begin, in lower case: Postfix, Exim, qmail, Sendmail, Exchange, Gmail and Japanese servers.
const SUBJECTS: [&str; 10] = [
    "undelivered mail returned to sender",
    "mail delivery failed",
    "failure notice",
    "returned mail",
    "undeliverable",
    "delivery status notification (failure)",
    "delivery failure",
    "mail delivery system",
    "配信不能",
    "配信できませんでした",
];

/// Who writes such letters, before the @ in lower case.
const SENDERS: [&str; 3] = ["mailer-daemon", "postmaster", "microsoftexchange"];

/// Why a mail of ours came back for good, as an enhanced status code (RFC 3463) where there is one, and never with an address. None
/// when this is no such notice: a delay or a success is not, nor is a copy that `proof` did not get.
pub(super) fn reason(message: &Message<'_>, proof: Option<&str>) -> Option<String> {
    match report(message, proof) {
        Some(report) => report.failed.then_some(report.status),
        None => is_letter(message).then(|| status_in(&letter(message))),
    }
}

struct Report {
    failed: bool,
    status: String,
}

/// Reads the machine-readable part of a delivery status notification; the first recipient but `proof` that failed gives the reason.
fn report(message: &Message<'_>, proof: Option<&str>) -> Option<Report> {
    let part =
        (message.parts.iter()).find(|part| part.is_content_type("message", "delivery-status"))?;
    let text = String::from_utf8_lossy(part.contents()).replace("\r\n", "\n");
    let recipients = text.split("\n\n");
    let failed = recipients.map(str::trim).find(|group| {
        let failed = field(group, "action").is_some_and(|it| it.eq_ignore_ascii_case("failed"));
        failed && !is_about(group, proof)
    });
    let status = failed.map(|group| {
        let status = field(group, "status").and_then(|status| enhanced(&status));
        status.unwrap_or_else(|| status_in(&field(group, "diagnostic-code").unwrap_or_default()))
    });
    Some(Report {
        failed: status.is_some(),
        status: status.unwrap_or_default(),
    })
}

/// Whether a group of fields is about this recipient (RFC 3464 section 2.3.2).
fn is_about(group: &str, address: Option<&str>) -> bool {
    let Some(address) = address else { return false };
    let recipient = field(group, "original-recipient").or_else(|| field(group, "final-recipient"));
    let recipient = recipient.unwrap_or_default();
    let recipient = recipient.split_once(';').map_or("", |(_, address)| address);
    recipient.trim().eq_ignore_ascii_case(address)
}

/// The value of a field in a group of fields, unfolded.
fn field(group: &str, name: &str) -> Option<String> {
    let group = group.replace("\n ", " ").replace("\n\t", " ");
    group.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

/// A letter that says in words that a mail came back.
fn is_letter(message: &Message<'_>) -> bool {
    if message.header_raw("X-Failed-Recipients").is_some() {
        return true;
    }
    let from = message
        .from()
        .and_then(|from| from.first()?.address.clone());
    let from = from.unwrap_or_default().to_lowercase();
    let local = from.split('@').next().unwrap_or_default();
    let by_a_server = from.is_empty() || SENDERS.iter().any(|sender| local.starts_with(sender));
    let subject = message.subject().unwrap_or_default().trim().to_lowercase();
    by_a_server && SUBJECTS.iter().any(|known| subject.starts_with(known))
}

fn letter(message: &Message<'_>) -> String {
    let text = message.body_text(0).unwrap_or_default();
    text.chars().take(LONGEST_LETTER).collect()
}

/// The first enhanced status code of class 5 in a text, else the first reply code of class 5 (RFC 5321), else [`UNKNOWN`].
fn status_in(text: &str) -> String {
    let words = || {
        text.split(|c: char| !c.is_ascii_digit() && c != '.')
            .map(|word| word.trim_matches('.'))
    };
    let code = |word: &&str| word.len() == 3 && word.starts_with('5');
    match words().find_map(enhanced) {
        Some(status) => status,
        None => words()
            .find(code)
            .map_or_else(|| UNKNOWN.to_owned(), |code| format!("SMTP {code}")),
    }
}

/// A status code of class 5, such as `5.1.1`.
fn enhanced(word: impl AsRef<str>) -> Option<String> {
    let word = word.as_ref().split_whitespace().next()?;
    let parts: Vec<&str> = word.split('.').collect();
    let digits = |part: &&str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (parts.len() == 3 && parts[0] == "5" && parts.iter().all(digits)).then(|| word.to_owned())
}

/// What a reason means for the person who has to do something about it.
pub fn meaning(reason: &str) -> &'static str {
    let code = reason.strip_prefix("SMTP ").unwrap_or(reason);
    match code {
        "5.1.1" | "5.1.0" | "5.1.6" | "550" | "551" | "553" => {
            "このメールアドレスの受信箱がありません。アドレスを電話などで確かめてください。"
        }
        "5.1.2" | "5.1.8" | "5.4.4" => {
            "アドレスの@より後ろ(ドメイン)が見つかりません。打ち間違いを確かめてください。"
        }
        "5.2.1" => "この受信箱は止められています。別のアドレスを確かめてください。",
        "5.2.2" | "552" => "受信箱がいっぱいです。日をおいて、もう一度送ってください。",
        "5.2.3" | "5.3.4" => "メールが大きすぎました。",
        _ if code.starts_with("5.7.") || code == "554" => {
            "相手のサーバーが受け取りを断りました。迷惑メールの設定を確かめてもらってください。"
        }
        _ if code.starts_with("5.4.") => {
            "相手のサーバーまで届きませんでした。日をおいて、もう一度送ってください。"
        }
        _ => "理由ははっきりしません。電話などで確かめてください。",
    }
}

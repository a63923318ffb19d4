//! Copies of our own mails that prove what left.
//!
//! Each mail goes to an address of the office as well (`--mail-proof-address`), in the same transaction with the server, which takes it
//! for both or for neither. When somebody dies before the server's answer, the copy in the inbox tells what the answer was.

use lettre::Address;
use sonae_store::doubt::End;
use sonae_store::outbox::Kept;

use crate::config::ServeArgs;
use crate::error::CommandError;

/// The address of `--mail-proof-address`.
///
/// # Errors
/// It is no address, or nobody reads what comes there.
pub(super) fn address_of_config(config: &ServeArgs) -> Result<Option<Address>, CommandError> {
    let Some(text) = &config.mail_proof_address else {
        return Ok(None);
    };
    let refuse = |what: &str| {
        CommandError::new(
            format!("写しを受けるアドレス(--mail-proof-address)「{text}」が使えません。"),
            what.to_owned(),
        )
    };
    if config.inbox.is_none() {
        return Err(refuse(
            "写しが届くMaildirのフォルダーを --inbox で指定してください。",
        ));
    }
    let address = super::message::address(text);
    address
        .map(Some)
        .ok_or_else(|| refuse("メールアドレスの形で書いてください。 例: utsushi@sonae.example.jp"))
}

/// Whether `raw` is a copy of the mail with these bytes; both have the same Message-ID. Servers add headers on the way and write lines
/// in their own manner, but none touches the body, which is base64.
pub fn is_copy(raw: &[u8], content: &[u8]) -> bool {
    match (body(raw), body(content)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// What stands behind the headers without line ends; none when nothing does.
fn body(mail: &[u8]) -> Option<Vec<u8>> {
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"];
    let starts = ends.iter().filter_map(|end| {
        let at = mail.windows(end.len()).position(|window| window == *end)?;
        Some(at + end.len())
    });
    let body = &mail[starts.min()?..];
    let body = body.iter().copied().filter(|byte| !b"\r\n".contains(byte));
    Some(body.collect())
}

/// What the office has to know when it is not certain that a mail arrived once.
pub fn doubtful(kept: &Kept, now: jiff::Timestamp) -> Option<&'static str> {
    if kept.is_in_doubt(now) {
        return Some("送る途中で止まったため、届いたかを確かめています。そのままお待ちください。");
    }
    match (kept.doubt?, kept.state.as_str()) {
        (End::Copy, "sent") => Some(
            "送る途中で止まりましたが、写しが届いたので、相手のサーバーへ渡ったとわかりました。",
        ),
        (End::Copy, _) => None,
        (_, "failed") => {
            Some("途中で止まった送信があり、届いているかもしれません。電話などで確かめてください。")
        }
        (End::Again, _) => {
            Some("送る途中で止まったため、同じメールをもう一度送ります。二度届いたかもしれません。")
        }
        (End::NoCopy, _) => Some(
            "送る途中で止まり、写しが届かなかったので、もう一度送ります。二度届くことは、まずありません。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_told_by_its_body_whatever_the_way_did() {
        let ours = b"Subject: a\r\nMessage-ID: <1@example.jp>\r\n\r\nYWJj\r\nZGVm\r\n";
        let check = |raw: &[u8], expected: bool| {
            assert_eq!(
                is_copy(raw, ours),
                expected,
                "{}",
                String::from_utf8_lossy(raw)
            );
        };
        check(ours, true);
        check(b"Received: by x\nSubject: a\n\nYWJj\nZGVm\n\n", true);
        check(b"Subject: a\r\n\r\nYWJj\r\nZGVn\r\n", false);
        check(b"Subject: a\r\n\r\nYWJj\r\n", false);
        check(b"Subject: a", false);
        check(b"", false);
    }
}

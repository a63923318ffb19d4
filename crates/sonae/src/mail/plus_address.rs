//! An address of its own for each application: `office+kt-333-36h.0123456789@sonae.example.jp` (subaddressing, RFC 5233).
//!
//! A reply that has lost its `In-Reply-To`, or a new mail to an address from an old one, still finds its case. The tag after the
//! receipt number proves that the address is ours, so that nobody can write into a case by guessing receipt numbers.

use crate::config::ServeArgs;
use crate::error::CommandError;
use crate::links::LinkSecret;

/// RFC 5321 section 4.5.3.1.1.
const LONGEST_LOCAL_PART: usize = 64;
/// `+`, the longest receipt number, `.`, the tag.
const ADDED: usize = 1 + 12 + 1 + 10;
/// How many addresses of ours one mail may name.
const MOST: usize = 20;

/// The office's own address for incoming mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlusAddress {
    local: String,
    domain: String,
}

impl PlusAddress {
    /// The address of `--inbound-address`.
    ///
    /// # Errors
    /// It is no address, or leaves no room for what is added.
    pub fn of_config(config: &ServeArgs) -> Result<Option<PlusAddress>, CommandError> {
        config
            .inbound_address
            .as_deref()
            .map(PlusAddress::read)
            .transpose()
    }

    fn read(text: &str) -> Result<PlusAddress, CommandError> {
        let refuse = |what: &str| {
            CommandError::new(
                format!("返信を受けるアドレス(--inbound-address)「{text}」が使えません。"),
                format!("{what} 例: office@sonae.example.jp"),
            )
        };
        let normalised = sonae_core::text::email::normalise(text)
            .map_err(|_| refuse("メールアドレスの形で書いてください。"))?;
        let (local, domain) = normalised
            .split_once('@')
            .ok_or_else(|| refuse("メールアドレスの形で書いてください。"))?;
        if local.contains('+') {
            return Err(refuse("「+」より前の部分だけを書いてください。"));
        }
        if local.len() + ADDED > LONGEST_LOCAL_PART {
            return Err(refuse("@より前を40文字以内にしてください。"));
        }
        Ok(PlusAddress {
            local: local.to_owned(),
            domain: domain.to_owned(),
        })
    }

    /// The address of one application.
    pub fn of_application(&self, links: &LinkSecret, receipt_number: &str) -> String {
        // Servers on the way may change the case, so there is none to lose.
        let number = receipt_number.to_ascii_lowercase();
        let tag = links.address_tag(receipt_number);
        format!("{}+{number}.{tag}@{}", self.local, self.domain)
    }

    /// The receipt numbers in addresses of ours among these headers whose tags are right.
    pub fn receipt_numbers(&self, links: &LinkSecret, headers: &str) -> Vec<String> {
        let headers = headers.to_ascii_lowercase();
        let beginning = format!("{}+", self.local.to_ascii_lowercase());
        let end = format!("@{}", self.domain.to_ascii_lowercase());
        let mut numbers = Vec::new();
        for (at, _) in headers.match_indices(&beginning).take(MOST) {
            let rest = &headers[at + beginning.len()..];
            let number = rest.split_once(&end).and_then(|(tagged, _)| {
                let (number, tag) = tagged.split_once('.')?;
                let number = sonae_core::receipt_number::read(number)?;
                (tag == links.address_tag(&number)).then_some(number)
            });
            numbers.extend(number);
        }
        numbers.dedup();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_we_gave_out_name_an_application() {
        let links = LinkSecret::new([7; 32]);
        let ours = PlusAddress::read("Office@sonae.example.jp").expect("an address");
        let number = sonae_core::receipt_number::write("KT", 17);
        let address = ours.of_application(&links, &number);
        assert!(address.starts_with("Office+kt-333-"), "{address}");
        let check = |headers: &str, expected: &[&str]| {
            assert_eq!(ours.receipt_numbers(&links, headers), expected, "{headers}");
        };
        check(&format!("事務局 <{address}>, b@example.jp"), &[&number]);
        check(&address.to_uppercase(), &[&number]);
        check(&format!("{address}\r\n\t<{address}>"), &[&number]);
        check(&address.replace("sonae.", "other."), &[]);
        let other = sonae_core::receipt_number::write("KT", 18).to_lowercase();
        check(&address.replace(&number.to_lowercase(), &other), &[]);
        check("office@sonae.example.jp", &[]);
        check("office+@sonae.example.jp office+.@sonae.example.jp", &[]);
        check("office+髙@sonae.example.jp", &[]);
        let stranger = LinkSecret::new([8; 32]);
        assert!(ours.receipt_numbers(&stranger, &address).is_empty());
    }

    #[test]
    fn an_address_that_cannot_carry_a_number_is_refused() {
        for (text, part) in [
            ("office", "形で"),
            ("a+b@example.jp", "「+」"),
            (&format!("{}@example.jp", "a".repeat(41)), "40文字"),
        ] {
            let error = PlusAddress::read(text).expect_err("refused").to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}

//! The audit log: append-only entries, each bound to the one before it by a hash.
//!
//! An entry is one line of JSON. Its hash is SHA-256 over the previous hash in lower-case hex, a line feed, and the line. Anybody can
//! check it with standard tools: `printf '%s\n%s' "$PREVIOUS" "$ENTRY" | sha256sum`. Entries hold no personal data, only a
//! commitment to the answers, so the log outlives the deletion of personal data.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// What the first entry is bound to.
pub const GENESIS: Hash = [0; 32];

/// One entry, in the order its fields are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry<D> {
    /// 0 for the first entry, consecutive.
    pub index: i64,
    /// RFC 3339 in Tokyo, milliseconds.
    pub at: String,
    /// Who did it: a role and, for staff, a user id. Never a name.
    pub actor: String,
    /// For example `application.received`.
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    pub data: D,
}

impl<D: Serialize> Entry<D> {
    /// The line that is stored and hashed.
    pub fn line(&self) -> String {
        serde_json::to_string(self).expect("entries are plain structs with string keys")
    }
}

/// The hash of a line that follows an entry with hash `previous`.
pub fn chain(previous: &Hash, line: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(hex(previous).as_bytes());
    hasher.update(b"\n");
    hasher.update(line.as_bytes());
    hasher.finalize().into()
}

/// Binds an entry to answers without revealing them: SHA-256 over the salt in hex, a line feed, and the answers' JSON.
///
/// The salt is told only to the applicant, and deleted together with the answers.
pub fn commit(salt: &[u8], answers: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(hex(salt).as_bytes());
    hasher.update(b"\n");
    hasher.update(answers.as_bytes());
    hasher.finalize().into()
}

/// The data of `application.received`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReceivedData {
    pub program: String,
    pub revision: String,
    pub receipt_number: String,
    /// Order of receipt within the programme, from 1 without gaps.
    pub sequence: i64,
    pub places: Vec<PlaceData>,
    /// `commit` in hex.
    pub answers_sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceData {
    pub course: String,
    pub position: i64,
    pub state: String,
}

/// What is needed to verify one receipt offline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Proof {
    pub receipt_number: String,
    pub log_index: i64,
    /// The entry's line exactly as it was hashed.
    pub entry: String,
    /// Hex.
    pub previous_hash: String,
    /// Hex; equal to the `log_hash` of the receipt.
    pub log_hash: String,
    /// How to check it, for a person.
    pub how_to_verify: String,
}

/// Checks a proof by itself: the hash fits the entry, and the entry is the receipt of this number at this index.
///
/// # Errors
/// A Japanese sentence that says what does not fit.
pub fn verify_proof(proof: &Proof) -> Result<Entry<ReceivedData>, &'static str> {
    let previous =
        unhex(&proof.previous_hash).ok_or("直前の記録のハッシュ値の形式が正しくありません。")?;
    let claimed = unhex(&proof.log_hash).ok_or("この記録のハッシュ値の形式が正しくありません。")?;
    if chain(&previous, &proof.entry) != claimed {
        return Err("記録の内容とハッシュ値が一致しません。記録が書き換えられています。");
    }
    let entry: Entry<ReceivedData> =
        serde_json::from_str(&proof.entry).map_err(|_| "記録が申込受付の記録ではありません。")?;
    if entry.action != "application.received" || entry.data.receipt_number != proof.receipt_number {
        return Err("受付番号が記録と一致しません。");
    }
    if entry.index != proof.log_index {
        return Err("記録の位置が一致しません。");
    }
    Ok(entry)
}

/// An instant as entries and receipts write it: RFC 3339 in Tokyo's time with milliseconds.
pub fn at_text(at: jiff::Timestamp) -> String {
    at.to_zoned(crate::calendar::tokyo())
        .strftime("%Y-%m-%dT%H:%M:%S%.3f%:z")
        .to_string()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// 64 hex digits back to a hash.
pub fn unhex(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut hash = [0; 32];
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof() -> Proof {
        let entry = Entry {
            index: 17,
            at: "2024-05-30T09:00:00.000+09:00".into(),
            actor: "visitor".into(),
            action: "application.received".into(),
            subject: "a".into(),
            data: ReceivedData {
                program: "p".into(),
                revision: "r".into(),
                receipt_number: "R6-333-34A".into(),
                sequence: 1,
                places: vec![PlaceData {
                    course: "utm".into(),
                    position: 1,
                    state: "held".into(),
                }],
                answers_sha256: hex(&commit(&[1; 16], "{}")),
            },
        };
        let line = entry.line();
        Proof {
            receipt_number: "R6-333-34A".into(),
            log_index: 17,
            previous_hash: hex(&GENESIS),
            log_hash: hex(&chain(&GENESIS, &line)),
            entry: line,
            how_to_verify: String::new(),
        }
    }

    #[test]
    fn a_true_proof_verifies_and_any_change_does_not() {
        assert_eq!(verify_proof(&proof()).unwrap().data.sequence, 1);
        let changes: [fn(&mut Proof); 5] = [
            |proof| proof.entry = proof.entry.replace("\"position\":1", "\"position\":2"),
            |proof| proof.previous_hash = hex(&[1; 32]),
            |proof| proof.log_hash = "xyz".into(),
            |proof| proof.log_index = 18,
            |proof| proof.receipt_number = "R6-333-46J".into(),
        ];
        for change in changes {
            let mut proof = proof();
            change(&mut proof);
            assert!(verify_proof(&proof).is_err());
        }
    }

    #[test]
    fn hex_reads_back() {
        let hash = chain(&GENESIS, "x");
        assert_eq!(unhex(&hex(&hash)), Some(hash));
        assert_eq!(unhex(&"é".repeat(32)), None);
    }
}

//! Words that several vendors share for what was done and how grave it is.
//!
//! A vendor's own file comes first where its word means something else. A word that stands nowhere is unknown (0) and counted, never guessed.

use crate::detection::{Action, Severity};

/// No word of the tables is longer.
const LONGEST: usize = 40;

/// The word in small letters with `-` for blanks and underscores, as the tables write it.
fn plain<'b>(word: &str, buffer: &'b mut [u8; LONGEST]) -> &'b str {
    let word = word.trim();
    let Some(room) = buffer.get_mut(..word.len()) else {
        return "";
    };
    for (to, from) in room.iter_mut().zip(word.bytes()) {
        *to = match from {
            b'_' | b' ' => b'-',
            other => other.to_ascii_lowercase(),
        };
    }
    std::str::from_utf8(room).unwrap_or_default()
}

/// What a product says it did.
#[must_use]
pub(crate) fn action(word: &str) -> Action {
    match plain(word, &mut [0; LONGEST]) {
        "block" | "blocked" | "blocking" | "deny" | "denied" | "drop" | "dropped" | "dropping"
        | "reject" | "rejected" | "reset" | "reset-both" | "reset-client" | "reset-server"
        | "reset-c" | "reset-s" | "tcp-reset" | "prevent" | "prevented" | "quarantine"
        | "quarantined" | "delete" | "deleted" | "remove" | "removed" | "clean" | "cleaned"
        | "cleaned-up" | "kill" | "killed" | "terminate" | "terminated" | "sinkhole"
        | "sinkholed" | "drop-session" | "clear-session" | "block-ip" | "block-url" | "discard"
        | "discarded" | "proxydrop" | "proxydeny" | "proxyblock" | "strip" | "stripped"
        | "mitigated" | "shun" | "filtered" | "file-cleaned" | "file-deleted"
        | "file-quarantined" | "file-renamed" | "access-denied" => Action::Blocked,
        "allow" | "allowed" | "accept" | "accepted" | "pass" | "passed" | "passthrough"
        | "pass-through" | "pass-session" | "permit" | "permitted" | "forward" | "forwarded"
        | "file-passed" | "bypass" | "bypassed" | "continue" | "exempt" | "exempted"
        | "ignored" => Action::Allowed,
        "detect" | "detected" | "detection" | "alert" | "alerted" | "monitor" | "monitored"
        | "log" | "logged" | "log-only" | "audit" | "audited" | "detect-only" | "warn"
        | "not-blocked" | "not-mitigated" | "active" | "tagged" | "notify" => Action::Detected,
        "isolate" | "isolated" | "contain" | "contained" | "repair" | "repaired" | "disinfect"
        | "disinfected" | "remediate" | "remediated" | "restore" | "restored" | "rollback"
        | "rolled-back" | "encrypt" | "redirect" | "redirected" => Action::Other,
        _ => Action::Unknown,
    }
}

/// How grave a product says it is, in words.
#[must_use]
pub(crate) fn severity(word: &str) -> Severity {
    match plain(word, &mut [0; LONGEST]) {
        "informational" | "information" | "info" | "debug" | "none" => Severity::Informational,
        "low" | "minor" | "notice" | "notification" => Severity::Low,
        "medium" | "moderate" | "warning" | "warn" => Severity::Medium,
        "high" | "major" | "error" | "severe" => Severity::High,
        "critical" | "alert" | "very-high" => Severity::Critical,
        "emergency" | "fatal" => Severity::Fatal,
        _ => Severity::Unknown,
    }
}

/// RFC 5424, 6.2.1: 0 emergency … 7 debug.
#[must_use]
pub(crate) fn syslog_severity(number: &str) -> Severity {
    match number {
        "0" => Severity::Fatal,
        "1" | "2" => Severity::Critical,
        "3" => Severity::High,
        "4" => Severity::Medium,
        "5" => Severity::Low,
        "6" | "7" => Severity::Informational,
        _ => Severity::Unknown,
    }
}

/// CEF and LEEF: 0 to 10, of which 0-3 is low, 4-6 medium, 7-8 high, 9-10 very high; or a word.
#[must_use]
pub(crate) fn out_of_ten(said: &str) -> Severity {
    match said.trim() {
        "0" => Severity::Informational,
        "1" | "2" | "3" => Severity::Low,
        "4" | "5" | "6" => Severity::Medium,
        "7" | "8" => Severity::High,
        "9" | "10" => Severity::Critical,
        word => severity(word),
    }
}

/// PAN-OS by CEF and LEEF, and signatures of Fireware: 1 is informational, 5 the gravest; or a word.
#[must_use]
pub(crate) fn out_of_five(said: &str) -> Severity {
    match said {
        "1" => Severity::Informational,
        "2" => Severity::Low,
        "3" => Severity::Medium,
        "4" => Severity::High,
        "5" => Severity::Critical,
        word => severity(word),
    }
}

/// Whether the text has one of the words, whatever their case; the words stand in small letters.
#[must_use]
pub(crate) fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| has(text, word))
}

fn has(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    (text.windows(word.len())).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_whatever_their_case_and_joints() {
        assert_eq!(action("Reset_Both"), Action::Blocked);
        assert_eq!(action(" reset-both "), Action::Blocked);
        assert_eq!(action("Pass Through"), Action::Allowed);
        assert_eq!(action("blocked?"), Action::Unknown);
        assert_eq!(action(&"x".repeat(200)), Action::Unknown);
        assert_eq!(severity("Very High"), Severity::Critical);
        assert_eq!(severity("高"), Severity::Unknown);
        assert_eq!(out_of_ten("10"), Severity::Critical);
        assert_eq!(out_of_ten("11"), Severity::Unknown);
        assert!(any("Temporarily Blocking host", &["blocking"]) && !any("", &["a"]));
    }
}

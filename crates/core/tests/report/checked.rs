//! Months in which it matters what the daily check said.

use sonae_core::report::figures::{Figures, Judged};

use super::sample::{counts, rule, with, zero};

/// The installer tried the device with samples; one program of two that a scanner found was none.
pub(crate) fn tested() -> Figures {
    let mut ransom = rule("EXAMPLE RANSOM sample", "Ransomware", 5, counts(5, 0, 3));
    ransom.harmless = 3;
    let mut found = rule("Example.Test.Trojan-1", "FOUND", 0, counts(0, 0, 2));
    found.harmless = 1;
    let figures = with(vec![ransom, found], zero());
    Figures {
        judged: Some(Judged {
            checked_days: 30,
            of_days: 30,
            harmless: 4,
            open: 1,
            ..Judged::default()
        }),
        ..figures
    }
}

/// What looked small was an attack, and the desk has it.
pub(crate) fn handed_on() -> Figures {
    let figures = with(
        vec![rule(
            "EXAMPLE SCAN of remote desktop",
            "Attempted Information Leak",
            2,
            counts(2, 40, 6),
        )],
        zero(),
    );
    Figures {
        judged: Some(Judged {
            checked_days: 30,
            of_days: 30,
            harmless: 5,
            attack: 1,
            escalated: 1,
            ..Judged::default()
        }),
        ..figures
    }
}

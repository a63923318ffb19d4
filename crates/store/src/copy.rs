//! Moves an office from one database to another, engine to engine, and proves that nothing changed on the way.

use sonae_db::copy::{Copied, Table};
use sonae_db::{Db, DbError, Kind, Tx};

use crate::StoreError;

/// Every table with its columns and its key, in an order in which references are satisfied.
pub(crate) const TABLES: &[Table] = &[
    (
        "program_revision",
        "revision, program_id, files, published_at_ms",
        "revision",
    ),
    (
        "missing_mail",
        "application_id, mail, found_at_ms",
        "application_id, mail",
    ),
    (
        "program_serving",
        "program_id, number, revision, served_by, served_at_ms, reason, log_index",
        "program_id, number",
    ),
    (
        "application",
        "id, program_id, revision, sequence, receipt_number, received_at_ms, state, answers, salt, verdict, outcome, \
         log_index, withdrawn_at_ms",
        "id",
    ),
    (
        "place",
        "program_id, course, position, application_id, state, changed_at_ms, turn, moved",
        "program_id, course, position",
    ),
    (
        "course_tally",
        "program_id, course, last_position, held, waiting",
        "program_id, course",
    ),
    (
        "case_count",
        "program_id, what, item, from_day, until_day, cases",
        "program_id, what, item, from_day, until_day",
    ),
    (
        "submission_key",
        "program_id, submission_key, body_hash, application_id",
        "program_id, submission_key",
    ),
    (
        "application_clock",
        "application_id, clock, owner, phase, due_at_ms, state, acted",
        "application_id, clock",
    ),
    (
        "case_file",
        "application_id, program_id, revision, receipt_number, sequence, received_at_ms, version, status, step, owner, \
         assignee, expert, due_at_ms, warn_at_ms, correcting, approval, outcome, courses, name, corporate_number, \
         name_key, phone_key, address_key, search_text, updated_at_ms, waiting, due_order, worded",
        "application_id",
    ),
    (
        "case_record",
        "application_id, answers, verdict, state",
        "application_id",
    ),
    (
        "case_event",
        "application_id, version, at_ms, actor, event, data, log_index, undo, undone_at_ms",
        "application_id, version",
    ),
    (
        "approval_list",
        "id, program_id, number, note, handed_over_by, handed_over_at_ms, log_index",
        "id",
    ),
    (
        "approval",
        "application_id, version, program_id, number, list_id, proposed_by, proposed_at_ms, note, proposed_log_index, \
         decision, question, decided_by, decided_at_ms, decided_log_index, invalidated_by, invalidated_at_ms, \
         invalidated_log_index",
        "application_id, version",
    ),
    ("case_word", "word, receipt_number", "word, receipt_number"),
    (
        "case_read",
        "application_id, staff_id, hour, first_at_ms, seen_at_ms, log_index",
        "application_id, staff_id, hour",
    ),
    ("audit_entry", "log_index, line, hash", "log_index"),
    (
        "outbox",
        "id, application_id, mail, recipient, message_id, content, state, created_at_ms, due_at_ms, attempts, \
         leased_until_ms, sent_at_ms, last_error, ended_at_ms, resend_of, \
         resent_by, resend_reason, cancelled_by, handing_at_ms, doubt",
        "id",
    ),
    (
        "inbox_message",
        "id, application_id, kind, sender, subject, text, attachments, raw, raw_is_cut, outbox_id, message_id, once, \
         received_at_ms, state, decided_by, decided_at_ms, reason",
        "id",
    ),
    (
        "draft",
        "id, program_id, revision, typed, created_at_ms, updated_at_ms, expires_at_ms, version, application_id",
        "id",
    ),
    (
        "portal_draft",
        "application_id, page, typed, updated_at_ms",
        "application_id, page",
    ),
    (
        "paper_answer",
        "application_id, question, value, sequence, changed_by, changed_at_ms",
        "application_id, question",
    ),
    (
        "paper_answer_change",
        "application_id, question, sequence, value, changed_by, changed_at_ms",
        "application_id, question, sequence",
    ),
    (
        "paper",
        "application_id, kind, state, version, changed_at_ms",
        "application_id, kind",
    ),
    (
        "paper_version",
        "application_id, kind, version, made_at_ms, made_by, note, sequence, answers, document, edition, pdf, document_sha256, \
         pdf_sha256, state, ended_by, ended_at_ms, reason",
        "application_id, kind, version",
    ),
    (
        "paper_comment",
        "id, application_id, kind, block, version, author, text, at_ms, resolved_by, resolved_at_ms",
        "id",
    ),
    (
        "paper_own_text",
        "id, application_id, kind, block, change, author, at_ms, position, removed_by, removed_at_ms",
        "id",
    ),
    (
        "paper_attachment",
        "id, application_id, kind, name, media_type, sha256, size, content, author, at_ms",
        "id",
    ),
    (
        "api_answer",
        "token_id, once, request_hash, answer, created_at_ms",
        "token_id, once",
    ),
    (
        "telemetry_source",
        "id, application_id, kind, product, serial, from_ms, until_ms, token_hash, created_by, created_at_ms, ended_at_ms",
        "id",
    ),
    ("telemetry_port", "port, source_id, peer", "port"),
    (
        "telemetry_watch",
        "source_id, heard_at_ms, silent_after_h",
        "source_id",
    ),
    (
        "telemetry_refused",
        "source_id, day, why, lines, last_at_ms, last_peer",
        "source_id, day, why",
    ),
    (
        "monthly_report",
        "application_id, month, state, revision, word, checked_by, checked_at_ms, approved_by, approved_at_ms, sent_at_ms, \
         read_at_ms, returned_by, returned_at_ms, returned_why",
        "month, application_id",
    ),
    (
        "monthly_report_revision",
        "application_id, month, revision, made_by, made_at_ms, figures, figures_sha256, headline, events, open_events, document, \
         pdf, pdf_sha256",
        "application_id, month, revision",
    ),
    ("monthly_report_round", "month, leased_until_ms", "month"),
    (
        "telemetry_silence",
        "source_id, since_ms, raised_at_ms, ended_at_ms, how",
        "source_id, since_ms",
    ),
    (
        "check_day",
        "application_id, day, state, note, version, checked_by, checked_at_ms, lines, group_count, figures_sha256, lines_now, \
         signed_by, signed_at_ms, lines_gone",
        "application_id, day",
    ),
    (
        "check_entry",
        "application_id, day, version, state, note, by, at_ms, lines, group_count, figures_sha256, corrects, log_index",
        "application_id, day, version",
    ),
    (
        "finding_judgement",
        "application_id, day, group_key, version, device, rule, title, category, severity, action, verdict, reason, by, at_ms, \
         log_index",
        "application_id, day, group_key, version",
    ),
    (
        "suppression",
        "id, application_id, device, rule, title, severity, action, reason, owner, created_at_ms, from_day, until_day, ended_by, \
         ended_at_ms, ended_day, category",
        "id",
    ),
    (
        "suppression_hit",
        "suppression_id, application_id, day, events",
        "suppression_id, application_id, day",
    ),
    (
        "desk_finding",
        "number, application_id, day, group_key, title, severity, action, verdict, words, evidence, evidence_sha256, state, \
         made_by, made_at_ms, log_index, taken_by, taken_at_ms, closed_by, closed_at_ms, closing",
        "number",
    ),
    (
        "webhook",
        "id, url, secret, events, active, note, created_at_ms, created_by",
        "id",
    ),
    (
        "webhook_delivery",
        "event_id, webhook_id, event, body, state, created_at_ms, due_at_ms, attempts, leased_until_ms, sent_at_ms, \
         last_result",
        "event_id, webhook_id",
    ),
    (
        "earlier_import",
        "id, file_name, file_hash, state, reading, error_count, record_count, covers, created_by, created_at_ms, \
         expires_at_ms, imported_by, imported_at_ms, taken_back_by, taken_back_at_ms, reason, \
          rechecked_at_ms, rechecked",
        "id",
    ),
    (
        "earlier_support",
        "id, import_id, row_number, application_id, program_id, name, name_kana, corporate_number, postcode, address, \
         phone, kind, fiscal_year, name_key, kana_key, search_text",
        "id",
    ),
    ("setting", "name, value", "name"),
    (
        "staff",
        "id, email, name, role, state, created_at_ms, totp_secret, totp_last_step, failed_codes, locked_until_ms, single_keys",
        "id",
    ),
    (
        "check_reminder",
        "day, staff_id, told_at_ms",
        "day, staff_id",
    ),
    (
        "recovery_code",
        "staff_id, code_hash, used_at_ms",
        "staff_id, code_hash",
    ),
    (
        "sign_in_link",
        "id, staff_id, kind, goes_to, created_at_ms, expires_at_ms, used_at_ms",
        "id",
    ),
    (
        "staff_session",
        "id, staff_id, stage, goes_to, browser, enrolling, created_at_ms, seen_at_ms, expires_at_ms",
        "id",
    ),
    (
        "saved_view",
        "id, staff_id, name, query, created_at_ms",
        "id",
    ),
    ("bulk_run", "id, staff_id, event, at_ms", "id"),
    (
        "bulk_item",
        "run_id, receipt_number, position, outcome, sentence",
        "run_id, receipt_number",
    ),
    (
        "api_token",
        "id, token_hash, name, role, scopes, created_by, created_at_ms, expires_at_ms, last_used_at_ms, revoked_at_ms",
        "id",
    ),
];

/// The name of the seal among the settings.
const SEAL: &str = "backup_seal";

/// Copies everything from a snapshot of `from` into the empty office `to`, in one transaction of `to`.
///
/// # Errors
/// `Kind::Unique` when `to` is not empty, `Kind::Corrupt` when a checksum differs; `to` is unchanged then.
pub fn copy(from: &Db, to: &Db) -> Result<Vec<Copied>, StoreError> {
    Ok(sonae_db::copy::tables(from, to, TABLES, unsealed)?)
}

/// The seal cannot be part of what it seals.
fn unsealed(table: &str) -> &'static str {
    match table {
        "setting" => "WHERE name <> 'backup_seal'",
        _ => "",
    }
}

/// Counts and hashes everything and writes the result into the office itself: a backup that is damaged later is recognised, also where
/// the audit chain does not reach, such as in mails and drafts.
pub fn seal(db: &Db) -> Result<(), StoreError> {
    db.write(|tx| {
        let text = totals(tx)?;
        tx.execute("DELETE FROM setting WHERE name = $1", &[SEAL.into()])?;
        crate::setting::get_or_set(tx, SEAL, text.as_bytes())?;
        Ok(())
    })
}

/// Compares the office with its seal. Without a seal there is nothing to compare.
///
/// # Errors
/// `Kind::Corrupt` when anything differs.
pub fn check_seal(db: &Db) -> Result<(), StoreError> {
    db.read(|tx| match crate::setting::get(tx, SEAL)? {
        Some(sealed) if sealed != totals(tx)?.as_bytes() => {
            Err(DbError::new(Kind::Corrupt, "the content differs from its seal").into())
        }
        _ => Ok(()),
    })
}

/// Takes the seal off: what follows changes the office.
pub fn unseal(db: &Db) -> Result<(), StoreError> {
    db.write(|tx| {
        tx.execute("DELETE FROM setting WHERE name = $1", &[SEAL.into()])?;
        Ok(())
    })
}

/// One line for each table: its name, its rows and their checksum.
fn totals(tx: &mut Tx) -> Result<String, StoreError> {
    let lines: Result<Vec<String>, StoreError> = TABLES
        .iter()
        .map(|table| {
            let sum = sonae_db::copy::checksum(tx, table, unsealed)?;
            Ok(format!("{} {} {}", sum.table, sum.rows, sum.checksum))
        })
        .collect();
    Ok(lines?.join("\n"))
}

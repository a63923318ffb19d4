//! By what a record of a document is known when the document is pulled again.
//!
//! An interface answers with the same alert at another place, among others, and with another status. So neither place nor content tells whether an
//! alert was stored, only the id that its vendor gave it does. Records without one are known by their bytes.

use sha2::{Digest, Sha256};

use crate::batch::Origin;
use crate::detection::Record;
use crate::formats::{Format, Reading};
use crate::json;

/// What no id begins with that anybody sends (`Batch-Id` is ASCII), so that nobody can make a record seem known.
const OURS: &str = "§";

/// Where an alert's own id stands at each vendor. An id of what several records speak of, such as a threat in activities or an alert in rows of
/// advanced hunting, is none of theirs.
const fn own_ids(format: Format) -> &'static [&'static str] {
    match format {
        Format::Defender => &["id", "providerAlertId"],
        Format::CrowdStrike => &["composite_id"],
        Format::SentinelOne | Format::SophosCentral => &["id"],
        Format::TrendVisionOne => &["id", "uuid"],
        _ => &[],
    }
}

/// The origin of a batch that holds this one record of a document. Whatever the record says when it comes again, it is the same batch.
#[must_use]
pub fn origin(reading: &Reading<'_>, record: &[u8]) -> Origin {
    let mut digest = Sha256::new();
    let kind = match own_id(reading, record) {
        Some((format, id)) => {
            digest.update(format.code());
            digest.update([0]);
            digest.update(id);
            "alert"
        }
        None => {
            digest.update(record);
            "record"
        }
    };
    let hash: [u8; 32] = digest.finalize().into();
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Origin::Sent {
        batch_id: [OURS, kind, " ", &hex].concat(),
        hash,
    }
}

/// The id that the format read, if it stands where alerts have their own; one that was cut does not.
fn own_id(reading: &Reading<'_>, record: &[u8]) -> Option<(Format, String)> {
    let format = reading.format?;
    let Record::Detection(found) = &reading.record else {
        return None;
    };
    let id = found.alert_id.as_deref()?;
    let object = json::object(str::from_utf8(record).ok()?)?;
    let is_own = |key: &&str| object.text(key).as_deref() == Some(id);
    (own_ids(format).iter().any(is_own)).then(|| (format, id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats;
    use crate::time::Receipt;

    fn id(record: &str) -> String {
        let reading = formats::read(record, None, Receipt::in_japan(1_780_358_400_000_000));
        match origin(&reading, record.as_bytes()) {
            Origin::Sent { batch_id, .. } => batch_id,
            Origin::Read { .. } => unreachable!("a record is no file"),
        }
    }

    /// Whether a record that was changed is still the same one.
    fn check(record: &str, (before, after): (&str, &str), same: bool) {
        let changed = record.replacen(before, after, 1);
        assert_ne!(record, changed, "nothing was changed");
        assert_eq!(id(record) == id(&changed), same, "{record}\n{changed}");
        assert_eq!(id(record), id(record));
    }

    #[test]
    fn an_alert_is_known_by_its_own_id_and_other_records_by_their_bytes() {
        let defender = r#"{"id":"da1","providerAlertId":"da1","title":"T","serviceSource":"x","severity":"high","status":"new"}"#;
        let falcon =
            r#"{"composite_id":"c:1","cid":"c","severity":30,"display_name":"T","status":"new"}"#;
        let singularity = r#"{"id":"9","threatInfo":{"threatId":"9","threatName":"T","mitigationStatus":"new","identifiedAt":"2026-06-01T00:00:00Z"}}"#;
        let sophos = r#"{"id":"e1","type":"Event::Endpoint::CoreDetection","when":"2026-06-01T00:00:00Z","name":"T","severity":"new"}"#;
        for record in [defender, falcon, singularity, sophos] {
            check(record, ("new", "resolved"), true);
        }
        check(defender, (r#""id":"da1""#, r#""id":"da2""#), false);
        check(sophos, ("e1", "e2"), false);
        // Rows that name an alert, a mere activity, what is read as an activity, what nobody reads, and an id that is cut.
        let row =
            r#"{"AlertId":"da1","Title":"T","Timestamp":"2026-06-01T00:00:00Z","FileName":"new"}"#;
        let quiet = r#"{"id":"e1","type":"Event::Endpoint::UpdateSuccess","when":"2026-06-01T00:00:00Z","name":"new"}"#;
        let nobody = r#"{"id":"1","a":"new"}"#;
        let long = defender.replace("da1", &"d".repeat(300));
        for record in [row, quiet, nobody, &long] {
            check(record, ("new", "resolved"), false);
        }
        assert_ne!(
            id(defender),
            id(&defender.replace("da1", "e1")),
            "ids are a vendor's"
        );
        assert!(!id(nobody).is_ascii() && !id(nobody).contains('\0'));
    }
}

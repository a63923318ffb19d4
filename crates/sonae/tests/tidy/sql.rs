//! SQL stands only in `db`, `store` and `telemetry`, and an applied migration never changes.

use sha2::{Digest, Sha256};

use crate::none;
use crate::repository::{files, read};
use crate::rust_source::{Source, all};

/// Where SQL may stand.
const PLACES: &[&str] = &["crates/db/", "crates/store/", "crates/telemetry/"];

/// How a statement begins. Upper case as in all our SQL, so that Japanese and English sentences are not taken for it.
const BEGINNINGS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "CREATE SCHEMA ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "DROP SCHEMA ",
    "PRAGMA ",
    "BEGIN ",
    "WITH ",
];

/// What does not mean the same on both engines. `db` translates and may say it; tests look into the engines' own tables.
const NOT_PORTABLE: &[&str] = &[
    "INSERT OR ",
    "ILIKE",
    "json_extract",
    "->>",
    "::text",
    "::bigint",
    "AUTOINCREMENT",
    "SERIAL",
    "now()",
    "CURRENT_TIMESTAMP",
    "random()",
    "gen_random_uuid",
    "CREATE TRIGGER",
    "RETURNS TRIGGER",
    "ARRAY[",
    "strftime",
    "datetime(",
];

/// Every migration with the SHA-256 of its text. A new one is added here; a line that is here never changes, because offices have
/// applied it.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "0001_receipt.sql",
        "8cce804869f94daada7cb94691cb982738b2858d5014f3d5c09e22cc5eef15a7",
    ),
    (
        "0002_case.sql",
        "67ee7a8f054fe5a4642e9ab32c404345bc124e349eb43500e3bfd522c3ed3733",
    ),
    (
        "0003_staff.sql",
        "4ee20ba86db925b60980446824bfebe694aee350180f7fef7bbb7ada3aa44965",
    ),
    (
        "0004_earlier_support.sql",
        "42a25bd2c52af939a7dbc6265e10b68a328ef7c4efe6242ded80e3ccae8d3ad5",
    ),
    (
        "0005_inbox.sql",
        "b7e58aab31a76a63f73ec92134d20b8c13de206fddb205d85586639c744d18e4",
    ),
    (
        "0006_approval.sql",
        "d8c48dc46415357dc7750d7bb8e99d8fff8efecb8fe46b9a9c08b59f2cff57f5",
    ),
    (
        "0007_api.sql",
        "c9532768baa6ead3c0f2955ea0dfb09dd28b50756ff837e0465a8c687af63443",
    ),
    (
        "0008_webhook.sql",
        "ccee7ddc4a599e020370f4ad28778336d4362841771b0c5260400002b9e39eab",
    ),
    (
        "0009_portal.sql",
        "c74b700b13edadaf4bba6c8396117bfe971931d7dd3513f9d45fb279fead2c47",
    ),
    (
        "0010_view.sql",
        "50bef8535970d5c65c3fc5c7b983e696ceee89a0e60dcf436bdfa3beb10ef35c",
    ),
    (
        "0011_read.sql",
        "224a3650473ca43c66f69311e317f8c18c07a5f819b652a7037e5c965e7c4b81",
    ),
    (
        "0012_serving.sql",
        "b1131303dc77777469ff2ce766306aca71881e742e71c78028515d03b64e2f8c",
    ),
    (
        "0013_missing_mail.sql",
        "fe274a8bd33341946e146268667283df0a40a25648434b93e38ab9b0e0539b49",
    ),
    (
        "0014_figures.sql",
        "8c2b4168d547d348f3e1770e6c06aa194647857138f18dd93d982493b3e501af",
    ),
    (
        "0015_doubt.sql",
        "a193c99d8855a84a4f3a942d990b0684c18c4582ebc31918c310e922a605f741",
    ),
    (
        "0017_approval_proposed.sql",
        "c87ef2f1454ba58900d89e0152bbfdafd781cf27dc95ec5fc97c2758b9d697f6",
    ),
    (
        "0018_paper.sql",
        "9aa2a2f1e735902e056138cee9d99b57b278a19341cb6d8cabf07cc961b84b0b",
    ),
    (
        "0019_source.sql",
        "b4677d41cb07bb41dfd1493071013ab0e7b4fb510c87341292b724a44a2793a2",
    ),
    (
        "0020_ways_in.sql",
        "5e14a699321031cc2907f485c5aab40ab7246d7634b837f6c6b280bd0c299d65",
    ),
    (
        "0021_check.sql",
        "aaf77ccc872feac5d17938e7040d1f3e7fb4d2c6f383e2743b0233df9c582cdf",
    ),
    (
        "0022_monthly_report.sql",
        "afdbed9a2a0f28bb5d016e7ca22d9753513ddef4f3a9d2018954b0d7dfc080b0",
    ),
    (
        "0023_lines_gone.sql",
        "32f29f8b27e146006584007240edcbabf11daea8cfe37812deecb80068847490",
    ),
    (
        "0024_suppression_category.sql",
        "c5fca28456bd841601048a6148afe61c295aaaf8487e838a36115bd0da206808",
    ),
];

/// The same of the detections' database, which is one of its own.
const DETECTIONS: &[(&str, &str)] = &[
    (
        "0001_detections.sql",
        "61057f2eb1c0cf0a25040d545735df4f197694f2e5459da0d8aabeebc40b968d",
    ),
    (
        "0002_months_of_addresses.sql",
        "bf8a5f793af53d8d661db7ad5f74dc9bc5ccca86458c4e6fdac9a72cc6a21f59",
    ),
];

/// The same of a cluster: its ledger, and the rows on its servers.
const LEDGER: &[(&str, &str)] = &[(
    "0001_ledger.sql",
    "f37a7b3d052936154243e87ca89983465a060c99d61a45090100930c026b799e",
)];
const SHARD: &[(&str, &str)] = &[(
    "0001_shard.sql",
    "a21108fae8e750046f57b463ab7c3df17b439aad113fc1e5bfb0b7b41520a1de",
)];

fn is_statement(text: &str) -> bool {
    let text = text.trim_start();
    BEGINNINGS.iter().any(|word| text.starts_with(word))
}

fn statements(sources: &[Source]) -> impl Iterator<Item = (String, &str)> {
    sources.iter().flat_map(|source| {
        let texts = source.strings.iter().filter(|(_, text)| is_statement(text));
        texts.map(|(line, text)| (format!("{}:{line}", source.path), text.as_str()))
    })
}

#[test]
fn sql_stands_in_one_place() {
    let sources = all();
    let findings: Vec<String> = statements(sources)
        .filter(|(place, _)| !PLACES.iter().any(|allowed| place.starts_with(allowed)))
        // This file names the words it looks for.
        .filter(|(place, _)| !place.starts_with("crates/sonae/tests/tidy/"))
        .map(|(place, text)| format!("{place} {text}"))
        .collect();
    none("SQL stands outside the store.", &findings);
    assert!(
        statements(sources).count() > 30,
        "the rule no longer sees the store's SQL"
    );
}

#[test]
fn sql_means_the_same_on_both_engines() {
    let sources = all();
    let migrations = [
        files("crates/store/migrations"),
        files("crates/telemetry/migrations"),
    ]
    .concat();
    let texts = statements(sources)
        .filter(|(place, _)| {
            place.starts_with("crates/store/src/") || place.starts_with("crates/telemetry/src/")
        })
        .map(|(place, text)| (place, text.to_owned()))
        .chain(migrations.into_iter().map(|path| {
            let text = read(&path);
            (path, text)
        }));
    let findings: Vec<String> = texts
        .flat_map(|(place, text)| {
            let words = NOT_PORTABLE
                .iter()
                .filter(move |word| text.contains(**word));
            words.map(move |word| format!("{place} says {word}"))
        })
        .collect();
    none("SQL uses what only one engine knows.", &findings);
}

#[test]
fn applied_migrations_never_change() {
    for (folder, expected) in [
        ("crates/store/migrations", MIGRATIONS),
        ("crates/telemetry/migrations", DETECTIONS),
        ("crates/telemetry/ledger", LEDGER),
        ("crates/telemetry/shard", SHARD),
    ] {
        let found: Vec<(String, String)> = files(folder)
            .iter()
            .map(|path| {
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                let digest = Sha256::digest(read(path));
                (name, sonae_core::audit::hex(&digest))
            })
            .collect();
        let expected: Vec<(String, String)> = (expected.iter())
            .map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned()))
            .collect();
        assert_eq!(
            found, expected,
            "write a new migration instead of changing one; a new one is listed in this file"
        );
    }
}

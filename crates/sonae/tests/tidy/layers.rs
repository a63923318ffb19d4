//! Dependency arrows, read from the manifests: a crate is a wall.

use std::collections::BTreeSet;

use toml::Table;

use crate::none;
use crate::repository::read;
use crate::rust_source::all;

/// What a crate may know: its own kind, and whether drivers and the asynchronous engine are allowed.
struct Wall {
    manifest: &'static str,
    /// The crates of ours it may depend on.
    ours: &'static [&'static str],
    /// Crates of others it must not know, with everything whose name begins so.
    never: &'static [&'static str],
}

const DRIVERS: &[&str] = &[
    "rusqlite",
    "libsqlite3",
    "postgres",
    "tokio-postgres",
    "sqlx",
    "diesel",
];

/// What talks to the outside: network, files, time, chance, threads of control.
const WORLD: &[&str] = &[
    "tokio",
    "axum",
    "hyper",
    "lettre",
    "getrandom",
    "rand",
    "rusqlite",
    "postgres",
    "sqlx",
    "tracing",
    "clap",
    "askama",
    "async-trait",
    "futures",
];

const WALLS: &[Wall] = &[
    Wall {
        manifest: "crates/core/Cargo.toml",
        ours: &[],
        never: WORLD,
    },
    Wall {
        manifest: "crates/db/Cargo.toml",
        ours: &[],
        never: &[
            "tokio",
            "axum",
            "lettre",
            "askama",
            "sonae-core",
            "serde",
            "getrandom",
            "jiff",
        ],
    },
    Wall {
        manifest: "crates/store/Cargo.toml",
        ours: &["sonae-core", "sonae-db"],
        never: &[
            "tokio",
            "axum",
            "lettre",
            "askama",
            "getrandom",
            "rusqlite",
            "postgres",
            "uuid",
        ],
    },
    Wall {
        manifest: "crates/telemetry/Cargo.toml",
        ours: &["sonae-core", "sonae-db"],
        never: &[
            "tokio",
            "axum",
            "lettre",
            "askama",
            "getrandom",
            "rusqlite",
            "postgres",
            "sonae-store",
        ],
    },
    Wall {
        manifest: "crates/papers/Cargo.toml",
        ours: &["sonae-core"],
        never: WORLD,
    },
    Wall {
        manifest: "crates/sonae/Cargo.toml",
        ours: &[
            "sonae-core",
            "sonae-db",
            "sonae-papers",
            "sonae-store",
            "sonae-telemetry",
        ],
        never: DRIVERS,
    },
    Wall {
        manifest: "xtask/Cargo.toml",
        ours: &[
            "sonae-core",
            "sonae-db",
            "sonae-papers",
            "sonae-store",
            "sonae-telemetry",
        ],
        never: DRIVERS,
    },
];

/// The names under `[dependencies]`, also those of one platform; what only tests use may cross a wall.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let table: Table = read(manifest).parse().expect("a manifest is TOML");
    let mut names = BTreeSet::new();
    let mut add = |table: &Table| {
        for section in ["dependencies", "build-dependencies"] {
            let found = table.get(section).and_then(toml::Value::as_table);
            names.extend(found.into_iter().flat_map(|found| found.keys().cloned()));
        }
    };
    add(&table);
    let targets = table.get("target").and_then(toml::Value::as_table);
    for target in targets.into_iter().flat_map(|targets| targets.values()) {
        add(target.as_table().expect("a target is a table"));
    }
    names
}

fn workspace() -> Table {
    read("Cargo.toml").parse().expect("a manifest is TOML")
}

#[test]
fn arrows_run_one_way() {
    let mut findings = Vec::new();
    for wall in WALLS {
        for name in dependencies(wall.manifest) {
            let ours = name.starts_with("sonae");
            let forbidden = (wall.never.iter())
                .any(|never| name == *never || name.starts_with(&format!("{never}-")));
            if (ours && !wall.ours.contains(&name.as_str())) || (!ours && forbidden) {
                findings.push(format!("{} must not depend on {name}", wall.manifest));
            }
        }
    }
    none("A crate depends on what its wall keeps out.", &findings);
}

#[test]
fn every_crate_has_a_wall() {
    let workspace = workspace();
    let members = workspace["workspace"]["members"]
        .as_array()
        .expect("members are a list");
    let members: BTreeSet<String> = (members.iter())
        .filter_map(toml::Value::as_str)
        .map(|member| format!("{member}/Cargo.toml"))
        .collect();
    let walls: BTreeSet<String> = WALLS.iter().map(|wall| wall.manifest.to_owned()).collect();
    let missing: Vec<String> = members.difference(&walls).cloned().collect();
    none(
        "A member of the workspace has no wall in this file.",
        &missing,
    );
}

/// What is named but not used yet, with the reason.
const UNUSED: &[(&str, &str)] = &[("form_urlencoded", "the form's pages, which come next")];

/// A dependency nobody uses costs everybody its build.
#[test]
fn every_dependency_is_used() {
    let mut findings = Vec::new();
    for wall in WALLS {
        let folder = wall.manifest.trim_end_matches("Cargo.toml");
        let code: String = (all().iter())
            .filter(|source| source.path.starts_with(folder))
            .map(|source| source.code.as_str())
            .collect();
        let words: BTreeSet<&str> = code
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        for name in dependencies(wall.manifest) {
            let excused = UNUSED.iter().any(|(unused, _)| *unused == name);
            if !excused && !words.contains(name.replace('-', "_").as_str()) {
                findings.push(format!("{} names {name}", wall.manifest));
            }
        }
    }
    none("A dependency is not used.", &findings);
}

/// A version stands once, in the root manifest; so nobody upgrades half of the house.
#[test]
fn versions_stand_in_the_root_manifest() {
    let mut findings = Vec::new();
    for wall in WALLS {
        let table: Table = read(wall.manifest).parse().expect("a manifest is TOML");
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(found) = table.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            for (name, value) in found {
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    findings.push(format!("{}: {name}", wall.manifest));
                }
            }
        }
    }
    none(
        "A dependency does not take its version from the workspace.",
        &findings,
    );
}

#[test]
fn every_crate_keeps_the_lints() {
    let lacking: Vec<String> = (WALLS.iter())
        .filter(|wall| !read(wall.manifest).contains("[lints]\nworkspace = true"))
        .map(|wall| wall.manifest.to_owned())
        .collect();
    none(
        "A crate does not take the lints of the workspace.",
        &lacking,
    );
    assert_eq!(
        workspace()["workspace"]["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
}

/// A ban without its reason teaches nobody; a lost ban is not noticed until a test flickers.
#[test]
fn clippy_bans_say_why() {
    let table: Table = read("clippy.toml").parse().expect("clippy.toml is TOML");
    let bans = table["disallowed-methods"]
        .as_array()
        .expect("bans are a list");
    let banned: BTreeSet<&str> = bans.iter().filter_map(|ban| ban["path"].as_str()).collect();
    for path in [
        "jiff::Timestamp::now",
        "jiff::Zoned::now",
        "std::time::SystemTime::now",
        "getrandom::fill",
        "uuid::Uuid::now_v7",
        "std::thread::sleep",
    ] {
        assert!(banned.contains(path), "clippy.toml no longer bans {path}");
    }
    let silent: Vec<String> = (bans.iter())
        .filter(|ban| {
            ban.get("reason")
                .and_then(toml::Value::as_str)
                .is_none_or(|why| why.len() < 20)
        })
        .map(ToString::to_string)
        .collect();
    none("A ban gives no reason.", &silent);
}

//! Commands that are given nonsense: one clear Japanese line with a hint, exit code 1 (2 when the command line itself cannot be read),
//! and nothing made or changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;
use std::time::Instant;

use sonae_db::{Db, DbError, Migration};
use sonae_store::MIGRATIONS;

use crate::office::{Engine, Folder, OPEN_R7, Office, sonae};

/// One command: the words of its line (`%name` is a path in the test's folder), its exit code, and what the message must contain.
const CASES: &[(&str, i32, &[&str])] = &[
    // The command line itself.
    (
        "serve --nonsense",
        2,
        &["「--nonsense」", "ありません", "--help"],
    ),
    ("verif", 2, &["「verif」", "「verify」のことでしょうか"]),
    (
        "serve --clock tomorrow",
        2,
        &["--clock", "「tomorrow」を読めません"],
    ),
    ("serve --clock", 2, &["--clock", "値を書いて"]),
    (
        "serve --listen 1:2:3",
        2,
        &["--listen", "「1:2:3」を読めません"],
    ),
    ("serve --data %a --data %b", 2, &["--data", "1回だけ"]),
    ("backup", 2, &["FILE", "指定してください"]),
    ("copy-database --from %a", 2, &["--to", "指定してください"]),
    ("verify %office extra", 2, &["ありません"]),
    (
        "user add --role king --email a@office.example.jp",
        2,
        &["--role", "「king」を読めません"],
    ),
    ("user add --role admin", 2, &["--email", "指定してください"]),
    (
        "token create --role desk --scope everything",
        2,
        &["--scope", "「everything」を読めません"],
    ),
    (
        "token create --role desk --days 0",
        2,
        &["--days", "「0」を読めません"],
    ),
    // People and tokens.
    (
        "user add --data %office --role admin --email nobody",
        1,
        &["何も変更していません"],
    ),
    (
        "user add --data %missing --role admin --email a@office.example.jp",
        1,
        &["sonae.db がありません"],
    ),
    ("user list --data %missing", 1, &["sonae.db がありません"]),
    (
        "token create --data %office --role sponsor --scope work_case",
        1,
        &["「work_case」は、東京都の役割ではできません"],
    ),
    (
        "token create --data %missing --role desk",
        1,
        &["sonae.db がありません"],
    ),
    // Papers.
    (
        "paper make --kind nothing --out %paper.docx",
        1,
        &["「nothing」という文書はありません", "basic-policy"],
    ),
    (
        "paper make --kind basic-policy --out %paper",
        1,
        &["形式が分かりません", "--format"],
    ),
    (
        "paper make --kind basic-policy --sample 20 --out %paper.xlsx",
        1,
        &["Excelでは作れません", "docx"],
    ),
    (
        "paper make --kind basic-policy --sample 7 --out %paper.docx",
        1,
        &["「7」という見本はありません", "20"],
    ),
    (
        "paper make --kind basic-policy --answers %missing --out %paper.docx",
        1,
        &["%missing を読めません"],
    ),
    (
        "paper make --kind basic-policy --company R6-000001 --data %office --out %paper.docx",
        1,
        &["「R6-000001」の申込みはありません", "何も作っていません"],
    ),
    // Folders and files.
    (
        "verify --data %missing",
        1,
        &["sonae.db がありません", "--data"],
    ),
    (
        "verify --data %empty",
        1,
        &["sonae.db がありません", "--data"],
    ),
    ("verify --data %text", 1, &["sonae.db がありません"]),
    (
        "verify --data %nodb",
        1,
        &["データベースのファイルではありません"],
    ),
    (
        "verify --database sqlite:%missing.db",
        1,
        &["データベースを開けません"],
    ),
    (
        "verify --data %newer",
        1,
        &["より新しいSonae", "何も変更されていません"],
    ),
    ("serve --data %newer", 1, &["より新しいSonae"]),
    (
        "serve --data %text",
        1,
        &["データのフォルダー", "作れません", "--data"],
    ),
    (
        "serve --data /proc/sonae",
        1,
        &["データのフォルダー", "作れません", "権限"],
    ),
    (
        "serve --data %nodb",
        1,
        &["データベースのファイルではありません"],
    ),
    (
        "serve --programs %missing",
        1,
        &["事業の定義に直すところ", "%missing:1: 見つかりません"],
    ),
    ("serve --programs %broken", 1, &["program.toml:1:"]),
    ("program check %missing", 1, &["%missing"]),
    ("program check %broken/program", 1, &["program.toml:1:"]),
    ("backup --data %missing %out", 1, &["sonae.db がありません"]),
    (
        "backup --data %office %text",
        1,
        &["すでにあります", "上書きはしません"],
    ),
    (
        "backup --data %office %missing/out",
        1,
        &["データベースを開けません"],
    ),
    (
        "backup --data %office /proc/out",
        1,
        &["データベースを開けません"],
    ),
    ("restore %missing --data %new", 1, &["がありません", "控え"]),
    (
        "restore %text --data %new",
        1,
        &["データベースのファイルではありません"],
    ),
    ("restore %empty --data %new", 1, &["がありません"]),
    (
        "restore %office/sonae.db --data %office",
        1,
        &["すでにあります"],
    ),
    (
        "restore %office/sonae.db --data /proc/sonae",
        1,
        &["書き込めません"],
    ),
    (
        "copy-database --from sqlite:%missing.db --to sqlite:%new.db",
        1,
        &["データベースを開けません"],
    ),
    (
        "copy-database --from sqlite:%office/sonae.db --to mysql://a/b",
        1,
        &["URL", "postgres://"],
    ),
    (
        "earlier-support import --data %office %missing.csv",
        1,
        &["missing.csv を読めません", "権限"],
    ),
    (
        "earlier-support import --data %office %office/sonae.db --year 2023",
        1,
        &["文字の種類がわかりません"],
    ),
    // Servers.
    (
        "serve --data %new --database mysql://a/b",
        1,
        &["URL", "postgres://"],
    ),
    (
        "verify --database postgres://sonae@127.0.0.1:1/sonae",
        1,
        &["データベースを開けません", "パスワード"],
    ),
    (
        "verify --database postgres://sonae@[",
        1,
        &["URL", "postgres://"],
    ),
    (
        "verify --database %refusing",
        1,
        &["データベースを開けません", "パスワード"],
    ),
    (
        "serve --data %new --listen %taken",
        1,
        &["待ち受けられません", "--listen"],
    ),
];

#[test]
fn nonsense_gives_one_clear_line() {
    let scene = Scene::new();
    let before = contents(&scene.folder.0);
    let mut wrong = Vec::new();
    for (line, code, says) in CASES {
        let line = scene.fill(line);
        let words: Vec<&str> = line.split(' ').collect();
        let ended = sonae(&words);
        let error = &ended.err;
        let one_line = error.trim_end().lines().count() == 1;
        // The checks of programmes say FILE:LINE, one line for each thing.
        let several = line.starts_with("program") || line.contains("--programs");
        let good = ended.code == Some(*code)
            && ended.out.is_empty()
            && (one_line || several)
            && (several || error.starts_with("エラー: "))
            && !error.contains("panicked")
            && says.iter().all(|says| error.contains(&scene.fill(says)));
        if !good {
            wrong.push(format!("{line}\n  {ended:?}"));
        }
        let after = contents(&scene.folder.0);
        if after != before {
            let names = |map: &Contents| map.keys().cloned().collect::<Vec<_>>();
            wrong.push(format!("{line}\n  changed {:?}", names(&after)));
            break;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_has_its_help() {
    let commands: &[&[&str]] = &[
        &[],
        &["serve"],
        &["demo"],
        &["verify"],
        &["backup"],
        &["restore"],
        &["copy-database"],
        &["program"],
        &["program", "check"],
        &["program", "diff"],
        &["program", "schema"],
        &["telemetry"],
        &["telemetry", "import"],
        &["telemetry", "report"],
        &["telemetry", "search"],
        &["telemetry", "verify"],
        &["telemetry", "generate"],
        &["telemetry", "forget"],
        &["telemetry", "export"],
        &["user"],
        &["user", "add"],
        &["user", "list"],
        &["token"],
        &["token", "create"],
        &["earlier-support"],
        &["earlier-support", "import"],
    ];
    for command in commands {
        for flag in ["--help", "-h"] {
            let words: Vec<&str> = command.iter().copied().chain([flag]).collect();
            let help = sonae(&words).well();
            assert!(
                help.err.is_empty() && help.out.contains("使い方: sonae"),
                "{help:?}"
            );
            assert!(help.out.contains("使い方を表示します"), "{help:?}");
            for english in ["Usage", "Options", "Commands", "Arguments", "Print"] {
                assert!(!help.out.contains(english), "{help:?}");
            }
        }
    }
    assert!(sonae(&["--version"]).well().out.starts_with("sonae "));
    assert_eq!(sonae(&[]).code, Some(2));
}

/// Somebody else holds the database: every command that writes waits for a bounded time and then says so.
#[test]
fn a_held_database_is_waited_for_and_named() {
    let scene = Scene::new();
    let url = format!("sqlite:{}", scene.folder.file("office/sonae.db"));
    let (done, wait) = mpsc::channel::<()>();
    let (holds, held) = mpsc::channel();
    let holder = std::thread::spawn(move || {
        let db = Db::open(&url).expect("it opens");
        db.write(|_| {
            holds.send(()).expect("the test waits");
            let _ = wait.recv();
            Ok::<_, DbError>(())
        })
    });
    held.recv().expect("the lock is held");
    let asked = Instant::now();
    let data = scene.folder.file("office");
    let ended = sonae(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]);
    let waited = asked.elapsed();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended
            .err
            .starts_with("エラー: データベースがほかのプログラムに使われています。"),
        "{ended:?}"
    );
    assert!((5..20).contains(&waited.as_secs()), "{waited:?}");
    // Reading needs no leave.
    sonae(&["verify", "--data", &data]).well();
    drop(done);
    holder.join().expect("no panic").expect("released");
}

/// A folder with an office, things that are none, a taken port, and a server that refuses every password.
struct Scene {
    folder: Folder,
    taken: TcpListener,
    refusing: String,
}

impl Scene {
    fn new() -> Scene {
        let folder = Folder::new();
        let mut office = Office::new(Engine::Sqlite);
        office.start(OPEN_R7);
        assert_eq!(office.stop().code(), Some(0));
        for name in ["office", "newer", "empty", "nodb", "broken/program"] {
            fs::create_dir_all(folder.0.join(name)).expect("writable");
        }
        let copy = |name: &str| {
            let to = folder.0.join(name).join("sonae.db");
            fs::copy(office.data().join("sonae.db"), &to).expect("writable");
            Db::open(&to.display().to_string()).expect("it opens")
        };
        drop(copy("office"));
        let future = Migration {
            name: "9999_future",
            sql: "",
        };
        let known_and_future = [MIGRATIONS, &[future]].concat();
        let newer = copy("newer").migrate(&known_and_future);
        newer.expect("the copy can be migrated");
        for file in ["text", "nodb/sonae.db"] {
            fs::write(
                folder.0.join(file),
                "これはデータベースではありません。\n".repeat(100),
            )
            .expect("writable");
        }
        fs::write(folder.0.join("broken/program/program.toml"), "id = \n").expect("writable");
        Scene {
            folder,
            taken: TcpListener::bind("127.0.0.1:0").expect("a free port"),
            refusing: refusing_server(),
        }
    }

    fn fill(&self, line: &str) -> String {
        let taken = self.taken.local_addr().expect("it is bound").to_string();
        let line = line
            .replace("%taken", &taken)
            .replace("%refusing", &self.refusing);
        line.replace('%', &format!("{}/", self.folder.0.display()))
    }
}

/// A server that answers every start-up message as PostgreSQL answers a wrong password.
fn refusing_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = [0; 4];
            drop(stream.read_exact(&mut head));
            let mut rest = vec![0; (u32::from_be_bytes(head) as usize).saturating_sub(4)];
            drop(stream.read_exact(&mut rest));
            let fields = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0";
            let length = (fields.len() as u32 + 4).to_be_bytes();
            drop(stream.write_all(&[b"E", &length[..], fields].concat()));
        }
    });
    format!("postgres://wrong:password@{address}/sonae")
}

type Contents = BTreeMap<String, Vec<u8>>;

/// Every file below a folder, and every empty folder. What SQLite keeps beside a file while it is read is not content.
fn contents(folder: &Path) -> Contents {
    let mut all = Contents::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        let name = path.display().to_string();
        if path.is_dir() {
            all.insert(name, Vec::new());
            all.extend(contents(&path));
        } else if !name.ends_with("-shm") && !name.ends_with("-wal") {
            all.insert(name, fs::read(&path).expect("readable"));
        }
    }
    all
}

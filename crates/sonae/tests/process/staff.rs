//! The first administrator comes by the command line, beside a running program.

use std::process::Command;

use crate::http;
use crate::office::{Engine, Office, sonae};

/// The only line of these that is an address, without the program's own.
fn path_of_link(out: &str) -> String {
    let line = out.lines().find(|line| line.starts_with("http://"));
    let link = line.expect("a link");
    link[link.find("/sign-in/link/").expect("a sign-in link")..].to_owned()
}

fn first_administrator(engine: Engine) {
    let mut office = Office::new(engine);
    let mut command = Command::new(env!("CARGO_BIN_EXE_sonae"));
    command.arg("serve").args(office.place());
    command.args(["--listen", "127.0.0.1:0", "--no-rate-limit"]);
    office.spawn(command);
    let place = office.place();
    let run = |words: &[&str]| {
        let place = place.iter().map(String::as_str);
        sonae(&words.iter().copied().chain(place).collect::<Vec<_>>())
    };
    let who = ["--email", "Kanri@Office.example.jp", "--name", "管理 花子"];
    let add = |role: &str| run(&[&["user", "add", "--role", role][..], &who].concat());
    let mut links = Vec::new();
    for _ in 0..2 {
        let added = add("admin").well();
        assert!(added.out.starts_with("管理 花子(管理者)"), "{added:?}");
        links.push(path_of_link(&added.out));
    }
    assert_ne!(links[0], links[1]);
    for link in &links {
        let page = http::get(office.address(), link).expect("an answer");
        assert!(page.status == 200 && page.body.contains("サインインを続けます"));
    }
    let other = add("desk");
    assert_eq!(other.code, Some(1));
    assert!(other.err.contains("別の役割"), "{other:?}");
    let list = run(&["user", "list"]).well();
    assert_eq!(
        list.out,
        "admin\t未登録\tkanri@office.example.jp\t管理 花子\n"
    );
    let token = run(&[
        "token",
        "create",
        "--role",
        "sponsor",
        "--scope",
        "read_figures",
    ])
    .well();
    assert!(token.out.starts_with("sonae_") && token.out.trim_end().len() == 70);
    assert!(office.stop().success());
    office.command("verify", &[]).well();
}

#[test]
fn the_first_administrator_on_sqlite() {
    first_administrator(Engine::Sqlite);
}

#[test]
fn the_first_administrator_on_postgres() {
    first_administrator(Engine::Postgres);
}

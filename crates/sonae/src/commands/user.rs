//! `sonae user add` and `sonae user list`: the way to the first administrator, and the way back in when nobody gets in any more.

use std::io::{self, Write};

use clap::Args;
use jiff::Timestamp;
use sonae_core::access::StaffRole;
use sonae_core::text::line::line;
use sonae_db::Db;
use sonae_store::staff::{self, Staff};

use super::verify::open_existing;
use crate::chance;
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::staff::people::{self, Invitation, LONGEST_NAME};
use crate::staff::{address, session, sign_in};

/// Whom to add.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 役割(secretariat、sponsor、expert、technician、desk、admin)
    #[arg(long, value_name = "ROLE", value_parser = StaffRole::parse_argument)]
    pub role: StaffRole,
    /// メールアドレス
    #[arg(long, value_name = "ADDRESS")]
    pub email: String,
    /// 名前。省略するとアドレスの「@」の前を使います
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// 利用者から見えるURLの先頭
    #[arg(
        long,
        env = "SONAE_BASE_URL",
        default_value = "http://127.0.0.1:8080",
        value_name = "URL"
    )]
    pub base_url: String,
}

/// Adds a person, or finds the one with this address and role, and writes a sign-in link for her.
///
/// # Errors
/// The address or the name cannot be used, somebody has the address in another role, or the database cannot be written.
pub fn add(args: &AddArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let invitation = invitation(args)?;
    let db = open_existing(&args.data)?;
    let now = Clock::system().now();
    let token = session::new_token();
    let person = add_to(&db, &invitation, &token, now)?;
    let base_url = args.base_url.trim_end_matches('/');
    let link = sign_in::link_path(&token);
    written(writeln!(
        out,
        "{}({})のサインインのリンクです。24時間、1回だけ使えます。本人だけに渡してください。\n{base_url}{link}",
        person.name,
        person.role.label()
    ))
}

fn invitation(args: &AddArgs) -> Result<Invitation, CommandError> {
    let nothing = "何も変更していません。";
    let email =
        address(&args.email).map_err(|mistake| CommandError::new(mistake.sentence, nothing))?;
    let before_at = email.split('@').next().unwrap_or_default();
    let name = line(
        args.name.as_deref().unwrap_or(before_at),
        "名前",
        LONGEST_NAME,
    )
    .map_err(|mistake| CommandError::new(mistake.sentence, nothing))?;
    Ok(Invitation {
        email,
        name,
        role: args.role,
    })
}

fn add_to(
    db: &Db,
    invitation: &Invitation,
    token: &str,
    now: Timestamp,
) -> Result<Staff, CommandError> {
    let id = chance::id(now);
    let person = db.write(|tx| {
        people::add(tx, &id, invitation, "command", now)?;
        let person = staff::by_email(tx, &invitation.email)?;
        let person = person.filter(|person| person.active && person.role == invitation.role);
        if let Some(person) = &person {
            people::link(tx, person, token, now)?;
        }
        Ok::<_, sonae_store::StoreError>(person)
    })?;
    person.ok_or_else(|| {
        CommandError::new(
            "このアドレスの利用者は、別の役割で登録されているか、停止されています。",
            "何も変更していません。`sonae user list` で確かめ、利用者のページで役割や停止を変えてください。",
        )
    })
}

/// Writes everybody, one line each.
///
/// # Errors
/// The database cannot be read.
pub fn list(data: &DataArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let now = Clock::system().now();
    for person in open_existing(data)?.read(staff::all)? {
        let state = match (person.active, person.second_factor.secret.is_some()) {
            (false, _) => "停止中",
            _ if person.second_factor.is_locked(now) => "ロック中",
            (true, true) => "有効",
            (true, false) => "未登録",
        };
        let (role, email, name) = (person.role.as_str(), person.email, person.name);
        written(writeln!(out, "{role}\t{state}\t{email}\t{name}"))?;
    }
    Ok(())
}

/// A closed pipe or a full disk behind the standard output.
pub(super) fn written(result: io::Result<()>) -> Result<(), CommandError> {
    result.map_err(|error| CommandError::new("結果を書き出せません。", format!("[{error}]")))
}

//! `sonae token create`: a token for another system, written once.

use std::io::Write;

use clap::Args;
use jiff::SignedDuration;
use sonae_core::access::{Action, Grant, StaffRole, allowed};
use sonae_core::text::line::line;

use super::user::written;
use super::verify::open_existing;
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::staff::token::{self, LONGEST_NAME, Order};

/// What the token is for.
#[derive(Args, Clone, Debug)]
pub struct CreateArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 役割(secretariat、sponsor、expert、technician、desk、admin)
    #[arg(long, value_name = "ROLE", value_parser = StaffRole::parse_argument)]
    pub role: StaffRole,
    /// 使うシステムの名前
    #[arg(long, default_value = "コマンドで作成", value_name = "NAME")]
    pub name: String,
    /// できること(例 list_cases)。何度でも書けます。省略すると役割でできることすべて
    #[arg(long = "scope", value_name = "ACTION", value_parser = Action::parse_argument)]
    pub scopes: Vec<Action>,
    /// 期限までの日数
    #[arg(long, default_value_t = token::LIFETIME_DAYS, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub days: u32,
}

/// Makes a token and writes it, and nothing else, to `out`.
///
/// # Errors
/// A scope goes beyond the role, the name cannot be used, or the database cannot be written.
pub fn create(args: &CreateArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let nothing = "何も変更していません。";
    let name = line(&args.name, "名前", LONGEST_NAME)
        .map_err(|mistake| CommandError::new(mistake.sentence, nothing))?;
    let beyond = (args.scopes.iter()).find(|scope| allowed(args.role, **scope) == Grant::No);
    if let Some(scope) = beyond {
        return Err(CommandError::new(
            format!(
                "「{}」は、{}の役割ではできません。",
                scope.as_str(),
                args.role.label()
            ),
            nothing,
        ));
    }
    let db = open_existing(&args.data)?;
    let now = Clock::system().now();
    let order = Order {
        name,
        role: args.role,
        scopes: args.scopes.clone(),
        created_by: "command".to_owned(),
        expires_at: now + SignedDuration::from_hours(24 * i64::from(args.days)),
    };
    let fresh = token::fresh(now);
    db.write(|tx| token::store(tx, &fresh, &order, "command", now))?;
    written(writeln!(out, "{}", fresh.token))
}

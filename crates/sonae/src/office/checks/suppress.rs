//! A rule that need not be looked at for a while: made out of a finding, with a reason and a last day, and ended before it.

use jiff::civil::Date;
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::suppression::{Suppression, may_hide, may_last};
use sonae_core::detection_check::verdict;
use sonae_core::flow::Refusal;
use sonae_store::suppression::{self, Kept, MOST};

use super::facts::{Known, facts};
use super::logged::{CheckData, log};
use super::said::open;
use super::{CompanyDay, Outcome, Who, unknown_finding};
use crate::app::App;
use crate::chance;

/// A suppression to be made.
#[derive(Clone, Debug)]
pub struct Suppress {
    pub company_day: CompanyDay,
    /// The group's key.
    pub key: String,
    /// For every company, not for this one alone.
    pub everywhere: bool,
    /// For every device, not for this one alone.
    pub any_device: bool,
    pub reason: String,
    pub until: Date,
}

/// Makes it; it holds from the day that is looked at on.
///
/// # Errors
/// A database failed.
pub async fn suppress(app: &App, wish: Suppress) -> Outcome<Kept> {
    let company = match open(app, &wish.company_day).await? {
        Ok(company) => company,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let now = wish.company_day.at;
    let checked = verdict::reason(&wish.reason)
        .and_then(|reason| may_last(wish.until, tokyo_date(now)).map(|()| reason));
    let reason = match checked {
        Ok(reason) => reason,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = company.source.application_id;
    let facts = facts(app, &id, wish.company_day.day).await?;
    let Some((group, _)) = facts.find(&wish.key).cloned() else {
        return Ok(Err(unknown_finding()));
    };
    if let Err(refusal) = may_hide(&group, wish.everywhere || wish.any_device) {
        return Ok(Err(refusal));
    }
    let (new_id, who) = (chance::id(now), wish.company_day.who.clone());
    app.write(move |tx| {
        if let Err(refusal) = wish.company_day.open(tx, Action::CheckDetections)? {
            return Ok(Err(refusal));
        }
        let day = wish.company_day.day;
        let known = Known::read(tx, &id, day)?;
        if known.hidden_by(&id, &group, day).is_some() {
            return Ok(Err(Refusal::new(
                "already",
                "この検知は、すでに抑止されています。",
            )));
        }
        if known.suppressions.len() >= MOST as usize {
            return Ok(Err(Refusal::new(
                "too_many",
                "抑止が多すぎます。要らなくなった抑止を終えてから、追加してください。",
            )));
        }
        let kept = Kept {
            id: new_id.clone(),
            what: what(&wish, &id, &group),
            reason: reason.clone(),
            owner: who.name(),
            created_at: now,
            ended: None,
            hidden: 0,
            last: None,
        };
        let key = group.key();
        let data = CheckData {
            receipt_number: (!wish.everywhere).then_some(&wish.company_day.receipt_number),
            group: Some(&key),
            until: Some(wish.until.to_string()),
            ..CheckData::default()
        };
        log(tx, &who, ("check.suppressed", &new_id, now), data)?;
        suppression::add(tx, &kept)?;
        Ok(Ok(kept))
    })
    .await
}

fn what(wish: &Suppress, company: &str, group: &Group) -> Suppression {
    Suppression {
        company: (!wish.everywhere).then(|| company.to_owned()),
        device: (!wish.any_device).then(|| group.device.clone()),
        rule: group.rule.clone(),
        title: group.title.clone(),
        category: Some(group.category.clone()),
        severity: group.severity,
        action: group.action,
        from: wish.company_day.day,
        until: wish.until,
        ended: None,
    }
}

/// Ends one from today on.
///
/// # Errors
/// The database could not be written.
pub async fn end(app: &App, who: Who, id: String) -> Outcome<()> {
    let now = app.clock.now();
    app.write(move |tx| {
        if !suppression::end(tx, &id, tokyo_date(now), &who.name(), now)? {
            return Ok(Err(Refusal::new(
                "ended",
                "この抑止は、もう終わっています。",
            )));
        }
        log(
            tx,
            &who,
            ("check.suppression_ended", &id, now),
            CheckData::default(),
        )?;
        Ok(Ok(()))
    })
    .await
}

//! Whether two descriptions mean the same company.

use serde::{Deserialize, Serialize};

use super::Record;
use super::place::{self, Place};
use crate::application::answers::{Answers, EntityKind};
use crate::text::company_name;

/// What a company is compared by. Never shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company {
    pub corporate_number: Option<String>,
    /// Keys of the names it may stand under, the registered one first; a sole proprietor's also with and under the person's name.
    pub names: Vec<String>,
    /// Key of the reading.
    pub kana: Option<String>,
    /// ASCII digits.
    pub phone: Option<String>,
    place: Option<Place>,
}

impl Company {
    /// The company that applies.
    pub fn of_answers(answers: &Answers) -> Company {
        let key = |text: &Option<String>| text.as_deref().map(company_name::key);
        let name = key(&answers.name);
        let mut names: Vec<String> = name.iter().cloned().collect();
        if let (Some(EntityKind::SoleProprietor), Some(person)) =
            (answers.entity_kind, key(&answers.contact_name))
        {
            // Lists have 屋号, 屋号 with the name of the person, or the person alone.
            names.extend(name.map(|name| name + &person));
            names.push(person);
        }
        names.retain(|name| !name.is_empty());
        names.dedup();
        let lines = [&answers.address_line1, &answers.address_line2];
        let address: Vec<&str> = lines.into_iter().flatten().map(String::as_str).collect();
        Company {
            corporate_number: answers.corporate_number.clone(),
            names,
            kana: key(&answers.name_kana),
            phone: answers.contact_phone.clone(),
            place: place::place(&address.join(" ")),
        }
    }

    /// The company of a record.
    pub fn of_record(record: &Record) -> Company {
        Company {
            corporate_number: record.corporate_number.clone(),
            names: vec![company_name::key(&record.name)],
            kana: record.name_kana.as_deref().map(company_name::key),
            phone: record.phone.clone(),
            place: record.address.as_deref().and_then(place::place),
        }
    }
}

/// How sure it is that two descriptions mean one company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A person has to look: homonyms exist.
    Possible,
    Likely,
    Certain,
}

impl Strength {
    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Strength::Certain => "確実",
            Strength::Likely => "ほぼ確実",
            Strength::Possible => "可能性あり",
        }
    }
}

/// Something two descriptions agree or differ in. In the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    CorporateNumber,
    Name,
    Kana,
    Address,
    Phone,
}

impl Feature {
    /// The word people read.
    pub fn label(self) -> &'static str {
        match self {
            Feature::CorporateNumber => "法人番号",
            Feature::Name => "名称",
            Feature::Kana => "フリガナ",
            Feature::Address => "住所",
            Feature::Phone => "電話番号",
        }
    }
}

/// The outcome of a comparison that found something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub strength: Strength,
    pub agrees: Vec<Feature>,
    /// Known on both sides and not the same.
    pub differs: Vec<Feature>,
}

impl Found {
    /// 「名称と電話番号が一致、住所は異なる」
    pub fn reason(&self) -> String {
        let labels = |features: &[Feature]| {
            let labels: Vec<&str> = features.iter().map(|feature| feature.label()).collect();
            labels.join("と")
        };
        let agrees = labels(&self.agrees);
        match self.differs.is_empty() {
            true if self.agrees == [Feature::Name] => format!("{agrees}だけが一致"),
            true => format!("{agrees}が一致"),
            false => format!("{agrees}が一致、{}は異なる", labels(&self.differs)),
        }
    }
}

/// Compares two descriptions; none when they are taken for different companies.
///
/// The same 法人番号 is certain, whatever was renamed or moved since. Different ones are different companies, even under one name at one
/// address; only when name, address and telephone number all agree a person is asked, because one of the numbers may be a slip. Without
/// two numbers: the same name (or reading) with the same address or telephone number is likely; the same name alone, or the same address
/// and telephone number under another name (renamed, or a person who became a company), is possible.
pub fn compare(a: &Company, b: &Company) -> Option<Found> {
    let known = [
        (
            Feature::CorporateNumber,
            equal(&a.corporate_number, &b.corporate_number),
        ),
        (Feature::Name, names(a, b)),
        (Feature::Kana, equal(&a.kana, &b.kana)),
        (
            Feature::Address,
            a.place
                .as_ref()
                .zip(b.place.as_ref())
                .map(|(a, b)| place::same(a, b)),
        ),
        (Feature::Phone, equal(&a.phone, &b.phone)),
    ];
    let having = |wanted: bool| -> Vec<Feature> {
        let found = known.iter().filter(|(_, same)| *same == Some(wanted));
        found.map(|(feature, _)| *feature).collect()
    };
    let (agrees, differs) = (having(true), having(false));
    let same = |feature| agrees.contains(&feature);
    let (address, phone) = (same(Feature::Address), same(Feature::Phone));
    let strength = if same(Feature::CorporateNumber) {
        Strength::Certain
    } else if differs.contains(&Feature::CorporateNumber) {
        (same(Feature::Name) && address && phone).then_some(Strength::Possible)?
    } else if (same(Feature::Name) || same(Feature::Kana)) && (address || phone) {
        Strength::Likely
    } else if same(Feature::Name) || (address && phone) {
        Strength::Possible
    } else {
        return None;
    };
    Some(Found {
        strength,
        agrees,
        differs,
    })
}

fn equal(a: &Option<String>, b: &Option<String>) -> Option<bool> {
    a.as_ref().zip(b.as_ref()).map(|(a, b)| a == b)
}

/// A list may hold the reading where the name belongs, so names are also compared with readings.
fn names(a: &Company, b: &Company) -> Option<bool> {
    if a.names.is_empty() || b.names.is_empty() {
        return None;
    }
    let holds =
        |one: &Company, name: &String| one.names.contains(name) || one.kana.as_ref() == Some(name);
    Some(a.names.iter().any(|name| holds(b, name)) || b.names.iter().any(|name| holds(a, name)))
}

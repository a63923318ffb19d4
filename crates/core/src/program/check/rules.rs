//! Eligibility rules: comparisons that fit, and no rule that nobody or everybody meets.

use super::Findings;
use super::fields::{Kind, kind, names};
use super::satisfiable::{Reach, reach, related};
use crate::application::prefecture;
use crate::program::Definition;
use crate::program::broken::nearest;
use crate::program::eligibility::{AnswerTest, EarlierSupportTest, Test};

const FILE: &str = "eligibility.toml";

/// How deep conditions may be nested; no guidelines need more, and a reader could not follow.
const DEEPEST: usize = 8;

/// With more rules than this, pairs are not compared.
const MOST_RULES: usize = 50;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let rules = &definition.eligibility.rule;
    if definition.eligibility.pledge.is_empty() {
        found.add(
            FILE,
            "pledge",
            "誓約事項が1つもありません。",
            "[[pledge]] を書いてください。",
        );
    }
    let kind_of = |name: &str| kind(definition, name);
    let mut examiner = Examiner {
        definition,
        kind_of: &kind_of,
        found,
    };
    let sound: Vec<bool> = rules
        .iter()
        .enumerate()
        .map(|(index, rule)| examiner.examine(&rule.test, &format!("rule.{index}.test"), 0))
        .collect();
    if rules.len() > MOST_RULES {
        return;
    }
    for (index, rule) in rules.iter().enumerate() {
        for (before, other) in rules[..index].iter().enumerate() {
            if !sound[index] || !sound[before] || !related(&rule.test, &other.test, &kind_of) {
                continue;
            }
            let at = format!("rule.{index}.test");
            let both = Test::All(vec![other.test.clone(), rule.test.clone()]);
            if rule.test == other.test {
                found.add(
                    FILE,
                    at,
                    format!("条件「{}」は条件「{}」と同じです。", rule.id, other.id),
                    "どちらかを消すか、直してください。",
                );
            } else if reach(&both, &kind_of).is_some_and(|reach| !reach.can_hold) {
                found.add(
                    FILE,
                    at,
                    format!("条件「{}」と条件「{}」を同時に満たすことはできません。", other.id, rule.id),
                    "条件はすべて満たす必要があります。どれか1つでよいなら、1つの条件の any に並べてください。",
                );
            }
        }
    }
}

struct Examiner<'a> {
    definition: &'a Definition,
    kind_of: &'a dyn Fn(&str) -> Option<Kind>,
    found: &'a mut Findings,
}

impl Examiner<'_> {
    /// Reports what is wrong with a test and says whether it is sound. The innermost fault is reported, not each test
    /// around it.
    fn examine(&mut self, test: &Test, at: &str, depth: usize) -> bool {
        if depth > DEEPEST {
            self.report(
                at,
                "条件の入れ子が深すぎます。",
                "条件をいくつかの rule に分けてください。",
            );
            return false;
        }
        let sound = match test {
            Test::All(tests) => self.each(tests, &format!("{at}.all"), depth),
            Test::Any(tests) => self.each(tests, &format!("{at}.any"), depth),
            Test::Not(inner) => self.negated(inner, at, depth),
            Test::Answer(answer) => self.answer(answer, &format!("{at}.answer")),
            Test::Place { prefectures } => self.place(prefectures, &format!("{at}.place")),
            Test::EarlierSupport(earlier) => {
                self.earlier(earlier, &format!("{at}.earlier_support"))
            }
            Test::Sme(_) | Test::Judgement { .. } => true,
        };
        sound && self.decides(test, at)
    }

    fn decides(&mut self, test: &Test, at: &str) -> bool {
        match reach(test, self.kind_of) {
            Some(Reach {
                can_hold: false, ..
            }) => {
                self.report(
                    at,
                    "この条件を満たす回答はありません。",
                    "同じ回答に食い違う条件がないかを見直してください。どれか1つでよいなら all ではなく any です。",
                );
                false
            }
            Some(Reach {
                can_fail: false, ..
            }) => {
                self.report(
                    at,
                    "この条件はどんな回答でも満たされます。",
                    "条件を直すか、要らなければ消してください。",
                );
                false
            }
            _ => true,
        }
    }

    fn each(&mut self, tests: &[Test], at: &str, depth: usize) -> bool {
        if tests.is_empty() {
            self.report(
                at,
                "条件が1つもありません。",
                "[ ] の中に条件を書いてください。",
            );
            return false;
        }
        let mut sound = true;
        for (index, test) in tests.iter().enumerate() {
            let at = format!("{at}.{index}");
            if tests[..index].contains(test) {
                self.report(&at, "同じ条件が2度書かれています。", "1つにしてください。");
                sound = false;
            }
            sound &= self.examine(test, &at, depth + 1);
        }
        sound
    }

    fn negated(&mut self, inner: &Test, at: &str, depth: usize) -> bool {
        if judged(inner) {
            self.report(
                at,
                "人の判断を not で裏返しています。",
                "判断がつかないものを裏返しても、判断はつきません。質問を反対の意味の文にして、judgement だけを書いてください。",
            );
            return false;
        }
        self.examine(inner, &format!("{at}.not"), depth + 1)
    }

    fn answer(&mut self, answer: &AnswerTest, at: &str) -> bool {
        let field = answer.field.as_str();
        let Some(kind) = (self.kind_of)(field) else {
            let known = names(self.definition);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let what = format!("「{field}」という回答はありません。");
            self.report(&format!("{at}.field"), &what, &nearest(field, &known));
            return false;
        };
        let groups = [
            answer.is.is_some(),
            answer.equals.is_some(),
            answer.one_of.is_some(),
            answer.at_least.is_some() || answer.at_most.is_some(),
        ];
        if groups.iter().filter(|given| **given).count() != 1 {
            self.report(
                at,
                &format!("「{field}」の比べ方がちょうど1つではありません。"),
                "is、equals、one_of のどれか1つ、または at_least と at_most を書いてください。",
            );
            return false;
        }
        let [is, equals, one_of, bounds] = groups;
        let (fits, wanted) = match &kind {
            Kind::YesNo => (is, "is = true または is = false"),
            Kind::Number => (bounds, "at_least か at_most"),
            Kind::Text | Kind::Choice(_) | Kind::List(_) => (equals || one_of, "equals か one_of"),
            Kind::PastSupport => (false, "answer ではなく earlier_support"),
        };
        if !fits {
            self.report(
                at,
                &format!("「{field}」はこの比べ方ができません。"),
                &format!("{wanted} を使ってください。"),
            );
            return false;
        }
        self.options(answer, &kind, at)
    }

    /// A value that no option has can never be the answer.
    fn options(&mut self, answer: &AnswerTest, kind: &Kind, at: &str) -> bool {
        let (Kind::Choice(options) | Kind::List(options)) = kind else {
            return true;
        };
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let one = answer
            .equals
            .iter()
            .map(|value| (format!("{at}.equals"), value));
        let many = answer.one_of.iter().flatten().enumerate();
        let many = many.map(|(index, value)| (format!("{at}.one_of.{index}"), value));
        let mut sound = true;
        for (at, value) in one.chain(many) {
            if !options.contains(&value.as_str()) {
                let what = format!("「{}」に「{value}」という答えはありません。", answer.field);
                self.report(&at, &what, &nearest(value, &options));
                sound = false;
            }
        }
        sound
    }

    fn place(&mut self, prefectures: &[String], at: &str) -> bool {
        let mut sound = true;
        for (index, code) in prefectures.iter().enumerate() {
            if prefecture::name(code).is_none() {
                self.report(
                    &format!("{at}.prefectures.{index}"),
                    &format!("「{code}」という都道府県コードはありません。"),
                    "01から47までの2桁で書いてください(東京都は13)。",
                );
                sound = false;
            }
        }
        sound
    }

    fn earlier(&mut self, earlier: &EarlierSupportTest, at: &str) -> bool {
        if let (Some(from), Some(to)) = (earlier.from_year, earlier.to_year)
            && from > to
        {
            self.report(
                &format!("{at}.from_year"),
                &format!("{from}年度から{to}年度までの年度はありません。"),
                "from_year と to_year を見比べてください。",
            );
            return false;
        }
        let last = self.definition.program.fiscal_year;
        if earlier.from_year.is_some_and(|from| from > last) {
            self.report(
                &format!("{at}.from_year"),
                "この年度の事業より後の支援を、過去に受けていることはありません。",
                &format!("{last}以前の年度にしてください。"),
            );
            return false;
        }
        let courses = &self.definition.program.course;
        let never = earlier.same_kind_as_course
            && !earlier.kinds.is_empty()
            && !courses
                .iter()
                .any(|course| earlier.kinds.contains(&course.kind));
        if never {
            self.report(
                &format!("{at}.kinds"),
                "同じ種類の支援を問うのに、どのコースの種類も kinds にありません。",
                "kinds にコースの kind を入れるか、same_kind_as_course を消してください。",
            );
        }
        !never
    }

    fn report(&mut self, at: &str, what: &str, hint: &str) {
        self.found.add(FILE, at, what, hint);
    }
}

fn judged(test: &Test) -> bool {
    match test {
        Test::Judgement { .. } => true,
        Test::All(tests) | Test::Any(tests) => tests.iter().any(judged),
        Test::Not(test) => judged(test),
        _ => false,
    }
}

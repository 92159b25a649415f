//! What a check can find, and how it is said.

use std::fmt;

use chrono::NaiveDate;
use kernel::Lang;

use crate::Id;

/// Whether a programme can be used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Severity {
    Error,
    Warning,
}

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether the programme can be used all the same.
    pub severity: Severity,
    /// The table, as in the document: `accrual.classes`.
    pub place: &'static str,
    /// The rows it is about: of an overlap both, of a gap the one before and the one after.
    pub rows: Vec<Id>,
    /// What does not fit.
    pub problem: Problem,
}

/// Kinds of finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Two rows have one name.
    DuplicateName,
    /// The last day lies before the first.
    EndsBeforeItBegins,
    /// No day of the row is a day of the programme.
    OutsideProgramme,
    /// Two rows hold for the same thing on the same day.
    Overlap {
        /// For what.
        cell: String,
        /// First such day.
        from: NaiveDate,
    },
    /// Between two rows nothing holds; or before the first.
    Gap {
        /// For what.
        cell: String,
        /// First day without a row.
        from: NaiveDate,
        /// Last day without a row.
        to: NaiveDate,
    },
    /// The last row ends before the programme does.
    Ends {
        /// For what.
        cell: String,
        /// Last day with a row.
        on: NaiveDate,
    },
    /// A name stands for nothing in the document.
    Unknown {
        /// What kind of thing: `tier`, `class`, `carrier`, `airport`, `country`, `zone`, `season`,
        /// `benefit`, `renewal`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A number is beyond what can be meant.
    OutOfRange {
        /// The field.
        field: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// A field that is needed is empty.
    Missing {
        /// The field.
        field: &'static str,
    },
    /// Nothing leads to a tier.
    UnreachableTier {
        /// The tier.
        tier: Id,
    },
    /// Whoever meets a tier's row meets that of a higher one, or the other way round.
    NotRising {
        /// The lower tier.
        lower: Id,
        /// The higher tier.
        higher: Id,
    },
    /// Landing leads back to a tier already left, or up.
    LandingCycle {
        /// The tiers on the way.
        tiers: Vec<Id>,
    },
    /// A class is known in one market and missing in another.
    MissingInMarket {
        /// Airline, market and class.
        cell: String,
    },
}

impl Problem {
    /// Stable, kebab-case: the key of a text.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateName => "duplicate-name",
            Self::EndsBeforeItBegins => "ends-before-it-begins",
            Self::OutsideProgramme => "outside-programme",
            Self::Overlap { .. } => "overlap",
            Self::Gap { .. } => "gap",
            Self::Ends { .. } => "ends",
            Self::Unknown { .. } => "unknown",
            Self::OutOfRange { .. } => "out-of-range",
            Self::Missing { .. } => "missing",
            Self::UnreachableTier { .. } => "unreachable-tier",
            Self::NotRising { .. } => "not-rising",
            Self::LandingCycle { .. } => "landing-cycle",
            Self::MissingInMarket { .. } => "missing-in-market",
        }
    }
}

impl Finding {
    /// What does not fit, with its rows.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        let rows = self.rows.iter().map(Id::as_str).collect::<Vec<_>>();
        match lang {
            Lang::En => format!("{} [{}]: {}", self.place, rows.join(", "), english(&self.problem)),
            Lang::ZhCn => {
                format!("{} [{}]：{}", self.place, rows.join("、"), chinese(&self.problem))
            }
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> &'static str {
        let (en, zh) = remedy(&self.problem);
        match lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }

    /// The lines of `text`, counted from 1, on which the rows are declared.
    #[must_use]
    pub fn lines(&self, text: &str) -> Vec<usize> {
        let declares = |line: &str| {
            let line = line.trim().trim_start_matches("{ ");
            let (key, value) = line.split_once('=')?;
            let name = value.trim().strip_prefix('"')?.split('"').next()?;
            (key.trim() == "id" && self.rows.iter().any(|row| *row == *name)).then_some(())
        };
        let lines = text.lines().enumerate();
        lines.filter(|(_, line)| declares(line).is_some()).map(|(at, _)| at + 1).collect()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.say(Lang::En), self.remedy(Lang::En))
    }
}

fn english(problem: &Problem) -> String {
    match problem {
        Problem::DuplicateName => "two rows have this name".to_owned(),
        Problem::EndsBeforeItBegins => "the last day lies before the first".to_owned(),
        Problem::OutsideProgramme => "no day of it is a day of the programme".to_owned(),
        Problem::Overlap { cell, from } => {
            format!("both hold for {cell} from {from} on")
        }
        Problem::Gap { cell, from, to } => {
            format!("nothing holds for {cell} from {from} to {to}")
        }
        Problem::Ends { cell, on } => format!("nothing holds for {cell} after {on}"),
        Problem::Unknown { kind, name } => format!("there is no {kind} `{name}`"),
        Problem::OutOfRange { field, value, allowed } => {
            format!("{field} is {value}; it may be {allowed}")
        }
        Problem::Missing { field } => format!("{field} is missing or empty"),
        Problem::UnreachableTier { tier } => format!("nothing leads to tier {tier}"),
        Problem::NotRising { lower, higher } => {
            format!("{higher} can be met without meeting {lower}, which is lower")
        }
        Problem::LandingCycle { tiers } => {
            let names: Vec<&str> = tiers.iter().map(Id::as_str).collect();
            format!("landing does not lead down: {}", names.join(" → "))
        }
        Problem::MissingInMarket { cell } => {
            format!("{cell} has no row, though the class is known in another market")
        }
    }
}

fn chinese(problem: &Problem) -> String {
    match problem {
        Problem::DuplicateName => "两行同名".to_owned(),
        Problem::EndsBeforeItBegins => "失效日期早于生效日期".to_owned(),
        Problem::OutsideProgramme => "有效期与计划有效期不相交".to_owned(),
        Problem::Overlap { cell, from } => format!("自 {from} 起两行同时适用于 {cell}"),
        Problem::Gap { cell, from, to } => format!("{from} 至 {to} 没有适用于 {cell} 的规则"),
        Problem::Ends { cell, on } => format!("{on} 之后没有适用于 {cell} 的规则"),
        Problem::Unknown { kind, name } => format!("不存在名为“{name}”的{}", kind_zh(kind)),
        Problem::OutOfRange { field, value, allowed } => {
            format!("{field} 为 {value}，允许范围：{allowed}")
        }
        Problem::Missing { field } => format!("缺少 {field}"),
        Problem::UnreachableTier { tier } => format!("没有任何规则可以达到等级 {tier}"),
        Problem::NotRising { lower, higher } => {
            format!("达到 {higher} 时未必达到更低的 {lower}")
        }
        Problem::LandingCycle { tiers } => {
            let names: Vec<&str> = tiers.iter().map(Id::as_str).collect();
            format!("降级方向有误：{}", names.join(" → "))
        }
        Problem::MissingInMarket { cell } => format!("{cell} 没有规则，但该舱位在其他市场有规则"),
    }
}

fn kind_zh(kind: &str) -> &str {
    match kind {
        "tier" => "等级",
        "zone" => "区域",
        "season" => "季节",
        "benefit" => "权益",
        "renewal" => "保级规则",
        "airport" => "机场",
        "country" => "国家或地区",
        "class" => "舱位",
        "carrier" => "航空公司",
        other => other,
    }
}

fn remedy(problem: &Problem) -> (&'static str, &'static str) {
    match problem {
        Problem::DuplicateName => {
            ("give one of them another id; explanations quote ids", "请为其中一行更换 id")
        }
        Problem::EndsBeforeItBegins => {
            ("correct valid_from or valid_to", "请更正 valid_from 或 valid_to")
        }
        Problem::OutsideProgramme => {
            ("correct its days or delete the row", "请更正有效期或删除该行")
        }
        Problem::Overlap { .. } => (
            "end the earlier row the day before the later one begins, or narrow one of them",
            "请让较早的一行在较晚一行生效前一天失效，或缩小其中一行的适用范围",
        ),
        Problem::Gap { .. } => (
            "lengthen one of the rows or add a row for these days; write 0% where nothing is earned",
            "请延长相邻的行或为这段日期补充一行；不累积时请写 0%",
        ),
        Problem::Ends { .. } => {
            ("add a row that follows, if this is not meant", "如非有意，请补充后续的一行")
        }
        Problem::Unknown { .. } => {
            ("correct the name or add what it names", "请更正名称或补充定义")
        }
        Problem::OutOfRange { .. } => ("correct the number", "请更正数值"),
        Problem::Missing { .. } => ("fill it in", "请补充"),
        Problem::UnreachableTier { .. } => (
            "add an upgrade, a match or a challenge, or lower what the tier asks",
            "请补充升级、匹配或挑战规则，或降低该等级的要求",
        ),
        Problem::NotRising { .. } => {
            ("let every tier ask at least as much as the one below", "请让高等级的要求不低于低等级")
        }
        Problem::LandingCycle { .. } => {
            ("let every landing name a lower tier", "请让每个降级目标都是更低的等级")
        }
        Problem::MissingInMarket { .. } => {
            ("add a row, with 0% if nothing is earned", "请补充一行；不累积时请写 0%")
        }
    }
}

//! What a list can show: columns, their SQL and kinds, built-in views. All of it is program text, so
//! nothing a reader sends ever becomes SQL; it only chooses among these and supplies bound values.

use store::SqlBuilder;

/// What a column holds; decides its filter operators and alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers (`BIGINT`).
    Number,
    /// `DOUBLE PRECISION`.
    Decimal,
    /// `DATE`.
    Date,
    /// `TIMESTAMPTZ`; filtered by day in the house's time zone.
    Time,
    /// One of a few values.
    Choice,
    /// `BOOLEAN`.
    Bool,
}

/// Where a column stands in the card that a row becomes on a phone; `None` = not shown there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Not on a phone.
    None,
    /// First line, left: what the row is.
    Lead,
    /// First line, right.
    Top,
    /// Second line, left.
    Left,
    /// Second line, right.
    Right,
    /// Third line, left.
    Left2,
    /// Third line, right.
    Right2,
}

impl Slot {
    /// As the stylesheet knows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Lead => "lead",
            Self::Top => "top",
            Self::Left => "left",
            Self::Right => "right",
            Self::Left2 => "left2",
            Self::Right2 => "right2",
        }
    }
}

/// One column of a list, or one thing a list can be filtered by.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in links and saved views; never reused for another meaning.
    pub key: &'static str,
    /// Text key of the heading.
    pub label: &'static str,
    /// Expression over [`ListSpec::from`].
    pub sql: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A heading that sorts. Give it an index when the table is large.
    pub sortable: bool,
    /// Can be a condition.
    pub filterable: bool,
    /// Can be a column at all (`false`: only a condition).
    pub shown: bool,
    /// Shown unless the reader chose other columns.
    pub default: bool,
    /// May be NULL; those rows come last in either direction.
    pub nullable: bool,
    /// Place on a phone.
    pub slot: Slot,
    /// Unit in the heading (text key).
    pub unit: Option<&'static str>,
    /// Values of a [`Kind::Choice`] with their text keys; empty = the page supplies them.
    pub choices: &'static [(&'static str, &'static str)],
    /// `EXISTS (SELECT 1 FROM … WHERE … AND {})`: wraps the condition on `sql`.
    pub exists: Option<&'static str>,
    /// Normalises what was typed the way the column is stored (for instance folded names).
    pub fold: Option<fn(&str) -> String>,
}

impl Column {
    const fn of(kind: Kind, key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self {
            key,
            label,
            sql,
            kind,
            sortable: false,
            filterable: true,
            shown: true,
            default: true,
            nullable: true,
            slot: Slot::None,
            unit: None,
            choices: &[],
            exists: None,
            fold: None,
        }
    }

    /// Words.
    #[must_use]
    pub const fn text(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::of(Kind::Text, key, label, sql)
    }

    /// Whole numbers.
    #[must_use]
    pub const fn number(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::of(Kind::Number, key, label, sql)
    }

    /// Numbers with decimals.
    #[must_use]
    pub const fn decimal(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::of(Kind::Decimal, key, label, sql)
    }

    /// Days.
    #[must_use]
    pub const fn date(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::of(Kind::Date, key, label, sql)
    }

    /// Moments.
    #[must_use]
    pub const fn time(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::of(Kind::Time, key, label, sql)
    }

    /// Yes or no.
    #[must_use]
    pub const fn bool(key: &'static str, label: &'static str, sql: &'static str) -> Self {
        Self::of(Kind::Bool, key, label, sql)
    }

    /// One of `choices` (value, text key); leave them empty to supply them with
    /// [`List::choices`](super::List::choices).
    #[must_use]
    pub const fn choice(
        key: &'static str,
        label: &'static str,
        sql: &'static str,
        choices: &'static [(&'static str, &'static str)],
    ) -> Self {
        let mut column = Self::of(Kind::Choice, key, label, sql);
        column.choices = choices;
        column
    }

    /// The heading sorts.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Never NULL: sorting can use a plain index.
    #[must_use]
    pub const fn not_null(mut self) -> Self {
        self.nullable = false;
        self
    }

    /// Not a condition.
    #[must_use]
    pub const fn no_filter(mut self) -> Self {
        self.filterable = false;
        self
    }

    /// Not shown until the reader chooses it.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.default = false;
        self
    }

    /// Only a condition, never a column.
    #[must_use]
    pub const fn only_filter(mut self) -> Self {
        self.shown = false;
        self.default = false;
        self
    }

    /// Place on a phone.
    #[must_use]
    pub const fn slot(mut self, slot: Slot) -> Self {
        self.slot = slot;
        self
    }

    /// Unit in the heading.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Matches through another table: `wrap` holds `{}` where the condition goes.
    #[must_use]
    pub const fn exists(mut self, wrap: &'static str) -> Self {
        self.exists = Some(wrap);
        self
    }

    /// What was typed is normalised by `fold` before it is compared.
    #[must_use]
    pub const fn folded(mut self, fold: fn(&str) -> String) -> Self {
        self.fold = Some(fold);
        self
    }

    /// Right-aligned.
    #[must_use]
    pub fn numeric(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Decimal)
    }
}

/// A view everybody has.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Name in links.
    pub key: &'static str,
    /// Text key of the tab.
    pub label: &'static str,
    /// The list's query, for instance `f=tier:in:gold&sort=-km`.
    pub query: &'static str,
}

/// What was typed into the quick search box, as a condition.
pub type QuickSearch = fn(&str, &mut SqlBuilder);

/// One list of the program.
#[derive(Clone, Copy, Debug)]
pub struct ListSpec {
    /// Name; saved views hang on it.
    pub key: &'static str,
    /// Text key of the title.
    pub title: &'static str,
    /// Columns of the row type, `c.id, c.name, …`.
    pub select: &'static str,
    /// `customer c LEFT JOIN …`: one row per id.
    pub from: &'static str,
    /// Condition that always holds, or empty.
    pub base: &'static str,
    /// The unique, not null UUID of a row.
    pub id: &'static str,
    /// Columns in their usual order.
    pub columns: &'static [Column],
    /// `-km`: the order when none is asked for.
    pub sort: &'static str,
    /// Views everybody has; the first is "all".
    pub views: &'static [BuiltIn],
    /// The quick search box, when the list has one.
    pub search: Option<QuickSearch>,
    /// Counting stops here and says "10,000+"; counts for bulk actions are always exact.
    pub count_cap: i64,
    /// A quicker way to count on SQLite, when there is one.
    pub covering: Option<Covering>,
}

/// An index that holds every column some filters ask for. SQLite left to itself walks the index of
/// one of them and looks each row up: at a million rows 1.3 s for what takes a few milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Covering {
    /// `customer c INDEXED BY customer_facets`
    pub from: &'static str,
    /// Keys of the columns it holds.
    pub columns: &'static [&'static str],
}

impl ListSpec {
    /// The column of this name.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.key == key)
    }
}

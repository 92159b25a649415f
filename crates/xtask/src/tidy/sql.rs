//! One SQL text for SQLite and PostgreSQL: the differences we know, as rules.
//!
//! DataFusion's SQL (crate `lake` and files that query it) is another dialect and is left alone.

use std::collections::BTreeMap;

use regex::Regex;

use super::Offence;
use crate::literals;
use crate::tree::{File, Tree};

struct Rule {
    pattern: &'static str,
    what: &'static str,
    hint: &'static str,
    except: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        pattern: r"\bSKIP\s+LOCKED\b",
        what: "SKIP LOCKED is unknown to SQLite",
        hint: "only the job queue has two texts; use a job or a lease",
        except: &["crates/store/src/jobs/"],
    },
    Rule {
        pattern: r"(?i)(?:[^(]|^)\s*\bSUM\(",
        what: "SUM has another type on each engine",
        hint: "write CAST(SUM(x) AS BIGINT) or CAST(SUM(x) AS DOUBLE PRECISION)",
        except: &[],
    },
    Rule {
        pattern: r"(?i)\b(?:now\(\)|current_timestamp|current_date|datetime\('now'|julianday\()",
        what: "the database's clock in SQL",
        hint: "bind the service's clock",
        except: &[],
    },
    Rule {
        pattern: r"(?i)\b(?:random\(\)|gen_random_uuid\(\)|AUTOINCREMENT|BIGSERIAL|SERIAL)\b",
        what: "the database makes the value",
        hint: "ids and randomness are made by us and bound",
        except: &[],
    },
    Rule {
        pattern: r"(?i)\bILIKE\b",
        what: "ILIKE is unknown to SQLite",
        hint: "write lower(x) LIKE lower($1), or compare a folded key column",
        except: &[],
    },
    Rule {
        pattern: r"\w::[a-z]+\b",
        what: "a `::` cast is unknown to SQLite",
        hint: "write CAST(x AS type)",
        except: &["crates/store/src/bulk.rs"],
    },
    Rule {
        pattern: r"(?i)\b(?:INSERT\s+OR\s|REPLACE\s+INTO|GLOB\b|IFNULL\(|STRFTIME\(|TO_CHAR\(|DATE_TRUNC\()",
        what: "a form only one engine has",
        hint: "ON CONFLICT …, COALESCE, and dates computed by us are understood by both",
        except: &[],
    },
];

pub(super) fn check(tree: &Tree, said: &mut Vec<Offence>) {
    let nullable = nullable_columns(tree);
    let rules: Vec<(Regex, &Rule)> =
        RULES.iter().filter_map(|rule| Some((Regex::new(rule.pattern).ok()?, rule))).collect();
    for file in tree.rust().filter(|file| !is_other_dialect(file)) {
        for literal in literals::of(&file.text) {
            if is_sql(&literal.text) {
                look(file, literal.at, &literal.text, &rules, said);
                ordering(file, literal.at, &literal.text, &nullable, said);
            }
        }
    }
    for file in tree.with_ending("sql") {
        look(file, 0, &file.text, &rules, said);
    }
}

fn is_other_dialect(file: &File) -> bool {
    matches!(file.krate(), Some("lake" | "xtask" | "acceptance" | "simulator"))
        || file.text.contains("lake::")
        || file.text.contains("datafusion")
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    [
        "SELECT ",
        "INSERT ",
        "UPDATE ",
        "DELETE ",
        "WITH ",
        " FROM ",
        " WHERE ",
        " ORDER BY ",
        "ORDER BY ",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

fn look(file: &File, at: usize, text: &str, rules: &[(Regex, &Rule)], said: &mut Vec<Offence>) {
    for (pattern, rule) in rules {
        if rule.except.iter().any(|except| file.path.starts_with(except)) {
            continue;
        }
        for hit in pattern.find_iter(text) {
            if rule.pattern.contains("SUM") && text[..hit.end()].ends_with("CAST(SUM(") {
                continue;
            }
            let place = file.place(if at == 0 { hit.start() } else { at });
            said.push(Offence::new(place, rule.what, rule.hint));
        }
    }
    likes(file, at, text, said);
}

/// SQLite's LIKE folds ASCII case, PostgreSQL's does not: both sides are folded by us.
fn likes(file: &File, at: usize, text: &str, said: &mut Vec<Offence>) {
    let Ok(like) = Regex::new(r"(\S+)\s+(?:NOT\s+)?LIKE\s+(\S+)") else { return };
    for hit in like.captures_iter(text) {
        let folded = |side: &str| side.to_lowercase().contains("lower(");
        let key = |side: &str| side.trim_end_matches(')').ends_with("_key");
        if !(folded(&hit[1]) && folded(&hit[2]) || key(&hit[1])) {
            said.push(Offence::new(
                file.place(at),
                format!("{} LIKE {}", &hit[1], &hit[2]),
                "write lower(x) LIKE lower($1), or search a folded *_key column",
            ));
        }
    }
}

/// Sorting by a column that may be NULL puts the gaps at different ends.
fn ordering(
    file: &File,
    at: usize,
    text: &str,
    nullable: &BTreeMap<String, bool>,
    said: &mut Vec<Offence>,
) {
    let Ok(order) = Regex::new(r"ORDER BY ([^)]*?)(?:\bLIMIT\b|\bFOR\b|\)|$)") else { return };
    for hit in order.captures_iter(text) {
        for part in hit[1].split(',') {
            let column = part.split_whitespace().next().unwrap_or("");
            let column = column.rsplit('.').next().unwrap_or(column);
            if nullable.get(column) == Some(&true)
                && !part.contains("NULLS ")
                && !known_there(text, column)
            {
                said.push(Offence::new(
                    file.place(at),
                    format!("ORDER BY {column}, which may be NULL"),
                    "write NULLS FIRST or NULLS LAST",
                ));
            }
        }
    }
}

/// A comparison in the same statement leaves no NULL to be sorted.
fn known_there(text: &str, column: &str) -> bool {
    [" <", " >", " IS NOT NULL"].iter().any(|test| text.contains(&format!("{column}{test}")))
}

/// Column name → whether it may be NULL in every table that has it.
fn nullable_columns(tree: &Tree) -> BTreeMap<String, bool> {
    let mut known = BTreeMap::new();
    let Ok(column) = Regex::new(
        r"(?m)^\s+([a-z_0-9]+) (?:UUID|TEXT|BIGINT|BOOLEAN|DATE|TIMESTAMPTZ|JSONB|BYTEA|DOUBLE PRECISION)(.*)$",
    ) else {
        return known;
    };
    for file in tree.with_ending("sql") {
        for hit in column.captures_iter(&file.text) {
            let may = !hit[2].contains("NOT NULL") && !hit[2].contains("PRIMARY KEY");
            let entry = known.entry(hit[1].to_owned()).or_insert(true);
            *entry = *entry && may;
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offences(text: &str) -> Vec<String> {
        let file = File {
            path: "crates/customers/src/list.rs".to_owned(),
            text: format!("sql(\"{text}\")"),
        };
        let migration = File {
            path: "crates/customers/migrations/1.sql".to_owned(),
            text:
                "CREATE TABLE t (\n  id UUID PRIMARY KEY,\n  seen DATE,\n  km BIGINT NOT NULL\n);\n"
                    .to_owned(),
        };
        let tree = Tree { root: std::path::PathBuf::new(), files: vec![file, migration] };
        let mut said = Vec::new();
        check(&tree, &mut said);
        said.into_iter().map(|offence| offence.what).collect()
    }

    #[test]
    fn what_one_engine_does_not_understand_is_named() {
        assert_eq!(offences("SELECT SUM(km) FROM t").len(), 1);
        assert_eq!(offences("SELECT id FROM t WHERE name LIKE $1").len(), 1);
        assert_eq!(offences("SELECT id FROM t ORDER BY seen DESC, id LIMIT 1").len(), 1);
        assert_eq!(offences("UPDATE t SET seen = now()").len(), 1);
        assert_eq!(offences("SELECT id::text FROM t").len(), 1);
    }

    #[test]
    fn what_both_understand_is_left_alone() {
        for text in [
            "SELECT CAST(SUM(km) AS BIGINT) FROM t ORDER BY km DESC, id",
            "SELECT id FROM t WHERE lower(name) LIKE lower($1)",
            "SELECT id FROM t ORDER BY seen DESC NULLS LAST, id LIMIT 1",
        ] {
            assert!(offences(text).is_empty(), "{text}");
        }
    }
}

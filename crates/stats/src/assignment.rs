//! The assignment problem: who is paired with whom at the least total cost.
//!
//! H. W. Kuhn, "The Hungarian method", 1955, in the shortest-augmenting-path form, O(n²·m).

/// For each row of `cost` the column it is paired with; every column is used at most once. When
/// there are more rows than columns, `columns` rows are paired and the rest get `None`.
///
/// `cost` is rectangular and finite.
#[must_use]
pub fn assign(cost: &[Vec<f64>]) -> Vec<Option<usize>> {
    let (rows, columns) = (cost.len(), cost.first().map_or(0, Vec::len));
    if columns == 0 {
        return vec![None; rows];
    }
    if rows <= columns {
        return assign_wide(rows, columns, |row, column| cost[row][column])
            .into_iter()
            .map(Some)
            .collect();
    }
    let mut found = vec![None; rows];
    let turned = assign_wide(columns, rows, |column, row| cost[row][column]);
    for (column, row) in turned.into_iter().enumerate() {
        found[row] = Some(column);
    }
    found
}

/// `rows <= columns`; positions are counted from 1, 0 stands for "none yet".
fn assign_wide(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let mut row_price = vec![0.0; rows + 1];
    let mut column_price = vec![0.0; columns + 1];
    let mut row_of = vec![0; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut least = vec![f64::INFINITY; columns + 1];
        let mut came_from = vec![0; columns + 1];
        let mut visited = vec![false; columns + 1];
        let mut here = 0;
        while row_of[here] != 0 {
            visited[here] = true;
            let at = row_of[here];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for column in (1..=columns).filter(|&column| !visited[column]) {
                let reduced = cost(at - 1, column - 1) - row_price[at] - column_price[column];
                if reduced < least[column] {
                    (least[column], came_from[column]) = (reduced, here);
                }
                if least[column] < step {
                    (step, next) = (least[column], column);
                }
            }
            for column in 0..=columns {
                if visited[column] {
                    row_price[row_of[column]] += step;
                    column_price[column] -= step;
                } else {
                    least[column] -= step;
                }
            }
            here = next;
        }
        while here != 0 {
            row_of[here] = row_of[came_from[here]];
            here = came_from[here];
        }
    }
    let mut found = vec![0; rows];
    for (column, &row) in row_of.iter().enumerate().skip(1) {
        if row != 0 {
            found[row - 1] = column - 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(cost: &[Vec<f64>], found: &[Option<usize>]) -> f64 {
        found.iter().enumerate().filter_map(|(row, column)| Some(cost[row][(*column)?])).sum()
    }

    /// Every way to pair the rows from `row` on with the free columns, `skips` rows left out.
    fn brute(cost: &[Vec<f64>], row: usize, used: &mut Vec<bool>, skips: usize) -> f64 {
        if row == cost.len() {
            return if skips == 0 { 0.0 } else { f64::INFINITY };
        }
        let mut best = f64::INFINITY;
        if skips > 0 {
            best = brute(cost, row + 1, used, skips - 1);
        }
        for column in 0..used.len() {
            if !used[column] {
                used[column] = true;
                best = best.min(cost[row][column] + brute(cost, row + 1, used, skips));
                used[column] = false;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_pairing_is_cheaper(
            rows in 1_usize..6, columns in 1_usize..6,
            numbers in prop::collection::vec(-9.0..9.0_f64, 25),
        ) {
            let cost: Vec<Vec<f64>> = (0..rows).map(|r| numbers[r * 5..r * 5 + columns].to_vec()).collect();
            let found = assign(&cost);
            let mut seen: Vec<usize> = found.iter().flatten().copied().collect();
            prop_assert_eq!(seen.len(), rows.min(columns));
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), rows.min(columns));
            let best = brute(&cost, 0, &mut vec![false; columns], rows.saturating_sub(columns));
            prop_assert!((total(&cost, &found) - best).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_to_pair_is_not_a_fault() {
        assert_eq!(assign(&[]), []);
        assert_eq!(assign(&[vec![], vec![]]), [None, None]);
    }
}

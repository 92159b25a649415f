//! How fast a million members come in. Not part of an ordinary run: `cargo test -p feeds --
//! --ignored million --nocapture`.

use std::fmt::Write as _;

use super::ground::both;
use crate::Policy;

#[tokio::test]
#[ignore = "takes a minute: a figure, not a check"]
#[expect(clippy::print_stderr, reason = "the figure is the point")]
async fn a_million_members() {
    let rows =
        std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000_u64);
    let names =
        ["周启明", "李静", "王芳", "陈浩", "刘洋", "赵敏", "黄磊", "吴倩", "徐静蕾", "孙悦"];
    let cities = ["guangzhou", "beijing", "shanghai", "shenzhen", "dalian", "wuhan"];
    both(async |ground| {
        let mut text = "member_no,name,gender,birth_date,city,country,tier,joined_on,phone,email\n".to_owned();
        for n in 0..rows {
            let at = usize::try_from(n % 9_973).unwrap();
            writeln!(
                text,
                "{},{},{},19{:02}-{:02}-{:02},{},CN,{},20{:02}-{:02}-{:02},138{:08},m{n}@example.com",
                kernel::member_no::with_check(n + 1),
                names[at % names.len()],
                if n % 2 == 0 { "男" } else { "女" },
                50 + n % 50,
                1 + n % 12,
                1 + n % 28,
                cities[at % cities.len()],
                ["ordinary", "ordinary", "ordinary", "silver", "gold"][at % 5],
                5 + n % 20,
                1 + n % 12,
                1 + n % 28,
                n,
            )
            .unwrap();
        }
        let path = ground.file("million.csv", text);
        let began = std::time::Instant::now();
        let import = ground.import_path(&path, "members", Policy::CreateOrUpdate).await;
        let took = began.elapsed().as_secs_f64();
        assert_eq!(import.counts.created, rows);
        let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = peak.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
        eprintln!(
            "{}: {rows} members in {took:.1} s, {:.0} rows/s; {peak}",
            store::testing::name_of(&ground.db),
            rows as f64 / took,
        );
    })
    .await;
}

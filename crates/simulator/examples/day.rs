//! `day DATE DAYS FLIGHTS MEMBERS DIR [LOAD]`: messages of invented days, and how long they took to
//! make. `LOAD` is per cent of the seats.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use simulator::Config;
use simulator::messages::{Plan, folder};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [date, days, flights, members, dir, load @ ..] = arguments.as_slice() else {
        return Err("usage: day DATE DAYS FLIGHTS MEMBERS DIR [LOAD]".into());
    };
    let load: f64 = load.first().map_or(Ok(82.0), |load| load.parse())?;
    let date: chrono::NaiveDate = date.parse()?;
    let until = date.pred_opt().ok_or("no day before")?;
    let airline = Config::new(until).with_members(members.parse()?).with_seed(7);
    let plan = Plan::new(airline, date).with_days(days.parse()?).with_flights(flights.parse()?);
    let plan = plan.with_load(load / 100.0);
    let began = Instant::now();
    let mut out = std::io::stderr().lock();
    folder::write(plan, Path::new(dir), |day, written| {
        use std::io::Write as _;
        let seconds = began.elapsed().as_secs_f64();
        writeln!(out, "{} {} messages, {seconds:.1} s", day.date, written.messages).is_ok()
    })?;
    drop(out);
    Ok(())
}
